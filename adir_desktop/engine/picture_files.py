"""Reading picture files: the codes that stand in them, upright, with what else the file knows.

Pillow decodes; what it cannot give is added here: both bytes of 16-bit colour channels, the TIFF
layouts it does not know (tifffile), HEIC (the optional pillow-heif). Nothing here knows of colour.
"""

from __future__ import annotations

import struct
import sys
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from PIL.TiffImagePlugin import TiffImageFile

from adir_desktop.engine import exif
from adir_desktop.engine.icc import Codes
from adir_desktop.engine.quiet import DECODERS_QUIET
from adir_desktop.errors import PhotoError

MAX_PIXELS = 178_000_000  # 178 megapixels: just under the size at which Pillow itself refuses
OPENED = "PNG, JPEG, TIFF, WebP, BMP or HEIC"
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_TIFFFILE_READS = (1, 8, 32946)  # uncompressed and Deflate: without further packages
# Whatever a decoder may raise on damaged bytes; all of it means the same to a person.
_DECODER_ERRORS = (
    *(OSError, EOFError, SyntaxError, ValueError, TypeError, KeyError, IndexError, AttributeError),
    *(RuntimeError, AssertionError, OverflowError, ZeroDivisionError, struct.error, zlib.error),
)


@dataclass(frozen=True, eq=False)
class Picture:
    """What a file holds. codes: (H, W, C) uint8 or uint16, C = 1 grey, 3 RGB, 4 CMYK.

    alpha: (H, W) of the same type, or None; colours are not multiplied by it. icc: the profile.
    exif: its block with Orientation 1; the codes are turned upright already. format: Pillow's name.
    """

    codes: Codes
    format: str
    alpha: Codes | None = None
    icc: bytes | None = None
    exif: bytes | None = None


def read(path: Path) -> Picture:
    """The first picture in a file.

    Raises:
        PhotoError: there is no such file, it is no picture we open, it is damaged or too large.
    """
    kind = _kind(path, _head(path))
    try:
        with DECODERS_QUIET:
            return {"PNG": _png, "TIFF": _tiff, "HEIF": _heif}.get(kind, _plain)(path, kind)
    except PhotoError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_large(path) from error
    except _DECODER_ERRORS as error:
        raise PhotoError(
            f"{path.name} is damaged or incomplete.", "Copy it again from where it came, or open another."
        ) from error


