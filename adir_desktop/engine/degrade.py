"""Making an observation y = A x + e from a clean photo, for trials and comparisons."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from adir_desktop.contract import Degradation, Photo
from adir_desktop.engine.operators import Fade, build_operator, restored_size
from adir_desktop.engine.tensors import network_sigma, to_pixels, to_tensor
from adir_desktop.errors import RequestError


@torch.inference_mode()
def degrade(photo: Photo, degradation: Degradation, seed: int) -> Photo:
    """The photo as it would look after `degradation`, noise from `seed`.

    Sides that the scale does not divide lose up to scale - 1 pixels on the right and bottom first.

    Raises:
        RequestError, MaskError: the degradation does not fit the photo.
    """
    factor = restored_size(degradation, 1, 1)[0]
    height, width = photo.height // factor, photo.width // factor
    if min(height, width) < 1:
        raise RequestError(f"The photo is smaller than {factor} pixels.", "Use a smaller scale.")
    pixels = photo.pixels[: height * factor, : width * factor]
    operator = build_operator(degradation, height, width)
    ones = torch.ones(1, *operator.in_shape)
    # a file holds A of the picture in [0, 1]: 2 A (x + 1) / 2 - 1, black where nothing is seen
    y = operator.forward(to_tensor(pixels)) + operator.forward(ones) - 1
    fade = Fade.of(degradation)
    if fade is not None:
        y = fade.apply(y.expand(1, 3, -1, -1))
    noise = torch.randn(y.shape, generator=torch.Generator().manual_seed(seed))
    y = y + network_sigma(degradation.noise_std) * noise
    if degradation.mask is not None:  # holes hold mid grey, not noise
        y = torch.where(torch.from_numpy(degradation.mask), torch.zeros_like(y), y)
    degraded = to_pixels(y.expand(1, 3, -1, -1))
    alpha = (
        None
        if photo.alpha is None
        else np.ascontiguousarray(photo.alpha[::factor, ::factor][:height, :width])
    )
    return replace(photo, pixels=degraded, alpha=alpha, path=None)
