"""EXIF blocks: kept with their orientation reset, and brought up to date when a picture is saved."""

from __future__ import annotations

import struct
from typing import Any

from PIL import ExifTags, Image

# What describes one file's layout or repeats its profile, and would be a lie in another file.
_LAYOUT = frozenset(
    {
        *range(254, 260),  # what kind of image, its size, bits, compression
        *(262, 266, 273, 277, 278, 279, 284, 288, 289),  # how the samples lie
        *range(317, 348),  # prediction, palette, tiles, sub-images, inks, JPEG tables
        *range(512, 522),
        *range(529, 533),
        *(700, 33723, 34377, 34675),  # XMP, IPTC, Photoshop's block, the profile
    }
)
_MAKER_NOTE = 37500
_JPEG_LIMIT = 65_500  # an EXIF block must fit one JPEG segment
# What Pillow raises while it reads or writes EXIF that some camera or program got wrong.
_ERRORS = (
    *(OSError, EOFError, SyntaxError, ValueError, TypeError, KeyError, IndexError, AttributeError),
    *(struct.error, OverflowError, ZeroDivisionError),
)


def upright(exif: Image.Exif) -> tuple[bytes | None, int]:
    """A file's EXIF as bytes with Orientation 1, and the orientation (1..8) that it had.

    None where there is none, or where it is damaged: the photo is worth opening all the same.
    """
    try:
        orientation = exif.get(ExifTags.Base.Orientation, 1)
        orientation = orientation if orientation in range(1, 9) else 1
    except _ERRORS:
        return None, 1
    try:
        for tag in _LAYOUT.intersection(exif):
            del exif[tag]
        if not set(exif) - {ExifTags.Base.Orientation}:
            return None, orientation
        exif[ExifTags.Base.Orientation] = 1
        exif.bigtiff = False  # whatever the file was, the block has the classic header
        return serialised(exif), orientation
    except _ERRORS:
        return None, orientation


def load(block: bytes | None) -> Image.Exif:
    """The tags of a block that `upright` made; none of None."""
    exif = Image.Exif()
    if block:
        exif.load(block)
    return exif


def sized(block: bytes | None, width: int, height: int) -> bytes | None:
    """The block with the pixel size of the picture that is being saved, where it names one."""
    if not block:
        return None
    exif = load(block)
    tags = _details(exif)
    if ExifTags.Base.ExifImageWidth in tags:
        tags[ExifTags.Base.ExifImageWidth] = width
        tags[ExifTags.Base.ExifImageHeight] = height
    return serialised(exif)


def for_jpeg(block: bytes | None) -> bytes | None:
    """The block cut to what a JPEG can hold: first without the maker's own note, then not at all."""
    if not block or len(block) <= _JPEG_LIMIT:
        return block
    exif = load(block)
    _details(exif).pop(_MAKER_NOTE, None)
    shorter = serialised(exif)
    return shorter if len(shorter) <= _JPEG_LIMIT else None


def serialised(exif: Image.Exif) -> bytes:
    """The block as bytes. Pillow reads text as Latin-1 and would write `?` for all that is not ASCII;
    given back as the bytes that they were, names keep their letters, UTF-8 ones too.
    """
    directories: list[Any] = [exif]
    directories += [exif.get_ifd(tag) for tag in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo) if tag in exif]
    for directory in directories:
        for tag, value in list(directory.items()):
            if isinstance(value, str) and not value.isascii():
                directory[tag] = value.encode("latin-1", "replace")
    return exif.tobytes()


def _details(exif: Image.Exif) -> dict[int, Any]:
    """The camera's own directory; Pillow would add an empty one to a block that has none."""
    return exif.get_ifd(ExifTags.IFD.Exif) if ExifTags.IFD.Exif in exif else {}
