"""Where libraries are known by their names: each has a folder of its own, or one with the way to where it lies."""

from __future__ import annotations

import re
import unicodedata
from itertools import count
from pathlib import Path

from adir_desktop import places
from adir_desktop.engine.schema import CATALOGUE
from adir_desktop.errors import LibraryError, explain
from adir_desktop.files import write_atomic

LINK = "elsewhere.txt"  # where a library lies that does not lie here
_NAME = re.compile(r"\w(?:[\w .-]{0,62}\w)?")


def is_library(name: str) -> bool:
    """True for the name of an existing library, damaged or not."""
    place = _top() / name
    return bool(_NAME.fullmatch(name)) and any((place / each).is_file() for each in (CATALOGUE, LINK))


def home_of(name: str) -> Path:
    """The folder of an existing library.

    Raises:
        LibraryError: there is none of that name, or the drive that it lies on is not connected.
    """
    if not is_library(name):
        raise LibraryError(f"There is no library '{name}'.", there_are())
    home = home_at(place_of(name))
    if not (home / CATALOGUE).is_file():
        raise LibraryError(
            f"The library '{name}' is not in {home} any more.", "Connect its drive, or remove it."
        )
    return home


def located(name_or_dir: str) -> Path:
    """The folder of a library, given by its name or by that folder.

    Raises:
        LibraryError: it is neither, or its drive is not connected.
    """
    if is_library(name_or_dir):
        return home_of(name_or_dir)
    folder = Path(name_or_dir).expanduser()
    if not (folder / CATALOGUE).is_file():
        raise LibraryError(f"There is no library '{name_or_dir}', nor is one in such a folder.", there_are())
    return folder.resolve()


def link(home: Path) -> None:
    """Keeps the way to a library that lies elsewhere, under its folder's name.

    Raises:
        LibraryError: the name is another library's, or cannot be one.
        StorageError: it cannot be written.
    """
    place = place_of(home.name)
    if home == place or (is_library(home.name) and home_at(place) == home):
        return
    if is_library(home.name):
        raise LibraryError(
            f"There is another library '{home.name}' already.", "Rename the folder, and open it again."
        )
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explain(error) from error
    write_atomic(place / LINK, str(home).encode())


def _top() -> Path:
    return places.data_dir() / "libraries"


def place_of(name: str) -> Path:
    """Where a library of that name is known: its own folder, or one with the way to it."""
    if not _NAME.fullmatch(name):
        raise LibraryError(
            f"'{name}' cannot be the name of a library.", "Use letters, digits, spaces, dots and dashes."
        )
    return _top() / name


def home_at(place: Path) -> Path:
    """The folder of the library that is known there."""
    link = place / LINK
    return Path(link.read_text(encoding="utf-8")) if link.is_file() else place


def all_places() -> list[Path]:
    """Where all libraries are known."""
    top = _top()
    folders = sorted(top.iterdir()) if top.is_dir() else []
    return [place for place in folders if is_library(place.name)]


def there_are() -> str:
    """The remedy for a name that is none."""
    names = ", ".join(place.name for place in all_places())
    return f"There are: {names}." if names else "Add a folder of photos as a library first."


def plain_name(root: str) -> str:
    """A library's name after its folder's own."""
    plain = re.sub(r"[^\w .-]+", "-", unicodedata.normalize("NFC", Path(root).name))[:50]
    return re.sub(r"^\W+|\W+$", "", plain) or "photos"


def free_name(root: str) -> str:
    """The plain name, numbered if it is taken."""
    base = plain_name(root)
    names = (base if number == 1 else f"{base}-{number}" for number in count(1))
    return next(name for name in names if not is_library(name))
