"""The window that shows a similar photo large."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from neighbours import (
    ALBUM,
    COLOURS,
    HOLIDAYS,
    colour_at,
    dress,
    found,
    near,
    picture,
    session_with,
    show_found,
)
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from adir_desktop.contract import Finished
from adir_desktop.errors import PhotoError
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.neighbour_view import NeighbourView
from adir_desktop.ui.ports import Events
from adir_desktop.ui.session import Session

LEFT = Qt.MouseButton.LeftButton
REST = 400  # ms on a photo before it is asked for: long enough for a busy machine
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class Stage:
    """The window, open on the second of four photos. wanted: the photos it asked for."""

    def __init__(self, qtbot: QtBot) -> None:
        self.session: Session = session_with(ALBUM, HOLIDAYS)
        show_found(self.session, found(4))
        self.jobs = Jobs()
        self.wanted: list[Path] = []
        self.view = NeighbourView(self.session)
        qtbot.addWidget(self.view)
        self.view.watch(self.jobs)
        self.view._rest.setInterval(REST)
        self.view.photo_wanted.connect(self.wanted.append)
        with qtbot.waitExposed(self.view):
            self.view.open(self.session.found.items[1])

    def centre(self) -> QPoint:
        return self.view.viewer.rect().center()

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.view, key)


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    built = Stage(qtbot)
    yield built
    built.view.close()
    built.jobs.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_thumbnail_is_there_at_once_and_the_photo_takes_its_place(
    qapp: QApplication, qtbot: QtBot, scheme: str
) -> None:
    undress = dress(qapp, scheme)
    try:
        stage = Stage(qtbot)
        view = stage.view
        assert near(colour_at(view.viewer, stage.centre()), COLOURS[1])
        assert view.note.text() == "Opening the photo …"
        qtbot.waitUntil(lambda: stage.wanted == [Path("/photos/1.jpg")])
        view.show_photo(Path("/photos/1.jpg"), picture("#806040"))
        assert near(colour_at(view.viewer, stage.centre()), "#806040")
        assert view.note.text() == ""
        assert view.windowTitle() == "1.jpg"
        view.close()
    finally:
        undress()


def test_leafing_through_opens_only_the_photo_that_is_rested_on(stage: Stage, qtbot: QtBot) -> None:
    stage.key(Qt.Key.Key_Right)
    stage.key(Qt.Key.Key_Right)
    assert near(colour_at(stage.view.viewer, stage.centre()), COLOURS[3])
    stage.key(Qt.Key.Key_Right)  # round in a circle
    assert stage.view.place.text() == "1 of 4"
    stage.key(Qt.Key.Key_Left)
    assert stage.wanted == []
    qtbot.waitUntil(lambda: bool(stage.wanted))
    assert stage.wanted == [Path("/photos/3.jpg")]


def test_the_buttons_leaf_too(stage: Stage) -> None:
    QTest.mouseClick(stage.view.after, LEFT)
    assert stage.view.item.id == "id2"
    QTest.mouseClick(stage.view.before, LEFT)
    QTest.mouseClick(stage.view.before, LEFT)
    assert stage.view.item.id == "id0"


def test_an_answer_that_comes_late_is_ignored(stage: Stage) -> None:
    stage.key(Qt.Key.Key_Right)
    stage.view.show_photo(Path("/photos/1.jpg"), picture())
    assert near(colour_at(stage.view.viewer, stage.centre()), COLOURS[2])
    assert stage.view.note.text() == "Opening the photo …"


def test_it_is_switched_by_the_space_bar_and_by_the_mouse(stage: Stage) -> None:
    stage.key(Qt.Key.Key_Space)
    assert not stage.session.found.items[1].included
    assert "switched off" in stage.view.about.text()
    box = stage.view.use
    QTest.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))
    assert stage.session.found.items[1].included
    stage.session.include("id1", included=False)
    assert not box.isChecked()


def test_what_is_known_of_it_is_told(stage: Stage) -> None:
    assert "similarity 0.949 · from Holidays" in stage.view.about.text()
    assert not stage.view.page.isVisible()
    stage.key(Qt.Key.Key_Right)
    assert "Ann Lee · CC BY 2.0" in stage.view.about.text()
    assert stage.view.page.isVisible()


def test_a_photo_that_cannot_be_opened_leaves_its_thumbnail(stage: Stage, qtbot: QtBot) -> None:
    def look() -> Events:
        raise PhotoError("It is gone.")
        yield Finished(None)

    stage.view.photo_wanted.connect(lambda _: stage.jobs.start("look", look, heard=False))
    qtbot.waitUntil(lambda: "cannot be opened" in stage.view.note.text())
    assert near(colour_at(stage.view.viewer, stage.centre()), COLOURS[1])


def test_more_like_it(stage: Stage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(stage.view.like_wanted) as asked:
        QTest.mouseClick(stage.view.like, LEFT)
    assert asked.args[0].id == "id1"


def test_escape_closes_it_and_nothing_is_asked_for_any_more(stage: Stage) -> None:
    stage.key(Qt.Key.Key_Escape)
    assert not stage.view.isVisible()
    QTest.qWait(REST + 100)
    assert stage.wanted == []
    assert stage.view.viewer.levels is None


def test_it_closes_when_other_photos_are_found(stage: Stage) -> None:
    show_found(stage.session, found(3, "roof"))
    assert stage.view.isVisible()  # it is among these too
    show_found(stage.session, found(1))
    assert not stage.view.isVisible()


def test_it_zooms_by_keys(stage: Stage) -> None:
    before = stage.view.viewer.view.zoom
    QTest.keyClicks(stage.view.viewer, "+")
    assert stage.view.viewer.view.zoom > before
    stage.key(Qt.Key.Key_0)
    assert stage.view.viewer.view.zoom == pytest.approx(before)
