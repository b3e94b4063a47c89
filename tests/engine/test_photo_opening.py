"""Opening photos: every format, depth, mode, profile and orientation."""

from __future__ import annotations

import io
import struct
import sys
import zlib

import icc_files
import numpy as np
import pytest
import tifffile
from picture_makers import (
    ADOBE,
    ORIENTATIONS,
    as_codes,
    exif_block,
    noise,
    png16,
    smooth,
    squeezed_tiff,
)
from PIL import ExifTags, Image

from adir_desktop.engine import icc, photos
from adir_desktop.errors import PhotoError


@pytest.mark.parametrize("suffix", [".png", ".tif", ".tiff", ".bmp", ".webp"])
@pytest.mark.parametrize("channels", [1, 3])
def test_lossless_8_bit_files(tmp_path, suffix, channels):
    codes = noise(channels)
    Image.fromarray(codes).save(tmp_path / f"a{suffix}", **({"lossless": True} if suffix == ".webp" else {}))
    photo = photos.open_photo(tmp_path / f"a{suffix}")
    assert photo.pixels.dtype == np.float32
    assert photo.pixels.shape == (23, 31, 3)
    assert photo.pixels.flags.c_contiguous
    assert (as_codes(photo) == (codes if channels == 3 else codes[..., None])).all()
    assert photo.alpha is None
    assert photo.bit_depth == 8
    assert photo.grey == (channels == 1 and suffix != ".webp")  # WebP has no grey
    assert photo.format == {".png": "PNG", ".bmp": "BMP", ".webp": "WEBP"}.get(suffix, "TIFF")
    assert photo.path == tmp_path / f"a{suffix}"
    assert photo.icc is None
    assert photo.exif is None


@pytest.mark.parametrize("channels", [1, 3])
def test_jpeg(tmp_path, channels):
    codes = smooth() if channels == 3 else smooth()[..., 0]
    Image.fromarray(codes).save(tmp_path / "a.jpg", quality=95, subsampling=0)
    photo = photos.open_photo(tmp_path / "a.jpg")
    assert np.abs(as_codes(photo).astype(int) - (codes if channels == 3 else codes[..., None])).max() <= 12
    assert (photo.format, photo.grey) == ("JPEG", channels == 1)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_16_bit_png(tmp_path, channels):
    codes = noise(channels, np.uint16)
    (tmp_path / "a.png").write_bytes(png16(codes))
    photo = photos.open_photo(tmp_path / "a.png")
    colour = codes.reshape(23, 31, -1)[..., : 1 if channels < 3 else 3]
    assert photo.bit_depth == 16
    assert (as_codes(photo) == colour).all()
    assert photo.grey == (channels < 3)
    assert (photo.alpha is not None) == (channels in (2, 4))
    if photo.alpha is not None:
        assert (np.rint(photo.alpha * 65535) == codes[..., -1]).all()


@pytest.mark.parametrize("channels", [2, 3, 4])
@pytest.mark.parametrize("size", [(1, 1), (3, 2), (9, 17), (16, 16)])
def test_interlaced_16_bit_png(tmp_path, channels, size):
    codes = noise(channels, np.uint16, *size)
    (tmp_path / "a.png").write_bytes(png16(codes, interlace=1))
    photo = photos.open_photo(tmp_path / "a.png")
    assert (as_codes(photo) == codes[..., : 1 if channels == 2 else 3]).all()
    if photo.alpha is not None:
        assert (np.rint(photo.alpha * 65535) == codes[..., -1]).all()


@pytest.mark.parametrize(("channels", "key"), [(1, (5,)), (3, (5, 600, 7000))])
def test_16_bit_png_with_one_transparent_colour(tmp_path, channels, key):
    codes = noise(channels, np.uint16)
    codes[3, 4] = key if channels == 3 else key[0]
    (tmp_path / "a.png").write_bytes(png16(codes, tRNS=struct.pack(f">{channels}H", *key)))
    alpha = photos.open_photo(tmp_path / "a.png").alpha
    assert alpha is not None
    assert alpha[3, 4] == 0
    assert alpha.sum() == alpha.size - 1


