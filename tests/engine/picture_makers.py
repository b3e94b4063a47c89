"""Picture files and photos made by the tests themselves."""

from __future__ import annotations

import io
import struct
import zlib

import icc_files
import numpy as np
import tifffile
from PIL import ExifTags, Image

from adir_desktop.contract import Photo

ADOBE = icc_files.rgb_profile(icc_files.gamma_curve(563 / 256))
ORIENTATIONS = {  # EXIF's own words: where row 0 and column 0 of the stored picture belong
    1: lambda a: a,
    2: np.fliplr,
    3: lambda a: np.rot90(a, 2),
    4: np.flipud,
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: np.rot90(a, -1),
    7: lambda a: np.rot90(a, 2).swapaxes(0, 1),
    8: lambda a: np.rot90(a, 1),
}


ADAM7 = (  # the seven passes: first column, first row, steps
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
    *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
)


def noise(channels=3, dtype=np.uint8, height=23, width=31, seed=0):
    top = int(np.iinfo(dtype).max)
    codes = np.random.default_rng(seed).integers(0, top + 1, (height, width, channels)).astype(dtype)
    return codes[..., 0] if channels == 1 else codes


def smooth(height=64, width=80):
    """A picture that JPEG hardly hurts."""
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([x * 3, y * 3, 255 - x - y], axis=-1).clip(0, 255).astype(np.uint8)


def exif_block(orientation=1, **ifd):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Artist] = "A. Photographer"
    exif.get_ifd(ExifTags.IFD.Exif).update({ExifTags.Base.ISOSpeedRatings: 400, **ifd})
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    return exif


def png16(codes, *, interlace=0, **chunks):
    """A 16-bit PNG without row filters; interlace: 1 for Adam7."""
    codes = codes[..., None] if codes.ndim == 2 else codes
    height, width, channels = codes.shape
    passes = [codes[y::dy, x::dx] for x, y, dx, dy in ADAM7] if interlace else [codes]
    rows = [row for part in passes if part.size for row in part.astype(">u2").reshape(len(part), -1)]
    parts = [
        (
            b"IHDR",
            struct.pack(">IIBBBBB", width, height, 16, {1: 0, 2: 4, 3: 2, 4: 6}[channels], 0, 0, interlace),
        )
    ]
    parts += [(name.encode(), content) for name, content in chunks.items()]
    parts += [(b"IDAT", zlib.compress(b"".join(b"\0" + row.tobytes() for row in rows))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        for name, content in parts
    )


def lzw(content):
    """LZW as TIFF has it, of literals alone: the dictionary is cleared before a code needs ten bits."""
    codes = []
    for start in range(0, len(content), 250):
        codes += [256, *content[start : start + 250]]
    bits = "".join(f"{code:09b}" for code in [*codes, 257])
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def packbits(content):
    """PackBits as TIFF has it, of literal runs alone."""
    runs = (content[start : start + 128] for start in range(0, len(content), 128))
    return b"".join(bytes([len(run) - 1]) + run for run in runs)


def squeezed_tiff(path, codes, compression="lzw"):
    """A 16-bit TIFF made from an uncompressed one: the same tags, one compressed strip at the end."""
    stream = io.BytesIO()
    extra = {"extrasamples": ["unassalpha"]} if codes.shape[2] == 4 else {}
    tifffile.imwrite(stream, codes, photometric="rgb", rowsperstrip=len(codes), **extra)
    content = bytearray(stream.getvalue())
    number, strip = {
        "lzw": (5, lzw(codes.tobytes())),
        "packbits": (32773, b"".join(packbits(row.tobytes()) for row in codes)),
    }[compression]
    count = struct.unpack_from("<H", content, offset := struct.unpack_from("<I", content, 4)[0])[0]
    for entry in range(offset + 2, offset + 2 + 12 * count, 12):
        tag = struct.unpack_from("<H", content, entry)[0]
        value = {259: number, 273: len(content), 279: len(strip)}.get(tag)
        if value is not None:
            struct.pack_into("<HII", content, entry + 2, 4, 1, value)
    path.write_bytes(bytes(content) + strip)


def as_codes(photo, dtype=None):
    dtype = dtype or (np.uint16 if photo.bit_depth == 16 else np.uint8)
    return np.rint(photo.pixels * np.iinfo(dtype).max).astype(dtype)


def make(codes, **values):
    """A photo as if opened from a file of these codes."""
    colour = codes[..., None].repeat(3, axis=2) if codes.ndim == 2 else codes
    top = np.float32(np.iinfo(codes.dtype).max)
    depth = codes.itemsize * 8
    return Photo((colour / top).astype(np.float32), bit_depth=depth, grey=codes.ndim == 2, **values)
