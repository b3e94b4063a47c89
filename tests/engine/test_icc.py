"""Colour: profiles of curves and a matrix, of tables, of inks, and broken ones."""

from __future__ import annotations

import io

import icc_files
import numpy as np
import pytest
from PIL import Image, ImageCms

from adir_desktop.engine import icc

PROPHOTO_LIKE = ((0.7977, 0.2880, 0.0), (0.1352, 0.7119, 0.0), (0.0313, 0.0001, 0.8249))
SRGB_PARAMETERS = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
CURVES = {
    "gamma": icc_files.gamma_curve(563 / 256),
    "table": icc_files.table_curve(np.linspace(0, 1, 1024) ** 1.8),
    "para0": icc_files.parametric_curve(0, 1.8),
    "para1": icc_files.parametric_curve(1, 2.2, 1.02, -0.02),
    "para2": icc_files.parametric_curve(2, 2.2, 0.9, 0.05, 0.01),
    "para3": icc_files.parametric_curve(3, *SRGB_PARAMETERS),
    "para4": icc_files.parametric_curve(4, 2.2, 0.98, 0.02, 0.1, 0.05, 0.0, 0.0),
}


def some_codes(channels=3, dtype=np.uint8, seed=0):
    top = np.iinfo(dtype).max
    return np.random.default_rng(seed).integers(0, top + 1, (40, 50, channels)).astype(dtype)


def lcms(codes, profile):
    mode = {1: "L", 3: "RGB", 4: "CMYK"}[codes.shape[2]]
    image = Image.frombytes(mode, (codes.shape[1], codes.shape[0]), codes.tobytes())
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    moved = ImageCms.profileToProfile(
        image,
        source,
        ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB",
    )
    return np.asarray(moved).astype(int)


@pytest.mark.parametrize("curve", CURVES)
def test_curves_and_matrix_agree_with_littlecms(curve):
    profile, codes = icc_files.rgb_profile(CURVES[curve]), some_codes()
    pixels, kept = icc.to_srgb(codes, profile)
    assert kept == profile
    assert np.abs(pixels * 255 - lcms(codes, profile)).max() <= 1.2
    assert np.abs(pixels * 255 - codes).max() > 5  # it does move colours


@pytest.mark.parametrize("curve", ["gamma", "table", "para3"])
def test_grey_profile_agrees_with_littlecms(curve):
    codes = np.arange(256, dtype=np.uint8).reshape(16, 16, 1)
    profile = icc_files.grey_profile(CURVES[curve])
    pixels, _ = icc.to_srgb(codes, profile)
    assert np.abs(pixels * 255 - lcms(codes, profile)).max() <= 1.6  # LittleCMS is coarse near black
    assert (pixels == pixels[..., :1]).all()


@pytest.mark.parametrize("curve", ["gamma", "table", "para3"])
@pytest.mark.parametrize("primaries", [icc_files.ADOBE_PRIMARIES, PROPHOTO_LIKE])
def test_colours_inside_srgb_come_back_exactly(curve, primaries):
    profile = icc_files.rgb_profile(CURVES[curve], primaries)
    srgb = np.random.default_rng(1).random((60, 70, 3)).astype(np.float32) * 0.9 + 0.05
    codes = np.rint(icc.from_srgb(srgb, profile, grey=False)[0] * 255).astype(np.uint8)
    pixels, kept = icc.to_srgb(codes, profile)
    inside = ((pixels > 0) & (pixels < 1)).all(axis=2)
    assert inside.mean() > 0.9
    back, embedded = icc.from_srgb(pixels, kept, grey=False)
    assert embedded == profile
    assert (np.rint(back * 255) == codes)[inside].all()


def test_16_bit_codes_come_back_within_a_few_levels():
    profile = icc_files.rgb_profile(CURVES["gamma"])
    codes = some_codes(dtype=np.uint16)
    pixels, _ = icc.to_srgb(codes, profile)
    inside = ((pixels > 0) & (pixels < 1)).all(axis=2) & (codes > 2000).all(axis=2)
    back = np.rint(icc.from_srgb(pixels, profile, grey=False)[0] * 65535)
    assert inside.sum() > 500
    assert np.abs(back - codes)[inside].max() <= 2


def test_16_bit_keeps_more_than_8_bits_through_a_profile():
    ramp = np.linspace(20000, 20255, 256).astype(np.uint16)  # one 8-bit level apart
    pixels, _ = icc.to_srgb(ramp.reshape(1, -1, 1).repeat(3, 2), icc_files.rgb_profile(CURVES["gamma"]))
    assert (np.diff(pixels[0, :, 0]) > 0).all()


@pytest.mark.parametrize("curve", CURVES)
def test_white_and_greys_stay_neutral(curve):
    codes = np.arange(256, dtype=np.uint8).reshape(16, 16, 1).repeat(3, axis=2)
    pixels, _ = icc.to_srgb(codes, icc_files.rgb_profile(CURVES[curve]))
    assert np.ptp(pixels, axis=2).max() < 1e-5
    if curve in ("gamma", "table", "para0", "para3"):
        assert pixels[-1, -1] == pytest.approx(1)


