"""The queue of restorations on real threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from adir_desktop import interrupt
from adir_desktop.contract import Finished, Progress
from adir_desktop.errors import PhotoError
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.ports import Events
from adir_desktop.ui.runs import Run, Runs, State


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    jobs = Jobs()
    yield jobs
    assert jobs.close(5000)


@pytest.fixture
def runs(jobs: Jobs) -> Runs:
    return Runs(jobs, jobs)


def endless(stage: str, seen: list[int]) -> Callable[[], Events]:
    """A stage that goes on for as long as it is let, and finishes early where it is asked to."""

    def events() -> Events:
        for step in range(1, 100_000):
            seen.append(step)
            yield Progress(stage, step, 100_000)
            if stage == "sample" and interrupt.finishing():
                yield Finished(f"after {step}")
                return
            time.sleep(0.005)

    return events


def at_once(result: object) -> Callable[[], Events]:
    def events() -> Events:
        yield Finished(result)

    return events


def broken() -> Events:
    yield Progress("load", 0, 1)
    raise PhotoError("It is torn.", "Take another.")


def states(runs: Runs) -> list[State]:
    return [run.state for run in runs.runs]


def test_runs_come_one_after_the_other(runs: Runs, qtbot: QtBot) -> None:
    results: list[tuple[Run, object]] = []
    runs.finished.connect(lambda run, result: results.append((run, result)))
    for number in range(3):
        runs.add("photo", f"{number}.png", "Enlarge", at_once(number))
    assert states(runs)[1:] == [State.WAITING, State.WAITING]
    qtbot.waitUntil(lambda: len(results) == 3)
    assert [result for _, result in results] == [0, 1, 2]
    assert [run.name for run, _ in results] == ["0.png", "1.png", "2.png"]
    assert states(runs) == [State.DONE] * 3
    runs.clear_ended()
    assert runs.runs == ()


def test_a_failure_stays_with_its_remedy_and_can_be_tried_again(runs: Runs, qtbot: QtBot) -> None:
    attempts: list[int] = []

    def second_time() -> Events:
        attempts.append(1)
        yield from broken() if len(attempts) == 1 else at_once("mended")()

    run = runs.add("photo", "a.png", "Clean", second_time)
    runs.add("photo", "b.png", "Clean", at_once("b"))
    qtbot.waitUntil(lambda: states(runs) == [State.FAILED, State.DONE])
    assert runs.runs[0].error is not None
    assert runs.runs[0].error.remedy == "Take another."
    runs.retry(run)
    qtbot.waitUntil(lambda: states(runs) == [State.DONE, State.DONE])
    assert runs.runs[0].error is None


def test_pausing_holds_the_run_and_those_behind_it(runs: Runs, qtbot: QtBot) -> None:
    seen: list[int] = []
    run = runs.add("photo", "a.png", "Clean", endless("adapt", seen))
    runs.add("photo", "b.png", "Clean", at_once("b"))
    qtbot.waitUntil(lambda: len(seen) > 3)
    runs.pause()
    qtbot.wait(100)
    held = len(seen)
    assert states(runs) == [State.PAUSED, State.WAITING]
    qtbot.wait(200)
    assert len(seen) <= held + 1
    runs.resume()
    qtbot.waitUntil(lambda: len(seen) > held + 3)
    runs.stop(run)
    qtbot.waitUntil(lambda: states(runs) == [State.STOPPED, State.DONE])


def test_pausing_also_holds_inside_a_long_step(runs: Runs, qtbot: QtBot) -> None:
    inside, going = threading.Event(), []

    def one_long_step() -> Events:
        inside.set()
        for _ in range(1000):
            interrupt.check()
            going.append(1)
            time.sleep(0.005)
        yield Finished("done")

    run = runs.add("photo", "a.png", "Clean", one_long_step)
    qtbot.waitUntil(inside.is_set)
    runs.pause()
    qtbot.wait(100)
    held = len(going)
    qtbot.wait(150)
    assert len(going) <= held + 1
    runs.stop(run)
    qtbot.waitUntil(lambda: states(runs) == [State.STOPPED])


def test_stopping_while_sampling_keeps_the_picture_so_far(runs: Runs, qtbot: QtBot) -> None:
    seen: list[int] = []
    results: list[object] = []
    runs.finished.connect(lambda _, result: results.append(result))
    run = runs.add("photo", "a.png", "Clean", endless("sample", seen))
    qtbot.waitUntil(lambda: len(seen) > 3)
    began = time.monotonic()
    runs.stop(run)
    qtbot.waitUntil(lambda: bool(results))
    assert time.monotonic() - began < 1
    assert results == [f"after {seen[-1]}"]
    assert states(runs) == [State.DONE]


def test_stopping_before_there_is_a_picture_ends_it(runs: Runs, jobs: Jobs, qtbot: QtBot) -> None:
    seen: list[int] = []
    stopped: list[str] = []
    jobs.stopped.connect(stopped.append)
    run = runs.add("photo", "a.png", "Clean", endless("adapt", seen))
    qtbot.waitUntil(lambda: len(seen) > 3)
    runs.stop(run)
    qtbot.waitUntil(lambda: states(runs) == [State.STOPPED])
    assert stopped == ["restore"]


def test_a_paused_run_can_be_stopped(runs: Runs, qtbot: QtBot) -> None:
    seen: list[int] = []
    run = runs.add("photo", "a.png", "Clean", endless("sample", seen))
    qtbot.waitUntil(lambda: len(seen) > 1)
    runs.pause()
    runs.stop(run)
    qtbot.waitUntil(lambda: states(runs) == [State.DONE])
    assert not runs.paused


def test_order_can_be_changed_and_waiting_ones_removed(runs: Runs, qtbot: QtBot) -> None:
    seen: list[int] = []
    first = runs.add("photo", "a.png", "Clean", endless("adapt", seen))
    names: list[str] = []
    runs.finished.connect(lambda run, _: names.append(run.name))
    runs.add("photo", "b.png", "Clean", at_once("b"))
    later = runs.add("photo", "c.png", "Clean", at_once("c"))
    gone = runs.add("photo", "d.png", "Clean", at_once("d"))
    runs.move(later, -1)
    runs.remove(gone)
    assert [run.name for run in runs.runs] == ["a.png", "c.png", "b.png"]
    runs.remove(first)
    assert runs.running is not None, "the running one is stopped, not removed"
    runs.stop(first)
    qtbot.waitUntil(lambda: names == ["c.png", "b.png"])


def test_a_closed_photo_takes_its_runs_along(runs: Runs, qtbot: QtBot) -> None:
    seen: list[int] = []
    results: list[str] = []
    runs.finished.connect(lambda run, _: results.append(run.sheet))
    runs.add("closed", "a.png", "Clean", endless("adapt", seen))
    runs.add("closed", "a.png", "Clean", at_once("a"))
    runs.add("other", "b.png", "Clean", at_once("b"))
    qtbot.waitUntil(lambda: len(seen) > 1)
    runs.drop("closed")
    qtbot.waitUntil(lambda: results == ["other"])
    assert [run.sheet for run in runs.runs] == ["other"]


def test_the_time_left_counts_the_stages_to_come() -> None:
    parts = {"prepare": 1.0, "retrieve": 2.0, "adapt": 30.0, "sample": 20.0, "baseline": 10.0}
    run = Run("1", "photo", "a.png", "Enlarge", stage="adapt", parts=parts)
    assert run.after_stage == 30.0
    assert Run("1", "photo", "a.png", "Enlarge", stage="baseline", parts=parts).after_stage == 0
    assert Run("1", "photo", "a.png", "Enlarge", stage="load", parts=parts).after_stage == 0
