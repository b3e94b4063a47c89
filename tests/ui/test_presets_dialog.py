"""The presets dialog: what is stored is seen, applied, renamed, exported, and deleted only when meant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from stores import BROKEN, picture, preset, show

from adir_desktop.contract import AppliedPreset, Choice
from adir_desktop.ui.mask import MaskPainting
from adir_desktop.ui.presets_dialog import PresetsDialog
from adir_desktop.ui.session import Session, State
from adir_desktop.ui.stock import Stock

LEFT = Qt.MouseButton.LeftButton
ONE, TWO = preset("one", 250), preset("two", 20, "2026-05-02T10:00:00+00:00")


@dataclass
class Bench:
    dialog: PresetsDialog
    session: Session
    stock: Stock
    host: QWidget  # owns the models

    def click_row(self, row: int) -> None:
        self.dialog.list.setFocus()
        QTest.mouseClick(self.dialog.list.viewport(), LEFT, pos=self.place(row))

    def place(self, row: int) -> QPoint:
        return self.dialog.list.visualRect(self.dialog.list.model().index(row, 0)).center()


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    """Two sound presets and a damaged one, and no photo."""
    host = QWidget()
    qtbot.addWidget(host)
    session, stock = Session("", host), Stock(host)
    stock.take_presets((ONE, TWO, BROKEN))
    dialog = PresetsDialog(session, stock)
    dialog.watch()
    show(qtbot, dialog)
    return Bench(dialog, session, stock, host)


def open_photo(bench: Bench) -> None:
    shown = picture()
    mask = MaskPainting(shown.photo.height, shown.photo.width, bench.session)
    bench.session.take("photo", shown, State(bench.session.values, mask))


def test_pictures_and_neighbours_are_seen(bench: Bench) -> None:
    image = bench.dialog.list.viewport().grab().toImage()
    rows = [bench.dialog.list.visualRect(bench.dialog.list.model().index(row, 0)) for row in range(2)]
    greys = [image.pixelColor(row.x() + 30, row.center().y()).lightness() for row in rows]
    assert greys[0] > 240
    assert greys[1] < 40
    table = bench.dialog.photos.topLevelItem(0)
    assert [table.text(column) for column in range(4)] == ["beach.jpg", "0.91", "A. Person", "CC BY 2.0"]


def test_applying_needs_a_photo_and_then_chooses_the_preset(bench: Bench) -> None:
    bench.click_row(1)
    assert not bench.dialog.apply_button.isEnabled()
    open_photo(bench)
    QTest.mouseClick(bench.dialog.apply_button, LEFT)
    assert (bench.session.values.adapt, bench.session.values.presets) == (
        "preset",
        (AppliedPreset(TWO.path),),
    )


def test_a_double_click_applies_too(bench: Bench) -> None:
    open_photo(bench)
    QTest.mouseClick(bench.dialog.list.viewport(), LEFT, pos=bench.place(1))
    QTest.mouseDClick(bench.dialog.list.viewport(), LEFT, pos=bench.place(1))
    assert bench.session.values.presets == (AppliedPreset(TWO.path),)


def test_a_name_is_edited_in_place(bench: Bench, qtbot: QtBot) -> None:
    bench.click_row(0)
    QTest.keyClick(bench.dialog.list, Qt.Key.Key_F2)
    editor = bench.dialog.list.findChild(QLineEdit)
    assert editor.text() == "one"
    QTest.keyClicks(editor, "Oma")
    with qtbot.waitSignal(bench.dialog.rename_wanted) as wanted:
        QTest.keyClick(editor, Qt.Key.Key_Return)
    assert wanted.args == ["one", "Oma"]
    assert bench.dialog.chosen.name == "one"  # until the store says so


def test_escape_leaves_the_name(bench: Bench, qtbot: QtBot) -> None:
    bench.click_row(0)
    QTest.mouseClick(bench.dialog.rename_button, LEFT)
    editor = bench.dialog.list.findChild(QLineEdit)
    QTest.keyClicks(editor, "Oma")
    with qtbot.assertNotEmitted(bench.dialog.rename_wanted):
        QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert bench.dialog.isVisible()


def test_a_renamed_preset_stays_chosen_for_the_photo_and_in_the_list(bench: Bench) -> None:
    open_photo(bench)
    bench.click_row(0)
    QTest.mouseClick(bench.dialog.apply_button, LEFT)
    renamed = replace(ONE, name="zebra", path=ONE.path.with_name("zebra.safetensors"))
    bench.stock.take_presets((BROKEN, TWO, renamed))
    assert bench.session.values.presets == (AppliedPreset(renamed.path),)
    assert bench.dialog.chosen == renamed
    bench.stock.take_presets((BROKEN, TWO))
    assert bench.session.values.presets == ()


def test_deleting_asks_inside_the_dialog(bench: Bench, qtbot: QtBot) -> None:
    bench.click_row(1)
    QTest.keyClick(bench.dialog.list, Qt.Key.Key_Delete)
    question = bench.dialog.question
    assert question.isVisible()
    assert "two" in question.accessibleName()
    with qtbot.assertNotEmitted(bench.dialog.delete_wanted):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not question.isVisible()
    assert bench.dialog.isVisible()
    QTest.mouseClick(bench.dialog.delete_button, LEFT)
    with qtbot.waitSignal(bench.dialog.delete_wanted) as wanted:
        QTest.mouseClick(question.yes, LEFT)
    assert wanted.args == ["two"]


def test_a_question_about_one_is_not_answered_for_another(bench: Bench) -> None:
    bench.click_row(1)
    QTest.mouseClick(bench.dialog.delete_button, LEFT)
    bench.stock.take_presets((ONE, BROKEN))
    assert not bench.dialog.question.isVisible()


def test_choosing_another_preset_withdraws_the_question(bench: Bench) -> None:
    bench.click_row(1)
    QTest.mouseClick(bench.dialog.delete_button, LEFT)
    bench.click_row(0)
    assert not bench.dialog.question.isVisible()


def test_a_damaged_preset_says_why_and_can_only_be_deleted(bench: Bench) -> None:
    open_photo(bench)
    bench.click_row(2)
    dialog = bench.dialog
    assert BROKEN.problem in dialog._detail.text()
    enabled = (dialog.apply_button, dialog.rename_button, dialog.export_button, dialog.delete_button)
    assert [button.isEnabled() for button in enabled] == [False, False, False, True]


def forms(bench: Bench) -> dict[str, QAction]:
    return {action.data(): action for action in bench.dialog.export_button.menu().actions() if action.data()}


def test_export_offers_the_forms_that_a_preset_has(bench: Bench, qtbot: QtBot) -> None:
    guided = replace(TWO, forms=("adir", "peft", "diffusers", "kohya"))
    bench.stock.take_presets((ONE, guided))
    bench.click_row(0)
    assert {form for form, action in forms(bench).items() if action.isEnabled()} == {"adir", "peft"}
    assert "Stable Diffusion" in forms(bench)["kohya"].toolTip()
    bench.click_row(1)
    for form, action in forms(bench).items():
        assert action.isEnabled()
        with qtbot.waitSignal(bench.dialog.export_wanted) as wanted:
            action.trigger()
        assert wanted.args == ["two", form, False]
    bench.dialog.export_button.thumbnail.trigger()
    with qtbot.waitSignal(bench.dialog.export_wanted) as wanted:
        forms(bench)["adir"].trigger()
    assert wanted.args == ["two", "adir", True]


def test_the_model_of_a_lora_is_asked_for_inside_the_dialog(bench: Bench, qtbot: QtBot) -> None:
    question = bench.dialog.base_question
    assert not question.isVisible()
    priors = (Choice("starter", "Starter model"), Choice("sd", "Stable Diffusion"))
    question.ask_for(Path("/x/lora.safetensors"), priors)
    assert question.isVisible()
    assert "lora.safetensors" in question.accessibleName()
    assert question.choice.hasFocus()
    with qtbot.assertNotEmitted(question.chosen):
        QTest.mouseClick(question.no, LEFT)
    question.ask_for(Path("/x/lora.safetensors"), priors)
    QTest.keyClick(question.choice, Qt.Key.Key_Up)
    QTest.keyClick(question.choice, Qt.Key.Key_Down)
    with qtbot.waitSignal(question.chosen) as chosen:
        QTest.mouseClick(question.yes, LEFT)
    assert chosen.args == [Path("/x/lora.safetensors"), "sd"]
    assert not question.isVisible()


def test_the_prompt_of_a_preset_is_seen(bench: Bench) -> None:
    bench.stock.take_presets((replace(ONE, prompt="a dune"),))
    bench.click_row(0)
    assert "“a dune”" in bench.dialog._detail.text()


def test_a_second_preset_is_applied_beside_the_first(bench: Bench) -> None:
    open_photo(bench)
    for row in (0, 1, 1):
        bench.click_row(row)
        QTest.mouseClick(bench.dialog.apply_button, LEFT)
    assert [each.path for each in bench.session.values.presets] == [ONE.path, TWO.path]
    assert bench.dialog._note.text() == "Chosen for the open photo."
    bench.session.change(replace(bench.session.values, adapt="none"))
    QTest.mouseClick(bench.dialog.apply_button, LEFT)
    assert [each.path for each in bench.session.values.presets] == [TWO.path]


def test_an_empty_store_says_how_to_fill_it(bench: Bench, qtbot: QtBot) -> None:
    bench.stock.take_presets(())
    assert bench.dialog._empty.isVisible()
    assert bench.dialog.chosen is None
    with qtbot.waitSignal(bench.dialog.import_wanted):
        QTest.mouseClick(bench.dialog.import_button, LEFT)
