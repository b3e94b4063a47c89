"""Writing files so that a crash, a full disk or a kill never leaves half of one."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from adir_desktop.errors import BadInput, explain
from adir_desktop.interrupt import check

_UMASK = Lock()
CHUNK = 4 * 2**20  # bytes read at once: some hundredths of a second


@contextmanager
def atomic(path: Path, *, overwrite: bool = True) -> Iterator[Path]:
    """Yields a temporary path beside `path`; on a clean exit it is synced and takes `path`'s name.

    On any error the temporary file is removed and whatever stood at `path` is as it was.

    Raises:
        BadInput: `path` exists and may not be replaced, is a folder, or its folder is missing.
        StorageError: the disk is full or read-only.
    """
    check_writable(path, overwrite=overwrite)
    try:
        handle, name = tempfile.mkstemp(prefix=_prefix(path), suffix=path.suffix, dir=path.parent)
    except OSError as error:
        raise explain(error) from error
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        _sync(temporary)
        temporary.chmod(_default_mode())
        if overwrite:
            temporary.replace(path)
        else:
            _publish_new(temporary, path)
        sync_folder(path.parent)
    except OSError as error:
        raise explain(error) from error
    finally:
        temporary.unlink(missing_ok=True)


def remove_leftovers(path: Path) -> None:
    """Removes temporary files that a killed `atomic` left beside `path`. Raises OSError."""
    for left in path.parent.iterdir() if path.parent.is_dir() else ():
        if left.name.startswith(_prefix(path)) and left.is_file():
            left.unlink()


def write_atomic(path: Path, content: bytes, *, overwrite: bool = True) -> None:
    """Writes `content` to `path` as a whole or not at all; errors as in `atomic`."""
    with atomic(path, overwrite=overwrite) as temporary:
        temporary.write_bytes(content)


def check_writable(path: Path, *, overwrite: bool) -> None:
    """Says early, before minutes of work, that `path` cannot be written.

    Raises:
        BadInput: `path` exists and may not be replaced, is a folder, or its folder is missing.
    """
    if path.is_dir():
        raise BadInput(f"{path} is a folder.", "Give the name of a file in it.")
    if not path.parent.is_dir():
        raise BadInput(f"The folder {path.parent} does not exist.", "Create it or choose another.")
    if path.exists() and not overwrite:
        raise BadInput(f"{path} already exists.", "Choose another name, or allow it with --overwrite.")
    if not os.access(path.parent, os.W_OK):
        raise BadInput(f"The folder {path.parent} cannot be written to.", "Choose another folder.")


def sha256_file(path: Path) -> str:
    """Hex sha256 of a file's bytes; of gigabytes too, the person may stop meanwhile.

    Raises:
        Interrupted: the person asked to stop.
    """
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            check()
            digest.update(chunk)
    return digest.hexdigest()


def _prefix(path: Path) -> str:
    return f".{path.name[:80]}."


def _publish_new(temporary: Path, path: Path) -> None:
    """A hard link fails if `path` came into being meanwhile: no race loses a file."""
    try:
        os.link(temporary, path)
    except FileExistsError as error:
        raise BadInput(f"{path} already exists.", "Choose another name.") from error
    except OSError:  # a file system without hard links
        temporary.replace(path)


def _sync(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Makes new names in a folder last through a power cut, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _default_mode() -> int:
    """Mkstemp makes files private; a saved picture follows the person's umask instead."""
    with _UMASK:  # it can only be read by setting it, for all threads
        mask = os.umask(0)
        os.umask(mask)
    return 0o666 & ~mask
