"""Lists of photo files: a path a line, or a CSV file with a column `path`."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

from adir_desktop.errors import LibraryError, explain

LONGEST = 8192  # characters of a line


def paths_of(listing: Path) -> Iterator[str]:
    """Absolute paths, one for each line that is not empty; those that are not absolute begin at the list's folder.

    Lines are read one by one: a list may be of any length.

    Raises:
        LibraryError: the list is not there, no text, or a CSV file without a column `path`.
        StorageError: it may not be read.
    """
    if not listing.is_file():
        raise LibraryError(
            f"There is no list {listing}.", "Give a file with the path of a photo on each line."
        )
    home = listing.resolve().parent
    try:
        with listing.open(encoding="utf-8-sig", newline="") as stream:
            lines = _column(csv.DictReader(stream), listing) if listing.suffix.lower() == ".csv" else stream
            for line in lines:
                path = line.rstrip("\r\n")
                if len(path) > LONGEST or "\0" in path:
                    raise _no_list(listing)
                if path.strip():
                    yield os.path.normpath(home / Path(path).expanduser())
    except (UnicodeError, csv.Error) as error:
        raise _no_list(listing) from error
    except OSError as error:
        raise explain(error) from error


def _column(table: csv.DictReader[str], listing: Path) -> Iterator[str]:
    if "path" not in (table.fieldnames or ()):
        raise LibraryError(f"{listing} has no column 'path'.", "Name the column of the photos' paths so.")
    return (row["path"] or "" for row in table)


def _no_list(listing: Path) -> LibraryError:
    return LibraryError(f"{listing} is not a list of paths.", "It has to be text in UTF-8, a path a line.")
