"""What is measured of a restored picture, which way is better, and what cannot be had on this computer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from adir_desktop.contract import Photo
from adir_desktop.engine import metrics, metrics_learnt


@dataclass(frozen=True)
class Measure:
    """better: 1 where more is, -1 where less is, 0 where neither. digits: after the point."""

    title: str
    better: int
    digits: int
    explained: str


MEASURES: dict[str, Measure] = {
    # name                  title            better digits
    "psnr":        Measure("PSNR, dB",       1,  2, "of all pixels and channels, 8 bits, range 1"),
    "psnr_y":      Measure("PSNR-Y, dB",     1,  2, "of the luma (BT.601), without a border as wide as the scale"),
    "ssim":        Measure("SSIM",           1,  4, "Wang et al. 2004, whole windows of 11 pixels, mean of the channels"),
    "lpips":       Measure("LPIPS",          -1, 4, "Zhang et al. 2018 with AlexNet"),
    "niqe":        Measure("NIQE",           -1, 3, "Mittal et al. 2013; no reference"),
    "musiq_ava":   Measure("MUSIQ-AVA",      1,  3, "Ke et al. 2021, 1 to 10; no reference"),
    "musiq_koniq": Measure("MUSIQ-KonIQ",    1,  2, "Ke et al. 2021, 0 to 100; no reference"),
    "consistency": Measure("misfit",         0,  3, "|A x - y| / (sigma sqrt m) of the saved picture; 1 is the noise floor"),
}  # fmt: skip
FID = Measure(
    "FID", -1, 2, f"Heusel et al. 2017; of all pictures together, from {metrics_learnt.FID_LEAST} on"
)


def wanted(*, luma: bool) -> tuple[list[str], dict[str, str]]:
    """The measures that can be had on this computer, and why the others cannot."""
    reasons = {"lpips": metrics.lpips_missing()}
    reasons |= {name: metrics_learnt.missing(name) for name in metrics_learnt.LEARNT}
    missing = {name: why for name, why in reasons.items() if why}
    return [name for name in MEASURES if name not in missing and (luma or name != "psnr_y")], missing


def measure(clean: Photo, restored: Photo, border: int, names: Sequence[str]) -> dict[str, Any]:
    """The named measures but for the agreement with the photo, which needs more than the two pictures.

    What a picture is too small for is None. Equal pictures have no PSNR that is a number: None too.
    border: pixels that PSNR-Y leaves out.
    """
    found = metrics.compare(restored, clean)
    if "psnr_y" in names:
        small = min(clean.width, clean.height) <= 2 * border
        found["psnr_y"] = None if small else metrics.psnr_luma(restored, clean, border)
    for name in metrics_learnt.LEARNT:
        if name in names:
            found[name] = metrics_learnt.score(name, restored)[0]
    return {name: _finite(found[name]) for name in names if name != "consistency"}


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
