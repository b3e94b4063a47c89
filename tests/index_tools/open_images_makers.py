"""A small Open Images: JPEGs with lists of the official layout, on the misbehaving server."""

from __future__ import annotations

import csv
import hashlib
import io
import random
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from model_server import Served, Server
from PIL import Image

HEADER = [
    "ImageID",
    "Subset",
    "OriginalURL",
    "OriginalLandingURL",
    "License",
    "AuthorProfileURL",
    "Author",
    "Title",
    "OriginalSize",
    "OriginalMD5",
    "Thumbnail300KURL",
    "Rotation",
]
CC_BY = "https://creativecommons.org/licenses/by/2.0/"
LIST = "meta/validation/validation-images-with-rotation.csv"


def image_id(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()[:16]


def jpeg(seed: int, *, side: int = 48, exif: bytes = b"") -> bytes:
    """Bright at the top and dark at the bottom, wider than high."""
    rng = np.random.default_rng(seed)
    rows = np.linspace(250, 5, side)[:, None, None] * np.ones((1, 2 * side, 3))
    pixels = np.clip(rows + rng.normal(0, 3, rows.shape) * [1, 0.5, 0], 0, 255).astype(np.uint8)
    return encoded(Image.fromarray(pixels), exif)


def encoded(image: Image.Image, exif: bytes = b"") -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=90, exif=exif)
    return stream.getvalue()


def row(number: int, **values: str) -> dict[str, str]:
    """A row of the list; the title holds what breaks careless readers."""
    name = image_id(number)
    return {
        "ImageID": name,
        "Subset": "validation",
        "OriginalURL": f"https://farm.example.org/{name}_o.jpg",
        "OriginalLandingURL": f"https://www.example.org/photos/{name}",
        "License": CC_BY,
        "AuthorProfileURL": "https://www.example.org/people/ann/",
        "Author": f"Ann Ó {number}",
        "Title": f'Barn, "red"\nno. {number}',
        "OriginalSize": "4000000",
        "OriginalMD5": "AAAAAAAAAAAAAAAAAAAAAA==",
        "Thumbnail300KURL": "",
        "Rotation": "0.0",
    } | values


def listed(rows: Iterable[dict[str, str]], *, bom: bool = False, columns: list[str] = HEADER) -> bytes:
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().encode("utf-8-sig" if bom else "utf-8")


def offer(server: Server, count: int, *, subset: str = "validation", side: int = 48) -> list[dict[str, str]]:
    """Puts photos with S3's headers and their list on the server; returns the list's rows."""
    rows = [row(number, Subset=subset) for number in range(count)]
    for number, one in enumerate(rows):
        server.files[f"{subset}/{one['ImageID']}.jpg"] = s3(jpeg(number, side=side))
    server.files[LIST] = Served(listed(rows), etag="list-1", hub=False)
    return rows


def s3(content: bytes, **keywords) -> Served:
    """A file as S3 gives it: its ETag is its MD5."""
    etag = hashlib.md5(content).hexdigest()
    return Served(content, etag=etag, hub=False, headers={"x-amz-request-id": "1"}, **keywords)


def photos_in(folder: Path) -> dict[str, bytes]:
    """Every photo and credits file by its path, those of the hidden folder left out; temporary files are seen."""
    found = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    return {
        name.as_posix(): path.read_bytes() for name, path in found.items() if name.parts[0] != ".open-images"
    }


def chance_of(seed: int) -> random.Random:
    return random.Random(seed)
