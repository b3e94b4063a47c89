"""The models dialog: what is installed, whether it is whole, and what may be removed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from stores import ADDED, EMBEDDED, show

from adir_desktop.contract import Finished, Progress
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.models_dialog import ModelsDialog
from adir_desktop.ui.stock import Stock

LEFT = Qt.MouseButton.LeftButton


@dataclass
class Bench:
    dialog: ModelsDialog
    stock: Stock
    jobs: Jobs
    host: QWidget  # owns the models

    def choose(self, row: int) -> None:
        item = self.dialog.list.item(row)
        place = self.dialog.list.visualItemRect(item).center()
        QTest.mouseClick(self.dialog.list.viewport(), LEFT, pos=place)


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    host = QWidget()
    qtbot.addWidget(host)
    stock, jobs = Stock(host), Jobs(host)
    stock.take_models((EMBEDDED, ADDED))
    dialog = ModelsDialog(stock)
    dialog.watch(jobs)
    show(qtbot, dialog)
    return Bench(dialog, stock, jobs, host)


def test_all_there_is_to_know_is_shown(bench: Bench) -> None:
    bench.choose(1)
    texts = {name: field.text() for name, field in bench.dialog.details.fields.items()}
    assert texts["purpose"] == "more detail"
    assert texts["size"] == "900 MB"
    assert texts["licence"] == "MIT"
    assert texts["folder"] == str(ADDED.folder)
    assert bench.dialog.details.licence.toPlainText() == "Permission is granted."
    bench.choose(0)
    assert "Use it well." in bench.dialog.details.licence.toPlainText()
    assert "#" not in bench.dialog.details.licence.toPlainText()


def test_checking_shows_its_progress_and_its_end(bench: Bench, qtbot: QtBot) -> None:
    assert "not checked" in bench.dialog.state.text()
    with qtbot.waitSignal(bench.dialog.verify_wanted) as wanted:
        QTest.mouseClick(bench.dialog.verify_button, LEFT)
    assert wanted.args == ["base"]
    assert bench.dialog.bar.isVisible()
    assert not bench.dialog.verify_button.isEnabled()
    bench.stock.hear(Stock.MODELS, Progress("verify", 3, 12))
    assert bench.dialog.bar.value() == bench.dialog.bar.maximum() // 4
    bench.stock.hear(Stock.MODELS, Finished((EMBEDDED, ADDED)))  # of an earlier question
    assert bench.dialog.bar.isVisible()
    bench.stock.hear(Stock.MODELS, Progress("verify", 12, 12))
    bench.stock.hear(Stock.MODELS, Finished((EMBEDDED, ADDED)))  # the same list: nothing was wrong
    assert not bench.dialog.bar.isVisible()
    assert "whole" in bench.dialog.state.text()
    bench.choose(1)
    assert "not checked" in bench.dialog.state.text()


def test_damage_is_told(bench: Bench) -> None:
    QTest.mouseClick(bench.dialog.verify_button, LEFT)
    bench.stock.hear(Stock.MODELS, Progress("verify", 12, 12))
    bench.stock.hear(Stock.MODELS, Finished((replace(EMBEDDED, problem="x.bin is damaged"), ADDED)))
    assert "x.bin is damaged" in bench.dialog.state.text()
    bench.stock.hear(Stock.MODELS, Finished((EMBEDDED, ADDED)))  # a mere list knows less than the check
    assert "x.bin is damaged" in bench.dialog.state.text()
    assert bench.dialog.verify_button.isEnabled()


def test_a_check_that_failed_leaves_no_endless_bar(bench: Bench, qtbot: QtBot) -> None:
    def fails():
        raise OSError(5, "the drive is gone")
        yield

    bench.dialog.verify_wanted.connect(lambda _name: bench.jobs.start(Stock.MODELS, fails))
    with qtbot.waitSignal(bench.jobs.failed):
        QTest.mouseClick(bench.dialog.verify_button, LEFT)
    qtbot.waitUntil(lambda: not bench.dialog.bar.isVisible())
    assert "not checked" in bench.dialog.state.text()
    assert bench.jobs.close()


def test_only_what_was_added_can_be_removed_and_it_asks(bench: Bench, qtbot: QtBot) -> None:
    assert not bench.dialog.remove_button.isEnabled()
    bench.choose(1)
    QTest.mouseClick(bench.dialog.remove_button, LEFT)
    question = bench.dialog.question
    assert str(ADDED.folder) in question.accessibleName()
    with qtbot.assertNotEmitted(bench.dialog.remove_wanted):
        QTest.mouseClick(question.no, LEFT)
    QTest.mouseClick(bench.dialog.remove_button, LEFT)
    with qtbot.waitSignal(bench.dialog.remove_wanted) as wanted:
        QTest.mouseClick(question.yes, LEFT)
    assert wanted.args == ["big"]
    bench.stock.take_models((EMBEDDED,))
    assert bench.dialog.chosen == EMBEDDED


def test_the_folder_can_be_chosen(bench: Bench, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bench.dialog.folder_wanted):
        QTest.mouseClick(bench.dialog.folder_button, LEFT)


def test_an_empty_list_can_do_nothing(bench: Bench) -> None:
    bench.stock.take_models(())
    assert bench.dialog.chosen is None
    assert not bench.dialog.verify_button.isEnabled()
    assert not bench.dialog.show_button.isEnabled()
