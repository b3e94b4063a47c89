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

from adir_desktop import interrupt
from adir_desktop.contract import (
    AdaptedPreset,
    Choice,
    Estimate,
    Fading,
    Finished,
    Found,
    Helped,
    LibraryInfo,
    Marks,
    Neighbour,
    NeighbourSet,
    NoiseLevel,
    Notice,
    Photo,
    PresetInfo,
    Progress,
    Ready,
    References,
    Request,
    Restoration,
    Source,
)
from adir_desktop.errors import BaseUnknown, LibraryError, PhotoError
from adir_desktop.model_info import ModelInfo
from adir_desktop.searches import Filters, Search
from adir_desktop.ui.ports import Engine, Events, Files, Libraries, Models, Presets, Query

LIBRARY = LibraryInfo("Holidays", (Path("/photos/holidays"),), "starter", 120, 1000, "2024-05-01")
PRESET = PresetInfo("beach", Path("/presets/beach.safetensors"), 2_000_000, "starter", 16, "upscale")
MODEL = ModelInfo("starter", "Starter", "restores", "research", Path("/models"), 14_000_000, embedded=True)
READY = Ready(
    device="CPU",
    priors=(Choice("starter", "Starter"),),
    samplers=(Choice("diffpir", "DiffPIR"), Choice("adir", "ADIR")),
    recipes=(Choice("quick", "Quick"), Choice("paper", "Paper")),
    libraries=(LIBRARY,),
)


def neighbour(number: int, similarity: float = 0.9, library: str = "Holidays") -> Neighbour:
    """One with a small thumbnail of its own grey."""
    buffer = io.BytesIO()
    Image.new("RGB", (32, 24), (number * 20 % 255,) * 3).save(buffer, "JPEG")
    return Neighbour(
        f"id{number}",
        Path(f"/photos/{number}.jpg"),
        similarity,
        20.0,
        thumbnail=buffer.getvalue(),
        library=library,
    )


def found(count: int = 4, query: str = "photo") -> NeighbourSet:
    items = tuple(neighbour(number, 0.95 - 0.02 * number) for number in range(count))
    return NeighbourSet("Holidays", "starter", query, items)


