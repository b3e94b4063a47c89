"""`python -m index_tools benchmark`: what large libraries cost on this machine."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from adir_desktop.cli_options import Json
from adir_desktop.cli_output import Output, megabytes

HEADS = "Way", "Build", "On disk", "recall@20", "@50", "p50", "p99", "Cold open", "First", "Memory (of files)"


def benchmark(
    *,
    vectors: Annotated[
        int, typer.Option("--vectors", metavar="N", help="How many vectors are searched.", min=1000)
    ] = 1_750_000,
    dimensions: Annotated[int, typer.Option("--dimensions", metavar="D", min=8)] = 512,
    files: Annotated[
        int, typer.Option("--files", metavar="N", help="Of the library that is updated.", min=1)
    ] = 50_000,
    photos: Annotated[
        Path | None,
        typer.Option("--photos", metavar="DIR", help="Photos to index; by default some are made."),
    ] = None,
    work: Annotated[
        Path | None,
        typer.Option("--work", metavar="DIR", help="Where there is room for 10 GB, kept afterwards."),
    ] = None,
    without_tree: Annotated[
        bool, typer.Option("--without-tree", help="Leaves out the K-D tree, which takes memory and minutes.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Measures search and indexing beside what is usual; nobody's libraries are touched."""
    from index_tools.benchmark import folders, search
    from index_tools.benchmark.synthetic import Clusters

    with Output(as_json=as_json) as output, ExitStack() as stack:
        place = work or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="adir-benchmark-")))
        indexed = folders.indexing(
            folders.photos_in(photos) if photos else folders.made(place / "made"), place / "indexing"
        )
        output.notice(
            f"Indexing {indexed.photos} photos of {indexed.megapixels:.1f} megapixels: {indexed.ours:.1f} a second,"
            f" a plain loop {indexed.plain:.1f}: {indexed.ratio:.1f} times."
        )
        seconds = folders.unchanged(files, place / "unchanged")
        output.notice(f"Update of {files} unchanged files: {seconds:.2f} s.")
        clusters = Clusters(vectors, dimensions)
        first, true = search.exact(clusters)
        rows = [first]
        for storage in ("i8", "f16"):
            rows.append(search.usearch(clusters, true, storage, place / "vectors"))
            output.notice(f"{rows[-1].way}: built in {rows[-1].build:.0f} s.")
        if not without_tree:
            rows.append(search.tree(clusters, true))
        if as_json:
            output.record(
                {
                    "vectors": vectors,
                    "dimensions": dimensions,
                    "cores": os.cpu_count(),
                    "search": [asdict(row) for row in rows],
                    "indexing": asdict(indexed) | {"ratio": indexed.ratio},
                    "update": {"files": files, "seconds": seconds},
                }
            )
            return
        output.line(f"{vectors} vectors of {dimensions} numbers, {os.cpu_count()} cores")
        output.table(HEADS, [_row(row) for row in rows])


def _row(row: object) -> list[str]:
    from index_tools.benchmark.search import Searched

    assert isinstance(row, Searched)
    own = row.memory > 0
    return [
        row.way,
        f"{row.build:.0f} s",
        megabytes(row.size),
        *(f"{row.recall[count]:.4f}" for count in sorted(row.recall)),
        f"{row.p50:.1f} ms",
        f"{row.p99:.1f} ms",
        f"{row.cold_open:.3f} s" if own else "",
        f"{1000 * row.first:.0f} ms" if own else "",
        f"{megabytes(row.memory)} ({megabytes(row.shared)})" if own else "",
    ]
