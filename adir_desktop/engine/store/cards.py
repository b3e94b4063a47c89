"""What an installed model says of itself, and the one step by which it appears among the models."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import tomli_w

from adir_desktop.engine.store.offers import Offer
from adir_desktop.engine.weights import CARD
from adir_desktop.errors import RequestError, explain
from adir_desktop.files import sync_folder, write_atomic
from adir_desktop.places import models_dir

SIGN = "busy"  # there while a process is at it: its number and when it began
WORK = ".fetching"  # beside the models: what is on its way, a folder for each


@dataclass(frozen=True)
class Kept:
    """One file of a model. path: below its folder; verified: what its checksum was compared with, in words."""

    path: str
    bytes: int
    sha256: str
    verified: str


class Workshop:
    """Where a model is put together: `files`, which is published as a whole, and what belongs to them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.home = models_dir() / WORK / name
        self.files, self.parts = self.home / "files", self.home / "parts"
        self._accepted = self.home / "accepted.txt"

    def accept(self, offer: Offer) -> None:
        """Notes that these very terms were accepted; a later try need not ask again."""
        self._make()
        write_atomic(self._accepted, f"{_now()}\n{offer.terms}".encode())

    def accepted(self, offer: Offer) -> str:
        """When the terms were accepted, "" when they were not or have changed since."""
        try:
            when, _, terms = self._accepted.read_text(encoding="utf-8").partition("\n")
        except OSError:
            return ""
        return when if terms == offer.terms else ""

    @property
    def bytes(self) -> int:
        """How much of the model is here already."""
        files = [*self.files.rglob("*"), *self.parts.rglob("*.part")]
        return sum(path.stat().st_size for path in files if path.is_file())

    def empty(self) -> None:
        """Removes the files, not the note of what was accepted. Raises StorageError: they may not be removed."""
        try:
            for folder in (self.files, self.parts):
                if folder.is_dir():
                    shutil.rmtree(folder)
        except OSError as error:
            raise explain(error) from error

    def clear(self) -> None:
        """Removes all of it. Raises StorageError: it may not be removed."""
        try:
            if self.home.is_dir():
                shutil.rmtree(self.home)
        except OSError as error:
            raise explain(error) from error

    @contextmanager
    def occupied(self) -> Iterator[None]:
        """One job at a time, of all programs. Raises RequestError: another is at it."""
        self._make()
        sign = self.home / SIGN
        mine = _process(os.getpid())
        try:
            with sign.open("x", encoding="utf-8") as stream:
                stream.write(mine)
        except FileExistsError:
            if number := _owner(sign):
                raise RequestError(
                    f"{self.name} is being fetched already (process {number}).", "Wait for it, or stop it."
                ) from None
            sign.write_text(mine, encoding="utf-8")  # whoever wrote it was killed
        except OSError as error:
            raise explain(error) from error
        try:
            yield
        finally:
            sign.unlink(missing_ok=True)

    def publish(self, offer: Offer, kept: Sequence[Kept], **more: Any) -> Path:
        """Writes the card and lets the model appear with it; what stood there in pieces is replaced.

        Raises:
            RequestError: something else has that name. StorageError: the disk is full or read-only.
        """
        target = models_dir() / self.name
        _refuse_foreign(target)
        write_card(self.files, offer, kept, accepted=self.accepted(offer), **more)
        old = self.home / "old"
        wanted = {CARD, *(one.path for one in kept)}
        try:
            for folder in {path.parent for path in self.files.rglob("*")} | {self.files}:
                sync_folder(folder)
            if target.exists():
                shutil.rmtree(old, ignore_errors=True)
                target.rename(old)
            self.files.rename(target)
            sync_folder(target.parent)
            for path in list(target.rglob("*")):
                if path.is_file() and path.relative_to(target).as_posix() not in wanted:
                    path.unlink()  # what was converted, and what a killed try left
        except OSError as error:
            raise explain(error) from error
        self.clear()
        return target

    def _make(self) -> None:
        try:
            self.home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise explain(error) from error


def at_work() -> list[str]:
    """Names of the models that a living process is putting together."""
    return sorted(sign.parent.name for sign in (models_dir() / WORK).glob(f"*/{SIGN}") if _owner(sign))


def write_card(folder: Path, offer: Offer, kept: Sequence[Kept], **more: Any) -> None:
    """The card of a model, in its folder. more: further values; those that are empty are left out."""
    row = {
        "title": offer.title,
        "purpose": offer.purpose,
        "licence": offer.licence,
        "limits": offer.limits,
        "licence_url": offer.licence_url,
        "installed": _now(),
        **{name: value for name, value in more.items() if value},
        "files": [
            {"path": one.path, "bytes": one.bytes, "sha256": one.sha256, "verified": one.verified}
            for one in kept
        ],
    }
    folder.mkdir(parents=True, exist_ok=True)
    write_atomic(folder / CARD, tomli_w.dumps(row).encode())


def check_free(name: str) -> None:
    """Says early that a model's place is taken by something that is not a model. Raises RequestError."""
    _refuse_foreign(models_dir() / name)


def _refuse_foreign(target: Path) -> None:
    if target.exists() and not (target / CARD).is_file() and (not target.is_dir() or any(target.iterdir())):
        raise RequestError(
            f"{target} is there already and is not what was fetched.", "Move it away, or remove it."
        )


def _owner(sign: Path) -> str:
    """The number of the living process that wrote the sign, "" where it is gone."""
    try:
        before = sign.read_text(encoding="utf-8")
    except OSError:
        return ""
    number = before.partition(" ")[0]
    return number if number.isdigit() and _process(int(number)) == before else ""


def _process(number: int) -> str:
    """A process and when it began, since numbers are used again; "" for none."""
    try:
        return f"{number} {psutil.Process(number).create_time():.2f}"
    except psutil.Error:
        return ""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
