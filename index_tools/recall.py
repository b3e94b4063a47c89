"""`python -m index_tools recall DIR`: whether damaged photos find what the clean ones find.

The folder is indexed into a library of its own in a temporary place. Photos of it are then damaged in the
ways of `recall_damage` and searched for in the ways of `recall_ways`.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from adir_desktop.cli_options import Json
from adir_desktop.cli_output import Output
from adir_desktop.contract import Event, Photo
from adir_desktop.engine import library, shelf
from adir_desktop.engine.catalogue import Catalogue
from adir_desktop.engine.encoder import as_image
from adir_desktop.engine.indexing import open_encoder
from adir_desktop.engine.jobs import finished
from adir_desktop.engine.pace import Pace
from adir_desktop.engine.photos import open_photo
from adir_desktop.errors import LibraryError
from index_tools.private_home import private_home
from index_tools.recall_damage import DAMAGES, Damage
from index_tools.recall_ways import WAYS, Gallery

K = 20  # neighbours that are compared
BLURS = ("box blur, 3 pixels", "box blur, 11 pixels")  # whose neighbours should be much the same

Places = NDArray[np.intp]


@dataclass(frozen=True)
class Found:
    """first: the share of photos whose original came first. overlap: of the clean photo's K neighbours, the
    share that is among the damaged one's; the original counts for neither. seconds: of a search, the median.
    """

    first: float
    overlap: float
    seconds: float


@dataclass(frozen=True)
class Row:
    """One damage, by way. card: recall@1 on the encoder's card, for other photos; None where it has none."""

    damage: str
    card: float | None
    ways: Mapping[str, Found]


@dataclass(frozen=True)
class Table:
    """photos: that could be found. queries: that were searched for. blurs: overlap of `BLURS`, by way."""

    photos: int
    queries: int
    rows: tuple[Row, ...]
    blurs: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class _Answers:
    """To one damage: first (w, q) bool, neighbours (w, q, K) places, seconds (w, q), of w ways and q queries."""

    first: NDArray[np.bool_]
    neighbours: Places
    seconds: NDArray[np.float64]


def recall(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Photos to index and to damage.")],
    *,
    encoder: Annotated[
        str, typer.Option("--encoder", help="The embedding model: starter, or an open_clip model.")
    ] = "starter",
    queries: Annotated[
        int, typer.Option("--queries", metavar="N", help="How many of them to search for.", min=1)
    ] = 60,
    as_json: Json = False,
) -> None:
    """Damages photos, and tells how often their originals and their neighbours are found all the same."""
    with Output(as_json=as_json) as output:
        table: Table = output.drain(finished(measure(folder, encoder, queries)))
        if as_json:
            output.record(asdict(table))
            return
        output.line(
            f"{table.queries} of {table.photos} photos: recall@1 / overlap@{K} with the clean photo's"
        )
        output.table(("Damage", *WAYS, "Card"), [_cells(row) for row in table.rows])
        output.line(
            f"overlap@{K} of {' and '.join(BLURS)}: {', '.join(f'{w} {s:.2f}' for w, s in table.blurs.items())}"
        )


def measure(folder: Path, encoder: str, queries: int) -> Generator[Event, None, Table]:
    """Every damage in every way, for `queries` photos spread evenly over the folder's.

    Raises:
        LibraryError, ModelError, PhotoError: as for indexing and opening photos, or there are too few.
    """
    with tempfile.TemporaryDirectory(prefix="adir-recall-") as home, private_home(Path(home)):
        paths, gallery = yield from _gallery(folder, encoder)
    if len(paths) <= K:
        raise LibraryError(f"{folder} has {len(paths)} photos.", f"Give a folder with more than {K}.")
    chosen = np.unique(np.linspace(0, len(paths) - 1, min(queries, len(paths))).astype(int))
    clean = [_neighbours(gallery.vectors @ gallery.vectors[own], own) for own in chosen]
    pace, answers = Pace("evaluate", len(DAMAGES)), list[_Answers]()
    for damage in DAMAGES:
        of_each = []
        for own in chosen:
            of_each.append(_searched(replace(gallery, own=int(own)), open_photo(paths[own]), damage))
            if pace.due():
                yield pace.at(len(answers))
        first, neighbours, seconds = (np.stack(values, axis=1) for values in zip(*of_each, strict=True))
        answers.append(_Answers(first, neighbours, seconds))
    yield pace.at(len(answers))
    rows = tuple(_row(damage, each, clean) for damage, each in zip(DAMAGES, answers, strict=True))
    mild, strong = (
        next(each for damage, each in zip(DAMAGES, answers, strict=True) if damage.name == name)
        for name in BLURS
    )
    blurs = {way: _overlap(mild.neighbours[i], strong.neighbours[i]) for i, way in enumerate(WAYS)}
    return Table(len(paths), len(chosen), rows, blurs)


def _gallery(folder: Path, encoder: str) -> Generator[Event, None, tuple[list[Path], Gallery]]:
    info = yield from library.index([folder], encoder=encoder)
    with closing(Catalogue(shelf.home_of(info.name))) as catalogue:
        photos = catalogue.stored([int(key) for key in catalogue.vectors()[0]])
        model = open_encoder(catalogue)
    vectors = np.array([photo.vector for photo in photos], np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    paths = [Path(photo.paths[0]) for photo in photos]
    return paths, Gallery(model, vectors, tuple(photo.thumbnail for photo in photos))


def _searched(gallery: Gallery, photo: Photo, damage: Damage) -> tuple[list[bool], list[Places], list[float]]:
    """Of each way: whether the original came first, the neighbours, and the seconds that it took."""
    picture, degradation = damage.make(as_image(photo), np.random.default_rng(gallery.own))
    damaged = Photo(np.asarray(picture, np.float32) / np.float32(255))
    first, neighbours, seconds = [], [], []
    for way in WAYS.values():
        start = time.perf_counter()
        cosines = way(gallery, damaged, degradation)
        seconds.append(time.perf_counter() - start)
        first.append(bool(cosines.argmax() == gallery.own))
        neighbours.append(_neighbours(cosines, gallery.own))
    return first, neighbours, seconds


def _neighbours(cosines: NDArray[np.float32], own: int) -> Places:
    order = np.argsort(-cosines, kind="stable")
    return np.asarray(order[order != own][:K])


def _row(damage: Damage, answers: _Answers, clean: list[Places]) -> Row:
    found = {
        way: Found(
            float(answers.first[i].mean()),
            _overlap(answers.neighbours[i], clean),
            float(np.median(answers.seconds[i])),
        )
        for i, way in enumerate(WAYS)
    }
    return Row(damage.name, damage.card, found)


def _overlap(some: Places, others: list[Places] | Places) -> float:
    """The mean share of neighbours that two answers to each query have in common."""
    return float(np.mean([np.isin(a, b).mean() for a, b in zip(some, others, strict=True)]))


def _cells(row: Row) -> list[str]:
    cells = [f"{found.first:.3f} / {found.overlap:.3f}" for found in row.ways.values()]
    return [row.damage, *cells, "" if row.card is None else f"{row.card:.3f}"]
