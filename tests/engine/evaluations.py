"""Small folders and cheap evaluations that several tests share."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from adir_desktop.contract import Notice
from adir_desktop.engine.evaluation.planning import Evaluation
from adir_desktop.engine.evaluation.run import Evaluated, evaluate
from tests.engine.scenes import scene

SIDE = 32


def photos(folder: Path, count: int = 2, size: tuple[int, int] = (40, 36)) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for seed in range(count):
        pixels = scene(*size, seed)
        Image.fromarray((pixels * 255).astype(np.uint8)).save(folder / f"photo{seed}.png")
    return folder


def asked(tmp_path: Path, **values) -> Evaluation:
    """Two photos, two tasks, cheap methods; `values` on top."""
    usual = Evaluation(
        folder=tmp_path / "photos",
        out=tmp_path / "out",
        tasks=("denoise", "sr4"),
        methods=("input", "bicubic", "one-pass"),
        side=SIDE,
        workers=1,
        device="cpu",
        precision="float32",
    )
    return replace(usual, **values)


def run(wanted: Evaluation) -> tuple[Evaluated, list[object]]:
    events = []
    work = evaluate(wanted)
    while True:
        try:
            events.append(next(work))
        except StopIteration as stop:
            return stop.value, events


def rows(out: Path) -> list[dict[str, str]]:
    with (out / "results.csv").open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def notices(events) -> str:
    return " ".join(event.message for event in events if isinstance(event, Notice))


def pictures(out: Path) -> dict[str, str]:
    """The hash of every picture by its name in the folder."""
    return {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((out / "pictures").rglob("*.png"))
    }


def read(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB")).astype(np.float64)
