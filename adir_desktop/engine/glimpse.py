"""A quick look at a photo file: as many pixels as an embedding and a thumbnail need, and who made it.

JPEG files are decoded at a half, a quarter or an eighth of their size where that is ample, which is
many times faster; all other formats are read in full.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image

from adir_desktop.engine import exif, icc
from adir_desktop.engine.picture_files import MAX_PIXELS, read
from adir_desktop.engine.quiet import DECODERS_QUIET
from adir_desktop.errors import PhotoError

THUMBNAIL = 160  # pixels of the longer side
MAX_BYTES = 1 << 30  # of one photo file; it is held in memory while it is read
MAX_TEXT = 200  # characters of an author or licence worth keeping
_JPEG = b"\xff\xd8\xff"
# Whatever Pillow raises on a damaged JPEG; the careful reader then finds the words for it.
_DAMAGE = (OSError, SyntaxError, ValueError, TypeError, LookupError, AttributeError, struct.error)
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, eq=False)
class Glimpse:
    """image: upright sRGB, reduced; width, height: of the photo itself; thumbnail: JPEG bytes; taken: a day as
    "2019-05-31", empty where the photo does not say.
    """

    image: Image.Image
    width: int
    height: int
    author: str
    licence: str
    thumbnail: bytes
    taken: str = ""


_Look = tuple[Image.Image, tuple[int, int], tuple[str, str, str]]  # reduced, (w, h), (author, licence, taken)


def content_of(path: Path) -> bytes:
    """A photo file's bytes.

    Raises:
        PhotoError: it cannot be read, or is too large.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise PhotoError(f"It is larger than {MAX_BYTES >> 20} MB.")
        return path.read_bytes()
    except OSError as error:
        raise PhotoError(f"It cannot be read ({error.strerror or error}).") from error


def look(path: Path, content: bytes, side: int) -> Glimpse:
    """A photo file reduced to a shorter side of at least `side` pixels (if it has them).

    content: the file's bytes.

    Raises:
        PhotoError: it is no picture we open, damaged, or too large.
    """
    quick = _quick(content, side) if content.startswith(_JPEG) else None
    image, size, (author, licence, taken) = quick or _careful(path, side)
    return Glimpse(image, *size, author, licence, thumbnail_of(image), taken)


def reduction(shorter: int, side: int) -> int:
    """How many times smaller a photo may become and keep a shorter side of `side` pixels: 1, 2, 4 or 8.

    Only what a JPEG decoder offers, so that a photo gives the same vector however it was decoded.
    """
    return next((factor for factor in (8, 4, 2) if shorter >= factor * side), 1)


def _quick(content: bytes, side: int) -> _Look | None:
    """A JPEG at reduced size; None for anything odd, which the careful reader then tells apart."""
    try:
        with DECODERS_QUIET, Image.open(io.BytesIO(content), formats=("JPEG",)) as image:
            size = image.size
            if size[0] * size[1] > MAX_PIXELS:
                return None
            tags = image.getexif()
            credit = _credit(tags)
            _, orientation = exif.upright(tags)
            # an eighth is the mean of whole blocks; a half and a quarter are sharper than the mean and
            # have to be averaged once more to agree with a photo decoded in full
            ample = side if reduction(min(size), side) == 8 else 2 * side
            image.draft(image.mode, (ample, ample))
            codes = np.asarray(image)
    except (*_DAMAGE, Image.DecompressionBombError):
        return None
    picture = _to_picture(codes if codes.ndim == 3 else codes[..., None], image.info.get("icc_profile"), side)
    if orientation in _TURNS:
        picture = picture.transpose(_TURNS[orientation])
    return picture, size if orientation < 5 else size[::-1], credit


def _careful(path: Path, side: int) -> _Look:
    picture = read(path)
    height, width = picture.codes.shape[:2]
    with DECODERS_QUIET:
        credit = _credit(exif.load(picture.exif))
    return _to_picture(picture.codes, picture.icc, side), (width, height), credit


def _to_picture(codes: icc.Codes, profile: bytes | None, side: int) -> Image.Image:
    """Codes (H, W, C) averaged over whole blocks, then brought to sRGB."""
    factor = reduction(min(codes.shape[:2]), side)
    if codes.shape[2] == 3 and codes.dtype == np.uint8:  # Pillow is much faster at it
        picture = Image.fromarray(codes)
        picture = picture.reduce(factor) if factor > 1 else picture
        if profile is None:
            return picture
        codes = np.asarray(picture)
    elif factor > 1:
        height, width = codes.shape[0] // factor, codes.shape[1] // factor
        blocks = codes[: height * factor, : width * factor].reshape(height, factor, width, factor, -1)
        codes = np.rint(blocks.mean(axis=(1, 3), dtype=np.float32)).astype(codes.dtype)
    return Image.fromarray(np.rint(icc.to_srgb(codes, profile)[0] * 255).astype(np.uint8))


def thumbnail_of(image: Image.Image) -> bytes:
    """A small JPEG of a picture."""
    small = image.copy()
    small.thumbnail((THUMBNAIL, THUMBNAIL))
    stream = io.BytesIO()
    small.save(stream, "JPEG", quality=80)
    return stream.getvalue()


def _credit(tags: Image.Exif) -> tuple[str, str, str]:
    """(author, licence, day) as EXIF has them: Artist, Copyright, and when it was taken; empty where it has none."""
    try:
        inner = tags.get_ifd(ExifTags.IFD.Exif)
        taken = inner.get(ExifTags.Base.DateTimeOriginal) or tags.get(ExifTags.Base.DateTime)
        author, licence = tags.get(ExifTags.Base.Artist), tags.get(ExifTags.Base.Copyright)
        return _text(author), _text(licence), _day(taken)
    except _DAMAGE:
        return "", "", ""


def _day(value: object) -> str:
    """EXIF writes "2019:05:31 12:00:00", and blanks or zeros for what it does not know."""
    try:
        return datetime.strptime(str(value)[:10], "%Y:%m:%d").replace(tzinfo=UTC).date().isoformat()
    except ValueError:
        return ""


def _text(value: object) -> str:
    """EXIF says ASCII; many programs write UTF-8, which Pillow gives back as if it were Latin-1."""
    if not isinstance(value, str):
        return ""
    try:
        value = value.encode("latin-1").decode("utf-8")
    except UnicodeError:  # it was Latin-1 after all
        value = str(value)
    return " ".join(value.replace("\0", " ").split())[:MAX_TEXT]
