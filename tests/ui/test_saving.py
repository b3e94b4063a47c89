"""Saving: nothing is written over without being asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from scripted import Answers, Script

from adir_desktop.ui.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def restored(opened: MainWindow, qtbot: QtBot) -> MainWindow:
    opened.commands.runs.restore()
    qtbot.waitUntil(lambda: opened.session.restored is not None and not opened.jobs.engine)
    return opened


def saved(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.jobs.has("save"))


def test_a_new_file_is_saved_without_a_question(
    restored: MainWindow, script: Script, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    answers.path = tmp_path / "better.png"
    QTest.mouseClick(restored.panel.save, LEFT)
    saved(restored, qtbot)
    ((what, path, overwrite),) = script.saved
    assert what is restored.session.restored.restoration
    assert (path, overwrite) == (answers.path, False)
    assert answers.asked == []
    assert answers.suggested == [tmp_path / "print restored.png"]
    assert restored.session.saved
    assert "better.png" in restored.messages.problem.text()
    assert not restored.panel.save.property("accent")


def test_a_name_without_an_ending_becomes_a_png(
    restored: MainWindow, script: Script, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    answers.path = tmp_path / "better"
    restored.commands.results.save()
    saved(restored, qtbot)
    assert script.saved[0][1] == tmp_path / "better.png"


@pytest.mark.parametrize("existing", ["better.png", "better.json"])
@pytest.mark.parametrize("yes", [True, False])
def test_existing_files_are_replaced_only_after_a_yes(  # fixtures
    restored: MainWindow,
    script: Script,
    answers: Answers,
    qtbot: QtBot,
    tmp_path: Path,
    existing: str,
    yes: bool,
) -> None:
    (tmp_path / existing).write_text("dear to me")
    answers.path, answers.yes = tmp_path / "better.png", [yes]
    restored.commands.results.save()
    saved(restored, qtbot)
    assert existing in answers.asked[0]
    assert [entry[2] for entry in script.saved] == ([True] if yes else [])
    if not yes:
        assert (tmp_path / existing).read_text() == "dear to me"


@pytest.mark.parametrize("second", [True, False])
def test_the_original_is_asked_for_twice(  # fixtures
    restored: MainWindow, script: Script, answers: Answers, qtbot: QtBot, photo_file: Path, second: bool
) -> None:
    answers.path, answers.yes = photo_file, [True, second]
    restored.commands.results.save()
    saved(restored, qtbot)
    assert len(answers.asked) == 2
    assert "original" in answers.asked[1]
    assert bool(script.saved) is second


def test_changing_ones_mind_saves_nothing(restored: MainWindow, script: Script) -> None:
    QTest.mouseClick(restored.panel.save, LEFT)
    assert script.saved == []
    assert not restored.session.saved


def test_the_preset_is_saved_and_the_picture_stays_unsaved(
    restored: MainWindow, script: Script, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    answers.path = tmp_path / "bears"
    QTest.mouseClick(restored.panel.save_preset, LEFT)
    saved(restored, qtbot)
    ((preset, path, overwrite),) = script.saved
    assert preset is restored.session.restored.restoration.preset
    assert (path.name, overwrite) == ("bears.safetensors", False)
    assert not restored.session.saved


def test_without_adapting_there_is_no_preset_to_save(opened: MainWindow, qtbot: QtBot) -> None:
    opened.panel.adapt.choice.setFocus()
    QTest.keyClick(opened.panel.adapt.choice, Qt.Key.Key_Home)
    opened.commands.runs.restore()
    qtbot.waitUntil(lambda: opened.session.restored is not None)
    assert not opened.panel.save_preset.isVisible()
    assert not opened.actions_by_name["save_preset"].isEnabled()


def test_the_next_picture_goes_where_the_last_one_went(
    restored: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    answers.path = tmp_path / "out" / "one.png"
    restored.commands.results.save()
    saved(restored, qtbot)
    answers.path = None
    restored.commands.results.save()
    assert answers.suggested[-1] == tmp_path / "out" / "print restored.png"
