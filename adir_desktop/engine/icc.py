"""Colour profiles: from a file's own colours to sRGB, and back to them on saving.

RGB and grey profiles that consist of tone curves and a matrix (Adobe RGB, Display P3, ProPhoto, most
cameras and monitors) are computed here in floating point: 16-bit photos keep their depth, and the way
back is exact for every colour that sRGB can hold. All others (CMYK, look-up tables) go through
LittleCMS in 8 bits. A profile that makes no sense counts as sRGB.

Written after ICC.1:2022, sections 7 to 10.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from adir_desktop.contract import Pixels

Codes = NDArray[Any]  # uint8 or uint16, as they stand in a file

_LEVELS = 65536  # entries of a tone curve: every 16-bit code has its own, 8-bit codes every 257th
_BAND = 1 << 20  # pixels worked on at a time, so that a large photo needs no second copy of itself
_SAME = 1 / 255  # a profile that moves no colour further than this is sRGB under another name
# linear sRGB -> XYZ of the profile connection space: sRGB's primaries adapted to D50 (Bradford)
_SRGB_TO_PCS = np.array(
    [
        [0.4360747, 0.3850649, 0.1430804],
        [0.2225045, 0.7168786, 0.0606169],
        [0.0139322, 0.0971045, 0.7141733],
    ]
)


@dataclass(frozen=True, eq=False)
class Shaper:
    """A profile made of curves and a matrix: linear sRGB = matrix @ curve(device value).

    curves: (C, 65536) device value -> light in [0, 1], never falling; C is 1 (grey) or 3 (RGB).
    matrix: (3, 3), or None for grey.
    """

    curves: NDArray[np.float64]
    matrix: NDArray[np.float64] | None = None

    @property
    def channels(self) -> int:
        return int(self.curves.shape[0])


def to_srgb(codes: Codes, icc: bytes | None) -> tuple[Pixels, bytes | None]:
    """A file's (H, W, C) codes, C = 1 grey, 3 RGB or 4 CMYK, as sRGB (H, W, 3) in [0, 1].

    Returns the pixels and the profile if it was used; None where there was none or it was broken.
    Colours outside sRGB are clipped to its edge.
    """
    shaper = parse(icc) if icc else None
    if shaper and shaper.channels == codes.shape[2]:
        return (_scaled(codes) if is_srgb(shaper) else _shape(codes, shaper)), icc
    converted = _littlecms(_to_8bit(codes), icc) if icc and not shaper else None
    if converted is not None:
        return _scaled(converted), icc
    if codes.shape[2] == 4:
        return _scaled(_plain_cmyk(_to_8bit(codes))), None
    return _scaled(codes), None


def from_srgb(pixels: Pixels, icc: bytes | None, *, grey: bool) -> tuple[Pixels, bytes | None]:
    """Turns sRGB (H, W, 3) into the (H, W, C) device values of [0, 1] to write, and the profile to embed.

    Without a profile nothing is embedded. A curves-and-matrix profile is taken back: its own values,
    itself embedded. With any other (CMYK, tables, a grey one for a picture that has colour) the
    values stay sRGB and an sRGB profile is embedded. grey: all three channels are equal.
    """
    plain = pixels[..., :1] if grey else pixels
    if icc is None:
        return plain, None
    shaper = parse(icc)
    if shaper is None or (shaper.channels == 1 and not grey):
        return plain, srgb_profile()
    return _unshape(pixels, shaper), icc


def srgb_profile() -> bytes:
    """An sRGB profile, the same bytes every time (LittleCMS would write the time of day into it)."""
    content = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    content[24:36] = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
    return bytes(content)


def parse(icc: bytes) -> Shaper | None:
    """The curves and matrix of an RGB or grey profile; None where it has none, or is damaged."""
    try:
        tags = _tags(icc)
        space, connection = icc[16:20], icc[20:24]
        if connection != b"XYZ " or b"A2B0" in tags:
            return None
        if space == b"GRAY":
            return _checked(Shaper(_curve(tags[b"kTRC"])[None]))
        if space != b"RGB ":
            return None
        curves = np.stack([_curve(tags[name]) for name in (b"rTRC", b"gTRC", b"bTRC")])
        primaries = np.stack([_xyz(tags[name]) for name in (b"rXYZ", b"gXYZ", b"bXYZ")], axis=1)
        return _checked(Shaper(curves, _neutral(np.linalg.solve(_SRGB_TO_PCS, primaries))))
    except (struct.error, KeyError, IndexError, ValueError, OverflowError):
        return None


def is_srgb(shaper: Shaper) -> bool:
    """True where the profile's colours are sRGB's to one 8-bit level."""
    steps = np.linspace(0, _LEVELS - 1, 9).round().astype(np.uint16)
    grid = np.stack(np.meshgrid(*[steps] * shaper.channels, indexing="ij"), axis=-1)
    codes = grid.reshape(1, -1, shaper.channels)
    return bool(np.abs(_shape(codes, shaper) - _scaled(codes)).max() <= _SAME)


def linear_to_srgb(light: NDArray[Any]) -> NDArray[Any]:
    """Light in [0, 1] to sRGB values in [0, 1] (IEC 61966-2-1)."""
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * np.maximum(light, 0) ** (1 / 2.4) - 0.055)


def srgb_to_linear(values: NDArray[Any]) -> NDArray[Any]:
    """The inverse of `linear_to_srgb`."""
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _shape(codes: Codes, shaper: Shaper) -> Pixels:
    """Device codes (H, W, C) through curves and matrix to sRGB (H, W, 3)."""
    out = np.empty((*codes.shape[:2], 3), np.float32)
    step = np.uint16(257 if codes.dtype == np.uint8 else 1)
    for rows in _bands(codes):
        index = codes[rows].astype(np.uint16) * step
        light = np.stack([curve[index[..., c]] for c, curve in enumerate(shaper.curves)], axis=-1)
        if shaper.matrix is not None:
            light = np.clip(light @ shaper.matrix.T, 0, 1)
        out[rows] = linear_to_srgb(light)
    return out


def _unshape(pixels: Pixels, shaper: Shaper) -> Pixels:
    """SRGB (H, W, 3) back to device values (H, W, C) in [0, 1]."""
    if is_srgb(shaper):
        return pixels[..., : shaper.channels]
    out = np.empty((*pixels.shape[:2], shaper.channels), np.float32)
    grid = np.linspace(0, 1, _LEVELS)
    back = None if shaper.matrix is None else np.linalg.inv(shaper.matrix).T
    for rows in _bands(pixels):
        light = srgb_to_linear(pixels[rows, :, : shaper.channels].astype(np.float64))
        if back is not None:
            light = light @ back
        for channel, curve in enumerate(shaper.curves):
            out[rows, :, channel] = np.interp(light[..., channel], curve, grid)
    return out


def _bands(rows: NDArray[Any]) -> Iterator[slice]:
    height, width = rows.shape[:2]
    step = max(1, _BAND // max(1, width))
    return (slice(start, start + step) for start in range(0, height, step))


def _scaled(codes: Codes) -> Pixels:
    """Codes to [0, 1]; one channel becomes three equal ones."""
    top = np.float32(np.iinfo(codes.dtype).max)
    values = codes.astype(np.float32) / top
    return values.repeat(3, axis=2) if codes.shape[2] == 1 else values


def _to_8bit(codes: Codes) -> NDArray[np.uint8]:
    """LittleCMS as Pillow offers it knows 8 bits only."""
    if codes.dtype == np.uint8:
        return codes.astype(np.uint8, copy=False)
    return ((codes.astype(np.uint32) + 128) // 257).astype(np.uint8)


def _littlecms(codes: NDArray[np.uint8], icc: bytes) -> NDArray[np.uint8] | None:
    """(H, W, C) to sRGB (H, W, 3) by LittleCMS; None if it cannot make sense of the profile."""
    try:
        moved = ImageCms.profileToProfile(
            _image(codes),
            ImageCms.ImageCmsProfile(io.BytesIO(icc)),
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
    return None if moved is None else np.asarray(moved)


def _plain_cmyk(codes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Inks without a profile: each takes away its complement of light."""
    return np.asarray(_image(codes).convert("RGB"))


