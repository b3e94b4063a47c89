"""The panel's foot: what it costs, what is missing and the way out, the queue, and what comes after."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hosted_panel import LEFT, Bench, choose, hosted
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from adir_desktop.contract import Estimate, Finished, Neighbour, NeighbourSet
from adir_desktop.ui.restore_foot import RestoreFoot
from adir_desktop.ui.theme import ACCENT, ERROR

COST = Estimate(50.0, 1_430_000_000, {"adapt": 30.0, "sample": 20.0})


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Bench:
    return hosted(qtbot, tmp_path)


@pytest.fixture
def foot(bench: Bench) -> RestoreFoot:
    return bench.panel.foot


def test_the_cost_is_told_before_the_button_is_pressed(bench: Bench, foot: RestoreFoot) -> None:
    assert foot.cost.words.text() == ""
    bench.session.hear(Finished(COST))
    assert foot.cost.words.text() == "About 50 s on this computer, 1.4 GB"
    assert "Adapting: about 30 s" in foot.cost.words.toolTip()
    assert foot.cost.isVisible()


def test_the_cost_is_grey_while_another_estimate_is_made(
    bench: Bench, foot: RestoreFoot, qtbot: QtBot
) -> None:
    finish = bench.busy("estimate")
    assert "Estimating" in foot.cost.words.text()
    bench.session.hear(Finished(COST))
    assert "50 s" in foot.cost.words.text()
    assert not foot.cost.words.isEnabled()
    finish()
    qtbot.waitUntil(foot.cost.words.isEnabled)


def test_without_a_library_the_way_out_is_a_button(qtbot: QtBot, tmp_path: Path) -> None:
    bench = hosted(qtbot, tmp_path, ready=False)
    choose(bench.panel.adapt.choice, "neighbours")
    foot = bench.panel.foot
    assert "similar photos" in foot.missing.text()
    assert not foot.restore.isEnabled()
    assert not foot.cost.isVisible()
    with qtbot.waitSignal(bench.panel.folder_wanted):
        QTest.mouseClick(foot.remedy, LEFT)
    choose(bench.panel.adapt.choice, "none")
    assert not foot.missing.isVisible()
    assert not foot.remedy.isVisible()
    assert foot.restore.isEnabled()


def test_without_marks_the_way_out_is_the_brush(bench: Bench, foot: RestoreFoot, qtbot: QtBot) -> None:
    bench.choose_task("inpaint")
    assert "mask" in foot.missing.text()
    with qtbot.waitSignal(bench.panel.brush_wanted):
        QTest.mouseClick(foot.remedy, LEFT)
    bench.mark()
    assert not foot.remedy.isVisible()
    assert foot.restore.isEnabled()


@pytest.mark.qt_log_ignore("This plugin does not support")  # the offscreen platform says it of popups
def test_without_a_preset_the_stored_ones_are_offered(bench: Bench, foot: RestoreFoot, qtbot: QtBot) -> None:
    choose(bench.panel.adapt.choice, "preset")
    QTest.mouseClick(foot.remedy, LEFT)
    popup = bench.panel.adapt.presets.view()
    qtbot.waitUntil(popup.isVisible)
    bench.panel.adapt.presets.hidePopup()
    bench.stock.take_presets(())
    with qtbot.waitSignal(bench.panel.preset_wanted):
        QTest.mouseClick(foot.remedy, LEFT)


def test_neighbours_that_are_all_off_are_switched_on_again(bench: Bench, foot: RestoreFoot) -> None:
    items = (Neighbour("a", Path("/a.jpg"), 0.9, 20.0, included=False),)
    bench.session.hear(Finished(NeighbourSet("Album", "starter", "photo", items)))
    assert "switched off" in foot.missing.text()
    QTest.mouseClick(foot.remedy, LEFT)
    assert bench.session.found.included
    assert foot.restore.isEnabled()


def test_restore_stops_pauses_and_queues_while_it_runs(bench: Bench, foot: RestoreFoot, qtbot: QtBot) -> None:
    assert not foot.pause.isVisible()
    assert not foot.queue.isVisible()
    finish = bench.run()
    assert foot.restore.text() == "Stop"
    assert not foot.restore.property("accent")
    for button, signal in (
        (foot.restore, bench.panel.restore_wanted),
        (foot.pause, bench.panel.pause_wanted),
        (foot.queue, bench.panel.queue_wanted),
    ):
        with qtbot.waitSignal(signal):
            QTest.mouseClick(button, LEFT)
    bench.runs.pause()
    assert foot.pause.text() == "Resume"
    bench.runs.resume()
    assert foot.pause.text() == "Pause"
    finish()
    qtbot.waitUntil(lambda: bench.runs.running is None)
    assert foot.restore.text() == "Restore"
    assert foot.restore.property("accent")
    assert not foot.pause.isVisible()


def test_stopping_is_told_until_it_has_ended(bench: Bench, foot: RestoreFoot, qtbot: QtBot) -> None:
    finish = bench.run()
    qtbot.waitUntil(lambda: bench.runs.running.stage == "sample")
    bench.runs.stop(bench.runs.running.id)
    assert foot.restore.text() == "Stopping …"
    assert not foot.restore.isEnabled()
    finish()
    qtbot.waitUntil(lambda: foot.restore.text() == "Restore")


def test_another_photos_run_leaves_restore_as_it_is(bench: Bench, foot: RestoreFoot, qtbot: QtBot) -> None:
    finish, finish_mine = bench.run("photo 2"), None
    assert foot.restore.text() == "Restore"
    assert not foot.pause.isVisible()
    finish_mine = bench.run("photo 1")
    assert "queue" in foot.restore.text()
    assert foot.restore.isEnabled()
    finish()
    qtbot.waitUntil(lambda: foot.restore.text() == "Stop")
    finish_mine()
    qtbot.waitUntil(lambda: bench.runs.running is None)


def test_after_a_result_saving_comes_next(bench: Bench, foot: RestoreFoot, qtbot: QtBot) -> None:
    assert not any(part.isVisible() for part in (foot.save, foot.save_preset, foot.again))
    bench.restored(preset=True)
    assert foot.save.property("accent")
    assert not foot.restore.property("accent")
    for button, signal in (
        (foot.save, bench.panel.save_wanted),
        (foot.save_preset, bench.panel.save_preset_wanted),
        (foot.again, bench.panel.again_wanted),
    ):
        with qtbot.waitSignal(signal):
            QTest.mouseClick(button, LEFT)
    bench.restored(preset=False)
    assert not foot.save_preset.isVisible()


def test_the_gauge_shows_how_well_the_result_explains_the_photo(bench: Bench, foot: RestoreFoot) -> None:
    assert not foot.gauge.isVisible()
    bench.restored(1.04)
    assert foot.gauge.number.text() == "1.04"
    assert "explains" in foot.gauge.meaning.text()
    assert filled(foot, ACCENT) == pytest.approx(1.04 / 3, abs=0.05)
    bench.restored(2.7)
    assert "strays" in foot.gauge.meaning.text()
    assert filled(foot, ERROR) == pytest.approx(2.7 / 3, abs=0.05)
    bench.restored(None)
    assert not foot.gauge.isVisible()


def test_a_result_closer_than_the_noise_is_suspicious_only_where_there_was_noise(
    bench: Bench, foot: RestoreFoot
) -> None:
    bench.restored(0.4)
    assert "explains" in foot.gauge.meaning.text()
    bench.session.change(replace(bench.values, noise=10.0))
    bench.restored(0.4)
    assert "left" in foot.gauge.meaning.text()


def filled(foot: RestoreFoot, colour: str) -> float:
    """The share of the bar that has this colour."""
    image = foot.gauge.gauge.grab().toImage()
    row = [image.pixelColor(x, image.height() // 2) for x in range(image.width())]
    return sum(one == QColor(colour) for one in row) / len(row)
