"""What is wrong with the USearch files of a library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from usearch.index import Index

from adir_desktop.engine.catalogue import Catalogue, Shard
from adir_desktop.engine.vector_index import WASTE
from adir_desktop.files import sha256_file


def faulty_shards(catalogue: Catalogue) -> Iterator[tuple[str, Shard]]:
    """Every shard by the catalogue's order, with the kind of its fault, empty for none.

    A shard is opened only after its sha256 has been compared: USearch trusts what it reads.
    """
    home, highest = catalogue.path.parent, -1
    for shard in catalogue.shards():
        overlaps = shard.low <= highest or shard.high < shard.low
        yield "shard-overlap" if overlaps else _fault(home, catalogue, shard), shard
        highest = max(highest, shard.high)


def stray_files(home: Path, known: frozenset[str]) -> list[Path]:
    """USearch files that are not of the catalogue's shards, and what killed runs left behind."""
    found = {*home.glob("index-*.usearch"), *home.glob(".index-*.usearch"), *home.glob(".catalogue.*")}
    return sorted(path for path in {*found, *home.glob(".repair-*")} if path.name not in known)


def _fault(home: Path, catalogue: Catalogue, shard: Shard) -> str:
    path = home / shard.file
    if not path.is_file():
        return "shard-missing"
    if path.stat().st_size != shard.size:
        return "shard-cut"
    if sha256_file(path) != shard.sha256:
        return "shard-changed"
    said = Index.metadata(path)
    if said is None or said["dimensions"] != catalogue.number("dimensions"):
        return "shard-dimensions"
    return _keys_fault(path, catalogue, shard)


def _keys_fault(path: Path, catalogue: Catalogue, shard: Shard) -> str:
    index = Index(path=path, view=True)
    held = np.asarray(index.keys).astype(np.uint64)
    live = catalogue.keys(shard.low, shard.high)
    if len(held) != shard.vectors or len(np.unique(held)) != len(held):
        return "shard-changed"
    if len(np.setdiff1d(live, held)):
        return "shard-lacking"
    dead = len(np.setdiff1d(held, live))
    return "shard-dead" if WASTE * dead > shard.vectors else ""
