"""Millions of vectors: what their index takes to be built, opened and searched, and what others take.

`python -m index_tools.benchmark.search HOME` is one process that opens a library and searches it, so that its
memory is its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from adir_desktop.engine import ranking, vector_index
from adir_desktop.engine.catalogue import Catalogue
from adir_desktop.engine.events import result_of
from adir_desktop.errors import AdirError
from index_tools.benchmark.synthetic import Clusters, Vectors, fill

SEARCHES = 100
COUNTS = 20, 50
TREE_SEARCHES = 3  # a K-D tree of hundreds of dimensions looks at nearly all

Answers = NDArray[np.int64]


@dataclass(frozen=True)
class Searched:
    """One way to search. seconds to build; bytes on disk; milliseconds; recall by how many are asked for.

    cold_open: seconds until a library of which nothing is in memory can be searched; first: its first search;
    p50 and p99 are of 100 searches after 100 others.
    memory: bytes that the process has more after the searches than before it opened the library; shared: how much of
    it are pages of files, which the system may take back.
    """

    way: str
    build: float
    size: int
    p50: float
    p99: float
    recall: dict[int, float]
    cold_open: float = 0
    first: float = 0
    memory: int = 0
    shared: int = 0


def exact(clusters: Clusters) -> tuple[Searched, Answers]:
    """All products with numpy in float32, and the true answers."""
    start = time.perf_counter()
    vectors = np.concatenate(list(clusters.blocks()))
    build = time.perf_counter() - start
    answers, times = _timed(lambda query: _nearest(vectors, query), clusters.queries(SEARCHES))
    return _searched("exact, numpy float32", build, vectors.nbytes, times, answers, answers), answers


def tree(clusters: Clusters, true: Answers) -> Searched:
    """A K-D tree, which the method's authors used."""
    vectors = np.concatenate(list(clusters.blocks()))
    start = time.perf_counter()
    built = cKDTree(vectors, balanced_tree=False, compact_nodes=False)
    build = time.perf_counter() - start
    queries = clusters.queries(SEARCHES)[:TREE_SEARCHES]
    answers, times = _timed(lambda query: built.query(query, max(COUNTS))[1], queries)
    return _searched(
        "K-D tree, scipy",
        build,
        built.data.nbytes + built.indices.nbytes,
        times,
        answers,
        true[:TREE_SEARCHES],
    )


def usearch(clusters: Clusters, true: Answers, storage: str, home: Path) -> Searched:
    """A library with shards of `storage`, searched by a process of its own as a restoration does it."""
    if not (home / "catalogue.sqlite").is_file():
        fill(home, clusters, storage)
    start = time.perf_counter()
    with closing(Catalogue(home)) as catalogue:
        result_of(vector_index.compact(catalogue, storage))
    build = time.perf_counter() - start
    shards = list(home.glob("index-*.usearch"))
    for shard in shards:
        _drop_from_memory(shard)
    queries = home / "queries.npy"
    np.save(queries, np.concatenate([clusters.queries(SEARCHES), clusters.queries(SEARCHES, 1)]))
    command = [sys.executable, "-m", "index_tools.benchmark.search", str(home)]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603
    size = sum(shard.stat().st_size for shard in shards)
    of_one = _searched(
        f"USearch, {storage}", build, size, np.array(told["times"]), np.array(told["answers"]), true
    )
    figures = {name: told[name] for name in ("cold_open", "first", "memory", "shared")}
    return Searched(**{**asdict(of_one), **figures})


def _opened_and_searched(home: Path) -> dict[str, Any]:
    """In a process of its own."""
    queries = np.load(home / "queries.npy")
    before = psutil.Process().memory_info()
    start = time.perf_counter()
    with closing(Catalogue(home)) as catalogue:
        index = result_of(vector_index.opened(catalogue))
        opened = time.perf_counter()

        def search(query: Vectors) -> Answers:
            ranked = ranking.rank(catalogue, index, query, max(COUNTS))
            return np.array([int(photo.sha256, 16) for _, photo in ranked[: max(COUNTS)]])

        search(queries[0])
        first = time.perf_counter()
        _timed(
            search, queries[SEARCHES:]
        )  # what is read from the disk the first time is not what a search costs
        answers, times = _timed(search, queries[:SEARCHES])
    after = psutil.Process().memory_info()
    return {
        "cold_open": opened - start,
        "first": first - opened,
        "memory": after.rss - before.rss,
        "shared": getattr(after, "shared", 0) - getattr(before, "shared", 0),
        "times": times.tolist(),
        "answers": answers.tolist(),
    }


def _nearest(vectors: Vectors, query: Vectors) -> Answers:
    products = vectors @ query
    near = np.argpartition(-products, max(COUNTS))[: max(COUNTS)]
    return np.asarray(near[np.argsort(-products[near])])


def _timed(search: Callable[[Any], Answers], queries: Vectors) -> tuple[Answers, NDArray[np.float64]]:
    answers, times = [], []
    for query in queries:
        start = time.perf_counter()
        answers.append(search(query))
        times.append(time.perf_counter() - start)
    return np.array(answers), np.array(times)


def _searched(
    way: str, build: float, size: int, times: NDArray[np.float64], answers: Answers, true: Answers
) -> Searched:
    recall = {
        count: float(
            np.mean([np.isin(a[:count], t[:count]).mean() for a, t in zip(answers, true, strict=True)])
        )
        for count in COUNTS
    }
    p50, p99 = (float(1000 * np.quantile(times, share)) for share in (0.5, 0.99))
    return Searched(way, build, size, p50, p99, recall)


def _drop_from_memory(path: Path) -> None:
    """Asks the system to forget what it keeps of a file, where it can be asked."""
    if hasattr(os, "posix_fadvise"):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(handle)


if __name__ == "__main__":
    try:
        print(json.dumps(_opened_and_searched(Path(sys.argv[1]))))
    except AdirError as error:
        sys.exit(str(error))
