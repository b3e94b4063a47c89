"""The photos that a method adapts to: the nearest by embedding, the nearest by pixels, any, or an album's rest.

Photos that are the clean picture itself, or all but it, are left out of every choice: they would give the
answer away. What is left out is told.
"""

from __future__ import annotations

import io
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.fft import dctn

from adir_desktop.contract import Degradation, Event, Neighbour, NeighbourSet, Notice, Photo, Source
from adir_desktop.engine import library, retrieve, shelf
from adir_desktop.engine import references as given
from adir_desktop.engine.catalogue import Catalogue, StoredPhoto
from adir_desktop.engine.encoder import Encoder, as_image
from adir_desktop.engine.events import changed
from adir_desktop.engine.indexing import open_encoder
from adir_desktop.engine.photos import open_photo
from adir_desktop.engine.ranking import angle, cosine
from adir_desktop.errors import LibraryError, PhotoError
from adir_desktop.interrupt import check
from adir_desktop.searches import Search

SAME_ANGLE = 8.0  # degrees; below it, with the same hash, two photos are one
HASH_SIDE = 32  # pixels that the perceptual hash looks at; 8 x 8 of their frequencies are kept
HASH_BITS = 10  # of 64 that may differ; measured: 0 to 8 after another compression, 16 or more between photos
COMMON_SIDE = 64  # pixels to which pictures are brought to be compared by their pixels
CHUNK = 256  # photos of a library that are in memory at a time

Vector = NDArray[np.float32]
Result = TypeVar("Result")


@dataclass(frozen=True, eq=False)
class Known:
    """What a near-duplicate is recognised by: the clean picture's direction and hash, and its photo's."""

    vectors: tuple[Vector, ...]
    hashes: tuple[NDArray[np.bool_], ...]

    def is_near(self, vector: NDArray[np.floating], picture: Image.Image) -> bool:
        """Less than 8 degrees away from one of them, and looking the same."""
        near = [angle(own, vector) < SAME_ANGLE for own in self.vectors]
        if not any(near):
            return False
        hashed = perceptual_hash(picture)
        return any(
            close and int((hashed != own).sum()) <= HASH_BITS
            for close, own in zip(near, self.hashes, strict=True)
        )


