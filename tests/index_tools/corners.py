"""A tiny encoder that stands in for the network, pictures for it, and what a library has of them."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
from PIL import Image

from adir_desktop.contract import Photo
from adir_desktop.engine.catalogue import Catalogue
from adir_desktop.engine.encoder import as_image


class Corners:
    """The mean colours of a picture's quarters as a unit vector."""

    spec, id, preprocessing, dimensions, working_side, batch = "starter", "corners@1", "{}", 12, 64, 8

    def encode_images(self, images):
        return np.stack(
            [self._vector(as_image(each) if isinstance(each, Photo) else each) for each in images]
        )

    def encode_text(self, texts):
        return self.encode_images([Image.new("RGB", (8, 8), text) for text in texts])

    def _vector(self, image):
        row = np.asarray(image.resize((2, 2), Image.Resampling.BOX), np.float32).ravel()
        return row / np.linalg.norm(row)


def album(folder: Path, seeds: range) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        colours = np.random.default_rng(seed).integers(1, 256, (4, 4, 3), np.uint8)
        Image.fromarray(colours).resize((32, 32)).save(folder / f"{seed:03}.png")
    return folder


def contents(home: Path) -> dict[str, tuple]:
    """By sha256, what the catalogue has of a photo: all but its key."""
    with closing(Catalogue(home)) as catalogue:
        photos = catalogue.stored(catalogue.keys().tolist())
    return {p.sha256: (p.vector.tobytes(), p.author, p.licence, p.thumbnail, p.paths) for p in photos}
