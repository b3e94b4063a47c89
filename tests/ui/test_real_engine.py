"""The real window on the real engine with real files: what a person does, from a drop to saved files."""

from __future__ import annotations

import json
import shutil
import time
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
from adir_desktop.contract import TASKS, Progress
from adir_desktop.places import models_dir, resource
from adir_desktop.ui import app
from adir_desktop.ui.libraries_dialog import LibrariesDialog
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
    for sheet in window.context.desk.sheets:  # no question at the end
        for result in sheet.results:
            result.saved = True
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
    real.context.runs.happened.connect(lambda event: heard.append(getattr(event, "stage", "")))
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


def test_an_old_prints_faults_are_found_measured_and_undone(
    real: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    clean = scene(160, 120, 5)
    faded = clean.point([round(0.6 * level + 60) for level in range(256)] * 3)
    ImageDraw.Draw(faded).line([(20, 10), (120, 105)], fill="white", width=2)
    faded.save(tmp_path / "old.png")
    open_photo(real, qtbot, tmp_path / "old.png")
    qtbot.waitUntil(lambda: real.session.ready is not None, timeout=LONG)
    QTest.mouseClick(real.panel.tasks.button(TASKS.index("old")), LEFT)
    choose(real.panel.adapt.choice, 0)
    QTest.mouseClick(real.panel.values.old.find_scratches, LEFT)
    qtbot.waitUntil(lambda: not real.session.mask.empty, timeout=LONG)
    QTest.mouseClick(real.panel.values.old.measure_fading, LEFT)
    qtbot.waitUntil(lambda: real.session.values.fading is not None, timeout=LONG)
    scratch = np.zeros((120, 160), np.uint8)
    drawn = Image.fromarray(scratch)
    ImageDraw.Draw(drawn).line([(20, 10), (120, 105)], fill=255, width=2)
    scratch = np.asarray(drawn) > 0
    assert real.session.mask.pixels[scratch].mean() > 0.8
    QTest.mouseClick(real.panel.more.toggle, LEFT)
    set_value(real.panel.more.steps, 10)
    QTest.mouseClick(real.panel.restore, LEFT)
    qtbot.waitUntil(lambda: real.session.restored is not None and not real.jobs.engine, timeout=LONG)
    after = real.session.restored.restoration.photo.pixels
    before = np.asarray(faded) / 255
    assert after.shape == (120, 160, 3)
    assert after.std() > 1.2 * before[~scratch].std(), "contrast is back"
    assert after[scratch].mean() < before[scratch].mean() - 0.2, "the white line is gone"


def stop_at(window: MainWindow, stage: str) -> list[float]:
    """Presses Stop the moment that stage is told of, while sampling the moment that a preview is seen.

    When that was comes into the list.
    """
    pressed: list[float] = []

    def look(event: object) -> None:
        there = isinstance(event, Progress) and event.stage == stage
        if there and not pressed and (stage != "sample" or event.preview is not None):
            pressed.append(time.monotonic())
            QTest.mouseClick(window.strip.stop, LEFT)

    window.context.runs.happened.connect(look)
    window.jobs.happened.connect(look)
    return pressed


def ended_within_a_second(window: MainWindow, qtbot: QtBot, pressed: list[float]) -> None:
    qtbot.waitUntil(lambda: bool(pressed) and not window.jobs.engine, timeout=LONG)
    assert time.monotonic() - pressed[0] < 1.0


@pytest.mark.parametrize("stage", ["index", "retrieve", "adapt", "sample"])
def test_stopping_takes_under_a_second_at_every_stage(
    real: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path, album: Path, stage: str
) -> None:
    scene(64, 64, 1).save(tmp_path / "a.png")
    open_photo(real, qtbot, tmp_path / "a.png")
    qtbot.waitUntil(lambda: real.session.ready is not None, timeout=LONG)
    choose(real.panel.adapt.choice, 1)
    answers.path = album
    pressed = stop_at(real, stage)
    QTest.mouseClick(real.panel.adapt.add_folder, LEFT)
    if stage == "index":
        ended_within_a_second(real, qtbot, pressed)
        assert real.messages.problem.text() == "Stopped."
        return
    qtbot.waitUntil(lambda: real.session.library is not None and not real.jobs.engine, timeout=LONG)
    QTest.mouseClick(real.panel.more.toggle, LEFT)
    set_value(real.panel.more.iterations, 3 if stage == "sample" else 400)
    set_value(real.panel.more.steps, 400)
    QTest.mouseClick(real.panel.restore, LEFT)
    ended_within_a_second(real, qtbot, pressed)
    if stage == "sample":
        assert real.session.restored is not None, "the picture so far is kept"
        assert real.session.restored.restoration.photo.pixels.shape == (256, 256, 3)
    else:
        assert real.session.restored is None
        assert real.messages.problem.text() == "Stopped. The photo is as it was."


def test_a_held_run_goes_on_where_it_was_and_an_old_result_comes_back_from_the_disk(
    real: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    scene(32, 32, 1).save(tmp_path / "a.png")
    open_photo(real, qtbot, tmp_path / "a.png")
    qtbot.waitUntil(lambda: real.session.ready is not None, timeout=LONG)
    choose(real.panel.adapt.choice, 0)
    QTest.mouseClick(real.panel.more.toggle, LEFT)
    set_value(real.panel.more.steps, 30)
    QTest.mouseClick(real.panel.restore, LEFT)
    runs = real.context.runs
    qtbot.waitUntil(lambda: runs.running is not None and runs.running.stage == "sample", timeout=LONG)
    QTest.mouseClick(real.strip.pause, LEFT)
    qtbot.wait(400)
    assert runs.running is not None
    held = runs.running.share
    qtbot.wait(400)
    assert runs.running.share == held
    QTest.mouseClick(real.strip.pause, LEFT)
    qtbot.waitUntil(lambda: real.session.restored is not None and not real.jobs.engine, timeout=LONG)

    result = real.context.desk.current.results[0]
    assert result.kept
    pixels = result.restored.restoration.photo.pixels.copy()
    real.commands.results.show("")
    result.restored = None
    view = real.history.list
    QTest.mouseClick(view.viewport(), LEFT, pos=view.visualRect(real.history.model.index(1)).center())
    qtbot.waitUntil(lambda: result.restored is not None, timeout=LONG)
    assert np.array_equal(result.restored.restoration.photo.pixels, pixels)


def test_a_library_is_made_with_an_encoder_of_the_folder_of_models(
    real: MainWindow, answers: Answers, qtbot: QtBot, album: Path
) -> None:
    shutil.copytree(resource("starter", "encoder"), models_dir() / "other")
    real.windows.libraries()
    dialog = real.windows.shown("libraries")
    assert isinstance(dialog, LibrariesDialog)
    box = dialog.encoders.box
    qtbot.waitUntil(box.isVisible, timeout=LONG)
    assert [box.itemText(row) for row in range(box.count())] == ["Starter encoder", "other"]
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    answers.path = album
    QTest.mouseClick(dialog.first, LEFT)
    qtbot.waitUntil(lambda: real.session.libraries != () and not real.jobs.engine, timeout=LONG)
    (made,) = real.session.libraries
    assert made.photos == 4
    assert made.encoder.startswith("other@")
    dialog.close()
