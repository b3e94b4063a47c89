"""Another folder for the models: everything is copied and compared, then the setting changes, then the old goes.

Killed at any moment, the models are where the setting says. The marker in the new folder says what is under way.
"""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Generator, Iterator
from pathlib import Path

import tomli_w

from adir_desktop.contract import Event, Notice
from adir_desktop.engine.pace import Pace
from adir_desktop.engine.store.cards import WORK, at_work
from adir_desktop.engine.store.copying import copy, digest
from adir_desktop.engine.weights import CARD, OPEN_CLIP
from adir_desktop.errors import BadInput, RequestError, StorageError, explain
from adir_desktop.files import remove_leftovers, write_atomic
from adir_desktop.places import models_dir

MARKER = ".moving.toml"
WEIGHTS = (".safetensors", ".pt", ".pth", ".bin")


def copy_models(target: Path) -> Generator[Event, None, Path]:
    """Brings every model into another folder and compares it; those in use stay as they are. Returns the folder.

    Files on the same file system get a second name instead of a copy. Afterwards whoever keeps the settings
    changes them, and then calls `remove_old`.

    Raises:
        RequestError: the two folders are one, or lie in each other, or something is in the way.
        StorageError: not enough room, or not writable.
    """
    source, target = models_dir().absolute(), target.expanduser().absolute()
    _check_places(source, target)
    if busy := at_work():
        raise RequestError(f"{', '.join(busy)} is being fetched just now.", "Wait for it, or pause it.")
    items = models_in(source)
    marker = target / MARKER
    before = _read(marker)
    if before is not None and before[0] != source:
        raise RequestError(
            f"{target} takes in models from {before[0]} already.", f"Remove {marker} if that is over."
        )
    mine = set(before[1]) if before else set()
    taken = [name for name in items if name not in mine and (target / name).exists()]
    if taken:
        raise RequestError(
            f"{target} has {', '.join(taken)} already.", "Choose another folder, or remove it there."
        )
    _make(target)
    try:
        write_atomic(marker, tomli_w.dumps({"source": str(source), "items": items}).encode())
        yield from _copy_all(source, target, items)
    except OSError as error:
        raise explain(error) from error
    return target


def remove_old(target: Path) -> Generator[Event, None, None]:
    """After the setting was changed: what was copied goes from the old folder, if `target` really has it.

    Raises StorageError: it may not be removed.
    """
    target = target.expanduser().absolute()
    marker = target / MARKER
    found = _read(marker)
    if found is None:
        return
    source, items = found
    try:
        for name in items:
            if not (source / name).exists():
                continue
            unlike = [one for one, path in _files(source / name) if not _same_size(path, target / name / one)]
            if unlike:
                yield Notice(
                    f"{source / name} was changed meanwhile and stays.", "Compare it, then remove it."
                )
            elif (source / name).is_symlink():
                (source / name).unlink()
            else:
                shutil.rmtree(source / name)
        if source.is_dir() and not any(source.iterdir()):
            source.rmdir()
        marker.unlink()
    except OSError as error:
        raise explain(error) from error


def unfinished() -> Path | None:
    """The folder that the models were moved from and that still has them, None where all is done."""
    found = _read(models_dir() / MARKER)
    return found[0] if found else None


def models_in(folder: Path) -> list[str]:
    """Names of the folders that hold models, and of what is on its way; whatever else lies there stays."""
    try:
        folders = sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError:
        return []
    return [path.name for path in folders if path.name == WORK or (path.name[0] != "." and _is_model(path))]


def _is_model(folder: Path) -> bool:
    if folder.is_symlink() or (folder / CARD).is_file() or (folder / OPEN_CLIP).is_file():
        return True
    return any(path.suffix in WEIGHTS for _, path in _files(folder))


def _check_places(source: Path, target: Path) -> None:
    if target == source or (target.exists() and source.exists() and target.samefile(source)):
        raise RequestError(f"The models are in {target} already.", "Choose another folder.")
    if target.is_relative_to(source) or source.is_relative_to(target):
        raise RequestError(f"{target} and {source} lie in each other.", "Choose a folder beside it.")
    if target.exists() and not target.is_dir():
        raise BadInput(f"{target} is a file.", "Choose a folder.")


def _make(target: Path) -> None:
    """Raises StorageError: there can be no folder at that place."""
    try:
        target.mkdir(parents=True, exist_ok=True)
    except (FileNotFoundError, NotADirectoryError) as error:  # a file on the way, or a place such as /proc
        raise StorageError(
            f"The folder {target} cannot be made: the system allows none there.", "Choose another folder."
        ) from error
    except OSError as error:
        raise explain(error) from error


def _copy_all(source: Path, target: Path, items: list[str]) -> Generator[Event, None, None]:
    rows = [
        (path, target / name / one, path.stat().st_size)
        for name in items
        if not (source / name).is_symlink()
        for one, path in _files(source / name)
    ]
    total = sum(size for _, _, size in rows)
    if source.stat().st_dev != target.stat().st_dev:
        missing = sum(size for path, copied, size in rows if not _same_size(path, copied))
        if (free := shutil.disk_usage(target).free) < missing:
            raise StorageError(
                f"The models need {missing / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free in {target}.",
                "Choose another folder.",
            )
    pace, done = Pace("move", max(total, 1)), 0
    yield pace.at(0)
    for path, copied, size in rows:
        yield from _copy_one(path, copied, pace, done)
        done += size
    for name in items:
        if (source / name).is_symlink() and not (target / name).is_symlink():
            (target / name).symlink_to((source / name).resolve(), target_is_directory=True)
    yield pace.at(max(total, 1))


def _copy_one(path: Path, copied: Path, pace: Pace, done: int) -> Generator[Event, None, None]:
    if copied.is_file():
        if path.samefile(copied):
            return
        if _same_size(path, copied):
            there = yield from digest(copied, pace, done)
            if there == (yield from digest(path, pace, done)):
                return
        copied.unlink()
    copied.parent.mkdir(parents=True, exist_ok=True)
    remove_leftovers(copied)
    try:
        os.link(path, copied)
    except OSError:  # another file system, or one without second names
        yield from copy(path, copied, pace, done)


def _files(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Every file below, as (its path below the folder, its path); links to folders are not followed."""
    for root, _, names in os.walk(folder):
        for name in names:
            path = Path(root) / name
            yield path.relative_to(folder), path


def _same_size(one: Path, other: Path) -> bool:
    return other.is_file() and other.stat().st_size == one.stat().st_size


def _read(marker: Path) -> tuple[Path, list[str]] | None:
    try:
        table = tomllib.loads(marker.read_text(encoding="utf-8"))
        return Path(table["source"]), [str(name) for name in table["items"] if Path(name).name == name]
    except (OSError, ValueError, KeyError, TypeError):
        return None
