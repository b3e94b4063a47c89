"""The filters of the gallery: fields, keys, dialogs, and what they do to the session, the search and the request."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hands import CONTROL, click_row, colour_file, come_back, opened_all, press, restored, type_number
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from scripted import Answers, Script, found

from adir_desktop import settings
from adir_desktop.contract import Finished
from adir_desktop.searches import Filters, Search
from adir_desktop.ui.gallery_filter import FilterButton, FilterPanel, is_day
from adir_desktop.ui.main_window import MainWindow
from adir_desktop.ui.recipe_book import NamedRecipe, RecipeBook, applied
from adir_desktop.ui.requests import Values, leaving_out

LEFT = Qt.MouseButton.LeftButton
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform has none


def leave_out(window: MainWindow, neighbour: str) -> None:
    window.session.change(leaving_out(window.session.values, neighbour))


def search(window: MainWindow, qtbot: QtBot) -> None:
    QTest.mouseClick(window.gallery.search.find_button, LEFT)
    qtbot.waitUntil(lambda: window.session.found is not None and not window.jobs.engine)


def button(window: MainWindow) -> FilterButton:
    return window.gallery.search.filter


def panel(window: MainWindow) -> FilterPanel:
    """Opened by its button."""
    if button(window).popover.isHidden():
        QTest.mouseClick(button(window), LEFT)
    assert button(window).panel.isVisible()
    return button(window).panel


def write(field: QLineEdit, text: str) -> None:
    field.setFocus()
    QTest.keySequence(field, "Ctrl+A")
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def has_dot(window: MainWindow) -> bool:
    image = button(window).grab().toImage()
    link = button(window).palette().link().color()
    return any(image.pixelColor(x, y) == QColor(link) for x in range(image.width()) for y in range(12))


def ids(window: MainWindow) -> list[str]:
    assert window.session.found is not None
    return [item.id for item in window.session.found.items]


def test_what_is_typed_reaches_search_and_request(
    opened: MainWindow, script: Script, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    assert not has_dot(opened)
    fields = panel(opened)
    assert QApplication.focusWidget() is fields.side
    type_number(fields.side, "800")
    write(fields.licence, " cc by ")
    write(fields.since, "2019-05")
    write(fields.until, "2020-02-29")
    answers.path = tmp_path
    QTest.mouseClick(fields.folder, LEFT)
    wanted = Filters(800, "cc by", str(tmp_path), "2019-05", "2020-02-29")
    assert opened.session.values.filters == wanted
    assert fields.folder.text() == tmp_path.name
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not fields.isVisible()
    assert has_dot(opened)
    for part in ("800", "cc by", str(tmp_path), "2019-05", "2020-02-29"):
        assert part in button(opened).toolTip()
    search(opened, qtbot)
    assert script.filtered_by == [wanted]
    restored(opened, qtbot)
    assert script.requests[0].filters == wanted


def test_without_adapting_to_similar_photos_no_filter_is_asked_for(
    opened: MainWindow, script: Script, qtbot: QtBot
) -> None:
    type_number(panel(opened).side, "800")
    opened.session.change(replace(opened.session.values, adapt="none"))
    restored(opened, qtbot)
    assert script.requests[0].filters == Filters()


def test_other_filters_make_what_was_found_out_of_date(opened: MainWindow, qtbot: QtBot) -> None:
    search(opened, qtbot)
    write(panel(opened).licence, "")
    assert opened.session.found is not None, "nothing else was asked for"
    write(panel(opened).licence, "CC0")
    assert opened.session.found is None
    search(opened, qtbot)
    opened.session.hear(Finished(replace(found(), items=())))
    assert "No photo passes the filters" in opened.gallery.hint.text()


def test_reset_asks_for_nothing_again_and_lets_nobody_in(opened: MainWindow) -> None:
    fields = panel(opened)
    assert not fields.reset.isEnabled()
    leave_out(opened, "id3")
    assert not fields.reset.isEnabled()
    write(fields.licence, "CC0")
    write(fields.until, "nonsense")
    QTest.mouseClick(fields.reset, LEFT)
    assert opened.session.values.filters == Filters(exclude=frozenset({"id3"}))
    assert (fields.licence.text(), fields.until.text()) == ("", "")
    assert not fields.wrong_day.isVisible()
    assert not has_dot(opened)


def test_a_day_that_is_none_stays_to_be_mended(opened: MainWindow) -> None:
    fields = panel(opened)
    write(fields.since, "2019")
    write(fields.since, "2019-13")
    assert fields.wrong_day.isVisible()
    assert fields.since.text() == "2019-13"
    assert opened.session.values.filters.since == "2019"
    write(fields.licence, "CC0")  # another choice does not take it from the hand
    assert fields.since.text() == "2019-13"
    write(fields.since, "2019-12")
    assert not fields.wrong_day.isVisible()
    assert opened.session.values.filters.since == "2019-12"


@pytest.mark.parametrize("text", ["2019", "2019-05", "2019-05-31", "2020-02-29"])
def test_days(text: str) -> None:
    assert is_day(text)


@pytest.mark.parametrize(
    "text",
    ["", "19", "2019-5", "2019-02-29", "31.05.2019", "2019-05-32", "0000", "２０１９", "2019-", " 2019"],
)
def test_no_days(text: str) -> None:
    assert not is_day(text)


def test_a_folder_can_be_any_again_and_a_cancelled_dialog_changes_nothing(
    opened: MainWindow, answers: Answers, tmp_path: Path
) -> None:
    fields = panel(opened)
    QTest.mouseClick(fields.folder, LEFT)
    assert opened.session.values.filters.folder == ""
    assert not fields.any_folder.isVisible()
    answers.path = tmp_path
    QTest.mouseClick(fields.folder, LEFT)
    QTest.mouseClick(fields.any_folder, LEFT)
    assert opened.session.values.filters.folder == ""


def test_a_photo_that_is_left_out_is_gone_for_good(
    opened: MainWindow, script: Script, qtbot: QtBot, tmp_path: Path
) -> None:
    search(opened, qtbot)
    first = opened.context.desk.current
    opened.gallery.menu.about(opened.session.found.items[1], QPoint(5, 5))
    opened.gallery.menu.leave_out.trigger()
    opened.gallery.menu.close()
    come_back(opened)
    assert ids(opened) == ["id0", "id2", "id3"], "the others stay, no search is needed"
    assert not has_dot(opened), "of the others nothing is asked"
    assert "1 left out" in button(opened).toolTip()
    assert opened.context.settings.left_out == ("id1",)

    opened_all(opened, qtbot, colour_file(tmp_path, "red", "red"))  # another photo
    search(opened, qtbot)
    assert script.filtered_by[-1].exclude == {"id1"}
    assert "id1" not in ids(opened), "nor of an engine that found it all the same"
    opened.gallery.menu.about(opened.session.found.items[2], QPoint(5, 5))
    opened.gallery.menu.leave_out.trigger()
    opened.gallery.menu.close()
    come_back(opened)
    click_row(opened.photos.list, 0)
    qtbot.waitUntil(lambda: opened.context.desk.current is first)
    assert ids(opened) == ["id0", "id2"], "what was left out meanwhile is gone here too"

    fields = panel(opened)
    assert fields.left_out.text() == "2 photos are left out for good"
    QTest.mouseClick(fields.let_in, LEFT)
    assert opened.session.values.filters == Filters()
    assert opened.session.found is None, "they may be among the nearest"
    assert not fields.let_in.isVisible()
    assert opened.context.settings.left_out == ()


def test_own_photos_cannot_be_left_out_of_libraries(opened: MainWindow, qtbot: QtBot) -> None:
    search(opened, qtbot)
    own = replace(opened.session.found.items[0], library="")
    opened.gallery.menu.about(own, QPoint(5, 5))
    assert not opened.gallery.menu.leave_out.isVisible()
    opened.gallery.menu.close()


def test_who_was_left_out_is_remembered_from_one_day_to_the_next(
    qtbot: QtBot, script: Script, tmp_path: Path
) -> None:
    settings.save(settings.Settings(left_out=("id1", "id2")), tmp_path / "s.toml")
    remembered, notice = settings.load(tmp_path / "s.toml")
    assert notice is None
    window = MainWindow(script.engine(), remembered, Answers())
    qtbot.addWidget(window)
    assert window.session.values.filters == Filters(exclude=frozenset({"id1", "id2"}))
    with qtbot.waitSignal(window.closed) as closed:
        window.close()
    assert closed.args[0].left_out == ("id1", "id2")


def test_filters_are_no_part_of_recipes(tmp_path: Path, qtbot: QtBot) -> None:
    filters = Filters(800, "CC BY", exclude=frozenset({"a"}))
    path = tmp_path / "recipes.toml"
    RecipeBook(path).save("Mine", Values(steps=7, filters=filters))
    recipe = RecipeBook(path).find("Mine")
    assert recipe == NamedRecipe("Mine", Values(steps=7))
    assert "CC BY" not in path.read_text(encoding="utf-8")
    for one in (recipe, RecipeBook(path).recipes[0]):
        assert applied(one, Values(filters=filters), ()).filters == filters


def test_a_results_own_filters_come_back_but_not_who_was_left_out_since(
    opened: MainWindow, script: Script, qtbot: QtBot
) -> None:
    write(panel(opened).licence, "CC0")
    button(opened).popover.close_down()
    restored(opened, qtbot)
    result = opened.context.desk.current.results[0]
    opened.session.change(replace(opened.session.values, filters=Filters()))
    leave_out(opened, "id2")
    opened.commands.results.use_recipe(result.id)
    assert opened.session.values.filters == Filters(licence="CC0", exclude=frozenset({"id2"}))


def test_everything_in_the_panel_has_a_name_and_tab_reaches_it(opened: MainWindow) -> None:
    leave_out(opened, "id0")
    fields = panel(opened)
    write(fields.licence, "CC0")
    parts = [part for part in fields.findChildren(QWidget) if part.isVisible()]
    nameless = [
        part
        for part in parts
        if part.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not part.accessibleName()
        and not (isinstance(part, QAbstractButton) and part.text())
        and not (isinstance(part.parent(), QWidget) and part.parent().accessibleName())
    ]
    assert nameless == []
    seen: set[QWidget] = set()
    fields.side.setFocus()
    for _ in range(8):
        seen.add(QApplication.focusWidget())
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    lines = {fields.side, fields.licence, fields.folder, fields.since, fields.until}
    assert lines | {fields.let_in, fields.reset} <= seen


# Words with the photo, and what is known of the photo


def ask_both(window: MainWindow, words: str) -> None:
    search_line = window.gallery.search
    if not search_line.with_photo.isChecked():
        QTest.mouseClick(search_line.with_photo, LEFT)
    write(search_line.words, words)


def test_words_are_searched_for_with_the_photo(opened: MainWindow, script: Script, qtbot: QtBot) -> None:
    line = opened.gallery.search
    assert line.words.placeholderText() == "Search by words …"
    ask_both(opened, " at night ")
    assert line.words.placeholderText() == "But with …"
    qtbot.waitUntil(lambda: opened.session.found is not None and not opened.jobs.engine)
    query = script.found_for[0][0]
    assert isinstance(query, Search)
    assert (query.photo, query.words) == (opened.session.picture.photo, "at night")
    assert line.title.text() == "Photos like this one, but “at night”"
    assert line.find_button.text() == "Similar to the photo"
    search(opened, qtbot)
    qtbot.waitUntil(lambda: len(script.found_for) == 2 and not opened.jobs.engine)
    assert line.title.text() == "Similar photos"
    QTest.mouseClick(line.with_photo, LEFT)
    write(line.words, "dusk")
    qtbot.waitUntil(lambda: len(script.found_for) == 3 and not opened.jobs.engine)
    assert script.found_for[2][0] == "dusk"
    assert line.title.text() == "Photos for “dusk”"


def test_the_search_knows_the_damage_that_a_request_would(
    opened: MainWindow, script: Script, qtbot: QtBot
) -> None:
    opened.session.change(replace(opened.session.values, task="denoise", noise=25.0))
    press(opened, Qt.Key.Key_F, CONTROL)
    qtbot.waitUntil(lambda: len(script.found_for) == 1 and not opened.jobs.engine)
    asked = script.found_for[0][0]
    assert (asked.degradation.noise_std, asked.degradation.mask) == (25.0, None)

    opened.session.change(replace(opened.session.values, task="inpaint"))
    press(opened, Qt.Key.Key_F, CONTROL)
    qtbot.waitUntil(lambda: len(script.found_for) == 2 and not opened.jobs.engine)
    assert script.found_for[1][0].degradation is None, "nothing is painted yet"
    assert script.found_for[1][0].photo is opened.session.picture.photo

    mask = opened.session.mask
    painted = np.zeros((40, 60), bool)
    painted[5:9, 3:20] = True
    mask.apply(painted)
    ask_both(opened, "a roof")
    qtbot.waitUntil(lambda: len(script.found_for) == 3 and not opened.jobs.engine)
    sent = script.found_for[2][0].degradation.mask
    assert np.array_equal(sent, painted)
    mask.invert()
    assert np.array_equal(sent, painted), "painting on does not change what is searched with"
