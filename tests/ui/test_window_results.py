"""Results in the window: their history, what they are compared with, their seeds, what they will cost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hands import (
    CONTROL,
    choose_task,
    click_entry,
    click_row,
    colour,
    colour_file,
    is_near,
    opened_all,
    press,
    restored,
    type_number,
)
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from scripted import Answers, Script, restoration

from adir_desktop.contract import Choice, Finished, Notice, Photo, Request
from adir_desktop.ui.desk import IN_MEMORY
from adir_desktop.ui.main_window import MainWindow
from adir_desktop.ui.ports import Events
from adir_desktop.ui.showing import Mode

LEFT = Qt.MouseButton.LeftButton
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform has none


def grey_by_seed(request: Request) -> Events:
    """Each seed has a grey of its own: 10 for each."""
    made = restoration(request)
    pixels = np.full_like(made.photo.pixels, request.seed * 10 / 255)
    yield Finished(type(made)(Photo(pixels), request, {}, 1.0))


@pytest.fixture
def seeded(opened: MainWindow, script: Script, qtbot: QtBot) -> MainWindow:
    """Results of the seeds 1, 2 and 3."""
    script.restoring = grey_by_seed
    choose_task(opened, "denoise")
    QTest.mouseClick(opened.panel.more.toggle, LEFT)
    for seed in ("1", "2", "3"):
        type_number(opened.panel.more.seed_row.seed, seed)
        restored(opened, qtbot)
    return opened


def right(window: MainWindow) -> int:
    """The grey on the right of the slider."""
    return colour(window, 50, 20)[0]


def left(window: MainWindow) -> tuple[int, int, int]:
    return colour(window, 10, 20)


def test_every_result_is_one_click_back(seeded: MainWindow) -> None:
    strip = seeded.history.list
    assert seeded.history.isVisible()
    assert right(seeded) == 30
    for row, grey in ((1, 10), (2, 20), (3, 30)):
        click_row(strip, row)
        assert right(seeded) == grey
    click_row(strip, 0)
    assert seeded.session.restored is None
    assert colour(seeded, 50, 20) == (200, 120, 90), "the photo itself"
    assert not seeded.panel.save.isVisible()
    strip.setFocus()
    QTest.keyClick(strip, Qt.Key.Key_Right)
    QTest.keyClick(strip, Qt.Key.Key_Return)
    assert right(seeded) == 10


def test_any_two_results_are_compared(seeded: MainWindow) -> None:
    strip = seeded.history.list
    click_row(strip, 1, CONTROL)
    click_row(strip, 2, CONTROL)
    assert is_near(left(seeded), "#0a0a0a")
    assert right(seeded) == 20
    press(seeded, Qt.Key.Key_2, CONTROL)
    assert seeded.context.showing.mode is Mode.SIDE_BY_SIDE
    press(seeded, Qt.Key.Key_3, CONTROL)
    assert left(seeded) == (20, 20, 20), "the result alone"
    press(seeded, Qt.Key.Key_1, CONTROL)
    assert is_near(left(seeded), "#0a0a0a")
    click_row(strip, 3)
    assert right(seeded) == 30


def test_peeking_shows_what_it_is_compared_with(seeded: MainWindow) -> None:
    seeded.canvas.setFocus()
    QTest.keyPress(seeded.canvas, Qt.Key.Key_Backslash)
    assert colour(seeded, 50, 20) == (200, 120, 90)
    QTest.keyRelease(seeded.canvas, Qt.Key.Key_Backslash)
    assert right(seeded) == 30


def test_the_slider_is_dragged(seeded: MainWindow) -> None:
    canvas = seeded.canvas
    start = canvas.view.to_widget(30, 20).toPoint()
    QTest.mousePress(canvas, LEFT, pos=start)
    QTest.mouseMove(canvas, canvas.view.to_widget(5, 20).toPoint())
    QTest.mouseRelease(canvas, LEFT, pos=canvas.view.to_widget(5, 20).toPoint())
    assert left(seeded) == (30, 30, 30)


def test_an_unsaved_result_is_deleted_only_after_a_yes(seeded: MainWindow, home: Path) -> None:
    strip, sheet = seeded.history.list, seeded.context.desk.current
    doomed = sheet.results[1].id
    folders = list(home.rglob(doomed))
    assert folders, "it is kept on disk"
    click_row(strip, 2)
    strip.setFocus()
    QTest.keyClick(strip, Qt.Key.Key_Delete)
    assert seeded.history.question.isVisible()
    QTest.keyClick(seeded.history.question, Qt.Key.Key_Escape)
    assert len(sheet.results) == 3
    QTest.keyClick(strip, Qt.Key.Key_Delete)
    QTest.mouseClick(seeded.history.question.yes, LEFT)
    assert [result.id for result in sheet.results].count(doomed) == 0
    assert len(sheet.results) == 2
    assert seeded.session.restored is None, "it was the one on show"
    assert not folders[0].exists()


def test_an_old_result_comes_back_from_the_disk(seeded: MainWindow, qtbot: QtBot) -> None:
    for seed in range(4, 4 + IN_MEMORY):
        type_number(seeded.panel.more.seed_row.seed, str(seed))
        restored(seeded, qtbot)
    first = seeded.context.desk.current.results[0]
    assert first.restored is None, "it was let go of"
    click_row(seeded.history.list, 1)
    qtbot.waitUntil(lambda: first.restored is not None)
    assert right(seeded) == 10


def test_of_two_results_the_one_wanted_last_is_shown(seeded: MainWindow, qtbot: QtBot) -> None:
    seeded.context.desk.current.results[0].restored = None
    click_row(seeded.history.list, 1)
    assert seeded.jobs.has("recall")
    click_row(seeded.history.list, 2)
    qtbot.wait(100)
    assert right(seeded) == 20


def test_again_takes_another_seed(opened: MainWindow, script: Script, qtbot: QtBot) -> None:
    assert not opened.actions_by_name["again"].isEnabled()
    restored(opened, qtbot)
    press(opened, Qt.Key.Key_R, CONTROL)
    qtbot.waitUntil(lambda: len(opened.context.desk.current.results) == 2)
    QTest.mouseClick(opened.panel.foot.again, LEFT)
    qtbot.waitUntil(lambda: len(opened.context.desk.current.results) == 3)
    assert len({request.seed for request in script.requests}) == 3
    assert opened.session.values.seed == script.requests[-1].seed


@pytest.mark.parametrize("draws", [True, False])
def test_again_says_so_where_no_seed_changes_the_picture(
    opened: MainWindow, qtbot: QtBot, *, draws: bool
) -> None:
    session = opened.session
    session.ready = replace(session.ready, samplers=(Choice("adir", "ADIR", draws=draws),))
    session.change(replace(session.values, sampler="adir"))
    restored(opened, qtbot)
    told: list[Notice] = []
    opened.context.noted.connect(told.append)
    press(opened, Qt.Key.Key_R, CONTROL)
    qtbot.waitUntil(lambda: len(opened.context.desk.current.results) == 2)
    assert [notice.message.startswith("ADIR leaves nothing to chance") for notice in told] == [True] * (
        not draws
    )


def test_a_locked_seed_stays_and_an_open_one_changes(
    opened: MainWindow, script: Script, qtbot: QtBot
) -> None:
    restored(opened, qtbot)
    restored(opened, qtbot)
    assert [request.seed for request in script.requests] == [0, 0]
    QTest.mouseClick(opened.panel.more.toggle, LEFT)
    QTest.mouseClick(opened.panel.more.seed_row.lock, LEFT)
    restored(opened, qtbot)
    restored(opened, qtbot)
    seeds = [request.seed for request in script.requests]
    assert len(set(seeds)) == 3
    assert opened.panel.more.seed_row.seed.value() == seeds[-1], "the seed of the result is told"


def test_the_cost_is_told_and_follows_the_values(opened: MainWindow, script: Script, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "About 50 s on this computer" in opened.panel.foot.cost.words.text())
    asked = len(script.estimated)
    choose_task(opened, "denoise")
    qtbot.waitUntil(lambda: len(script.estimated) > asked)
    assert script.estimated[-1].task == "denoise"
    choose_task(opened, "inpaint")
    assert not opened.panel.foot.cost.isVisible(), "nothing is marked yet: that is said instead"
    assert "Paint over" in opened.panel.missing.text()


def test_the_cost_is_of_the_photo_on_the_canvas(
    opened: MainWindow, script: Script, qtbot: QtBot, tmp_path: Path
) -> None:
    opened_all(opened, qtbot, colour_file(tmp_path, "red", "red"))
    qtbot.waitUntil(
        lambda: bool(script.estimated) and script.estimated[-1].photo is opened.session.picture.photo
    )


def test_a_result_with_a_baseline_is_compared_with_it(
    opened: MainWindow, script: Script, qtbot: QtBot
) -> None:
    assert not opened.actions_by_name["compare"].isEnabled()
    QTest.mouseClick(opened.panel.adapt.baseline, LEFT, pos=opened.panel.adapt.baseline.rect().center() / 4)
    assert opened.session.values.baseline
    restored(opened, qtbot)
    assert script.requests[0].baseline
    press(opened, Qt.Key.Key_C)
    assert left(opened) == (0, 0, 0), "the scripted baseline is black"
    assert is_near(colour(opened, 50, 20), "white")
    press(opened, Qt.Key.Key_C)
    assert left(opened) == (40, 120, 90)


def test_what_changed_is_laid_over_the_result(seeded: MainWindow) -> None:
    before = colour(seeded, 50, 20)
    press(seeded, Qt.Key.Key_7, CONTROL)
    assert seeded.actions_by_name["changes_map"].isChecked()
    assert colour(seeded, 50, 20) != before
    press(seeded, Qt.Key.Key_4, CONTROL)
    assert colour(seeded, 50, 20) == before
    assert not seeded.actions_by_name["spread_map"].isEnabled()


def test_saving_marks_only_the_result_that_was_saved(
    seeded: MainWindow, answers: Answers, script: Script, qtbot: QtBot, tmp_path: Path
) -> None:
    click_row(seeded.history.list, 2)
    answers.path = tmp_path / "second.png"
    press(seeded, Qt.Key.Key_S, CONTROL)
    qtbot.waitUntil(lambda: seeded.session.saved)
    assert [result.saved for result in seeded.context.desk.current.results] == [False, True, False]
    assert script.saved[0][0].request.seed == 2


def test_a_results_recipe_is_one_click_back(seeded: MainWindow) -> None:
    made_with = seeded.context.desk.current.results[0].values
    choose_task(seeded, "upscale")
    type_number(seeded.panel.more.seed_row.seed, "99")
    view = seeded.history.list
    click_entry(view.menu(view.model().index(1, 0)), "Use its recipe")
    assert seeded.session.values == made_with
    assert (made_with.task, made_with.seed) == ("denoise", 1)
    assert seeded.panel.more.seed_row.seed.value() == 1
