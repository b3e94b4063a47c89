"""Photos out of tar files in the WebDataset layout: `KEY.jpg` beside `KEY.json`, many to a file.

The photos are unpacked into a folder for each tar file, since neighbours are opened as files when a prior adapts
to them. What the JSON says of their makers goes into the folder's `credits.csv`.
"""

from __future__ import annotations

import json
import re
import tarfile
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from adir_desktop.contract import Event, Notice
from adir_desktop.engine.credits import Credit
from adir_desktop.engine.credits import write as write_credits
from adir_desktop.engine.glimpse import MAX_BYTES
from adir_desktop.engine.pace import Pace
from adir_desktop.engine.photos import PHOTO_SUFFIXES
from adir_desktop.errors import LibraryError, explain
from adir_desktop.files import write_atomic
from adir_desktop.interrupt import check

DONE = ".unpacked"  # in a tar file's folder once all of it is there: the tar file's size and time
MAX_JSON = 2**20  # bytes of what is said of one photo
_UNSAFE = re.compile(r"[^\w .()+-]+")
_WORDS = {  # column -> what the JSON of such collections calls it
    "author": ("author", "creator", "photographer"),
    "licence": ("licence", "license"),
    "page": ("page", "landing_page", "url"),
    "title": ("title", "caption"),
}


@dataclass
class _Unpacked:
    """What came out of one tar file. refused: names of members that are no files of bearable size."""

    credits: dict[str, Credit] = field(default_factory=dict)
    photos: int = 0
    refused: list[str] = field(default_factory=list)


def unpack(tars: Sequence[Path], to: Path) -> Generator[Event, None, list[Path]]:
    """Unpacks the photos of tar files below `to`; files that are there already stay. The folders they lie in.

    A tar file that was unpacked before and has not changed is passed over; one that is damaged gives what comes
    before the damage, with a notice.

    Raises:
        LibraryError: a tar file is not there, or two are of one name.
        StorageError: the disk is full or read-only.
    """
    folders = {tar: to / _plain(tar.name.split(".tar")[0]) for tar in tars}
    for tar in tars:
        if not tar.is_file():
            raise LibraryError(f"There is no tar file {tar}.", "Check the name.")
    if len(set(folders.values())) < len(folders):
        raise LibraryError("Two of the tar files have the same name.", "Unpack them one after the other.")
    pace = Pace("unpack", len(folders))
    for number, (tar, folder) in enumerate(folders.items(), 1):
        mark = _mark(tar)
        if not _has(folder / DONE, mark):
            yield from _one(tar, folder, mark, pace, number - 1)
        yield pace.at(number)
    return list(folders.values())


def _one(tar: Path, folder: Path, mark: bytes, pace: Pace, before: int) -> Generator[Event, None, None]:
    found = _Unpacked()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tarfile.open(tar, "r|*") as stream:
            for member in stream:
                _member(stream, member, folder, found)
                check()
                if pace.due():
                    yield pace.at(before)
        whole = True
    except tarfile.TarError as error:
        whole = False
        yield Notice(
            f"{tar} is damaged ({error}); {found.photos} photos of it could be read.", "Get it again."
        )
    except OSError as error:
        raise explain(error) from error
    write_credits(folder, {name: who for name, who in found.credits.items() if (folder / name).is_file()})
    if found.refused:
        yield Notice(f"{len(found.refused)} entries of {tar} were passed over, such as {found.refused[0]}.")
    if whole:
        write_atomic(folder / DONE, mark)


def _member(stream: tarfile.TarFile, member: tarfile.TarInfo, folder: Path, found: _Unpacked) -> None:
    """Writes a photo, or takes note of what is said of one."""
    path = PurePosixPath(member.name)
    key, _, kind = path.name.partition(".")
    suffix = f".{kind.lower()}"
    if suffix not in PHOTO_SUFFIXES and suffix != ".json":
        return
    limit = MAX_JSON if suffix == ".json" else MAX_BYTES
    if not member.isreg() or not key or member.size > limit:
        found.refused.append(member.name[:200])
        return
    # the folders within a tar file become part of the name: nothing leads out of the folder
    name = _plain("-".join([*path.parts[:-1], key]))
    if suffix == ".json":
        found.credits |= dict(_credits(stream, member, name))
        return
    found.photos += 1
    target = folder / f"{name}{suffix}"
    if not target.is_file() or target.stat().st_size != member.size:
        write_atomic(target, _content(stream, member))


def _credits(stream: tarfile.TarFile, member: tarfile.TarInfo, name: str) -> Iterator[tuple[str, Credit]]:
    """What JSON says of a photo, under each name that the photo's file may have."""
    try:
        said = json.loads(_content(stream, member))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        return
    if isinstance(said, dict):
        values = {
            column: str(next((said[word] for word in words if said.get(word)), ""))
            for column, words in _WORDS.items()
        }
        for suffix in PHOTO_SUFFIXES:
            yield f"{name}{suffix}", Credit(**values)


def _content(stream: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = stream.extractfile(member)
    content = b"" if file is None else file.read()
    if len(content) != member.size:
        raise tarfile.ReadError("it ends too early")
    return content


def _plain(name: str) -> str:
    """A name that is one everywhere and not hidden."""
    return _UNSAFE.sub("-", name).strip(". ")[:120] or "photos"


def _mark(tar: Path) -> bytes:
    stat = tar.stat()
    return f"{stat.st_size} {stat.st_mtime_ns}\n".encode()


def _has(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content
