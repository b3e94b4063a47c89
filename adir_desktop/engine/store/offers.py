"""The models that can be fetched, as the catalogue has them, and how a folder of theirs is recognised."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from adir_desktop.errors import ModelError, RequestError
from adir_desktop.places import resource

REINSTALL = "Install the program again: pip install --force-reinstall --no-deps adir-desktop"


@dataclass(frozen=True)
class OfferedFile:
    """One file of an offer. path: below the model's folder, as it is at the source.

    bytes, sha256: None and "" where the catalogue does not know them. urls: places of its own beside the
    repository. instead: files that serve as well. becomes: the safetensors file that it is turned into.
    """

    path: str
    bytes: int | None = None
    sha256: str = ""
    urls: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    optional: bool = False
    becomes: str = ""

    def found_in(self, folder: Path) -> Path | None:
        """What of it lies in `folder`, by presence and size."""
        names = [name for name in (self.becomes, self.path, *self.instead) if name]
        for name in names:
            path = folder / name
            if path.is_file() and (
                self.bytes is None or name != self.path or path.stat().st_size == self.bytes
            ):
                return path
        return None


@dataclass(frozen=True)
class Offer:
    """A model that can be fetched. purpose, licence and limits are words for a person.

    about: bytes to fetch, rounded, 0 unknown; memory: bytes it needs in work, estimated. repositories: on
    Hugging Face, the mirrors behind the first. marks: (file, dotted key, value) of a folder's JSON files.
    """

    name: str
    title: str
    purpose: str
    licence: str
    licence_url: str
    limits: str
    about: int
    memory: int
    files: tuple[OfferedFile, ...]
    repositories: tuple[str, ...] = ()
    revision: str = "main"
    marks: tuple[tuple[str, str, Any], ...] = ()

    def files_in(self, folder: Path) -> tuple[Path, ...] | None:
        """The offer's files in `folder`, by presence and known sizes; None where one is missing."""
        found = [(file, file.found_in(folder)) for file in self.files]
        if any(path is None and not file.optional for file, path in found):
            return None
        return tuple(dict.fromkeys(path for _, path in found if path is not None))

    def missing_in(self, folder: Path) -> tuple[str, ...]:
        """Names of the files that `folder` lacks or has in another size."""
        return tuple(f.path for f in self.files if not f.optional and f.found_in(folder) is None)

    def fits(self, folder: Path, *, strictly: bool = True) -> bool:
        """Whether what the JSON files of `folder` say is said of this model; without `strictly`, of its kind."""
        marks = self.marks if strictly else self.marks[:1] if self._is_pipeline else ()
        return all(_value(folder / file, key) == value for file, key, value in marks)

    @property
    def _is_pipeline(self) -> bool:
        return any(file == "model_index.json" for file, _, _ in self.marks)

    @property
    def terms(self) -> str:
        """The licence in words: its name, what it asks, where its text is."""
        return f"{self.licence}\n\n{self.limits}\n\n{self.licence_url}"


def offers() -> tuple[Offer, ...]:
    """All of them, in the catalogue's order.

    Raises:
        ModelError: the catalogue is missing or damaged.
    """
    catalogue = resource("models.toml")
    try:
        stat = catalogue.stat()
        return _read(catalogue, stat.st_size, stat.st_mtime_ns)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"The list of models {catalogue} is missing or damaged.", REINSTALL) from error


def find_offer(name: str) -> Offer:
    """The offer of that name. Raises RequestError: there is none; ModelError: as in `offers`."""
    known = {offer.name: offer for offer in offers()}
    if name not in known:
        raise RequestError(f"There is no model '{name}' to fetch.", f"Choose one of: {', '.join(known)}.")
    return known[name]


@lru_cache(maxsize=1)
def _read(catalogue: Path, _size: int, _changed: int) -> tuple[Offer, ...]:
    """Kept until the file changes: it is asked for at every look at the models."""
    return tuple(map(_offer, tomllib.loads(catalogue.read_text(encoding="utf-8")).get("offers", [])))


def _offer(row: Mapping[str, Any]) -> Offer:
    repository = row.get("repository", "")
    return Offer(
        name=row["name"],
        title=row["title"],
        purpose=row["purpose"],
        licence=row["licence"],
        licence_url=row["licence_url"],
        limits=row["limits"],
        about=int(row.get("about", 0)),
        memory=int(row["memory"]),
        files=tuple(map(_file, row["files"])),
        repositories=(repository, *row.get("mirrors", ())) if repository else (),
        revision=row.get("revision", "main"),
        marks=tuple((mark["file"], mark["key"], mark["value"]) for mark in row.get("marks", ())),
    )


def _file(row: Mapping[str, Any]) -> OfferedFile:
    return OfferedFile(
        path=row["path"],
        bytes=row.get("bytes"),
        sha256=row.get("sha256", ""),
        urls=tuple(row.get("urls", ())),
        instead=tuple(row.get("instead", ())),
        optional=row.get("optional", False),
        becomes=row.get("becomes", ""),
    )


def _value(path: Path, key: str) -> object:
    """What a JSON file says under a dotted key; None where it says nothing."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        for part in key.split("."):
            value = value[part]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return value
