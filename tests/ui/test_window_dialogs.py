"""The windows beside the main one: presets, models, settings, shortcuts, about; and diagnostics."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hands import (
    CONTROL,
    SHIFT,
    choose_row,
    choose_task,
    click_entry,
    click_row,
    come_back,
    menu_of,
    press,
    restored,
    type_number,
)
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMenu, QPushButton
from pytestqt.qtbot import QtBot
from scripted import MODEL, PRESET, Answers, Script

from adir_desktop import settings
from adir_desktop.contract import AppliedPreset
from adir_desktop.ui import app, theme
from adir_desktop.ui.about_dialog import AboutDialog
from adir_desktop.ui.main_window import MainWindow
from adir_desktop.ui.models_dialog import ModelsDialog
from adir_desktop.ui.presets_dialog import PresetsDialog
from adir_desktop.ui.settings_dialog import SettingsDialog
from adir_desktop.ui.shortcuts_dialog import ShortcutsDialog

LEFT = Qt.MouseButton.LeftButton
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform has none


def tick(box: QPushButton) -> None:
    QTest.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))


def names(window: MainWindow) -> list[str]:
    return [preset.name for preset in window.context.stock.presets]


def presets_dialog(window: MainWindow, qtbot: QtBot) -> PresetsDialog:
    press(window, Qt.Key.Key_P, CONTROL | SHIFT)
    dialog = window.windows.shown("presets")
    assert isinstance(dialog, PresetsDialog)
    qtbot.waitUntil(lambda: dialog.isVisible() and dialog.list.model().rowCount() > 0)
    return dialog


# Presets


def test_a_preset_is_kept_and_applied_to_another_photo(
    opened: MainWindow, script: Script, qtbot: QtBot
) -> None:
    assert not opened.actions_by_name["keep_preset"].isEnabled()
    restored(opened, qtbot)
    click_entry(menu_of(opened, "File"), "Keep preset")
    qtbot.waitUntil(lambda: names(opened) == ["beach", "p"])
    assert opened.context.stock.presets[1].thumbnail.startswith(b"\xff\xd8"), "a JPEG of its photo"
    assert "kept" in opened.messages.problem.text()
    dialog = presets_dialog(opened, qtbot)
    click_row(dialog.list, 0)
    QTest.mouseClick(dialog.apply_button, LEFT)
    assert (opened.session.values.adapt, opened.session.values.presets) == (
        "preset",
        (AppliedPreset(PRESET.path),),
    )
    assert [row.title.text() for row in opened.panel.adapt.applied.rows] == ["beach"]
    dialog.close()
    come_back(opened)
    restored(opened, qtbot)
    assert script.requests[-1].presets == (AppliedPreset(PRESET.path),)


def test_whether_adapting_helped_is_told_in_figures(opened: MainWindow, qtbot: QtBot) -> None:
    assert not opened.actions_by_name["helped"].isEnabled()
    restored(opened, qtbot)
    click_entry(menu_of(opened, "Restoring"), "Did adapting help")
    qtbot.waitUntil(lambda: "photos like this" in opened.messages.problem.text())
    assert "+0.10 ± 0.02 dB on 3 photos, 2 of them better." in opened.messages.problem.text()
    assert opened.messages.remedy.text() == "Go on."


def test_a_preset_is_renamed_in_place(opened: MainWindow, qtbot: QtBot) -> None:
    dialog = presets_dialog(opened, qtbot)
    click_row(dialog.list, 0)
    QTest.mouseClick(dialog.rename_button, LEFT)
    editor = dialog.list.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    QTest.keyClicks(editor, "shore")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(opened) == ["shore"])


@pytest.mark.parametrize(
    ("form", "words", "file"), [("adir", "ADIR", "b.safetensors"), ("peft", "peft", "b")]
)
def test_a_preset_is_exported(
    opened: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path, form: str, words: str, file: str
) -> None:
    dialog = presets_dialog(opened, qtbot)
    click_row(dialog.list, 0)
    answers.path = tmp_path / file
    click_entry(dialog.export_button.menu(), words)
    qtbot.waitUntil(lambda: answers.path.exists() and answers.path.read_text() == form)
    assert answers.suggested[0].name == ("beach.safetensors" if form == "adir" else "beach")
    answers.yes = [False]
    answers.path.write_text("dear to me")
    dialog.export_button.thumbnail.setChecked(True)
    click_entry(dialog.export_button.menu(), words)
    assert answers.path.read_text() == "dear to me"
    assert len(answers.asked) == 1
    answers.yes = [True]
    click_entry(dialog.export_button.menu(), words)
    qtbot.waitUntil(lambda: answers.path.read_text() == f"{form} and picture")


def test_a_preset_is_imported_and_deleted(
    opened: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = presets_dialog(opened, qtbot)
    answers.path = tmp_path / "sent.safetensors"
    QTest.mouseClick(dialog.import_button, LEFT)
    qtbot.waitUntil(lambda: names(opened) == ["beach", "sent"])
    click_row(dialog.list, 1)
    QTest.mouseClick(dialog.delete_button, LEFT)
    QTest.mouseClick(dialog.question.no, LEFT)
    assert names(opened) == ["beach", "sent"]
    QTest.mouseClick(dialog.delete_button, LEFT)
    QTest.mouseClick(dialog.question.yes, LEFT)
    qtbot.waitUntil(lambda: names(opened) == ["beach"])


def test_the_lora_of_another_program_is_imported_for_the_model_that_is_named(
    opened: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = presets_dialog(opened, qtbot)
    answers.path = tmp_path / "lora-paint.safetensors"
    QTest.mouseClick(dialog.import_button, LEFT)
    qtbot.waitUntil(dialog.base_question.isVisible)
    assert names(opened) == ["beach"]
    named = dialog.base_question.choice.currentData()
    QTest.mouseClick(dialog.base_question.yes, LEFT)
    qtbot.waitUntil(lambda: names(opened) == ["beach", "lora-paint"])
    assert opened.context.stock.presets[1].prior == named
    assert "text encoder" in opened.messages.problem.text()


# Whole recipes


def test_a_recipe_is_kept_applied_renamed_and_deleted(
    opened: MainWindow, answers: Answers, qtbot: QtBot, home: Path
) -> None:
    menu = opened.panel.recipes.menu()
    choose_task(opened, "denoise")
    QTest.mouseClick(opened.panel.more.toggle, LEFT)
    type_number(opened.panel.more.steps, "7")
    answers.names = ["Attic & cellar"]
    click_entry(menu, "Save these values")
    assert opened.panel.recipes.text() == "Recipe: Attic & cellar"
    choose_task(opened, "deblur")
    type_number(opened.panel.more.steps, "9")
    assert opened.panel.recipes.text() == "Recipes"
    click_entry(menu, "Attic")
    assert (opened.session.values.task, opened.session.values.steps) == ("denoise", 7)
    answers.names = ["Loft"]
    click_entry(submenu(menu, "Rename"), "Attic")
    assert opened.panel.recipes.text() == "Recipe: Loft"
    assert any("Loft" in path.read_text() for path in home.rglob("*.toml"))
    answers.yes = [False, True]
    for wanted in ("Recipe: Loft", "Recipes"):
        click_entry(submenu(menu, "Delete"), "Loft")
        assert opened.panel.recipes.text() == wanted


def submenu(menu: QMenu, words: str) -> QMenu:
    """It is filled when the menu is opened."""
    menu.popup(QPoint(50, 50))
    menu.close()
    inner = next(one for one in menu.actions() if words in one.text().replace("&", "")).menu()
    assert isinstance(inner, QMenu)
    return inner


# Models


def test_a_model_is_checked_and_an_embedded_one_stays(opened: MainWindow, qtbot: QtBot) -> None:
    click_entry(menu_of(opened, "Models"), "Models on this computer")
    dialog = opened.windows.shown("models")
    assert isinstance(dialog, ModelsDialog)
    qtbot.waitUntil(lambda: dialog.list.count() == 1)
    assert dialog.list.item(0).text() == MODEL.title
    assert not dialog.remove_button.isEnabled()
    assert "not checked" in dialog.state.text()
    QTest.mouseClick(dialog.verify_button, LEFT)
    qtbot.waitUntil(lambda: dialog.state.text() == "Every file is whole.")
    assert not dialog.bar.isVisible()


def test_the_folder_of_larger_models_is_chosen_there_too(
    opened: MainWindow, answers: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADIR_MODELS", "elsewhere")  # put back after the test
    opened.actions_by_name["models"].trigger()
    dialog = opened.windows.shown("models")
    assert isinstance(dialog, ModelsDialog)
    answers.path = tmp_path / "large"
    QTest.mouseClick(dialog.folder_button, LEFT)
    assert opened.context.settings.models_folder == str(tmp_path / "large")
    assert os.environ["ADIR_MODELS"] == str(tmp_path / "large")


# Settings


@pytest.fixture
def real(qtbot: QtBot, script: Script, answers: Answers) -> Iterator[MainWindow]:
    """With the settings file, as the program opens it; the look is put back."""
    window = app.open_window(script.engine(), dialogs=answers)
    qtbot.addWidget(window)
    qtbot.waitExposed(window)
    yield window
    window.close()
    theme.apply(app.application(), "system")


def settings_dialog(window: MainWindow) -> SettingsDialog:
    QTest.keyClick(window, Qt.Key.Key_Comma, CONTROL)
    dialog = window.windows.shown("settings")
    assert isinstance(dialog, SettingsDialog)
    assert dialog.isVisible()
    return dialog


def test_the_look_changes_at_once_and_is_remembered(real: MainWindow, qtbot: QtBot) -> None:
    dialog = settings_dialog(real)
    choose_row(dialog.theme, "light")
    light = real.palette().window().color().lightness()
    choose_row(dialog.theme, "dark")
    qtbot.waitUntil(lambda: real.palette().window().color().lightness() < light - 80)
    assert real.panel.grab().toImage().pixelColor(4, 200).lightness() < 100
    assert settings.load()[0].theme == "dark"


def test_other_settings_act_at_once_and_are_remembered(
    real: MainWindow, answers: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ADIR_MODELS", raising=False)
    dialog = settings_dialog(real)
    assert real.context.notifier.enabled
    tick(dialog.notify)
    tick(dialog.autosave)
    choose_row(dialog.device, "cpu")
    assert not real.context.notifier.enabled
    assert not real.context.keeper.on
    assert real.session.device == "cpu"
    answers.path = tmp_path / "large models"
    QTest.mouseClick(dialog.folder_button, LEFT)
    assert "large models" in dialog.folder.text()
    kept = settings.load()[0]
    assert (kept.notify, kept.autosave, kept.device) == (False, False, "cpu")
    assert kept.models_folder == str(tmp_path / "large models")
    QTest.mouseClick(dialog.reset_button, LEFT)
    assert settings.load()[0].notify
    assert real.context.notifier.enabled


def test_the_device_reaches_the_request(opened: MainWindow, script: Script, qtbot: QtBot) -> None:
    dialog = settings_dialog(opened)
    choose_row(dialog.device, "cpu")
    dialog.close()
    come_back(opened)
    restored(opened, qtbot)
    assert script.requests[0].device == "cpu"


# Help


def test_the_sheet_lists_every_shortcut_once(opened: MainWindow) -> None:
    press(opened, Qt.Key.Key_F1)
    dialog = opened.windows.shown("shortcuts")
    assert isinstance(dialog, ShortcutsDialog)
    tree = dialog.tree
    groups = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    shown = sorted(group.child(row).text(0) for group in groups for row in range(group.childCount()))
    actions = [action for action in opened.actions() if not action.shortcut().isEmpty()]
    wanted = sorted(action.text().replace("&", "").removesuffix(" …") for action in actions)
    assert shown == wanted
    assert len(set(shown)) == len(shown)


def test_no_two_actions_share_a_shortcut(opened: MainWindow) -> None:
    keys = [key.toString() for action in opened.actions() for key in action.shortcuts()]
    assert sorted(keys) == sorted(set(keys))
    assert len(keys) > 40
    assert all(action.text() and action.property("group") for action in opened.actions())


def test_about_names_the_licences(opened: MainWindow, qtbot: QtBot) -> None:
    click_entry(menu_of(opened, "Help"), "About")
    dialog = opened.windows.shown("about")
    assert isinstance(dialog, AboutDialog)
    parts = dialog.table.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive)
    words = {part.text(0) for part in parts}
    assert {"ADIR Desktop", "torch", "numpy"} <= words
    qtbot.waitUntil(
        lambda: bool(
            dialog.table.findItems(MODEL.title, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
        )
    )
    assert "MIT" in dialog.text.toPlainText()
    copy = next(one for one in dialog.findChildren(QPushButton) if "Copy" in one.text())
    QTest.mouseClick(copy, LEFT)
    assert "ADIR Desktop" in QGuiApplication.clipboard().text()


def test_diagnostics_are_written(opened: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path) -> None:
    answers.path = tmp_path / "d.zip"
    click_entry(menu_of(opened, "Help"), "Collect diagnostics")
    qtbot.waitUntil(lambda: "Diagnostics are in" in opened.messages.problem.text())
    assert answers.path.exists()
    assert answers.suggested[0].suffix == ".zip"


# All of them


def test_all_are_opened_once_and_closed_with_the_window(opened: MainWindow) -> None:
    for name in ("libraries", "presets", "models", "settings", "shortcuts", "about"):
        opened.actions_by_name[name].trigger()
        opened.actions_by_name[name].trigger()
    shown = [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]
    assert len(shown) == 6
    assert not any(dialog.isModal() for dialog in shown)
    assert all(dialog.windowTitle() for dialog in shown)
    opened.close()
    assert not any(dialog.isVisible() for dialog in shown)
