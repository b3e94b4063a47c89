"""A JPEG is looked through, and turned upright by its EXIF orientation: its pixels are never encoded again."""

from __future__ import annotations

import io
import struct
import warnings

from PIL import ExifTags, Image

from adir_desktop.engine.exif import serialised

MOST_PIXELS = 30_000_000  # the bucket's photos have 1 megapixel at most; more is no photo of it
# Open Images' Rotation: degrees counter-clockwise by which the photo is to be turned
# (https://storage.googleapis.com/openimages/web/2018-05-17-rotation-information.html); EXIF 2.32, Orientation:
# 6 is shown after a quarter turn clockwise, 3 after half a turn, 8 after a quarter turn counter-clockwise
ORIENTATIONS = {90: 8, 180: 3, 270: 6}
_SOI, _APP0, _APP1, _SOS = b"\xff\xd8", 0xE0, 0xE1, 0xDA
_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OverflowError,
    struct.error,
    Image.DecompressionBombError,
)


class NoPhoto(Exception):
    """The bytes are no JPEG that can be decoded. foreign: not even the beginning of one."""

    def __init__(self, reason: str, *, foreign: bool = False) -> None:
        super().__init__(reason)
        self.foreign = foreign


def check_jpeg(content: bytes) -> None:
    """Decodes it all. Raises NoPhoto: it is none, it is damaged or cut off, or larger than `MOST_PIXELS`."""
    if not content.startswith(_SOI):
        raise NoPhoto("what comes is no JPEG", foreign=True)
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(content), formats=("JPEG",)) as image:
            warnings.simplefilter("ignore")
            if image.width * image.height > MOST_PIXELS:
                raise NoPhoto(f"it has more than {MOST_PIXELS // 10**6} megapixels", foreign=True)
            image.load()
    except _DAMAGE as error:
        raise NoPhoto("the JPEG is damaged or cut off") from error


def turned(content: bytes, rotation: int) -> bytes:
    """A JPEG that readers show turned by `rotation` degrees counter-clockwise: 90, 180, 270, or 0 for as it is.

    Raises NoPhoto: its segments cannot be told apart.
    """
    if rotation == 0:
        return content
    try:
        start, end = _exif_place(content)
        with Image.open(io.BytesIO(content), formats=("JPEG",)) as image:
            exif = image.getexif()
        exif[ExifTags.Base.Orientation] = ORIENTATIONS[rotation]
        block = serialised(exif)
        segment = struct.pack(">BBH", 0xFF, _APP1, len(block) + 2) + block
    except _DAMAGE as error:
        raise NoPhoto("its EXIF is damaged") from error
    return content[:start] + segment + content[end:]


def _exif_place(content: bytes) -> tuple[int, int]:
    """From where to where the EXIF segment goes, or would: behind the JFIF header, where there is one."""
    place = at = len(_SOI)
    while True:
        mark, kind, length = struct.unpack_from(">BBH", content, at)
        if mark != 0xFF or length < 2 or kind == _SOS:
            return place, place
        end = at + 2 + length
        if kind == _APP1 and content[at + 4 : at + 10] == b"Exif\0\0":
            return at, end
        if kind == _APP0 and at == place:
            place = end
        at = end
