"""One restoration of an evaluation: its key, its files, the work, and what was measured.

DIR/pictures/clean@SIZE/PHOTO.png          what everything is compared with
DIR/pictures/TASK@SIZE/observed/PHOTO.png  what every method is given
DIR/pictures/TASK@SIZE/METHOD/PHOTO.sSEED.png
DIR/cells/KEY.json                         what was measured, under the hash of all that decides the picture
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import traceback
from collections.abc import Generator, Sequence
from contextlib import closing
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from adir_desktop.contract import (
    AdaptTo,
    Degradation,
    Event,
    NeighbourSet,
    Photo,
    Progress,
    Request,
    Restoration,
)
from adir_desktop.engine import metrics
from adir_desktop.engine.degrade import degrade
from adir_desktop.engine.evaluation.measures import measure
from adir_desktop.engine.evaluation.methods import FROM_LIBRARY, Method
from adir_desktop.engine.evaluation.protocols import Trial
from adir_desktop.engine.evaluation.subjects import Subject, as_file
from adir_desktop.engine.maps import Observation
from adir_desktop.engine.operators import build_operator
from adir_desktop.engine.photos import open_photo, save_photo
from adir_desktop.engine.picture import preview_every
from adir_desktop.engine.restore import restore
from adir_desktop.engine.tensors import to_pixels, to_tensor
from adir_desktop.errors import StorageError, explain
from adir_desktop.files import write_atomic
from adir_desktop.interrupt import Interrupted, clock
from adir_desktop.plain import plain

LONGEST = 100  # characters of the name of a folder; those of a file of weights may be many
CURVE_POINTS = 60  # of a run that are kept
DONE, FAILED, UNSUPPORTED = "done", "failed", "unsupported"


@dataclass(frozen=True)
class Common:
    """What all cells of an evaluation share. recipe: the engine's. luma: PSNR of the luma is measured too."""

    out: Path
    recipe: str
    prior: str
    device: str
    precision: str
    luma: bool = False


@dataclass(frozen=True)
class Cell:
    """One photo, task, method and seed. found: what is adapted to. key: of the picture's file of results."""

    common: Common
    subject: Subject
    trial: Trial
    method: Method
    seed: int
    found: NeighbourSet | None = None
    key: str = ""

    @property
    def record(self) -> Path:
        return self.common.out / "cells" / f"{self.key}.json"

    @property
    def picture(self) -> Path:
        return self.folder / f"{self.subject.name}.s{self.seed}.png"

    @property
    def folder(self) -> Path:
        """Of the method's pictures."""
        method = re.sub(r"[^\w.+-]+", "-", self.method.spelling)[-LONGEST:]
        return self.common.out / "pictures" / self.trial.label / method


@dataclass(frozen=True, eq=False)
class Observed:
    """The damaged photo of a subject and a trial, and what was done to it. clean: what it was made from."""

    clean: Photo
    photo: Photo
    degradation: Degradation


def observed_path(common: Common, subject: Subject, trial: Trial) -> Path:
    """Where the damaged photo is saved."""
    return common.out / "pictures" / trial.label / "observed" / f"{subject.name}.png"


