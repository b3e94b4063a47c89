"""What only a process of its own can show: interruption, closed pipes, silence, exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_photos import make_photo

import adir_desktop
from adir_desktop import cli_process

COMMAND = (sys.executable, "-m", "adir_desktop")
ENDLESS = ("--task", "denoise", "--sampler", "adir", "--steps", "1000", "--events", "json", "--device", "cpu")

posix = pytest.mark.skipif(os.name != "posix", reason="signals of this kind are POSIX's")


@pytest.fixture
def start(here: Path) -> Iterator:
    """Starts `adir …` in a process of its own, without a terminal; whatever still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []
    root = Path(adir_desktop.__file__).parents[1]
    env = os.environ | {"PYTHONPATH": str(root), "OMP_NUM_THREADS": "1"}
    env.pop("HF_HUB_OFFLINE", None)  # as a person has it

    def run(*arguments: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*COMMAND, *map(str, arguments)],
            cwd=here,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def wait_for(process: subprocess.Popen[str], stage: str) -> None:
    """Reads events until one of this stage has begun its work."""
    assert process.stdout is not None
    for line in process.stdout:
        event = json.loads(line)
        if event.get("stage") == stage and event.get("done", 0) > 0:
            return
    pytest.fail(f"never came to {stage}: {process.communicate()[1]}")


@posix
@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "stage", "options"),
    [
        (signal.SIGINT, "sample", ()),
        (signal.SIGTERM, "adapt", ("--adapt", "self", "--iterations", "10000")),
    ],
    ids=["Ctrl-C while sampling", "SIGTERM while adapting"],
)
def test_an_interruption_leaves_nothing_behind(start, here: Path, number, stage: str, options) -> None:
    photo = make_photo(here / "photo.png")
    process = start("restore", photo, *ENDLESS, *options)
    wait_for(process, stage)
    process.send_signal(number)
    told = time.monotonic()
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert time.monotonic() - told < 10  # a second on an idle machine
    assert json.loads(out.splitlines()[-1])["error"].startswith("Interrupted")
    assert err.splitlines() == ["adir: Interrupted. Nothing was left half-written."]
    assert [path.name for path in here.iterdir()] == ["photo.png"]


@pytest.mark.slow
def test_programs_read_json_and_nothing_else(start, here: Path) -> None:
    """Every library is imported and used here; none may say a word."""
    photo = make_photo(here / "photo.png")
    for seed in (1, 2):
        make_photo(here / "album" / f"{seed}.png", seed=seed)
    adapting = ("--adapt", "neighbours", "--library", "album", "--iterations", "1", "--baseline")
    process = start("restore", photo, "--task", "denoise", "--steps", "2", "--events", "json", *adapting)
    out, err = process.communicate(timeout=240)
    assert process.returncode == 0, err
    assert err == ""
    lines = [json.loads(line) for line in out.splitlines()]
    assert set(lines[-1]["paths"]) == {"picture", "baseline", "sidecar", "preset"}
    assert all(Path(path).is_file() for path in lines[-1]["paths"].values())


@posix
@pytest.mark.parametrize(
    "arguments", [("models", "list"), ("models", "list", "--json"), ("--help",)], ids=" ".join
)
def test_a_reader_that_has_gone_is_no_error_to_shout_about(start, arguments) -> None:
    process = start(*arguments)
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(60) == 1
    process.stdout = None


@posix
@pytest.mark.slow
def test_a_reader_that_goes_during_the_work_stops_it(start, here: Path) -> None:
    photo = make_photo(here / "photo.png")
    process = start("restore", photo, *ENDLESS)
    wait_for(process, "sample")
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(60) == 1
    process.stdout = None
    assert [path.name for path in here.iterdir()] == ["photo.png"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_standard_output(here: Path) -> None:
    env = os.environ | {"PYTHONPATH": str(Path(adir_desktop.__file__).parents[1])}
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*COMMAND, "models", "list"], env=env, stdout=full, stderr=subprocess.PIPE, text=True, check=False)  # fmt: skip
    assert done.returncode == 1
    assert "disk is full" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_command_in_a_process_of_its_own(start) -> None:
    process = start("paint")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    assert err == "adir: No such command 'paint'. See: adir --help\n"


LAST_WORKS = """
import atexit, sys, time
from adir_desktop import __main__
atexit.register(lambda: (print("the last works", flush=True), time.sleep(0.5), print("done")))
sys.argv = ["adir", "--version"]
sys.exit(__main__.script())
"""


@posix
def test_nothing_is_torn_apart_after_the_result_is_out(here: Path) -> None:
    env = os.environ | {"PYTHONPATH": str(Path(adir_desktop.__file__).parents[1])}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(
        [sys.executable, "-c", LAST_WORKS], cwd=here, env=env, text=True, **pipes
    ) as process:
        assert process.stdout.readline().startswith("adir-desktop ")
        assert process.stdout.readline() == "the last works\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, "done\n", "")


@posix
def test_saving_is_not_torn_apart() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), cli_process.uninterrupted():  # noqa: PT012  the block is the point
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.01)
        done.append("the other file")
    assert done == ["the other file"]


@posix
def test_a_request_to_end_unwinds_like_ctrl_c() -> None:
    cleaned = []
    before = signal.getsignal(signal.SIGTERM)
    try:
        with cli_process.interruptible():
            try:
                os.kill(os.getpid(), signal.SIGTERM)
                time.sleep(5)
            finally:
                cleaned.append("up")
    except KeyboardInterrupt:
        cleaned.append("told")
    assert cleaned == ["up", "told"]
    assert signal.getsignal(signal.SIGTERM) is before


@posix
def test_what_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with cli_process.interruptible():
            os.kill(os.getpid(), signal.SIGHUP)
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
