"""Every tool with the real pointer and keyboard, on a bare surface; pixels are checked."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPointingDevice,
    QTabletEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from adir_desktop.contract import Photo
from adir_desktop.ui.gestures import Gestures
from adir_desktop.ui.mask import MaskPainting, Mode
from adir_desktop.ui.mask_shapes import Polygon, Rectangle
from adir_desktop.ui.qt_images import Levels, Picture, to_image
from adir_desktop.ui.session import Session, State, Values
from adir_desktop.ui.tools import Tool, Tools
from adir_desktop.ui.view import View

HEIGHT, WIDTH, ZOOM = 80, 100, 4.0
SHIFT, CTRL, ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
LEFT = Qt.MouseButton.LeftButton


def open_photo(session: Session, name: str = "one") -> None:
    pixels = np.full((HEIGHT, WIDTH, 3), 0.5, np.float32)
    picture = Picture(Photo(pixels), Levels((to_image(pixels),)))
    session.take(name, picture, State(Values(task="inpaint"), MaskPainting(HEIGHT, WIDTH, session)))


class Surface(QWidget):
    """Hands its events to the chosen tool's gesture, as a canvas does."""

    def __init__(self) -> None:
        super().__init__()
        self.session = Session(parent=self)
        self.tools = Tools(self.session, self)
        self.gestures = Gestures(self.session, self.tools, self)
        self.view, self.pointer = View(ZOOM, 10.0, 6.0), QPointF(-1, -1)
        self.setFixedSize(440, 340)
        self.setMouseTracking(True)
        open_photo(self.session)
        self.tools.set_brush(7.0)

    @property
    def gesture(self):
        return self.gestures.for_tool(self.tools.tool)

    @property
    def mask(self) -> MaskPainting:
        return cast("MaskPainting", self.session.mask)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.gesture.press(self.view.to_photo(event.position()), event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointer = event.position()
        if event.buttons():
            self.gesture.move(self.view.to_photo(event.position()), event)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.gesture.release(self.view.to_photo(event.position()), event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)
        self.gesture.double_click(self.view.to_photo(event.position()))

    def tabletEvent(self, event: QTabletEvent) -> None:
        kind = {
            QEvent.Type.TabletPress: self.gesture.press,
            QEvent.Type.TabletMove: self.gesture.move,
            QEvent.Type.TabletRelease: self.gesture.release,
        }[event.type()]
        kind(self.view.to_photo(event.position()), event)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.used = self.gesture.key(event.key())

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), Qt.GlobalColor.gray)
            self.gesture.paint(painter, self.view, self.pointer)

    def at(self, x: float, y: float) -> QPoint:
        """The widget's pixel over a point of the photo."""
        return self.view.to_widget(x, y).toPoint()

    def drag(
        self, *points: tuple[float, float], keys=Qt.KeyboardModifier.NoModifier, drop: bool = True
    ) -> None:
        QTest.mousePress(self, LEFT, keys, self.at(*points[0]))
        for point in points[1:]:
            self.move_to(*point, keys=keys)
        if drop:
            QTest.mouseRelease(self, LEFT, keys, self.at(*points[-1]))

    def move_to(self, x: float, y: float, keys=Qt.KeyboardModifier.NoModifier) -> None:
        """QTest's own move knows no modifiers."""
        at = QPointF(self.at(x, y))
        global_at = QPointF(self.mapToGlobal(at.toPoint()))
        event = QMouseEvent(QEvent.Type.MouseMove, at, global_at, Qt.MouseButton.NoButton, LEFT, keys)
        QApplication.sendEvent(self, event)

    def click(self, x: float, y: float, keys=Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseClick(self, LEFT, keys, self.at(x, y))


@pytest.fixture
def surface(qtbot: QtBot) -> Surface:
    shown = Surface()
    qtbot.addWidget(shown)
    with qtbot.waitExposed(shown):
        shown.show()
    return shown


def stroked(*points: tuple[float, float], size: float = 7.0) -> np.ndarray:
    mask = MaskPainting(HEIGHT, WIDTH)
    mask.begin(points[0], size)
    for point in points[1:]:
        mask.extend(point)
    mask.finish()
    return mask.pixels


def test_dragging_the_brush_paints_a_stroke_and_the_eraser_takes_it_away(surface: Surface) -> None:
    assert surface.tools.tool is Tool.BRUSH  # repairing begins with it
    surface.drag((20, 20), (50, 30), (60, 60))
    expected = stroked((20, 20), (50, 30), (60, 60))
    assert np.array_equal(surface.mask.pixels, expected)
    surface.tools.choose(Tool.ERASER)
    surface.drag((50, 30), (60, 60))
    assert np.array_equal(surface.mask.pixels, expected & ~stroked((50, 30), (60, 60)))
    surface.mask.undo()
    surface.mask.undo()
    assert surface.mask.empty
    assert not surface.mask.can_undo


def test_alt_erases_for_one_stroke(surface: Surface) -> None:
    surface.drag((20, 20), (50, 20))
    surface.drag((40, 20), (60, 20), keys=ALT)
    assert np.array_equal(surface.mask.pixels, stroked((20, 20), (50, 20)) & ~stroked((40, 20), (60, 20)))


def test_shift_at_the_press_goes_on_straight_from_the_end_of_the_last_stroke(surface: Surface) -> None:
    surface.drag((20, 20), (30, 20))
    surface.click(70, 60, SHIFT)
    assert np.array_equal(surface.mask.pixels, stroked((20, 20), (30, 20)) | stroked((30, 20), (70, 60)))
    surface.mask.undo()
    assert np.array_equal(surface.mask.pixels, stroked((20, 20), (30, 20)))


def test_a_new_photos_first_stroke_with_shift_begins_where_it_is_pressed(surface: Surface) -> None:
    surface.drag((20, 20), (30, 20))
    open_photo(surface.session, "two")
    surface.tools.set_brush(7.0)
    surface.click(70, 60, SHIFT)
    assert np.array_equal(surface.mask.pixels, stroked((70, 60)))


def test_shift_while_drawing_keeps_the_stroke_straight_until_it_is_let_go(surface: Surface) -> None:
    QTest.mousePress(surface, LEFT, pos=surface.at(20, 20))
    for point in ((40, 60), (60, 20), (70, 35)):
        surface.move_to(*point, keys=SHIFT)
    assert np.array_equal(surface.mask.pixels, stroked((20, 20)))
    QTest.mouseRelease(surface, LEFT, SHIFT, surface.at(70, 35))
    assert np.array_equal(surface.mask.pixels, stroked((20, 20), (70, 35)))
    surface.mask.undo()
    assert surface.mask.empty


def test_control_and_shift_keep_it_on_the_axes_and_diagonals(surface: Surface) -> None:
    both = SHIFT | CTRL
    for end, expected in (((70, 22), (70, 20)), ((22, 60), (20, 60)), ((62, 58), (60, 60))):
        QTest.mousePress(surface, LEFT, pos=surface.at(20, 20))
        surface.move_to(*end, keys=both)
        QTest.mouseRelease(surface, LEFT, both, surface.at(*end))
        assert np.array_equal(surface.mask.pixels, stroked((20, 20), expected))
        surface.mask.undo()


def test_escape_takes_a_stroke_back_while_it_is_painted(surface: Surface) -> None:
    surface.drag((20, 20), (60, 20), drop=False)
    assert surface.gesture.active
    QTest.keyClick(surface, Qt.Key.Key_Escape)
    assert surface.used
    assert surface.mask.empty
    surface.move_to(70, 70)
    QTest.mouseRelease(surface, LEFT, pos=surface.at(70, 70))
    assert surface.mask.empty
    QTest.keyClick(surface, Qt.Key.Key_Escape)
    assert not surface.used


def pen(
    surface: Surface, kind: QEvent.Type, x: float, y: float, pressure: float, tip: QPointingDevice.PointerType
) -> None:
    device = QPointingDevice(
        "pen", 7, QInputDevice.DeviceType.Stylus, tip, QInputDevice.Capability.Pressure, 1, 1
    )
    at = QPointF(surface.at(x, y))
    button = LEFT if kind is not QEvent.Type.TabletMove else Qt.MouseButton.NoButton
    event = QTabletEvent(
        kind, device, at, QPointF(surface.mapToGlobal(at.toPoint())), pressure, 0, 0, 0, 0, 0,
        Qt.KeyboardModifier.NoModifier, button, LEFT,
    )  # fmt: skip
    QApplication.sendEvent(surface, event)


def test_a_pens_pressure_is_the_size_and_its_other_end_erases(surface: Surface) -> None:
    surface.tools.set_brush(20.0)
    tip = QPointingDevice.PointerType.Pen
    pen(surface, QEvent.Type.TabletPress, 20, 40, 0.2, tip)
    pen(surface, QEvent.Type.TabletMove, 70, 40, 0.8, tip)
    pen(surface, QEvent.Type.TabletRelease, 70, 40, 0.0, tip)
    expected = MaskPainting(HEIGHT, WIDTH)
    expected.begin((20, 40), 4.0)
    expected.extend((70, 40), 16.0)
    expected.finish()
    assert np.array_equal(surface.mask.pixels, expected.pixels)
    other = QPointingDevice.PointerType.Eraser
    pen(surface, QEvent.Type.TabletPress, 70, 40, 1.0, other)
    pen(surface, QEvent.Type.TabletRelease, 70, 40, 0.0, other)
    assert np.array_equal(surface.mask.pixels, expected.pixels & ~stroked((70, 40), size=20.0))


def test_a_rectangle_from_corner_to_corner_and_a_square_with_shift(surface: Surface) -> None:
    surface.tools.choose(Tool.RECTANGLE)
    surface.drag((60, 50), (30, 20), (20, 10))
    expected = np.zeros((HEIGHT, WIDTH), bool)
    expected[10:50, 20:60] = True
    assert np.array_equal(surface.mask.pixels, expected)
    surface.drag((70, 60), (75, 70), keys=SHIFT)
    expected[60:70, 70:80] = True
    assert np.array_equal(surface.mask.pixels, expected)
    surface.drag((30, 20), (40, 30), keys=ALT)
    expected[20:30, 30:40] = False
    assert np.array_equal(surface.mask.pixels, expected)
    surface.click(5, 5)
    assert np.array_equal(surface.mask.pixels, expected)


def test_the_chosen_mode_holds_for_shapes(surface: Surface) -> None:
    surface.drag((20, 20), (60, 20))
    surface.tools.set_mode(Mode.REPLACE)
    surface.tools.choose(Tool.RECTANGLE)
    surface.drag((50, 50), (60, 70))
    assert surface.mask.count == 200
    surface.tools.set_mode(Mode.SUBTRACT)
    surface.drag((50, 50), (60, 60))
    assert surface.mask.count == 100


def test_a_lasso_marks_what_it_goes_around(surface: Surface) -> None:
    surface.tools.choose(Tool.LASSO)
    points = ((20, 20), (70, 30), (60, 65), (30, 50))
    surface.drag(*points)
    expected = MaskPainting(HEIGHT, WIDTH)
    expected.mark(Polygon(points))
    assert not expected.empty
    assert np.array_equal(surface.mask.pixels, expected.pixels)
    surface.drag(*points, drop=False)
    QTest.keyClick(surface, Qt.Key.Key_Escape)
    QTest.mouseRelease(surface, LEFT, pos=surface.at(30, 50))
    assert np.array_equal(surface.mask.pixels, expected.pixels)


@pytest.mark.parametrize("end", ["return", "double click", "first corner"])
def test_a_polygon_is_clicked_corner_by_corner(surface: Surface, end: str) -> None:
    surface.tools.choose(Tool.POLYGON)
    for x, y in ((20, 20), (70, 25)):
        surface.click(x, y)
    assert surface.gesture.active
    if end == "double click":
        surface.click(45, 60)
        QTest.mouseDClick(surface, LEFT, pos=surface.at(45, 60))
    else:
        surface.click(5, 70)  # to be taken back
        QTest.keyClick(surface, Qt.Key.Key_Backspace)
        surface.click(45, 60)
        surface.grab()  # drawing tells it how close is close
        assert surface.mask.empty
        QTest.keyClick(surface, Qt.Key.Key_Return) if end == "return" else surface.click(21, 21)
    expected = MaskPainting(HEIGHT, WIDTH)
    expected.mark(Polygon(((20, 20), (70, 25), (45, 60))))
    assert np.array_equal(surface.mask.pixels, expected.pixels)
    assert not surface.gesture.active
    assert surface.mask.steps[1] == 0
    surface.mask.undo()
    assert surface.mask.empty


def test_a_polygon_can_be_dropped_and_taken_back_to_nothing(surface: Surface) -> None:
    surface.tools.choose(Tool.POLYGON)
    for x, y in ((20, 20), (70, 25), (45, 60)):
        surface.click(x, y)
    QTest.keyClick(surface, Qt.Key.Key_Escape)
    assert surface.used
    assert not surface.gesture.active
    surface.click(20, 20)
    QTest.keyClick(surface, Qt.Key.Key_Return)
    assert surface.gesture.active  # one corner encloses nothing
    QTest.keyClick(surface, Qt.Key.Key_Backspace)
    assert not surface.gesture.active
    assert surface.mask.empty


def test_another_tool_or_photo_drops_an_unfinished_shape_but_keeps_paint(surface: Surface) -> None:
    surface.tools.choose(Tool.POLYGON)
    polygon = surface.gesture
    surface.click(20, 20)
    surface.tools.choose(Tool.BRUSH)
    assert not polygon.active
    surface.drag((20, 20), (40, 20), drop=False)
    painted, brush = surface.mask, surface.gesture
    open_photo(surface.session, "two")
    assert not brush.active
    assert painted.can_undo
    assert np.array_equal(painted.pixels, stroked((20, 20), (40, 20)))
    QTest.mouseRelease(surface, LEFT, pos=surface.at(40, 20))
    assert surface.mask.empty


def test_clicking_a_colour_asks_for_similar_ones(surface: Surface, qtbot: QtBot) -> None:
    surface.tools.choose(Tool.SIMILAR)
    asked: list[tuple[object, object]] = []
    surface.gestures.select_wanted.connect(lambda seed, mode: asked.append((seed, mode)))
    seeds: list[object] = []
    surface.gestures.select_wanted.connect(lambda seed: seeds.append(seed))  # noqa: PLW0108  # the mode is optional
    surface.click(30.5, 40.5)
    surface.click(31.5, 41.5, ALT)
    surface.click(-1, 40)
    assert asked == [((40, 30), Mode.ADD), ((41, 31), Mode.SUBTRACT)]
    assert seeds == [(40, 30), (41, 31)]


def test_the_hand_has_no_gesture(surface: Surface) -> None:
    assert surface.gestures.for_tool(Tool.HAND) is None


def colour(surface: Surface, x: float, y: float) -> tuple[int, int, int]:
    at = surface.at(x, y)
    return surface.grab().toImage().pixelColor(at).getRgb()[:3]


def test_what_is_in_progress_is_drawn(surface: Surface) -> None:
    ground = colour(surface, 50, 70)
    surface.pointer = QPointF(surface.at(50, 40))
    assert colour(surface, 50 + 3.5, 40) != ground  # the brush's circle
    assert colour(surface, 50, 40) == ground
    surface.tools.choose(Tool.RECTANGLE)
    surface.drag((20, 20), (60, 50), drop=False)
    assert colour(surface, 40, 20) != ground
    assert colour(surface, 40, 35) == ground
    QTest.mouseRelease(surface, LEFT, pos=surface.at(60, 50))
    surface.tools.choose(Tool.POLYGON)
    surface.click(20, 70)
    surface.pointer = QPointF(surface.at(80, 70))
    assert colour(surface, 50, 70) != ground  # the edge to come
    QTest.keyClick(surface, Qt.Key.Key_Escape)
    surface.tools.choose(Tool.BRUSH)
    QTest.mousePress(surface, LEFT, pos=surface.at(10, 60))
    surface.move_to(90, 60, keys=SHIFT)
    assert colour(surface, 50, 62) != ground  # the straight stroke to come
    QTest.mouseRelease(surface, LEFT, pos=surface.at(90, 60))


def test_tools_are_for_tasks_that_repair(surface: Surface) -> None:
    session, tools = surface.session, surface.tools
    session.change(replace(session.values, task="old"))
    assert tools.tool is Tool.BRUSH
    session.change(replace(session.values, task="upscale"))
    assert tools.tool is Tool.HAND
    tools.choose(Tool.LASSO)
    assert tools.tool is Tool.HAND
    session.change(replace(session.values, task="old"))
    tools.choose(Tool.LASSO)
    assert tools.tool is Tool.LASSO


def test_the_wheel_changes_the_brush_within_its_bounds(surface: Surface) -> None:
    tools = surface.tools
    tools.set_brush(10)
    tools.wheel(120)
    assert tools.brush == pytest.approx(12.5)
    tools.wheel(-240)
    assert tools.brush == pytest.approx(8.0)
    tools.wheel(120 * 100)
    assert tools.brush == 1000
    tools.wheel(-120 * 1000)
    assert tools.brush == 1


def test_the_overlay_is_hidden_until_a_painting_tool_is_chosen(surface: Surface) -> None:
    tools = surface.tools
    tools.toggle_overlay()
    tools.choose(Tool.HAND)
    assert tools.hidden
    tools.choose(Tool.BRUSH)
    assert not tools.hidden
    tools.set_overlay(tools.colour, 0.25)
    assert tools.ink.alphaF() == pytest.approx(0.25, abs=0.01)


def test_rectangles_of_any_two_corners_are_the_same() -> None:
    one, other = MaskPainting(9, 9), MaskPainting(9, 9)
    one.mark(Rectangle((2, 3), (7, 8)))
    other.mark(Rectangle((7, 3), (2, 8)))
    assert np.array_equal(one.pixels, other.pixels)
