"""Similar photos and the libraries they come from, in the window."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hands import (
    CONTROL,
    NO_KEYS,
    choose_row,
    click_entry,
    click_row,
    colour_file,
    come_back,
    drop,
    menu_of,
    opened_all,
    press,
    restored,
)
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from scripted import LIBRARY, MODEL, Answers, Script, found

from adir_desktop.contract import Finished, LibraryInfo, NoiseLevel, Progress, Ready, Source
from adir_desktop.searches import Filters, Search
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.libraries_dialog import LibrariesDialog
from adir_desktop.ui.main_window import MainWindow
from adir_desktop.ui.ports import Events

LEFT = Qt.MouseButton.LeftButton
ALBUM = LibraryInfo("Album", (Path("/photos/album"),), "starter", 12, 900, "2024-05-02")
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform has none


@pytest.fixture
def two_libraries(opened: MainWindow) -> MainWindow:
    """Holidays is used, Album is there."""
    ready = opened.session.ready
    assert isinstance(ready, Ready)
    opened.session.hear(Finished(replace(ready, libraries=(ALBUM, LIBRARY))))
    return opened


def search(window: MainWindow, qtbot: QtBot) -> None:
    QTest.mouseClick(window.gallery.search.find_button, LEFT)
    qtbot.waitUntil(lambda: window.session.found is not None and not window.jobs.engine)


def ids(window: MainWindow) -> list[str]:
    assert window.session.found is not None
    return [item.id for item in window.session.found.items]


def test_find_shows_the_neighbours(opened: MainWindow, script: Script, qtbot: QtBot) -> None:
    search(opened, qtbot)
    ((query, sources, count),) = script.found_for
    assert isinstance(query, Search)
    assert (query.photo, query.words) == (opened.session.picture.photo, "")
    assert script.filtered_by == [Filters()]
    assert (sources, count) == ((Source("Holidays"),), 8)
    assert opened.gallery.list.isVisible()
    assert opened.gallery.model.index(0).data() == "0.95"
    assert "4 of 4 on" in opened.gallery.search.count.text()
    tile = opened.gallery.list.visualRect(opened.gallery.model.index(3)).center()

    def grey() -> int:
        return opened.gallery.list.viewport().grab().toImage().pixelColor(tile).red()

    qtbot.waitUntil(lambda: abs(grey() - 60) < 6)  # the thumbnail of number 3


def test_the_key_searches_too(opened: MainWindow, script: Script, qtbot: QtBot) -> None:
    press(opened, Qt.Key.Key_F, CONTROL)
    qtbot.waitUntil(lambda: opened.session.found is not None)
    assert len(script.found_for) == 1


def test_words_are_searched_for(opened: MainWindow, script: Script, qtbot: QtBot) -> None:
    words = opened.gallery.search.words
    words.setFocus()
    QTest.keyClicks(words, "beach at dusk")
    QTest.keyClick(words, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opened.session.found is not None)
    assert script.found_for[0][0] == "beach at dusk"
    assert "beach at dusk" in opened.gallery.search.title.text()


def test_letters_typed_into_the_search_are_no_shortcuts(opened: MainWindow) -> None:
    words, tool = opened.gallery.search.words, opened.context.tools.tool
    words.setFocus()
    QTest.keyClicks(words, "BEMLPWFXGTHC01[]")
    assert words.text() == "BEMLPWFXGTHC01[]"
    assert opened.context.tools.tool is tool
    assert not opened.jobs.has("scratches", "restore", "find")
    assert opened.session.mask.empty


def test_more_like_one_is_searched_for(opened: MainWindow, script: Script, qtbot: QtBot) -> None:
    search(opened, qtbot)
    tiles = opened.gallery.list
    tiles.setFocus()
    tiles.setCurrentIndex(opened.gallery.model.index(2))
    QTest.keyClick(tiles, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: len(script.found_for) == 2 and not opened.jobs.engine)
    assert script.found_for[1][0] == Path("/photos/2.jpg")
    assert "2.jpg" in opened.gallery.search.title.text()


def test_own_photos_dropped_on_it_stay_in_front_after_another_search(
    opened: MainWindow, script: Script, qtbot: QtBot, tmp_path: Path
) -> None:
    search(opened, qtbot)
    own = colour_file(tmp_path, "own", "red"), colour_file(tmp_path, "other", "blue")
    drop(opened.gallery, *own)
    qtbot.waitUntil(lambda: len(ids(opened)) == 6)
    assert ids(opened)[:2] == ["own own.png", "own other.png"]
    assert len(opened.context.desk.sheets) == 1, "they are not opened"
    search(opened, qtbot)
    qtbot.waitUntil(lambda: len(script.found_for) == 2 and not opened.jobs.engine)
    assert ids(opened) == ["own own.png", "own other.png", "id0", "id1", "id2", "id3"]
    restored(opened, qtbot)
    assert [item.id for item in script.requests[0].found.included][:2] == ["own own.png", "own other.png"]


def test_own_photos_are_chosen_in_the_dialog_too(
    opened: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    choose_row(opened.panel.adapt.choice, "neighbours")
    answers.photos = (colour_file(tmp_path, "own", "red"),)
    QTest.mouseClick(opened.gallery.search.add_button, LEFT)
    qtbot.waitUntil(lambda: opened.session.found is not None)
    assert ids(opened) == ["own own.png"]


def test_neighbours_switched_off_are_left_out_of_the_next_request(
    opened: MainWindow, script: Script, qtbot: QtBot
) -> None:
    search(opened, qtbot)
    view = opened.gallery.list
    click_row(view, 1)
    click_row(view, 3)
    view.setCurrentIndex(opened.gallery.model.index(3))
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert "3 of 4 on" in opened.gallery.search.count.text()
    restored(opened, qtbot)
    sent = script.requests[0].found
    assert [item.included for item in sent.items] == [True, False, True, True]


def test_delete_restores_without_that_one(opened: MainWindow, script: Script, qtbot: QtBot) -> None:
    search(opened, qtbot)
    view = opened.gallery.list
    view.setFocus()
    view.setCurrentIndex(opened.gallery.model.index(0))
    QTest.keyClick(view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: opened.session.restored is not None)
    assert [item.id for item in script.requests[0].found.included] == ["id1", "id2", "id3"]


def test_with_all_neighbours_off_there_is_a_way_out(opened: MainWindow, qtbot: QtBot) -> None:
    search(opened, qtbot)
    QTest.mouseClick(opened.gallery.search.all_off, LEFT)
    assert not opened.panel.restore.isEnabled()
    assert "switched off" in opened.panel.missing.text()
    QTest.mouseClick(opened.panel.foot.remedy, LEFT)
    assert opened.panel.restore.isEnabled()
    assert "4 of 4 on" in opened.gallery.search.count.text()


def test_a_double_click_opens_it_large(
    opened: MainWindow, script: Script, qtbot: QtBot, tmp_path: Path
) -> None:
    search(opened, qtbot)
    large = colour_file(tmp_path, "large", "red", (400, 300))
    items = opened.session.found.items
    opened.session.found = None
    opened.session.hear(Finished(replace(found(), items=(replace(items[0], path=large), *items[1:]))))
    view = opened.gallery.list
    place = view.visualRect(opened.gallery.model.index(0)).center()
    QTest.mouseClick(view.viewport(), LEFT, pos=place)
    QTest.mouseDClick(view.viewport(), LEFT, pos=place)
    shown = opened.gallery.large
    assert shown.isVisible()
    assert opened.session.found.items[0].included, "opening it does not switch it off"

    def middle() -> tuple[int, int, int]:
        image = shown.grab().toImage()
        return image.pixelColor(image.rect().center()).getRgb()[:3]

    qtbot.waitUntil(lambda: middle() == (255, 0, 0))
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    assert not shown.isVisible()
    come_back(opened)


def test_what_is_found_and_measured_for_one_photo_does_not_land_in_another(
    opened: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    """Searching and measuring take a while; meanwhile the next photo is opened."""
    release = threading.Event()

    def measuring(photo: object) -> Events:
        release.wait(5)
        yield Finished(NoiseLevel(33.0))

    def searching(*asked: object) -> Events:
        release.wait(5)
        yield Finished(found())

    engine = opened.context.engine
    files, libraries = replace(engine.files, noise=measuring), replace(engine.libraries, find=searching)
    opened.context.engine = replace(engine, files=files, libraries=libraries)
    opened.commands.masks.estimate_noise()
    QTest.mouseClick(opened.gallery.search.find_button, LEFT)
    opened_all(opened, qtbot, colour_file(tmp_path, "red", "red"))
    release.set()
    qtbot.waitUntil(lambda: not opened.jobs.engine)
    qtbot.wait(100)
    assert opened.session.values.noise is None
    assert opened.session.found is None


def test_the_gallery_is_there_only_for_similar_photos(opened: MainWindow) -> None:
    assert opened.gallery.isVisible()
    choose_row(opened.panel.adapt.choice, "none")
    assert not opened.gallery.isVisible()
    choose_row(opened.panel.adapt.choice, "neighbours")
    assert opened.gallery.isVisible()


def test_a_folder_becomes_a_library_that_is_used(
    opened: MainWindow, script: Script, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "Grandma").mkdir()
    answers.path = tmp_path / "Grandma"
    QTest.mouseClick(opened.panel.adapt.add_folder, LEFT)
    qtbot.waitUntil(lambda: len(opened.session.libraries) == 2)
    assert script.indexed == [(tmp_path / "Grandma",)]
    assert script.indexed_with == [""]
    assert opened.session.values.sources == (Source("Grandma"),)
    assert opened.context.settings.library_folder == str(tmp_path)
    search(opened, qtbot)
    assert script.found_for[0][1] == (Source("Grandma"),)


def test_a_library_is_made_with_an_encoder_that_came_meanwhile(
    opened: MainWindow, script: Script, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    usual = replace(MODEL, name="starter-encoder", title="Starter encoder", encoder="starter")
    siglip = replace(MODEL, name="siglip", title="SigLIP 2", embedded=False, encoder="siglip")
    script.installed = (MODEL, usual, siglip)
    press(opened, Qt.Key.Key_L, CONTROL)
    dialog = opened.windows.shown("libraries")
    assert isinstance(dialog, LibrariesDialog)
    box = dialog.encoders.box
    qtbot.waitUntil(box.isVisible)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    answers.path = tmp_path / "Grandma"
    answers.path.mkdir()
    QTest.mouseClick(dialog.add, LEFT)
    qtbot.waitUntil(lambda: len(opened.session.libraries) == 2)
    assert (script.indexed, script.indexed_with) == ([(tmp_path / "Grandma",)], ["siglip"])
    dialog.close()


def test_a_library_that_lies_elsewhere_is_opened_and_used(
    opened: MainWindow, script: Script, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = libraries_dialog(opened)
    QTest.mouseClick(dialog.open_button, LEFT)  # and the person changes their mind
    assert script.attached == []
    answers.path = tmp_path / "open-images"
    answers.path.mkdir()
    QTest.mouseClick(dialog.open_button, LEFT)
    qtbot.waitUntil(lambda: len(opened.session.libraries) == 2)
    assert script.attached == [answers.path]
    assert opened.session.values.sources == (Source("open-images"),)
    assert opened.context.settings.library_folder == str(tmp_path)
    row = [dialog.model.index(row, 0).data() for row in range(2)].index("open-images")
    assert dialog.model.index(row, 1).data() == "1,743,042"
    dialog.close()
    come_back(opened)


def test_a_folder_without_a_library_is_told_like_other_errors(
    opened: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    answers.path = tmp_path / "nothing"
    click_entry(menu_of(opened, "Library"), "Open a library")
    qtbot.waitUntil(lambda: "no library in" in opened.messages.problem.text())
    assert [known.name for known in opened.session.libraries] == ["Holidays"]


def test_the_first_page_offers_to_add_a_folder(
    window: MainWindow, script: Script, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    window.commands.warm()
    qtbot.waitUntil(lambda: window.session.ready is not None)
    (tmp_path / "Grandma").mkdir()
    answers.path = tmp_path / "Grandma"
    QTest.mouseClick(window.welcome.folder_button, LEFT)
    qtbot.waitUntil(lambda: window.session.values.sources == (Source("Grandma"),))
    assert script.indexed == [(tmp_path / "Grandma",)]
    assert window.welcome.isVisible()


def test_indexing_is_stopped(
    opened: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path, script: Script
) -> None:
    stopped: list[int] = []

    def forever(folders: object, encoder: str) -> Events:
        try:
            while True:
                yield Progress("index", 1, 100)
                threading.Event().wait(0.005)
        finally:
            stopped.append(1)

    libraries = replace(opened.context.engine.libraries, index=forever)
    opened.context.engine = replace(opened.context.engine, libraries=libraries)
    answers.path = tmp_path
    QTest.mouseClick(opened.panel.adapt.add_folder, LEFT)
    qtbot.waitUntil(lambda: "of 100" in opened.strip.text.text())
    press(opened, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: bool(stopped) and not opened.jobs.engine)
    assert [known.name for known in opened.session.libraries] == ["Holidays"]


def test_weights_of_the_panel_reach_search_and_request(
    two_libraries: MainWindow, script: Script, qtbot: QtBot
) -> None:
    window = two_libraries
    album, holidays = window.panel.adapt.sources.rows
    assert not album.slider.isVisible(), "alone, a library has nothing to be weighed against"
    QTest.mouseClick(album.check, LEFT, pos=QPoint(8, album.check.height() // 2))
    assert album.slider.isVisible()
    album.slider.setFocus()
    QTest.keyClick(album.slider, Qt.Key.Key_End)
    expected = {Source("Holidays"), Source("Album", 10.0)}
    assert set(window.session.values.sources) == expected
    search(window, qtbot)
    assert set(script.found_for[0][1]) == expected
    restored(window, qtbot)
    assert set(script.requests[0].sources) == expected
    QTest.mouseClick(holidays.check, LEFT, pos=QPoint(8, holidays.check.height() // 2))
    assert window.session.found is None, "what was found is not from these libraries"


def libraries_dialog(window: MainWindow) -> LibrariesDialog:
    press(window, Qt.Key.Key_L, CONTROL)
    dialog = window.windows.shown("libraries")
    assert isinstance(dialog, LibrariesDialog)
    assert dialog.isVisible()
    return dialog


def idle(jobs: Jobs) -> bool:
    return not jobs.engine


def test_the_libraries_dialog_adds_updates_and_removes(
    two_libraries: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    window = two_libraries
    dialog = libraries_dialog(window)
    assert [dialog.model.index(row, 0).data() for row in range(2)] == ["Album", "Holidays"]
    (tmp_path / "Grandma").mkdir()
    answers.path = tmp_path / "Grandma"
    QTest.mouseClick(dialog.add, LEFT)
    qtbot.waitUntil(lambda: len(window.session.libraries) == 3 and idle(window.jobs))

    row = [known.name for known in window.session.libraries].index("Holidays")
    place = dialog.table.visualRect(dialog.model.index(row, 1)).center()
    QTest.mouseClick(dialog.table.viewport(), LEFT, NO_KEYS, place)
    QTest.mouseClick(dialog.update_button, LEFT)
    qtbot.waitUntil(lambda: dialog.model.index(row, 1).data() == "121")

    QTest.mouseClick(dialog.remove, LEFT)
    assert dialog.question.isVisible()
    QTest.mouseClick(dialog.question.yes, LEFT)
    qtbot.waitUntil(lambda: len(window.session.libraries) == 2)
    assert {known.name for known in window.session.libraries} == {"Album", "Grandma"}
    assert all(source.library != "Holidays" for source in window.session.values.sources)
    QTest.mouseClick(dialog.close_button, LEFT)
    assert not dialog.isVisible()


def test_the_menu_looks_for_new_photos(opened: MainWindow, qtbot: QtBot) -> None:
    click_entry(menu_of(opened, "Library"), "Look for new photos")
    qtbot.waitUntil(lambda: opened.session.libraries[0].photos == 121)
    assert opened.session.values.sources == (Source("Holidays"),)
