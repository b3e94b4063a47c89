"""Models that a Hugging Face cache of this machine holds already: found by its layout, used where they lie."""

from __future__ import annotations

import os
import re
from collections.abc import Generator
from pathlib import Path

from adir_desktop.contract import Event
from adir_desktop.engine import weights
from adir_desktop.engine.pace import Pace
from adir_desktop.engine.store.cards import Kept, Workshop, check_free
from adir_desktop.engine.store.copying import digest
from adir_desktop.engine.store.offers import Offer, find_offer
from adir_desktop.errors import RequestError

SMALL = 16 * 2**20  # bytes up to which a file without a checksum in its cache is read for one


def usual_root() -> Path:
    """Where the hub's own library keeps its cache, by the variables that it knows."""
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if os.environ.get(name):
            return Path(os.environ[name]).expanduser()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface"
    return Path(os.environ.get("HF_HOME") or cache).expanduser() / "hub"


def snapshot(offer: Offer, root: Path | None = None) -> Path | None:
    """The folder in a cache that holds all of an offer's files, by presence and known sizes."""
    for repository in offer.repositories:
        home = (root or usual_root()) / f"models--{repository.replace('/', '--')}"
        for folder in _snapshots(home):
            if offer.files_in(folder) is not None:
                return folder
    return None


def is_snapshot(folder: Path) -> bool:
    """Whether a folder is a part of such a cache, where files are links that others share."""
    return folder.parent.name == "snapshots" and folder.parent.parent.name.startswith("models--")


def use(name: str, folder: Path | None = None) -> Generator[Event, None, Path]:
    """Mentions a cached model among the models, so that it is used in place; nothing is copied.

    folder: of the cache, by default where `snapshot` finds it. Returns it.

    Raises:
        RequestError: no such model, not in the cache, or installed already.
    """
    offer = find_offer(name)
    folder = folder or snapshot(offer)
    found = offer.files_in(folder) if folder is not None else None
    if folder is None or found is None:
        raise RequestError(
            f"{offer.title} is not in the cache {usual_root()}.", "Fetch it, or import its files."
        )
    if weights.installed_dir(name) is not None:
        raise RequestError(f"{offer.title} is installed already.", "Nothing has to be done.")
    check_free(name)
    workshop = Workshop(name)
    with workshop.occupied():
        kept = []
        for path in found:
            kept.append((yield from _known(offer, folder, path)))  # noqa: PERF401  no comprehension yields
        workshop.empty()
        workshop.publish(offer, kept, place=str(folder.absolute()), source="a Hugging Face cache")
    return folder


def _snapshots(home: Path) -> list[Path]:
    """The versions of one repository, the one that `main` means first, then the newest."""
    try:
        folders = sorted((home / "snapshots").iterdir(), key=lambda path: -path.stat().st_mtime)
    except OSError:
        return []
    try:
        main = (home / "refs" / "main").read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        main = ""
    return sorted(folders, key=lambda path: path.name != main)


def _known(offer: Offer, folder: Path, path: Path) -> Generator[Event, None, Kept]:
    """A cached file's checksum: its blob is called by it, or it is small enough to be read now."""
    size, name = path.stat().st_size, path.relative_to(folder).as_posix()
    told = next((file.sha256 for file in offer.files if file.path == name), "")
    blob = path.resolve().name
    if told:
        return Kept(name, size, told, "not yet: the catalogue's checksum, by a check of the files")
    if re.fullmatch(r"[0-9a-f]{64}", blob):
        return Kept(name, size, blob, "not yet: the cache's own checksum, by a check of the files")
    if size > SMALL:
        return Kept(name, size, "", "nothing: taken as it lies in the cache")
    own = yield from digest(path, Pace("verify", max(size, 1)))
    return Kept(name, size, own, "nothing: taken as it lies in the cache")
