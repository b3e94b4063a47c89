"""Marking on the canvas: what tools are told, and where the mask is seen."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from canvas_host import LEFT, SIZE, Host, drag, hosted, wheel
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from adir_desktop.contract import Photo
from adir_desktop.ui import canvas_overlay, canvas_paint, qt_images
from adir_desktop.ui.mask import MaskPainting
from adir_desktop.ui.tools import Tool
from adir_desktop.ui.view import Frame

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def host(qtbot: QtBot) -> Iterator[Host]:
    yield from hosted(qtbot)


@pytest.fixture
def painter(qtbot: QtBot) -> Iterator[Host]:
    """With the program's own tools, repairing."""
    for host in hosted(qtbot, real_tools=True):
        host.paint_with()
        yield host


def marked(height: int, width: int, *points: tuple[int, int]) -> MaskPainting:
    """Single pixels at (x, y)."""
    painting = MaskPainting(height, width)
    for x, y in points:
        painting.begin((x + 0.5, y + 0.5), 1.0)
        painting.finish()
    assert painting.pixels.sum() == len(points)
    return painting


def test_the_tool_hears_where_on_the_photo_the_pointer_is(host: Host) -> None:
    tool, canvas = host.paint_with(), host.canvas
    points = [host.at(10, 12), host.at(25, 14), host.at(30, 30)]
    drag(canvas, LEFT, *points)
    assert tool.names() == ["press", "move", "move", "release"]
    for noted, point in zip(tool.heard, [*points, points[-1]], strict=True):
        assert noted[1] == pytest.approx(canvas.to_photo(QPointF(point)))
    QTest.mousePress(canvas, LEFT, SHIFT, points[0])
    QTest.mouseRelease(canvas, LEFT, SHIFT, points[0])
    assert [noted[2] for noted in tool.heard[-2:]] == [SHIFT, SHIFT]


def test_a_double_click_is_a_press_and_tells_the_tool(host: Host) -> None:
    tool, view = host.paint_with(), host.canvas.view
    QTest.mouseClick(host.canvas, LEFT, pos=host.at(10, 10))
    QTest.mouseDClick(host.canvas, LEFT, pos=host.at(10, 10))
    QTest.mouseRelease(host.canvas, LEFT, pos=host.at(10, 10))
    assert tool.names() == ["press", "release", "press", "double click", "release"]
    assert host.canvas.view == view


def test_marking_belongs_to_tasks_that_repair(host: Host) -> None:
    tool = host.paint_with("deblur")
    drag(host.canvas, LEFT, host.at(10, 10), host.at(20, 20))
    assert tool.names() == []


def test_the_tool_has_its_own_keys_first(host: Host) -> None:
    tool, start = host.paint_with(), host.canvas.view
    tool.taken = (Qt.Key.Key_Left,)
    QTest.keyClick(host.canvas, Qt.Key.Key_Left)
    assert host.canvas.view == start
    QTest.keyClick(host.canvas, Qt.Key.Key_Up)
    assert host.canvas.view != start


def test_the_tool_draws_at_the_pointer_and_leaves_with_it(host: Host) -> None:
    tool, at = host.paint_with(), host.at(30, 20)
    QTest.mouseMove(host.canvas, at)
    assert host.image().pixelColor(at) == QColor("lime")
    assert host.canvas.cursor().shape() == tool.cursor
    QApplication.sendEvent(host.canvas, QEvent(QEvent.Type.Leave))
    assert host.image().pixelColor(at) != QColor("lime")


def test_control_and_the_wheel_size_the_brush_and_do_not_zoom(host: Host) -> None:
    host.paint_with()
    view, brush = host.canvas.view, host.tools.brush
    wheel(host.canvas, QPointF(300, 300), 1, keys=CONTROL)
    assert host.tools.brush > brush
    assert host.canvas.view == view
    host.tools.choose(Tool.HAND)
    wheel(host.canvas, QPointF(300, 300), 1, keys=CONTROL)
    assert host.canvas.view.zoom > view.zoom


def test_a_pen_marks_with_its_pressure(host: Host) -> None:
    tool, canvas = host.paint_with(), host.canvas
    for kind, pressure, button in (
        (QEvent.Type.TabletPress, 0.25, LEFT),
        (QEvent.Type.TabletMove, 0.75, Qt.MouseButton.NoButton),
        (QEvent.Type.TabletRelease, 0.0, LEFT),
    ):
        at = QPointF(host.at(10, 12))
        event = QTabletEvent(
            kind,
            QPointingDevice.primaryPointingDevice(),
            at,
            canvas.mapToGlobal(at),
            pressure,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
            Qt.KeyboardModifier.NoModifier,
            button,
            LEFT,
        )
        QApplication.sendEvent(canvas, event)
        assert event.isAccepted()
    assert [(noted[0], noted[3]) for noted in tool.heard] == [
        ("press", 0.25),
        ("move", 0.75),
        ("release", 0.0),
    ]


