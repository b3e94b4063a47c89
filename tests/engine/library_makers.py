"""Small albums, an encoder of plain pixel means that stands in for the network, and ways to look at libraries."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image
from usearch.index import Index

from adir_desktop.contract import Notice, Photo
from adir_desktop.engine import encoder as encoders
from adir_desktop.engine import retrieve, shelf, vector_index
from adir_desktop.engine.catalogue import Catalogue


@dataclass
class Means:
    """Mean colours on a 4 x 4 grid, centred, as a unit vector; counts what it was asked."""

    spec: str = "starter"
    id: str = "means@1"
    preprocessing: str = "{}"
    dimensions: int = 49
    working_side: int = 256
    side: int = 224
    batch: int = 8
    seen: list[int] = field(default_factory=list)

    def encode_images(self, images: Sequence[Image.Image | Photo]) -> np.ndarray:
        self.seen.append(len(images))
        return np.stack([self._vector(image) for image in images])

    def encode_text(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([self._vector(Image.new("RGB", (8, 8), text)) for text in texts])

    def _vector(self, image: Image.Image | Photo) -> np.ndarray:
        picture = encoders.as_image(image) if isinstance(image, Photo) else image
        values = np.asarray(picture.resize((4, 4), Image.Resampling.BOX), np.float32).ravel() / 255
        vector = np.append(values - values.mean(), 0.1).astype(np.float32)
        return vector / np.linalg.norm(vector)


def picture(seed: int, size: tuple[int, int] = (60, 40)) -> Image.Image:
    """A coarse random colour field: no two seeds look alike."""
    small = np.random.default_rng(seed).integers(0, 256, (4, 6, 3), np.uint8)
    return Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)


def album(folder: Path, seeds: Sequence[int], suffix: str = ".png") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        picture(seed).save(folder / f"{seed:03}{suffix}")
    return folder


def exif_block(author: str, licence: str, orientation: int) -> bytes:
    """EXIF with its texts in UTF-8, as many programs write them."""
    texts = [text.encode() + b"\0" for text in (author, licence)]
    places = 8 + 2 + 3 * 12 + 4, 8 + 2 + 3 * 12 + 4 + len(texts[0])
    entries = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    for tag, text, place in zip((0x013B, 0x8298), texts, places, strict=True):
        entries += struct.pack("<HHII", tag, 2, len(text), place)
    return b"Exif\0\0II*\0" + struct.pack("<IH", 8, 3) + entries + bytes(4) + b"".join(texts)


def drain(events):
    """The result, and the events on the way to it."""
    seen = []
    while True:
        try:
            seen.append(next(events))
        except StopIteration as end:
            return end.value, seen


def result(events):
    return drain(events)[0]


def notices(seen) -> str:
    return " ".join(event.message for event in seen if isinstance(event, Notice))


def nearest(name: str, seed: int, k: int = 3) -> tuple[list[str], str]:
    """The files nearest to a picture, and what was noticed on the way."""
    pixels = np.asarray(picture(seed), np.float32) / 255
    found, seen = drain(retrieve.find(Photo(pixels), name, k))
    return [item.path.name for item in found.items], notices(seen)


def index_file(name: str) -> Path:
    """The only USearch file of a library."""
    (path,) = shelf.home_of(name).glob("*.usearch")
    return path


def assert_index_is_complete(name: str) -> None:
    """The index holds every photo of the catalogue, and hardly any that has gone."""
    with closing(Catalogue(shelf.home_of(name))) as catalogue:
        result(vector_index.opened(catalogue))
        held = [Index.restore(shelf.home_of(name) / shard.file) for shard in catalogue.shards()]
        keys, there = {int(key) for each in held for key in each.keys}, set(catalogue.keys().tolist())
        assert there <= keys
        assert len(keys - there) <= len(keys) / 4


def ids(name: str) -> dict[str, str]:
    """sha256 by file name, of every file that the catalogue knows."""
    with closing(Catalogue(shelf.home_of(name))) as catalogue:
        photos = catalogue.stored([int(key) for key in catalogue.vectors()[0]])
        return {Path(path).name: photo.sha256 for photo in photos for path in photo.paths}
