"""The page of the old print: each fault a switch, its values in the request while it is on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hosted_panel import LEFT, Bench, hosted, type_number
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from adir_desktop.contract import Fading, Finished
from adir_desktop.ui.fault_rows import Fault
from adir_desktop.ui.old_print import OldPrint

YELLOW = Fading((0.7, 0.65, 0.5), (0.1, 0.1, 0.08))


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Bench:
    shown = hosted(qtbot, tmp_path, height=1400)
    shown.choose_task("old")
    return shown


@pytest.fixture
def page(bench: Bench) -> OldPrint:
    return bench.panel.values.old


def press(fault: Fault) -> None:
    QTest.mouseClick(fault.check, LEFT, pos=QPoint(8, fault.check.height() // 2))


def kinds(bench: Bench) -> list[str]:
    return [step.kind for step in bench.session.request().degradation.steps]


def test_nothing_is_on_at_first_and_the_panel_says_so(bench: Bench, page: OldPrint) -> None:
    faults = (page.scratches, page.fading, page.blur, page.noise, page.colour)
    assert not any(fault.check.isChecked() for fault in faults)
    assert not page.kernel.isVisible()
    assert "No fault" in bench.panel.missing.text()
    assert not bench.panel.restore.isEnabled()


def test_all_faults_together_make_one_chain(bench: Bench, page: OldPrint) -> None:
    for fault in (page.fading, page.blur, page.noise, page.colour):
        press(fault)
    bench.mark()
    assert kinds(bench) == ["blur", "grey", "fade", "mask"]
    assert bench.session.request().degradation.noise_std == page.noise_row.spin.value() > 0
    assert bench.panel.restore.isEnabled()
    for fault in (page.blur, page.noise, page.colour):
        press(fault)
    assert kinds(bench) == ["fade", "mask"]
    assert bench.session.request().degradation.noise_std == 0


def test_switching_scratches_on_looks_for_them_and_off_clears_the_marks(
    bench: Bench, page: OldPrint, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(bench.panel.scratches_wanted):
        press(page.scratches)
    assert not page.scratches.check.isChecked()  # nothing is marked yet
    assert not page.feather.isVisible()
    bench.mark()
    assert page.scratches.check.isChecked()
    assert page.feather.isVisible()
    assert "%" in page.marked.text()
    press(page.scratches)
    assert bench.session.mask.empty
    bench.session.mask.undo()
    assert page.scratches.check.isChecked()


def test_the_button_beside_scratches_looks_for_more(bench: Bench, page: OldPrint, qtbot: QtBot) -> None:
    bench.mark()
    with qtbot.waitSignal(bench.panel.scratches_wanted):
        QTest.mouseClick(page.find_scratches, LEFT)
    finish = bench.busy("scratches")
    assert not page.find_scratches.isEnabled()
    finish()
    qtbot.waitUntil(page.find_scratches.isEnabled)


def test_fading_is_measured_and_told_in_words(bench: Bench, page: OldPrint, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bench.panel.fading_wanted):
        press(page.fading)
    bench.session.hear(Finished(YELLOW))
    text = page.fading_values.words.text()
    assert "contrast 62 %" in text
    assert "yellow cast" in text
    assert (page.fading_values.contrast.value(), page.fading_values.veil.value()) == (62, 9)
    with qtbot.waitSignal(bench.panel.fading_wanted):
        QTest.mouseClick(page.measure_fading, LEFT)


def test_fading_is_corrected_by_hand_and_keeps_its_cast(bench: Bench, page: OldPrint) -> None:
    bench.session.change(replace(bench.values, fading=YELLOW))
    type_number(page.fading_values.contrast, "80")
    type_number(page.fading_values.veil, "20")
    fading = bench.values.fading
    assert np.mean(fading.gain) == pytest.approx(0.8)
    assert fading.gain[2] / fading.gain[0] == pytest.approx(5 / 7)
    assert np.mean(fading.offset) == pytest.approx(0.2)
    assert fading.offset[0] - fading.offset[2] == pytest.approx(0.02)


def test_noise_stays_on_while_its_number_is_zero(bench: Bench, page: OldPrint, qtbot: QtBot) -> None:
    press(page.noise)
    type_number(page.noise_row.spin, "0")
    assert page.noise.check.isChecked()
    assert page.noise_row.isVisible()
    with qtbot.waitSignal(bench.panel.noise_wanted):
        QTest.mouseClick(page.noise_row.estimate, LEFT)


def test_its_kernel_is_the_one_of_the_request(bench: Bench, page: OldPrint) -> None:
    press(page.blur)
    type_number(page.kernel.side, "7")
    (step,) = bench.session.request().degradation.steps
    assert step.values["kernel"] == "box:7"
