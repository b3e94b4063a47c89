"""Masks and blur kernels from pictures; thumbnails."""

from __future__ import annotations

import io

import icc_files
import numpy as np
import pytest
from picture_makers import (
    make,
    noise,
    png16,
    smooth,
)
from PIL import Image

from adir_desktop import tasks
from adir_desktop.contract import Photo
from adir_desktop.engine import photos
from adir_desktop.errors import MaskError, PhotoError, RequestError


def test_suffixes():
    assert {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp", ".heic"} <= set(photos.PHOTO_SUFFIXES)
    assert set(photos.SAVE_SUFFIXES) < set(photos.PHOTO_SUFFIXES)


def test_thumbnail_is_a_small_jpeg_of_the_same_picture():
    photo = make(smooth(300, 400), alpha=None)
    content = photos.thumbnail(photo, 100)
    with Image.open(io.BytesIO(content)) as image:
        assert image.format == "JPEG"
        assert image.size == (100, 75)
        assert np.abs(np.asarray(image).mean((0, 1)) - smooth(300, 400).mean((0, 1))).max() < 3
    with Image.open(io.BytesIO(photos.thumbnail(make(noise())))) as image:
        assert image.size == (31, 23)  # never enlarged
    with Image.open(io.BytesIO(photos.thumbnail(Photo(np.zeros((2, 900, 3), np.float32))))) as image:
        assert image.size == (160, 1)


def test_mask_is_true_where_white(tmp_path):
    codes = np.zeros((4, 6), np.uint8)
    codes[1, 2], codes[2, 3], codes[3, 4] = 255, 128, 127
    Image.fromarray(codes).save(
        tmp_path / "m.png", icc_profile=icc_files.grey_profile(icc_files.gamma_curve(1.0))
    )
    mask = photos.open_mask(tmp_path / "m.png", (4, 6))
    assert mask.dtype == np.bool_
    assert np.argwhere(mask).tolist() == [[1, 2], [2, 3]]


@pytest.mark.parametrize("mode", ["1", "P", "RGB", "RGBA", "LA", "CMYK", "I;16"])
def test_mask_in_any_kind_of_picture(tmp_path, mode):
    wanted = np.random.default_rng(0).random((9, 8)) < 0.4
    image = Image.fromarray(wanted.astype(np.uint8) * 255)
    if mode == "I;16":
        image = Image.fromarray(wanted.astype(np.uint16) * 65535)
    elif mode == "CMYK":
        image = image.convert("RGB")
    image.convert(mode).save(tmp_path / "m.tif")
    assert (photos.open_mask(tmp_path / "m.tif", (9, 8)) == wanted).all()


def test_mask_painted_on_nothing(tmp_path):
    codes = np.full((5, 5, 4), 255, np.uint8)
    codes[..., 3] = 0
    codes[2, 2, 3] = 255
    Image.fromarray(codes).save(tmp_path / "m.png")
    assert np.argwhere(photos.open_mask(tmp_path / "m.png", (5, 5))).tolist() == [[2, 2]]


def test_masks_that_do_not_fit(tmp_path):
    Image.fromarray(np.full((4, 6), 255, np.uint8)).save(tmp_path / "m.png")
    with pytest.raises(MaskError, match=r"6 x 4.*4 x 6"):
        photos.open_mask(tmp_path / "m.png", (6, 4))
    Image.fromarray(np.full((4, 6), 127, np.uint8)).save(tmp_path / "m.png")
    with pytest.raises(MaskError, match="empty"):
        photos.open_mask(tmp_path / "m.png", (4, 6))
    with pytest.raises(PhotoError):
        photos.open_mask(tmp_path / "none.png", (4, 6))


@pytest.mark.parametrize("size", [(5, 5), (3, 7), (4, 5), (4, 4), (1, 1), (1, 2)])
def test_psf_is_odd_normalised_and_centred(tmp_path, size):
    codes = np.random.default_rng(0).integers(1, 256, size).astype(np.uint8)
    Image.fromarray(codes).save(
        tmp_path / "k.png", icc_profile=icc_files.grey_profile(icc_files.gamma_curve(2.2))
    )
    psf = photos.open_psf(tmp_path / "k.png")
    assert psf.dtype == np.float64
    assert psf.shape[0] == psf.shape[1]
    assert psf.shape[0] % 2 == 1
    assert psf.shape[0] - max(size) in (0, 1)
    assert psf.sum() == pytest.approx(1, abs=1e-12)
    assert psf.min() >= 0
    middle = codes[size[0] // 2, size[1] // 2]
    assert psf[psf.shape[0] // 2, psf.shape[1] // 2] == pytest.approx(
        middle / codes.sum(dtype=float)
    )  # codes, not colours
    assert np.count_nonzero(psf) == codes.size


def test_psf_in_16_bits_and_colour(tmp_path):
    codes = noise(3, np.uint16, 5, 5)
    (tmp_path / "k.png").write_bytes(png16(codes))
    weights = codes.mean(axis=2)
    assert photos.open_psf(tmp_path / "k.png") == pytest.approx(weights / weights.sum(), rel=1e-5)


def test_psfs_that_make_no_blur(tmp_path):
    Image.fromarray(np.zeros((5, 5), np.uint8)).save(tmp_path / "k.png")
    with pytest.raises(RequestError, match="black"):
        photos.open_psf(tmp_path / "k.png")
    for side, fits in ((tasks.MAX_KERNEL, True), (tasks.MAX_KERNEL + 1, False)):
        Image.fromarray(np.full((3, side), 9, np.uint8)).save(tmp_path / "k.png")
        if fits:
            assert photos.open_psf(tmp_path / "k.png").shape == (side, side)
        else:
            with pytest.raises(RequestError, match="pixels"):
                photos.open_psf(tmp_path / "k.png")
    with pytest.raises(PhotoError):
        photos.open_psf(tmp_path / "none.png")
