"""Models that are not installed: asked for, paused, gone on with, cancelled, taken in, moved; as a person does it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from model_server import Served, Server, catalogue, serving
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from scripted import Answers, Script
from stores import ABSENT, EMBEDDED, OFFER, show

from adir_desktop import settings
from adir_desktop.contract import Progress
from adir_desktop.engine import weights
from adir_desktop.engine.store import offers
from adir_desktop.places import models_dir
from adir_desktop.ui import app
from adir_desktop.ui.engine_port import real_engine
from adir_desktop.ui.fetch_strip import FetchStrip
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.main_window import MainWindow
from adir_desktop.ui.models_dialog import ModelsDialog
from adir_desktop.ui.stock import Stock

LEFT = Qt.MouseButton.LeftButton
BIG = bytes(range(256)) * 8000


@dataclass
class Bench:
    dialog: ModelsDialog
    stock: Stock
    jobs: Jobs
    host: QWidget  # owns the models

    @property
    def strip(self) -> FetchStrip:
        return self.dialog.strip

    def tell(self, **changes: object) -> None:
        """The model under other circumstances."""
        self.stock.take_models((EMBEDDED, replace(ABSENT, offer=replace(OFFER, **changes))))


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    host = QWidget()
    qtbot.addWidget(host)
    stock, jobs = Stock(host), Jobs(host)
    stock.take_models((EMBEDDED, ABSENT))
    dialog = ModelsDialog(stock)
    dialog.watch(jobs)
    show(qtbot, dialog)
    dialog.list.setCurrentRow(1)
    return Bench(dialog, stock, jobs, host)


def test_what_is_not_here_is_shown_with_its_cost_and_its_limits(bench: Bench) -> None:
    texts = {name: field.text() for name, field in bench.dialog.details.fields.items()}
    assert texts["purpose"] == "even more detail"
    assert (texts["size"], texts["memory"]) == ("about 2.0 GB", "about 4.5 GB")
    assert texts["licence"] == "Careful 1.0"
    assert "Do no harm." in bench.dialog.details.licence.toPlainText()
    assert "org/far" in bench.strip.state.text()
    for button in (bench.dialog.verify_button, bench.dialog.remove_button, bench.dialog.show_button):
        assert not button.isVisible()
    assert not bench.strip.pause_button.isVisible()
    bench.dialog.list.setCurrentRow(0)
    assert not bench.strip.isVisible()
    assert bench.dialog.verify_button.isVisible()
    bench.tell(bytes=0)
    bench.dialog.list.setCurrentRow(1)
    assert "before" in bench.dialog.details.fields["size"].text()


def test_the_licence_is_asked_for_in_its_place(bench: Bench, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(bench.strip.get_wanted):
        QTest.mouseClick(bench.strip.get_button, LEFT)
        question = bench.strip.question
        assert question.isVisible()
        assert "Careful 1.0" in question.accessibleName()
        assert "example.org" in question.accessibleName()
        QTest.keyClick(question.no, Qt.Key.Key_Escape)
        assert not question.isVisible()
        assert bench.dialog.isVisible()
    QTest.mouseClick(bench.strip.get_button, LEFT)
    with qtbot.waitSignal(bench.strip.get_wanted) as wanted:
        QTest.mouseClick(question.yes, LEFT)
    assert wanted.args == ["far"]
    QTest.mouseClick(bench.strip.get_button, LEFT)
    bench.dialog.list.setCurrentRow(0)  # the question was about another model
    bench.dialog.list.setCurrentRow(1)
    assert not question.isVisible()


def test_a_fetch_shows_how_fast_it_is_and_how_long_it_takes(bench: Bench, qtbot: QtBot) -> None:
    bench.stock.begin_fetch("far")
    assert "turn" in bench.strip.state.text()
    assert not bench.strip.get_button.isVisible()
    bench.stock.hear_fetch("far", Progress("fetch", 500_000_000, 2_000_000_000, 100.0, 300.0))
    assert bench.strip.state.text() == "Fetching · 500 MB of 2.0 GB · 5.0 MB/s · about 5 min"
    assert bench.strip.bar.value() == bench.strip.bar.maximum() // 4
    bench.stock.hear_fetch("far", Progress("convert", 1, 4))
    assert bench.strip.state.text() == "Converting · 25 %"
    for button, signal in (
        (bench.strip.pause_button, bench.strip.pause_wanted),
        (bench.strip.cancel_button, bench.strip.cancel_wanted),
    ):
        with qtbot.waitSignal(signal) as wanted:
            QTest.mouseClick(button, LEFT)
        assert wanted.args == ["far"]
    bench.stock.end_fetch("far")
    bench.stock.hear_fetch("far", Progress("fetch", 1, 2))  # of a thread that was stopped
    assert bench.strip.get_button.isVisible()


def test_what_was_begun_is_gone_on_with_without_a_question(bench: Bench, qtbot: QtBot) -> None:
    bench.tell(fetched=500_000_000, accepted=True)
    assert "500 MB" in bench.strip.state.text()
    assert bench.strip.get_button.text() == "Go on"
    assert bench.strip.cancel_button.isVisible()
    with qtbot.waitSignal(bench.strip.get_wanted):
        QTest.mouseClick(bench.strip.get_button, LEFT)
    bench.tell(fetched=500_000_000)  # the licence has changed since
    QTest.mouseClick(bench.strip.get_button, LEFT)
    assert bench.strip.question.isVisible()


def test_what_a_cache_has_can_be_used_in_place(bench: Bench, qtbot: QtBot) -> None:
    assert not bench.strip.use_button.isVisible()
    bench.tell(cached=Path("/hub/models--org--far/snapshots/abc"))
    assert "/hub/models--org--far" in bench.strip.state.text()
    with qtbot.waitSignal(bench.strip.use_wanted) as wanted:
        QTest.mouseClick(bench.strip.use_button, LEFT)
    assert wanted.args == ["far"]
    installed = replace(ABSENT, offer=None, in_place=True, folder=Path("/hub/abc"), bytes_on_disk=7)
    bench.stock.take_models((EMBEDDED, installed))
    assert "used in place" in bench.dialog.details.fields["folder"].text()
    QTest.mouseClick(bench.dialog.remove_button, LEFT)
    assert "stays in the cache" in bench.dialog.question.accessibleName()


def test_own_files_move_in_after_a_question(bench: Bench, qtbot: QtBot) -> None:
    for button, name in ((bench.dialog.import_button, ""), (bench.strip.import_button, "far")):
        with qtbot.waitSignal(bench.dialog.import_wanted) as wanted:
            QTest.mouseClick(button, LEFT)
        assert wanted.args == [name]
    question = bench.dialog.import_question
    with qtbot.assertNotEmitted(bench.dialog.take_in_wanted):
        bench.dialog.ask_about_import(Path("/downloads/far"), "far")
        assert "/downloads/far" in question.accessibleName()
        QTest.mouseClick(question.no, LEFT)
    bench.dialog.ask_about_import(Path("/downloads/far"), "far")
    with qtbot.waitSignal(bench.dialog.take_in_wanted) as wanted:
        QTest.mouseClick(question.yes, LEFT)
    assert wanted.args == [Path("/downloads/far"), "far"]


def test_work_on_all_models_is_shown_and_can_be_stopped(bench: Bench, qtbot: QtBot) -> None:
    bench.stock.hear(Stock.MODELS, Progress("move", 1, 4))
    assert bench.dialog.work.text() == "Moving the models · 25 %"
    with qtbot.waitSignal(bench.dialog.stop_wanted):
        QTest.mouseClick(bench.dialog.stop_button, LEFT)
    bench.jobs.changed.emit()
    assert not bench.dialog.work.isVisible()
    assert not bench.dialog.stop_button.isVisible()


# The window with the real store, and a server on this machine


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serving() as server:
        server.files["net.pt"] = Served(BIG, etag="v1", hub=False)
        sheet = tmp_path / "catalogue" / "models.toml"
        sheet.parent.mkdir()
        sheet.write_text(catalogue(server.url, checksum=hashlib.sha256(BIG).hexdigest(), size=len(BIG)))
        for module in (offers, weights):
            monkeypatch.setattr(module, "resource", sheet.parent.joinpath)
        monkeypatch.setattr("adir_desktop.HUB_OFFLINE", "")
        monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
        monkeypatch.setenv("ADIR_MODELS", "")  # put back after the test
        yield server


@pytest.fixture
def real(qtbot: QtBot, script: Script, answers: Answers, server: Server) -> Iterator[MainWindow]:
    """The window as the program opens it, with its settings file; only the models are real."""
    engine = replace(script.engine(), models=real_engine().models)
    window = app.open_window(engine, dialogs=answers)
    qtbot.addWidget(window)
    qtbot.waitExposed(window)
    yield window
    window.close()
    assert window.context.jobs.close()


def open_dialog(window: MainWindow, qtbot: QtBot, title: str) -> ModelsDialog:
    window.actions_by_name["models"].trigger()
    dialog = window.windows.shown("models")
    assert isinstance(dialog, ModelsDialog)
    choose(dialog, qtbot, title)
    return dialog


def choose(dialog: ModelsDialog, qtbot: QtBot, title: str) -> None:
    qtbot.waitUntil(lambda: dialog.list.findItems(title, Qt.MatchFlag.MatchExactly) != [])
    dialog.list.setCurrentItem(dialog.list.findItems(title, Qt.MatchFlag.MatchExactly)[0])


def test_a_model_is_got_with_a_pause_in_between(real: MainWindow, server: Server, qtbot: QtBot) -> None:
    dialog = open_dialog(real, qtbot, "Single")
    server.files["net.pt"].faults = ["stall:1000000"]
    QTest.mouseClick(dialog.strip.get_button, LEFT)
    assert server.asked == []  # nothing before the licence is accepted
    QTest.mouseClick(dialog.strip.question.yes, LEFT)
    qtbot.waitUntil(lambda: "1.0 MB of 2.0 MB" in dialog.strip.state.text())
    QTest.mouseClick(dialog.strip.pause_button, LEFT)
    qtbot.waitUntil(lambda: "1.0 MB are here" in dialog.strip.state.text())
    QTest.mouseClick(dialog.strip.get_button, LEFT)
    qtbot.waitUntil(dialog.verify_button.isVisible)
    assert server.starts == [("/net.pt", 0), ("/net.pt", 1_000_000)]
    assert (models_dir() / "single" / "net.pt").read_bytes() == BIG
    QTest.mouseClick(dialog.verify_button, LEFT)
    qtbot.waitUntil(lambda: dialog.state.text() == "Every file is whole.")


def test_cancelling_deletes_what_has_come(real: MainWindow, server: Server, qtbot: QtBot) -> None:
    dialog = open_dialog(real, qtbot, "Single")
    server.files["net.pt"].always = "stall:1000000"
    QTest.mouseClick(dialog.strip.get_button, LEFT)
    QTest.mouseClick(dialog.strip.question.yes, LEFT)
    qtbot.waitUntil(lambda: "1.0 MB of 2.0 MB" in dialog.strip.state.text())
    QTest.mouseClick(dialog.strip.cancel_button, LEFT)
    qtbot.waitUntil(lambda: not (models_dir() / ".fetching" / "single").exists())
    qtbot.waitUntil(lambda: not real.context.jobs.has("models", "fetch:single"))
    assert dialog.strip.get_button.text() == "Get …"
    assert not dialog.strip.cancel_button.isVisible()


def test_a_refusal_reaches_the_person(real: MainWindow, server: Server, qtbot: QtBot) -> None:
    dialog = open_dialog(real, qtbot, "Single")
    server.files["net.pt"].always = "wrong"
    QTest.mouseClick(dialog.strip.get_button, LEFT)
    with qtbot.waitSignal(real.context.refused) as refused:
        QTest.mouseClick(dialog.strip.question.yes, LEFT)
    assert "checksum" in refused.args[0].problem
    qtbot.waitUntil(dialog.strip.get_button.isVisible)


def test_own_files_and_another_folder(
    real: MainWindow, answers: Answers, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = open_dialog(real, qtbot, "Single")
    answers.path = tmp_path / "download.pt"
    answers.path.write_bytes(BIG)
    QTest.mouseClick(dialog.strip.import_button, LEFT)
    QTest.mouseClick(dialog.import_question.yes, LEFT)
    qtbot.waitUntil(dialog.verify_button.isVisible)
    assert not answers.path.exists()
    old, told = models_dir(), []
    real.context.noted.connect(told.append)
    answers.path = tmp_path / "another drive"
    QTest.mouseClick(dialog.move_button, LEFT)
    qtbot.waitUntil(lambda: not old.exists() and not real.context.jobs.has("models"))
    assert settings.load()[0].models_folder == str(answers.path)
    assert os.environ["ADIR_MODELS"] == str(answers.path)
    assert weights.installed_dir("single") == answers.path / "single"
    assert told == []
