"""The diagnostics bundle: it says how the program fares, and nothing about the person's photos."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from adir_desktop import places
from adir_desktop.contract import Finished, Progress
from adir_desktop.engine import diagnostics, discretion, doctor
from adir_desktop.engine.discretion import Discretion
from adir_desktop.engine.doctor import Check
from adir_desktop.errors import BadInput

SETTINGS = """
library = "Omas Album"
open_folder = "/mnt/album/Tante Erna"
recent = ["/mnt/album/Tante Erna/Hochzeit: 1952, (Anna's).png"]
theme = "dark"
notify = true
geometry = "AdnQywAD"
"""
LOG = """2025-01-02 03:04:05 ERROR adir_desktop.ui.jobs: job failed
Traceback (most recent call last):
  File "{home}/venv/lib/adir_desktop/engine/photos.py", line 12, in open_photo
adir_desktop.errors.PhotoError: {home}/Bilder/Strand Urlaub.JPG is not a photo. Choose another.
adir_desktop.errors.PhotoError: Anna's Geburtstag.heic and Opa.tif cannot be read
OSError: [Errno 2] No such file: '/media/stick/Familie/scan'
LibraryError: the library Omas Album is damaged in {data}/libraries/Omas Album
log of gertrud, who is not gertrude
"""


@pytest.fixture
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person with settings, a log and a library; the checks are quick."""
    home = tmp_path / "home" / "gertrud"
    home.mkdir(parents=True)
    monkeypatch.setattr(Path, "home", lambda: home)
    monkeypatch.setattr(discretion.getpass, "getuser", lambda: "gertrud")
    found = f"{home}/Bilder is fine"
    monkeypatch.setattr(doctor, "examine", lambda: iter([Check("disk", "good", found)]))
    places.config_dir().mkdir(parents=True)
    (places.config_dir() / "settings.toml").write_text(SETTINGS)
    (places.data_dir() / "libraries" / "Omas Album").mkdir(parents=True)
    places.log_dir().mkdir(parents=True)
    (places.log_dir() / "adir.log").write_text(LOG.format(home=home, data=places.data_dir()))
    (places.log_dir() / "adir.log.1").write_text("older\n")
    return home


def collected(path: Path) -> dict[str, str]:
    *before, last = diagnostics.collect(path)
    assert all(isinstance(event, Progress) for event in before)
    assert isinstance(last, Finished)
    assert last.result == path
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.usefixtures("person")
def test_it_holds_what_helps(tmp_path: Path) -> None:
    texts = collected(tmp_path / "d.zip")
    assert set(texts) == {
        *("README.txt", "checks.txt", "versions.json", "models.json", "settings.json"),
        *("logs/adir.log", "logs/adir.log.1"),
    }
    assert "good  disk: ~/Bilder is fine" in texts["checks.txt"] or "<folder>" in texts["checks.txt"]
    versions = json.loads(texts["versions.json"])
    assert versions["libraries"]["numpy"]
    assert versions["memory_bytes"] > 0
    models = {row["name"]: row for row in json.loads(texts["models.json"])}
    assert models["starter-encoder"]["problem"] == ""
    assert models["starter-encoder"]["bytes"] > 1_000_000
    assert json.loads(texts["settings.json"]) == {
        "library": "set",
        "open_folder": "set",
        "recent": "1 set",
        "theme": "dark",
        "notify": True,
        "geometry": "set",
    }
    for name in texts:
        assert name.split("/")[0] in texts["README.txt"] or name == "README.txt"


def test_it_tells_nothing_about_the_person(person: Path, tmp_path: Path) -> None:
    everything = "\n".join(collected(tmp_path / "d.zip").values())
    for secret in (
        *("Hochzeit", "Anna", "Erna", "Strand", "Urlaub", "Geburtstag", "Opa", "Omas", "Album", "Familie"),
        *("stick", str(person), "gertrud,", "/mnt"),
    ):
        assert secret not in everything, secret
    assert "gertrude" in everything  # only whole names are hidden


@pytest.mark.usefixtures("person")
def test_what_went_wrong_stays_readable(tmp_path: Path) -> None:
    log = collected(tmp_path / "d.zip")["logs/adir.log"]
    assert "2025-01-02 03:04:05 ERROR adir_desktop.ui.jobs: job failed" in log
    assert 'engine/photos.py", line 12, in open_photo' in log
    assert "PhotoError: <photo> is not a photo. Choose another." in log
    assert "PhotoError: <photo> cannot be read" in log
    assert "[Errno 2] No such file" in log
    assert "<data>/libraries/<library>" in log


def test_an_endless_line_is_no_trap() -> None:
    hide = Discretion((), "", ()).hide
    assert hide("a" * 300_000) == "a" * 300_000
    assert hide("a" * 300_000 + ".jpg") == "<photo>"


@pytest.mark.usefixtures("person")
def test_nothing_is_replaced_unless_told(tmp_path: Path) -> None:
    path = tmp_path / "d.zip"
    path.write_text("mine")
    with pytest.raises(BadInput, match="already exists"):
        list(diagnostics.collect(path))
    assert path.read_text() == "mine"
    *_, last = diagnostics.collect(path, overwrite=True)
    assert zipfile.is_zipfile(last.result)


def test_without_settings_and_logs_it_is_made_all_the_same(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(doctor, "examine", lambda: iter(()))
    assert collected(tmp_path / "d.zip")["settings.json"].strip() == "{}"


def test_the_real_checks_are_in_it(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(doctor, "try_imports", lambda _modules: doctor.Imports())
    monkeypatch.setattr(doctor, "try_qt", lambda *, window: ("6.9", ""))
    texts = collected(tmp_path / "d.zip")
    assert "starter-denoiser" in texts["checks.txt"]
    assert "checksums right" in texts["checks.txt"]
