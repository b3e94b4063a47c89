"""How different two pictures are: PSNR, SSIM, the largest difference, and LPIPS where it is installed.

Measures that look at one picture alone, and the distance of two sets of pictures, are in `metrics_learnt`.
"""

from __future__ import annotations

import math
import pickle
import warnings
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from skimage.metrics import structural_similarity

from adir_desktop.contract import Photo
from adir_desktop.errors import BadInput

SSIM_SIDE = 11  # pixels: the Gaussian window of Wang et al. 2004, sigma 1.5 cut at 3.5 sigma
LUMA = (65.481 / 255, 128.553 / 255, 24.966 / 255)  # ITU-R BT.601, as MATLAB's rgb2ycbcr; 16 is added
LPIPS_SIDE = 31  # pixels: below, AlexNet's second pooling has nothing left to pool
ALEXNET = "alexnet-owt-7be5be79.pth"  # torchvision's name for the backbone's weights


def compare(a: Photo, b: Photo) -> dict[str, Any]:
    """Differences of two photos of one size, in sRGB after clipping and rounding to 8 bits; no alpha.

    psnr: in dB over all pixels and channels, range 1; infinite for equal pictures.
    ssim: mean over channels of the whole windows only (none that reaches over the edge).
    largest_difference: of any channel of any pixel, 0 to 255.
    lpips: distance of AlexNet's features, 0 for equal pictures.
    A measure that cannot be had is None, and `<name>_missing` says why.

    Raises:
        BadInput: the photos have different sizes.
    """
    if a.pixels.shape != b.pixels.shape:
        raise BadInput(
            f"The pictures are {a.width} x {a.height} and {b.width} x {b.height} pixels.",
            "Compare pictures of the same size.",
        )
    x, y = _rounded(a), _rounded(b)
    ssim = _ssim(x, y) if min(a.width, a.height) >= SSIM_SIDE else None
    distance, missing = _lpips(x, y)
    found: dict[str, Any] = {
        "psnr": _psnr(x, y),
        "ssim": ssim,
        "largest_difference": round(float(np.abs(x - y).max()) * 255),
        "lpips": distance,
    }
    if ssim is None:
        found["ssim_missing"] = f"it needs at least {SSIM_SIDE} pixels a side"
    if distance is None:
        found["lpips_missing"] = missing
    return found


def psnr(a: Photo, b: Photo) -> float:
    """PSNR alone, as `compare` has it, of two photos of one size."""
    return _psnr(_rounded(a), _rounded(b))


def psnr_luma(a: Photo, b: Photo, border: int) -> float:
    """PSNR in dB of the luma alone, `border` pixels at each edge left out: as papers on super-resolution
    report it, with the scale as the border. Range 1, after rounding to 8 bits.

    Raises:
        BadInput: the photos have different sizes, or nothing is left inside the border.
    """
    if a.pixels.shape != b.pixels.shape or min(a.width, a.height) <= 2 * border:
        raise BadInput(
            f"The luma of {a.width} x {a.height} and {b.width} x {b.height} pixels cannot be compared.",
            f"Use pictures of one size, larger than {2 * border} pixels a side.",
        )
    inside = slice(border, -border or None)
    x, y = ((_rounded(photo) @ np.array(LUMA))[inside, inside] for photo in (a, b))
    return _psnr(x, y)


def _rounded(photo: Photo) -> NDArray[np.float64]:
    """(H, W, 3) in [0, 1], as an 8-bit file would hold it."""
    return np.rint(np.clip(photo.pixels, 0, 1).astype(np.float64) * 255) / 255


def _psnr(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    error = float(np.mean((x - y) ** 2))
    return math.inf if error == 0 else -10 * math.log10(error)


def _ssim(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Wang et al. 2004 with its constants K 0.01 and 0.03."""
    return float(
        structural_similarity(
            x,
            y,
            channel_axis=-1,
            data_range=1,
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
        )
    )


def _lpips(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float | None, str]:
    """Zhang et al. 2018 with AlexNet; or None and why there is none."""
    if min(x.shape[:2]) < LPIPS_SIDE:
        return None, f"it needs at least {LPIPS_SIDE} pixels a side"
    missing = lpips_missing()
    if missing:
        return None, missing
    import torch

    weights = _alexnet()
    try:
        network = _lpips_network(weights, weights.stat().st_mtime_ns)
    except (OSError, RuntimeError, EOFError, KeyError, ValueError, pickle.UnpicklingError):
        return None, f"the weights in {weights} are damaged: replace them"
    pair = [torch.from_numpy(2 * z - 1).float().permute(2, 0, 1)[None] for z in (x, y)]
    with torch.inference_mode():
        return float(network(*pair)), ""


def lpips_missing() -> str:
    """Why LPIPS cannot be had on this computer, "" where it can. Nothing is ever downloaded."""
    if find_spec("lpips") is None:
        return 'the package is not installed: pip install "adir-desktop[evaluate]"'
    weights = _alexnet()
    if not weights.is_file():
        return f"AlexNet's weights are not on this computer: put {ALEXNET} into {weights.parent}"
    return ""


def _alexnet() -> Path:
    import torch

    return Path(torch.hub.get_dir()) / "checkpoints" / ALEXNET


@lru_cache(maxsize=1)
def _lpips_network(_weights: Path, _mtime_ns: int) -> Any:
    """Kept for the next pair; anew where the weights were replaced."""
    import lpips

    with warnings.catch_warnings():  # it calls torchvision and torch in ways that they deprecate
        warnings.simplefilter("ignore")
        return lpips.LPIPS(net="alex", verbose=False)