def test_the_mask_is_seen_where_it_is_and_only_there(host: Host) -> None:
    host.paint_with()
    before = host.image()
    mask = host.session.mask
    assert mask is not None
    mask.begin((10.5, 12.5), 1.0)
    mask.extend((40.5, 12.5))
    mask.finish()
    on, off = host.at(25.5, 12.5), host.at(25.5, 13.5)
    expected = [
        round((a + b) / 2)
        for a, b in zip(before.pixelColor(on).getRgb(), host.tools.colour.getRgb(), strict=True)
    ]  # type: ignore[arg-type]
    assert host.image().pixelColor(on).getRgb()[:3] == pytest.approx(expected[:3], abs=2)  # type: ignore[index]
    assert host.image().pixelColor(off) == before.pixelColor(off)
    host.tools.set_overlay(QColor("blue"), 1.0)
    assert host.image().pixelColor(on) == QColor("blue")
    host.tools.toggle_overlay()
    assert host.image() == before


def test_the_mask_belongs_to_the_tasks_that_repair_and_not_to_the_result(host: Host) -> None:
    host.paint_with()
    assert host.session.mask is not None
    plain = host.image()
    host.session.mask.invert()
    assert host.colour(40.5, 20.5) != plain.pixelColor(host.at(40.5, 20.5))
    host.show_result()
    assert host.colour(40.5, 20.5) == QColor("white")
    host.session.show(None, saved=True)
    host.paint_with("denoise")
    assert host.colour(40.5, 20.5) == plain.pixelColor(host.at(40.5, 20.5))


@pytest.mark.parametrize("density", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("zoom", [1.0, 2.0, 7.0])
def test_picture_and_mask_meet_the_pixels_of_any_screen(density: float, zoom: float) -> None:
    """Each photo pixel is zoom x zoom device pixels, wherever it is panned to on the grid of the device."""
    noise = np.random.default_rng(5).integers(0, 256, (*SIZE, 3))
    levels = qt_images.levels_of(Photo((noise / 255).astype(np.float32)))
    screen = QImage(int(200 * density), int(160 * density), QImage.Format.Format_RGB32)
    screen.setDevicePixelRatio(density)
    target = QRectF(-7 / density, 11 / density, SIZE[1] * zoom / density, SIZE[0] * zoom / density)
    frame = Frame(target, QRectF(0, 0, 200, 160), density)
    painting = marked(*SIZE, (20, 10), (21, 11))
    screen.fill(QColor("black"))
    with QPainter(screen) as painter:
        canvas_paint.picture(painter, levels, frame)
        canvas_overlay.mask(painter, painting, frame, SIZE[1], QColor("red"))
    expected = noise.copy()
    expected[10, 20] = expected[11, 21] = (255, 0, 0)
    n = int(zoom)
    for x, y in [(20, 10), (21, 11), (20, 11), (19, 10), (22, 11), (12, 5), (9, 16)]:
        for dx, dy in [(0, 0), (n - 1, n - 1)]:
            seen = screen.pixelColor(-7 + x * n + dx, 11 + y * n + dy).getRgb()[:3]  # type: ignore[index]
            assert tuple(seen) == tuple(expected[y, x]), (x, y, dx, dy)


@pytest.mark.parametrize("scale", [0.9, 0.3, 0.11, 0.04])
def test_a_single_marked_pixel_is_seen_however_small_the_photo_is_drawn(scale: float) -> None:
    """At most one sample a device pixel; every block of several pixels shows what any of them is."""
    painting = marked(1600, 2400, (1203, 805), (0, 0), (2399, 1599))
    screen = QImage(400, 300, QImage.Format.Format_RGB32)
    for x, y in [(1203, 805), (0, 0), (2399, 1599)]:
        # The marked pixel comes under the middle of device pixel (200, 150), whatever the scale.
        target = QRectF(200.5 - (x + 0.5) * scale, 150.5 - (y + 0.5) * scale, 2400 * scale, 1600 * scale)
        screen.fill(QColor("black"))
        with QPainter(screen) as painter:
            canvas_overlay.mask(painter, painting, Frame(target, QRectF(0, 0, 400, 300)), 2400, QColor("red"))
        assert screen.pixelColor(200, 150) == QColor("red")
        assert screen.pixelColor(203, 153) == QColor("black")


def test_the_mask_costs_no_more_than_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    inked = canvas_overlay._inked
    monkeypatch.setattr(
        canvas_overlay, "_inked", lambda marked, ink: (sizes.append(marked.shape), inked(marked, ink))[1]
    )
    painting = marked(3000, 4000, (2000, 1500))
    screen = QImage(300, 200, QImage.Format.Format_RGB32)
    for scale in (0.05, 0.2, 0.7, 1.0, 3.0):
        target = QRectF(150 - 2000 * scale, 100 - 1500 * scale, 4000 * scale, 3000 * scale)
        with QPainter(screen) as painter:
            canvas_overlay.mask(painter, painting, Frame(target, QRectF(0, 0, 300, 200)), 4000, QColor("red"))
    assert len(sizes) == 5
    assert all(height <= 203 and width <= 303 for height, width in sizes), sizes


SCALED = """
import math
import sys
import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
application = QApplication([])
from canvas_host import Host, Photo, drag, MIDDLE
host = Host()
host.resize(500, 400)
host.show()
noise = np.random.default_rng(3).integers(0, 256, (90, 120, 3))
host.open(Photo((noise / 255).astype(np.float32)), task="inpaint")
host.canvas.actual_size()
drag(host.canvas, MIDDLE, QPoint(100, 100), QPoint(117, 91))
image, ratio = host.image(), host.canvas.devicePixelRatioF()
assert ratio == float(sys.argv[1]), ratio
assert image.width() == round(500 * ratio)
corner = host.canvas.view.to_widget(0, 0) * ratio
x0, y0 = math.floor(corner.x() + 0.5), math.floor(corner.y() + 0.5)
seen = [[image.pixelColor(x0 + x, y0 + y).getRgb()[:3] for x in range(120)] for y in range(90)]
assert np.array_equal(np.array(seen), noise)
host.tools.set_overlay("red", 1.0)
host.session.mask.begin((60.5, 40.5), 1.0)
host.session.mask.finish()
image = host.image()
red = [(x, y) for y in range(90) for x in range(120) if image.pixelColor(x0 + x, y0 + y).name() == "#ff0000"]
assert red == [(60, 40)], red
large = np.random.default_rng(4).integers(0, 256, (900, 1200, 3))
host.open(Photo((large / 255).astype(np.float32)), photo_id="two")
def memory():
    image = host.image()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).astype(int)
    return rows[image.height() // 3 : -image.height() // 3, image.width() // 4 : -image.width() // 4]
for _ in range(3):
    before = memory()
    drag(host.canvas, MIDDLE, QPoint(100, 100), QPoint(101, 100))
    after = memory()
    assert min(np.abs(before[:, :-k] - after[:, k:]).mean() for k in (1, 2)) < 0.5, "panning blurs anew"
host.close()
print("well")
"""


@pytest.mark.parametrize("factor", ["1.5", "2"])
def test_a_screen_with_small_pixels_shows_every_pixel_of_the_photo(factor: str) -> None:
    here = Path(__file__).parent
    surroundings = os.environ | {
        "QT_SCALE_FACTOR": factor,
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": os.pathsep.join([str(here), str(here.parents[1])]),
    }
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCALED, factor],
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "well", done.stderr


