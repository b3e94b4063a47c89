"""The dialog of the photo libraries."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from neighbours import ALBUM, HOLIDAYS, dress, found, session_with, show_found
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDoubleSpinBox,
    QStyle,
    QStyleOptionViewItem,
    QWidget,
)
from pytestqt.qtbot import QtBot

from adir_desktop.contract import Finished, LibraryInfo, Progress, Source
from adir_desktop.errors import LibraryError
from adir_desktop.model_info import ModelInfo, ModelOffer
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.libraries_dialog import LibrariesDialog
from adir_desktop.ui.libraries_model import MOST_FAILED, Column, ago
from adir_desktop.ui.ports import Events
from adir_desktop.ui.stock import Stock
from adir_desktop.ui.theme import ACCENT

LEFT = Qt.MouseButton.LeftButton
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class Stage:
    """The dialog, open. go_on lets the running job end."""

    def __init__(self, qtbot: QtBot, *libraries: LibraryInfo) -> None:
        self.session = session_with(*libraries)
        self.jobs = Jobs()
        self.jobs.happened.connect(self.session.hear)
        self.dialog = LibrariesDialog(self.session)
        qtbot.addWidget(self.dialog)
        self.stock = Stock()
        self.dialog.watch(self.jobs, self.stock)
        self.table = self.dialog.table
        self.go_on = threading.Event()
        with qtbot.waitExposed(self.dialog):
            self.dialog.show()
        self.dialog.activateWindow()

    def texts(self, row: int) -> list[str]:
        return [self.dialog.model.index(row, column).data() for column in range(len(Column))]

    def where(self, row: int, column: Column) -> QPoint:
        return self.table.visualRect(self.dialog.model.index(row, column)).center()

    def choose(self, row: int) -> None:
        QTest.mouseClick(self.table.viewport(), LEFT, pos=self.where(row, Column.PHOTOS))

    def double_click(self, row: int, column: Column) -> None:
        for press in (QTest.mouseClick, QTest.mouseDClick):
            press(self.table.viewport(), LEFT, pos=self.where(row, column))

    def check_box(self, row: int) -> QPoint:
        """Where the mark of a row is."""
        index = self.dialog.model.index(row, Column.NAME)
        option = QStyleOptionViewItem()
        option.initFrom(self.table)
        option.rect = self.table.visualRect(index)
        option.features |= QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator
        element = QStyle.SubElement.SE_ItemViewItemCheckIndicator
        return self.table.style().subElementRect(element, option, self.table).center()

    def indexing(self, library: LibraryInfo) -> Events:
        yield Progress("index", 3, 12)
        self.go_on.wait(10)
        yield Finished(library)


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    built = Stage(qtbot, ALBUM, HOLIDAYS)
    yield built
    built.go_on.set()
    built.dialog.close()
    built.jobs.close()


def test_libraries_are_listed_in_a_persons_words(stage: Stage) -> None:
    assert stage.texts(0)[:3] == ["Album", "12", "90 kB"]
    assert stage.texts(1)[:5] == ["Holidays", "12,431", "48 MB", "never", "2"]
    assert "/mnt/disk" in stage.texts(1)[Column.FOLDERS]


def test_a_check_mark_uses_a_library_or_not(stage: Stage) -> None:
    show_found(stage.session, found(2))
    QTest.mouseClick(stage.table.viewport(), LEFT, pos=stage.check_box(0))
    assert stage.session.values.sources == (Source("Holidays"),)
    assert stage.session.found is None  # it was of other libraries
    assert stage.texts(0)[Column.WEIGHT] == "–"
    stage.table.setCurrentIndex(stage.dialog.model.index(0, Column.NAME))
    stage.table.setFocus()
    QTest.keyClick(stage.table, Qt.Key.Key_Space)
    assert stage.session.values.sources == (Source("Holidays"), Source("Album"))


def test_a_weight_is_edited_in_its_cell(stage: Stage, qtbot: QtBot) -> None:
    stage.double_click(1, Column.WEIGHT)
    (field,) = stage.table.findChildren(QDoubleSpinBox)
    field.selectAll()
    QTest.keyClicks(field, "2.5")
    QTest.keyClick(field, Qt.Key.Key_Return)
    wanted = (Source("Album"), Source("Holidays", 2.5))
    qtbot.waitUntil(lambda: stage.session.values.sources == wanted)
    assert stage.texts(1)[Column.WEIGHT] == "2.5"


def test_an_unused_library_has_no_weight_to_edit(stage: Stage) -> None:
    stage.session.change(replace(stage.session.values, sources=(Source("Album"),)))
    stage.double_click(1, Column.WEIGHT)
    assert stage.table.findChildren(QDoubleSpinBox) == []


def test_files_that_could_not_be_read_are_listed_and_can_be_copied(stage: Stage) -> None:
    failed = stage.dialog.failed
    assert not failed.isVisible()
    stage.choose(1)
    assert failed.isVisible()
    assert "2 files" in failed.title.text()
    assert failed.model.index(0, 0).data() == "cut.jpg"
    QTest.mouseClick(failed.copy, LEFT)
    lines = ["/photos/holidays/cut.jpg: It is cut short.", "/photos/holidays/b.cr2: It is RAW."]
    assert QGuiApplication.clipboard().text().splitlines() == lines
    where = failed.table.visualRect(failed.model.index(1, 1)).center()
    QTest.mouseClick(failed.table.viewport(), LEFT, pos=where)
    QTest.keyClick(failed.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == lines[1]


def test_removing_is_asked_about_in_the_dialog_itself(stage: Stage, qtbot: QtBot) -> None:
    stage.choose(1)
    QTest.mouseClick(stage.dialog.remove, LEFT)
    question = stage.dialog.question
    assert question.isVisible()
    assert "“Holidays”" in question.words.text()
    assert "stay where they are" in question.words.text()
    QTest.keyClick(stage.dialog, Qt.Key.Key_Escape)
    assert not question.isVisible()
    assert stage.dialog.isVisible()
    QTest.mouseClick(stage.dialog.remove, LEFT)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)  # on Keep
    assert not question.isVisible()
    QTest.mouseClick(stage.dialog.remove, LEFT)
    with qtbot.waitSignal(stage.dialog.remove_wanted) as asked:
        QTest.mouseClick(question.yes, LEFT)
    assert asked.args == ["Holidays"]
    assert stage.texts(1)[Column.UPDATED] == "Removing …"
    stage.session.forget_library("Holidays")
    assert stage.dialog.model.rowCount() == 1
    assert stage.dialog.current == ALBUM


def test_enter_keeps_the_library(stage: Stage, qtbot: QtBot) -> None:
    stage.choose(1)
    QTest.mouseClick(stage.dialog.remove, LEFT)
    with qtbot.assertNotEmitted(stage.dialog.remove_wanted):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        stage.table.setFocus()
        QTest.mouseClick(stage.dialog.remove, LEFT)
        stage.table.setFocus()
        QTest.keyClick(stage.table, Qt.Key.Key_Return)
    assert not stage.dialog.question.isVisible()


def test_another_library_takes_back_the_question(stage: Stage) -> None:
    stage.choose(1)
    QTest.mouseClick(stage.dialog.remove, LEFT)
    stage.choose(0)
    assert not stage.dialog.question.isVisible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_update_shows_its_progress_in_the_row(qapp: QApplication, qtbot: QtBot, scheme: str) -> None:
    undress = dress(qapp, scheme)
    stage = Stage(qtbot, ALBUM, HOLIDAYS)
    try:
        stage.choose(1)
        dialog = stage.dialog
        new = replace(HOLIDAYS, photos=12_440, failed=())
        dialog.update_wanted.connect(lambda _: stage.jobs.start("index", lambda: stage.indexing(new)))
        assert not dialog.stop.isVisible()
        with qtbot.waitSignal(dialog.update_wanted) as asked:
            QTest.mouseClick(dialog.update_button, LEFT)
        assert asked.args == ["Holidays"]
        qtbot.waitUntil(lambda: stage.texts(1)[Column.UPDATED] == "3 of 12 photos")
        assert stage.texts(0)[Column.UPDATED] != "3 of 12 photos"
        assert dialog.stop.isVisible()
        assert not dialog.update_button.isEnabled()
        stage.choose(0)
        assert 0.15 < accent_share(stage, 1) < 0.35
        stage.go_on.set()
        qtbot.waitUntil(lambda: not dialog.stop.isVisible())
        assert stage.texts(1)[1] == "12,440"
        assert accent_share(stage, 1) == 0
    finally:
        stage.go_on.set()
        stage.dialog.close()
        stage.jobs.close()
        undress()


def accent_share(stage: Stage, row: int) -> float:
    """How much of the cell's width the bar fills."""
    area = stage.table.visualRect(stage.dialog.model.index(row, Column.UPDATED))
    image: QImage = stage.table.viewport().grab(area).toImage()
    accent = QColor(ACCENT)
    columns = [
        x
        for x in range(image.width())
        if any(image.pixelColor(x, y) == accent for y in range(image.height() - 8, image.height()))
    ]
    return len(columns) / image.width()