def test_srgb_under_any_name_changes_nothing():
    codes = some_codes()
    for profile in (icc.srgb_profile(), icc_files.rgb_profile(CURVES["para3"], icc_files.SRGB_PRIMARIES)):
        pixels, kept = icc.to_srgb(codes, profile)
        assert kept == profile
        assert (pixels == codes.astype(np.float32) / 255).all()
        back, embedded = icc.from_srgb(pixels, profile, grey=False)
        assert embedded == profile
        assert (back == pixels).all()


def test_no_profile_is_srgb_and_embeds_none():
    codes = some_codes()
    pixels, kept = icc.to_srgb(codes, None)
    assert kept is None
    assert icc.from_srgb(pixels, None, grey=False)[1] is None


def test_inks_go_through_their_profile_and_come_out_as_srgb():
    codes, profile = some_codes(4), icc_files.cmyk_profile()
    pixels, kept = icc.to_srgb(codes, profile)
    assert kept == profile
    plain, _ = icc.to_srgb(codes, None)
    assert np.abs(pixels - plain).mean() > 0.05  # the profile was used
    white, _ = icc.to_srgb(np.zeros((1, 1, 4), np.uint8), profile)
    assert white.min() > 0.98
    values, embedded = icc.from_srgb(pixels, profile, grey=False)
    assert embedded == icc.srgb_profile()
    assert (values == pixels).all()


def test_inks_without_profile_still_make_a_picture():
    codes = np.array([[[0, 0, 0, 0], [0, 0, 0, 255], [255, 0, 0, 0]]], np.uint8)
    pixels, kept = icc.to_srgb(codes, None)
    assert kept is None
    assert pixels[0].round(2).tolist() == [[1, 1, 1], [0, 0, 0], [0, 1, 1]]


def test_table_profile_goes_through_littlecms_and_is_saved_as_srgb():
    codes, profile = some_codes(dtype=np.uint16), icc_files.table_rgb_profile()
    assert icc.parse(profile) is None
    pixels, kept = icc.to_srgb(codes, profile)
    assert kept == profile
    assert np.abs(pixels * 255 - codes / 257).mean() > 3
    assert icc.from_srgb(pixels, kept, grey=False)[1] == icc.srgb_profile()


def test_grey_profile_for_a_picture_that_has_colour_gives_way_to_srgb():
    profile = icc_files.grey_profile(CURVES["gamma"])
    pixels = np.random.default_rng(0).random((4, 5, 3)).astype(np.float32)
    values, embedded = icc.from_srgb(pixels, profile, grey=False)
    assert embedded == icc.srgb_profile()
    assert (values == pixels).all()
    values, embedded = icc.from_srgb(pixels[..., :1].repeat(3, 2), profile, grey=True)
    assert embedded == profile
    assert values.shape == (4, 5, 1)


GOOD = icc_files.rgb_profile(CURVES["gamma"])
BROKEN = {
    "noise": b"not a profile at all" * 20,
    "short": GOOD[:90],
    "cut": GOOD[:200],
    "falling": icc_files.rgb_profile(icc_files.table_curve(np.linspace(1, 0, 64))),
    "flat": icc_files.rgb_profile(icc_files.table_curve(np.full(64, 0.5))),
    "singular": icc_files.rgb_profile(CURVES["gamma"], [icc_files.ADOBE_PRIMARIES[0]] * 3),
    "empty": b"",
}


@pytest.mark.parametrize("name", ["noise", "short", "cut", "empty"])
def test_broken_profile_counts_as_srgb(name):
    codes = some_codes()
    pixels, kept = icc.to_srgb(codes, BROKEN[name])
    assert kept is None
    assert (pixels == codes.astype(np.float32) / 255).all()


@pytest.mark.parametrize("name", BROKEN)
def test_no_broken_profile_is_taken_for_one_that_can_be_inverted(name):
    assert icc.parse(BROKEN[name]) is None


def test_every_cut_and_many_bent_profiles_are_survived():
    rng, codes = np.random.default_rng(0), some_codes()[:4]
    whole = GOOD, icc_files.rgb_profile(CURVES["para4"]), icc_files.grey_profile(CURVES["table"])
    for trial in range(60):
        content = bytearray(whole[trial % 3])
        for place in rng.integers(0, len(content), 6):
            content[place] = rng.integers(256)
        pixels, _ = icc.to_srgb(codes, bytes(content))
        assert np.isfinite(pixels).all()
        assert pixels.min() >= 0
        assert pixels.max() <= 1


def test_profile_of_another_kind_than_the_picture_is_ignored():
    grey, colour = some_codes(1), some_codes(3)
    assert icc.to_srgb(grey, GOOD)[1] is None
    assert icc.to_srgb(colour, icc_files.grey_profile(CURVES["gamma"]))[1] is None


def test_srgb_profile_is_the_same_every_time_and_littlecms_reads_it():
    assert icc.srgb_profile() == icc.srgb_profile()
    shaper = icc.parse(icc.srgb_profile())
    assert shaper is not None
    assert icc.is_srgb(shaper)
    codes = some_codes()
    assert np.abs(lcms(codes, icc.srgb_profile()) - codes).max() <= 1


def test_the_two_transfer_functions_are_inverse():
    x = np.linspace(0, 1, 1001)
    assert icc.srgb_to_linear(icc.linear_to_srgb(x)) == pytest.approx(x, abs=1e-6)
    assert icc.linear_to_srgb(np.array([0.0, 0.0031308, 0.2140411, 1.0])) == pytest.approx(
        [0, 0.04045, 0.5, 1], abs=1e-5
    )
