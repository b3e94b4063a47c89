"""Photos and tensors: the only place that converts pixel ranges and units."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import avg_pool2d

from adir_desktop.contract import Pixels

PREVIEW_SIDE = 768  # pixels; a preview need not be larger than a screen shows


def to_tensor(
    pixels: Pixels, device: torch.device | None = None, dtype: torch.dtype = torch.float32
) -> Tensor:
    """(H, W, 3) in [0, 1] -> (1, 3, H, W) in [-1, 1]."""
    picture = torch.from_numpy(np.ascontiguousarray(pixels)).permute(2, 0, 1)[None]
    return (picture * 2).sub_(1).to(device, dtype)


def to_pixels(x: Tensor) -> Pixels:
    """(1, 3, H, W) in [-1, 1] -> (H, W, 3) float32, clipped to [0, 1]."""
    unit = (x[0].float() + 1).div_(2).clamp_(0, 1)
    return np.ascontiguousarray(unit.permute(1, 2, 0).cpu().numpy())


def to_preview(x: Tensor) -> NDArray[np.uint8]:
    """(1, 3, H, W) in [-1, 1] -> (h, w, 3) uint8, no side over twice PREVIEW_SIDE."""
    shrink = max(x.shape[-2:]) // PREVIEW_SIDE
    if shrink > 1:
        x = avg_pool2d(x, shrink)
    return np.ascontiguousarray(
        ((x[0].float() + 1) * 127.5).round().clamp(0, 255).byte().permute(1, 2, 0).cpu().numpy()
    )


def network_sigma(noise_std: float) -> float:
    """A noise level in 0..255 units -> in units of [-1, 1]."""
    return 2 * noise_std / 255
