"""Writing picture files: PNG, JPEG, TIFF, WebP and BMP, in 16 bits where the format has them.

Pillow encodes 8 bits. It has no 16-bit colour, so 16-bit PNG and all TIFF are written here: both are
little more than a header around zlib.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from adir_desktop.engine import exif
from adir_desktop.engine.icc import Codes
from adir_desktop.errors import PhotoError, RequestError

FORMATS = {  # suffix -> Pillow's name of the format
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".webp": "WEBP",
    ".bmp": "BMP",
}
HAS_ALPHA = ("PNG", "TIFF", "WEBP")
HAS_16_BITS = ("PNG", "TIFF")
HAS_PROFILE = ("PNG", "TIFF", "WEBP", "JPEG")
_LONGEST = {"JPEG": 65_500, "WEBP": 16_383}  # pixels a side that the formats' own headers can hold
_JPEG_QUALITY = 95  # with full colour resolution (4:4:4): no loss that an eye finds
_BAND_BYTES = 1 << 20  # compressed at a time


def format_for(path: Path, width: int, height: int) -> str:
    """The format that the suffix names.

    Raises:
        PhotoError: no format that can be written has this suffix.
        RequestError: the format cannot hold so large a picture.
    """
    name = FORMATS.get(path.suffix.lower())
    if name is None:
        raise PhotoError(
            f"Pictures cannot be saved as '{path.suffix or path.name}'.",
            f"Use one of: {', '.join(FORMATS)}.",
        )
    if max(width, height) > _LONGEST.get(name, 1 << 30):
        raise RequestError(
            f"A {name} file holds at most {_LONGEST[name]} pixels a side.", "Save as PNG or TIFF."
        )
    return name


def write(path: Path, codes: Codes, name: str, *, icc: bytes | None, block: bytes | None) -> None:
    """Writes (H, W, C) uint8 or uint16 codes; C = 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.

    name: of the format. icc: profile to embed. block: EXIF. What the format has no place for must
    have been left out by the caller, but for a profile and EXIF in BMP, which are dropped.
    """
    if name == "TIFF":
        _write_tiff(path, codes, icc, block)
    elif name == "PNG" and codes.dtype == np.uint16:
        _write_png(path, codes, icc, block)
    else:
        _write_by_pillow(path, codes, name, icc, block)


def _write_by_pillow(path: Path, codes: Codes, name: str, icc: bytes | None, block: bytes | None) -> None:
    """8-bit files. WebP is written without loss, JPEG at quality 95 with full colour resolution."""
    image = Image.fromarray(codes[..., 0] if codes.shape[2] == 1 else codes)
    if name == "JPEG":
        block = exif.for_jpeg(block) or b""
        image.save(path, name, quality=_JPEG_QUALITY, subsampling=0, icc_profile=icc, exif=block)
    elif name == "WEBP":
        image.save(path, name, lossless=True, exact=True, icc_profile=icc, exif=block or b"")
    elif name == "PNG":
        image.save(path, name, icc_profile=icc, exif=block or b"")
    else:
        image.save(path, name)


def _write_png(path: Path, codes: NDArray[np.uint16], icc: bytes | None, block: bytes | None) -> None:
    """16-bit PNG (ISO/IEC 15948): each row as its difference from the row above, deflated."""
    height, width, channels = codes.shape
    colour_type = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    with path.open("wb") as stream:
        stream.write(b"\x89PNG\r\n\x1a\n")
        _chunk(stream, b"IHDR", struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0))
        if icc:
            _chunk(stream, b"iCCP", b"ICC Profile\0\0" + zlib.compress(icc))
        if block:
            _chunk(stream, b"eXIf", block.removeprefix(b"Exif\0\0"))
        deflate = zlib.compressobj(6)
        above = np.zeros((1, width * channels * 2), np.uint8)
        for band in _bands(codes):
            rows = band.astype(">u2").reshape(len(band), -1).view(np.uint8)
            lines = np.empty((len(rows), rows.shape[1] + 1), np.uint8)
            lines[:, 0] = 2  # the filter "Up"
            lines[:, 1:] = rows - np.concatenate([above, rows[:-1]])
            above = rows[-1:]
            _chunk(stream, b"IDAT", deflate.compress(lines.tobytes()))
        _chunk(stream, b"IDAT", deflate.flush())
        _chunk(stream, b"IEND", b"")


def _chunk(stream: BinaryIO, kind: bytes, content: bytes) -> None:
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    stream.write(struct.pack(">I", len(content)) + kind + content + checksum)


def _write_tiff(path: Path, codes: Codes, icc: bytes | None, block: bytes | None) -> None:
    """TIFF 6.0, 8 or 16 bits: strips of differences along the rows, deflated; EXIF as its own tags."""
    height, width, channels = codes.shape
    tags = exif.load(block)
    tags.endian = tags.endian or "<"
    strips = [_strip(band, tags.endian) for band in _bands(codes)]
    layout: dict[int, Any] = {
        256: width,
        257: height,
        258: (codes.itemsize * 8,) * channels,  # bits a sample
        259: 8,  # Deflate
        262: 1 if channels < 3 else 2,  # 0 is black; RGB
        273: tuple(np.cumsum([0] + [len(strip) for strip in strips[:-1]]).tolist()),  # after the tags
        277: channels,
        278: _band_rows(codes),
        279: tuple(len(strip) for strip in strips),
        284: 1,  # channels interleaved
        317: 2,  # differences along the row
    }
    if channels in (2, 4):
        layout[338] = 2  # alpha by which colours are not multiplied
    if icc:
        layout[34675] = icc
    for tag, value in layout.items():
        tags[tag] = value
    with path.open("wb") as stream:
        stream.write(exif.serialised(tags).removeprefix(b"Exif\0\0"))  # Pillow moves 273 behind the tags
        stream.writelines(strips)


def _strip(band: Codes, endian: str) -> bytes:
    step = band.copy()
    step[:, 1:] -= band[:, :-1]
    return zlib.compress(step.astype(step.dtype.newbyteorder(endian)).tobytes())  # type: ignore[arg-type]


def _band_rows(codes: Codes) -> int:
    return max(1, min(len(codes), _BAND_BYTES // int(codes[0].nbytes)))


def _bands(codes: Codes) -> Iterator[Codes]:
    rows = _band_rows(codes)
    return (codes[start : start + rows] for start in range(0, len(codes), rows))
