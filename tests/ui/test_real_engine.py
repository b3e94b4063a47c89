"""The real window on the real engine with real files: what a person does, from a drop to saved files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot
from scripted import Answers

from adir_desktop.__main__ import main
from adir_desktop.ui import app
from adir_desktop.ui.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton
LONG = 120_000  # ms; the engine's first import is part of it
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def scene(width: int, height: int, seed: int) -> Image.Image:
    """A few ellipses on a slope of colour."""
    rng = np.random.default_rng(seed)
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    draw = ImageDraw.Draw(image)
    for _ in range(5):
        x, y, r = rng.random(3) * [width, height, height / 3] + [0, 0, 4]
        draw.ellipse([x - r, y - r, x + r, y + r], fill=tuple(rng.integers(0, 255, 3).tolist()))
    return image


def pixels_of(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.array(image)


@pytest.fixture
def album(tmp_path: Path) -> Path:
    folder = tmp_path / "my photos"
    folder.mkdir()
    for number in range(4):
        scene(96, 80, number).save(folder / f"{number}.jpg")
    return folder


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def real(qtbot: QtBot, answers: Answers) -> Iterator[MainWindow]:
    window = app.open_window(app.real_engine(), dialogs=answers)
    window.resize(1280, 800)
    window.commands.warm()
    yield window
    window.session.saved = True
    window.close()
    window.deleteLater()


def open_photo(window: MainWindow, qtbot: QtBot, path: Path) -> None:
    window.commands.photos.open(path)
    qtbot.waitUntil(lambda: window.session.picture is not None and not window.jobs.has("open"))


def set_value(box, value: int) -> None:
    """Typed by a person."""
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, str(value))
    QTest.keyClick(box, Qt.Key.Key_Return)


def choose(box: QComboBox, row: int) -> None:
    """With the keys, as a person can."""
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(row):
        QTest.keyClick(box, Qt.Key.Key_Down)


def test_a_small_photo_is_enlarged_with_the_help_of_an_album(
    real: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path, album: Path
) -> None:
    small = tmp_path / "small.png"
    scene(24, 20, 9).save(small)
    open_photo(real, qtbot, small)
    answers.path = album
    choose(real.panel.adapt.choice, 1)
    QTest.mouseClick(real.panel.adapt.add_folder, LEFT)
    qtbot.waitUntil(lambda: real.session.library is not None and not real.jobs.engine, timeout=LONG)
    assert real.session.library.photos == 4
    assert real.session.values.adapt == "neighbours"

    QTest.mouseClick(real.gallery.search.find_button, LEFT)
    qtbot.waitUntil(lambda: real.session.found is not None and not real.jobs.engine, timeout=LONG)
    assert real.gallery.model.rowCount() == 4
    view = real.gallery.list
    QTest.mouseClick(view.viewport(), LEFT, pos=view.visualRect(real.gallery.model.index(3)).center())
    assert "3 of 4 on" in real.gallery.search.count.text()

    QTest.mouseClick(real.panel.more.toggle, LEFT)
    set_value(real.panel.more.iterations, 3)
    set_value(real.panel.more.steps, 4)
    real.panel.adapt.baseline.setChecked(True)
    heard: list[str] = []
    real.jobs.happened.connect(lambda event: heard.append(getattr(event, "stage", "")))
    QTest.mouseClick(real.panel.restore, LEFT)
    qtbot.waitUntil(lambda: real.session.restored is not None and not real.jobs.engine, timeout=LONG)
    assert {"adapt", "sample", "baseline"} <= set(heard)
    result = real.session.restored.restoration
    assert result.photo.pixels.shape == (80, 96, 3)
    assert len(result.preset.neighbours) == 3

    answers.path = tmp_path / "large.png"
    QTest.mouseClick(real.panel.save, LEFT)
    qtbot.waitUntil(lambda: real.session.saved and not real.jobs.has("save"), timeout=LONG)
    answers.path = tmp_path / "learnt.safetensors"
    QTest.mouseClick(real.panel.save_preset, LEFT)
    qtbot.waitUntil(lambda: not real.jobs.has("save") and answers.path.exists(), timeout=LONG)
    saved = pixels_of(tmp_path / "large.png")
    assert np.array_equal(saved, np.round(result.photo.pixels * 255).astype(np.uint8))
    assert pixels_of(tmp_path / "large.baseline.png").shape == (80, 96, 3)
    assert json.loads((tmp_path / "large.json").read_text())["record"]["adapt"] == "neighbours"

    again = tmp_path / "again.png"
    assert main(["rerun", str(tmp_path / "large.json"), "-o", str(again)]) == 0
    assert np.array_equal(pixels_of(again), saved), "the sidecar gives the same pixels"


def test_scratches_are_painted_over_and_repaired(
    real: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    clean = scene(64, 48, 3)
    scratched = clean.copy()
    ImageDraw.Draw(scratched).line([(20, 4), (44, 40)], fill="white", width=2)
    scratched.save(tmp_path / "scratched.png")
    open_photo(real, qtbot, tmp_path / "scratched.png")
    QTest.mouseClick(real.panel.tasks.button(3), LEFT)
    assert real.session.values.task == "inpaint"
    QTest.keyClick(real.canvas, Qt.Key.Key_B)

    def at(x: float, y: float) -> QPoint:
        return real.canvas.view.to_widget(x + 0.5, y + 0.5).toPoint()

    QTest.mousePress(real.canvas, LEFT, pos=at(19, 3))
    for part in range(1, 11):
        QTest.mouseMove(real.canvas, at(19 + 2.6 * part, 3 + 3.9 * part))
    QTest.mouseRelease(real.canvas, LEFT, pos=at(45, 42))
    QTest.mouseClick(real.panel.restore, LEFT)
    qtbot.waitUntil(lambda: real.session.restored is not None and not real.jobs.engine, timeout=LONG)
    answers.path = tmp_path / "repaired.png"
    QTest.mouseClick(real.panel.save, LEFT)
    qtbot.waitUntil(lambda: real.session.saved and not real.jobs.has("save"), timeout=LONG)

    mask = real.session.restored.restoration.request.degradation.mask
    before, after, truth = np.asarray(scratched), pixels_of(tmp_path / "repaired.png"), np.asarray(clean)
    scratch = (before != truth).any(-1)
    assert mask[scratch].mean() > 0.95, "the stroke covers the scratch"
    assert np.array_equal(after[~mask], before[~mask]), "nothing else has changed"
    wrong_before = np.abs(before[scratch].astype(int) - truth[scratch]).mean()
    assert np.abs(after[scratch].astype(int) - truth[scratch]).mean() < 0.3 * wrong_before


def test_stopping_the_real_engine_takes_under_a_second(
    real: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    scene(64, 64, 1).save(tmp_path / "a.png")
    open_photo(real, qtbot, tmp_path / "a.png")
    qtbot.waitUntil(lambda: real.session.ready is not None, timeout=LONG)
    choose(real.panel.adapt.choice, 2)
    assert real.session.values.adapt == "self"
    QTest.mouseClick(real.panel.restore, LEFT)
    qtbot.waitUntil(lambda: "loss" in real.strip.figure.text(), timeout=LONG)
    QTest.mouseClick(real.panel.restore, LEFT)
    qtbot.waitUntil(lambda: not real.jobs.engine, timeout=2000)
    assert real.messages.problem.text() == "Stopped."
