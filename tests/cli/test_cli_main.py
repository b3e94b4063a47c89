"""What `adir` does: the window, or the command line; and what it says where no window can be."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from adir_desktop import __main__ as start

pytest.importorskip("PySide6")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The photos of every window that would have opened."""
    from adir_desktop.ui import app

    calls: list[list[str]] = []

    def run(arguments: list[str]) -> int:
        calls.append(list(arguments))
        return 0

    monkeypatch.setattr(app, "run", run)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    return calls


def test_no_arguments_open_the_window(adir, opened) -> None:
    assert adir().code == 0
    assert opened == [[]]


def test_photos_open_in_the_window(adir, opened, photo: Path) -> None:
    assert adir(photo, "photo.png").code == 0
    assert opened == [[str(photo), "photo.png"]]


def test_a_command_is_a_command_even_beside_a_file_of_its_name(adir, opened, here: Path) -> None:
    (here / "models").write_text("no photo")
    assert adir("models", "--help").code == 0
    (here / "doctor").write_text("no photo")
    assert adir("doctor", "--help").code == 0
    assert opened == []


@pytest.mark.parametrize("name", ["missing.png", "./missing", "a.b/c"])
def test_a_missing_photo_is_named(adir, opened, photo: Path, name: str) -> None:
    ran = adir("photo.png", name)
    assert (ran.code, opened) == (2, [])
    assert f"There is no photo {name}" in ran.problem


def test_a_folder_is_no_photo(adir, opened, here: Path) -> None:
    assert adir(str(here)).code == 2
    assert opened == []


def test_an_interruption_while_all_is_being_imported(adir, monkeypatch: pytest.MonkeyPatch) -> None:
    from adir_desktop import cli

    def interrupted(_arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "run", interrupted)
    assert adir("doctor").code == 130


def test_the_script_without_a_console(opened, monkeypatch: pytest.MonkeyPatch, photo: Path) -> None:
    monkeypatch.setattr(sys, "argv", ["adir-desktop", str(photo)])
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert start.window() == 0
    assert opened == [[str(photo)]]
    print("what libraries print goes nowhere", file=sys.stdout)
    print("and this", file=sys.stderr)
    sys.stdout.close()
    sys.stderr.close()


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only X11 and Wayland can be without a display"
)
def test_without_a_display_it_says_so(adir, opened, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    ran = adir()
    assert ran.code == 1
    assert "no display" in ran.problem
    assert "adir restore" in ran.problem
    assert opened == []


def test_a_missing_system_library_is_named(adir, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setitem(sys.modules, "adir_desktop.ui.app", None)
    monkeypatch.delattr("adir_desktop.ui.app", raising=False)
    assert adir().code == 1

    class Finder:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "adir_desktop.ui.app":
                raise ImportError("libEGL.so.1: cannot open shared object file: No such file or directory")

    monkeypatch.delitem(sys.modules, "adir_desktop.ui.app")
    monkeypatch.setattr(sys, "meta_path", [Finder(), *sys.meta_path])
    ran = adir()
    assert ran.code == 1
    assert "libEGL.so.1" in ran.problem
    assert "libegl1" in ran.problem
