"""The gallery alone: what is painted, and what the mouse, the keys and drops do to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from neighbours import (
    ALBUM,
    COLOURS,
    HOLIDAYS,
    PHOTO,
    colour_at,
    drag_over,
    dress,
    drop,
    found,
    near,
    neighbour,
    session_with,
    show_found,
)
from PySide6.QtCore import QModelIndex, QObject, QPoint, QPointF, Qt, QUrl, Slot
from PySide6.QtGui import QContextMenuEvent, QDesktopServices, QDragLeaveEvent, QShortcut, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from adir_desktop.contract import Finished, NeighbourSet
from adir_desktop.ui.gallery import Gallery
from adir_desktop.ui.gallery_tile import ROW
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.ports import Events
from adir_desktop.ui.session import Session

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
CONTROL = Qt.KeyboardModifier.ControlModifier
# the offscreen platform has no size hints, stacking or grabs and says so
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class Stage:
    """A gallery in a window of its own."""

    def __init__(self, qtbot: QtBot) -> None:
        self.session = session_with(ALBUM, HOLIDAYS)
        self.jobs = Jobs()
        self.host = QWidget()
        qtbot.addWidget(self.host)
        self.gallery = Gallery(self.session)
        self.gallery.watch(self.jobs)
        layout = QVBoxLayout(self.host)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.gallery)
        self.host.resize(900, self.gallery.sizeHint().height())
        with qtbot.waitExposed(self.host):
            self.host.show()
        self.host.activateWindow()
        self.list = self.gallery.list
        self.area = self.list.viewport()
        self._qtbot = qtbot

    def find(self, count: int = 6) -> None:
        """As a search ends; until all that is in sight is painted."""
        show_found(self.session, found(count))
        self.settle()

    def settle(self) -> None:
        self.host.grab()
        thumbnails = self.gallery.model.thumbnails
        self._qtbot.waitUntil(lambda: not thumbnails.waiting)

    def index(self, row: int) -> QModelIndex:
        return self.gallery.model.index(row)

    def centre(self, row: int) -> QPoint:
        return self.list.visualRect(self.index(row)).center()

    def click(self, row: int) -> None:
        QTest.mouseClick(self.area, LEFT, pos=self.centre(row))

    def included(self) -> list[int]:
        return [row for row, item in enumerate(self.session.found.items) if item.included]


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    built = Stage(qtbot)
    yield built
    built.gallery.large.close()
    built.gallery.menu.close()
    built.jobs.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_tiles_show_their_photos_and_fade_when_switched_off(
    qapp: QApplication, qtbot: QtBot, scheme: str
) -> None:
    undress = dress(qapp, scheme)
    try:
        stage = Stage(qtbot)
        stage.find(4)
        for row in range(4):
            assert near(colour_at(stage.area, stage.centre(row)), COLOURS[row])
        ground = colour_at(stage.area, QPoint(stage.area.width() - 10, stage.area.height() // 2))
        assert (ground.lightness() < 90) == (scheme == "dark")
        stage.click(1)
        faint = colour_at(stage.area, stage.centre(1))
        assert not near(faint, COLOURS[1], 60)
        assert abs(faint.green() - ground.green()) < 90
    finally:
        undress()


def test_a_click_switches_a_photo_off_and_on(stage: Stage) -> None:
    stage.find(4)
    stage.click(2)
    assert stage.included() == [0, 1, 3]
    assert stage.gallery.search.count.text() == "3 of 4 on"
    stage.click(2)
    assert stage.included() == [0, 1, 2, 3]


def test_a_press_that_ends_elsewhere_is_no_click(stage: Stage) -> None:
    stage.find(4)
    QTest.mousePress(stage.area, LEFT, pos=stage.centre(0))
    QTest.mouseRelease(stage.area, LEFT, pos=stage.centre(2))
    QTest.mouseClick(stage.area, RIGHT, pos=stage.centre(1))
    assert stage.included() == [0, 1, 2, 3]


def test_keys_move_and_switch(stage: Stage) -> None:
    stage.find(4)
    stage.list.setFocus()
    stage.list.setCurrentIndex(stage.index(0))
    QTest.keyClick(stage.list, Qt.Key.Key_Right)
    QTest.keyClick(stage.list, Qt.Key.Key_Space)
    assert stage.included() == [0, 2, 3]
    QTest.keyClick(stage.list, Qt.Key.Key_End)
    QTest.keyClick(stage.list, Qt.Key.Key_Space)
    assert stage.included() == [0, 2]


def test_all_and_none(stage: Stage) -> None:
    stage.find(4)
    QTest.mouseClick(stage.gallery.search.all_off, LEFT)
    assert stage.included() == []
    QTest.mouseClick(stage.gallery.search.all_on, LEFT)
    assert stage.included() == [0, 1, 2, 3]


def test_a_double_click_opens_it_large_and_switches_nothing(stage: Stage) -> None:
    stage.find(4)
    stage.click(1)
    QTest.mouseDClick(stage.area, LEFT, pos=stage.centre(1))  # the second press
    QTest.mouseRelease(stage.area, LEFT, pos=stage.centre(1))
    assert stage.gallery.large.isVisible()
    assert stage.gallery.large.item.id == "id1"
    assert stage.included() == [0, 1, 2, 3]


def test_the_keys_of_a_photo_win_over_the_windows_shortcuts(stage: Stage, qtbot: QtBot) -> None:
    stage.find(4)
    for keys in ("Space", "Return", "Ctrl+Return", "Del"):
        shortcut = QShortcut(keys, stage.host)
        shortcut.activated.connect(lambda: pytest.fail("the window took the key"))
    stage.list.setFocus()
    stage.list.setCurrentIndex(stage.index(2))
    QTest.keyClick(stage.list, Qt.Key.Key_Space)
    assert stage.included() == [0, 1, 3]
    with qtbot.waitSignal(stage.gallery.like_wanted) as like:
        QTest.keyClick(stage.list, Qt.Key.Key_Return, CONTROL)
    assert like.args == [Path("/photos/2.jpg")]
    stage.list.setCurrentIndex(stage.index(0))
    with qtbot.waitSignal(stage.gallery.restore_wanted):
        QTest.keyClick(stage.list, Qt.Key.Key_Delete)
    assert stage.included() == [1, 3]
    QTest.keyClick(stage.list, Qt.Key.Key_Return)
    assert stage.gallery.large.isVisible()


def open_menu(stage: Stage, row: int) -> list[str]:
    """By the right button; what it offers."""
    where = stage.centre(row)
    reason = QContextMenuEvent.Reason.Mouse
    event = QContextMenuEvent(reason, where, stage.area.mapToGlobal(where), Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(stage.area, event)
    assert stage.gallery.menu.isVisible()
    actions = stage.gallery.menu.actions()
    return [action.text() for action in actions if action.isVisible() and not action.isSeparator()]


def test_the_menu_offers_what_can_be_done_with_a_photo(stage: Stage) -> None:
    stage.find(4)
    words = ["Do not use", "Restore without this one", "Leave out for good", "More like this", "Open large"]
    words.append("Show in folder")
    assert open_menu(stage, 0) == [*words, "Open its page"]
    QTest.keyClick(stage.gallery.menu, Qt.Key.Key_Down)
    QTest.keyClick(stage.gallery.menu, Qt.Key.Key_Return)
    assert stage.included() == [1, 2, 3]
    assert open_menu(stage, 0)[0] == "Use"
    stage.gallery.menu.close()
    assert open_menu(stage, 1) == words  # it was published nowhere


def test_restoring_without_one(stage: Stage, qtbot: QtBot) -> None:
    stage.find(4)
    open_menu(stage, 3)
    with qtbot.waitSignal(stage.gallery.restore_wanted):
        stage.gallery.menu.without.trigger()
    assert stage.included() == [0, 1, 2]


def test_the_menu_key_opens_it_for_the_current_photo(stage: Stage) -> None:
    stage.find(4)
    stage.list.setFocus()
    stage.list.setCurrentIndex(stage.index(1))
    reason = QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(stage.area, QContextMenuEvent(reason, QPoint(2, 2), QPoint(2, 2)))
    stage.gallery.menu.use.trigger()
    assert stage.included() == [0, 2, 3]


class Opened(QObject):
    """What the desktop was asked to open."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.urls.append(url.toString())


