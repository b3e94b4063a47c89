"""`adir models` and `adir doctor`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from adir_desktop.engine import doctor, weights
from adir_desktop.engine.doctor import Check
from adir_desktop.places import resource


@pytest.fixture
def damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "resources"
    shutil.copytree(resource("starter"), root / "starter")
    shutil.copy(resource("models.toml"), root)
    (root / "starter/encoder/open_clip_config.json").write_text("{}")
    monkeypatch.setattr(weights, "resource", root.joinpath)


def test_models_are_listed_with_their_licences(adir) -> None:
    ran = adir("models", "list")
    assert ran.code == 0
    for word in ("starter-denoiser", "starter-encoder", "non-commercial"):
        assert word in ran.out
    (line,) = adir("models", "list", "--json").lines
    assert {model["name"] for model in line["models"]} == {
        "starter-denoiser",
        "starter-encoder",
        "dirac-embedded-blur",
        "dirac-embedded-inpaint",
    }


def test_models_are_whole(adir) -> None:
    assert adir("models", "verify").code == 0
    (line,) = adir("models", "verify", "--json").lines
    assert line["ok"] is True


@pytest.mark.usefixtures("damaged")
def test_a_damaged_model_is_named(adir) -> None:
    ran = adir("models", "verify")
    assert ran.code == 1
    assert "open_clip_config.json" in ran.out
    assert "Install" in ran.problem
    ran = adir("models", "verify", "--json")
    assert ran.code == 1
    (line,) = ran.lines
    assert line["problems"]["starter-denoiser"] == []
    assert "open_clip_config.json" in line["problems"]["starter-encoder"][0]


@pytest.mark.parametrize(("state", "code"), [("good", 0), ("note", 0), ("bad", 1)])
def test_the_doctors_verdict(adir, monkeypatch: pytest.MonkeyPatch, state: str, code: int) -> None:
    checks = (Check("torch", "good", "2.9"), Check("window", state, "no libEGL", "install libegl1"))
    monkeypatch.setattr(doctor, "examine", lambda: iter(checks))
    ran = adir("doctor")
    assert (ran.code, ran.err) == (code, "")
    assert "no libEGL" in ran.out
    assert "install libegl1" in ran.out
    ran = adir("doctor", "--json")
    assert ran.code == code
    (line,) = ran.lines
    assert line["ok"] is (code == 0)
    assert line["checks"][1] == {
        "name": "window",
        "state": state,
        "found": "no libEGL",
        "remedy": "install libegl1",
    }
