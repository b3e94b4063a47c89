"""Rotation by EXIF alone: our own reader shows the photo upright, and no pixel was encoded again."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from open_images_makers import encoded, jpeg
from PIL import ExifTags, Image

from adir_desktop.engine.glimpse import look
from adir_desktop.engine.photos import open_photo
from index_tools.open_images import upright
from index_tools.open_images.upright import NoPhoto, check_jpeg, turned


def opened(tmp_path, content: bytes) -> np.ndarray:
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)
    return open_photo(path).pixels


def pixels_of(content: bytes) -> np.ndarray:
    """As they are stored, whatever the EXIF says."""
    with Image.open(io.BytesIO(content)) as image:
        return np.asarray(image)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("kind", ["JFIF", "EXIF", "neither"])
def test_a_photo_that_lies_on_its_side_is_shown_upright(tmp_path, rotation, kind):
    scene = Image.open(io.BytesIO(jpeg(1)))
    lying = scene.rotate(
        -rotation, expand=True
    )  # Pillow turns counter-clockwise: so this undoes the list's turn
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "Ann"
    content = encoded(lying, exif.tobytes() if kind == "EXIF" else b"")
    if kind == "neither":
        assert content[2:4] == b"\xff\xe0"
        content = content[:2] + content[4 + struct.unpack(">H", content[4:6])[0] :]
    result = turned(content, rotation)
    check_jpeg(result)
    shown = opened(tmp_path, result)
    assert shown.shape == (48, 96, 3)
    assert shown[:8].mean() > shown[-8:].mean() + 0.7  # bright above, dark below
    assert np.array_equal(shown, np.rot90(opened(tmp_path, content), rotation // 90))
    assert np.array_equal(pixels_of(result), pixels_of(content))
    quick = look(tmp_path / "photo.jpg", result, 16)
    assert (quick.width, quick.height) == (96, 48)
    assert quick.author == ("Ann" if kind == "EXIF" else "")
    if rotation == 0:
        assert result == content
    else:
        scan = content[content.index(b"\xff\xdb") :]
        assert result.endswith(scan)  # tables and compressed data, byte for byte


def test_an_orientation_of_its_own_gives_way(tmp_path):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 3
    content = jpeg(2, exif=exif.tobytes())
    assert opened(tmp_path, turned(content, 90)).shape == (96, 48, 3)
    assert turned(content, 90).count(b"Exif\0\0") == 1


@pytest.mark.parametrize("content", [b"", b"<html>sorry</html>", b"\x89PNG\r\n\x1a\n" + bytes(100)])
def test_foreign_bytes_are_no_photo(content):
    with pytest.raises(NoPhoto, match="no JPEG") as told:
        check_jpeg(content)
    assert told.value.foreign


def test_a_damaged_photo_is_none():
    whole = jpeg(3, side=200)
    check_jpeg(whole)
    assert len(whole) > 5000
    for content in (
        whole[: len(whole) // 2],
        whole[: -len(whole) // 10],
        whole[:300],
        whole[:2],
        whole[:40] + bytes(200),
    ):
        with pytest.raises(NoPhoto, match="damaged") as told:
            check_jpeg(content)
        assert not told.value.foreign
    with pytest.raises(NoPhoto, match="EXIF"):
        turned(b"\xff\xd8", 90)


def test_a_photo_of_too_many_pixels_is_refused_by_its_header(monkeypatch):
    monkeypatch.setattr(upright, "MOST_PIXELS", 48 * 96 - 1)
    with pytest.raises(NoPhoto, match="megapixels") as told:
        check_jpeg(jpeg(4))
    assert told.value.foreign
    bomb = bytearray(jpeg(4))
    at = bomb.index(b"\xff\xc0")
    bomb[at + 5 : at + 9] = struct.pack(">HH", 65_500, 65_500)
    with pytest.raises(NoPhoto):
        check_jpeg(bytes(bomb))
