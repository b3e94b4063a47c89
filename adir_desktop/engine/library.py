"""Photo libraries: folders indexed once and then kept up to date, each in a folder of its own.

A library survives being killed at any moment: photos are committed in batches, the index is only a
copy (see vector_index), and what a killed run had not reached is found at the next update.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from adir_desktop.contract import Event, LibraryInfo, Progress
from adir_desktop.engine import encoder as encoders
from adir_desktop.engine import indexing, vector_index
from adir_desktop.engine.catalogue import Catalogue
from adir_desktop.engine.encoder import STARTER
from adir_desktop.engine.finds import Finds, check_emptied, root_of
from adir_desktop.engine.pace import Pace
from adir_desktop.engine.schema import CATALOGUE, create
from adir_desktop.engine.shelf import (
    LINK,
    all_places,
    free_name,
    home_at,
    home_of,
    is_library,
    link,
    place_of,
    plain_name,
    there_are,
)
from adir_desktop.engine.sqlite import writing
from adir_desktop.errors import AdirError, LibraryError, explain

Merge = Callable[[Catalogue, Finds, str], Generator[Event, None, None]]


def index(
    folders: Sequence[str | Path],
    name: str | None = None,
    encoder: str | None = None,
    device: str = "cpu",
    *,
    listed: Iterable[str] = (),
    storage: str = "",
    at: Path | None = None,
    merge: Merge = indexing.merge,
) -> Generator[Event, None, LibraryInfo]:
    """Makes a library of `folders`, or adds them to the library `name`; known, unchanged files are skipped.

    name: by default that of the library of exactly this folder, or a new one after the first folder.
    encoder: by default the library's own, or the starter encoder for a new library. listed: more files, by their
    absolute paths, wherever they lie. storage: of vector_index.STORAGES, for a new library. at: where a new
    library is to lie, a folder of its name. merge: who reads the files; by default this process.

    Raises:
        LibraryError: a folder is missing or holds no photo; the library is busy, damaged, or of
            another encoder; the name cannot be a file's.
        ModelError: the encoder is not on this machine.
        StorageError: the disk is full or read-only; what was committed is kept.
    """
    roots = [root_of(folder) for folder in folders]
    if name is None:
        if not roots:
            raise LibraryError("No folder was given.", "Give the folders that hold your photos.")
        name = resolve(roots[0]) if len(roots) == 1 else free_name(roots[0])
    home = at or home_at(place_of(name))
    if at is not None:
        _check_place(at)
    with closing(Finds(roots)) as found:
        yield from _found(found, listed, needed=True)
        if not (home / CATALOGUE).exists():
            if not len(found):
                raise LibraryError(
                    f"There are no photos in {', '.join(roots) or 'the list'}.",
                    "Choose a folder with JPEG, PNG, TIFF … files.",
                )
            yield Progress("index", 0, len(found))
            encoders.load_encoder(encoder or STARTER, device)  # before anything is made that would stay empty
            _make(home)
        if at is not None:
            link(home)
        return (yield from _updated(home, found, encoder, device, storage, merge))


def update(name: str, device: str = "cpu") -> Generator[Event, None, LibraryInfo]:
    """Brings a library up to date with its folders.

    Raises:
        LibraryError: there is no such library; one of its folders is missing (nothing is forgotten);
            it is busy or damaged.
        ModelError, StorageError: as for `index`.
    """
    home = home_of(name)
    with closing(Catalogue(home)) as catalogue:
        roots = [root_of(folder) for folder in catalogue.folders()]
        strays = [file.path for file in catalogue.files(outside=roots)]
    with closing(Finds(roots)) as found:
        yield from _found(found, strays, needed=False)
        return (yield from _updated(home, found, None, device))


def ensure(name_or_dir: str, device: str = "cpu") -> Generator[Event, None, str]:
    """The name of a library to search: a name as it is; a folder is indexed or brought up to date first.

    Raises:
        LibraryError: neither a library nor a folder; otherwise as for `index`.
    """
    if is_library(name_or_dir):
        return name_or_dir
    name = resolve(name_or_dir)
    info = yield from index([name_or_dir], name, device=device)
    return info.name


def resolve(name_or_dir: str | Path) -> str:
    """The name of an existing library, or the one for a folder: of the library made of exactly that
    folder, else a free name for `index` to use.

    Raises:
        LibraryError: it is neither.
    """
    text = str(name_or_dir)
    if is_library(text):
        return text
    if not Path(text).is_dir():
        raise LibraryError(f"There is no library or folder '{text}'.", there_are())
    root = root_of(text)
    for place in all_places():
        try:
            with closing(Catalogue(home_at(place))) as catalogue:
                folders = catalogue.folders()
        except LibraryError:
            if place.name == plain_name(root):
                raise
        else:
            if folders == (root,):
                return place.name
    return free_name(root)


def list_libraries() -> tuple[LibraryInfo, ...]:
    """All libraries by name; a damaged one is listed with its error as the one failed file."""
    return tuple(_info_or_error(place) for place in all_places())


def remove(name: str) -> None:
    """Forgets a library: its catalogue, thumbnails and index, or the way to one that lies elsewhere. The photos
    themselves are not touched.

    Raises:
        LibraryError: there is no such library, or another process is changing it.
        StorageError: the files cannot be removed.
    """
    if not is_library(name):
        raise LibraryError(f"There is no library '{name}'.", there_are())
    place = place_of(name)
    if not (place / LINK).is_file():
        with writing(place):
            pass
    vector_index.let_go()
    try:
        # renamed first: a removal that is interrupted leaves nothing that looks like a library
        dropped = place.rename(place.with_name(f".removed-{os.getpid()}-{name}"))
        shutil.rmtree(dropped)
    except OSError as error:
        raise explain(error) from error


def attach(folder: str | Path) -> LibraryInfo:
    """Makes a library that lies in a folder anywhere, such as one that index_tools built, known by that folder's name.

    It stays where it is; removing it then only forgets the way to it.

    Raises:
        LibraryError: there is no library in the folder, or it is damaged; its name is another library's.
        StorageError: the way to it cannot be kept.
    """
    home = Path(root_of(folder))
    with closing(Catalogue(home)) as catalogue:
        info = _info(catalogue)
    link(home)
    return info


def _make(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explain(error) from error


def _updated(
    home: Path,
    found: Finds,
    spec: str | None,
    device: str,
    storage: str = "",
    merge: Merge = indexing.merge,
) -> Generator[Event, None, LibraryInfo]:
    """Merges what was found into the library at `home`, new or not, and writes its index."""
    with ExitStack() as stack:
        stack.enter_context(writing(home))
        if not (home / CATALOGUE).exists():
            create(
                home, found.roots, {"spec": spec or STARTER, "storage": storage or vector_index.STORAGES[0]}
            )
        catalogue = stack.enter_context(closing(Catalogue(home)))
        catalogue.check()
        known_spec = catalogue.meta().get("spec", STARTER)
        if spec and spec != known_spec:
            raise LibraryError(
                f"The library '{home.name}' is of the encoder '{known_spec}', not '{spec}'.",
                "Vectors of two encoders cannot be mixed: use another name for the new library.",
            )
        check_emptied(catalogue, found.roots)
        with catalogue.transaction():
            catalogue.add_folders(found.roots)
        yield from merge(catalogue, found, device)
        with catalogue.transaction():
            catalogue.set_meta({"updated": datetime.now(UTC).isoformat(timespec="seconds")})
        yield from vector_index.refresh(catalogue)
        return _info(catalogue)


def _check_place(at: Path) -> None:
    """A library lies in a folder of its own. Raises LibraryError: other things lie there."""
    if at.is_dir() and not (at / CATALOGUE).is_file() and any(at.iterdir()):
        raise LibraryError(
            f"The folder {at} is not empty, and no library.", "Give a new folder for the library."
        )
    if at.exists() and not at.is_dir():
        raise LibraryError(f"{at} is not a folder.", "Give a new folder for the library.")


def _found(found: Finds, listed: Iterable[str], *, needed: bool) -> Generator[Event, None, None]:
    """Walks the folders and the list, with an event now and then; how much there is to find is not known yet."""
    pace = Pace("index", 0)
    for _ in chain(found.walk(), found.look_at(listed, needed=needed)):
        if pace.due():
            yield pace.at(0)


def _info_or_error(place: Path) -> LibraryInfo:
    try:
        with closing(Catalogue(home_of(place.name))) as catalogue:
            return _info(catalogue)
    except AdirError as error:
        home = home_at(place)
        failed, elsewhere = ((home / CATALOGUE, str(error)),), None if home == place else home
        return LibraryInfo(place.name, (), "", 0, _size(home), "", failed, elsewhere)


def _info(catalogue: Catalogue) -> LibraryInfo:
    meta, home = catalogue.meta(), catalogue.path.parent
    return LibraryInfo(
        name=home.name,
        folders=tuple(Path(folder) for folder in catalogue.folders()),
        encoder=meta.get("encoder", meta.get("spec", "")),
        photos=catalogue.photos(),
        bytes_on_disk=_size(home),
        updated=meta.get("updated", ""),
        failed=tuple((Path(path), reason) for path, reason in catalogue.failed()),
        elsewhere=None if home == place_of(home.name) else home,
    )


def _size(home: Path) -> int:
    files = (home / CATALOGUE, *home.glob("index-*.usearch"))
    return sum(file.stat().st_size for file in files if file.is_file())
