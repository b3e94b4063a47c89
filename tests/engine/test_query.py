"""Queries: what a mask hides does not count, damage is taken back, and photo and words add up."""

from __future__ import annotations

import io
import math
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from adir_desktop.contract import Degradation, Fading, Photo, Step
from adir_desktop.engine import query
from adir_desktop.engine.degrade import degrade
from adir_desktop.engine.encoder import load_encoder
from adir_desktop.engine.query import Search, embed_photo, embed_sum, move, moves, of
from adir_desktop.errors import MaskError, PhotoError, RequestError
from adir_desktop.tasks import degradation_for, parse_kernel

COUNT = 24


def photo(seed: int, height: int = 120, width: int = 168) -> Photo:
    """Soft colours with a few hard-edged boxes: no two seeds look alike."""
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 256, (5, 7, 3), np.uint8))
    scene = np.asarray(small.resize((width, height), Image.Resampling.BICUBIC), np.float32) / np.float32(255)
    for _ in range(4):
        top, left = rng.integers(0, height // 2), rng.integers(0, width // 2)
        scene[top : top + height // 4, left : left + width // 4] = rng.random(3, np.float32)
    return Photo(scene)


def file_of(one: Photo) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(np.rint(one.pixels * 255).astype(np.uint8)).save(stream, "PNG")
    return stream.getvalue()


def hole(height: int, width: int) -> np.ndarray:
    mask = np.zeros((height, width), bool)
    mask[height // 4 : height // 2, width // 3 : 3 * width // 4] = True
    return mask


def of_length_one(vector: np.ndarray) -> bool:
    return vector.dtype == np.float32 and abs(float(np.linalg.norm(vector)) - 1) < 1e-5


@pytest.fixture(scope="module")
def encoder():
    return load_encoder()


@pytest.fixture(scope="module")
def album(encoder):
    """Photos, their vectors (n, d) and their files."""
    photos = [photo(seed) for seed in range(COUNT)]
    return photos, encoder.encode_images(photos), [file_of(one) for one in photos]


def near_in(album, own: int):
    """As a library's search answers, in which the undamaged photo itself is not."""
    _, vectors, files = album

    def near(vector, count):
        order = np.argsort(-vectors @ vector)
        return [files[i] for i in order[order != own][:count]]

    return near


# 120 x 168 keeps its size; the others are averaged in blocks of 2 and of 4 first, one with odd sides
@pytest.mark.parametrize("size", [(120, 168), (617, 843), (1040, 1101)])
@pytest.mark.parametrize("fading", [None, Fading((0.6, 0.5, 0.4), (0.2, 0.3, 0.1))])
def test_what_lies_under_a_mask_does_not_count(encoder, size, fading):
    mask, rng = hole(*size), np.random.default_rng(0)
    damage = degradation_for("inpaint", mask=mask, fading=fading)
    first = photo(1, *size)
    expected = embed_photo(encoder, first, degradation=damage)
    assert of_length_one(expected)
    for under in (rng.random((*size, 3), np.float32), np.float32(1), np.float32(np.nan), np.float32(1e30)):
        other = Photo(np.where(mask[..., None], under, first.pixels))
        assert np.array_equal(embed_photo(encoder, other, degradation=damage), expected)
        if fading is None:
            assert np.array_equal(embed_photo(encoder, other, mask=mask), expected)
    beside = Photo(np.where(mask[..., None], first.pixels, photo(2, *size).pixels))
    assert embed_photo(encoder, beside, degradation=damage) @ expected < 0.99


def test_a_hole_in_an_even_picture_is_not_seen_at_all(encoder):
    even = Photo(np.full((90, 130, 3), (0.2, 0.6, 0.4), np.float32))
    spoilt = Photo(np.where(hole(90, 130)[..., None], np.float32(0), even.pixels))
    expected = encoder.encode_images([even])[0]
    assert encoder.encode_images([spoilt])[0] @ expected < 0.95
    assert embed_photo(encoder, spoilt, mask=hole(90, 130)) @ expected == pytest.approx(1, abs=1e-5)


def test_both_masks_count(encoder):
    one, both = photo(3), hole(120, 168)
    left = both & (np.arange(168) < 80)
    damage = degradation_for("inpaint", mask=both & ~left)
    expected = embed_photo(encoder, one, mask=both)
    assert np.array_equal(embed_photo(encoder, one, mask=left, degradation=damage), expected)
    assert not np.array_equal(embed_photo(encoder, one, mask=left), expected)


def test_a_region_by_itself_counts_where_little_is_left(encoder):
    """The mean of the photo filled from the region, and of the region; with three quarters left, only that."""
    one = photo(8)
    little, much = np.ones((2, 120, 168), bool)
    little[30:90, 40:120] = False
    much[:, :126] = False
    region = encoder.encode_images([Photo(one.pixels[30:90, 40:120])])[0]
    filled = np.asarray(query._mended(one, little, None, 256))
    assert np.abs(filled[30:90, 40:120] / 255 - one.pixels[30:90, 40:120]).max() < 0.01
    total = region + encoder.encode_images([Image.fromarray(filled)])[0]
    assert embed_photo(encoder, one, mask=little) == pytest.approx(total / np.linalg.norm(total), abs=1e-5)
    assert of_length_one(embed_photo(encoder, one, mask=little))
    expected = encoder.encode_images([query._mended(one, much, None, 256)])[0]
    assert np.array_equal(embed_photo(encoder, one, mask=much), expected)
    speck = np.ones((120, 168), bool)
    speck[60, 80] = False
    under = Photo(np.where(speck[..., None], photo(9).pixels, one.pixels))
    assert np.array_equal(embed_photo(encoder, one, mask=speck), embed_photo(encoder, under, mask=speck))


def test_a_photo_without_holes_is_embedded_as_in_a_library(encoder):
    one = photo(4)
    expected = encoder.encode_images([one])[0]
    for damage in (None, degradation_for("denoise"), degradation_for("upscale")):
        assert np.array_equal(embed_photo(encoder, one, degradation=damage), expected)
    assert np.array_equal(embed_photo(encoder, one, mask=np.zeros((120, 168), bool)), expected)


def test_faded_colours_are_brought_back(encoder):
    damage = degradation_for("old", fading=Fading((0.6, 0.5, 0.4), (0.27, 0.23, 0.16)))
    for seed in range(3):
        clean = photo(seed)
        faded, expected = degrade(clean, damage, 0), encoder.encode_images([clean])[0]
        assert encoder.encode_images([faded])[0] @ expected < 0.9
        assert embed_photo(encoder, faded, degradation=damage) @ expected > 0.999


def test_photo_and_words_add_up(encoder):
    one, words = encoder.encode_images([photo(5)])[0], encoder.encode_text(["a red boat"])[0]
    assert embed_sum(one, words, 0) == pytest.approx(one, abs=1e-6)
    assert embed_sum(one, words, 1e300) == pytest.approx(words, abs=1e-6)
    for weight in (0.25, 1.0, 3.0):
        total = one.astype(float) + weight * words.astype(float)
        both = embed_sum(one, words, weight)
        assert of_length_one(both)
        assert both == pytest.approx(total / math.sqrt((total**2).sum()), abs=1e-6)
        asked = Search(photo(5), "a red boat", weight)
        assert of(asked, encoder) == pytest.approx(both, abs=1e-6)
    assert np.array_equal(of(Search(words="a red boat"), encoder), words)
    assert np.array_equal(of(Search(photo(5), "  "), encoder), one)


@pytest.mark.parametrize("weight", [-0.5, math.nan, math.inf])
def test_a_weight_that_is_none_is_refused(encoder, weight):
    with pytest.raises(RequestError, match="count"):
        of(Search(photo(5), "a boat", weight), encoder)


def test_what_cancels_out_is_refused(encoder):
    one = encoder.encode_images([photo(5)])[0]
    with pytest.raises(RequestError, match="cancel"):
        embed_sum(one, -one, 1)


def test_nothing_to_search_for_is_refused(encoder):
    with pytest.raises(RequestError, match="nothing"):
        of(Search(words=" "), encoder)


def test_the_move_is_the_mean_difference_of_embeddings(encoder, album):
    """Square pictures of twice the network's side are looked at as they are."""
    squares = [photo(seed, 128, 128) for seed in range(6)]
    greys = [Photo(np.repeat(one.pixels.mean(2, keepdims=True), 3, 2)) for one in squares]
    expected = (encoder.encode_images(greys) - encoder.encode_images(squares)).mean(0)
    found = move(encoder, [file_of(one) for one in squares], degradation_for("colorize"), 128, 128)
    assert np.linalg.norm(expected) > 0.1
    assert found == pytest.approx(expected, abs=2e-3)
    assert (
        np.abs(move(encoder, album[2], Degradation((Step("blur", {"kernel": "box:1"}),)), 90, 90)).max()
        < 1e-6
    )


@pytest.mark.parametrize(
    "damage",
    [
        degradation_for("colorize"),
        degradation_for("denoise", noise=75),
        degradation_for("deblur", kernel="gaussian:6"),
        degradation_for("upscale", scale=8, noise=20),
    ],
    ids=["grey", "noise", "blur", "small"],
)
def test_taking_the_move_back_brings_a_query_nearer_to_the_clean_one(encoder, album, damage):
    """Over all photos, and the clean photo helps none of them."""
    photos, vectors, _ = album
    before, after = [], []
    for own in range(0, COUNT, 3):
        asked = Search(degrade(photos[own], damage, own), degradation=damage)
        before.append(of(asked, encoder) @ vectors[own])
        found = of(asked, encoder, near_in(album, own))
        assert of_length_one(found)
        after.append(found @ vectors[own])
    assert np.mean(after) > np.mean(before) + 0.003


def test_only_damage_to_the_whole_picture_is_tried_on_others(encoder):
    fading = Fading((0.6, 0.5, 0.4), (0.27, 0.23, 0.16))
    mended = degradation_for("inpaint", mask=hole(120, 168), fading=fading)
    asked = []

    def near(_, count):
        asked.append(count)
        return []

    assert not moves(encoder, mended)
    one = of(Search(photo(6), degradation=mended), encoder, near)
    assert not asked
    assert np.array_equal(one, embed_photo(encoder, photo(6), degradation=mended))
    grey = degradation_for("colorize", mask=hole(120, 168))
    assert moves(encoder, grey)
    assert not moves(replace(encoder, side=224), grey)  # seconds for nothing
    assert np.array_equal(
        of(Search(photo(6), degradation=grey), encoder, near),
        embed_photo(encoder, photo(6), degradation=grey),
    )
    assert asked == [query.REFERENCES]


def test_a_blur_keeps_its_spread_when_it_is_scaled(tmp_path):
    weights = np.zeros((9, 9))
    weights[4, 1] = weights[4, 7] = 1.0
    Image.fromarray(np.uint8(weights * 255)).save(tmp_path / "two.png")
    spreads = {"gaussian:2.5": 2.5, "box:5": math.sqrt(2), f"file:{tmp_path / 'two.png'}": 3 / math.sqrt(2)}
    for kernel, spread in spreads.items():
        assert query._spread(parse_kernel(kernel)) == pytest.approx(spread, abs=1e-6)
        half = query._scaled(degradation_for("deblur", kernel=kernel, noise=8), 0.5)
        assert parse_kernel(str(half.steps[0].values["kernel"])).values[0] == pytest.approx(
            spread / 2, abs=1e-6
        )
        assert half.noise_std == 4
    assert query._scaled(degradation_for("deblur", kernel="box:3"), 0.1).steps == ()


@pytest.mark.parametrize("kernel", ["box:255", "motion:200:30", "shake:61:0.5:0"])
def test_wide_blurs_and_tiny_photos_are_no_failure(encoder, album, kernel):
    for height, width in ((1, 1), (3, 40), (300, 200)):
        damage = degradation_for("upscale", scale=8, kernel=kernel, noise=5)
        asked = Search(Photo(np.full((height, width, 3), 0.4, np.float32)), degradation=damage)
        assert of_length_one(of(asked, encoder, near_in(album, 0)))


def test_masks_that_do_not_fit_and_empty_photos_are_refused(encoder):
    one, part = photo(7), hole(120, 168)
    with pytest.raises(MaskError, match="size"):
        embed_photo(encoder, one, mask=part[:-1])
    with pytest.raises(MaskError, match="size"):
        embed_photo(encoder, one, degradation=Degradation((Step("mask"),), 0.0, part.T))
    with pytest.raises(MaskError, match="whole"):
        embed_photo(encoder, one, mask=~part, degradation=degradation_for("inpaint", mask=part))
    for size in ((0, 0), (0, 5)):
        with pytest.raises(PhotoError, match="no pixels"):
            embed_photo(encoder, Photo(np.zeros((*size, 3), np.float32)))
    with pytest.raises(RequestError, match="undone"):
        embed_photo(encoder, one, degradation=Degradation((Step("fade", {"gain_red": 0.0}),)))