def test_its_folder_and_page_are_opened_by_the_desktop(stage: Stage) -> None:
    stage.find(4)
    opened = Opened()
    for scheme in ("file", "https"):
        QDesktopServices.setUrlHandler(scheme, opened, "take")
    try:
        for action in (stage.gallery.menu.folder, stage.gallery.menu.page):
            open_menu(stage, 2)
            action.trigger()
            stage.gallery.menu.close()
    finally:
        for scheme in ("file", "https"):
            QDesktopServices.unsetUrlHandler(scheme)
    assert opened.urls == ["file:///photos", "https://example.org/photo"]


def test_words_are_searched_for_and_the_photo_can_be_gone_back_to(stage: Stage, qtbot: QtBot) -> None:
    search = stage.gallery.search
    assert search.find_button.text() == "Find"
    search.words.setFocus()
    QTest.keyClicks(search.words, "  ")
    QTest.keyClick(search.words, Qt.Key.Key_Return)  # nothing is asked for
    with qtbot.waitSignal(stage.gallery.words_wanted) as asked:
        QTest.keyClicks(search.words, "red roof ")
        QTest.keyClick(search.words, Qt.Key.Key_Return)
    assert asked.args == ["red roof"]
    show_found(stage.session, found(3, "red roof"))
    assert search.title.text() == "Photos for “red roof”"
    assert search.find_button.text() == "Similar to the photo"
    with qtbot.waitSignal(stage.gallery.find_wanted):
        QTest.mouseClick(search.find_button, LEFT)
    assert search.words.text() == ""
    show_found(stage.session, found(3))
    assert search.title.text() == "Similar photos"
    assert search.find_button.text() == "Find"