TIFFS = {
    "plain": {},
    "big-endian": {"byteorder": ">"},
    "deflate": {"compression": "zlib", "predictor": True},
    "tiles": {"tile": (16, 16)},
    "planes": {"planarconfig": "separate"},
    "deflated planes": {"planarconfig": "separate", "compression": "zlib"},
    "bigtiff": {"bigtiff": True},
}


@pytest.mark.parametrize("layout", TIFFS)
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_16_bit_tiff(tmp_path, layout, channels):
    codes, values = noise(channels, np.uint16), dict(TIFFS[layout])
    planes = values.get("planarconfig") == "separate"
    if channels == 1 and planes:
        pytest.skip("one channel has no planes")
    if channels in (2, 4):
        values["extrasamples"] = ["unassalpha"]
    if channels == 2 and not planes:
        values["planarconfig"] = "contig"
    photometric = "rgb" if channels > 2 else "minisblack"
    stored = np.moveaxis(codes, -1, 0).copy() if planes else codes
    tifffile.imwrite(tmp_path / "a.tif", stored, photometric=photometric, **values)
    photo = photos.open_photo(tmp_path / "a.tif")
    assert photo.bit_depth == 16
    assert (as_codes(photo) == codes.reshape(23, 31, -1)[..., : 1 if channels < 3 else 3]).all()
    assert (photo.alpha is not None) == (channels in (2, 4))
    if photo.alpha is not None:
        assert (np.rint(photo.alpha * 65535) == codes[..., -1]).all()


@pytest.mark.parametrize("compression", ["lzw", "packbits"])
@pytest.mark.parametrize("channels", [3, 4])
def test_16_bit_tiff_of_other_compressions(tmp_path, channels, compression):
    codes = noise(channels, np.uint16)
    squeezed_tiff(tmp_path / "a.tif", codes, compression)
    photo = photos.open_photo(tmp_path / "a.tif")
    assert photo.bit_depth == 16
    assert (as_codes(photo) == codes[..., :3]).all()
    assert (photo.alpha is not None) == (channels == 4)


def test_16_bit_grey_tiff_by_libtiff_and_with_white_as_zero(tmp_path):
    codes = noise(1, np.uint16)
    Image.fromarray(codes).save(tmp_path / "a.tif", compression="tiff_lzw")
    assert (as_codes(photos.open_photo(tmp_path / "a.tif"))[..., 0] == codes).all()
    tifffile.imwrite(tmp_path / "b.tif", codes, photometric="miniswhite")
    assert (as_codes(photos.open_photo(tmp_path / "b.tif"))[..., 0] == 65535 - codes).all()


def test_12_bit_grey_tiff_fills_the_range(tmp_path):
    codes = np.arange(0, 4096, 3, dtype=np.uint16)[:1360].reshape(34, 40)
    packed = np.empty((34, 60), np.uint8)  # two values in three bytes
    packed[:, 0::3], packed[:, 2::3] = codes[:, 0::2] >> 4, codes[:, 1::2]
    packed[:, 1::3] = (codes[:, 0::2] & 15) << 4 | codes[:, 1::2] >> 8
    stream = io.BytesIO()
    Image.fromarray(np.zeros((34, 40), np.uint16)).save(stream, "TIFF")
    content = bytearray(stream.getvalue())
    offset = struct.unpack_from("<I", content, 4)[0]
    for entry in range(offset + 2, offset + 2 + 12 * struct.unpack_from("<H", content, offset)[0], 12):
        tag = struct.unpack_from("<H", content, entry)[0]
        if tag == 258:
            struct.pack_into("<H", content, entry + 8, 12)
        elif tag == 273:
            struct.pack_into("<HII", content, entry + 2, 4, 1, len(content))
        elif tag == 279:
            struct.pack_into("<HII", content, entry + 2, 4, 1, packed.size)
    (tmp_path / "a.tif").write_bytes(bytes(content) + packed.tobytes())
    photo = photos.open_photo(tmp_path / "a.tif")
    assert photo.bit_depth == 16
    assert photo.pixels[..., 0] == pytest.approx(codes / 4095, abs=1e-5)


