"""Ways to search with a damaged photo, to be compared; the last one is the program's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from adir_desktop.contract import Degradation, Photo
from adir_desktop.engine import query
from adir_desktop.engine.encoder import Encoder, Vectors, as_image
from adir_desktop.searches import Search

FIRST = 50  # candidates that are ranked again

Cosines = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Gallery:
    """What can be found: unit vectors (n, d) and thumbnails in one order.

    own: the searched photo's own place. It can be found, but does not help to find others: in life a
    library does not hold the undamaged photo.
    """

    encoder: Encoder
    vectors: Vectors
    thumbnails: tuple[bytes, ...]
    own: int = -1

    def near(self, vector: Vectors, count: int) -> list[bytes]:
        """The thumbnails of the `count` photos nearest to a unit vector."""
        order = np.argsort(-self.vectors @ vector)
        return [self.thumbnails[i] for i in order[order != self.own][:count]]


Way = Callable[[Gallery, Photo, Degradation | None], Cosines]


def plain(gallery: Gallery, photo: Photo, _: Degradation | None) -> Cosines:
    """The damaged photo as it is; (n,) cosines as all of these."""
    return np.asarray(gallery.vectors @ gallery.encoder.encode_images([photo])[0], np.float32)


def averaged(gallery: Gallery, photo: Photo, _: Degradation | None) -> Cosines:
    """The mean of the photo, its mirror image, a slightly blurred one and its middle 90 %."""
    picture = as_image(photo)
    blurred = ImageOps.contain(picture, (2 * gallery.encoder.side,) * 2).filter(ImageFilter.GaussianBlur(1))
    views: list[Image.Image | Photo] = [picture, ImageOps.mirror(picture), blurred]
    views.append(ImageOps.crop(picture, min(picture.size) // 20))
    vector = gallery.encoder.encode_images(views).mean(axis=0)
    return np.asarray(gallery.vectors @ (vector / np.linalg.norm(vector)), np.float32)


def ranked_again(gallery: Gallery, photo: Photo, degradation: Degradation | None) -> Cosines:
    """The first candidates by their likeness after the same damage, before all others."""
    cosines = plain(gallery, photo, degradation)
    if degradation is None or not query.moves(gallery.encoder, degradation):
        return cosines
    best = np.argsort(-cosines)[:FIRST]
    thumbnails = [gallery.thumbnails[i] for i in best]
    _, after = query.damaged(gallery.encoder, thumbnails, degradation, photo.height, photo.width)
    cosines[best] = 2 + after @ gallery.encoder.encode_images([photo])[0]
    return cosines


def default(gallery: Gallery, photo: Photo, degradation: Degradation | None) -> Cosines:
    """As the program searches."""
    asked = Search(photo, degradation=degradation)
    return np.asarray(gallery.vectors @ query.of(asked, gallery.encoder, gallery.near), np.float32)


WAYS: dict[str, Way] = {
    "as it is": plain,
    "averaged": averaged,
    "ranked again": ranked_again,
    "default": default,
}
