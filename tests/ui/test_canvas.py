"""The canvas, with real mouse and key events."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from scripted import restoration

from adir_desktop.contract import Finished
from adir_desktop.ui import qt_images
from adir_desktop.ui.canvas import Canvas
from adir_desktop.ui.main_window import MainWindow
from adir_desktop.ui.mask import MaskPainting
from adir_desktop.ui.tools import Tool

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton


@pytest.fixture
def canvas(opened: MainWindow) -> Canvas:
    return opened.canvas


@pytest.fixture
def repairing(opened: MainWindow) -> MainWindow:
    """Ready to paint."""
    QTest.keyClick(opened, Qt.Key.Key_0)
    opened.session.change(replace(opened.session.values, task="inpaint"))
    return opened


def drag(canvas: Canvas, button: Qt.MouseButton, *points: QPoint) -> None:
    QTest.mousePress(canvas, button, pos=points[0])
    for point in points[1:]:
        QTest.mouseMove(canvas, point)
    QTest.mouseRelease(canvas, button, pos=points[-1])


def at(canvas: Canvas, x: float, y: float) -> QPoint:
    return canvas.view.to_widget(x, y).toPoint()


def wheel(canvas: Canvas, where: QPointF, notches: int) -> None:
    turn = QPoint(0, 120 * notches)
    event = QWheelEvent(
        where,
        canvas.mapToGlobal(where),
        QPoint(),
        turn,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,  # Qt's own signature
    )
    QApplication.sendEvent(canvas, event)


def show_result(window: MainWindow, *, baseline: bool = False) -> None:
    """White, twice as large; a black baseline."""
    request = replace(window.session.request(), baseline=baseline)
    *_, done = qt_images.pictured(lambda: (event for event in [Finished(restoration(request))]))
    window.session.hear(done)


def test_a_painted_stroke_sets_exactly_the_pixels_of_the_mask(repairing: MainWindow) -> None:
    canvas, mask = repairing.canvas, repairing.session.mask
    repairing.tools.set_brush(6.0)
    points = [at(canvas, 10, 12), at(canvas, 25, 14), at(canvas, 30, 30)]
    drag(canvas, LEFT, *points)
    expected = MaskPainting(40, 60)
    expected.begin(canvas.view.to_photo(QPointF(points[0])), 6.0)
    for point in points[1:]:
        expected.extend(canvas.view.to_photo(QPointF(point)))
    assert mask is not None
    assert expected.pixels.sum() > 100
    assert np.array_equal(mask.pixels, expected.pixels)


def test_the_eraser_erases_and_undo_and_redo_work_from_the_keyboard(repairing: MainWindow) -> None:
    canvas, mask = repairing.canvas, repairing.session.mask
    assert mask is not None
    drag(canvas, LEFT, at(canvas, 10, 20), at(canvas, 50, 20))
    painted = mask.pixels.copy()
    QTest.keyClick(canvas, Qt.Key.Key_E)
    assert repairing.tools.tool is Tool.ERASER
    drag(canvas, LEFT, at(canvas, 30, 20), at(canvas, 32, 20))
    erased = mask.pixels.copy()
    assert 0 < erased.sum() < painted.sum()
    QTest.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert np.array_equal(mask.pixels, painted)
    QTest.keyClick(
        canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert np.array_equal(mask.pixels, erased)
    QTest.keyClick(canvas, Qt.Key.Key_X)
    assert np.array_equal(mask.pixels, ~erased)


def test_brackets_change_the_size_of_the_brush(repairing: MainWindow) -> None:
    before = repairing.tools.brush
    QTest.keyClick(repairing.canvas, Qt.Key.Key_BracketRight)
    larger = repairing.tools.brush
    QTest.keyClick(repairing.canvas, Qt.Key.Key_BracketLeft)
    QTest.keyClick(repairing.canvas, Qt.Key.Key_BracketLeft)
    assert repairing.tools.brush < before < larger


def test_the_size_slider_and_the_brush_agree(repairing: MainWindow) -> None:
    slider = repairing.bar.brush_size
    repairing.tools.set_brush(37.0)
    assert repairing.tools.brush == 37.0
    slider.setValue(slider.maximum())
    assert repairing.tools.brush == pytest.approx(1000)
    slider.setValue(0)
    assert repairing.tools.brush == pytest.approx(1)


def test_painting_belongs_to_repairing_only(opened: MainWindow) -> None:
    QTest.keyClick(opened.canvas, Qt.Key.Key_B)
    assert opened.tools.tool is Tool.HAND
    drag(opened.canvas, LEFT, at(opened.canvas, 10, 10), at(opened.canvas, 20, 20))
    assert opened.session.mask is not None
    assert opened.session.mask.empty


def test_the_mask_is_seen_where_it_was_painted(repairing: MainWindow) -> None:
    canvas = repairing.canvas
    before = canvas.grab().toImage()
    drag(canvas, LEFT, at(canvas, 10, 12), at(canvas, 40, 12))
    QTest.mouseMove(canvas, QPoint(2, 2))
    after = canvas.grab().toImage()
    on, off = at(canvas, 25, 12), at(canvas, 25, 30)
    assert after.pixelColor(on).red() > before.pixelColor(on).red()
    assert after.pixelColor(on).blue() < before.pixelColor(on).blue()
    assert after.pixelColor(off) == before.pixelColor(off)


@pytest.mark.parametrize("notches", [3, -2])
def test_the_wheel_zooms_with_the_pixel_under_the_pointer_staying(canvas: Canvas, notches: int) -> None:
    where = QPointF(at(canvas, 13, 29))
    under, zoom = canvas.view.to_photo(where), canvas.view.zoom
    wheel(canvas, where, notches)
    assert canvas.view.to_photo(where) == pytest.approx(under)
    assert (canvas.view.zoom > zoom) == (notches > 0)


def test_the_middle_button_and_the_space_bar_pan(canvas: Canvas) -> None:
    start = canvas.view
    drag(canvas, MIDDLE, QPoint(300, 200), QPoint(340, 190))
    assert (canvas.view.x - start.x, canvas.view.y - start.y) == (40, -10)
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    drag(canvas, LEFT, QPoint(300, 200), QPoint(290, 230))
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert (canvas.view.x - start.x, canvas.view.y - start.y) == (30, 20)
    assert canvas.view.zoom == start.zoom


def test_one_and_zero_show_single_pixels_and_the_whole(opened: MainWindow) -> None:
    canvas = opened.canvas
    whole = canvas.view
    QTest.keyClick(canvas, Qt.Key.Key_1)
    assert canvas.view.zoom == pytest.approx(1 / canvas.devicePixelRatioF())
    QTest.keyClick(canvas, Qt.Key.Key_0)
    assert canvas.view == whole
    QTest.mouseDClick(canvas, LEFT, pos=QPoint(200, 200))
    assert canvas.view.zoom == pytest.approx(1 / canvas.devicePixelRatioF())


def test_a_larger_result_at_100_percent_shows_its_own_pixels(opened: MainWindow) -> None:
    show_result(opened)
    QTest.keyClick(opened.canvas, Qt.Key.Key_1)
    assert opened.canvas.view.zoom * opened.canvas.devicePixelRatioF() == pytest.approx(2.0)
    assert "100 %" in [label.text() for label in opened.bar.findChildren(type(opened.strip.text))]


def test_a_fitted_photo_follows_the_windows_size(opened: MainWindow) -> None:
    before = opened.canvas.view.zoom
    opened.resize(1500, 1000)
    QApplication.processEvents()
    assert opened.canvas.view.zoom > before


def test_the_slider_parts_before_and_after_in_one_rectangle(opened: MainWindow) -> None:
    canvas = opened.canvas
    left, right = at(canvas, 20, 30), at(canvas, 40, 30)
    original = canvas.grab().toImage()
    show_result(opened)
    shown = canvas.grab().toImage()
    assert shown.pixelColor(left) == original.pixelColor(left)
    assert shown.pixelColor(right) == QColor("white")
    drag(canvas, LEFT, at(canvas, 30, 10), at(canvas, 45, 10))
    assert canvas.split == pytest.approx(0.75, abs=0.02)
    assert canvas.grab().toImage().pixelColor(right) == original.pixelColor(right)


def test_the_slider_moves_by_keyboard_and_stays_in_the_photo(opened: MainWindow) -> None:
    show_result(opened)
    QTest.keyClick(opened.canvas, Qt.Key.Key_Right)
    assert opened.canvas.split == pytest.approx(0.55)
    for _ in range(40):
        QTest.keyClick(opened.canvas, Qt.Key.Key_Left)
    assert opened.canvas.split == 0.0


def test_compare_without_adapting_puts_the_baseline_on_the_left(opened: MainWindow, qtbot: QtBot) -> None:
    show_result(opened, baseline=True)
    left = at(opened.canvas, 20, 30)
    assert opened.bar.compare.isVisible()
    qtbot.mouseClick(opened.bar.compare, LEFT)
    assert opened.canvas.grab().toImage().pixelColor(left) == QColor("black")
    qtbot.mouseClick(opened.bar.compare, LEFT)
    assert opened.canvas.grab().toImage().pixelColor(left) != QColor("black")


def test_there_is_nothing_to_compare_without_a_baseline(opened: MainWindow) -> None:
    show_result(opened)
    assert not opened.bar.compare.isVisible()


def test_the_backslash_shows_the_original_while_it_is_held(opened: MainWindow) -> None:
    canvas = opened.canvas
    right = at(canvas, 40, 30)
    original = canvas.grab().toImage().pixelColor(right)
    show_result(opened)
    QTest.keyPress(canvas, Qt.Key.Key_Backslash)
    assert canvas.grab().toImage().pixelColor(right) == original
    QTest.keyRelease(canvas, Qt.Key.Key_Backslash)
    assert canvas.grab().toImage().pixelColor(right) == QColor("white")
