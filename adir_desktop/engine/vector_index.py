"""The USearch index of a library: a copy of the catalogue's vectors that is fast to search.

The catalogue records the generation and the sha256 of the index it belongs to. A file that is missing,
damaged or left behind by an interrupted run does not match, and is made again from the catalogue.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from usearch.index import Index

from adir_desktop.contract import Event, Notice
from adir_desktop.engine.catalogue import Catalogue
from adir_desktop.engine.pace import Pace
from adir_desktop.engine.sqlite import writing
from adir_desktop.errors import BadInput, StorageError
from adir_desktop.files import write_atomic

INDEX = "index.usearch"
# HNSW (Malkov and Yashunin 2018): M, efConstruction and ef.
CONNECTIVITY = 32
EXPANSION_ADD = 256
EXPANSION_SEARCH = 512
CHUNK = 512  # vectors added between two events


def ready(catalogue: Catalogue) -> Generator[Event, None, Any]:
    """The index of an open catalogue, brought up to date where it is not.

    A new index is kept on disk unless another process is changing the library or the disk refuses:
    then it serves this search only.
    """
    home = catalogue.path.parent
    meta = catalogue.meta()
    stored = _load(home, meta)
    if stored is not None and meta.get("indexed_generation") == meta.get("generation"):
        return stored
    if stored is None and "indexed_sha256" in meta:
        yield Notice(
            f"The index of the library '{home.name}' was damaged; it is made again from the catalogue."
        )
    index = yield from _built(catalogue, stored)
    try:
        with writing(home):
            _save(catalogue, index, meta.get("generation", "0"))
    except (BadInput, StorageError):  # busy or read-only
        yield Notice(f"The index of the library '{home.name}' could not be kept; it serves this search only.")
    return index


def refresh(catalogue: Catalogue) -> Generator[Event, None, None]:
    """Writes the index anew if the catalogue has changed; for callers that hold the write lock.

    Raises:
        StorageError: it cannot be written; the catalogue is complete all the same.
    """
    meta = catalogue.meta()
    stored = _load(catalogue.path.parent, meta)
    if stored is None or meta.get("indexed_generation") != meta.get("generation"):
        index = yield from _built(catalogue, stored)
        _save(catalogue, index, meta.get("generation", "0"))


def candidates(index: Any, vector: NDArray[np.float32], count: int, *, exact: bool) -> NDArray[np.uint64]:
    """The keys of about the `count` vectors nearest to `vector` (d,), nearest first."""
    return np.asarray(index.search(vector, count, exact=exact).keys, np.uint64)


def _load(home: Path, meta: dict[str, str]) -> Any:
    """The index file if it is, byte for byte, the one that the catalogue knows; else None.

    The hash is checked first, since USearch trusts what it reads.
    """
    try:
        content = (home / INDEX).read_bytes()
    except OSError:
        return None
    if hashlib.sha256(content).hexdigest() != meta.get("indexed_sha256"):
        return None
    index = _empty(int(meta.get("dimensions", "0")))
    index.load(content)
    return index


def _built(catalogue: Catalogue, stored: Any) -> Generator[Event, None, Any]:
    """An index of all vectors; what `stored` has already is kept unless a photo has gone since."""
    keys, vectors = catalogue.vectors()
    index, missing = stored, np.ones(len(keys), bool)
    if stored is not None:
        missing = ~np.isin(keys, np.asarray(stored.keys, np.uint64))
    if stored is None or len(stored) + missing.sum() != len(keys):
        index, missing = _empty(vectors.shape[1]), np.ones(len(keys), bool)
    keys, vectors = keys[missing], vectors[missing]
    pace = Pace("index", len(keys))
    for start in range(0, len(keys), CHUNK):
        index.add(keys[start : start + CHUNK], vectors[start : start + CHUNK])
        if pace.due():
            yield pace.at(min(start + CHUNK, len(keys)))
    return index


def _empty(dimensions: int) -> Any:
    """Everything is said: left to itself, USearch picks the number type by the processor it runs on."""
    return Index(
        ndim=dimensions,
        metric="cos",
        dtype="f16",
        connectivity=CONNECTIVITY,
        expansion_add=EXPANSION_ADD,
        expansion_search=EXPANSION_SEARCH,
    )


def _save(catalogue: Catalogue, index: Any, generation: str) -> None:
    """The file first, then the catalogue's word that it is whole: a crash in between leaves a mismatch."""
    content = bytes(index.save())
    write_atomic(catalogue.path.parent / INDEX, content)
    digest = hashlib.sha256(content).hexdigest()
    with catalogue.transaction():
        catalogue.set_meta({"indexed_generation": generation, "indexed_sha256": digest})