def test_16_bit_tiff_with_colours_multiplied_by_alpha(tmp_path):
    colour = np.full((4, 5, 3), 40000, np.uint16)
    alpha = np.linspace(0, 65535, 20).reshape(4, 5)
    stored = np.dstack([colour * (alpha / 65535)[..., None], alpha]).round().astype(np.uint16)
    tifffile.imwrite(tmp_path / "a.tif", stored, photometric="rgb", extrasamples=["assocalpha"])
    photo = photos.open_photo(tmp_path / "a.tif")
    assert photo.pixels[0, 1:] == pytest.approx(40000 / 65535, abs=2e-4)
    assert photo.alpha == pytest.approx(alpha / 65535, abs=1e-4)


def test_16_bit_tiff_with_inks(tmp_path):
    inks = np.zeros((2, 3, 4), np.uint16)
    inks[0, 0] = (0, 0, 0, 65535)
    tifffile.imwrite(tmp_path / "a.tif", inks, photometric="separated")
    photo = photos.open_photo(tmp_path / "a.tif")
    assert photo.pixels[0, 0].tolist() == [0, 0, 0]
    assert photo.pixels[1, 1].tolist() == [1, 1, 1]


@pytest.mark.parametrize("dtype", [np.float32, np.int32, np.int16])
def test_measurements_are_no_photo(tmp_path, dtype):
    tifffile.imwrite(tmp_path / "a.tif", np.ones((9, 9), dtype))
    with pytest.raises(PhotoError):
        photos.open_photo(tmp_path / "a.tif")


def test_palettes_with_and_without_transparency(tmp_path):
    colours = noise(3)[:4, :4]
    image = Image.fromarray(colours).quantize(16)
    image.save(tmp_path / "a.png")
    photo = photos.open_photo(tmp_path / "a.png")
    assert (as_codes(photo) == np.asarray(image.convert("RGB"))).all()
    assert photo.alpha is None
    image.save(tmp_path / "b.png", transparency=bytes([0] * 8 + [255] * 8))
    photo = photos.open_photo(tmp_path / "b.png")
    assert photo.alpha is not None
    assert (photo.alpha == (np.asarray(image) >= 8)).all()
    assert (as_codes(photo) == np.asarray(image.convert("RGB"))).all()


@pytest.mark.parametrize("mode", ["LA", "RGBA", "1"])
def test_alpha_and_one_bit(tmp_path, mode):
    image = Image.fromarray(noise(4)).convert(mode)
    image.save(tmp_path / "a.png")
    photo = photos.open_photo(tmp_path / "a.png")
    assert photo.grey == (mode != "RGBA")
    assert (as_codes(photo) == np.asarray(image.convert("RGB"))).all()
    if mode == "1":
        assert photo.alpha is None
    else:
        assert photo.alpha is not None
        assert (np.rint(photo.alpha * 255) == np.asarray(image)[..., -1]).all()


@pytest.mark.parametrize("suffix", [".jpg", ".tif"])
def test_inks_come_out_as_colours(tmp_path, suffix):
    image = Image.fromarray(smooth()).convert("CMYK")
    image.save(tmp_path / f"a{suffix}")
    photo = photos.open_photo(tmp_path / f"a{suffix}")
    assert np.abs(as_codes(photo).astype(int) - smooth()).mean() < 3
    assert not photo.grey
    image.save(tmp_path / f"b{suffix}", icc_profile=icc_files.cmyk_profile())
    managed = photos.open_photo(tmp_path / f"b{suffix}")
    assert managed.icc == icc_files.cmyk_profile()
    assert np.abs(managed.pixels - photo.pixels).mean() > 0.02


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp"])
def test_profiles_are_found_in_every_format(tmp_path, suffix):
    Image.fromarray(smooth()).save(
        tmp_path / f"a{suffix}", icc_profile=ADOBE, **({"lossless": True} if suffix == ".webp" else {})
    )
    photo = photos.open_photo(tmp_path / f"a{suffix}")
    assert photo.icc == ADOBE
    wanted, _ = icc.to_srgb(smooth(), ADOBE)
    assert np.abs(photo.pixels - wanted).mean() < 0.01


