"""Gigabytes read or copied piece by piece: told how far it is, stopped between two pieces, checked by sha256."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Generator
from pathlib import Path

from adir_desktop import interrupt
from adir_desktop.contract import Progress
from adir_desktop.engine.pace import Pace
from adir_desktop.errors import StorageError, explain
from adir_desktop.files import CHUNK, atomic


def digest(path: Path, pace: Pace, before: int = 0) -> Generator[Progress, None, str]:
    """The hex sha256 of a file; before: bytes of the stage that are done already. Raises OSError."""
    found, done = hashlib.sha256(), before
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            interrupt.check()
            found.update(chunk)
            done += len(chunk)
            if pace.due():
                yield pace.at(done)
    return found.hexdigest()


def copy(source: Path, target: Path, pace: Pace, before: int = 0) -> Generator[Progress, None, str]:
    """A copy as a whole or not at all, read back and compared; returns its hex sha256.

    Raises:
        StorageError: the disk is full, or gives back something else than was written.
        BadInput: the source cannot be found.
    """
    found, done = hashlib.sha256(), before
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as read, atomic(target) as temporary:
            with temporary.open("wb") as write:
                while chunk := read.read(CHUNK):
                    interrupt.check()
                    write.write(chunk)
                    found.update(chunk)
                    done += len(chunk)
                    if pace.due():
                        yield pace.at(done)
                write.flush()
                os.fsync(write.fileno())
            back = yield from digest(temporary, Pace("verify", max(done - before, 1)))
            if back != found.hexdigest():
                raise StorageError(f"{target} is not what was written to it.", "Check the drive.")
    except OSError as error:
        raise explain(error) from error
    return found.hexdigest()