def _image(codes: NDArray[np.uint8]) -> Image.Image:
    height, width, channels = codes.shape
    return Image.frombytes({1: "L", 3: "RGB", 4: "CMYK"}[channels], (width, height), codes.tobytes())


def _tags(icc: bytes) -> dict[bytes, bytes]:
    """The tag table: signature -> content."""
    if icc[36:40] != b"acsp":
        raise ValueError("not an ICC profile")
    (count,) = struct.unpack_from(">I", icc, 128)
    entries = (struct.unpack_from(">4sII", icc, 132 + 12 * i) for i in range(min(count, 200)))
    return {name: icc[start : start + size] for name, start, size in entries}


def _curve(tag: bytes) -> NDArray[np.float64]:
    """A tone curve tag ("curv" or "para") sampled at every 16-bit code."""
    x = np.linspace(0, 1, _LEVELS)
    if tag[:4] == b"para":
        return np.clip(_parametric(tag, x), 0, 1)
    if tag[:4] != b"curv":
        raise ValueError("unknown curve")
    (count,) = struct.unpack_from(">I", tag, 8)
    if count == 0:
        return x
    if count == 1:
        (gamma,) = struct.unpack_from(">H", tag, 12)
        return np.asarray(x ** (gamma / 256), np.float64)
    points = np.frombuffer(tag, ">u2", count, 12) / 65535
    return np.interp(x, np.linspace(0, 1, count), points)


def _parametric(tag: bytes, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """ICC.1 table 68: (a x + b)^gamma + e from d on, c x + f below it."""
    (kind,) = struct.unpack_from(">H", tag, 8)
    numbers = np.array(struct.unpack_from(f">{(1, 3, 4, 5, 7)[kind]}i", tag, 12)) / 65536
    gamma, a, b, c, d, e, f = np.pad(numbers, (0, 7 - numbers.size)).tolist()
    if kind == 0:
        return np.asarray(x**gamma, np.float64)
    if kind in (1, 2):  # a constant c below the zero of a x + b
        d, e, f, c = -b / a if a else 0.0, c, c, 0.0
    power = np.maximum(a * x + b, 0) ** gamma + e
    return np.asarray(np.where(x >= d, power, c * x + f), np.float64)


def _xyz(tag: bytes) -> NDArray[np.float64]:
    if tag[:4] != b"XYZ ":
        raise ValueError("not a colour")
    return np.array(struct.unpack_from(">3i", tag, 8)) / 65536


def _neutral(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Device white is white exactly: takes away the rounding of the profile's 16-bit fractions."""
    white = matrix.sum(axis=1, keepdims=True)
    return np.asarray(matrix / white if np.abs(white - 1).max() < 0.01 else matrix)


def _checked(shaper: Shaper) -> Shaper:
    rising = (np.diff(shaper.curves) >= 0).all() and (shaper.curves[:, -1] > shaper.curves[:, 0]).all()
    flat = shaper.matrix is not None and abs(np.linalg.det(shaper.matrix)) < 1e-6
    if not rising or flat or not np.isfinite(shaper.curves).all():
        raise ValueError("curves that cannot be inverted")
    return shaper
