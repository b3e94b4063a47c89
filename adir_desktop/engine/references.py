"""A person's own reference photos: compared with the open photo, and adapted to, without any library."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Sequence
from pathlib import Path

from adir_desktop.contract import Event, Neighbour, Notice, Photo, References
from adir_desktop.engine import encoder as encoders
from adir_desktop.engine.encoder import Encoder, Vectors
from adir_desktop.engine.folders import scan
from adir_desktop.engine.glimpse import content_of, look
from adir_desktop.engine.pace import Pace
from adir_desktop.engine.ranking import angle, cosine
from adir_desktop.errors import LibraryError, PhotoError


def references(photo: Photo, paths: Sequence[Path]) -> Generator[Event, None, References]:
    """Photo files, and those in folders at any depth, as neighbours of `photo`, most similar first.

    They are of no library (""). Equal files are one photo; what cannot be read is left out and said,
    and so is the open photo's own file, which teaches nothing.

    Raises:
        LibraryError: none of them can be used.
        ModelError: the encoder is not on this machine.
    """
    yield Pace("index", 0).at(0)
    files = yield from _files(paths)
    encoder = encoders.load_encoder()
    query = encoder.encode_images([photo])[0]
    own = photo.path.resolve() if photo.path else None
    found: dict[str, Neighbour] = {}
    pace = Pace("index", len(files))
    for number, path in enumerate(files, 1):
        if path.resolve() == own:
            yield Notice(f"{path.name} is the open photo itself and was left out.")
        else:
            try:
                reference = _reference(path, query, encoder)
                found.setdefault(reference.id, reference)
            except PhotoError as error:
                yield Notice(f"{path} was left out: {error.problem}", error.remedy)
        if pace.due():
            yield pace.at(number)
    if not found:
        raise LibraryError("None of these files can be used as a reference.", "Choose other photos.")
    yield pace.at(len(files))
    return References(tuple(sorted(found.values(), key=lambda item: (-item.similarity, str(item.path)))))


def _files(paths: Sequence[Path]) -> Generator[Event, None, list[Path]]:
    """The files that were given and those in the folders that were given, each once."""
    pace = Pace("index", 0)
    files: dict[str, Path] = {}
    for given in paths:
        path = given.absolute()
        if not path.is_dir():
            files[str(path)] = path
            continue
        walk = scan([str(path)])
        while True:
            try:
                next(walk)
            except StopIteration as end:
                files |= {name: Path(name) for name in end.value.files}
                for name, reason in end.value.failed.items():
                    yield Notice(f"{name} was left out: {reason}")
                break
            if pace.due():
                yield pace.at(0)
    return list(files.values())


def _reference(path: Path, query: Vectors, encoder: Encoder) -> Neighbour:
    """One file compared with the query's vector (d,). Raises PhotoError: it cannot be read."""
    content = content_of(path)
    glimpse = look(path, content, encoder.working_side)
    vector = encoder.encode_images([glimpse.image])[0]
    return Neighbour(
        id=hashlib.sha256(content).hexdigest(),
        path=path,
        similarity=cosine(query, vector),
        angle=angle(query, vector),
        author=glimpse.author,
        licence=glimpse.licence,
        thumbnail=glimpse.thumbnail,
    )