def test_profile_of_a_16_bit_file_keeps_the_depth(tmp_path):
    codes = noise(3, np.uint16)
    (tmp_path / "a.png").write_bytes(png16(codes, iCCP=b"x\0\0" + zlib.compress(ADOBE)))
    tifffile.imwrite(tmp_path / "a.tif", codes, photometric="rgb", iccprofile=ADOBE)
    wanted, _ = icc.to_srgb(codes, ADOBE)
    for name in ("a.png", "a.tif"):
        photo = photos.open_photo(tmp_path / name)
        assert photo.icc == ADOBE
        assert (photo.pixels == wanted).all()


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp"])
def test_orientation_is_applied_and_reset(tmp_path, suffix, orientation):
    values = {"lossless": True} if suffix == ".webp" else {"quality": 100} if suffix == ".jpg" else {}
    Image.fromarray(smooth()).save(tmp_path / f"a{suffix}", exif=exif_block(orientation).tobytes(), **values)
    photo = photos.open_photo(tmp_path / f"a{suffix}")
    wanted = ORIENTATIONS[orientation](smooth())
    assert photo.pixels.shape == wanted.shape
    assert np.abs(as_codes(photo).astype(int) - wanted).max() <= (12 if suffix == ".jpg" else 0)
    exif = Image.Exif()
    exif.load(photo.exif)
    assert exif[ExifTags.Base.Orientation] == 1
    assert exif[ExifTags.Base.Artist] == "A. Photographer"
    assert exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.ISOSpeedRatings] == 400
    assert exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] == "N"


@pytest.mark.parametrize("orientation", [1, 6, 7])
@pytest.mark.parametrize("kind", ["png", "tiff", "bigtiff", "lzw"])
def test_orientation_of_16_bit_files(tmp_path, kind, orientation):
    codes, path = noise(4, np.uint16), tmp_path / "a"
    if kind == "png":
        path.write_bytes(png16(codes, eXIf=exif_block(orientation).tobytes()[6:]))
    elif kind == "lzw":
        Image.fromarray(codes[..., 0]).save(
            path, "TIFF", compression="tiff_lzw", exif=exif_block(orientation)
        )
    else:
        tags = [(274, 3, 1, orientation, True), (315, 2, 16, "A. Photographer", True)]
        tifffile.imwrite(
            path,
            codes,
            photometric="rgb",
            extrasamples=["unassalpha"],
            extratags=tags,
            bigtiff=kind == "bigtiff",
        )
    photo = photos.open_photo(path)
    wanted = ORIENTATIONS[orientation](codes)
    assert (as_codes(photo)[..., 0] == wanted[..., 0]).all()
    assert photo.pixels.flags.c_contiguous
    if photo.alpha is not None:
        assert (np.rint(photo.alpha * 65535) == wanted[..., 3]).all()
    exif = Image.Exif()
    exif.load(photo.exif)
    assert exif[ExifTags.Base.Orientation] == 1
    assert exif[ExifTags.Base.Artist] == "A. Photographer"
    assert 273 not in exif  # where the strips lay says nothing any more


