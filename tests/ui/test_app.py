"""The composition root: what it loads, remembers, logs and never lets slip."""

from __future__ import annotations

import gc
import logging
import subprocess
import sys
import types
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot
from scripted import READY, Answers, Script

from adir_desktop import engine, places, settings
from adir_desktop.contract import Finished
from adir_desktop.settings import Settings
from adir_desktop.ui import app, canvas_paint
from adir_desktop.ui.words import duration, percent

UI = Path(app.__file__).parent
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen platform has none


def test_importing_every_module_of_the_window_loads_neither_torch_nor_the_engine() -> None:
    modules = sorted(f"adir_desktop.ui.{path.stem}" for path in UI.glob("*.py") if path.stem != "__init__")
    code = f"""
import importlib, sys
for name in {modules!r}:
    importlib.import_module(name)
costly = [m for m in sys.modules if m.split(".")[0] in ("torch", "diffusers", "peft", "open_clip", "usearch")]
costly += [m for m in sys.modules if m.startswith("adir_desktop.engine")]
print(costly)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_making_the_engines_port_loads_no_engine_either() -> None:
    code = """
import sys
from adir_desktop.ui import app, canvas_paint
engine = app.real_engine()
started = [engine.warm(), engine.restore(None)]
print([m for m in sys.modules if m == "torch" or m.startswith("adir_desktop.engine")])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_once_the_engine_is_loaded_its_objects_burden_the_collector_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    jobs = types.ModuleType("adir_desktop.engine.jobs")
    jobs.warm = lambda: iter([READY, Finished(READY)])
    monkeypatch.setitem(sys.modules, jobs.__name__, jobs)
    monkeypatch.setattr(engine, "jobs", jobs, raising=False)
    assert gc.get_freeze_count() == 0
    try:
        assert [type(event).__name__ for event in app.real_engine().warm()] == ["Ready", "Finished"]
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


def test_the_start_is_measured_by_a_command() -> None:
    code = ["-m", "adir_desktop.ui.benchmark", "once"]
    done = subprocess.run([sys.executable, *code], capture_output=True, text=True, check=True)
    assert 0 < float(done.stdout) < 30


def test_settings_are_remembered_from_window_to_window(
    qtbot: QtBot, script: Script, photo_file: Path
) -> None:
    first = app.open_window(script.engine(), [photo_file], Answers())
    qtbot.addWidget(first)
    qtbot.waitUntil(lambda: first.session.picture is not None)
    first.close()
    assert settings.load()[0].recent == (str(photo_file),)
    second = app.open_window(script.engine(), dialogs=Answers())
    qtbot.addWidget(second)
    assert second.context.settings.recent == (str(photo_file),)
    second.close()


def test_damaged_settings_are_told_in_the_window(qtbot: QtBot, script: Script) -> None:
    settings.save(Settings())
    settings.settings_path().write_text("= nonsense")
    window = app.open_window(script.engine(), dialogs=Answers())
    qtbot.addWidget(window)
    assert "damaged" in window.messages.problem.text()
    window.close()


def test_an_error_that_nobody_foresaw_is_shown_and_logged(
    qtbot: QtBot, script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    window = app.open_window(script.engine(), dialogs=Answers())
    qtbot.addWidget(window)

    def slot() -> None:
        raise ZeroDivisionError("seven by nought")

    with caplog.at_level(logging.CRITICAL):
        QTimer.singleShot(0, slot)
        qtbot.waitUntil(window.messages.isVisible)
    assert "seven by nought" in window.messages.problem.text()
    assert window.messages.remedy.text()
    assert "seven by nought" in caplog.text
    window.close()


def test_an_error_while_painting_is_shown_and_does_not_bring_the_window_down(
    qtbot: QtBot, script: Script, photo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = app.open_window(script.engine(), [photo_file], Answers())
    qtbot.addWidget(window)
    qtbot.waitUntil(lambda: window.session.picture is not None)

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("no paint left")

    monkeypatch.setattr(canvas_paint, "picture", broken)
    window.canvas.update()
    qtbot.waitUntil(window.messages.isVisible)
    assert "no paint left" in window.messages.problem.text()
    monkeypatch.undo()
    window.canvas.update()
    qtbot.wait(50)
    window.close()


def test_the_hook_goes_with_the_window(qtbot: QtBot, script: Script) -> None:
    before = sys.excepthook
    window = app.open_window(script.engine(), dialogs=Answers())
    assert sys.excepthook is not before
    window.close()
    window.deleteLater()
    qtbot.waitUntil(lambda: sys.excepthook is before)


def test_run_opens_the_window_and_returns_when_it_is_closed(
    qapp: QApplication, script: Script, monkeypatch: pytest.MonkeyPatch, photo_file: Path
) -> None:
    monkeypatch.setattr(app, "real_engine", script.engine)
    seen: list[bool] = []

    def close() -> None:
        (window,) = [one for one in QApplication.topLevelWidgets() if one.isVisible() and one.isWindow()]
        seen.append(window.session.picture is not None and window.session.ready is not None)
        if seen[-1]:
            window.close()
        else:
            QTimer.singleShot(50, close)

    QTimer.singleShot(200, close)
    with capture_exceptions() as failures:
        assert app.run([str(photo_file)]) == 0
    assert seen[-1]
    assert failures == []
    assert places.log_dir().is_dir()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (2, "a few seconds"),
        (41, "about 40 s"),
        (54, "about 55 s"),
        (100, "about 2 min"),
        (7200, "about 2.0 h"),
    ],
)
def test_times_are_said_as_exactly_as_they_are_known(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_small_shares_keep_a_decimal() -> None:
    assert percent(0.0123) == "1.2 %"
    assert percent(0.5) == "50 %"
