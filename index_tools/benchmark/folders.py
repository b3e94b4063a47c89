"""Folders of photos: indexing against a plain loop over Pillow and the same encoder, and updating without changes."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from adir_desktop.engine import library, shelf
from adir_desktop.engine.catalogue import Catalogue, FileState
from adir_desktop.engine.encoder import STARTER, load_encoder
from adir_desktop.engine.events import result_of
from adir_desktop.engine.photos import PHOTO_SUFFIXES
from index_tools.benchmark.synthetic import Clusters, fill
from index_tools.private_home import private_home

SIZE = 4000, 3000  # pixels of a photo that is made, 12 megapixels as of a camera
MADE = 32
PER_FOLDER = 500


@dataclass(frozen=True)
class Indexed:
    """Photos per second. plain: of a loop that opens, embeds and makes a thumbnail, one photo after the other."""

    photos: int
    megapixels: float
    plain: float
    ours: float

    @property
    def ratio(self) -> float:
        return self.ours / self.plain


def indexing(photos: Sequence[Path], work: Path) -> Indexed:
    """Indexes a folder with copies of these photos, in a new library of the starter encoder."""
    folder = work / "photos"
    folder.mkdir(parents=True)
    for number, photo in enumerate(photos):
        shutil.copy(photo, folder / f"{number:05}{photo.suffix}")
    encoder = load_encoder(STARTER)
    start = time.perf_counter()
    pixels = 0
    for path in sorted(folder.iterdir()):
        with Image.open(path) as image:
            picture = image.convert("RGB")
        pixels += picture.width * picture.height
        encoder.encode_images([picture])
        picture.thumbnail((160, 160))
        picture.save(work / "thumbnail.jpg")
    plain = time.perf_counter() - start
    with private_home(work / "home"):
        start = time.perf_counter()
        result_of(library.index([folder], "benchmark"))
        ours = time.perf_counter() - start
    return Indexed(len(photos), pixels / 1e6 / len(photos), len(photos) / plain, len(photos) / ours)


def made(work: Path) -> list[Path]:
    """JPEG files of a camera's size: coarse fields of colour with fine grain."""
    rng = np.random.default_rng(0)
    work.mkdir(parents=True)
    paths = []
    for number in range(MADE):
        coarse = Image.fromarray(rng.integers(0, 256, (30, 40, 3), np.uint8)).resize(
            SIZE, Image.Resampling.BICUBIC
        )
        grain = rng.normal(0, 8, (SIZE[1], SIZE[0], 1)).astype(np.float32)
        picture = Image.fromarray(np.clip(np.asarray(coarse) + grain, 0, 255).astype(np.uint8))
        paths.append(work / f"{number:03}.jpg")
        picture.save(paths[-1], quality=90)
    return paths


def photos_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in PHOTO_SUFFIXES)


def unchanged(count: int, work: Path) -> float:
    """Seconds that the update of a library of `count` files takes when nothing has changed."""
    folder = work / "files"
    for number in range(count):
        if number % PER_FOLDER == 0:
            (folder / f"{number // PER_FOLDER:04}").mkdir(parents=True)
        (folder / f"{number // PER_FOLDER:04}" / f"{number % PER_FOLDER:04}.jpg").write_bytes(b"x")
    with private_home(work / "home"):
        home = shelf.place_of("unchanged")
        fill(home, Clusters(count, 256), "f16")
        paths = sorted(folder.rglob("*.jpg"))
        with closing(Catalogue(home)) as catalogue, catalogue.transaction():
            keys = catalogue.keys().tolist()
            catalogue.add_folders([str(folder.resolve())])
            for path, key in zip(paths, keys, strict=True):
                stat = path.stat()
                catalogue.put_file(FileState(str(path.resolve()), stat.st_size, stat.st_mtime_ns), key)
            catalogue.drop_files([f"/photos/{number:08}.jpg" for number in range(count)])
        result_of(library.update("unchanged"))  # writes its index
        start = time.perf_counter()
        result_of(library.update("unchanged"))
        return time.perf_counter() - start