def test_more_like_one_names_it(stage: Stage) -> None:
    show_found(stage.session, found(3, "/photos/7.jpg"))
    assert stage.gallery.search.title.text() == "Photos like 7.jpg"


def test_while_something_is_looked_for_no_other_search_begins(stage: Stage, qtbot: QtBot) -> None:
    go_on = threading.Event()

    def find() -> Events:
        go_on.wait(10)
        yield Finished(found(2))

    stage.jobs.happened.connect(stage.session.hear)
    stage.jobs.start("find", find)
    search = stage.gallery.search
    assert search.count.text() == "Looking …"
    assert not search.words.isEnabled()
    assert not search.find_button.isEnabled()
    go_on.set()
    qtbot.waitUntil(lambda: not stage.jobs.has("find") and search.words.isEnabled())
    assert search.count.text() == "2 of 2 on"


def test_where_they_are_from_is_told(stage: Stage) -> None:
    items = (neighbour(0, ""), neighbour(1, "Album"), neighbour(2), neighbour(3))
    show_found(stage.session, NeighbourSet("Album, Holidays", "starter", str(PHOTO), items))
    assert stage.gallery.search.origin.text() == "from Album, Holidays, your own photos"
    stage.list.setCurrentIndex(stage.index(2))
    details = "2.jpg · similarity 0.948 · from Holidays · Ann Lee · CC BY 2.0 · used for adapting"
    assert stage.gallery.details.text() == details
    tooltip = stage.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert tooltip.splitlines()[:3] == ["0.jpg", "similarity 0.950", "your own photo"]


def test_files_dragged_over_it_are_welcome_and_become_references(stage: Stage, qtbot: QtBot) -> None:
    stage.find(4)
    paths = (Path("/photos/a.png"), Path("/photos/b.jpg"))
    before = stage.gallery.grab().toImage()
    event, data = drag_over(stage.area, *paths)
    assert event.isAccepted()
    assert stage.gallery.grab().toImage() != before
    QApplication.sendEvent(stage.area, QDragLeaveEvent())
    assert stage.gallery.grab().toImage() == before
    _, data = drag_over(stage.area, *paths)
    with qtbot.waitSignal(stage.gallery.references_wanted) as asked:
        drop(stage.area, data)
    assert asked.args == [paths]
    assert stage.gallery.grab().toImage() == before


def test_folders_are_left_to_the_window(stage: Stage, tmp_path: Path) -> None:
    event, _ = drag_over(stage.gallery, tmp_path)
    assert not event.isAccepted()


def test_own_photos_come_first_and_the_current_one_stays(stage: Stage) -> None:
    stage.find(4)
    stage.list.setCurrentIndex(stage.index(1))
    stage.session.add_references((neighbour(9, ""),))
    assert stage.index(0).data() == "0.94"
    assert stage.list.current.id == "id1"
    assert stage.list.currentIndex().row() == 2
    assert stage.gallery.search.count.text() == "5 of 5 on"


