"""Jobs: one at a time, stopped within a second, and never heard of again once dropped."""

from __future__ import annotations

import errno
import logging
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from adir_desktop.contract import Event, Finished, Notice, Progress
from adir_desktop.errors import Defect, PhotoError, StorageError
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.ports import Events


class Ear:
    """Keeps all that jobs say."""

    def __init__(self, jobs: Jobs) -> None:
        self.events: list[Event] = []
        self.failures: list[Exception] = []
        self.stopped: list[str] = []
        jobs.happened.connect(self.events.append)
        jobs.failed.connect(self.failures.append)
        jobs.stopped.connect(self.stopped.append)


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs()
    yield made
    assert made.close(5000)


def endless(closed: list[float]) -> Callable[[], Events]:
    def job() -> Events:
        try:
            while True:
                yield Notice("tick")
                time.sleep(0.01)
        finally:
            closed.append(time.monotonic())

    return job


def saying(*events: Event) -> Callable[[], Events]:
    def job() -> Events:
        yield from events

    return job


def failing(error: Exception) -> Callable[[], Events]:
    def job() -> Events:
        yield Notice("before")
        raise error

    return job


def test_events_arrive_in_order_on_the_windows_thread(jobs: Jobs, qtbot: QtBot) -> None:
    ear, threads = Ear(jobs), []
    jobs.happened.connect(lambda event: threads.append(threading.current_thread()))
    events = [Notice("a"), Progress("sample", 2, 2), Finished(3)]
    jobs.start("restore", saying(*events))
    qtbot.waitUntil(lambda: not jobs.has("restore") and not jobs.engine)
    assert ear.events == events
    assert set(threads) == {threading.main_thread()}


def test_stop_closes_the_generator_within_a_second_and_says_so(jobs: Jobs, qtbot: QtBot) -> None:
    ear, closed = Ear(jobs), []
    jobs.start("restore", endless(closed))
    qtbot.waitUntil(lambda: len(ear.events) > 2)
    asked = time.monotonic()
    jobs.stop("restore")
    assert jobs.stopping
    assert not jobs.has("restore")
    qtbot.waitUntil(lambda: ear.stopped == ["restore"], timeout=2000)
    assert closed[0] - asked < 1.0
    assert not jobs.engine


def test_nothing_of_a_dropped_job_lands_not_even_what_was_on_its_way(jobs: Jobs, qtbot: QtBot) -> None:
    ear, sent = Ear(jobs), threading.Event()

    def job() -> Events:
        yield Notice("stale")
        yield Finished("stale")
        sent.set()

    jobs.start("find", job)
    assert sent.wait(5)  # both events wait in the window's queue now; nobody has heard them
    jobs.drop("find")
    qtbot.waitUntil(lambda: not jobs.engine)
    qtbot.wait(50)
    assert ear.events == []
    assert ear.stopped == []


def test_the_next_job_waits_for_the_engine_but_files_do_not(jobs: Jobs, qtbot: QtBot) -> None:
    ear, release, order = Ear(jobs), threading.Event(), []

    def slow() -> Events:
        order.append("slow begins")
        release.wait(5)
        order.append("slow ends")
        yield Finished("slow")

    def quick() -> Events:
        order.append("restore")
        yield Finished("quick")

    def opening() -> Events:
        order.append("open")
        yield Finished("photo")

    jobs.start("warm", slow)
    jobs.start("restore", quick)
    jobs.start("open", opening)
    qtbot.waitUntil(lambda: [event.result for event in ear.events] == ["photo"])
    assert "restore" not in order
    assert jobs.has("restore")
    release.set()
    qtbot.waitUntil(lambda: len(ear.events) == 3)
    assert order.index("restore") > order.index("slow ends")


def test_stopping_a_waiting_job_leaves_the_running_one_alone(jobs: Jobs, qtbot: QtBot) -> None:
    ear, release = Ear(jobs), threading.Event()

    def warm() -> Events:
        release.wait(5)
        yield Finished("ready")

    jobs.start("warm", warm)
    jobs.start("restore", saying(Finished("never")))
    jobs.stop("restore")
    assert ear.stopped == ["restore"]
    release.set()
    qtbot.waitUntil(lambda: bool(ear.events))
    qtbot.wait(50)
    assert [event.result for event in ear.events] == ["ready"]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (PhotoError("Not a photo.", "Choose another."), PhotoError),
        (OSError(errno.ENOSPC, "full"), StorageError),
        (ZeroDivisionError("oops"), Defect),
    ],
)
def test_a_failure_comes_as_problem_and_remedy_and_is_logged(
    jobs: Jobs, qtbot: QtBot, caplog: pytest.LogCaptureFixture, error: Exception, kind: type
) -> None:
    ear = Ear(jobs)
    with caplog.at_level(logging.ERROR):
        jobs.start("restore", failing(error))
        qtbot.waitUntil(lambda: bool(ear.failures))
    assert isinstance(ear.failures[0], kind)
    assert ear.failures[0].remedy
    assert "Traceback" in caplog.text
    qtbot.waitUntil(lambda: not jobs.engine)


def test_a_generator_that_cannot_even_be_made_fails_like_any_other(jobs: Jobs, qtbot: QtBot) -> None:
    ear = Ear(jobs)

    def make() -> Events:
        raise PhotoError("No.", "Yes.")

    jobs.start("restore", make)
    qtbot.waitUntil(lambda: bool(ear.failures))


def test_a_flood_of_progress_is_thinned_out_but_ends_and_previews_are_kept(jobs: Jobs, qtbot: QtBot) -> None:
    ear = Ear(jobs)
    events = [Progress("index", done, 5000) for done in range(1, 5001)]
    jobs.start("index", saying(*events, Finished(None)))
    qtbot.waitUntil(lambda: Finished in map(type, ear.events))
    assert len(ear.events) < 500
    assert ear.events[-2] is events[-1]


def test_closing_ends_a_running_job(qtbot: QtBot) -> None:
    jobs, closed = Jobs(), []
    ear = Ear(jobs)
    jobs.start("restore", endless(closed))
    jobs.start("find", saying(Finished("never")))
    qtbot.waitUntil(lambda: bool(ear.events))
    assert jobs.close(2000)
    assert closed
