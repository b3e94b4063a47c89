"""Saving photos: exact round trips, profiles, EXIF, and nothing lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import icc_files
import numpy as np
import pytest
import tifffile
from picture_makers import (
    ADOBE,
    as_codes,
    exif_block,
    make,
    noise,
    png16,
    smooth,
)
from PIL import ExifTags, Image

from adir_desktop.contract import Photo
from adir_desktop.engine import icc, photos
from adir_desktop.errors import BadInput, PhotoError, RequestError, StorageError


@pytest.mark.parametrize("suffix", [".png", ".tif", ".tiff", ".webp", ".bmp", ".PNG"])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_8_bit_round_trip_is_exact(tmp_path, suffix, channels):
    Image.fromarray(noise(channels), {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}[channels]).save(
        tmp_path / "a.png"
    )
    photo = photos.open_photo(tmp_path / "a.png")
    photos.save_photo(photo, tmp_path / f"b{suffix}")
    again = photos.open_photo(tmp_path / f"b{suffix}")
    assert again.bit_depth == 8
    if suffix != ".bmp" or channels in (1, 3):
        assert (again.pixels == photo.pixels).all()
    if suffix != ".bmp":
        assert (again.alpha is None) == (photo.alpha is None)
        assert photo.alpha is None or (again.alpha == photo.alpha).all()
    else:
        assert again.alpha is None
    assert again.grey == (channels < 3 and suffix != ".webp")


@pytest.mark.parametrize("suffix", [".png", ".tif"])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_16_bit_round_trip_is_exact(tmp_path, suffix, channels):
    codes = noise(channels, np.uint16, 70, 90)
    (tmp_path / "a.png").write_bytes(png16(codes))
    photo = photos.open_photo(tmp_path / "a.png")
    photos.save_photo(photo, tmp_path / f"b{suffix}")
    again = photos.open_photo(tmp_path / f"b{suffix}")
    assert again.bit_depth == 16
    assert (again.pixels == photo.pixels).all()
    assert photo.alpha is None or (again.alpha == photo.alpha).all()
    assert again.grey == (channels < 3)
    if channels > 2:
        with Image.open(tmp_path / f"b{suffix}") as image:  # another reader sees the same high bytes
            assert (np.asarray(image) == codes >> 8).all()


def test_16_bit_files_of_several_bands(tmp_path, monkeypatch):
    monkeypatch.setattr("adir_desktop.engine.picture_writers._BAND_BYTES", 1000)
    photo = make(noise(3, np.uint16, 37, 41))
    for name in ("a.png", "a.tif"):
        photos.save_photo(photo, tmp_path / name)
        assert (photos.open_photo(tmp_path / name).pixels == photo.pixels).all()
    assert (tifffile.imread(tmp_path / "a.tif") == noise(3, np.uint16, 37, 41)).all()


@pytest.mark.parametrize("suffix", [".jpg", ".webp", ".bmp"])
def test_16_bits_become_8_where_the_format_has_no_more(tmp_path, suffix):
    photo = make(smooth().astype(np.uint16) * 257)
    photos.save_photo(photo, tmp_path / f"a{suffix}")
    again = photos.open_photo(tmp_path / f"a{suffix}")
    assert again.bit_depth == 8
    assert np.abs(again.pixels - photo.pixels).max() < 0.05


def test_jpeg_is_good_and_keeps_colour_resolution(tmp_path):
    red_lines = np.zeros((64, 64, 3), np.uint8)
    red_lines[:, ::2, 0] = 255
    photos.save_photo(make(red_lines), tmp_path / "a.jpg")
    again = photos.open_photo(tmp_path / "a.jpg")
    assert np.abs(as_codes(again).astype(int) - red_lines).mean() < 4  # with halved colours it is about 60


@pytest.mark.parametrize("suffix", [".jpg", ".bmp"])
def test_alpha_is_laid_on_white_where_the_format_has_none(tmp_path, suffix):
    alpha = np.zeros((64, 80), np.float32)
    alpha[:, :40] = 1
    photos.save_photo(make(smooth(), alpha=alpha), tmp_path / f"a{suffix}")
    again = as_codes(photos.open_photo(tmp_path / f"a{suffix}"))
    assert (again[:, 56:] >= 250).all()
    assert np.abs(again[:, :32].astype(int) - smooth()[:, :32]).mean() < 3


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_profile_is_taken_back_and_embedded(tmp_path, suffix, dtype):
    codes = smooth() if dtype == np.uint8 else smooth().astype(np.uint16) * 257
    pixels, _ = icc.to_srgb(codes, ADOBE)
    photo = replace(make(codes, icc=ADOBE), pixels=pixels)
    photos.save_photo(photo, tmp_path / f"a{suffix}")
    again = photos.open_photo(tmp_path / f"a{suffix}")
    assert again.icc == ADOBE
    assert np.abs(again.pixels - pixels).mean() < 0.01
    with Image.open(tmp_path / f"a{suffix}") as image:
        stored = np.asarray(image.convert("RGB")).astype(int)
    inside = ((pixels > 0) & (pixels < 1)).all(axis=2)
    if suffix != ".jpg":
        assert (stored == smooth())[inside].all()
    assert np.abs(stored - smooth())[inside].max() <= 12


def test_bound_of_a_round_trip_through_a_profile(tmp_path):
    """Codes inside sRGB come back exactly; the others are moved to its edge and then stay there."""
    Image.fromarray(noise(height=100, width=100)).save(tmp_path / "a.png", icc_profile=ADOBE)
    photo = photos.open_photo(tmp_path / "a.png")
    photos.save_photo(photo, tmp_path / "b.png")
    inside = ((photo.pixels > 0) & (photo.pixels < 1)).all(axis=2)
    stored = np.asarray(Image.open(tmp_path / "b.png"))
    assert 0.3 < inside.mean() < 0.9
    assert (stored == noise(height=100, width=100))[inside].all()
    again = photos.open_photo(tmp_path / "b.png")
    assert np.abs(again.pixels - photo.pixels).max() < 0.04  # one code of a dark channel beside bright ones
    photos.save_photo(again, tmp_path / "c.png")
    assert np.abs(np.asarray(Image.open(tmp_path / "c.png")).astype(int) - stored).max() <= 1


def test_bmp_has_no_profile_so_it_gets_srgb(tmp_path):
    pixels, _ = icc.to_srgb(smooth(), ADOBE)
    photos.save_photo(replace(make(smooth(), icc=ADOBE), pixels=pixels), tmp_path / "a.bmp")
    assert np.abs(photos.open_photo(tmp_path / "a.bmp").pixels - pixels).max() <= 0.5 / 255 + 1e-6


def test_a_photo_from_inks_is_saved_as_srgb_with_a_profile(tmp_path):
    Image.fromarray(smooth()).convert("CMYK").save(tmp_path / "a.tif", icc_profile=icc_files.cmyk_profile())
    photo = photos.open_photo(tmp_path / "a.tif")
    photos.save_photo(photo, tmp_path / "b.png")
    again = photos.open_photo(tmp_path / "b.png")
    assert again.icc == icc.srgb_profile()
    assert (again.pixels == photo.pixels).all()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_grey_stays_grey_until_it_has_colour(tmp_path, dtype):
    profile = icc_files.grey_profile(icc_files.gamma_curve(1.8))
    codes = noise(1, dtype)
    pixels, _ = icc.to_srgb(codes[..., None], profile)
    photo = replace(make(codes, icc=profile), pixels=pixels)
    photos.save_photo(photo, tmp_path / "a.png")
    again = photos.open_photo(tmp_path / "a.png")
    assert again.grey
    assert again.icc == profile
    assert np.abs(again.pixels - pixels).max() <= (0 if dtype == np.uint8 else 1e-4)
    coloured = replace(photo, pixels=np.random.default_rng(0).random(pixels.shape).astype(np.float32))
    photos.save_photo(coloured, tmp_path / "b.png")
    again = photos.open_photo(tmp_path / "b.png")
    assert not again.grey
    assert again.icc == icc.srgb_profile()
    assert np.abs(again.pixels - coloured.pixels).max() <= 0.5 / np.iinfo(dtype).max + 1e-6


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_exif_is_kept_and_its_size_brought_up_to_date(tmp_path, suffix, dtype):
    Image.fromarray(smooth()).save(tmp_path / "a.jpg", exif=_exif_with_size())
    photo = photos.open_photo(tmp_path / "a.jpg")
    large = replace(make(noise(3, dtype, 90, 70)), exif=photo.exif)
    photos.save_photo(large, tmp_path / f"b{suffix}")
    exif = Image.Exif()
    exif.load(photos.open_photo(tmp_path / f"b{suffix}").exif)
    assert exif[ExifTags.Base.Orientation] == 1
    assert exif[ExifTags.Base.Artist] == "A. Photographer"
    details = exif.get_ifd(ExifTags.IFD.Exif)
    assert details[ExifTags.Base.ISOSpeedRatings] == 400
    assert (details[ExifTags.Base.ExifImageWidth], details[ExifTags.Base.ExifImageHeight]) == (70, 90)
    assert exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] == "N"


def _exif_with_size():
    exif = exif_block(6)
    exif.get_ifd(ExifTags.IFD.Exif).update(
        {ExifTags.Base.ExifImageWidth: 80, ExifTags.Base.ExifImageHeight: 64}
    )
    return exif


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp"])
def test_exif_without_a_size_is_kept_tag_by_tag(tmp_path, suffix):
    plain = Image.Exif()
    plain[ExifTags.Base.Artist] = "A. Photographer"
    for number, tags in enumerate((plain, exif_block())):
        path = tmp_path / f"{number}.jpg"
        Image.fromarray(smooth()).save(path, exif=tags.tobytes())
        photo = photos.open_photo(path)
        photos.save_photo(photo, tmp_path / f"{number}b{suffix}")
        again = photos.open_photo(tmp_path / f"{number}b{suffix}")
        assert sorted(tags_of(again.exif).items()) == sorted(tags_of(photo.exif).items())


def tags_of(block):
    exif = Image.Exif()
    exif.load(block)
    return {tag: value for tag, value in exif.items() if tag not in (0x8769, 0x8825)} | {
        ifd: dict(exif.get_ifd(ifd)) for ifd in (0x8769, 0x8825) if ifd in exif
    }


def test_exif_too_long_for_a_jpeg_loses_the_makers_note_first(tmp_path):
    exif = exif_block()
    exif.get_ifd(ExifTags.IFD.Exif)[37500] = bytes(70_000)
    Image.fromarray(smooth()).save(tmp_path / "a.png", exif=exif)
    photos.save_photo(photos.open_photo(tmp_path / "a.png"), tmp_path / "b.jpg")
    kept = Image.Exif()
    kept.load(photos.open_photo(tmp_path / "b.jpg").exif)
    assert kept[ExifTags.Base.Artist] == "A. Photographer"
    exif[270] = "x" * 70_000
    Image.fromarray(smooth()).save(tmp_path / "c.png", exif=exif)
    photos.save_photo(photos.open_photo(tmp_path / "c.png"), tmp_path / "d.jpg")
    assert photos.open_photo(tmp_path / "d.jpg").exif is None


def test_values_outside_the_range_are_clipped_and_rounded(tmp_path):
    pixels = np.array([[[-1, 0.5 / 255 + 1e-4, 2]]], np.float32)
    photos.save_photo(Photo(pixels), tmp_path / "a.png")
    assert np.asarray(Image.open(tmp_path / "a.png"))[0, 0].tolist() == [0, 1, 255]


def test_nothing_is_overwritten_unless_asked(tmp_path):
    (tmp_path / "a.png").write_bytes(b"precious")
    with pytest.raises(BadInput, match="already exists"):
        photos.save_photo(make(noise()), tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes() == b"precious"
    photos.save_photo(make(noise()), tmp_path / "a.png", overwrite=True)
    assert photos.open_photo(tmp_path / "a.png").width == 31
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


@pytest.mark.parametrize("name", ["a.xyz", "a", "a.heic", "a.json"])
def test_formats_that_cannot_be_written(tmp_path, name):
    with pytest.raises(PhotoError, match=r"\.png"):
        photos.save_photo(make(noise()), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_too_long_for_webp(tmp_path):
    photo = Photo(np.zeros((1, 16_384, 3), np.float32))
    with pytest.raises(RequestError, match="16383"):
        photos.save_photo(photo, tmp_path / "a.webp")
    photos.save_photo(photo, tmp_path / "a.jpg")
    assert photos.open_photo(tmp_path / "a.jpg").width == 16_384


@pytest.mark.parametrize("suffix", photos.SAVE_SUFFIXES)
def test_a_full_disk_leaves_what_was_there(tmp_path, suffix, monkeypatch):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"precious")

    def full(*_args, **_values):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("adir_desktop.files.os.fsync", full)
    with pytest.raises(StorageError, match="full"):
        photos.save_photo(make(smooth()), path, overwrite=True)
    assert path.read_bytes() == b"precious"
    assert [path.name for path in tmp_path.iterdir()] == [path.name]


def test_places_that_cannot_be_written(tmp_path):
    (tmp_path / "folder.png").mkdir()
    for path in (tmp_path / "folder.png", tmp_path / "no" / "a.png"):
        with pytest.raises(BadInput):
            photos.save_photo(make(noise()), path, overwrite=True)


def test_names_keep_their_letters(tmp_path: Path) -> None:
    """EXIF text in UTF-8, as cameras and programs write it, passes through unchanged."""
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "Søren Ünal 写真".encode()
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2020:01:02 03:04:05"
    Image.new("RGB", (8, 6)).save(tmp_path / "a.jpg", exif=exif.tobytes())
    for name in ("b.jpg", "b.png", "b.webp", "b.tif"):
        photos.save_photo(photos.open_photo(tmp_path / "a.jpg"), tmp_path / name)
        with Image.open(tmp_path / name) as saved:
            found = saved.getexif()
            taken = found.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal]
        artist = found[ExifTags.Base.Artist]
        artist = artist if isinstance(artist, bytes) else artist.encode("latin-1")
        assert artist.decode() == "Søren Ünal 写真", name
        assert found[ExifTags.Base.Orientation] == 1
        assert taken == "2020:01:02 03:04:05"
