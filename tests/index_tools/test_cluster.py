"""Building on Dask with real processes: workers and clients that die, files that kill, and what is refused.

The commands run in processes of their own (see cluster_driver), as a person starts them.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import psutil
import pytest
from corners import Corners, album, contents

from adir_desktop import __version__, cli_runner
from adir_desktop.contract import Notice, Photo, Progress
from adir_desktop.engine import encoder as encoders
from adir_desktop.engine import library, parts, retrieve, shelf
from adir_desktop.engine.catalogue import Catalogue, FileState
from adir_desktop.engine.events import result_of
from adir_desktop.errors import AdirError, BadInput, LibraryError, ModelError, NetworkError, StorageError
from index_tools import cluster
from index_tools.__main__ import app

pytest.importorskip("distributed")
HERE = Path(__file__).parent
DRIVER = [sys.executable, str(HERE / "cluster_driver.py")]


@pytest.fixture(autouse=True)
def corners(monkeypatch):
    monkeypatch.setattr(encoders, "load_encoder", lambda spec="starter", device="cpu": Corners())


@contextmanager
def started(*arguments: object, **environment: str) -> Iterator[subprocess.Popen]:
    """The driver, running; what is left of it afterwards is killed."""
    paths = os.pathsep.join([str(HERE), str(HERE.parents[1])])
    with subprocess.Popen(
        [*DRIVER, *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": paths} | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as child:
        try:
            yield child
        finally:
            child.kill()


def run(*arguments: object, **environment: str) -> tuple[int, list[dict], str]:
    """Its exit status, what it printed as JSON, and its errors."""
    with started(*arguments, "--events", "json", **environment) as child:
        out, err = child.communicate(timeout=120)
    return child.returncode, [json.loads(line) for line in out.splitlines()], err


def worker_processes(child: subprocess.Popen) -> list[psutil.Process]:
    found = psutil.Process(child.pid).children(recursive=True)
    return [each for each in found if "spawn_main" in " ".join(each.cmdline())]


@contextmanager
def slowly_building(folder: Path, *options: object) -> Iterator[tuple]:
    """A build on two workers, or as the options say, that has taken in some parts: it, its workers, its further events."""
    arguments = "cluster-build", folder, *(options or ("--workers", 2)), "--events", "json"
    with started(*arguments, SLOW="0.02") as child:
        seen = (json.loads(line) for line in child.stdout)
        working = (each["done"] for each in seen if each.get("stage") == "index" and each["total"])
        begun = next(working)
        while next(working) <= begun:
            pass
        yield child, worker_processes(child), seen


def assert_as_if_built_locally(name: str, folder: Path) -> None:
    """Photos, vectors, files and answers are those of a library that this process builds."""
    local = result_of(library.index([folder], "local"))
    built = next(info for info in library.list_libraries() if info.name == name)
    assert (built.photos, built.folders, built.encoder) == (local.photos, local.folders, local.encoder)
    assert contents(shelf.home_of(name)) == contents(shelf.home_of("local"))
    query = Photo(np.random.default_rng(0).random((20, 30, 3), np.float32))
    answers = [result_of(retrieve.find(query, each, 9)).items for each in (name, "local")]
    answers = [[(item.path, item.similarity) for item in items] for items in answers]
    assert len(answers[0]) == 9
    assert answers[0] == answers[1]
    assert not (shelf.home_of(name) / "parts").exists()


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_a_killed_client_goes_on_and_a_killed_worker_is_replaced(tmp_path):
    folder = album(tmp_path / "sea", range(240))
    (folder / "bad.png").write_text("no picture")
    with slowly_building(folder) as (child, workers, _):
        child.send_signal(signal.SIGKILL)
    assert psutil.wait_procs(workers, timeout=20)[1] == []  # they do not outlive it
    (half,) = library.list_libraries()
    assert 0 < half.photos < 200
    with slowly_building(folder) as (child, workers, seen):
        workers[0].kill()
        lines = list(seen)
        assert child.wait(60) == 0
        assert child.stderr.read() == ""  # what Dask has to say of it is nobody's concern
    assert lines[0]["done"] >= half.photos
    assert not psutil.pid_exists(workers[0].pid)
    assert lines[-1]["photos"] == 240
    assert [Path(path).name for path, _ in lines[-1]["failed"]] == ["bad.png"]
    assert_as_if_built_locally("sea", folder)


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_files_that_kill_stall_or_break_workers_are_found_and_noted(tmp_path):
    folder = album(tmp_path / "sea", range(40))
    for poison in ("kills", "hangs", "breaks"):
        (folder / f"{poison}.png").write_bytes((folder / "000.png").read_bytes() + poison.encode())
    code, lines, err = run("cluster-build", folder, "--workers", 2, DEATHS="0")
    assert (code, err) == (0, "")
    failed = {Path(path).name: reason for path, reason in lines[-1]["failed"]}
    assert set(failed) == {"kills.png", "hangs.png", "breaks.png"}
    assert failed["kills.png"] == failed["hangs.png"]
    assert "stops, or does not come to an end" in failed["kills.png"]
    assert "a defect" in failed["breaks.png"]
    for poison in failed:
        (folder / poison).unlink()
    assert lines[-1]["photos"] == 40
    assert_as_if_built_locally("sea", folder)


def test_parts_that_are_whole_are_taken_and_others_thrown_away(tmp_path, monkeypatch):
    """Without any worker: of an earlier build nothing is left to be done but what it has not told yet."""
    folder = album(tmp_path / "sea", range(30))
    home = shelf.place_of("sea")
    (home / "parts").mkdir(parents=True)
    states = [FileState(str(p), p.stat().st_size, p.stat().st_mtime_ns) for p in sorted(folder.iterdir())]
    for name, some in {"0a": states[:20], "0b": states[10:]}.items():
        result_of(parts.make_part(some, home / "parts" / f"{name}.sqlite", "starter"))
    (home / "parts" / "0c.sqlite").write_bytes((home / "parts" / "0a.sqlite").read_bytes()[:20_000])
    (home / "parts" / ".0d.sqlite.x.sqlite").touch()
    monkeypatch.setattr(cluster, "_connect", lambda *_: pytest.fail("workers were started"))
    merge = partial(cluster.merge, cluster.Workers())
    assert result_of(library.index([folder], "sea", merge=merge)).photos == 30
    assert_as_if_built_locally("sea", folder)
    (folder / "003.png").unlink()
    assert result_of(library.index([folder], "sea", merge=merge)).photos == 29
    album(folder, range(30, 31))
    with pytest.raises(pytest.fail.Exception, match="workers were started"):
        result_of(library.index([folder], "sea", merge=merge))


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_closing_a_build_ends_its_workers_and_keeps_what_is_done(tmp_path):
    folder = album(tmp_path / "sea", range(200))
    with slowly_building(folder) as (child, workers, _):
        os.killpg(child.pid, signal.SIGINT)  # as a terminal does it: its workers hear it too
        assert child.wait(30) == 130
        assert child.stderr.read().count("\n") == 1
    assert len(workers) == 2
    assert psutil.wait_procs(workers, timeout=5)[1] == []
    assert library.list_libraries()[0].photos >= 32


@contextmanager
def scheduler(**environment: str) -> Iterator[str]:
    """The address of one with one worker."""
    with started("serve", **environment) as child:
        yield child.stdout.readline().strip()
        child.communicate()


def test_another_schedulers_workers_do_the_work_twice(tmp_path):
    folder = album(tmp_path / "sea", range(70))
    with scheduler() as address:
        code, lines, err = run(
            "cluster-build", folder, "--scheduler", address, "--at", tmp_path / "disk" / "far"
        )
        assert (code, err, lines[-1]["photos"]) == (0, "", 70)
        album(folder, range(70, 75))
        assert run("cluster-build", folder, "--scheduler", address, "--name", "far")[1][-1]["photos"] == 75
    assert_as_if_built_locally("far", folder)


def test_workers_without_the_program_are_told(tmp_path):
    folder = album(tmp_path / "sea", range(3))
    with scheduler(WORKERS="HIDDEN") as address:
        code, lines, err = run("cluster-build", folder, "--scheduler", address)
    assert (code, err.count("\n")) == (2, 1)
    assert f"The worker {address.rsplit(':', 1)[0]}" in err
    assert "adir-desktop is not installed there" in err
    assert lines[-1]["remedy"].startswith("Install the same version on ")


@dataclass(eq=False)
class Handed:
    order: cluster.worker.Order
    status: str
    error: Exception | None

    def exception(self):
        return self.error


class Alone:
    """In place of a client: one worker, which does what it is told at once and in its own way."""

    status = "running"

    def __init__(self, make=None):
        self._make, self.asked, self.given, self.cancelled = make, 0, [], None

    def nthreads(self):
        self.asked += 1
        return {"tcp://a": 1} if self.asked > 3 else {}

    def run(self, greet, on_error):
        return {"tcp://a": greet()}

    def submit(self, _make, order, **options):
        error = self._make(order) if self._make else None
        status = "pending" if self._make is None else "error" if error else "finished"
        self.given.append(Handed(order, status, error))
        return self.given[-1]

    def cancel(self, futures):
        self.cancelled = futures


def built_by(client: Alone, folder: Path, monkeypatch):
    monkeypatch.setattr(cluster, "_connect", lambda *_: client)
    return library.index([folder], "sea", merge=partial(cluster.merge, cluster.Workers()))


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda _: None, StorageError, r"a part that is not in .*same path"),
        (
            lambda order: order.at.write_bytes(b"rubbish") and None,
            StorageError,
            "does not keep what is written",
        ),
        (lambda _: ModelError("No weights.", "Get them."), ModelError, "No weights"),
    ],
)
def test_what_a_worker_cannot_do_ends_the_build(tmp_path, monkeypatch, make, error, said):
    folder = album(tmp_path / "sea", range(3))
    with pytest.raises(error, match=said):
        result_of(built_by(Alone(make), folder, monkeypatch))
    assert list((shelf.home_of("sea") / "parts").glob("[0-9a-f]*")) == []
    assert result_of(library.index([folder], "sea")).photos == 3


def test_a_build_waits_for_workers_and_takes_back_what_it_handed_out(tmp_path, monkeypatch):
    folder, client = album(tmp_path / "sea", range(100)), Alone()
    events = built_by(client, folder, monkeypatch)
    seen = [next(events)]
    while not client.given:
        seen.append(next(events))
    assert [event.message for event in seen if isinstance(event, Notice)] == [
        "No worker is connected yet; waiting."
    ]
    assert isinstance(seen[-1], Progress)
    events.close()
    assert [len(future.order.files) for future in client.cancelled] == [32, 32]
    assert shelf.is_library("sea")


def test_workers_that_survive_nothing_end_the_build(tmp_path):
    for number in range(7):
        album(tmp_path / "sea" / str(number), range(number, number + 1))
        (tmp_path / "sea" / str(number) / f"{number:03}.png").rename(
            tmp_path / "sea" / str(number) / "breaks.png"
        )
    code, _, err = run("cluster-build", tmp_path / "sea", "--workers", 1)
    assert (code, err.count("\n")) == (1, 1)
    assert "The workers do not survive any photo" in err


GREETING = {"version": __version__, "encoder": "corners@1", "preprocessing": "{}"}


@pytest.mark.parametrize(
    ("second", "known", "error", "said"),
    [
        (GREETING | {"encoder": "corners@2"}, {}, LibraryError, "'corners@2', not 'corners@1'"),
        (GREETING | {"preprocessing": "[]"}, {}, LibraryError, "cannot be mixed"),
        (GREETING, {"encoder": "corners@0", "preprocessing": "{}"}, LibraryError, "not 'corners@0'"),
        (GREETING | {"version": "9.9"}, {}, BadInput, "has version 9.9"),
        ({"problem": "it is blind.", "remedy": "See."}, {}, BadInput, r"tcp://b: it is blind\. See\."),
    ],
)
def test_workers_must_agree(second, known, error, said):
    with pytest.raises(error, match=said):
        cluster.agreed({"tcp://a": GREETING, "tcp://b": second}, known)


def test_workers_that_went_away_are_not_asked_again():
    assert cluster.agreed({"tcp://a": GREETING, "tcp://b": OSError("gone")}, {}) == GREETING
    for silent in ({}, {"tcp://b": OSError("gone")}):
        with pytest.raises(NetworkError, match="No worker answers"):
            cluster.agreed(silent, {"encoder": "corners@1", "preprocessing": "{}"})


def test_a_worker_that_joins_later_and_is_another_refuses(tmp_path):
    order = cluster.worker.Order((), tmp_path / "a.sqlite", "starter", "cpu", (("version", "other"),), 9.0)
    with pytest.raises(AdirError, match="another version"):
        cluster.worker.make(order)
    assert list(tmp_path.iterdir()) == []


def test_a_worker_that_does_not_see_the_folder_says_so(tmp_path):
    said = cluster.worker.greeter("starter", "cpu", tmp_path / "nowhere" / ".seen")()
    assert "does not see the folder" in said["problem"]
    (tmp_path / ".seen").touch()
    assert cluster.worker.greeter("starter", "cpu", tmp_path / ".seen")() == GREETING


def refused(capsys, *arguments: object) -> str:
    assert cli_runner.run(app, "index_tools", ["cluster-build", *map(str, arguments)]) != 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


def test_bad_options_are_one_line(capsys, tmp_path, monkeypatch):
    folder = album(tmp_path / "sea", range(3))
    assert "Give --scheduler or --workers" in refused(
        capsys, folder, "--scheduler", "tcp://a:1", "--workers", 2
    )
    assert "its folder's name" in refused(capsys, folder, "--at", tmp_path / "disk", "--name", "other")
    assert "--workers" in refused(capsys, folder, "--workers", 0)
    for bad in ("nonsense", "tcp://127.0.0.1", "tcp://127.0.0.1:nine", "tcp://:8786/"):
        assert f"'{bad}' is not the address" in refused(capsys, folder, "--scheduler", bad)
    assert "does not exist" in refused(capsys, tmp_path / "nowhere")
    assert library.list_libraries() == ()
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert "pip install 'adir-desktop[cluster]'" in refused(capsys, folder)
    assert library.list_libraries() == ()


def test_a_scheduler_that_is_not_there_is_told(tmp_path):
    folder = album(tmp_path / "sea", range(3))
    code, _, err = run("cluster-build", folder, "--scheduler", "tcp://127.0.0.1:9")
    assert (code, err.count("\n")) == (1, 1)
    assert "The scheduler tcp://127.0.0.1:9 cannot be reached" in err


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_a_scheduler_that_goes_away_is_told_and_what_is_done_is_kept(tmp_path):
    folder = album(tmp_path / "sea", range(200))
    with ExitStack() as stack:
        server = stack.enter_context(started("serve", SLOW="0.02"))
        address = server.stdout.readline().strip()
        child, _, seen = stack.enter_context(slowly_building(folder, "--scheduler", address))
        server.send_signal(signal.SIGKILL)
        assert "it goes on" in list(seen)[-1]["remedy"]
        assert child.wait(60) == 1
        assert child.stderr.read().count("\n") == 1
    assert 0 < library.list_libraries()[0].photos < 200


def test_the_library_is_locked_while_it_is_built(tmp_path):
    folder = album(tmp_path / "sea", range(3))
    result_of(library.index([folder], "sea"))
    album(folder, range(3, 6))
    with parts.writing(shelf.home_of("sea")):
        code, _, err = run("cluster-build", folder)
    assert code == 2
    assert "busy" in err
    with closing(Catalogue(shelf.home_of("sea"))) as catalogue:
        assert catalogue.photos() == 3
