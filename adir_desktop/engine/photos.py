"""Files <-> `Photo`: upright sRGB pixels in memory, the file's own profile and EXIF kept for saving.

Colours: pixels are sRGB, clipped to what sRGB holds. On saving, a profile made of curves and a matrix
is taken back and embedded again, so that a photo that was not changed keeps its 8-bit codes exactly
(with sRGB or no profile), or exactly wherever its colours lie inside sRGB (with another profile; the
others move to sRGB's edge; 16-bit codes may move by rounding). With profiles of other kinds (CMYK,
tables) an sRGB picture with an sRGB profile is saved.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from adir_desktop import tasks
from adir_desktop.contract import Mask, Photo, Pixels
from adir_desktop.engine import exif, icc, picture_files, picture_writers
from adir_desktop.errors import MaskError, RequestError
from adir_desktop.files import atomic

SAVE_SUFFIXES = tuple(picture_writers.FORMATS)
PHOTO_SUFFIXES = (*SAVE_SUFFIXES, ".heic", ".heif", ".hif")


def open_photo(path: Path) -> Photo:
    """Reads a PNG, JPEG, TIFF, WebP, BMP or (with pillow-heif) HEIC file.

    8 and 16 bits, grey, palette, CMYK and alpha; turned upright by its EXIF; colours moved to sRGB.
    16-bit files with a profile of tables or inks are read in 8 bits of precision.

    Raises:
        PhotoError: no such file, not a picture, damaged, or more than `picture_files.MAX_PIXELS`.
    """
    picture = picture_files.read(path)
    pixels, profile = icc.to_srgb(picture.codes, picture.icc)
    return Photo(
        pixels=pixels,
        alpha=None if picture.alpha is None else _unit(picture.alpha),
        path=path,
        icc=profile,
        exif=picture.exif,
        bit_depth=picture.codes.itemsize * 8,
        grey=picture.codes.shape[2] == 1,
        format=picture.format,
    )


def open_mask(path: Path, size: tuple[int, int]) -> Mask:
    """A mask for a photo of `size` (height, width): True where the file is white (half or more).

    Transparent parts count as black; colours as their mean; profiles are ignored: a mask is data.

    Raises:
        MaskError: it has another size, or nothing in it is white.
        PhotoError: it cannot be read as a picture.
    """
    values = _grey_values(path)
    if values.shape != size:
        raise MaskError(
            f"The mask is {values.shape[1]} x {values.shape[0]} pixels, the photo {size[1]} x {size[0]}.",
            "Use a mask of the photo's size.",
        )
    mask: Mask = values >= 0.5
    if not mask.any():
        raise MaskError(f"The mask {path.name} is empty.", "Paint white over what is damaged.")
    return mask


def open_psf(path: Path) -> NDArray[np.float64]:
    """A blur kernel from a picture: (k, k), k odd, not negative, sum 1; its centre is [k // 2, k // 2].

    The picture's middle pixel is the centre (of an even side, the pixel after the middle). Profiles
    are ignored and colours averaged: the codes are the weights.

    Raises:
        RequestError: it is all black, or larger than `tasks.MAX_KERNEL` a side.
        PhotoError: it cannot be read as a picture.
    """
    values = _grey_values(path)
    height, width = values.shape
    if max(height, width) > tasks.MAX_KERNEL:
        raise RequestError(
            f"The blur kernel {path.name} is {width} x {height} pixels.",
            f"Cut it to at most {tasks.MAX_KERNEL} pixels a side.",
        )
    if not values.any():
        raise RequestError(
            f"The blur kernel {path.name} is all black.", "Use a picture of the blurred point."
        )
    side = max(height, width) | 1
    psf = np.zeros((side, side))
    top, left = side // 2 - height // 2, side // 2 - width // 2
    psf[top : top + height, left : left + width] = values
    psf /= psf.sum()
    return psf


def save_photo(photo: Photo, path: Path, *, overwrite: bool = False) -> None:
    """Writes the photo in the format of `path`'s suffix, whole or not at all.

    16 bits where the photo came with them and the format (PNG, TIFF) has them. Profile: see the
    module. EXIF is kept, its pixel size brought up to date. JPEG: quality 95, 4:4:4; WebP: lossless.
    JPEG and BMP have no alpha: the photo is laid on white. BMP has neither profile nor EXIF.

    Raises:
        PhotoError: the suffix names no format that can be written.
        RequestError: the format cannot hold so large a picture.
        BadInput: `path` exists and may not be replaced, is a folder, or its folder is missing.
        StorageError: the disk is full or read-only.
    """
    picture_writers.format_for(path, photo.width, photo.height)
    with atomic(path, overwrite=overwrite) as temporary:
        write_photo(photo, temporary)


def write_photo(photo: Photo, path: Path) -> None:
    """As `save_photo`, straight into `path`: for a caller that already writes to a temporary file."""
    name = picture_writers.format_for(path, photo.width, photo.height)
    dtype = np.uint16 if photo.bit_depth == 16 and name in picture_writers.HAS_16_BITS else np.uint8
    keeps_alpha = photo.alpha is not None and name in picture_writers.HAS_ALPHA
    pixels = photo.pixels if keeps_alpha else _on_white(photo)
    profile = photo.icc if name in picture_writers.HAS_PROFILE else None
    values, profile = icc.from_srgb(pixels, profile, grey=photo.grey and _is_grey(pixels, dtype))
    codes = _codes(values, dtype)
    if keeps_alpha and photo.alpha is not None:
        codes = np.concatenate([codes, _codes(photo.alpha, dtype)[..., None]], axis=2)
    block = exif.sized(photo.exif, photo.width, photo.height)
    picture_writers.write(path, codes, name, icc=profile, block=block)


def thumbnail(photo: Photo, side: int = 160) -> bytes:
    """A JPEG of the photo, at most `side` pixels a side; transparent parts are white."""
    image = Image.fromarray(_codes(_on_white(photo), np.uint8))
    image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=85)
    return stream.getvalue()


def _grey_values(path: Path) -> NDArray[np.float64]:
    """(H, W) in [0, 1]: a picture's codes as they stand, channels averaged, transparent parts 0."""
    picture = picture_files.read(path)
    codes = icc.to_srgb(picture.codes, None)[0] if picture.codes.shape[2] == 4 else _unit(picture.codes)
    values: NDArray[np.float64] = codes.mean(axis=2, dtype=np.float64)
    return values if picture.alpha is None else values * _unit(picture.alpha)


def _on_white(photo: Photo) -> Pixels:
    if photo.alpha is None:
        return photo.pixels
    return photo.pixels * photo.alpha[..., None] + (1 - photo.alpha[..., None])


def _is_grey(pixels: Pixels, dtype: type[np.unsignedinteger[Any]]) -> bool:
    """Whether the channels are equal in the codes that would be written."""
    codes = _codes(pixels, dtype)
    return bool((codes == codes[..., :1]).all())


def _unit(codes: icc.Codes) -> NDArray[np.float32]:
    return codes.astype(np.float32) / np.float32(np.iinfo(codes.dtype).max)


def _codes(values: NDArray[np.float32], dtype: type[np.unsignedinteger[Any]]) -> icc.Codes:
    """[0, 1] to the nearest whole codes."""
    return np.rint(np.clip(values, 0, 1) * np.iinfo(dtype).max).astype(dtype)
