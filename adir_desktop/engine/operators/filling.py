"""Filling what was not seen smoothly from what surrounds it."""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate, pad


def pull_push(weighted: Tensor, weight: Tensor) -> Tensor:
    """Means over ever larger blocks fill what finer levels have not seen (Gortler et al. 1996, section 3.4).

    weight: (B, 1, H, W) in [0, 1], how far each pixel is known. weighted: (B, C, H, W), values times it.
    A block is known as far as its pixels are together, at most fully.
    """
    if weight.min() >= 1 or max(weight.shape[-2:]) == 1:
        return weighted / weight.clamp_min(1e-8)
    height, width = weight.shape[-2:]
    even = (0, width % 2, 0, height % 2)
    total = 4 * avg_pool2d(pad(weight, even), 2)
    values = 4 * avg_pool2d(pad(weighted, even), 2)
    coarse = pull_push(values / total.clamp_min(1), total.clamp_max(1))
    fine = interpolate(coarse, scale_factor=2, mode="bilinear", align_corners=False)[..., :height, :width]
    return weighted + (1 - weight) * fine
