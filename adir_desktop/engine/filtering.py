"""Filters in the catalogue's own language: which of a library's photos may be answers."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from adir_desktop.errors import RequestError
from adir_desktop.searches import Filters

_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def checked(filters: Filters) -> Filters:
    """The filters as they are.

    Raises:
        RequestError: a size below 0, a folder that is not there, or a day that is none.
    """
    if filters.min_side < 0:
        raise RequestError(f"A side of {filters.min_side} pixels cannot be asked for.", "Give 0 or more.")
    if filters.folder and not Path(filters.folder).is_dir():
        raise RequestError(f"There is no folder {filters.folder}.", "Check the name, or connect its drive.")
    for day in (filters.since, filters.until):
        if day and not _is_day(day):
            raise RequestError(f"'{day}' is not a day.", "Write it as 2019-05-31, 2019-05 or 2019.")
    return filters


def _is_day(text: str) -> bool:
    """A day, a month or a year that there is."""
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text)
    except ValueError:
        return False
    return _DAY.fullmatch(text) is not None


def below(folder: str) -> tuple[str, list[str | int]]:
    """A condition on the paths of files in a folder, at any depth, and its values."""
    inside = folder.rstrip(os.sep) + os.sep
    # all that begins with it: what sorts from it on and before the sign after the separator
    return "path >= ? AND path < ?", [inside, inside[:-1] + chr(ord(os.sep) + 1)]


def condition(filters: Filters) -> tuple[str, list[str | int]]:
    """An SQL condition on a row of `photos`, and its values."""
    parts = list(_parts(filters))
    return " AND ".join(sql for sql, _ in parts) or "1", [value for _, values in parts for value in values]


def _parts(filters: Filters) -> Iterator[tuple[str, list[str | int]]]:
    if filters.min_side:
        yield "min(width, height) >= ?", [filters.min_side]
    if filters.licence:
        yield "instr(lower(licence), lower(?)) > 0", [filters.licence]
    if filters.folder:
        sql, values = below(os.path.realpath(filters.folder))
        yield f"key IN (SELECT photo FROM files WHERE {sql})", values  # noqa: S608
    if filters.since:
        yield "taken >= ?", [filters.since]
    if filters.until:
        yield "taken < ?", [filters.until + "~"]  # which sorts after every longer day of it
    if filters.exclude:
        yield "sha256 NOT IN (SELECT value FROM json_each(?))", [json.dumps(sorted(filters.exclude))]
