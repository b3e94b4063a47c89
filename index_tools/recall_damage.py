"""What is done to photos before they are searched for: the starter encoder's card, and Figure 22's blurs."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from adir_desktop.contract import Degradation, Fading, Mask
from adir_desktop.tasks import degradation_for

Made = tuple[Image.Image, Degradation | None]  # the photo, and what a person could say of its damage


@dataclass(frozen=True)
class Damage:
    """One way to damage a photo. card: recall@1 on the encoder's card, None where it has none."""

    name: str
    make: Callable[[Image.Image, np.random.Generator], Made]
    card: float | None = None


def _blur(picture: Image.Image, _: np.random.Generator) -> Made:
    return picture.filter(ImageFilter.GaussianBlur(4)), degradation_for("deblur", kernel="gaussian:4")


def _box(side: int) -> Damage:
    def make(picture: Image.Image, _: np.random.Generator) -> Made:
        blurred = picture.filter(ImageFilter.BoxBlur(side // 2))
        return blurred, degradation_for("deblur", kernel=f"box:{side}")

    return Damage(f"box blur, {side} pixels", make)


def _noise(sigma: float) -> Callable[[Image.Image, np.random.Generator], Made]:
    return lambda picture, rng: (_noisy(picture, sigma, rng), degradation_for("denoise", noise=sigma))


def _fewer(factor: int, noise: float = 0.0) -> Callable[[Image.Image, np.random.Generator], Made]:
    def make(picture: Image.Image, rng: np.random.Generator) -> Made:
        size = max(1, picture.width // factor), max(1, picture.height // factor)
        small = _noisy(picture.resize(size, Image.Resampling.BOX), noise, rng)
        return small, degradation_for("upscale", scale=factor, reduction="block", noise=noise)

    return make


def _jpeg(picture: Image.Image, _: np.random.Generator) -> Made:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=8)
    return Image.open(stream).convert("RGB"), None


def _grey(picture: Image.Image, _: np.random.Generator) -> Made:
    return picture.convert("L").convert("RGB"), degradation_for("colorize")


def _holes(picture: Image.Image, rng: np.random.Generator) -> Made:
    """Twelve boxes of a sixth of each side."""
    mask = np.zeros((picture.height, picture.width), bool)
    height, width = max(1, picture.height // 6), max(1, picture.width // 6)
    for _ in range(12):
        top, left = rng.integers(0, picture.height - height + 1), rng.integers(0, picture.width - width + 1)
        mask[top : top + height, left : left + width] = True
    return _holed(picture, mask)


def _middle(picture: Image.Image, _: np.random.Generator) -> Made:
    """One box of half the height and a third of the width."""
    mask = np.zeros((picture.height, picture.width), bool)
    mask[mask.shape[0] // 4 : 3 * mask.shape[0] // 4, mask.shape[1] // 3 : 2 * mask.shape[1] // 3] = True
    return _holed(picture, mask)


def _holed(picture: Image.Image, mask: Mask) -> Made:
    values = np.asarray(picture).copy()
    values[mask] = 128
    return Image.fromarray(values), degradation_for("inpaint", mask=mask)


def _faded(picture: Image.Image, _: np.random.Generator) -> Made:
    fading = Fading((0.6, 0.5, 0.4), (0.27, 0.23, 0.16))
    values = np.asarray(picture, np.float32) * fading.gain + np.multiply(255, fading.offset)
    return Image.fromarray(np.rint(values).astype(np.uint8)), degradation_for("old", fading=fading)


def _crop(picture: Image.Image, _: np.random.Generator) -> Made:
    """The middle 70 % of each side."""
    width, height = picture.size
    return picture.crop((int(width * 0.15), int(height * 0.15), int(width * 0.85), int(height * 0.85))), None


def _noisy(picture: Image.Image, sigma: float, rng: np.random.Generator) -> Image.Image:
    values = np.asarray(picture, np.float32)
    return Image.fromarray(np.clip(values + rng.normal(0, sigma, values.shape), 0, 255).astype(np.uint8))


DAMAGES = (
    Damage("none", lambda picture, _: (picture, None)),
    Damage("blur, sigma 4", _blur, 1.000),
    Damage("4x fewer pixels", _fewer(4), 1.000),
    Damage("8x fewer pixels", _fewer(8), 1.000),
    Damage("noise, sigma 25", _noise(25), 1.000),
    Damage("noise, sigma 50", _noise(50), 1.000),
    Damage("JPEG, quality 8", _jpeg, 1.000),
    Damage("4x fewer pixels and noise, sigma 10", _fewer(4, 10), 1.000),
    Damage("grey", _grey, 0.970),
    Damage("holes (a third)", _holes, 0.955),
    Damage("centre crop, 70 %", _crop, 0.980),
    Damage("hole in the middle", _middle),
    Damage("faded", _faded),
    *(_box(side) for side in (3, 5, 7, 9, 11)),
)
