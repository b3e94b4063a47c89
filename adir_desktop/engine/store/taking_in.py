"""A person's own files become a model: recognised by what they are, checked where a checksum is known, moved or copied."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Sequence
from pathlib import Path

from adir_desktop.contract import Event
from adir_desktop.engine import weights
from adir_desktop.engine.pace import Pace
from adir_desktop.engine.store import hub_cache
from adir_desktop.engine.store.cards import Kept, Workshop, check_free
from adir_desktop.engine.store.copying import copy, digest
from adir_desktop.engine.store.fetch import converted_file
from adir_desktop.engine.store.offers import Offer, find_offer, offers
from adir_desktop.errors import BadInput, ModelError, RequestError, StorageError, explain

Work = Generator[Event, None, tuple[str, ...]]
SIGNS = ("model_index.json", "open_clip_config.json")  # a file that stands for its whole folder
NOTHING = "nothing: taken as it was given"


def take_in(path: Path, name: str = "", *, keep: bool = False) -> Work:
    """Installs files that lie on this machine; returns the models' names.

    path: a checkpoint, a model's folder, or a Hugging Face cache, which is used in place. name: which model
    of the catalogue it is, "" to recognise it. keep: the files stay where they are and are copied; else they move.

    Raises:
        RequestError: it is no model of the catalogue, incomplete, or installed already.
        ModelError: its checksum is wrong, or it holds more than tensors. StorageError: no room.
    """
    path = path.expanduser().absolute()
    if not path.exists():
        raise BadInput(f"There is no file or folder {path}.", "Check the path.")
    if path.is_file() and path.name in SIGNS:
        path = path.parent
    cached = _cached(path, name)
    if cached:
        for found, folder in cached:
            yield from hub_cache.use(found, folder)
        return tuple(found for found, _ in cached)
    folder = path if path.is_dir() else path.parent
    offer, files = _of_folder(path, name) if path.is_dir() else (yield from _of_file(path, name))
    if weights.installed_dir(offer.name) is not None:
        raise RequestError(f"{offer.title} is installed already.", "Remove it first.")
    check_free(offer.name)
    workshop = Workshop(offer.name)
    with workshop.occupied():
        workshop.empty()
        kept = yield from _bring(offer, workshop, folder, files, keep=keep)
        workshop.publish(offer, kept, source="files of this machine")
    if not keep:
        _leave(folder, files)
    return (offer.name,)


def _cached(path: Path, name: str) -> list[tuple[str, Path]]:
    """What of the catalogue lies in a Hugging Face cache, of which `path` is the whole or a part."""
    known = (find_offer(name),) if name else offers()
    if path.is_dir() and hub_cache.is_snapshot(path):
        offer, _ = _of_folder(path, name)
        return [(offer.name, path)]
    root = path.parent if path.name.startswith("models--") else path
    found = [(offer.name, hub_cache.snapshot(offer, root)) for offer in known]
    return [
        (one, folder)
        for one, folder in found
        if folder is not None and folder.is_relative_to(path) and weights.installed_dir(one) is None
    ]


def _of_folder(path: Path, name: str) -> tuple[Offer, tuple[Path, ...]]:
    """Which model a folder holds, and its files. Raises RequestError: none, or not all of it."""
    if name:
        offer = find_offer(name)
        files = offer.files_in(path)
        if not offer.fits(path, strictly=False):
            raise RequestError(f"{path} does not hold {offer.title}, but another kind of model.", _help())
        return offer, files if files is not None else _incomplete(offer, path)
    for offer in offers():
        files = offer.files_in(path)
        if files is not None and offer.fits(path):
            return offer, files
    for offer in offers():
        if offer.marks and offer.fits(path):
            _incomplete(offer, path)
    raise RequestError(f"{path} holds no model that the catalogue knows.", _help())


def _incomplete(offer: Offer, path: Path) -> tuple[Path, ...]:
    missing = ", ".join(offer.missing_in(path))
    raise RequestError(f"{path} lacks files of {offer.title}: {missing}.", "Get them, or fetch the model.")


def _of_file(path: Path, name: str) -> Generator[Event, None, tuple[Offer, tuple[Path, ...]]]:
    """Which model a single file is: by its size, then by its checksum.

    Raises:
        RequestError: none. ModelError: it should be that one, and its checksum is another.
    """
    size = path.stat().st_size
    known = (find_offer(name),) if name else offers()
    single = [offer for offer in known if sum(not file.optional for file in offer.files) == 1]
    for offer in single:
        file = offer.files[0]
        if not file.sha256 or (file.bytes not in (None, size) and not name):
            continue
        pace = Pace("verify", max(size, 1))
        if (yield from digest(path, pace)) == file.sha256:
            return offer, (path,)
        if name or path.name == file.path:
            raise ModelError(
                f"{path} is not {offer.title}: its checksum does not match.", "Get the file again."
            )
    wanted = f"{find_offer(name).title} is a folder of several files." if name and not single else ""
    raise RequestError(f"{path} is no model that the catalogue knows. {wanted}".strip(), _help())


def _bring(
    offer: Offer, workshop: Workshop, folder: Path, files: Sequence[Path], *, keep: bool
) -> Generator[Event, None, list[Kept]]:
    """All files into the workshop, checked; those that move are there under two names until the end."""
    sizes = [path.stat().st_size for path in files]
    _check_room(offer, workshop, files if keep else (), sizes)
    known = {file.path: file for file in offer.files}
    pace, done, kept = Pace("import", max(sum(sizes), 1)), 0, []
    yield pace.at(0)
    for path, size in zip(files, sizes, strict=True):
        single = len(files) == 1 and path.suffix in (".pt", ".pth")
        name = offer.files[0].path if single else path.relative_to(folder).as_posix()
        target = workshop.files / name
        linked = not keep and not path.is_symlink() and _link(path, target)
        own = yield from digest(target, pace, done) if linked else copy(path, target, pace, done)
        file = known.get(name)
        if file is not None and file.sha256 and own != file.sha256:
            raise ModelError(
                f"{path} is not what {offer.title} needs: its checksum does not match.", "Get it again."
            )
        told = "the catalogue" if file is not None and file.sha256 else NOTHING
        done += size
        if file is not None and file.becomes and name == file.path:
            kept.append((yield from converted_file(workshop.files, target, file.becomes, own, told)))
        else:
            kept.append(Kept(name, size, own, told))
    yield pace.at(max(sum(sizes), 1))
    return kept


def _link(source: Path, target: Path) -> bool:
    """Gives a file a second name, where both lie on one file system that can."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(source, target)
    except OSError:
        return False
    return True


def _check_room(offer: Offer, workshop: Workshop, copied: Sequence[Path], sizes: Sequence[int]) -> None:
    needed = sum(sizes) if copied else 0
    free = shutil.disk_usage(workshop.home).free
    if free < needed:
        raise StorageError(
            f"{offer.title} needs {needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free.",
            "Free some space, or let the files be moved instead of copied.",
        )


def _leave(folder: Path, files: Sequence[Path]) -> None:
    """The model is installed: the names that its files had before go, with folders that are empty then."""
    try:
        for path in files:
            path.unlink()
        for parent in sorted({path.parent for path in files} | {folder}, key=lambda p: -len(p.parts)):
            if parent.is_relative_to(folder) and len(files) > 1 and not any(parent.iterdir()):
                parent.rmdir()
    except OSError as error:
        raise explain(error) from error


def _help() -> str:
    names = ", ".join(offer.name for offer in offers())
    return f"Say which model it is: choose it in the list first, or give --as and one of: {names}."
