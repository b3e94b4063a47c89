"""The line at the window's foot: stage, count, time left, figures, Pause and Stop, on real threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from queued import Queue, colours, host, queue
from scripted import READY

from adir_desktop.contract import Finished, Progress
from adir_desktop.ui.countdown import Countdown
from adir_desktop.ui.ports import Events
from adir_desktop.ui.progress_strip import ProgressStrip
from adir_desktop.ui.session import Session
from adir_desktop.ui.theme import ERROR

LEFT = Qt.MouseButton.LeftButton


def settled(eta: float = 40.0) -> Countdown:
    """One that shows a figure: estimates agreed for two seconds, until now = 2."""
    countdown = Countdown()
    for tenth in range(21):
        countdown.update(eta - tenth / 10, tenth / 10)
    return countdown


def test_no_time_is_told_before_estimates_agree() -> None:
    countdown = Countdown()
    assert countdown.update(None, 0.0) is None
    assert [countdown.update(eta, now) for now, eta in enumerate((90.0, 20.0, 60.0, 25.0))] == [None] * 4
    assert countdown.update(24.0, 5.0) is None
    assert settled().update(None, 2.0) == pytest.approx(38.0)


def test_it_runs_down_by_the_clock_to_nought() -> None:
    countdown = settled()
    assert countdown.update(None, 12.0) == pytest.approx(28.0)
    assert countdown.update(None, 99.0) == 0.0


def test_it_stands_still_rather_than_grow_a_little() -> None:
    countdown = settled()
    shown = [countdown.update(45.0, 2.0 + tenth / 10) for tenth in range(20)]
    assert max(shown) <= 38.0
    assert shown == sorted(shown, reverse=True)


def test_it_grows_when_it_was_badly_wrong() -> None:
    countdown = settled()
    shown = [countdown.update(200.0, 2.0 + tenth / 10) for tenth in range(30)]
    assert shown[-1] > 150.0


def test_one_stray_estimate_changes_little() -> None:
    countdown = settled()
    assert 28.0 < countdown.update(4.0, 2.1) < 38.0


def test_another_stage_begins_anew() -> None:
    countdown = settled()
    countdown.restart()
    assert countdown.update(None, 3.0) is None
    assert countdown.update(40.0, 3.0) is None


@pytest.fixture
def line() -> Iterator[Queue]:
    with queue() as one:
        yield one


@pytest.fixture
def strip(qtbot: QtBot, line: Queue) -> ProgressStrip:
    session = Session()
    strip = ProgressStrip(session)
    session.setParent(strip)
    line.jobs.happened.connect(session.hear)
    strip.watch(line.jobs, line.runs)
    host(qtbot, strip, width=1000, height=80)
    return strip


def adapting(strip: ProgressStrip) -> bool:
    return "Adapting" in strip.text.text()


def test_idle_it_says_what_it_runs_on(strip: ProgressStrip, line: Queue, qtbot: QtBot) -> None:
    assert not strip.bar.isVisible()
    assert not strip.stop.isVisible()
    assert not strip.pause.isVisible()

    def warm() -> Events:
        yield Finished(READY)

    line.jobs.start("warm", warm)
    assert strip.text.text() == "Loading the engine …"
    qtbot.waitUntil(lambda: strip.text.text() == "Ready · CPU")


def test_a_run_waiting_for_the_engine_is_told(strip: ProgressStrip, line: Queue, qtbot: QtBot) -> None:
    go = threading.Event()

    def warm() -> Events:
        go.wait(5)
        yield Finished(READY)

    line.jobs.start("warm", warm)
    line.quick("a.png")
    assert "Restoring starts when it is ready" in strip.text.text()
    go.set()
    qtbot.waitUntil(lambda: strip.text.text() == "Ready · CPU")


def test_stage_count_loss_and_a_settled_time(strip: ProgressStrip, line: Queue, qtbot: QtBot) -> None:
    run = line.endless("a.png", eta=40.0, loss=0.125)
    qtbot.waitUntil(lambda: adapting(strip))
    assert "of 400" in strip.text.text()
    assert "left" not in strip.text.text()
    assert strip.figure.text() == "loss 0.1250"
    assert not strip.gauge.isVisible()
    assert strip.bar.isVisible()
    assert strip.curve.isVisible()
    qtbot.waitUntil(lambda: "about 40 s left" in strip.text.text())
    line.runs.stop(run)
    qtbot.waitUntil(lambda: not strip.bar.isVisible())
    assert strip.figure.text() == ""
    assert strip.curve.values[0] == 0.125, "the curve stays to be looked at"


def test_the_next_run_begins_with_empty_curves(strip: ProgressStrip, line: Queue, qtbot: QtBot) -> None:
    run = line.endless("a.png", loss=0.5)
    qtbot.waitUntil(lambda: bool(strip.curve.values))
    line.endless("b.png")
    line.runs.stop(run)
    qtbot.waitUntil(lambda: line.states == ["stopped", "running"])
    qtbot.waitUntil(lambda: adapting(strip))
    assert strip.curve.values == ()


def test_agreement_with_the_photo_has_a_gauge(strip: ProgressStrip, line: Queue, qtbot: QtBot) -> None:
    level = [4.0]

    def sampling() -> Events:
        for step in range(1, 10_000):
            yield Progress("sample", min(step, 50), 100, consistency=level[0])
            time.sleep(0.01)

    line.scripted("a.png", sampling)
    qtbot.waitUntil(strip.gauge.isVisible)
    assert strip.figure.text() == "agreement 4.00"
    assert "as close as makes sense" in strip.gauge.toolTip()
    assert ERROR in colours(strip.gauge, strip.gauge.rect())
    level[0] = 1.02
    qtbot.waitUntil(lambda: strip.figure.text() == "agreement 1.02")
    assert ERROR not in colours(strip.gauge, strip.gauge.rect())


def test_pause_holds_and_resume_goes_on(strip: ProgressStrip, line: Queue, qtbot: QtBot) -> None:
    line.endless("a.png", eta=40.0)
    qtbot.waitUntil(lambda: "120 of 400" in strip.text.text())
    QTest.mouseClick(strip.pause, LEFT)
    assert line.states == ["paused"]
    qtbot.waitUntil(lambda: strip.text.text() == "Paused · 120 of 400")
    assert strip.pause.text() == "Resume"
    strip.pause.setFocus()
    QTest.keyClick(strip.pause, Qt.Key.Key_Space)
    assert line.states == ["running"]
    qtbot.waitUntil(lambda: adapting(strip))
    assert strip.pause.text() == "Pause"


def test_stop_asks_and_says_that_it_stops(strip: ProgressStrip, line: Queue, qtbot: QtBot) -> None:
    strip.stop_wanted.connect(lambda: line.runs.stop(line.runs.running.id))
    line.endless("a.png")
    qtbot.waitUntil(lambda: adapting(strip))
    QTest.mouseClick(strip.stop, LEFT)
    assert strip.text.text() == "Stopping …"
    assert not strip.stop.isEnabled()
    qtbot.waitUntil(lambda: line.states == ["stopped"], timeout=2000)
    assert not strip.stop.isVisible()


def test_indexing_shows_and_can_be_stopped_but_not_paused(
    strip: ProgressStrip, line: Queue, qtbot: QtBot
) -> None:
    strip.stop_wanted.connect(lambda: line.jobs.stop("index"))

    def index() -> Events:
        for step in range(1, 10_000):
            yield Progress("index", step, 12_431)
            time.sleep(0.005)

    line.jobs.start("index", index)
    qtbot.waitUntil(lambda: "of 12,431" in strip.text.text())
    assert "Looking through the library" in strip.text.text()
    assert not strip.pause.isVisible()
    QTest.mouseClick(strip.stop, LEFT)
    qtbot.waitUntil(lambda: not line.jobs.engine, timeout=2000)


def test_the_clock_goes_on_between_rare_events(strip: ProgressStrip, line: Queue, qtbot: QtBot) -> None:
    quiet = threading.Event()

    def slow() -> Events:
        for step in range(1, 40):
            yield Progress("adapt", step, 400, eta=11.0 - step * 0.05)
            time.sleep(0.05)
        quiet.wait(8)

    line.scripted("a.png", slow)
    qtbot.waitUntil(lambda: "about 10 s left" in strip.text.text())
    qtbot.waitUntil(lambda: "about 5 s left" in strip.text.text())
    quiet.set()
    qtbot.waitUntil(lambda: line.states == ["stopped"])