def test_adding_photos_by_a_file_dialog_is_offered(stage: Stage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(stage.gallery.references_file_wanted):
        QTest.mouseClick(stage.gallery.search.add_button, LEFT)


def rows(stage: Stage) -> list[int]:
    """How many tiles stand beside each other, row by row."""
    tops = [stage.list.visualRect(stage.index(row)).top() for row in range(stage.gallery.model.rowCount())]
    return [tops.count(top) for top in sorted(set(tops))]


def test_one_row_scrolls_sideways_by_the_wheel(stage: Stage) -> None:
    stage.find(40)
    assert rows(stage) == [40]
    bar = stage.list.horizontalScrollBar()
    where = QPointF(50, 50)
    event = QWheelEvent(
        where,
        stage.area.mapToGlobal(where),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,  # Qt's own signature
    )
    QApplication.sendEvent(stage.area, event)
    assert bar.value() > 0
    stage.list.setFocus()
    stage.list.setCurrentIndex(stage.index(39))
    assert bar.value() > bar.maximum() - ROW // 2


def test_higher_it_has_more_rows_that_fill_the_width(stage: Stage, qtbot: QtBot) -> None:
    stage.find(40)
    stage.host.resize(900, 520)
    qtbot.waitUntil(lambda: len(rows(stage)) > 1)
    assert rows(stage) == [8, 8, 8, 8, 8]
    right = max(stage.list.visualRect(stage.index(row)).right() for row in range(8))
    assert stage.area.width() - ROW // 2 < right <= stage.area.width()
    stage.host.resize(660, 520)
    qtbot.waitUntil(lambda: rows(stage)[0] == 5)
    assert stage.list.horizontalScrollBar().maximum() == 0
    assert stage.host.width() == 660  # the line above is no wider than that
    stage.host.resize(900, 180)
    qtbot.waitUntil(lambda: rows(stage) == [40])


def test_in_a_narrow_window_buttons_keep_their_names(stage: Stage, qtbot: QtBot) -> None:
    stage.find(4)
    stage.host.resize(560, 200)
    search = stage.gallery.search
    qtbot.waitUntil(lambda: search.find_button.text() == "")
    assert stage.host.width() == 560
    assert search.find_button.accessibleName() == "Find"
    stage.host.resize(900, 200)
    qtbot.waitUntil(lambda: search.find_button.text() == "Find")


def test_only_what_is_in_sight_is_decoded(stage: Stage) -> None:
    stage.find(500)
    thumbnails = stage.gallery.model.thumbnails
    assert 8 <= len(thumbnails) <= 12
    stage.list.scrollToBottom()
    stage.list.setCurrentIndex(stage.index(499))
    stage.settle()
    assert 16 <= len(thumbnails) <= 24
    assert near(colour_at(stage.area, stage.centre(499)), COLOURS[499 % len(COLOURS)])


def test_it_is_there_only_for_similar_photos(stage: Stage) -> None:
    assert stage.gallery.isVisible()
    stage.session.change(replace(stage.session.values, adapt="self"))
    assert not stage.gallery.isVisible()


def test_what_is_missing_is_said(stage: Stage, qtbot: QtBot) -> None:
    hint = stage.gallery.hint
    assert hint.isVisible()
    assert "most like this one" in hint.text()
    show_found(stage.session, NeighbourSet("Album", "starter", "roof", ()))
    assert "Nothing like that" in hint.text()
    stage.session.change(replace(stage.session.values, sources=()))
    assert "No library" in hint.text()
    assert not stage.gallery.search.find_button.isEnabled()
    stage.find(2)
    assert not hint.isVisible()


def test_everything_that_can_be_operated_has_a_name(stage: Stage) -> None:
    stage.find(4)
    nameless = [
        part
        for part in stage.gallery.findChildren(QWidget)
        if part.isVisible()
        and part.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not part.accessibleName()
        and not (isinstance(part, QAbstractButton) and part.text())
    ]
    assert nameless == []
    spoken = stage.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "0.jpg" in spoken
    assert "similarity 0.950" in spoken


def test_tab_reaches_the_photos_and_goes_on(stage: Stage) -> None:
    stage.find(4)
    seen: set[QWidget] = set()
    stage.gallery.search.words.setFocus()
    for _ in range(12):
        seen.add(QApplication.focusWidget())
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    search = stage.gallery.search
    assert {stage.list, search.words, search.all_on, search.all_off, search.find_button} <= seen


def test_without_a_photo_nothing_can_be_dropped(qtbot: QtBot) -> None:
    gallery = Gallery(Session())
    qtbot.addWidget(gallery)
    gallery.watch(Jobs(gallery))
    event, _ = drag_over(gallery, Path("/photos/a.png"))
    assert not event.isAccepted()