def _head(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise PhotoError(f"{path} is a folder.", "Give the name of a picture file in it.")
        if path.exists() and not path.is_file():
            raise PhotoError(f"{path} is not a file.", "Give the name of a picture file.")
        with path.open("rb") as stream:
            head = stream.read(16)
    except FileNotFoundError as error:
        raise PhotoError(f"There is no file {path}.", "Check the name and the folder.") from error
    except PermissionError as error:
        raise PhotoError(f"{path} may not be read.", "Ask for the right to read it, or copy it.") from error
    except (OSError, ValueError) as error:
        raise PhotoError(f"{path} cannot be read.", "Check the name and the drive.") from error
    if not head:
        raise PhotoError(f"{path.name} is empty.", "Copy it again from where it came, or open another.")
    return head


def _kind(path: Path, head: bytes) -> str:
    """The format by the file's first bytes; its suffix may say anything."""
    starts = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG", b"BM": "BMP"}
    starts |= dict.fromkeys((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), "TIFF")
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return "HEIF"
    for start, kind in starts.items():
        if head.startswith(start):
            return kind
    raise PhotoError(f"{path.name} is not a picture that can be opened.", f"Use {OPENED}.")


def _check_size(path: Path, size: tuple[int, int]) -> None:
    """Refuses by the header alone, before memory is taken."""
    width, height = size
    if width < 1 or height < 1:
        raise PhotoError(f"{path.name} has no pixels.", "Open another picture.")
    if width * height > MAX_PIXELS:
        raise _too_large(path)


def _too_large(path: Path) -> PhotoError:
    return PhotoError(
        f"{path.name} has more than {MAX_PIXELS // 10**6} megapixels.", "Reduce it, or cut it into parts."
    )


def _plain(path: Path, kind: str) -> Picture:
    """JPEG, WebP, BMP, and all 8-bit files."""
    with Image.open(path, formats=(kind,)) as image:
        _check_size(path, image.size)
        image.load()
        codes, alpha = _channels(path, image)
        picture = Picture(codes, kind, alpha, image.info.get("icc_profile"))
        return _turned(picture, *exif.upright(image.getexif()))


def _png(path: Path, kind: str) -> Picture:
    with Image.open(path, formats=("PNG",)) as image:
        _check_size(path, image.size)
        rawmode = str(image.tile[0].args) if image.tile else ""
        if not rawmode.endswith(";16B") or image.mode == "I;16":
            return _plain(path, kind)
        profile, key = image.info.get("icc_profile"), image.info.get("transparency")
        image.load()  # also reads what stands behind the pixels
        tags = image.getexif()
    if rawmode == "LA;16B":  # read as RGBA, its four bytes are grey high, grey low, alpha high, alpha low
        pairs = _decoded(path, "PNG", "RGBA").astype(np.uint16)
        colour, alpha = _split(pairs[..., 0::2] << 8 | pairs[..., 1::2], 1)
    else:
        colour, alpha = _split(_both_bytes(path, "PNG", rawmode[:-4], big_endian=True), 3)
    if alpha is None and isinstance(key, tuple):  # one colour stands for "nothing here"
        alpha = np.where((colour == np.array(key)).all(axis=2), 0, 65535).astype(np.uint16)
    return _turned(Picture(colour, "PNG", alpha, profile), *exif.upright(tags))


def _tiff(path: Path, kind: str) -> Picture:
    """By Pillow where it can; planes of 16 bits, and 16-bit grey with alpha, by tifffile."""
    try:
        with Image.open(path, formats=("TIFF",)) as image:
            _check_size(path, image.size)
            tags = dict(image.tag_v2) if isinstance(image, TiffImageFile) else {}
            bits = max(tags.get(258, (1,)))
            if bits <= 8 or image.mode in ("I", "F"):
                return _plain(path, kind)
            if tags.get(284) == 2:
                return _tiff_by_tifffile(path)
            args = image.tile[0].args
            rawmode = str(args[0] if isinstance(args, tuple) else args)
            image.load()  # turns it upright, and says so in its EXIF
            block, orientation = exif.upright(image.getexif())
            codes, profile = np.asarray(image).astype(np.uint16), image.info.get("icc_profile")
    except UnidentifiedImageError:
        return _tiff_by_tifffile(path)
    if not rawmode.startswith("I;"):
        base = rawmode.partition(";")[0].replace("a", "A")  # alpha is undone below, in full depth
        big_endian = rawmode.endswith("B") or (rawmode.endswith("N") and sys.byteorder == "big")
        codes = _both_bytes(path, "TIFF", base, big_endian=big_endian)
    if bits < 16:
        codes = np.rint(codes * (65535 / ((1 << bits) - 1))).astype(np.uint16)
    extra = tags.get(338, (0,))[0]
    picture = _tiff_picture(path, codes, tags.get(262, 1), extra)
    return _turned(replace(picture, icc=profile), block, orientation)


def _tiff_by_tifffile(path: Path) -> Picture:
    """16-bit layouts that Pillow does not know, uncompressed or deflated."""
    with tifffile.TiffFile(path) as tiff:
        page: Any = tiff.pages[0]
        _check_size(path, (page.imagewidth, page.imagelength))
        if page.bitspersample != 16 or page.sampleformat != 1 or page.compression not in _TIFFFILE_READS:
            raise _no_photo(path)
        if max(map(sum, zip(page.dataoffsets, page.databytecounts, strict=True))) > path.stat().st_size:
            raise EOFError("the pixels end too early")
        codes = np.ascontiguousarray(
            np.moveaxis(page.asarray(), 0, -1) if page.axes == "SYX" else page.asarray()
        )
        extra = int(page.extrasamples[0]) if page.extrasamples else 0
        picture = _tiff_picture(path, codes, int(page.photometric), extra)
        tags = Image.Exif()
        tags.endian, tags.bigtiff = tiff.byteorder, tiff.is_bigtiff
        with path.open("rb") as stream:
            tags.load_from_fp(stream, page.offset)
            return _turned(replace(picture, icc=page.iccprofile), *exif.upright(tags))


def _tiff_picture(path: Path, codes: Codes, photometric: int, extra: int) -> Picture:
    """A TIFF's samples sorted into colour and alpha. extra: what its first further channel is."""
    colours = {0: 1, 1: 1, 2: 3, 5: 4}.get(photometric, 0)  # white or black is 0, RGB, inks
    codes = codes[..., None] if codes.ndim == 2 else codes
    if codes.ndim != 3 or not 1 <= colours <= codes.shape[2]:
        raise _no_photo(path)
    colour, alpha = _split(codes, colours)
    if photometric == 0:
        colour = 65535 - colour
    if alpha is not None and extra == 1:
        colour = _unmultiplied(colour, alpha)
    return Picture(colour, "TIFF", alpha if extra else None)


def _no_photo(path: Path) -> PhotoError:
    return PhotoError(
        f"{path.name} holds measurements or a layout that is not a photo's.",
        "Export it as RGB or grey with 8 or 16 bits.",
    )


def _heif(path: Path, kind: str) -> Picture:
    try:
        import pillow_heif
    except ImportError as error:
        raise PhotoError(
            f"{path.name} is a HEIC photo, which needs one more package.",
            'Install it: pip install "adir-desktop[heic]"',
        ) from error
    file = pillow_heif.open_heif(path, convert_hdr_to_8bit=False)
    _check_size(path, file.size)
    codes = np.asarray(file)
    codes = codes[..., None] if codes.ndim == 2 else codes
    if codes.dtype == np.uint16:  # 10 or 12 bits, moved to the top of 16: spread to the whole range
        spare = 16 - int(file.info["bit_depth"])
        codes = np.rint((codes >> spare) * (65535 / (65535 >> spare))).astype(np.uint16)
    colour, alpha = _split(codes, 1 if codes.shape[2] < 3 else 3)
    if alpha is not None and file.premultiplied_alpha:
        colour = _unmultiplied(colour, alpha)
    tags = Image.Exif()
    tags.load(file.info.get("exif") or b"")
    picture = Picture(colour, kind, alpha, file.info.get("icc_profile"))
    return replace(picture, exif=exif.upright(tags)[0])  # the decoder has turned it already


def _both_bytes(path: Path, kind: str, base: str, *, big_endian: bool) -> Codes:
    """16-bit channels by Pillow, which keeps one byte of each: decoded twice, once for either byte.

    Its raw modes "RGB;16B" and "RGB;16L" take the first and the second byte of every channel.
    """
    first, second = (_decoded(path, kind, f"{base};16{end}").astype(np.uint16) for end in "BL")
    return first << 8 | second if big_endian else second << 8 | first


def _decoded(path: Path, kind: str, rawmode: str) -> NDArray[np.uint8]:
    """The file decoded with another raw mode than Pillow's own choice."""
    with Image.open(path, formats=(kind,)) as image:
        image.tile = [
            tile._replace(args=(rawmode, *tile.args[1:]) if isinstance(tile.args, tuple) else rawmode)
            for tile in image.tile
        ]
        image.load()
        return np.asarray(image)


def _channels(path: Path, image: Image.Image) -> tuple[Codes, Codes | None]:
    """Any of Pillow's modes as colour codes and alpha."""
    if image.mode.startswith("I;16"):
        codes = np.asarray(image).astype(np.uint16)
        key = image.info.get("transparency")
        shown = np.where(codes == key, 0, 65535).astype(np.uint16) if isinstance(key, int) else None
        return codes[..., None], shown
    if image.mode in ("I", "F", "LAB"):
        raise _no_photo(path)
    grey = image.mode in ("1", "L", "LA", "La")
    if image.mode != "CMYK":
        alpha = "transparency" in image.info or image.mode in ("LA", "La", "PA", "RGBA", "RGBa")
        mode = ("L" if grey else "RGB") + ("A" if alpha else "")
        image = image.convert(mode) if image.mode != mode else image
    codes = np.asarray(image)
    codes = codes[..., None] if codes.ndim == 2 else codes
    return _split(codes, 4 if image.mode == "CMYK" else 1 if grey else 3)


def _split(codes: Codes, colours: int) -> tuple[Codes, Codes | None]:
    """Colour channels and, behind them, alpha."""
    return codes[..., :colours], (codes[..., colours] if codes.shape[2] > colours else None)


def _unmultiplied(colour: Codes, alpha: Codes) -> Codes:
    """Colours as they were before they were multiplied by alpha."""
    top = np.iinfo(colour.dtype).max
    shares = np.maximum(alpha, 1)[..., None] / top
    return np.minimum(np.rint(colour / shares), top).astype(colour.dtype)


def _turned(picture: Picture, block: bytes | None, orientation: int) -> Picture:
    """The picture upright: EXIF orientation 1..8 undone."""
    codes, alpha = _upright(picture.codes, orientation), None
    if picture.alpha is not None:
        alpha = _upright(picture.alpha, orientation)
    return replace(picture, codes=codes, alpha=alpha, exif=block)


def _upright(array: Codes, orientation: int) -> Codes:
    if orientation >= 5:
        array = array.swapaxes(0, 1)
    if orientation in (2, 3, 6, 7):
        array = array[:, ::-1]
    if orientation in (3, 4, 7, 8):
        array = array[::-1]
    return np.ascontiguousarray(array)