def test_the_pointer_marks_the_pixel_it_points_at(host: Host) -> None:
    tool = host.paint_with()
    corner = host.canvas.view.to_widget(17, 8).toPoint() + QPoint(2, 2)
    QTest.mouseClick(host.canvas, LEFT, pos=corner)
    x, y = tool.heard[0][1]
    assert (int(x), int(y)) == (17, 8)


def test_a_painted_stroke_sets_exactly_the_pixels_of_the_mask(painter: Host) -> None:
    canvas, mask = painter.canvas, painter.session.mask
    painter.tools.set_brush(6.0)
    points = [painter.at(10, 12), painter.at(25, 14), painter.at(30, 30)]
    drag(canvas, LEFT, *points)
    expected = MaskPainting(*SIZE)
    expected.begin(canvas.to_photo(QPointF(points[0])), 6.0)
    for point in points[1:]:
        expected.extend(canvas.to_photo(QPointF(point)))
    assert mask is not None
    assert expected.pixels.sum() > 100
    assert np.array_equal(mask.pixels, expected.pixels)


def test_what_is_painted_bit_by_bit_looks_as_if_it_were_drawn_at_once(painter: Host, qtbot: QtBot) -> None:
    """Each movement draws only what it changed; nothing of the brush's circle may stay behind."""
    canvas = painter.canvas
    drag(canvas, LEFT, *(painter.at(10 + step, 12 + step / 3) for step in range(0, 40, 3)))
    QTest.mouseMove(canvas, QPoint(5, 5))

    plain = QImage.Format.Format_RGB32

    def on_screen() -> QImage:
        return painter.screen().grabWindow(painter.winId()).toImage().convertToFormat(plain)

    def all_at_once() -> QImage:
        return painter.grab().toImage().convertToFormat(plain)

    painted = all_at_once()
    qtbot.waitUntil(lambda: on_screen() == painted)
    assert painter.session.mask is not None
    painter.session.mask.begin((50.5, 30.5), 5.0)
    assert all_at_once() != painted
    qtbot.waitUntil(lambda: on_screen() == all_at_once())
    painter.session.mask.cancel()
    qtbot.waitUntil(lambda: on_screen() == painted)
