"""The recipe panel alone in a window of its own, with a photo, two libraries and real jobs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from adir_desktop.contract import (
    AdaptedPreset,
    Choice,
    Finished,
    LibraryInfo,
    Photo,
    PresetInfo,
    Progress,
    Ready,
    Restoration,
)
from adir_desktop.ui.fault_rows import NoiseRow
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.mask import MaskPainting
from adir_desktop.ui.ports import Events
from adir_desktop.ui.qt_images import Picture, Restored, levels_of, pictured
from adir_desktop.ui.recipe_book import RecipeBook
from adir_desktop.ui.recipe_panel import TASKS, RecipePanel
from adir_desktop.ui.runs import Runs
from adir_desktop.ui.session import Session, State, Values
from adir_desktop.ui.stock import Stock

LEFT = Qt.MouseButton.LeftButton
HOLIDAYS = LibraryInfo("Holidays", (Path("/photos/holidays"),), "starter", 12_431, 1000, "2024-05-01")
ALBUM = LibraryInfo("Album", (Path("/photos/album"),), "starter", 845, 1000, "2024-05-02")
PRESETS = (
    PresetInfo("beach", Path("/presets/beach.safetensors"), 1000, "starter", 16, "upscale"),
    PresetInfo("broken", Path("/presets/broken.safetensors"), 10, problem="It is damaged."),
)
PHOTO = Photo(np.full((40, 60, 3), 0.5, np.float32))


@dataclass
class Bench:
    """A panel and the models it shows."""

    host: QWidget
    session: Session
    jobs: Jobs
    runs: Runs
    stock: Stock
    book: RecipeBook
    panel: RecipePanel

    @property
    def values(self) -> Values:
        return self.session.values

    def choose_task(self, task: str) -> None:
        QTest.mouseClick(self.panel.tasks.button(TASKS.index(task)), LEFT)

    def mark(self) -> None:
        """Marks a dot of the photo."""
        self.session.mask.begin((10, 10), 6)
        self.session.mask.finish()

    def restored(self, consistency: float | None = 1.04, *, preset: bool = False) -> None:
        """A result is there and not saved."""
        record = {} if consistency is None else {"consistency": consistency}
        adapted = AdaptedPreset("p", "starter", "0", 16, 8.0, {}) if preset else None
        request = replace(self.session.request(), adapt="none")
        restoration = Restoration(PHOTO, request, record, 1.0, preset=adapted)

        def done() -> Events:
            yield Finished(restoration)

        *_, last = pictured(done)
        assert isinstance(last, Finished)
        assert isinstance(last.result, Restored)
        self.session.show(last.result, saved=False)

    def busy(self, kind: str) -> Callable[[], None]:
        """A job that lasts until the returned function is called."""
        going = threading.Event()
        self.jobs.start(kind, lambda: _waiting(going))
        return going.set

    def run(self, sheet: str = "photo 1") -> Callable[[], None]:
        """A restoration in the queue, in the same manner."""
        going = threading.Event()
        self.runs.add(sheet, "print.png", "Clean", lambda: _waiting(going))
        return going.set


def hosted(qtbot: QtBot, folder: Path, *, ready: bool = True, height: int = 900) -> Bench:
    """Shown, with a photo; ready: the engine has said what it offers."""
    host = QWidget()
    session = Session("", host)
    jobs = Jobs(host)
    runs, stock = Runs(jobs, host), Stock(host)
    stock.take_presets(PRESETS)
    book = RecipeBook(folder / "recipes.toml", host)
    panel = RecipePanel(session, stock, book)
    layout = QVBoxLayout(host)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(panel)
    panel.watch(jobs, runs)
    jobs.happened.connect(session.hear)
    if ready:
        recipes = (Choice("quick", "Quick"), Choice("paper", "Paper"))
        samplers = (Choice("diffpir", "DiffPIR"), Choice("adir", "ADIR"))
        priors = (Choice("starter", "Starter"), Choice("large", "Large"))
        session.hear(Finished(Ready("CPU", priors, samplers, recipes, (ALBUM, HOLIDAYS))))
    mask = MaskPainting(PHOTO.height, PHOTO.width, host)
    session.take("photo 1", Picture(PHOTO, levels_of(PHOTO)), State(replace(session.values), mask))
    host.resize(panel.width(), height)
    qtbot.addWidget(host)
    with qtbot.waitExposed(host):
        host.show()
    host.activateWindow()
    return Bench(host, session, jobs, runs, stock, book, panel)


def choose(box: QComboBox, name: str | None) -> None:
    """As a person does: down the list with the keys."""
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(box.findData(name)):
        QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.currentData() == name


def type_number(field: QWidget, text: str) -> None:
    """Replaces what stands in a field of numbers."""
    field.setFocus()
    QTest.keySequence(field, "Ctrl+A")
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def noise_of(bench: Bench) -> NoiseRow:
    """The one that is seen."""
    return next(row for row in bench.panel.findChildren(NoiseRow) if row.isVisible())


def _waiting(going: threading.Event) -> Events:
    while not going.wait(0.01):
        yield Progress("sample", 1, 100)
