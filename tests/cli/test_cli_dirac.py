"""`adir dirac`: training on a folder, listing, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from adir_desktop.engine.dirac import families, learner, store
from adir_desktop.engine.dirac import train as training
from adir_desktop.engine.dirac.network import Shape

FEW = ("--steps", 2, "--batch", 1, "--crop", 32, "--precision", "float32")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small network for holes, which need no schedule."""
    row = families.FAMILIES["inpaint"]
    rows = {"inpaint": families.FamilyRow(row.title, Shape((8, 16), 1), row.masked, row.severities, row.draw)}
    for module in (families, learner, store, training):
        monkeypatch.setattr(module, "FAMILIES", rows)
    monkeypatch.setattr(training, "MEASURED", 2)


@pytest.mark.usefixtures("small")
def test_training_and_listing(adir, album: Path, here: Path) -> None:
    ran = adir("dirac", "train", album, "--degradation", "inpaint", "-o", "mine", *FEW)
    assert ran.code == 0
    assert ran.out.startswith("Trained 2 steps on 4 photos: ")
    assert (here / "mine" / store.WEIGHTS).is_file()
    assert "mine" not in adir("dirac", "list").out  # it is not among the models
    ran = adir("dirac", "train", album, "--degradation", "inpaint", *FEW, "--events", "json")
    assert ran.code == 0
    assert ran.lines[-1]["training"]["step"] == 2
    assert any(line.get("stage") == "train" for line in ran.lines[:-1])
    first = adir("dirac", "list", "--json").lines[0]["networks"][0]
    assert (first["name"], first["undoes"], first["steps"]) == ("dirac-inpaint", "inpaint", 2)


@pytest.mark.usefixtures("small")
def test_it_goes_on_where_it_was_stopped(adir, album: Path) -> None:
    command = ("dirac", "train", album, "--degradation", "inpaint", "-o", "mine", *FEW)
    assert adir(*command).code == 0
    ran = adir(*command[:-6], "--steps", 3, "--batch", 1, "--crop", 32, "--precision", "float32")
    assert "Going on from step 2" in ran.err
    assert ran.out.startswith("Trained 3 steps")


def test_the_embedded_networks_are_listed(adir) -> None:
    networks = adir("dirac", "list", "--json").lines[0]["networks"]
    assert {(one["name"], one["undoes"], one["problem"]) for one in networks} == {
        ("blur", "blur", ""),
        ("inpaint", "inpaint", ""),
    }
    assert "12.75" in adir("dirac", "list").out


def test_a_damaged_network_is_told_and_the_rest_is_listed(adir, home: Path) -> None:
    folder = home / "data" / "models" / "torn"
    folder.mkdir(parents=True)
    (folder / store.WEIGHTS).write_bytes(b"")
    ran = adir("dirac", "list")
    assert ran.code == 0
    assert "torn" in ran.err
    assert "blur" in ran.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--degradation", "rain"), "no degradation 'rain'"),
        (("--degradation", "blur", "--dt", "2"), "loss dt"),
        (("--degradation", "blur", "--dt", "nan"), "loss dt"),
        (("--degradation", "blur", "--steps", "0"), "steps"),
        (("--degradation", "blur", "--crop", "4000"), "crop"),
        (("--degradation", "blur", "--precision", "half"), "precision"),
        (("--degradation", "blur", "--events", "xml"), "events"),
        ((), "degradation"),
    ],
)
def test_impossible_numbers_are_refused(adir, album: Path, arguments: tuple[str, ...], said: str) -> None:
    ran = adir("dirac", "train", album, "-o", "mine", *arguments)
    assert ran.code == 2
    assert said in ran.problem


def test_folders_that_cannot_be_trained_on(adir, here: Path) -> None:
    (here / "empty").mkdir()
    for folder, said in (("empty", "too few photos"), ("nowhere", "no folder")):
        ran = adir("dirac", "train", folder, "--degradation", "inpaint", "-o", "mine")
        assert ran.code == 2
        assert said in ran.problem


def test_a_place_that_cannot_hold_it(adir, album: Path, here: Path) -> None:
    (here / "file").write_text("")
    ran = adir("dirac", "train", album, "--degradation", "inpaint", "-o", here / "file" / "mine")
    assert ran.code != 0
    assert "Traceback" not in ran.err