@dataclass
class Script:
    """What the engine was asked, and the generators that answer.

    closed: when one was closed before its end. adapting: steps of `step_by_step` before it samples.
    steps: how many it has made.
    """

    requests: list[Request] = field(default_factory=list)
    saved: list[tuple[object, Path, bool]] = field(default_factory=list)
    indexed: list[tuple[Path, ...]] = field(default_factory=list)
    indexed_with: list[str] = field(default_factory=list)  # the encoders
    found_for: list[tuple[Query, tuple[Source, ...], int]] = field(default_factory=list)
    filtered_by: list[Filters] = field(default_factory=list)
    attached: list[Path] = field(default_factory=list)
    estimated: list[Request] = field(default_factory=list)
    presets: tuple[PresetInfo, ...] = (PRESET,)
    installed: tuple[ModelInfo, ...] = (MODEL,)
    stored: dict[Path, Restoration] = field(default_factory=dict)
    closed: list[float] = field(default_factory=list)
    adapting: int = 3
    steps: int = 0
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

    def index(self, folders: tuple[Path, ...], encoder: str) -> Events:
        self.indexed.append(tuple(folders))
        self.indexed_with.append(encoder)
        for done in range(1, 4):
            yield Progress("index", done, 3)
        yield Finished(replace(LIBRARY, name=folders[0].name, folders=tuple(folders), photos=3))

    def update(self, library: str) -> Events:
        yield Finished(replace(LIBRARY, name=library, photos=121))

    def attach(self, folder: Path) -> Events:
        self.attached.append(folder)
        if not folder.is_dir():
            raise LibraryError(f"There is no library in {folder}.", "Choose another folder.")
        yield Finished(replace(LIBRARY, name=folder.name, photos=1_743_042, elsewhere=folder))

    def remove(self, library: str) -> Events:
        yield Finished(library)

    def find(self, query: Query, sources: tuple[Source, ...], k: int, filters: Filters) -> Events:
        self.found_for.append((query, tuple(sources), k))
        self.filtered_by.append(filters)
        yield Progress("retrieve", 1, 1)
        asked = str(query)
        if isinstance(query, Search):
            asked = ", ".join([str(query.photo.path), *([query.words] if query.words else [])])
        yield Finished(found(k if k < 8 else 4, asked))

    def references(self, photo: Photo, paths: tuple[Path, ...]) -> Events:
        own = tuple(replace(neighbour(90, library=""), id=f"own {path.name}", path=path) for path in paths)
        yield Finished(References(own))

    def estimate(self, request: Request) -> Events:
        self.estimated.append(request)
        yield Finished(Estimate(50.0, 1_400_000_000, {"adapt": 30.0, "sample": 20.0}))

    def noise(self, photo: Photo) -> Events:
        yield Finished(NoiseLevel(12.34))

    def scratches(self, photo: Photo) -> Events:
        mask = np.zeros((photo.height, photo.width), bool)
        mask[5, 3:9] = True
        yield Progress("scratches", 1, 1)
        yield Finished(Marks(mask))

    def fading(self, photo: Photo) -> Events:
        yield Finished(Fading((0.6, 0.7, 0.5), (0.2, 0.1, 0.1)))

    def diagnostics(self, path: Path, overwrite: bool) -> Events:
        path.write_bytes(b"zip")
        yield Finished(path)

    def keep(self, restoration: Restoration, folder: Path) -> Events:
        folder.mkdir(parents=True)
        self.stored[folder] = restoration
        yield Finished(folder)

    def recall(self, folder: Path) -> Events:
        yield Finished(self.stored[folder])

    def list_presets(self) -> Events:
        yield Finished(self.presets)

    def add_preset(self, preset: AdaptedPreset, thumbnail: bytes) -> Events:
        self.presets = (*self.presets, replace(PRESET, name=preset.name, thumbnail=thumbnail))
        yield Finished(self.presets)

    def take_in(self, path: Path, prior: str | None) -> Events:
        """A file called lora-… is of another program, and of a model that it does not name."""
        if path.stem.startswith("lora"):
            if prior is None:
                raise BaseUnknown(f"{path.name} does not say which model it belongs to.", "Name it.")
            yield Notice("The part for the text encoder was left out.")
        self.presets = (*self.presets, replace(PRESET, name=path.stem, prior=prior or "starter"))
        yield Finished(self.presets)

    def rename(self, old: str, new: str) -> Events:
        self.presets = tuple(replace(one, name=new) if one.name == old else one for one in self.presets)
        yield Finished(self.presets)

    def remove_preset(self, name: str) -> Events:
        self.presets = tuple(one for one in self.presets if one.name != name)
        yield Finished(self.presets)

    def export(self, name: str, path: Path, form: str, overwrite: bool, thumbnail: bool) -> Events:
        path.write_bytes(f"{form}{' and picture' * thumbnail}".encode())
        yield Finished(path)

    def models(self, *_: object) -> Events:
        yield Finished(self.installed)

    def release(self) -> Events:
        yield Finished(None)

    def verify(self, name: str) -> Events:
        yield Progress("verify", 0, MODEL.bytes_on_disk)
        yield Progress("verify", MODEL.bytes_on_disk, MODEL.bytes_on_disk)
        yield Finished((MODEL,))

    def restore(self, request: Request) -> Events:
        self.requests.append(request)
        yield from (self.restoring or self.at_once)(request)

    def did_it_help(self, request: Request, preset: AdaptedPreset | None) -> Events:
        yield Progress("helped", 500, 1000, eta=3.0)
        yield Finished(
            Helped((0.3, 0.1, -0.1), 0.1, 0.02, "Adapting helps on photos like this one.", "Go on.")
        )

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
        """One that finds, adapts and samples for as long as it is let; once it samples it can end early."""
        try:
            yield Found(request.found or found())
            for step in range(1, 100_000):
                self.steps += 1
                yield self._step(step)
                if step > self.adapting and interrupt.finishing():
                    yield Finished(restoration(request))
                    return
                time.sleep(0.01)
        except GeneratorExit:
            self.closed.append(time.monotonic())
            raise

    def _step(self, step: int) -> Progress:
        """Of 1000, and then as good as done; the preview is grey."""
        done = min(step, 999)
        if step <= self.adapting:
            return Progress("adapt", done, 1000, eta=40.0, loss=0.1 / step)
        return Progress("sample", done, 1000, eta=40.0, preview=np.full((8, 8, 3), 200, np.uint8))

    def engine(self) -> Engine:
        return Engine(
            warm=self.warm,
            estimate=self.estimate,
            restore=self.restore,
            did_it_help=self.did_it_help,
            keep=self.keep,
            recall=self.recall,
            files=Files(
                self.open_photo,
                self.save,
                self.save_preset,
                self.noise,
                self.scratches,
                self.fading,
                self.diagnostics,
            ),
            libraries=Libraries(
                self.index, self.update, self.attach, self.remove, self.find, self.references
            ),
            presets=Presets(
                self.list_presets, self.add_preset, self.take_in, self.rename, self.remove_preset, self.export
            ),
            models=Models(
                list=self.models,
                verify=self.verify,
                remove=self.models,
                fetch=self.models,
                forget=self.models,
                take_in=self.models,
                use_cached=self.models,
                copy=self.models,
                remove_old=self.models,
                release=self.release,
            ),
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
    """A person's answers to dialogs. asked: the questions put to them. photos: several to be opened."""

    path: Path | None = None
    photos: tuple[Path, ...] = ()
    yes: list[bool] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    suggested: list[Path] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def open_photos(self, folder: str) -> tuple[Path, ...]:
        return self.photos or ((self.path,) if self.path is not None else ())

    def open_preset(self, folder: str) -> Path | None:
        return self.path

    open_kernel = open_folder = open_library = open_mask = open_preset

    def open_model(self) -> Path | None:
        return self.path

    def save_picture(self, suggestion: Path) -> Path | None:
        self.suggested.append(suggestion)
        return self.path

    save_preset = save_mask = save_diagnostics = save_picture

    def name(self, question: str, suggestion: str) -> str | None:
        self.asked.append(question)
        return self.names.pop(0)

    def confirm(self, question: str, detail: str, accept: str) -> bool:
        self.asked.append(question)
        return self.yes.pop(0)


def text_of(widget: QWidget) -> str:
    """All that its labels say."""
    return " ".join(label.text() for label in widget.findChildren(QLabel) if not label.isHidden())
