"""The bar below the photo: what it offers for which task, what its controls change, how it shrinks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QIcon, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from adir_desktop.contract import Degradation, Photo, Request, Restoration
from adir_desktop.ui.canvas_bar import CanvasBar
from adir_desktop.ui.mask import MaskPainting, Mode
from adir_desktop.ui.qt_images import Levels, Picture, Restored, to_image
from adir_desktop.ui.session import Session, State, Values
from adir_desktop.ui.showing import Showing
from adir_desktop.ui.tools import Tool, Tools


class Named:
    """Actions of any name; those of tools choose them."""

    def __init__(self, tools: Tools) -> None:
        self.tools, self.icon = tools, QIcon(QPixmap(20, 20))
        self.made: dict[str, QAction] = {}
        self.done: list[str] = []

    def __getitem__(self, name: str) -> QAction:
        if name not in self.made:
            action = self.made[name] = QAction(name)
            action.setIcon(self.icon)
            action.triggered.connect(lambda: self.done.append(name))
            if name in {tool.value for tool in Tool}:
                action.triggered.connect(lambda: self.tools.choose(Tool(name)))
        return self.made[name]


class Place(QWidget):
    """A bar, and what it works on."""

    def __init__(self) -> None:
        super().__init__()
        self.session = Session(parent=self)
        self.tools = Tools(self.session, self)
        self.showing = Showing(self.session, self)
        self.actions_by_name = Named(self.tools)
        self.bar = CanvasBar(self.session, self.tools, self.showing, self.actions_by_name)
        self.bar.watch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.bar)
        pixels = np.full((60, 90, 3), 0.5, np.float32)
        state = State(Values(task="inpaint"), MaskPainting(60, 90, self.session))
        self.session.take("one", Picture(Photo(pixels), Levels((to_image(pixels),))), state)

    def button(self, name: str) -> QToolButton:
        action = self.actions_by_name[name]
        return next(b for b in self.bar.findChildren(QToolButton) if b.defaultAction() is action)


@pytest.fixture
def place(qtbot: QtBot) -> Place:
    shown = Place()
    qtbot.addWidget(shown)
    shown.resize(1100, 60)
    with qtbot.waitExposed(shown):
        shown.show()
    return shown


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_tools_are_chosen_by_a_click(place: Place) -> None:
    for tool in (Tool.HAND, Tool.ERASER, Tool.RECTANGLE, Tool.LASSO, Tool.POLYGON, Tool.SIMILAR, Tool.BRUSH):
        click(place.button(tool.value))
        assert place.tools.tool is tool


@pytest.mark.parametrize("name", ["scratches", "undo", "redo", "invert", "clear", "fit", "actual"])
def test_other_actions_are_there_for_a_damaged_photo(place: Place, name: str) -> None:
    click(place.button(name))
    assert place.actions_by_name.done == [name]


def test_painting_tools_are_shown_only_where_there_is_something_to_paint(place: Place) -> None:
    for task, shown in (("upscale", False), ("old", True), ("deblur", False), ("inpaint", True)):
        place.session.change(replace(place.session.values, task=task))
        assert place.button("brush").isVisible() is shown
        assert place.button("lasso").isVisible() is shown
        assert place.button("hand").isVisible()


def test_the_slider_sets_the_brush_and_follows_it(place: Place) -> None:
    place.tools.set_brush(37.0)
    assert place.tools.brush == 37.0  # not moved to the nearest tick
    slider = place.bar.brush_size
    slider.setFocus()
    before = slider.value()
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert slider.value() == before + 1
    assert 37.0 < place.tools.brush < 40.0
    QTest.keyClick(slider, Qt.Key.Key_End)
    assert place.tools.brush == pytest.approx(1000)


def test_similar_colours_have_a_tolerance_in_place_of_a_size(place: Place) -> None:
    assert place.bar.brush_size.isVisible()
    assert not place.bar.tolerance.isVisible()
    place.tools.choose(Tool.SIMILAR)
    assert not place.bar.brush_size.isVisible()
    place.bar.tolerance.setFocus()
    QTest.keyClick(place.bar.tolerance, Qt.Key.Key_Right)
    assert place.tools.tolerance == 17
    place.tools.set_selecting(99, contiguous=False)
    assert place.bar.tolerance.value() == 99


def visible_widths(place: Place) -> tuple[int, int]:
    shown = [child for child in place.bar.findChildren(QWidget) if child.isVisible()]
    rights = [child.mapTo(place.bar, child.rect().topRight()).x() for child in shown]
    return max(rights), place.bar.width()


@pytest.mark.parametrize("tool", list(Tool))
@pytest.mark.parametrize("width", [1100, 640, 480, 360])
def test_it_fits_any_width_and_nothing_is_out_of_reach(place: Place, width: int, tool: Tool) -> None:
    place.tools.choose(tool)
    place.resize(width, 60)
    QApplication.processEvents()
    assert place.bar.width() == width
    right, room = visible_widths(place)
    assert right < room
    more = place.bar.more
    offered = {action.text() for action in more.menu().actions()} if more.isVisible() else set()
    for name in ("hand", "brush", "eraser", "lasso", "scratches", "undo", "redo", "invert", "clear", "fit"):
        assert place.button(name).isVisible() != (name in offered), name


def test_at_640_pixels_the_tools_are_all_there(place: Place) -> None:
    place.resize(640, 60)
    QApplication.processEvents()
    for name in (
        "hand",
        "brush",
        "eraser",
        "rectangle",
        "lasso",
        "polygon",
        "similar",
        "scratches",
        "undo",
        "redo",
    ):
        assert place.button(name).isVisible(), name
    assert place.bar.brush_size.isVisible()


def test_the_tools_come_back_when_there_is_room_again(place: Place) -> None:
    place.resize(480, 60)
    QApplication.processEvents()
    assert place.bar.more.isVisible()
    place.resize(1100, 60)
    QApplication.processEvents()
    assert not place.bar.more.isVisible()
    assert place.button("invert").isVisible()


def test_everything_has_a_name_and_is_reached_by_tab(place: Place) -> None:
    place.tools.choose(Tool.BRUSH)
    for child in place.bar.findChildren(QToolButton):
        assert child.accessibleName(), child
        assert child.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert place.bar.brush_size.accessibleName()
    assert place.bar.tolerance.accessibleName()


@pytest.fixture
def options(place: Place, qtbot: QtBot):
    """The panel, opened by its button."""
    click(place.bar.open_options)
    panel = place.bar.options
    assert panel.isVisible()
    assert place.session.mask is not None
    yield panel
    panel.close()


def test_feather_is_set_in_the_panel(place: Place, options) -> None:
    options.feather.selectAll()
    QTest.keyClicks(options.feather, "4.5")
    QTest.keyClick(options.feather, Qt.Key.Key_Tab)
    assert place.session.values.feather == 4.5
    place.session.change(replace(place.session.values, feather=1.5))
    assert options.feather.value() == 1.5


def test_the_panel_sets_the_margin_the_mode_and_the_overlay(place: Place, options) -> None:
    options.margin.selectAll()
    QTest.keyClicks(options.margin, "12")
    QTest.keyClick(options.margin, Qt.Key.Key_Tab)
    assert place.tools.margin == 12
    options.mode.setFocus()
    QTest.keyClick(options.mode, Qt.Key.Key_Down)
    assert place.tools.mode is Mode.SUBTRACT
    click(options.contiguous)
    assert not place.tools.contiguous
    blue = options.colours.buttons()[3]
    click(blue)
    assert blue.isChecked()
    assert place.tools.colour.blue() > place.tools.colour.red()
    options.opacity.setFocus()
    QTest.keyClick(options.opacity, Qt.Key.Key_End)
    assert place.tools.opacity == 1.0


def test_the_panel_follows_the_tools(place: Place, options) -> None:
    place.tools.set_margin(7)
    place.tools.set_mode(Mode.REPLACE)
    assert options.margin.value() == 7
    assert options.mode.currentData() == Mode.REPLACE


@pytest.mark.parametrize("name", ["grow", "shrink", "load_mask", "save_mask", "hide_mask"])
def test_the_panel_has_what_is_needed_now_and_then(place: Place, options, name: str) -> None:
    action = place.actions_by_name[name]
    button = next(b for b in options.findChildren(QToolButton) if b.defaultAction() is action)
    click(button)
    assert place.actions_by_name.done == [name]


def test_escape_closes_the_panel(place: Place, options) -> None:
    QTest.keyClick(options, Qt.Key.Key_Escape)
    assert not options.isVisible()


def restored(*, baseline: bool) -> Restored:
    photo = Photo(np.full((60, 90, 3), 0.5, np.float32))
    levels = Levels((to_image(photo.pixels),))
    request = Request(photo, "inpaint", Degradation(()))
    restoration = Restoration(photo, request, {}, 1.0, baseline=photo if baseline else None)
    return Restored(restoration, levels, levels if baseline else None)


def test_ways_to_look_at_a_result_are_there_when_there_is_one(place: Place) -> None:
    assert not place.button("slider").isVisible()
    place.session.show(restored(baseline=False), saved=True)
    assert place.tools.tool is Tool.HAND  # a result is there to be looked at
    assert not place.bar.compare.isVisible()
    for name in ("slider", "side_by_side", "after"):
        click(place.button(name))
    assert place.actions_by_name.done == ["slider", "side_by_side", "after"]
    assert place.bar.open_maps.isVisible()
    place.session.show(restored(baseline=True), saved=True)
    assert place.bar.compare.isVisible()
    place.tools.choose(Tool.BRUSH)
    assert not place.button("slider").isVisible()


def test_the_zoom_is_told(place: Place) -> None:
    place.showing.set_zoom(0.5)
    assert "50 %" in {label.text() for label in place.bar.findChildren(QLabel)}
