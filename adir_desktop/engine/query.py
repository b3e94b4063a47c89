"""What a person searches with, as one unit vector: a photo, words, or both.

A damaged photo should find what the clean one would. What is known of its damage serves three times: holes
are filled smoothly from around them, faded colours are brought back, and the way in which the rest moves an
embedding is measured on the first photos found and taken back.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from adir_desktop.contract import Degradation, Mask, Photo, Step
from adir_desktop.engine.encoder import SMALL, Encoder, Vectors, as_image
from adir_desktop.engine.glimpse import reduction
from adir_desktop.errors import MaskError, PhotoError, RequestError
from adir_desktop.searches import WORDS, Search
from adir_desktop.tasks import MAX_KERNEL, Kernel, parse_kernel

if TYPE_CHECKING:
    from adir_desktop.engine.operators import Fade

REFERENCES = 20  # photos on which the damage is tried; 10 are nearly as good, 50 no better
PART = 0.5  # of the photo's area: what is left within less is looked at by itself too
FAINT = 0.2  # pixels: a blur with less spread is none
WIDEST = (MAX_KERNEL - 1) / 8  # pixels: the spread of the widest Gaussian there is
HANDLED = ("mask", "soft-mask", "fade")  # steps that do not move the embedding of a mended query in one way

Near = Callable[[Vectors, int], Sequence[bytes]]


def of(asked: Search, encoder: Encoder, near: Near | None = None) -> Vectors:
    """The unit vector (d,) of what is asked for.

    near: (vector, count) -> thumbnails (files) of the count photos nearest to a vector; with it, a photo's
    damage is taken back, see `move`.

    Raises:
        RequestError: neither photo nor words, or a weight that is below 0 or not finite.
        PhotoError, MaskError: as `embed_photo`.
        ModelError: the encoder knows no words, or answers with something that is no direction.
    """
    if asked.photo is None and not asked.words.strip():
        raise RequestError(
            "There is nothing to search for.", "Choose a photo, or say what photos should show."
        )
    if asked.photo is None:
        return np.asarray(encoder.encode_text([asked.words])[0], np.float32)
    photo, damage = asked.photo, asked.degradation
    vector = embed_photo(encoder, photo, mask=asked.ignored, degradation=damage)
    if near is not None and damage is not None and moves(encoder, damage):
        first = near(vector, REFERENCES)
        if first:
            vector = _unit(vector - move(encoder, first, damage, photo.height, photo.width))
    if not asked.words.strip():
        return vector
    return embed_sum(vector, encoder.encode_text([asked.words])[0], asked.weight)


def embed_photo(
    encoder: Encoder, photo: Photo, *, mask: Mask | None = None, degradation: Degradation | None = None
) -> Vectors:
    """The unit vector (d,) of a photo, whatever lies in its holes and however its colours faded.

    mask: (H, W) of the photo, True where it is ignored, beside the degradation's own mask. Where little is
    left, as when all but a region is ignored, the region by itself counts as much as the photo filled from it.

    Raises:
        PhotoError: the photo has no pixels.
        MaskError: a mask has another size than the photo, or leaves nothing of it.
        RequestError: a fading that cannot be undone.
    """
    from adir_desktop.engine.operators import Fade

    if photo.pixels.size == 0:
        raise PhotoError("The photo has no pixels.", "Choose another photo.")
    ignored = _ignored(photo, mask, None if degradation is None else degradation.mask)
    fade = None if degradation is None else Fade.of(degradation)
    if fade is None and not ignored.any():
        return np.asarray(encoder.encode_images([photo])[0], np.float32)
    whole = encoder.encode_images([_mended(photo, ignored, fade, encoder.working_side)])[0]
    rows, columns = _left(ignored)
    if ignored[rows, columns].size >= PART * ignored.size:
        return np.asarray(whole, np.float32)
    part = replace(photo, pixels=photo.pixels[rows, columns], alpha=None)
    damage = None if degradation is None else replace(degradation, mask=None)
    return _unit(whole + embed_photo(encoder, part, mask=ignored[rows, columns], degradation=damage))


def embed_sum(photo: Vectors, words: Vectors, weight: float = WORDS) -> Vectors:
    """The unit vector along photo + weight * words: the photo alone with 0, the words alone in the limit.

    photo, words: (d,) of length 1.

    Raises:
        RequestError: the weight is below 0 or not finite, or the two cancel each other out.
    """
    if not (math.isfinite(weight) and weight >= 0):
        raise RequestError(f"Words cannot count {weight:g} times.", "Give a number that is not below 0.")
    share = weight / (1 + weight)
    total = (1 - share) * photo.astype(np.float64) + share * words.astype(np.float64)
    if np.linalg.norm(total) < 1e-6:
        raise RequestError("The photo and the words cancel each other out.", "Give another weight.")
    return _unit(total)


def moves(encoder: Encoder, degradation: Degradation) -> bool:
    """Whether `move` is worth its time: for damage to the whole picture, seen by a small network.

    With a large one it gained nothing that could be measured, and would take seconds on a processor.
    """
    return encoder.side <= SMALL and bool(_whole(degradation).steps or degradation.noise_std)


def move(
    encoder: Encoder, thumbnails: Sequence[bytes], degradation: Degradation, height: int, width: int
) -> Vectors:
    """By how much damage moves embeddings, (d,): the mean of xi(A x + e) - xi(x) over some pictures x.

    thumbnails: their files. height, width: of the observed photo; the pictures are brought to that scale,
    and both to the encoder's where they would be larger.

    Raises:
        RequestError: the degradation has values that there are not.
    """
    before, after = damaged(encoder, thumbnails, degradation, height, width)
    return np.asarray((after - before).mean(axis=0), np.float32)


def damaged(
    encoder: Encoder, thumbnails: Sequence[bytes], degradation: Degradation, height: int, width: int
) -> tuple[Vectors, Vectors]:
    """Unit vectors (n, d) of pictures as they are and after the damage; see `move`."""
    from adir_desktop.engine.degrade import degrade
    from adir_desktop.engine.operators import restored_size

    shorter = min(restored_size(degradation, height, width))
    scale = min(1.0, encoder.working_side / shorter)
    whole = _scaled(_whole(degradation), scale)
    clean = [_fitted(thumbnail, max(1, round(scale * shorter))) for thumbnail in thumbnails]
    vectors = encoder.encode_images([*clean, *(degrade(x, whole, seed) for seed, x in enumerate(clean))])
    return vectors[: len(clean)], vectors[len(clean) :]


def _ignored(photo: Photo, *masks: Mask | None) -> Mask:
    ignored = np.zeros((photo.height, photo.width), bool)
    for mask in masks:
        if mask is None:
            continue
        if mask.shape != ignored.shape:
            raise MaskError("The mask does not have the photo's size.", "Use a mask made for this photo.")
        ignored |= mask
    if ignored.all():
        raise MaskError("The mask covers the whole photo.", "Leave some of it to search with.")
    return ignored


def _left(ignored: Mask) -> tuple[slice, slice]:
    """The rows and columns from the first to the last that are not all ignored."""
    rows, columns = np.flatnonzero(~ignored.all(axis=1)), np.flatnonzero(~ignored.all(axis=0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _mended(photo: Photo, ignored: Mask, fade: Fade | None, side: int) -> Image.Image:
    """Reduced to about `side`, the holes left out of every mean and filled from around them; unfaded."""
    import torch
    from torch.nn.functional import avg_pool2d

    from adir_desktop.engine.operators.filling import pull_push
    from adir_desktop.engine.tensors import to_pixels, to_tensor

    factor = reduction(min(photo.height, photo.width), side)
    known = torch.from_numpy(~ignored)[None, None].float()
    x = known * to_tensor(np.where(ignored[..., None], np.float32(0), photo.pixels))
    weighted, weight = (avg_pool2d(values, factor, ceil_mode=True) for values in (x, known))
    filled = pull_push(weighted, weight)
    return as_image(
        replace(photo, pixels=to_pixels(filled if fade is None else fade.undo(filled)), alpha=None)
    )


def _whole(degradation: Degradation) -> Degradation:
    """What acts on the whole picture and is still there after mending; its noise grows with unfading."""
    from adir_desktop.engine.operators import Fade

    fade = Fade.of(degradation)
    noise = degradation.noise_std * (1.0 if fade is None else fade.amplification)
    return Degradation(tuple(step for step in degradation.steps if step.kind not in HANDLED), noise)


def _scaled(degradation: Degradation, scale: float) -> Degradation:
    """The same damage to a smaller picture: a blur becomes the Gaussian of as much spread, noise averages out."""
    steps = []
    for step in degradation.steps:
        if step.kind != "blur":
            steps.append(step)
            continue
        sigma = scale * _spread(parse_kernel(str(step.values["kernel"])))
        if sigma >= FAINT:
            steps.append(Step("blur", {**step.values, "kernel": f"gaussian:{min(sigma, WIDEST)}"}))
    return Degradation(tuple(steps), scale * degradation.noise_std)


def _spread(kernel: Kernel) -> float:
    """A kernel's standard deviation in pixels, the root mean square of both directions'."""
    from adir_desktop.engine.operators import kernel_weights

    if kernel.shape == "gaussian":
        return kernel.values[0]
    if kernel.shape == "box":
        return math.sqrt((kernel.side**2 - 1) / 12)
    weights = kernel_weights(kernel).numpy()
    rows, columns = np.indices(weights.shape)
    variances = [(weights * (at - (weights * at).sum()) ** 2).sum() for at in (rows, columns)]
    return math.sqrt(sum(variances) / 2)


def _fitted(thumbnail: bytes, shorter: int) -> Photo:
    """A thumbnail with `shorter` pixels on its shorter side."""
    with Image.open(io.BytesIO(thumbnail)) as image:
        picture = image.convert("RGB")
    scale = shorter / min(picture.size)
    size = max(shorter, round(scale * picture.width)), max(shorter, round(scale * picture.height))
    picture = picture.resize(size, Image.Resampling.BICUBIC)
    return Photo(np.asarray(picture, np.float32) / np.float32(255))


def _unit(vector: np.ndarray) -> Vectors:
    return np.asarray(vector / np.linalg.norm(vector), np.float32)