@dataclass(frozen=True, eq=False)
class Pool:
    """The libraries of an evaluation, open to be chosen from. left_out: by name, what was too near."""

    sources: tuple[Source, ...]
    encoder: Encoder
    left_out: dict[str, set[str]] = field(default_factory=dict)

    @staticmethod
    def of(sources: Sequence[Source]) -> Generator[Event, None, Pool]:
        """Indexes folders first where it must. Raises LibraryError, ModelError: as for searching."""
        named = []
        for source in sources:
            name = yield from library.ensure(source.library)
            named.append(Source(name, source.weight))
        with closing(Catalogue(shelf.home_of(named[0].library))) as catalogue:
            return Pool(tuple(named), open_encoder(catalogue))

    def known(self, clean: Photo, source: Path) -> Known:
        """The marks of a clean picture and of the photo that it was cut from."""
        pictures = [as_image(clean), as_image(open_photo(source))]
        return Known(
            tuple(self.encoder.encode_images(pictures)),
            tuple(perceptual_hash(picture) for picture in pictures),
        )

    def choose(
        self, way: str, observed: Photo, degradation: Degradation, known: Known, k: int, seed: int, name: str
    ) -> Generator[Event, None, NeighbourSet]:
        """`k` photos by a way of `methods.FROM_LIBRARY`; name: of the clean picture, to tell what is left out.

        Raises:
            LibraryError: nothing is left to choose from.
        """
        if way == "neighbours":
            items = yield from self._nearest(Search(observed, degradation=degradation), known, k, name)
        else:
            order = self._drawn(seed) if way == "random" else self._by_pixels(observed, degradation)
            items = self._first(order, known, k, name, self.encoder.encode_images([observed])[0])
        if not items:
            raise LibraryError(
                "The libraries hold no photo but the one that is restored.", "Use another library."
            )
        names = ", ".join(source.library for source in self.sources)
        return NeighbourSet(names, self.encoder.id, f"{name} ({way})", tuple(items))

    def _nearest(
        self, observed: Search, known: Known, k: int, name: str
    ) -> Generator[Event, None, list[Neighbour]]:
        """As a restoration finds them, and as many more as were left out."""
        wanted = k
        while True:
            found = yield from _silent(retrieve.find(observed, self.sources, wanted))
            kept = [item for item in found.items if not self._duplicate(item, known, name)]
            if len(kept) >= k or len(found.items) < wanted:
                return kept[:k]
            wanted += k

    def _duplicate(self, item: Neighbour, known: Known, name: str) -> bool:
        with closing(Catalogue(shelf.home_of(item.library))) as catalogue:
            key = catalogue.key_of(item.id)
            photos = [] if key is None else catalogue.stored([key])
        with Image.open(io.BytesIO(item.thumbnail)) as thumbnail:
            picture = thumbnail.convert("RGB")
        if not any(known.is_near(photo.vector, picture) for photo in photos):
            return False
        self.left_out.setdefault(name, set()).add(str(item.path))
        return True

    def _drawn(self, seed: int) -> list[tuple[int, int]]:
        """All photos as (library, key) in an order by chance."""
        every = []
        for number, source in enumerate(self.sources):
            with closing(Catalogue(shelf.home_of(source.library))) as catalogue:
                every += [(number, int(key)) for key in catalogue.vectors()[0]]
        order = np.random.default_rng(seed).permutation(len(every))
        return [every[i] for i in order]

    def _by_pixels(self, observed: Photo, degradation: Degradation) -> list[tuple[int, int]]:
        """All photos as (library, key), those first whose pixels differ least in the mean square.

        All are brought to one size. A grey photo is compared with greys, and holes do not count.
        """
        grey = any(step.kind == "grey" for step in degradation.steps)
        target = _common(as_image(observed), grey=grey)
        weight = np.ones((COMMON_SIDE, COMMON_SIDE, 1), np.float32)
        if degradation.mask is not None:
            seen = Image.fromarray(np.where(degradation.mask, 0, 255).astype(np.uint8))
            weight = np.asarray(seen.resize((COMMON_SIDE,) * 2, Image.Resampling.BOX), np.float32)[..., None]
        differences = []
        for number, photo in self._photos():
            with Image.open(io.BytesIO(photo.thumbnail)) as thumbnail:
                values = _common(thumbnail.convert("RGB"), grey=grey)
            differences.append((float((weight * (values - target) ** 2).mean()), number, photo.key))
        return [(number, key) for _, number, key in sorted(differences)]

    def _photos(self) -> Iterator[tuple[int, StoredPhoto]]:
        """Every photo with its library's number, few in memory at a time."""
        for number, source in enumerate(self.sources):
            with closing(Catalogue(shelf.home_of(source.library))) as catalogue:
                keys = [int(key) for key in catalogue.vectors()[0]]
                for start in range(0, len(keys), CHUNK):
                    check()
                    for photo in catalogue.stored(keys[start : start + CHUNK]):
                        yield number, photo

    def _first(
        self, order: Sequence[tuple[int, int]], known: Known, k: int, name: str, query: Vector
    ) -> list[Neighbour]:
        """The first `k` that have a file and are no near-duplicates."""
        found: list[Neighbour] = []
        for number, key in order:
            source = self.sources[number]
            with closing(Catalogue(shelf.home_of(source.library))) as catalogue:
                photo = catalogue.stored([key])[0]
            item = _neighbour(photo, query, source)
            if item is not None and not self._duplicate(item, known, name):
                found.append(item)
            if len(found) == k:
                break
        return found


def album_set(
    observed: Photo, parts: Sequence[Path], k: int, name: str
) -> Generator[Event, None, NeighbourSet]:
    """The other parts of the same photo, the `k` most similar of them."""
    found = yield from _silent(given.references(observed, parts))
    return NeighbourSet("", "", f"{name} (album)", found.items[:k])


def perceptual_hash(picture: Image.Image) -> NDArray[np.bool_]:
    """64 bits: which of the 8 x 8 lowest frequencies of a grey thumbnail are above their median."""
    small = picture.convert("L").resize((HASH_SIDE, HASH_SIDE), Image.Resampling.BOX)
    lowest = dctn(np.asarray(small, np.float64), norm="ortho")[:8, :8].ravel()
    return np.asarray(lowest > np.median(lowest[1:]))


def _common(picture: Image.Image, *, grey: bool) -> NDArray[np.float32]:
    """(64, 64, 3 or 1) in [0, 1]."""
    small = picture.resize((COMMON_SIDE,) * 2, Image.Resampling.BICUBIC)
    values = np.asarray(small, np.float32) / np.float32(255)
    return np.asarray(values.mean(axis=2, keepdims=True), np.float32) if grey else values


def _neighbour(photo: StoredPhoto, query: Vector, source: Source) -> Neighbour | None:
    """None where its files are gone or cannot be read."""
    for path in map(Path, photo.paths):
        try:
            open_photo(path)
        except PhotoError:
            continue
        return retrieve.as_neighbour(photo, path, source, query, cosine(query, photo.vector))
    return None


def _silent(work: Generator[Event, None, Result]) -> Generator[Event, None, Result]:
    """The same without its progress, of which an evaluation has its own."""
    return changed(work, lambda event: event if isinstance(event, Notice) else None)
