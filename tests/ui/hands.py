"""What a person's hands do in the whole window: dropping, dragging over the photo, clicking tiles, typing."""

from __future__ import annotations

import math
from pathlib import Path

from PIL import Image
from PySide6 import __version_info__
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QMenu, QWidget
from pytestqt.qtbot import QtBot
from scripted import Script

from adir_desktop.contract import TASKS
from adir_desktop.ui.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton
CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
NO_KEYS = Qt.KeyboardModifier.NoModifier


def colour_file(folder: Path, name: str, colour: str, size: tuple[int, int] = (60, 40)) -> Path:
    """A photo of one colour."""
    path = folder / f"{name}.png"
    Image.new("RGB", size, colour).save(path)
    return path


def drag_over(widget: QWidget, *paths: Path) -> QMimeData:
    """As a file manager does; the data is to be kept until the drop."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    where = QPointF(300, 300)
    entered = where if __version_info__ >= (6, 12) else where.toPoint()
    event = QDragEnterEvent(entered, Qt.DropAction.CopyAction, data, LEFT, NO_KEYS)
    QApplication.sendEvent(widget, event)
    return data


def drag_away(widget: QWidget) -> None:
    QApplication.sendEvent(widget, QDragLeaveEvent())


def drop(widget: QWidget, *paths: Path) -> None:
    """Lets go of files over a widget."""
    data = drag_over(widget, *paths)
    event = QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, data, LEFT, NO_KEYS)
    QApplication.sendEvent(widget, event)


def opened_all(window: MainWindow, qtbot: QtBot, *paths: Path) -> None:
    """Drops photos on the window and waits until all are there."""
    drop(window, *paths)
    qtbot.waitUntil(lambda: {one.path for one in window.context.desk.sheets} >= set(paths))
    qtbot.waitUntil(lambda: not window.jobs.has("open"))


def choose_task(window: MainWindow, task: str) -> None:
    QTest.mouseClick(window.panel.tasks.button(TASKS.index(task)), LEFT)


def choose_row(box: QComboBox, data: object) -> None:
    """Down the list with the keys."""
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(box.findData(data)):
        QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.currentData() == data


def type_number(field: QWidget, text: str) -> None:
    """Replaces what stands in a field of numbers."""
    field.setFocus()
    QTest.keySequence(field, "Ctrl+A")
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def at(window: MainWindow, x: float, y: float) -> QPoint:
    """Where on the canvas the middle of pixel (x, y) of the photo is."""
    middle = window.canvas.view.to_widget(x + 0.5, y + 0.5)
    return QPoint(math.floor(middle.x()), math.floor(middle.y()))


def colour(window: MainWindow, x: float, y: float) -> tuple[int, int, int]:
    """What is seen there."""
    red, green, blue, _ = window.canvas.grab().toImage().pixelColor(at(window, x, y)).getRgb()
    return red, green, blue


def drag(window: MainWindow, *points: tuple[float, float], keys: Qt.KeyboardModifier = NO_KEYS) -> None:
    """With the left button, from pixel to pixel of the photo."""
    places = [at(window, *point) for point in points]
    QTest.mousePress(window.canvas, LEFT, keys, places[0])
    for place in places[1:]:
        QTest.mouseMove(window.canvas, place)
    QTest.mouseRelease(window.canvas, LEFT, keys, places[-1])


def click_photo(window: MainWindow, x: float, y: float, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
    QTest.mouseClick(window.canvas, LEFT, keys, at(window, x, y))


def press(window: MainWindow, key: Qt.Key, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
    """A key while the photo has the keyboard."""
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, key, keys)


def click_row(view: QAbstractItemView, row: int, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
    """A tile of a strip, or a row of a list."""
    place = view.visualRect(view.model().index(row, 0)).center()
    QTest.mouseClick(view.viewport(), LEFT, keys, place)


def click_entry(menu: QMenu, words: str) -> None:
    """Opens a menu and clicks the entry with these words."""
    menu.popup(QPoint(50, 50))
    entry = next(one for one in menu.actions() if words in one.text().replace("&", ""))
    assert entry.isEnabled()
    QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(entry).center())
    menu.close()
    come_back(menu.parentWidget())


def come_back(widget: QWidget) -> None:
    """The offscreen platform does not give the keyboard back to a window when its menu or dialog closes."""
    widget.window().activateWindow()
    QApplication.processEvents()


def menu_of(window: MainWindow, *titles: str) -> QMenu:
    """A menu of the menu bar, or one inside it."""
    actions = window.menuBar().actions()
    for title in titles:
        menu = next(one for one in actions if one.text().replace("&", "") == title).menu()
        assert isinstance(menu, QMenu)
        actions = menu.actions()
    return menu


def restored(window: MainWindow, qtbot: QtBot) -> None:
    """Presses Restore and waits for one more result."""
    sheet = window.context.desk.current
    assert sheet is not None
    before = len(sheet.results)
    QTest.mouseClick(window.panel.restore, LEFT)
    qtbot.waitUntil(lambda: len(sheet.results) > before and not window.jobs.engine)


def start_restoring(window: MainWindow, script: Script, qtbot: QtBot, *, stage: str = "sample") -> None:
    """An endless one, until it has come to that stage."""
    script.adapting = 3 if stage == "sample" else 100_000
    script.restoring = script.step_by_step
    QTest.mouseClick(window.panel.restore, LEFT)
    runs = window.context.runs
    qtbot.waitUntil(lambda: runs.running is not None and runs.running.stage == stage)


def stop(window: MainWindow, qtbot: QtBot) -> None:
    """With the key, until the engine is idle."""
    press(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.jobs.engine)


def is_near(seen: tuple[int, int, int], wanted: str, slack: int = 6) -> bool:
    pairs = zip(seen, QColor(wanted).getRgb()[:3], strict=True)
    return all(abs(one - other) <= slack for one, other in pairs)
