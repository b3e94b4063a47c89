"""The command as a person gives it, in processes of its own: killed, interrupted, asked for the impossible."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from model_server import Server, serving
from open_images_makers import image_id, jpeg, listed, offer, photos_in, row

from adir_desktop import cli_runner
from adir_desktop.engine.folders import Scan, scan
from index_tools.__main__ import app

KILLS = 4


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("ADIR_OFFLINE", "0")
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with serving() as server:
        yield server


def words(server: Server, folder: Path, *more: str) -> list[str]:
    where = ["--metadata-url", f"{server.url}/meta", "--base-url", server.url, "--requests", "0"]
    return ["open-images", str(folder), "--share", "1", *where, *more]


def start(server: Server, folder: Path, *more: str) -> subprocess.Popen:
    env = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-m", "index_tools", *words(server, folder, *more)]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(*given: str) -> int:
    return cli_runner.run(app, "index_tools", given)


def gets(server: Server) -> list[str]:
    return [path for method, path, _ in server.asked if method == "GET" and path.endswith(".jpg")]


@pytest.mark.slow
def test_killed_at_random_moments_it_ends_as_if_nothing_had_been(server, tmp_path):
    offer(server, 90, side=200)
    assert run(*words(server, tmp_path / "whole")) == 0
    whole = photos_in(tmp_path / "whole")
    assert sum(name.endswith(".jpg") for name in whole) == 90
    server.asked.clear()
    server.pause = 0.02
    chance, folder = random.Random(3), tmp_path / "killed"
    finished: list[tuple[int, set[str]]] = []
    for kill in range(KILLS):
        process, before = start(server, folder, "--threads", "4"), len(server.asked)
        wanted = chance.randint(2, 40) if kill else 1
        while len(server.asked) - before < wanted and process.poll() is None:
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.03))
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        there = {name for name in photos_in(folder) if name.endswith(".jpg") and "/." not in name}
        assert all(photos_in(folder)[name] == whole[name] for name in there)
        finished.append((len(gets(server)), {Path(name).stem for name in there}))
    assert 0 < len(finished[-1][1]) < 90
    process = start(server, folder, "--threads", "4")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "90 of 90 are in" in out
    assert photos_in(folder) == whole
    for mark, there in finished:
        assert there.isdisjoint(Path(path).stem for path in gets(server)[mark:])
    lost = 4 + 4 + 1  # at a kill: on the way, waiting to be written, being written
    assert len(gets(server)) <= 90 + KILLS * lost


def test_an_interruption_leaves_nothing_half_written(server, tmp_path):
    offer(server, 30)
    for number in range(30):
        server.files[f"validation/{image_id(number)}.jpg"].always = "stall:300"
    process = start(server, tmp_path / "to")
    while len(gets(server)) < 4 and process.poll() is None:
        time.sleep(0.01)
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert time.monotonic() - begun < 3  # the end of a process counts too
    assert (process.returncode, out) == (130, "")
    assert "Interrupted" in err
    assert "Traceback" not in err
    assert {Path(name).name for name in photos_in(tmp_path / "to")} == {"credits.csv"}


def test_what_is_brought_is_what_a_library_finds(server, tmp_path, capsys):
    offer(server, 12)
    folder = tmp_path / "open images"
    assert run(*words(server, folder)) == 0
    told = capsys.readouterr()
    assert f"12 of 12 are in {folder}" in told.out
    assert f"adir library add {folder}" in told.err
    assert f"python -m index_tools build {folder}" in told.err
    found = walked(folder)
    assert set(found.files) == {str(folder / name) for name in photos_in(folder) if name.endswith(".jpg")}
    assert len(found.files) == 12
    assert (found.failed, found.closed) == ({}, [])


def walked(folder: Path) -> Scan:
    """The folder as every library sees it."""
    walk = scan([str(folder)])
    while True:
        try:
            next(walk)
        except StopIteration as end:
            return end.value


def test_the_dry_run_and_its_figures(server, tmp_path, capsys):
    offer(server, 10)
    folder = tmp_path / "to"
    assert run(*words(server, folder, "--dry-run")) == 0
    told = capsys.readouterr().out
    assert "10 photos are as wanted; 0 are in" in told
    assert "10 would be fetched, about 0.0 MB" in told
    assert gets(server) == []
    server.files.pop(f"validation/{image_id(4)}.jpg")
    assert run(*words(server, folder)) == 0
    assert "1 are not on the server; --retry-gone" in capsys.readouterr().out
    assert run(*words(server, folder, "--dry-run", "--events", "json")) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {"folder", "photos", "already", "gone", "missing", "bytes", "free", "damaged"} == set(lines[-1])
    assert (lines[-1]["already"], lines[-1]["gone"], lines[-1]["missing"]) == (9, 1, 0)
    assert {line["stage"] for line in lines[:-1]} == {"fetch", "read"}


def test_a_list_of_ones_own_and_all_the_options(server, tmp_path, capsys):
    offer(server, 20)
    names, labels, mine = (tmp_path / name for name in ("names.csv", "labels.csv", "mine.csv"))
    names.write_text("LabelName,DisplayName\n/m/1,Dog\n")
    lines = [f"{image_id(number)},machine,/m/1,{number / 20}" for number in range(20)]
    labels.write_text("\n".join(["ImageID,Source,LabelName,Confidence", *lines]))
    mine.write_bytes(listed(row(number) for number in range(18)))
    code = run(
        "open-images",
        str(tmp_path / "to"),
        *("--csv", str(mine), "--subset", "validation", "--count", "3", "--seed", "5", "--class", "dog"),
        *("--confidence", "0.5", "--labels", str(labels), "--class-names", str(names)),
        *("--licence", "licenses/by", "--metadata", str(tmp_path / "lists"), "--base-url", server.url),
        *("--threads", "2", "--requests", "100", "--rate", "5", "--failures", "3", "--retry-gone"),
    )
    assert code == 0
    assert "3 photos came" in capsys.readouterr().out
    fetched = {Path(path).stem for path in gets(server)}
    assert fetched < {image_id(number) for number in range(10, 18)}
    assert len(fetched) == 3
    assert not (tmp_path / "lists").exists()
    assert (tmp_path / "to" / "validation").is_dir()
    assert all(
        content in {jpeg(n) for n in range(20)}
        for name, content in photos_in(tmp_path / "to").items()
        if name.endswith("jpg")
    )


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--count", "5"], "How many"),
        (["--subset", "all"], "no subset"),
        (["--confidence", "2"], "out of range for confidence"),
        (["--threads", "none"], "threads"),
        (["--rate", "-1"], "out of range for bytes per second"),
        (["--base-url", "somewhere"], "not an address"),
        (["--csv", "nowhere.csv"], "no file"),
        (["--events", "xml"], "no events of form"),
        (["--class", "Dog", "--class-names", "nowhere.csv"], "no file"),
    ],
)
def test_impossible_wishes_are_told_in_words(server, tmp_path, capsys, more, told):
    assert run(*words(server, tmp_path / "to", *more)) == 2
    err = capsys.readouterr().err
    assert told in err
    assert "Traceback" not in err
    assert not server.asked


def test_no_server_is_told_in_words(server, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("ADIR_OFFLINE", "1")
    assert run(*words(server, tmp_path / "to", "--events", "json")) == 1
    told = capsys.readouterr()
    assert "offline" in json.loads(told.out.splitlines()[-1])["error"]
    assert not server.asked
