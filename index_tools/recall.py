"""How often a degraded photo finds its own original first: `python -m index_tools.recall FOLDER`.

The folder is indexed into a library of its own in a temporary place, then every photo of it is degraded
in the ways of the starter encoder's card and searched for.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image, ImageFilter

from adir_desktop.contract import Event
from adir_desktop.engine import library, shelf, vector_index
from adir_desktop.engine.catalogue import Catalogue, StoredPhoto
from adir_desktop.engine.encoder import Encoder, as_image
from adir_desktop.engine.indexing import open_encoder
from adir_desktop.engine.photos import open_photo
from adir_desktop.engine.ranking import rank
from adir_desktop.errors import AdirError

Degrade = Callable[[Image.Image, np.random.Generator], Image.Image]
Result = TypeVar("Result")


@dataclass(frozen=True)
class Recall:
    """The share of photos whose original came first, or among the first five. card: recall@1 there."""

    degradation: str
    photos: int
    first: float
    first_five: float
    card: float


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m index_tools.recall", description=__doc__)
    parser.add_argument("folder", type=Path, help="photos to index and to degrade")
    parser.add_argument("--encoder", default="starter", help="starter, or MODEL/PRETRAINED of open_clip")
    parser.add_argument("--json", action="store_true", help="print one JSON list")
    given = parser.parse_args(arguments)
    try:
        rows = measure(given.folder, given.encoder)
    except AdirError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    if given.json:
        print(json.dumps([asdict(row) for row in rows], indent=1))
        return 0
    print(f"{rows[0].photos} photos of {given.folder}; card: recall@1 on the 200 BSDS500 test photos")
    print(f"{'degradation':36} recall@1 recall@5   card  difference")
    for row in rows:
        print(
            f"{row.degradation:36} {row.first:8.3f} {row.first_five:8.3f} {row.card:6.3f}"
            f" {100 * (row.first - row.card):+6.1f} points"
        )
    return 0


def measure(folder: Path, encoder: str = "starter") -> list[Recall]:
    """Recall of every degradation of the card over all photos in `folder`.

    Raises:
        LibraryError, ModelError, PhotoError: as for indexing and searching.
    """
    with _private_home():
        name = _drained(library.index([folder], encoder=encoder)).name
        with closing(Catalogue(shelf.home_of(name))) as catalogue:
            index = _drained(vector_index.opened(catalogue))
            photos = catalogue.stored([int(key) for key in catalogue.vectors()[0]])
            model = open_encoder(catalogue)
            ranks = np.array([_ranks(catalogue, index, model, photo, i) for i, photo in enumerate(photos)])
    return [
        Recall(name, len(photos), float((of_one == 0).mean()), float((of_one < 5).mean()), CARD[name][0])
        for name, of_one in zip(CARD, ranks.T, strict=True)
    ]


def _ranks(
    catalogue: Catalogue, index: vector_index.Searcher, model: Encoder, photo: StoredPhoto, seed: int
) -> list[int]:
    """Where the original stands (0 first, 5 beyond the fifth) after each of the card's degradations."""
    clean = as_image(open_photo(Path(photo.paths[0])))
    rng = np.random.default_rng(seed)
    vectors = model.encode_images([degrade(clean, rng) for _, degrade in CARD.values()])
    places = []
    for vector in vectors:
        found = [candidate.key for _, candidate in rank(catalogue, index, vector, 5)[:5]]
        places.append(found.index(photo.key) if photo.key in found else 5)
    return places


def _noise(picture: Image.Image, sigma: float, rng: np.random.Generator) -> Image.Image:
    values = np.asarray(picture, np.float32)
    return Image.fromarray(np.clip(values + rng.normal(0, sigma, values.shape), 0, 255).astype(np.uint8))


def _fewer(picture: Image.Image, factor: int) -> Image.Image:
    size = max(1, picture.width // factor), max(1, picture.height // factor)
    return picture.resize(size, Image.Resampling.BOX)


def _jpeg(picture: Image.Image, quality: int) -> Image.Image:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality)
    return Image.open(stream).convert("RGB")


def _holes(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Twelve grey boxes of a sixth of each side."""
    values = np.asarray(picture).copy()
    height, width = max(1, picture.height // 6), max(1, picture.width // 6)
    for _ in range(12):
        top, left = rng.integers(0, picture.height - height + 1), rng.integers(0, picture.width - width + 1)
        values[top : top + height, left : left + width] = 128
    return Image.fromarray(values)


def _centre(picture: Image.Image) -> Image.Image:
    """The middle 70 % of each side."""
    width, height = picture.size
    return picture.crop((int(width * 0.15), int(height * 0.15), int(width * 0.85), int(height * 0.85)))


# name: (recall@1 of the card, the degradation)
CARD: dict[str, tuple[float, Degrade]] = {
    "blur, sigma 4": (1.000, lambda picture, _: picture.filter(ImageFilter.GaussianBlur(4))),
    "4x fewer pixels": (1.000, lambda picture, _: _fewer(picture, 4)),
    "8x fewer pixels": (1.000, lambda picture, _: _fewer(picture, 8)),
    "noise, sigma 25": (1.000, lambda picture, rng: _noise(picture, 25, rng)),
    "noise, sigma 50": (1.000, lambda picture, rng: _noise(picture, 50, rng)),
    "JPEG, quality 8": (1.000, lambda picture, _: _jpeg(picture, 8)),
    "4x fewer pixels and noise, sigma 10": (1.000, lambda picture, rng: _noise(_fewer(picture, 4), 10, rng)),
    "grey": (0.970, lambda picture, _: picture.convert("L").convert("RGB")),
    "holes (a third)": (0.955, _holes),
    "centre crop, 70 %": (0.980, lambda picture, _: _centre(picture)),
}


def _drained(events: Generator[Event, None, Result]) -> Result:
    """A generator's result; its events are of no interest here."""
    while True:
        try:
            next(events)
        except StopIteration as end:
            result: Result = end.value
            return result


@contextmanager
def _private_home() -> Iterator[None]:
    """Nobody's own libraries are seen or touched."""
    before = os.environ.get("ADIR_HOME")
    with tempfile.TemporaryDirectory(prefix="adir-recall-") as folder:
        os.environ["ADIR_HOME"] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ["ADIR_HOME"]
            else:
                os.environ["ADIR_HOME"] = before


if __name__ == "__main__":
    sys.exit(main())