def observe(subject: Subject, trial: Trial) -> Observed:
    """The same observation for every method, every seed and every run: 8 bits, as a file would hold it.

    Raises:
        AdirError: the task cannot happen to so small a picture.
    """
    clean = open_photo(subject.clean)
    height, width = (n // trial.scale * trial.scale for n in (clean.height, clean.width))
    clean = Photo(clean.pixels[:height, :width])
    degradation = trial.degradation(height, width, subject.seed)
    return Observed(clean, as_file(degrade(clean, degradation, subject.seed)), degradation)


def request_of(cell: Cell, observed: Observed) -> Request:
    """What a person would ask for."""
    to: AdaptTo = "neighbours" if cell.method.adapt in FROM_LIBRARY else "none"
    return Request(
        observed.photo,
        cell.trial.row.task,
        observed.degradation,
        prior=cell.common.prior,
        sampler=cell.method.sampler,
        recipe=cell.common.recipe,
        seed=cell.seed,
        adapt="self" if cell.method.adapt == "self" else to,
        found=cell.found,
        device=cell.common.device,
        precision=cell.common.precision,
    )


def read(cell: Cell) -> dict[str, Any] | None:
    """What was kept of a cell whose picture is still there; None where there is nothing, or it is damaged."""
    try:
        record = json.loads(cell.record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if (
        not isinstance(record, dict)
        or record.get("status") != DONE
        or not isinstance(record.get("measures"), dict)
    ):
        return None
    return record if cell.picture.is_file() and record.get("picture") == _digest(cell.picture) else None


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def work(cell: Cell, wanted: Sequence[str]) -> Generator[Event, None, dict[str, Any]]:
    """Restores, saves and measures; what is there already is not made again. Returns the record.

    wanted: the measures that can be had on this computer. A failure is a record too.

    Raises:
        StorageError: the disk is full or read-only: nothing else could be kept either.
    """
    start, record = clock(), read(cell)
    try:
        observed = observe(cell.subject, cell.trial)
        if record is None:
            record = yield from _restored(cell, observed)
        if any(name not in record["measures"] for name in wanted):
            restored = open_photo(cell.picture)
            border = cell.trial.scale if cell.trial.scale > 1 else 0
            record["measures"] |= measure(observed.clean, restored, border, wanted)
            record["measures"]["consistency"] = consistency(restored, observed)
    except (Interrupted, StorageError):
        raise
    except Exception as error:  # noqa: BLE001  one cell that fails, whatever it is, must not end an evaluation of hours
        told = explain(error)
        record = {"status": FAILED, "message": told.problem, "remedy": told.remedy, "measures": {}}
        if told is not error:
            record["traceback"] = traceback.format_exc()
    record["spent"] = clock() - start
    write_atomic(cell.record, json.dumps(plain(record), allow_nan=False).encode())
    return record


def consistency(restored: Photo, observed: Observed) -> float:
    """|A x - y| / (sigma sqrt(m)) of a saved picture, alike for every method; 1 is the noise floor."""
    operator = build_operator(observed.degradation, observed.photo.height, observed.photo.width)
    seen = Observation.of(observed.photo, observed.degradation, operator, torch.device("cpu"))
    return seen.consistency(to_tensor(restored.pixels))


def _restored(cell: Cell, observed: Observed) -> Generator[Event, None, dict[str, Any]]:
    cell.folder.mkdir(parents=True, exist_ok=True)
    if cell.method.row is None:
        photo, about = _as_it_is(observed), {"seconds": 0.0, "evaluations": 0, "curve": []}
    else:
        curve: list[list[float]] = []
        restoration = yield from _followed(cell, observed, curve)
        photo, about = restoration.photo, _about(restoration, curve)
    save_photo(Photo(photo.pixels), cell.picture, overwrite=True)
    return {"status": DONE, "picture": _digest(cell.picture), "measures": {}, **about}


def _as_it_is(observed: Observed) -> Photo:
    """The damaged photo; a smaller one enlarged by the operator's bicubic guess."""
    photo, clean = observed.photo, observed.clean
    if photo.pixels.shape == clean.pixels.shape:
        return photo
    operator = build_operator(observed.degradation, photo.height, photo.width)
    return Photo(to_pixels(operator.guess(to_tensor(photo.pixels))))


def _about(restoration: Restoration, curve: list[list[float]]) -> dict[str, Any]:
    record = restoration.record
    names = (
        "evaluations",
        "settings",
        "seconds_by_stage",
        "peak_memory_bytes",
        "dtype",
        "versions",
        "neighbours",
    )
    training = record.get("training") or {}
    return {
        "seconds": restoration.seconds,
        "curve": _thinned(curve),
        "strength": training.get("strength"),
        **{name: record[name] for name in names},
    }


def _followed(
    cell: Cell, observed: Observed, curve: list[list[float]]
) -> Generator[Event, None, Restoration]:
    """A restoration as a person gets it, every step of it told: [share done, consistency, PSNR of x0]."""
    context = copy_context()
    context.run(preview_every.set, 0.0)
    with closing(restore(request_of(cell, observed))) as events:
        while True:
            try:
                event = context.run(next, events)
            except StopIteration as stop:
                result: Restoration = stop.value
                return result
            if isinstance(event, Progress) and event.stage == "sample" and event.preview is not None:
                curve.append(_point(event, event.preview, observed.clean))
            yield event


def _point(event: Progress, preview: NDArray[np.uint8], clean: Photo) -> list[float]:
    shown = Photo(preview.astype(np.float32) / np.float32(255))
    comparable = shown.pixels.shape == clean.pixels.shape  # previews of large pictures are smaller
    psnr = metrics.psnr(shown, clean) if comparable else math.nan
    return [event.done / event.total, event.consistency or 0.0, psnr]


def _thinned(curve: Sequence[Sequence[float]]) -> list[list[float]]:
    """At most `CURVE_POINTS` of the points, the first and the last among them."""
    if len(curve) <= CURVE_POINTS:
        return [[round(v, 4) for v in point] for point in curve]
    last = len(curve) - 1
    chosen = [round(i * last / (CURVE_POINTS - 1)) for i in range(CURVE_POINTS)]
    return [[round(v, 4) for v in curve[i]] for i in chosen]
