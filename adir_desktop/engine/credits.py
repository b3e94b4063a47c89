"""Who made the photos of a folder: its `credits.csv`, which speaks of the photo files directly in that folder."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from adir_desktop.errors import LibraryError
from adir_desktop.files import write_atomic

NAME = "credits.csv"
COLUMNS = ("file", "author", "licence", "page", "title")
MAX_BYTES = 64 * 2**20  # of one such file: some 200,000 photos
MAX_TEXT = 200  # characters of an author, a licence or a title worth keeping
MAX_PAGE = 2000  # characters of an address that browsers take
_SERVER = r"(?:\[[0-9a-f:.]+\]|[^\s/?#@:\[\]]+)(?::\d+)?"
_ADDRESS = re.compile(rf"https?://{_SERVER}(?:[/?#]\S*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Credit:
    """Of one photo; "" for what is not known. page: the address (http or https) where it was published."""

    author: str = ""
    licence: str = ""
    page: str = ""
    title: str = ""


def read(folder: Path) -> dict[str, Credit]:
    """The credits of a folder's photos by plain file name; none where it has no such file.

    Columns may come in any order; `file` is needed, others may be missing, further ones are passed over, and so
    are rows of no file of this folder. Of two rows of one file the later counts.

    Raises:
        LibraryError: the file may not be read, is larger than `MAX_BYTES`, is not UTF-8, or is no such table.
    """
    path = folder / NAME
    try:
        if not path.is_file():
            return {}
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unusable(path, f"it cannot be read: {error.strerror or error}") from error
    if len(content) > MAX_BYTES:
        raise _unusable(path, f"it is larger than {MAX_BYTES >> 20} MB")
    try:
        return dict(_rows(io.StringIO(content.decode("utf-8-sig"), newline="")))
    except UnicodeDecodeError as error:
        raise _unusable(path, "it is not UTF-8 text") from error
    except (csv.Error, KeyError) as error:
        raise _unusable(path, f"it is no table with the columns {','.join(COLUMNS)}") from error


def write(folder: Path, credits: Mapping[str, Credit]) -> None:  # noqa: A002  the word for it
    """Writes the credits of a folder's photos by plain file name, in the order of the names, as a whole or not at all.

    Raises:
        BadInput: there is no such folder, or it may not be written to. StorageError: the disk is full or read-only.
    """
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    for name in sorted(credits):
        one = tidied(credits[name])
        table.writerow((name, one.author, one.licence, one.page, one.title))
    write_atomic(folder / NAME, text.getvalue().encode())


def tidied(credit: Credit) -> Credit:
    """One line of text each, cut to what is worth keeping; a page that is no address of the web is left out."""
    return Credit(
        _line(credit.author, MAX_TEXT),
        _line(credit.licence, MAX_TEXT),
        _address(credit.page),
        _line(credit.title, MAX_TEXT),
    )


def _rows(text: io.StringIO) -> Iterator[tuple[str, Credit]]:
    """(file, credit) by row. Raises csv.Error; KeyError: no column `file`."""
    table = csv.reader(text)
    places = {name.strip().lower(): place for place, name in reversed(list(enumerate(next(table, []))))}
    files = places["file"]
    others = [places.get(name) for name in COLUMNS[1:]]
    for row in table:
        if len(row) > files and _is_plain(row[files]):
            values = [row[place] if place is not None and place < len(row) else "" for place in others]
            yield row[files], tidied(Credit(*values))


def _is_plain(name: str) -> bool:
    """A name of a file directly in the folder."""
    return name not in ("", ".", "..") and not set(name) & set("/\\\0")


def _line(text: str, most: int) -> str:
    """Composed characters, runs of spaces and line ends as one space, nothing that does not print."""
    words = " ".join(unicodedata.normalize("NFC", text[: 10 * most]).split())
    if not words.isprintable():
        words = "".join(letter for letter in words if letter.isprintable())
    return words[:most].strip()


def _address(text: str) -> str:
    """An address of the web as it stands, or nothing; one with a name or a password before its server is none."""
    text = text.strip()
    sound = len(text) <= MAX_PAGE and _ADDRESS.fullmatch(text) and text.isprintable()
    return text if sound else ""


def _unusable(path: Path, reason: str) -> LibraryError:
    return LibraryError(
        f"{path} cannot be used: {reason}.",
        "Mend or remove it; the photos beside it are searched without their authors and licences.",
    )