def test_a_running_job_can_be_stopped(stage: Stage, qtbot: QtBot) -> None:
    stage.jobs.start("index", lambda: stage.indexing(ALBUM))
    with qtbot.waitSignal(stage.dialog.stop_wanted):
        QTest.mouseClick(stage.dialog.stop, LEFT)
    stage.jobs.stop("index")
    stage.go_on.set()
    qtbot.waitUntil(lambda: not stage.dialog.stop.isVisible())
    assert stage.texts(0)[Column.UPDATED] != "3 of 12 photos"


def test_a_new_folder_has_a_row_while_it_is_looked_through(stage: Stage, qtbot: QtBot) -> None:
    summer = LibraryInfo("Summer", ALBUM.folders, "starter", 3, 900, "")
    stage.choose(1)
    dialog = stage.dialog
    dialog.add_wanted.connect(lambda: stage.jobs.start("index", lambda: stage.indexing(summer)))
    QTest.mouseClick(dialog.add, LEFT)
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 3)
    qtbot.waitUntil(lambda: stage.texts(2)[Column.UPDATED] == "3 of 12 photos")
    assert stage.texts(2)[Column.NAME] == "New library"
    assert dialog.current == HOLIDAYS  # it stays chosen
    dialog.close()  # it goes on in the background
    stage.go_on.set()
    qtbot.waitUntil(lambda: "Summer" in [stage.texts(row)[0] for row in range(dialog.model.rowCount())])
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 3)


