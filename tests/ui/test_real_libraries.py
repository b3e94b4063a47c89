"""The real window on the real engine and a library that index_tools built on another drive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QObject, QPoint, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from scripted import Answers

from adir_desktop import cli_runner
from adir_desktop.contract import Neighbour
from adir_desktop.engine import library
from adir_desktop.ui import app
from adir_desktop.ui.libraries_dialog import LibrariesDialog
from adir_desktop.ui.libraries_model import Column
from adir_desktop.ui.main_window import MainWindow
from adir_desktop.ui.requests import leaving_out
from index_tools.__main__ import app as index_tools

LEFT = Qt.MouseButton.LeftButton
LONG = 120_000  # ms; the engine's first import is part of it
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.qt_log_ignore("This plugin does not support"),
]
FREE, BOUND = "CC BY 2.0", "All rights reserved"


def scene(number: int, side: int) -> Image.Image:
    """Its own slope of colours, with a disc."""
    rng = np.random.default_rng(number)
    y, x = np.mgrid[0:side, 0:side] / side
    a, b, c = rng.random((3, 3))
    pixels = a + (b - a) * x[..., None] + (c - a) * y[..., None]
    pixels[(x - 0.5) ** 2 + (y - 0.5) ** 2 < 0.06] = rng.random(3)
    return Image.fromarray((255 * np.clip(pixels, 0, 1)).astype(np.uint8))


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """A library of six photos on another drive: every other one is free, one is small, and one has no author."""
    folder, rows = tmp_path / "pictures", ["file,author,licence,page"]
    folder.mkdir()
    for number in range(6):
        scene(number, 48 if number == 4 else 160).save(folder / f"{number}.jpg")
        licence = BOUND if number % 2 else FREE
        page = "javascript:alert(1)" if number == 2 else f"https://photos.example.org/{number}"
        rows.append(f"{number}.jpg,Ann {number},{licence},{page}")
    (folder / "credits.csv").write_text("\n".join(rows[:-1]), encoding="utf-8")
    home = tmp_path / "disk" / "large"
    home.parent.mkdir()
    assert (
        cli_runner.run(index_tools, "python -m index_tools", ["build", str(folder), "--at", str(home)]) == 0
    )
    library.remove("large")
    return home


@pytest.fixture
def real(qtbot: QtBot, tmp_path: Path, disk: Path) -> Iterator[MainWindow]:
    window = app.open_window(app.real_engine(), dialogs=Answers(disk))
    window.resize(1280, 800)
    window.commands.warm()
    query = tmp_path / "open.png"
    scene(2, 96).save(query)
    window.commands.photos.open(query)
    qtbot.waitUntil(lambda: window.session.picture is not None and not window.jobs.has("open"))
    qtbot.waitUntil(lambda: window.session.ready is not None, timeout=LONG)
    yield window
    window.close()
    window.deleteLater()


def leave_out(window: MainWindow, neighbour: str) -> None:
    window.session.change(leaving_out(window.session.values, neighbour))


def libraries(window: MainWindow) -> LibrariesDialog:
    window.windows.libraries()
    dialog = window.windows.shown("libraries")
    assert isinstance(dialog, LibrariesDialog)
    return dialog


def found(window: MainWindow, qtbot: QtBot) -> dict[str, Neighbour]:
    button = window.gallery.search.find_button
    qtbot.waitUntil(button.isEnabled)
    QTest.qWait(50)  # the gallery may just have come: its parts are laid out a moment later
    QTest.mouseClick(button, LEFT)
    qtbot.waitUntil(lambda: window.session.found is not None and not window.jobs.engine, timeout=LONG)
    return {item.path.name: item for item in window.session.found.items}


class Browser(QObject):
    """What the desktop was asked to open."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.urls.append(url.toString())


