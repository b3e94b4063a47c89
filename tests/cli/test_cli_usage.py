"""The contract around the commands: help, versions, exit codes, errors in one line, JSON for programs."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from adir_desktop import __version__, cli_photos
from adir_desktop.errors import Defect, explain
from adir_desktop.places import log_dir

COMMANDS = (
    "restore",
    "degrade",
    "compare",
    "noise",
    "scratches",
    "library",
    "presets",
    "models",
    "rerun",
    "doctor",
)
OPTIONS = {
    "restore": "--task --scale --kernel --noise --mask --prior --sampler --steps --guidance --seed --recipe --adapt "
    "--library --neighbours --iterations --baseline --save-preset --device --events --overwrite --out -o "
    "--samples --average --feather --fading --grey --preset",
    "noise": "--json",
    "scratches": "--out -o --overwrite",
    "degrade": "--task --scale --kernel --noise --mask --seed --out -o",
    "compare": "--json",
    "rerun": "--out -o",
    "doctor": "--json",
    "library search": "--image --like --text --library --count -k --json",
}


def test_version(adir) -> None:
    ran = adir("--version")
    assert (ran.code, ran.out) == (0, f"adir-desktop {__version__}\n")


def test_help_names_every_command(adir) -> None:
    for flag in ("--help", "-h"):
        ran = adir(flag)
        assert ran.code == 0
        for command in COMMANDS:
            assert f"\n  {command} " in ran.out


@pytest.mark.parametrize("command", OPTIONS)
def test_help_names_every_option(adir, command: str) -> None:
    ran = adir(*command.split(), "--help")
    assert ran.code == 0
    assert set(OPTIONS[command].split()) <= set(ran.out.replace(",", " ").split())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["paint"], "No such command 'paint'"),
        (["restore"], "Missing argument 'PHOTO'"),
        (["restore", "x.png"], "Missing option '--task'"),
        (["restore", "x.png", "--task"], "--task"),
        (["restore", "x.png", "--task", "upscale", "--steps", "few"], "--steps"),
        (["restore", "x.png", "--task", "upscale", "--steps", "0"], "--steps"),
        (["restore", "x.png", "--task", "upscale", "--neighbours", "0"], "--neighbours"),
        (["restore", "x.png", "--task", "upscale", "--seed", "-1"], "--seed"),
        (["restore", "x.png", "--task", "upscale", "--events", "xml"], "xml"),
        (["restore", "x.png", "--colour"], "--colour"),
        (["degrade", "x.png", "--task", "upscale"], "--out"),
        (["compare", "x.png"], "B"),
        (["rerun", "x.json"], "--out"),
        (["library"], "Missing command"),
        (["presets", "melt"], "melt"),
        (["--verbose"], "--verbose"),
        (["library", "search"], "a picture, or words, or both"),
        (["library", "search", "--like", "a", "--text", "b"], "a picture, or words, or both"),
        (["library", "search", "--image", "a", "--like", "b"], "a picture, or words, or both"),
        (["library", "search", "--text", "a", "--ignore", "b"], "no picture to ignore"),
        (["restore", "x.png", "--task", "old", "--samples", "0"], "--samples"),
        (["restore", "x.png", "--task", "old", "--feather", "-1"], "--feather"),
        (["scratches", "x.png"], "--out"),
    ],
    ids=" ".join,
)
def test_usage_errors_are_one_line_with_a_remedy(adir, arguments: list[str], words: str) -> None:
    ran = adir(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert words in ran.problem
    assert "--help" in ran.problem or "--" in ran.problem


@pytest.mark.parametrize("flag", [["--events", "json"], ["--events=json"]])
def test_programs_hear_of_usage_errors_as_json(adir, flag: list[str]) -> None:
    ran = adir("restore", "x.png", "--task", "upscale", "--steps", "few", *flag)
    assert ran.code == 2
    (last,) = ran.lines
    assert set(last) == {"error", "remedy"}
    assert "--steps" in last["error"]
    assert ran.problem == f"{last['error']} {last['remedy']}"


def test_an_error_nobody_foresaw_is_told_without_a_traceback(adir, photo: Path, monkeypatch) -> None:
    def burst(_path: Path) -> None:
        raise ZeroDivisionError("a\nb")

    monkeypatch.setattr(cli_photos, "read_photo", burst)
    ran = adir("compare", photo, photo)
    assert ran.code == 1
    assert "ZeroDivisionError: a b" in ran.problem
    assert "adir doctor" in ran.problem
    assert "Traceback" in (log_dir() / "adir.log").read_text()  # for whoever mends it


def test_an_error_nobody_foresaw_is_a_defect() -> None:
    assert isinstance(explain(ValueError("x")), Defect)


@pytest.mark.parametrize(
    "error",
    [ImportError("libcudart.so.13: cannot open"), RuntimeError("operator torchvision::nms does not exist")],
)
def test_a_library_that_does_not_load_sends_to_the_doctor(
    adir, photo: Path, monkeypatch, error: Exception
) -> None:
    def burst(_path: Path) -> None:
        raise error

    monkeypatch.setattr(cli_photos, "read_photo", burst)
    ran = adir("compare", photo, photo)
    assert ran.code == 1
    assert "adir doctor" in ran.problem
    assert "unexpected" not in ran.problem


def test_a_name_with_strange_bytes_is_printed(adir, here: Path) -> None:
    ran = adir("compare", "\udcff\x1b[31m[bold].png", "b.png", "--json")
    assert ran.code == 2
    assert json.loads(ran.out)["error"]


def test_nothing_is_left_behind_in_the_process(adir) -> None:
    import logging
    import signal

    before = (signal.getsignal(signal.SIGTERM), sys.stdout, list(logging.getLogger().handlers))
    adir("models", "list")
    assert (signal.getsignal(signal.SIGTERM), sys.stdout, list(logging.getLogger().handlers)) == before
