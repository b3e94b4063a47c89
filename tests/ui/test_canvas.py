"""The canvas alone: zooming, panning and where a photo lies, with real events."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from canvas_host import LEFT, MIDDLE, Host, drag, gradient, hosted, wheel
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from adir_desktop.contract import Photo


@pytest.fixture
def host(qtbot: QtBot) -> Iterator[Host]:
    yield from hosted(qtbot)


def native(host: Host, kind: Qt.NativeGestureType, where: QPointF, value: float, delta: QPointF) -> None:
    canvas = host.canvas
    event = QNativeGestureEvent(
        kind,
        QPointingDevice.primaryPointingDevice(),
        2,
        where,
        canvas.mapTo(host, where),
        canvas.mapToGlobal(where),
        value,
        delta,
    )
    QApplication.sendEvent(canvas, event)


@pytest.mark.parametrize("notches", [3, -2])
def test_the_wheel_zooms_with_the_pixel_under_the_pointer_staying(host: Host, notches: int) -> None:
    where = QPointF(host.at(13, 29))
    under, zoom = host.canvas.to_photo(where), host.canvas.view.zoom
    wheel(host.canvas, where, notches)
    assert host.canvas.to_photo(where) == pytest.approx(under)
    assert (host.canvas.view.zoom > zoom) == (notches > 0)


def test_two_fingers_on_a_touchpad_pan_and_do_not_zoom(host: Host) -> None:
    start = host.canvas.view
    wheel(
        host.canvas, QPointF(300, 200), pixels=QPoint(-30, 12), phase=Qt.ScrollPhase.ScrollUpdate, notches=1
    )
    assert (host.canvas.view.x - start.x, host.canvas.view.y - start.y) == (-30, 12)
    assert host.canvas.view.zoom == start.zoom


def test_pinching_a_touchpad_zooms_at_the_pointer(host: Host) -> None:
    where = QPointF(host.at(13, 29))
    under, zoom = host.canvas.to_photo(where), host.canvas.view.zoom
    native(host, Qt.NativeGestureType.ZoomNativeGesture, where, 0.5, QPointF())
    assert host.canvas.view.zoom == pytest.approx(1.5 * zoom)
    assert host.canvas.to_photo(where) == pytest.approx(under)
    before = host.canvas.view
    native(host, Qt.NativeGestureType.PanNativeGesture, where, 0, QPointF(7, -5))
    assert (host.canvas.view.x - before.x, host.canvas.view.y - before.y) == (7, -5)
    native(host, Qt.NativeGestureType.SmartZoomNativeGesture, where, 0, QPointF())
    assert host.canvas.view.zoom == pytest.approx(zoom)


def test_two_fingers_on_a_touch_screen_zoom_between_them(host: Host) -> None:
    canvas = host.canvas
    screen = QTest.createTouchDevice()
    zoom, middle = canvas.view.zoom, QPoint(400, 300)
    under = canvas.to_photo(QPointF(middle))
    QTest.touchEvent(canvas, screen).press(0, middle - QPoint(50, 0)).press(
        1, middle + QPoint(50, 0)
    ).commit()
    for reach in range(55, 105, 5):
        left, right = middle - QPoint(reach, 0), middle + QPoint(reach, 0)
        QTest.touchEvent(canvas, screen).move(0, left).move(1, right).commit()
        QApplication.processEvents()
    QTest.touchEvent(canvas, screen).release(0, left).release(1, right).commit()
    assert canvas.view.zoom == pytest.approx(2 * zoom, rel=0.2)
    assert canvas.to_photo(QPointF(middle)) == pytest.approx(under, abs=0.5)


def test_the_middle_button_and_the_space_bar_pan(host: Host) -> None:
    canvas = host.canvas
    tool = host.paint_with()
    start = canvas.view
    drag(canvas, MIDDLE, QPoint(300, 200), QPoint(340, 190))
    assert (canvas.view.x - start.x, canvas.view.y - start.y) == (40, -10)
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    assert canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
    drag(canvas, LEFT, QPoint(300, 200), QPoint(290, 230))
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert (canvas.view.x - start.x, canvas.view.y - start.y) == (30, 20)
    assert canvas.view.zoom == start.zoom
    assert "press" not in tool.names()
    drag(canvas, LEFT, QPoint(300, 200), QPoint(290, 230))
    assert "press" in tool.names()


def test_a_second_button_does_not_end_what_the_first_began(host: Host) -> None:
    canvas = host.canvas
    start = canvas.view
    QTest.mousePress(canvas, LEFT, pos=QPoint(300, 200))
    QTest.mousePress(canvas, MIDDLE, pos=QPoint(300, 200))
    QTest.mouseRelease(canvas, MIDDLE, pos=QPoint(300, 200))
    QTest.mouseMove(canvas, QPoint(310, 200))
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(310, 200))
    assert canvas.view.x == start.x + 10
    QTest.mouseMove(canvas, QPoint(350, 200))
    assert canvas.view.x == start.x + 10


def test_double_click_shows_single_pixels_under_the_pointer_and_the_whole_again(host: Host) -> None:
    canvas = host.canvas
    whole = canvas.view
    where = host.at(40, 10)
    QTest.mouseDClick(canvas, LEFT, pos=where)
    assert canvas.view.zoom == pytest.approx(1 / canvas.devicePixelRatioF())
    assert canvas.to_photo(QPointF(where)) == pytest.approx((40, 10), abs=0.1)
    QTest.mouseDClick(canvas, LEFT, pos=where)
    assert canvas.view == whole


def test_arrows_pan_a_photo_that_has_nothing_to_compare(host: Host) -> None:
    start = host.canvas.view
    QTest.keyClick(host.canvas, Qt.Key.Key_Left)
    QTest.keyClick(host.canvas, Qt.Key.Key_Down)
    assert (host.canvas.view.x - start.x, host.canvas.view.y - start.y) == (80, -60)


def test_a_fitted_photo_follows_the_windows_size_and_another_one_keeps_its_zoom(host: Host) -> None:
    before = host.canvas.view.zoom
    host.resize(1000, 800)
    QApplication.processEvents()
    fitted = host.canvas.view.zoom
    assert fitted > before
    host.canvas.zoom_in()
    host.resize(800, 600)
    QApplication.processEvents()
    assert host.canvas.view.zoom == pytest.approx(fitted * 1.25)


def test_the_zoom_that_is_told_is_that_of_the_pictures_own_pixels(host: Host) -> None:
    host.canvas.actual_size()
    assert host.showing.zoom == pytest.approx(1.0)
    host.show_result(2)
    assert host.showing.zoom == pytest.approx(0.5)
    host.canvas.actual_size()
    assert host.canvas.view.zoom * host.canvas.devicePixelRatioF() == pytest.approx(2.0)
    assert host.showing.zoom == pytest.approx(1.0)


def test_at_100_percent_every_pixel_of_the_photo_is_one_of_the_screen(host: Host) -> None:
    noise = np.random.default_rng(3).integers(0, 256, (200, 300, 3))
    host.open(Photo((noise / 255).astype(np.float32)), photo_id="two")
    host.canvas.actual_size()
    drag(host.canvas, MIDDLE, QPoint(100, 100), QPoint(117, 91))
    corner, image = host.at(0, 0), host.image()
    seen = [
        [image.pixelColor(corner.x() + x, corner.y() + y).getRgb()[:3] for x in range(300)]
        for y in range(200)
    ]
    assert np.array_equal(np.array(seen), noise)


def test_nothing_of_a_photo_is_lost_at_its_edges_when_it_is_drawn_small(host: Host) -> None:
    """1001 x 777: all levels have odd sizes. A red line along each edge is still there."""
    pixels = np.ones((777, 1001, 3), np.float32)
    pixels[:4] = pixels[-4:] = pixels[:, :4] = pixels[:, -4:] = (1, 0, 0)
    host.open(Photo(pixels), photo_id="two")
    image, target = host.image(), host.canvas.view.rectangle(host.canvas.content())  # type: ignore[arg-type]
    x, y = target.center().toPoint().toTuple()
    inside = target.toAlignedRect().adjusted(1, 1, -2, -2)
    for point in ((inside.left(), y), (inside.right(), y), (x, inside.top()), (x, inside.bottom())):
        assert image.pixelColor(*point).blue() < 120, point
    assert image.pixelColor(x, y).blue() == 255


def test_without_a_photo_nothing_happens(host: Host) -> None:
    host.session.leave()
    before = host.canvas.view
    wheel(host.canvas, QPointF(100, 100), 2)
    drag(host.canvas, LEFT, QPoint(100, 100), QPoint(150, 100))
    QTest.mouseDClick(host.canvas, LEFT, pos=QPoint(100, 100))
    QTest.keyClick(host.canvas, Qt.Key.Key_Left)
    assert host.canvas.view == before
    assert host.canvas.cursor().shape() == Qt.CursorShape.ArrowCursor
    host.open(gradient())
    assert host.colour(30, 20).getRgb()[:3] == (120, 120, 90)
