"""Training a network of Dirac on a folder of photos: resumable, stoppable at any step, kept atomically."""

from __future__ import annotations

import json
import pickle
import time
import zipfile
from collections.abc import Generator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from adir_desktop import places
from adir_desktop.contract import Event, Notice, Progress
from adir_desktop.engine.dirac import store
from adir_desktop.engine.dirac.crops import Album, read_album
from adir_desktop.engine.dirac.families import FAMILIES, SCHEDULE_SIDE
from adir_desktop.engine.dirac.learner import Batch, Learner
from adir_desktop.engine.dirac.store import Config
from adir_desktop.errors import BadInput, RequestError, explain
from adir_desktop.files import atomic
from adir_desktop.interrupt import check

STATE, LOG = "training.pt", "training.jsonl"
KEPT_OUT = 24  # photos to measure on
MEASURED = 96  # crops
SAVE_EVERY = 120.0  # seconds
REPORT_EVERY = 0.2  # seconds
SCHEDULE_CROPS = 12
PRECISIONS = ("auto", "float32", "bfloat16")
RANGES = {
    "steps": (1, 10**8),
    "minutes": (0, 10**5),  # ten weeks
    "batch": (1, 1024),
    "crop": (32, 256),  # SSIM's window and the levels of the network; photos are reduced to 320
    "learning_rate": (1e-6, 0.1),
    "loss_dt": (0, 1),
    "seed": (0, 2**63 - 1),
}
BF16_GAIN = 1.15  # bf16 must be this much faster to be worth its rounding


@dataclass(frozen=True)
class TrainSettings:
    """loss_dt: Delta t of the incremental loss. minutes: an end before all steps are done; 0 for none.

    precision: "auto" (the faster one), "float32" or "bfloat16".
    """

    degradation: str
    steps: int = 20_000
    minutes: float = 0.0
    batch: int = 8
    crop: int = 96
    learning_rate: float = 1e-3
    loss_dt: float = 1.0
    ema: float = 0.999
    seed: int = 0
    precision: str = "auto"


def train(folder: Path, out: Path, settings: TrainSettings) -> Generator[Event, None, Path]:
    """Trains on the photos of `folder` into the folder `out`, from where a stopped training left off.

    `out` gets config.json, the averaged weights, a card, the log, and what going on needs. A training
    that is stopped is saved first. Returns `out`.

    Raises:
        RequestError: numbers that cannot be trained with. LibraryError: no photos.
        BadInput: `out` holds another training. StorageError: the disk is full or read-only.
    """
    _check(settings)
    _make(out)
    album = yield from read_album(folder, kept_out=KEPT_OUT, seed=settings.seed)
    config = yield from _configured(out, settings, album)
    learner = _learner(out, config, settings, album)
    if learner.steps_done:
        yield Notice(f"Going on from step {learner.steps_done}.")
    session = _Session(out, settings, album, learner)
    try:
        yield from session.run()
    finally:
        if learner.steps_done:
            session.save()
    return out


def usual_place(settings: TrainSettings) -> Path:
    """Among the models, where the sampler looks."""
    return places.models_dir() / f"dirac-{settings.degradation}"


class _Session:
    """The loop, its clock and what it writes."""

    def __init__(self, out: Path, settings: TrainSettings, album: Album, learner: Learner) -> None:
        self.out, self.settings, self.album, self.learner = out, settings, album, learner
        kept = Album(album.kept_out, ())
        self.exam = Batch.draw(learner.config, kept, settings.crop, MEASURED, (settings.seed, 1))
        self.losses: list[float] = []
        self.start = time.monotonic() - learner.seconds

    @property
    def share(self) -> float:
        """How much of the training is done, by steps or by time, in [0, 1]."""
        settings, learner = self.settings, self.learner
        by_time = learner.seconds / (60 * settings.minutes) if settings.minutes else 0.0
        return min(1.0, max(learner.steps_done / settings.steps, by_time))

    def run(self) -> Generator[Event, None, None]:
        settings, learner = self.settings, self.learner
        reported, saved = 0.0, learner.seconds
        while self.share < 1:
            check()
            seed = (settings.seed, 0, learner.steps_done)
            batch = Batch.draw(learner.config, self.album, settings.crop, settings.batch, seed)
            self.losses.append(learner.learn(batch, self.share))
            learner.seconds = time.monotonic() - self.start
            if learner.seconds - saved > SAVE_EVERY:
                saved = learner.seconds
                self.save()
            if learner.seconds - reported > REPORT_EVERY or self.share >= 1:
                reported = learner.seconds
                yield self._progress()

    def save(self) -> None:
        """Measures and writes everything; a crash while writing leaves the files before it."""
        learner, settings = self.learner, self.settings
        figures = {
            "step": learner.steps_done,
            "seconds": round(learner.seconds, 1),
            "loss": round(sum(self.losses) / len(self.losses), 5) if self.losses else None,
            **learner.measure(self.exam),
        }
        self.losses.clear()
        photos = {"photos": len(self.album.seen), "kept_out": len(self.album.kept_out)}
        training = {**asdict(settings), **photos, **figures, "bf16": learner.bf16}
        store.save(self.out, replace(learner.config, training=training), learner.average)
        with atomic(self.out / STATE) as temporary:
            torch.save({**learner.state(), "settings": _identity(settings), "bf16": learner.bf16}, temporary)
        try:
            with (self.out / LOG).open("a", encoding="utf-8") as log:
                log.write(json.dumps(figures) + "\n")
        except OSError as error:
            raise explain(error) from error

    def _progress(self) -> Progress:
        seconds, share = self.learner.seconds, self.share
        recent = self.losses[-100:]
        return Progress(
            "train",
            self.learner.steps_done,
            self.settings.steps,
            seconds,
            eta=seconds / share * (1 - share) if share else None,
            loss=sum(recent) / len(recent) if recent else None,
        )


