"""`adir methods`, and the options of a method on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from adir_desktop.cli import run
from adir_desktop.engine.samplers import SAMPLERS
from tests.cli.small_photos import make_photo


def test_every_method_is_listed_with_what_it_costs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["methods"]) == 0
    told = capsys.readouterr().out
    for name, row in SAMPLERS.items():
        line = next(line for line in told.splitlines() if line.strip().startswith(name + " "))
        assert row.title in line


def test_one_method_says_what_it_can_be_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["methods", "diffpir"]) == 0
    told = capsys.readouterr().out
    assert "lambda" in told
    assert "zeta" in told
    assert run(["methods", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["methods"]
    assert [method["name"] for method in listed] == list(SAMPLERS)
    assert listed[0]["published"][""]["steps"] == 100


def test_an_unknown_method_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["methods", "magic"]) == 2
    assert "no sampler 'magic'" in capsys.readouterr().err


def test_options_reach_the_sampler_and_the_sidecar(tmp_path: Path) -> None:
    photo = make_photo(tmp_path / "a.png")
    out = tmp_path / "b.png"
    diffpir = ["--sampler", "diffpir"]
    command = ["restore", str(photo), "-o", str(out), "--task", "denoise", *diffpir, "--steps", "2"]
    assert run([*command, "--option", "zeta=0.25", "--option", "t_start=150"]) == 0
    document = json.loads(out.with_suffix(".json").read_text())
    assert document["request"]["options"] == {"zeta": 0.25, "t_start": 150}
    assert document["record"]["settings"]["zeta"] == 0.25
    again = tmp_path / "c.png"
    assert run(["rerun", str(out.with_suffix(".json")), "-o", str(again)]) == 0
    assert again.read_bytes() == out.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--option", "zeta"], "is not NAME=VALUE"),
        (["--sampler", "diffpir", "--option", "zeta=7"], "cannot be used for zeta"),
        (["--option", "zetta=1"], "no option 'zetta'"),
        (["--sampler", "magic"], "no sampler 'magic'"),
        (["--steps", "100000"], "100000 steps cannot be run"),
    ],
)
def test_bad_options_are_refused(
    tmp_path: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = make_photo(tmp_path / "a.png")
    assert run(["restore", str(photo), "--task", "denoise", *arguments]) == 2
    assert said in capsys.readouterr().err
