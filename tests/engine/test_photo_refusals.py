"""Files that are no photo, damaged or hostile: refused in words, before memory is taken."""

from __future__ import annotations

import contextlib
import io
import os
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
import tifffile
from picture_makers import (
    ADOBE,
    exif_block,
    noise,
    png16,
    smooth,
    squeezed_tiff,
)
from PIL import Image

from adir_desktop.engine import photos, picture_files
from adir_desktop.errors import AdirError, PhotoError


def test_what_is_no_picture_has_problem_and_remedy(tmp_path, monkeypatch):
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "text.jpg").write_text("these are words, not pixels, and there are quite a few of them")
    (tmp_path / "gif.png").write_bytes(b"GIF89a" + bytes(50))
    (tmp_path / "short.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "heic.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(100))
    for name in (
        "empty.png",
        "text.jpg",
        "gif.png",
        "short.png",
        "heic.heic",
        ".",
        "missing.png",
        "empty.png/x.png",
        "x" * 300,
    ):
        with pytest.raises(PhotoError) as caught:
            photos.open_photo(tmp_path / name)
        assert caught.value.remedy
        assert "\n" not in str(caught.value)
    with pytest.raises(PhotoError):
        photos.open_photo(Path("a\0b.png"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.png")
    with pytest.raises(PhotoError):
        photos.open_photo(tmp_path / "a.png")


def test_file_without_the_right_to_read(tmp_path, monkeypatch):
    Image.fromarray(noise()).save(tmp_path / "a.png")
    monkeypatch.setattr(
        Path, "open", lambda *_: (_ for _ in ()).throw(PermissionError(13, "Permission denied"))
    )
    with pytest.raises(PhotoError, match="may not be read"):
        photos.open_photo(tmp_path / "a.png")


def files_of_every_kind(folder):
    image = Image.fromarray(smooth())
    image.save(folder / "a.png", exif=exif_block(6), icc_profile=ADOBE)
    image.save(folder / "a.jpg", exif=exif_block(6), icc_profile=ADOBE)
    image.save(folder / "a.tif", exif=exif_block(6))
    image.save(folder / "b.tif", compression="tiff_lzw")
    image.save(folder / "a.bmp")
    image.save(folder / "a.webp")
    image.save(folder / "b.webp", lossless=True, exif=exif_block(6))
    (folder / "b.png").write_bytes(png16(noise(4, np.uint16)))
    tifffile.imwrite(folder / "c.tif", noise(3, np.uint16), photometric="rgb", compression="zlib")
    tifffile.imwrite(folder / "d.tif", noise(3, np.uint16), photometric="rgb")
    squeezed_tiff(folder / "e.tif", noise(3, np.uint16))
    if "pillow_heif" in sys.modules:
        sys.modules["pillow_heif"].from_pillow(image).save(folder / "a.heic")
    return sorted(folder.iterdir())


def test_cut_files_are_refused_in_words(tmp_path):
    for path in files_of_every_kind(tmp_path):
        content = path.read_bytes()
        assert photos.open_photo(path).pixels.ndim == 3
        for share in (0.02, 0.1, 0.3, 0.5, 0.7, 0.9):
            path.write_bytes(content[: int(len(content) * share)])
            with pytest.raises(PhotoError, match=r"damaged|not a picture|empty|no pixels"):
                print(path.name, share, photos.open_photo(path))


def test_bent_files_are_opened_or_refused_in_words(tmp_path):
    rng = np.random.default_rng(0)
    for path in files_of_every_kind(tmp_path):
        content = path.read_bytes()
        for trial in range(25):
            bent = bytearray(content)
            reach = len(bent) if trial % 2 else min(len(bent), 200)
            for place in rng.integers(4, reach, 5):
                bent[place] = rng.integers(256)
            path.write_bytes(bent)
            with contextlib.suppress(AdirError):
                assert photos.open_photo(path).pixels.ndim == 3


def bombs():
    def chunk(name, content):
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    for width, height in ((30_000, 5_990), (2_000_000_000, 2_000_000_000)):
        yield (
            "png",
            b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", b""),
        )
    yield "bmp", b"BM" + struct.pack("<IIIIiiHHIIiiII", 54, 0, 54, 40, 30_000, 6_000, 1, 24, 0, 0, 0, 0, 0, 0)
    stream = io.BytesIO()
    Image.new("RGB", (8, 8)).save(stream, "JPEG")
    jpeg = bytearray(stream.getvalue())
    place = jpeg.index(b"\xff\xc0")
    jpeg[place + 5 : place + 9] = struct.pack(">HH", 65_000, 65_000)
    yield "jpg", bytes(jpeg)
    stream = io.BytesIO()
    tifffile.imwrite(stream, noise(3, np.uint16), photometric="rgb")
    tiff = bytearray(stream.getvalue())
    offset = struct.unpack_from("<I", tiff, 4)[0]
    for entry in range(offset + 2, offset + 2 + 12 * struct.unpack_from("<H", tiff, offset)[0], 12):
        if struct.unpack_from("<H", tiff, entry)[0] in (256, 257):
            struct.pack_into("<HII", tiff, entry + 2, 4, 1, 100_000)
    yield "tif", bytes(tiff)


@pytest.mark.parametrize(
    ("kind", "content"), list(bombs()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_header_that_promises_too_much_is_refused_before_decoding(tmp_path, kind, content, monkeypatch):
    (tmp_path / f"a.{kind}").write_bytes(content)
    monkeypatch.setattr(Image.Image, "load", lambda *_: pytest.fail("decoded"))
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda *_: pytest.fail("decoded"))
    with pytest.raises(PhotoError, match="megapixels"):
        photos.open_photo(tmp_path / f"a.{kind}")


def test_large_photos_below_the_limit_open_without_a_warning(tmp_path, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 500)  # as if the photo had twice Pillow's own limit
    Image.fromarray(noise()).save(tmp_path / "a.png")
    assert photos.open_photo(tmp_path / "a.png").width == 31
    assert Image.MAX_IMAGE_PIXELS == 500


def test_the_limit_itself(tmp_path, monkeypatch):
    Image.fromarray(noise()).save(tmp_path / "a.png")
    monkeypatch.setattr(picture_files, "MAX_PIXELS", 23 * 31)
    assert photos.open_photo(tmp_path / "a.png").width == 31
    monkeypatch.setattr(picture_files, "MAX_PIXELS", 23 * 31 - 1)
    with pytest.raises(PhotoError):
        photos.open_photo(tmp_path / "a.png")
