"""The mask in the window, painted with the mouse and the keys of every tool."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hands import (
    ALT,
    CONTROL,
    NO_KEYS,
    SHIFT,
    at,
    choose_task,
    click_entry,
    click_photo,
    colour,
    drag,
    menu_of,
    press,
    restored,
    start_restoring,
    stop,
    type_number,
)
from PIL import Image, ImageDraw
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from scripted import Answers, Script

from adir_desktop.ui.main_window import MainWindow
from adir_desktop.ui.tools import Tool

LEFT = Qt.MouseButton.LeftButton
Key = Qt.Key
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform has none


@pytest.fixture
def repair(opened: MainWindow) -> MainWindow:
    """The task of repairing, chosen by a click: the brush is on, four pixels wide."""
    choose_task(opened, "inpaint")
    assert opened.context.tools.tool is Tool.BRUSH
    assert opened.context.tools.brush == 4
    return opened


def pixels(window: MainWindow) -> np.ndarray:
    assert window.session.mask is not None
    return window.session.mask.pixels


def rectangle(window: MainWindow, x0: int, y0: int, x1: int, y1: int) -> None:
    """From the outer corners of two pixels, so that exactly these and all between them are in it."""
    press(window, Key.Key_M)
    start = window.canvas.view.to_widget(x0, y0).toPoint()
    end = window.canvas.view.to_widget(x1 + 1, y1 + 1).toPoint()
    QTest.mousePress(window.canvas, LEFT, pos=start)
    QTest.mouseMove(window.canvas, end)
    QTest.mouseRelease(window.canvas, LEFT, pos=end)


def square(*, x0: int = 10, y0: int = 8, x1: int = 29, y1: int = 27) -> np.ndarray:
    wanted = np.zeros((40, 60), bool)
    wanted[y0 : y1 + 1, x0 : x1 + 1] = True
    return wanted


def test_the_brush_paints_and_the_photo_shows_it(repair: MainWindow) -> None:
    before, far = colour(repair, 20, 10), colour(repair, 20, 30)
    press(repair, Key.Key_B)
    drag(repair, (10, 10), (30, 10))
    assert pixels(repair)[10, 10:31].all()
    assert not pixels(repair)[20:].any()
    assert colour(repair, 20, 10) != before
    assert colour(repair, 20, 30) == far
    assert "of the photo is marked" in repair.panel.values.repair.marked.text()


def test_shift_goes_on_in_a_straight_line(repair: MainWindow) -> None:
    click_photo(repair, 5, 5)
    click_photo(repair, 45, 5, SHIFT)
    click_photo(repair, 45, 35, SHIFT)
    assert pixels(repair)[5, 5:46].all()
    assert pixels(repair)[5:36, 45].all()
    assert not pixels(repair)[30, 10]


def test_the_eraser_takes_away(repair: MainWindow) -> None:
    drag(repair, (5, 20), (50, 20))
    press(repair, Key.Key_E)
    drag(repair, (20, 20), (30, 20))
    assert pixels(repair)[20, 10]
    assert not pixels(repair)[20, 20:31].any()


def test_the_rectangle_is_exact(repair: MainWindow) -> None:
    rectangle(repair, 10, 8, 29, 27)
    assert (pixels(repair) == square()).all()
    press(repair, Key.Key_M)
    drag(repair, (15, 12), (20, 20), keys=ALT)
    assert not pixels(repair)[15, 17]
    assert pixels(repair)[25, 25]


def test_the_lasso_goes_round(repair: MainWindow) -> None:
    press(repair, Key.Key_L)
    drag(repair, (10, 5), (50, 5), (50, 35), (10, 35))
    assert pixels(repair)[20, 30]
    assert pixels(repair)[8, 48]
    assert not pixels(repair)[20, 5]
    assert not pixels(repair)[38, 30]


def test_a_polygon_is_closed_by_return(repair: MainWindow) -> None:
    press(repair, Key.Key_P)
    for corner in ((10, 5), (50, 5), (30, 35)):
        click_photo(repair, *corner)
    assert repair.session.mask.empty
    press(repair, Key.Key_Return)
    assert pixels(repair)[10, 30]
    assert not pixels(repair)[30, 12]
    assert len(repair.session.mask.steps[0]) == 1


def test_escape_cancels_a_polygon_and_not_the_run(repair: MainWindow, script: Script, qtbot: QtBot) -> None:
    rectangle(repair, 40, 30, 45, 35)
    start_restoring(repair, script, qtbot, stage="adapt")
    marked = repair.session.mask.count
    press(repair, Key.Key_P)
    click_photo(repair, 10, 5)
    click_photo(repair, 30, 5)
    press(repair, Key.Key_Escape)
    seen = script.steps
    qtbot.waitUntil(lambda: script.steps > seen + 5)
    assert repair.context.runs.running is not None
    assert not repair.jobs.stopping
    assert repair.session.mask.count == marked
    press(repair, Key.Key_Escape)
    qtbot.waitUntil(lambda: not repair.jobs.engine)
    assert script.closed, "with nothing begun, it stops the run"


def test_similar_colours_are_selected(opened: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    image = Image.new("RGB", (60, 40), "navy")
    ImageDraw.Draw(image).rectangle([10, 10, 20, 20], fill="yellow")
    ImageDraw.Draw(image).rectangle([40, 10, 50, 20], fill="yellow")
    image.save(tmp_path / "two.png")
    opened.commands.photos.open(tmp_path / "two.png")
    qtbot.waitUntil(lambda: opened.session.picture.photo.path.name == "two.png")
    choose_task(opened, "inpaint")
    press(opened, Key.Key_W)
    click_photo(opened, 15, 15)
    qtbot.waitUntil(lambda: not opened.session.mask.empty)
    assert (pixels(opened) == square(x0=10, y0=10, x1=20, y1=20)).all(), "only what hangs together"
    QTest.mouseClick(opened.bar.open_options, LEFT)
    options = opened.bar.options
    QTest.mouseClick(options.contiguous, LEFT, pos=QPoint(8, options.contiguous.height() // 2))
    QTest.keyClick(options, Key.Key_Escape)
    assert not options.isVisible()
    click_photo(opened, 45, 15)
    qtbot.waitUntil(lambda: opened.session.mask.count == 2 * 121)


def test_scratches_are_proposed(repair: MainWindow, qtbot: QtBot) -> None:
    press(repair, Key.Key_F)
    qtbot.waitUntil(lambda: not repair.session.mask.empty)
    assert (pixels(repair) == square(x0=3, y0=5, x1=8, y1=5)).all()
    press(repair, Key.Key_Z, CONTROL)
    assert repair.session.mask.empty
    QTest.mouseClick(repair.panel.values.repair.find_scratches, LEFT)
    qtbot.waitUntil(lambda: not repair.session.mask.empty)


def test_invert_grow_shrink_and_clear(repair: MainWindow) -> None:
    rectangle(repair, 10, 8, 29, 27)
    press(repair, Key.Key_X)
    assert (pixels(repair) == ~square()).all()
    press(repair, Key.Key_X)
    press(repair, Key.Key_G)
    grown = pixels(repair).copy()
    assert grown[6, 20]
    assert not grown[5, 20]
    assert grown[20, 31]
    press(repair, Key.Key_G, SHIFT)
    assert (pixels(repair) == square()).all()
    press(repair, Key.Key_Backspace, CONTROL)
    assert repair.session.mask.empty
    assert not repair.actions_by_name["clear"].isEnabled()
    assert not repair.actions_by_name["grow"].isEnabled()


def test_every_step_is_undone_and_done_again(repair: MainWindow) -> None:
    seen = [pixels(repair).copy()]
    drag(repair, (5, 5), (50, 5))
    seen.append(pixels(repair).copy())
    rectangle(repair, 10, 8, 29, 27)
    seen.append(pixels(repair).copy())
    press(repair, Key.Key_G)
    seen.append(pixels(repair).copy())
    press(repair, Key.Key_X)
    for wanted in reversed(seen):
        press(repair, Key.Key_Z, CONTROL)
        assert (pixels(repair) == wanted).all()
    assert not repair.actions_by_name["undo"].isEnabled()
    for wanted in seen[1:]:
        press(repair, Key.Key_Z, CONTROL | SHIFT)
        assert (pixels(repair) == wanted).all()
    press(repair, Key.Key_Y, CONTROL)
    assert not repair.actions_by_name["redo"].isEnabled()
    assert (pixels(repair) == ~seen[-1]).all()


def test_the_mask_is_hidden_and_stays(repair: MainWindow) -> None:
    plain = colour(repair, 20, 15)
    rectangle(repair, 10, 8, 29, 27)
    covered = colour(repair, 20, 15)
    press(repair, Key.Key_T)
    assert colour(repair, 20, 15) == plain
    assert (pixels(repair) == square()).all()
    assert repair.actions_by_name["hide_mask"].isChecked()
    press(repair, Key.Key_T)
    assert colour(repair, 20, 15) == covered != plain


def test_the_mask_is_shown_in_another_colour_and_opacity(repair: MainWindow) -> None:
    plain = colour(repair, 20, 15)
    rectangle(repair, 10, 8, 29, 27)
    red = colour(repair, 20, 15)
    assert red[0] > plain[0]
    QTest.mouseClick(repair.bar.open_options, LEFT)
    options = repair.bar.options
    blue = next(one for one in options.colours.buttons() if one.accessibleName() == "Blue")
    QTest.mouseClick(blue, LEFT)
    options.opacity.setFocus()
    QTest.keyClick(options.opacity, Key.Key_End)
    QTest.keyClick(options, Key.Key_Escape)
    assert colour(repair, 20, 15) == (34, 120, 220), "opaque"
    assert colour(repair, 40, 35) != (34, 120, 220)


def test_the_brush_is_sized_by_keys_and_by_the_wheel(repair: MainWindow) -> None:
    press(repair, Key.Key_BracketRight)
    assert repair.context.tools.brush == pytest.approx(5)
    press(repair, Key.Key_BracketLeft)
    press(repair, Key.Key_BracketLeft)
    assert repair.context.tools.brush < 4
    repair.context.tools.set_brush(4)
    wheel(repair, 4)
    assert repair.context.tools.brush == pytest.approx(4 * 1.25**4)
    zoom = repair.canvas.view.zoom
    click_photo(repair, 30, 20)
    assert repair.session.mask.count == pytest.approx(np.pi * (2 * 1.25**4) ** 2, rel=0.15)
    assert repair.canvas.view.zoom == zoom
    wheel(repair, 1, keys=NO_KEYS)
    assert repair.canvas.view.zoom > zoom


def wheel(window: MainWindow, notches: int, keys: Qt.KeyboardModifier = CONTROL) -> None:
    where = QPointF(at(window, 30, 20))
    event = QWheelEvent(
        where,
        window.canvas.mapToGlobal(where),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(window.canvas, event)


def test_the_mask_goes_through_a_png_and_back(
    repair: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    drag(repair, (5, 5), (50, 30))
    painted = pixels(repair).copy()
    answers.path = tmp_path / "marks"
    click_entry(menu_of(repair, "Edit"), "Save the mask")
    file = tmp_path / "marks.png"
    qtbot.waitUntil(file.exists)
    qtbot.waitUntil(lambda: "marks.png" in repair.messages.problem.text())
    with Image.open(file) as saved:
        assert saved.size == (60, 40)
        assert (np.asarray(saved.convert("L")) > 127).tolist() == painted.tolist()
    press(repair, Key.Key_Backspace, CONTROL)
    assert repair.session.mask.empty
    answers.path = file
    click_entry(menu_of(repair, "Edit"), "Load a mask")
    qtbot.waitUntil(lambda: not repair.session.mask.empty)
    assert (pixels(repair) == painted).all()
    press(repair, Key.Key_Z, CONTROL)
    assert repair.session.mask.empty, "loading is one step"
    assert answers.asked == []


def test_a_mask_of_another_size_is_refused(
    repair: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    rectangle(repair, 10, 8, 29, 27)
    Image.new("L", (30, 30), 255).save(tmp_path / "small.png")
    answers.path = tmp_path / "small.png"
    click_entry(menu_of(repair, "Edit"), "Load a mask")
    qtbot.waitUntil(repair.messages.isVisible)
    assert "30 x 30" in repair.messages.problem.text()
    assert (pixels(repair) == square()).all()


def test_an_existing_mask_file_is_replaced_only_after_a_yes(
    repair: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    rectangle(repair, 10, 8, 29, 27)
    file = tmp_path / "marks.png"
    file.write_text("dear to me")
    answers.path, answers.yes = file, [False, True]
    click_entry(menu_of(repair, "Edit"), "Save the mask")
    assert not repair.jobs.has("mask")
    assert file.read_text() == "dear to me"
    click_entry(menu_of(repair, "Edit"), "Save the mask")
    qtbot.waitUntil(lambda: file.read_bytes().startswith(b"\x89PNG"))


def test_mask_and_feather_reach_the_request(repair: MainWindow, script: Script, qtbot: QtBot) -> None:
    assert not repair.panel.restore.isEnabled()
    rectangle(repair, 10, 8, 29, 27)
    type_number(repair.panel.values.repair.feather.spin, "2.5")
    restored(repair, qtbot)
    (request,) = script.requests
    assert request.feather == pytest.approx(2.5)
    assert (request.degradation.mask == square()).all()
    press(repair, Key.Key_X)
    assert (request.degradation.mask == square()).all(), "what is painted later is not in it"


def test_without_a_mask_the_panel_offers_the_brush(repair: MainWindow) -> None:
    press(repair, Key.Key_H)
    assert repair.context.tools.tool is Tool.HAND
    QTest.mouseClick(repair.panel.foot.remedy, LEFT)
    assert repair.context.tools.tool is Tool.BRUSH


def test_an_old_prints_faults_reach_the_request(opened: MainWindow, script: Script, qtbot: QtBot) -> None:
    choose_task(opened, "old")
    old = opened.panel.values.old
    QTest.mouseClick(old.find_scratches, LEFT)
    qtbot.waitUntil(lambda: not opened.session.mask.empty)
    QTest.mouseClick(old.measure_fading, LEFT)
    qtbot.waitUntil(lambda: opened.session.values.fading is not None)
    for fault in (old.blur, old.colour):  # the noise was measured when the photo came
        QTest.mouseClick(fault.check, LEFT, pos=QPoint(8, fault.check.height() // 2))
    restored(opened, qtbot)
    degradation = script.requests[0].degradation
    assert script.requests[0].task == "old"
    values = {step.kind: dict(step.values) for step in degradation.steps}
    assert list(values) == ["blur", "grey", "fade", "mask"]
    assert values["fade"]["gain_green"] == pytest.approx(0.7)
    assert values["fade"]["offset_red"] == pytest.approx(0.2)
    assert degradation.mask.sum() == 6
    assert degradation.noise_std == pytest.approx(12.3)


def test_painting_goes_on_while_it_runs_and_the_run_does_not_see_it(
    repair: MainWindow, script: Script, qtbot: QtBot
) -> None:
    rectangle(repair, 10, 8, 29, 27)
    start_restoring(repair, script, qtbot)
    press(repair, Key.Key_B)
    drag(repair, (40, 35), (55, 35))
    assert pixels(repair)[35, 50]
    assert not script.requests[0].degradation.mask[35, 50]
    stop(repair, qtbot)
