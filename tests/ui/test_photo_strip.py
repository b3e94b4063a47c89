"""The column of open photos, with real clicks and keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot
from queued import Queue, colours, desk_with, host, menu_of, plain, queue, row_at, sheet

from adir_desktop.ui.desk import Badge, Desk
from adir_desktop.ui.photo_strip import PhotoStrip
from adir_desktop.ui.theme import ACCENT, ERROR

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def desk() -> Desk:
    return desk_with("a.png", "b.png", "c.png")


@pytest.fixture
def runs() -> Iterator[Queue]:
    with queue() as one:
        yield one


@pytest.fixture
def strip(qtbot: QtBot, desk: Desk, runs: Queue) -> PhotoStrip:
    """Choosing a photo puts it on the canvas, as the window does."""
    strip = PhotoStrip(desk)
    strip.watch(runs.runs)
    strip.chosen.connect(lambda one: desk.put(desk.sheet(one), desk.sheet(one).picture))
    strip.remove_wanted.connect(desk.close)
    host(qtbot, strip)
    return strip


def corner(strip: PhotoStrip, row: int) -> QRect:
    """Where the badge of a tile is."""
    area = strip.list.visualRect(strip.model.index(row))
    return QRect(area.center() + QPoint(15, -44), QSize(26, 26))


def test_a_click_puts_another_photo_on_the_canvas(strip: PhotoStrip, desk: Desk) -> None:
    assert desk.current is sheet(desk, "c.png")
    QTest.mouseClick(strip.list.viewport(), LEFT, pos=row_at(strip.list, 0))
    assert desk.current is sheet(desk, "a.png")


def test_arrow_keys_choose_and_the_frame_follows(strip: PhotoStrip, desk: Desk) -> None:
    strip.list.setFocus()
    where = strip.list.visualRect(strip.model.index(1))
    assert ACCENT not in colours(strip.list.viewport(), where)
    QTest.keyClick(strip.list, Qt.Key.Key_Up)
    assert desk.current is sheet(desk, "b.png")
    assert ACCENT in colours(strip.list.viewport(), where)
    QTest.keyClick(strip.list, Qt.Key.Key_Home)
    assert desk.current is sheet(desk, "a.png")
    assert ACCENT not in colours(strip.list.viewport(), where)


def test_the_keyboard_stands_on_the_photo_that_was_chosen_elsewhere(strip: PhotoStrip, desk: Desk) -> None:
    first = sheet(desk, "a.png")
    desk.put(first, first.picture)
    strip.list.setFocus()
    QTest.keyClick(strip.list, Qt.Key.Key_Down)
    assert desk.current is sheet(desk, "b.png")


def test_delete_takes_a_photo_off_the_list(strip: PhotoStrip, desk: Desk) -> None:
    strip.list.setFocus()
    QTest.keyClick(strip.list, Qt.Key.Key_Delete)
    assert [one.name for one in desk.sheets] == ["a.png", "b.png"]
    assert strip.model.rowCount() == 2


def test_the_menu_offers_to_queue_the_photo(strip: PhotoStrip, desk: Desk, qtbot: QtBot) -> None:
    strip.list.setFocus()
    wanted: list[str] = []
    strip.queue_wanted.connect(wanted.append)
    menu = menu_of(qtbot, strip.list, 1)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert wanted == [sheet(desk, "b.png").id]
    qtbot.waitUntil(lambda: not strip.list.findChildren(QMenu))


def test_plus_asks_for_more_photos(strip: PhotoStrip, qtbot: QtBot) -> None:
    with qtbot.waitSignal(strip.open_wanted):
        QTest.mouseClick(strip.add, LEFT)
    assert strip.add.accessibleName()


def test_thumbnails_are_drawn(strip: PhotoStrip, desk: Desk) -> None:
    sheet(desk, "a.png").thumbnail = plain("#00c000")
    strip.list.viewport().update()
    middle = strip.list.visualRect(strip.model.index(0)).center() - QPoint(2, 16)
    assert colours(strip.list.viewport(), QRect(middle, QSize(4, 4))) == {"#00c000"}


@pytest.mark.parametrize(
    ("badge", "colour"),
    [(Badge.DONE, ACCENT), (Badge.FAILED, ERROR), (Badge.WAITING, "#ffffff"), (Badge.RUNNING, "#ffffff")],
)
def test_each_badge_has_its_sign(strip: PhotoStrip, desk: Desk, badge: Badge, colour: str) -> None:
    assert colour not in colours(strip.list.viewport(), corner(strip, 0))
    desk.mark(sheet(desk, "a.png").id, badge)
    assert colour in colours(strip.list.viewport(), corner(strip, 0))


def test_the_ring_closes_as_the_run_goes_on(strip: PhotoStrip, desk: Desk, runs: Queue, qtbot: QtBot) -> None:
    first = sheet(desk, "a.png")
    desk.mark(first.id, Badge.RUNNING)

    def white() -> int:
        image = strip.list.viewport().grab(corner(strip, 0)).toImage()
        spots = [image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())]
        return spots.count("#ffffff")

    before = white()
    run = runs.endless("a.png", sheet=first.id)
    qtbot.waitUntil(lambda: runs.runs.runs[0].share > 0.25)
    assert white() > before + 5
    runs.runs.stop(run)
    qtbot.waitUntil(lambda: runs.states == ["stopped"])


def test_tooltips_tell_path_size_and_state(strip: PhotoStrip, desk: Desk) -> None:
    desk.mark(sheet(desk, "a.png").id, Badge.WAITING)
    tip = strip.model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert tip.splitlines() == ["/photos/a.png", "40 × 30 pixels", "waiting in the queue"]
    spoken = strip.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("a.png, 40 × 30 pixels")