def test_a_library_of_index_tools_is_opened_searched_filtered_and_forgotten(
    real: MainWindow, qtbot: QtBot, disk: Path
) -> None:
    dialog = libraries(real)
    assert real.session.libraries == ()
    QTest.mouseClick(dialog.first_open, LEFT)
    qtbot.waitUntil(lambda: real.session.library is not None, timeout=LONG)
    info = real.session.library
    assert (info.name, info.photos, info.elsewhere, info.failed) == ("large", 6, disk, ())
    assert dialog.model.index(0, Column.ENCODER).data() == "starter"
    dialog.close()
    assert real.session.values.adapt == "neighbours"

    answers = found(real, qtbot)
    assert len(answers) == 6
    nearest = real.session.found.items[0]
    assert (nearest.path.name, nearest.author, nearest.licence) == ("2.jpg", "Ann 2", FREE)
    assert nearest.page == "", "no address of the web"
    assert answers["5.jpg"].licence == "", "nobody credited it"
    assert answers["1.jpg"].page == "https://photos.example.org/1"
    row = real.gallery.model.row_of(answers["1.jpg"].id)
    real.gallery.list.setCurrentIndex(real.gallery.model.index(row))
    assert f"Ann 1 · {BOUND}" in real.gallery.details.text()
    browser = Browser()
    QDesktopServices.setUrlHandler("https", browser, "take")
    try:
        real.gallery.menu.about(answers["1.jpg"], QPoint(5, 5))
        assert browser.urls == [], "only when it is asked for"
        real.gallery.menu.page.trigger()
        real.gallery.menu.about(nearest, QPoint(5, 5))
        assert not real.gallery.menu.page.isVisible()
        real.gallery.menu.close()
    finally:
        QDesktopServices.unsetUrlHandler("https")
    assert browser.urls == ["https://photos.example.org/1"]

    panel = real.gallery.search.filter.panel
    QTest.mouseClick(real.gallery.search.filter, LEFT)
    panel.licence.setFocus()
    QTest.keyClicks(panel.licence, "cc by")
    QTest.keyClick(panel.licence, Qt.Key.Key_Return)
    assert real.session.found is None
    assert set(found(real, qtbot)) == {"0.jpg", "2.jpg", "4.jpg"}
    panel.side.setValue(100)
    assert set(found(real, qtbot)) == {"0.jpg", "2.jpg"}
    leave_out(real, nearest.id)
    assert set(found(real, qtbot)) == {"0.jpg"}
    QTest.mouseClick(panel.reset, LEFT)
    assert set(found(real, qtbot)) == {f"{number}.jpg" for number in (0, 1, 3, 4, 5)}
    real.gallery.search.filter.popover.close_down()

    libraries(real)
    dialog.table.setCurrentIndex(dialog.model.index(0, 0))
    QTest.mouseClick(dialog.remove, LEFT)
    assert str(disk) in dialog.question.words.text()
    QTest.mouseClick(dialog.question.yes, LEFT)
    qtbot.waitUntil(lambda: real.session.libraries == (), timeout=LONG)
    assert (disk / "catalogue.sqlite").is_file(), "only the way to it is forgotten"
    dialog.close()


def test_the_photo_is_searched_with_its_words_and_without_what_is_painted_over(
    real: MainWindow, qtbot: QtBot
) -> None:
    dialog = libraries(real)
    QTest.mouseClick(dialog.first_open, LEFT)
    qtbot.waitUntil(lambda: real.session.library is not None, timeout=LONG)
    dialog.close()
    line = real.gallery.search
    found(real, qtbot)
    assert line.title.text() == "Similar photos"
    alone = {item.id: item.similarity for item in real.session.found.items}
    QTest.mouseClick(line.with_photo, LEFT)
    line.words.setFocus()
    QTest.keyClicks(line.words, "at night")
    real.session.found = None
    QTest.keyClick(line.words, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: real.session.found is not None and not real.jobs.engine, timeout=LONG)
    assert line.title.text() == "Photos like this one, but “at night”"
    both = {item.id: item.similarity for item in real.session.found.items}
    assert set(both) == set(alone)
    assert both != alone, "the words count"

    QTest.mouseClick(real.panel.tasks.button(3), LEFT)  # Repair: half of the photo is damaged
    half = np.zeros((96, 96), bool)
    half[:, 48:] = True
    real.session.mask.apply(half)
    real.session.found = None
    found(real, qtbot)
    assert line.title.text() == "Similar photos"
    assert {item.id: item.similarity for item in real.session.found.items} != alone


def test_a_drive_that_is_away_is_told(real: MainWindow, qtbot: QtBot, disk: Path) -> None:
    dialog = libraries(real)
    answers = real.context.dialogs
    assert isinstance(answers, Answers)
    answers.path = disk.parent  # of the library's folder, which is no library
    QTest.mouseClick(dialog.first_open, LEFT)
    qtbot.waitUntil(lambda: bool(real.messages.problem.text()), timeout=LONG)
    assert real.session.libraries == ()
    answers.path = disk
    QTest.mouseClick(dialog.first_open, LEFT)
    qtbot.waitUntil(lambda: real.session.library is not None, timeout=LONG)
    disk.rename(disk.with_name("away"))
    real.session.ready = None
    real.commands.warm()  # as at the next start
    qtbot.waitUntil(lambda: real.session.ready is not None, timeout=LONG)
    (listed,) = real.session.libraries
    assert (listed.photos, listed.elsewhere) == (0, disk)
    assert dialog.model.index(0, Column.UPDATED).data() == "Cannot be opened"
    assert "Connect its drive" in dialog.failed.reason.text()
    QTest.mouseClick(dialog.remove, LEFT)
    QTest.mouseClick(dialog.question.yes, LEFT)
    qtbot.waitUntil(lambda: real.session.libraries == (), timeout=LONG)
    dialog.close()
