"""Measures learnt from people's judgements, through pyiqa, and only where its weights are on this computer.

pyiqa would fetch weights that it misses, so it is not even imported before their file is seen where it looks
for it: `pyiqa` in torch's hub folder.
"""

from __future__ import annotations

import math
import pickle
import struct
import warnings
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
from scipy.io.matlab import MatReadError

from adir_desktop.contract import Photo

INSTALL = 'the package is not installed: pip install "adir-desktop[evaluate]"'
FID = "pt_inception-2015-12-05-6726825d.pth"
FID_LEAST = 1000  # pictures; see `fid_missing`
_BROKEN = (
    *(OSError, RuntimeError, EOFError, LookupError, TypeError, ValueError, AttributeError, AssertionError),
    *(MatReadError, pickle.UnpicklingError, struct.error),
)


@dataclass(frozen=True)
class Learnt:
    """name: pyiqa's. file: of its weights. side: pixels that a picture needs at least."""

    name: str
    file: str
    side: int
    source: str


LEARNT: dict[str, Learnt] = {
    #                      pyiqa's name  its weights                          least side
    "niqe":        Learnt("niqe",       "niqe_modelparameters.mat",           192, "Mittal et al. 2013; two blocks of 96 each way"),
    "musiq_ava":   Learnt("musiq-ava",  "musiq_ava_ckpt-e8d3f067.pth",        32,  "Ke et al. 2021, trained on AVA; 1 to 10"),
    "musiq_koniq": Learnt("musiq",      "musiq_koniq_ckpt-e95806b9.pth",      32,  "Ke et al. 2021, trained on KonIQ-10k; 0 to 100"),
}  # fmt: skip


def weights_folder() -> Path:
    """Where pyiqa keeps what it needs: a person puts the files there."""
    import torch

    return Path(torch.hub.get_dir()) / "pyiqa"


def missing(measure: str) -> str:
    """Why a measure of `LEARNT` cannot be had on this computer, "" where it can."""
    return _missing(LEARNT[measure].file)


def fid_missing(pictures: int) -> str:
    """Why the distance of two sets of `pictures` pictures cannot be told, "" where it can.

    FID fits a Gaussian to 2048 features of Inception (Heusel et al. 2017). With n pictures the covariance
    has rank n - 1 at most and the distance is biased upwards by about 1/n: under a thousand the bias is
    larger than what methods differ by, and a number would mislead.
    """
    if pictures < FID_LEAST:
        return f"it needs at least {FID_LEAST} pictures, here are {pictures}: with fewer its bias hides what differs"
    return _missing(FID)


def _missing(file: str) -> str:
    if find_spec("pyiqa") is None:
        return INSTALL
    folder = weights_folder()
    return (
        "" if (folder / file).is_file() else f"its weights are not on this computer: put {file} into {folder}"
    )


def score(measure: str, photo: Photo) -> tuple[float | None, str]:
    """What a measure of `LEARNT` says of a picture, RGB in [0, 1]; or None and why."""
    row = LEARNT[measure]
    why = missing(measure)
    if not why and min(photo.width, photo.height) < row.side:
        why = f"it needs at least {row.side} pixels a side"
    if why:
        return None, why
    import torch

    weights = weights_folder() / row.file
    x = torch.from_numpy(np.ascontiguousarray(np.clip(photo.pixels, 0, 1).transpose(2, 0, 1)))[None]
    try:
        with _quiet(), redirect_stdout(StringIO()):
            network = _network(row.name, weights, weights.stat().st_mtime_ns)
            value = float(network(x))
    except _BROKEN as error:
        return None, f"pyiqa fails with {weights} ({type(error).__name__}): replace the file"
    return (value, "") if math.isfinite(value) else (None, "it gives no number for this picture")


def fid(restored: Path, clean: Path, pictures: int) -> tuple[float | None, str]:
    """The distance of two folders of pictures, smaller is better; or None and why."""
    why = fid_missing(pictures)
    if why:
        return None, why
    weights = weights_folder() / FID
    try:
        with _quiet(), redirect_stdout(StringIO()):
            network = _network("fid", weights, weights.stat().st_mtime_ns)
            value = float(network(str(restored), str(clean), num_workers=0, verbose=False))
    except _BROKEN as error:
        return None, f"pyiqa fails with {weights} ({type(error).__name__}): replace the file"
    return (value, "") if math.isfinite(value) else (None, "it gives no number for these pictures")


@lru_cache(maxsize=len(LEARNT) + 1)
def _network(name: str, _weights: Path, _mtime_ns: int) -> Any:
    """Kept for the next picture; anew where the weights were replaced."""
    import pyiqa
    import torch

    return pyiqa.create_metric(name, device=torch.device("cpu"))


def _quiet() -> warnings.catch_warnings[None]:
    """Pyiqa and its parts call torch in ways that it deprecates."""
    return warnings.catch_warnings(action="ignore")