def test_a_failed_update_leaves_the_row_as_it_was(stage: Stage, qtbot: QtBot) -> None:
    def fail() -> Events:
        yield Progress("index", 1, 2)
        raise LibraryError("Its drive is not connected.", "Connect it.")

    before = stage.texts(0)
    stage.dialog.model.expect("Album")
    with qtbot.waitSignal(stage.jobs.failed):
        stage.jobs.start("index", fail)
    qtbot.waitUntil(lambda: not stage.jobs.engine)
    assert stage.texts(0) == before


def test_without_any_library_it_says_what_to_do(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    assert not stage.table.isVisible()
    with qtbot.waitSignal(stage.dialog.add_wanted):
        QTest.mouseClick(stage.dialog.first, LEFT)
    stage.session.hear(Finished(ALBUM))
    assert stage.table.isVisible()
    assert stage.dialog.current == ALBUM
    stage.dialog.close()


MODELS = Path("/models")
DENOISER = ModelInfo("starter-denoiser", "Starter denoiser", "", "", MODELS, 7, embedded=True)
USUAL = ModelInfo("starter-encoder", "Starter encoder", "", "", MODELS, 14, embedded=True, encoder="starter")
SIGLIP = ModelInfo("siglip", "SigLIP 2", "", "", MODELS / "siglip", 400, encoder="siglip")
CLIP = ModelInfo("clip", "CLIP", "", "", MODELS / "clip", 600, encoder="clip")
BROKEN = replace(CLIP, name="cut", encoder="cut", problem="A file is missing.")
FAR = replace(CLIP, name="far", encoder="far", offer=ModelOffer(600, "", "", "org/far"))


def test_encoders_are_no_question_where_there_is_one(stage: Stage, qtbot: QtBot) -> None:
    choice = stage.dialog.encoders
    assert not choice.isVisible()
    stage.stock.take_models((DENOISER, USUAL, BROKEN, FAR))
    assert not choice.isVisible()
    with qtbot.waitSignal(stage.dialog.add_wanted) as asked:
        QTest.mouseClick(stage.dialog.add, LEFT)
    assert asked.args == [""]


@pytest.mark.parametrize("libraries", [(ALBUM, HOLIDAYS), ()], ids=["some", "none yet"])
def test_a_new_library_is_made_with_the_encoder_that_was_chosen(
    qtbot: QtBot, libraries: tuple[LibraryInfo, ...]
) -> None:
    stage = Stage(qtbot, *libraries)
    stage.stock.take_models((SIGLIP, DENOISER, USUAL, BROKEN, CLIP))
    box, add = stage.dialog.encoders.box, stage.dialog.add if libraries else stage.dialog.first
    assert box.isVisible()
    titles = [box.itemText(row) for row in range(box.count())]
    assert titles == ["Starter encoder", "SigLIP 2", "CLIP"]
    for keys, encoder in ((), ""), ((Qt.Key.Key_Down,), "siglip"), ((Qt.Key.Key_Down,), "clip"):
        box.setFocus()
        for key in keys:
            QTest.keyClick(box, key)
        with qtbot.waitSignal(stage.dialog.add_wanted) as asked:
            QTest.mouseClick(add, LEFT)
        assert asked.args == [encoder]
    stage.stock.take_models((USUAL, CLIP))
    assert box.currentText() == "CLIP", "it stays chosen"
    stage.stock.take_models((USUAL, SIGLIP))
    assert box.currentText() == "Starter encoder", "what was chosen is gone"
    stage.dialog.close()
    stage.jobs.close()


def test_it_is_no_obstacle_and_escape_closes_it(stage: Stage) -> None:
    assert not stage.dialog.isModal()
    QTest.keyClick(stage.dialog, Qt.Key.Key_Escape)
    assert not stage.dialog.isVisible()


def test_everything_that_can_be_operated_has_a_name(stage: Stage) -> None:
    stage.choose(1)
    stage.stock.take_models((USUAL, CLIP))
    nameless = [
        part
        for part in stage.dialog.findChildren(QWidget)
        if part.isVisible()
        and part.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not part.accessibleName()
        and not (isinstance(part, QAbstractButton) and part.text())
    ]
    assert nameless == []


DISK = Path("/media/disk/open-images")
OPEN_IMAGES = LibraryInfo("open-images", (), "starter@3f21", 1_743_042, 5_300_000_000, "", elsewhere=DISK)
WHY = "The library 'Archive' is not in /media/usb/Archive any more. Connect its drive, or remove it."
USB = Path("/media/usb/Archive")
ARCHIVE = LibraryInfo("Archive", (), "", 0, 0, "", ((USB / "catalogue.db", WHY),), USB)


@pytest.mark.parametrize("libraries", [(ALBUM,), ()], ids=["some", "none yet"])
def test_opening_a_library_is_offered(qtbot: QtBot, libraries: tuple[LibraryInfo, ...]) -> None:
    stage = Stage(qtbot, *libraries)
    with qtbot.waitSignal(stage.dialog.open_wanted):
        QTest.mouseClick(stage.dialog.open_button if libraries else stage.dialog.first_open, LEFT)
    stage.dialog.close()
    stage.jobs.close()


def test_a_library_elsewhere_is_only_taken_from_the_list(qtbot: QtBot) -> None:
    stage = Stage(qtbot, ALBUM, OPEN_IMAGES)
    row = stage.dialog.model.index(1, Column.ENCODER)
    assert stage.texts(1)[:2] == ["open-images", "1,743,042"]
    assert (row.data(), row.data(Qt.ItemDataRole.ToolTipRole)) == ("starter", "starter@3f21")
    assert row.siblingAtColumn(Column.NAME).data(Qt.ItemDataRole.ToolTipRole) == str(DISK)
    stage.choose(1)
    QTest.mouseClick(stage.dialog.remove, LEFT)
    asked = stage.dialog.question.words.text()
    assert "“open-images” from the list" in asked
    assert f"stays in {DISK}" in asked
    with qtbot.waitSignal(stage.dialog.remove_wanted) as removed:
        QTest.mouseClick(stage.dialog.question.yes, LEFT)
    assert removed.args == ["open-images"]
    stage.dialog.close()
    stage.jobs.close()


def test_a_library_whose_drive_is_away_says_why_it_cannot_be_opened(qtbot: QtBot) -> None:
    stage = Stage(qtbot, ALBUM, ARCHIVE, HOLIDAYS)
    stage.choose(1)
    failed = stage.dialog.failed
    assert stage.texts(1)[Column.UPDATED] == "Cannot be opened"
    assert stage.texts(1)[Column.FAILED] == "", "no photo is at fault"
    assert (failed.title.text(), failed.reason.text()) == ("Archive cannot be opened", WHY)
    assert failed.reason.isVisible()
    assert not failed.table.isVisible()
    stage.choose(2)
    assert failed.table.isVisible()
    assert not failed.reason.isVisible()
    stage.dialog.close()
    stage.jobs.close()


def test_of_a_million_unreadable_files_the_first_are_listed(qtbot: QtBot) -> None:
    listed = tuple((Path(f"/photos/{number}.jpg"), "It is cut short.") for number in range(MOST_FAILED))
    many = listed + ((Path("/photos/more.jpg"), "It is cut short."),) * (1_000_000 - MOST_FAILED)
    stage = Stage(qtbot, ALBUM, replace(OPEN_IMAGES, failed=many))
    failed = stage.dialog.failed
    began = time.monotonic()
    stage.choose(1)
    for done in range(20):
        stage.jobs.happened.emit(Progress("index", done, 20))
    stage.choose(0)
    stage.choose(1)
    assert time.monotonic() - began < 0.5, "nothing waits for their number"
    assert "1,000,000 files" in failed.title.text()
    assert failed.model.rowCount() == MOST_FAILED
    assert failed.more.isVisible()
    assert failed.more.text() == "990,000 more are not listed."
    QTest.mouseClick(failed.copy, LEFT)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == MOST_FAILED
    assert lines[-1] == f"/photos/{MOST_FAILED - 1}.jpg: It is cut short."
    stage.session.hear(Finished(replace(OPEN_IMAGES, failed=listed)))
    assert not failed.more.isVisible()
    stage.dialog.close()
    stage.jobs.close()


NOON = datetime(2024, 5, 20, 12, tzinfo=UTC).astimezone().replace(hour=12)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=5), "5 minutes ago"),
        (timedelta(minutes=70), "an hour ago"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(hours=20), "yesterday"),
        (timedelta(days=5), "5 days ago"),
        (timedelta(days=60), "21 March 2024"),
    ],
)
def test_times_are_told_as_a_person_does(before: timedelta, words: str) -> None:
    told = ago((NOON - before).isoformat(), NOON)
    assert told == words or (before.days == 60 and "21" in told and "March" in told)


def test_a_library_that_was_never_updated() -> None:
    assert ago("", NOON) == "never"
    assert ago("nonsense", NOON) == "never"
