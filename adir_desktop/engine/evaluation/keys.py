"""What decides a picture of an evaluation, as one hash: the same is not made twice."""

from __future__ import annotations

import hashlib
import inspect
import json
from dataclasses import asdict
from typing import Any

import numpy as np

from adir_desktop import __version__
from adir_desktop.contract import Degradation, Photo
from adir_desktop.engine.evaluation.cells import Cell, Observed, request_of
from adir_desktop.engine.priors import load_prior
from adir_desktop.engine.recipes import adapt_settings, sampling_settings
from adir_desktop.plain import plain

FORMAT = 1


def key_of(cell: Cell, degradation: Degradation) -> str:
    """A hash of all that decides the picture: photo, damage, method, numbers, seed, weights, the method's code.

    Raises:
        AdirError: the method or its numbers cannot be used.
    """
    row = cell.method.row
    about: dict[str, Any] = {
        "format": FORMAT,
        "version": __version__,
        "photo": [cell.subject.name, cell.subject.digest],
        "steps": [[step.kind, dict(step.values)] for step in degradation.steps],
        "noise": degradation.noise_std,
        "mask": None if degradation.mask is None else hashlib.sha256(degradation.mask.tobytes()).hexdigest(),
        "method": cell.method.spelling,
        "device": cell.common.device,
        "precision": cell.common.precision,
    }
    if row is not None:
        blank = Photo(np.zeros((1, 1, 3), np.float32))
        request = request_of(cell, Observed(blank, blank, degradation))
        about |= {
            "seed": cell.seed,
            "settings": asdict(sampling_settings(request)[1]),
            "prior": load_prior(cell.common.prior).sha256,
            "code": _code(row.run),
        }
        if cell.method.adapt != "none":
            about["adapt"] = asdict(adapt_settings(request, cell.common.device))
            about["found"] = [item.id for item in cell.found.items] if cell.found else []
    return hashlib.sha256(json.dumps(plain(about), sort_keys=True).encode()).hexdigest()[:32]


def _code(run: object) -> str:
    """The version of a method: its module's source where there is one, else the program's version."""
    module = inspect.getmodule(run)
    try:
        source = inspect.getsource(module) if module else __version__
    except OSError:
        source = __version__
    return hashlib.sha256(source.encode()).hexdigest()[:16]
