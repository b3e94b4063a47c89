"""A scripted engine and a scripted person, for tests of the window."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtWidgets import QLabel, QWidget

from adir_desktop.contract import (
    AdaptedPreset,
    Choice,
    Finished,
    Found,
    LibraryInfo,
    Neighbour,
    NeighbourSet,
    Photo,
    Progress,
    Ready,
    Request,
    Restoration,
)
from adir_desktop.errors import PhotoError
from adir_desktop.ui.ports import Engine, Events

LIBRARY = LibraryInfo("Holidays", (Path("/photos/holidays"),), "starter", 120, 1000, "2024-05-01")
READY = Ready(
    device="CPU",
    priors=(Choice("starter", "Starter"),),
    samplers=(Choice("diffpir", "DiffPIR"), Choice("adir", "ADIR")),
    recipes=(Choice("quick", "Quick"), Choice("paper", "Paper")),
    libraries=(LIBRARY,),
)


def neighbour(number: int, similarity: float = 0.9) -> Neighbour:
    """One with a small thumbnail of its own grey."""
    buffer = io.BytesIO()
    Image.new("RGB", (32, 24), (number * 20 % 255,) * 3).save(buffer, "JPEG")
    return Neighbour(
        f"id{number}", Path(f"/photos/{number}.jpg"), similarity, 20.0, thumbnail=buffer.getvalue()
    )


def found(count: int = 4) -> NeighbourSet:
    items = tuple(neighbour(number, 0.95 - 0.02 * number) for number in range(count))
    return NeighbourSet("Holidays", "starter", "photo", items)


@dataclass
class Script:
    """What the engine was asked, and the generators that answer. closed: those closed before their end."""

    requests: list[Request] = field(default_factory=list)
    saved: list[tuple[object, Path, bool]] = field(default_factory=list)
    indexed: list[tuple[Path, ...]] = field(default_factory=list)
    found_for: list[tuple[str, int]] = field(default_factory=list)
    closed: list[float] = field(default_factory=list)
    restoring: Callable[[Request], Events] | None = None
    warming: Callable[[], Events] | None = None

    def warm(self) -> Events:
        if self.warming is not None:
            yield from self.warming()
        yield READY
        yield Finished(READY)

    def open_photo(self, path: Path) -> Events:
        if path.suffix not in (".png", ".jpg"):
            raise PhotoError(f"{path.name} is not a photo.", "Choose a picture file.")
        with Image.open(path) as image:
            pixels = np.asarray(image.convert("RGB"), np.float32) / 255
            yield Finished(Photo(pixels, path=path, grey=image.mode == "L", format=image.format or ""))

    def index(self, folders: tuple[Path, ...]) -> Events:
        self.indexed.append(tuple(folders))
        for done in range(1, 4):
            yield Progress("index", done, 3)
        yield Finished(replace(LIBRARY, name=folders[0].name, folders=tuple(folders), photos=3))

    def update(self, library: str) -> Events:
        yield Finished(replace(LIBRARY, name=library, photos=121))

    def find(self, query: Photo, library: str, k: int) -> Events:
        self.found_for.append((library, k))
        yield Progress("retrieve", 1, 1)
        yield Finished(found(k if k < 8 else 4))

    def restore(self, request: Request) -> Events:
        self.requests.append(request)
        yield from (self.restoring or self.at_once)(request)

    def save(self, restoration: Restoration, path: Path, overwrite: bool) -> Events:
        self.saved.append((restoration, path, overwrite))
        path.write_bytes(b"picture")
        yield Finished((path,))

    def save_preset(self, preset: AdaptedPreset, path: Path, overwrite: bool) -> Events:
        self.saved.append((preset, path, overwrite))
        yield Finished(path)

    def at_once(self, request: Request) -> Events:
        """A restoration that is done immediately, twice as large when enlarging."""
        yield Finished(restoration(request))

    def step_by_step(self, request: Request) -> Events:
        """One that finds, adapts and samples for as long as it is let."""
        try:
            yield Found(request.found or found())
            done = 0
            while True:
                done = min(done + 1, 999)
                preview = np.full((8, 8, 3), 200, np.uint8) if done > 3 else None
                loss = 0.1 / done if done <= 3 else None
                yield Progress(
                    "adapt" if done <= 3 else "sample", done, 1000, eta=40.0, loss=loss, preview=preview
                )
                time.sleep(0.01)
        except GeneratorExit:
            self.closed.append(time.monotonic())
            raise

    def engine(self) -> Engine:
        return Engine(
            self.warm,
            self.open_photo,
            self.index,
            self.update,
            self.find,
            self.restore,
            self.save,
            self.save_preset,
        )


def restoration(request: Request) -> Restoration:
    """White, with a black baseline and a preset where the request asks for them."""
    factor = 2 if request.task == "upscale" else 1
    white = np.ones((request.photo.height * factor, request.photo.width * factor, 3), np.float32)
    preset = None
    if request.adapt != "none":
        preset = AdaptedPreset("p", "starter", "0", 16, 8.0, {})
    baseline = replace(request.photo, pixels=0 * white) if request.baseline else None
    return Restoration(
        replace(request.photo, pixels=white), request, {}, 1.0, baseline=baseline, preset=preset
    )


@dataclass
class Answers:
    """A person's answers to dialogs. asked: the questions put to them."""

    path: Path | None = None
    yes: list[bool] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    suggested: list[Path] = field(default_factory=list)

    def open_photo(self, folder: str) -> Path | None:
        return self.path

    open_preset = open_kernel = open_folder = open_photo

    def save_picture(self, suggestion: Path) -> Path | None:
        self.suggested.append(suggestion)
        return self.path

    save_preset = save_picture

    def confirm(self, question: str, detail: str, accept: str) -> bool:
        self.asked.append(question)
        return self.yes.pop(0)


def text_of(widget: QWidget) -> str:
    """All that its labels say."""
    return " ".join(label.text() for label in widget.findChildren(QLabel) if not label.isHidden())