def test_nonsense_in_exif_does_not_keep_a_photo_shut(tmp_path):
    good = exif_block(6).tobytes()
    for number, block in enumerate(
        [b"Exif\0\0garbage", good[:20], good[:40], good[:60], b"Exif\0\0II*\0\xff\xff\xff\xff"]
    ):
        Image.fromarray(smooth()).save(tmp_path / f"{number}.jpg", exif=block)
        assert photos.open_photo(tmp_path / f"{number}.jpg").pixels.shape[2] == 3
    Image.fromarray(smooth()).save(tmp_path / "wild.jpg", exif=exif_block(42))
    assert photos.open_photo(tmp_path / "wild.jpg").pixels.shape == smooth().shape


def test_broken_profile_is_left_out(tmp_path):
    Image.fromarray(noise()).save(tmp_path / "a.png", icc_profile=b"no profile" * 30)
    photo = photos.open_photo(tmp_path / "a.png")
    assert photo.icc is None
    assert (as_codes(photo) == noise()).all()


def test_first_of_several_pictures(tmp_path):
    pages = [Image.fromarray(noise(seed=seed)) for seed in range(3)]
    for name, values in {"a.tif": {}, "a.png": {}, "a.webp": {"lossless": True}}.items():
        pages[0].save(tmp_path / name, save_all=True, append_images=pages[1:], **values)
        assert (as_codes(photos.open_photo(tmp_path / name)) == noise(seed=0)).all()
    pages[0].save(
        tmp_path / "a.mpo", "MPO", save_all=True, append_images=pages[1:], quality=100, subsampling=0
    )
    assert photos.open_photo(tmp_path / "a.mpo").format == "JPEG"


def test_the_content_counts_and_not_the_suffix(tmp_path):
    Image.fromarray(noise()).save(tmp_path / "a.jpg", "PNG")
    assert photos.open_photo(tmp_path / "a.jpg").format == "PNG"


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_heic(tmp_path, mode):
    pillow_heif = pytest.importorskip("pillow_heif")
    codes = np.asarray(Image.fromarray(smooth()).convert(mode))
    file = pillow_heif.from_bytes(mode, (80, 64), codes.tobytes())
    file.save(
        tmp_path / "a.heic",
        quality=-1,
        chroma=444,
        exif=exif_block(6).tobytes(),
        icc_profile=ADOBE if mode != "L" else None,
    )
    photo = photos.open_photo(tmp_path / "a.heic")
    assert photo.format == "HEIF"
    assert photo.bit_depth == 8
    assert (photo.alpha is not None) == (mode == "RGBA")
    exif = Image.Exif()
    exif.load(photo.exif)
    assert exif[ExifTags.Base.Orientation] == 1
    assert exif[ExifTags.Base.Artist] == "A. Photographer"
    turned = np.rot90(smooth() if mode != "L" else codes[..., None], -1)
    assert photo.pixels.shape[:2] == (80, 64)
    wanted, _ = icc.to_srgb(np.ascontiguousarray(turned), ADOBE if mode != "L" else None)
    assert np.abs(photo.pixels - wanted).mean() < 0.02


def test_heic_of_more_than_8_bits(tmp_path):
    pillow_heif = pytest.importorskip("pillow_heif")
    ramp = np.linspace(0, 65535, 80).astype(np.uint16)[None, :, None].repeat(64, 0).repeat(3, 2)
    file = pillow_heif.from_bytes("RGB;16", (80, 64), ramp.tobytes())
    file.save(tmp_path / "a.heic", quality=-1, chroma=444)
    photo = photos.open_photo(tmp_path / "a.heic")
    assert photo.bit_depth == 16
    assert np.abs(photo.pixels - ramp / 65535).max() < 0.01
    assert photo.pixels.max() > 0.998  # white is white although the file has 10 bits
    assert len(np.unique(photo.pixels[..., 0])) > 70


def test_heic_without_the_plugin_names_the_package(tmp_path, monkeypatch):
    (tmp_path / "a.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(40))
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(PhotoError, match=r'pip install "adir-desktop\[heic\]"'):
        photos.open_photo(tmp_path / "a.heic")