def _configured(out: Path, settings: TrainSettings, album: Album) -> Generator[Event, None, Config]:
    """The description of the network: that of the training to go on with, or a new one."""
    row = FAMILIES[settings.degradation]
    if (out / STATE).is_file():
        return store.read_config(out)
    yield Progress("schedule", 0, 1)
    generator = np.random.default_rng([settings.seed, 2])
    crops = torch.cat([album.crop(SCHEDULE_SIDE, generator) for _ in range(SCHEDULE_CROPS)])
    severities = row.severities(crops)
    yield Progress("schedule", 1, 1)
    return Config(settings.degradation, row.shape, severities, loss_dt=settings.loss_dt)


def _learner(out: Path, config: Config, settings: TrainSettings, album: Album) -> Learner:
    """A new learner, or one that is where the training in `out` ended."""
    state: dict[str, Any] | None = None
    if (out / STATE).is_file():
        other = BadInput(
            f"{out} holds a training with other numbers, or a damaged one.",
            "Use the same numbers to go on with it, or another folder.",
        )
        if not zipfile.is_zipfile(out / STATE):
            raise other
        try:
            state = torch.load(out / STATE, map_location="cpu", weights_only=True)
        except (RuntimeError, EOFError, OSError, pickle.UnpicklingError) as error:
            raise other from error
        if not isinstance(state, dict) or state.get("settings") != _identity(settings):
            raise other
    bf16 = bool(state["bf16"]) if state else _pick_bf16(config, settings, album)
    learner = Learner(config, rate=settings.learning_rate, decay=settings.ema, seed=settings.seed, bf16=bf16)
    if state:
        learner.load(state)
    return learner


def _identity(settings: TrainSettings) -> dict[str, Any]:
    """What must be the same for a training to go on; its length may be changed."""
    values = asdict(settings)
    return {name: values[name] for name in values if name not in ("steps", "minutes", "precision")}


def _pick_bf16(config: Config, settings: TrainSettings, album: Album) -> bool:
    """As asked, or the faster one: one step each way, after one to warm up."""
    if settings.precision != "auto":
        return settings.precision == "bfloat16"
    batch = Batch.draw(config, album, settings.crop, settings.batch, (settings.seed, 3))
    seconds = {}
    for bf16 in (False, True):
        trial = Learner(config, rate=0.0, decay=0.0, seed=0, bf16=bf16)
        trial.learn(batch, 0)
        start = time.perf_counter()
        trial.learn(batch, 0)
        seconds[bf16] = time.perf_counter() - start
    return seconds[True] * BF16_GAIN < seconds[False]


def _make(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explain(error) from error


def _check(settings: TrainSettings) -> None:
    """Raises RequestError: numbers that cannot be trained with."""
    if settings.degradation not in FAMILIES:
        raise RequestError(
            f"There is no degradation '{settings.degradation}' to train for.",
            f"Choose one of: {', '.join(FAMILIES)}.",
        )
    if settings.precision not in PRECISIONS:
        raise RequestError(
            f"There is no precision '{settings.precision}'.", f"Choose one of: {', '.join(PRECISIONS)}."
        )
    for name, (least, most) in RANGES.items():
        value = getattr(settings, name)
        if not least <= value <= most:  # not a number is outside, too
            raise RequestError(
                f"A value of {value} for {name.replace('_', ' ')} cannot be trained with.",
                f"Choose {least:g} to {most:g}.",
            )
