"""The recipe panel: what is shown for which task, and what the request holds then."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hosted_panel import HOLIDAYS, LEFT, Bench, choose, hosted, noise_of, type_number
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from adir_desktop.contract import TASKS, Request, Source, Step
from adir_desktop.ui.fault_rows import NoiseRow


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Bench:
    return hosted(qtbot, tmp_path)


def steps(request: Request) -> tuple[Step, ...]:
    return request.degradation.steps


@pytest.mark.parametrize("task", TASKS)
def test_each_task_shows_its_own_values_and_no_others(bench: Bench, task: str) -> None:
    bench.choose_task(task)
    values = bench.panel.values
    shown = {
        "scale": values.scale.isVisible(),
        "kernel": values.kernel.isVisible(),
        "noise": any(row.isVisible() for row in values.findChildren(NoiseRow)),
        "marked": values.repair.isVisible(),
        "faults": values.old.isVisible(),
        "words": values.words.isVisible(),
    }
    own = {
        "upscale": {"scale"},
        "deblur": {"kernel", "noise"},
        "denoise": {"noise"},
        "inpaint": {"marked"},
        "colorize": set(),
        "old": {"faults"},
        "edit": {"words"},
    }[task]
    assert {name for name, on in shown.items() if on} == own
    assert bench.values.task == task


def test_every_task_has_its_name_in_full_and_an_explanation(bench: Bench) -> None:
    hints = set()
    for number, task in enumerate(TASKS):
        tile = bench.panel.tasks.button(number)
        assert tile.fontMetrics().horizontalAdvance(tile.text()) < tile.width() - 8
        bench.choose_task(task)
        hints.add(bench.panel.hint.text())
    assert len(hints) == len(TASKS)


def test_the_scale_goes_into_the_request(bench: Bench) -> None:
    bench.choose_task("upscale")
    QTest.mouseClick(bench.panel.values.scale.buttons.button(8), LEFT)
    assert steps(bench.session.request()) == (Step("downscale", {"factor": 8}),)


def test_kernels_of_every_kind_go_into_the_request(bench: Bench, qtbot: QtBot) -> None:
    bench.choose_task("deblur")
    kernel = bench.panel.values.kernel
    seen = []
    for kind, fields in (
        ("gaussian", ((kernel.sigma, "1.5"),)),
        ("motion", ((kernel.length, "9"), (kernel.angle, "-30"))),
        ("shake", ((kernel.square, "40"), (kernel.turning, "35"), (kernel.path, "2147483647"))),
        ("box", ((kernel.side, "8"),)),
    ):
        choose(kernel.kind, kind)
        for field, text in fields:
            type_number(field, text)
        seen.append(steps(bench.session.request())[0].values["kernel"])
        numbers = kernel.findChildren(QAbstractSpinBox)
        assert {one for one in numbers if one.isVisible()} == {number for number, _ in fields}
        assert kernel.dice.isVisible() == (kind == "shake")
    assert seen == ["gaussian:1.5", "motion:9:-30", "shake:41:0.35:2147483647", "box:9"]
    with qtbot.waitSignal(bench.panel.kernel_wanted):
        kernel.kind.setFocus()
        QTest.keyClick(kernel.kind, Qt.Key.Key_End)
    assert kernel.kind.currentData() == "box"  # until a file is chosen


def test_the_die_draws_another_path_of_the_same_shake(bench: Bench) -> None:
    bench.choose_task("deblur")
    bench.session.change(replace(bench.values, kernel="shake:61:0.537:5"))
    kernel = bench.panel.values.kernel
    before = kernel.preview.picture.grab().toImage()
    QTest.mouseClick(kernel.dice, LEFT)
    shape, side, intensity, seed = bench.values.kernel.split(":")
    assert (shape, side, intensity) == ("shake", "61", "0.537")
    assert seed != "5"
    assert kernel.path.text() == seed
    assert kernel.preview.picture.grab().toImage() != before
    assert kernel.preview.words.text() == "Camera shake within 61 pixels (kernel of 61 × 61)"


@pytest.mark.parametrize("text", ["shake:61:0.5:7", "shake:3:0:0", "shake:255:1:2147483647"])
def test_a_stored_shake_fills_the_fields_and_stays_as_it_is(bench: Bench, text: str) -> None:
    bench.choose_task("deblur")
    bench.session.change(replace(bench.values, kernel=text))
    kernel = bench.panel.values.kernel
    _, side, intensity, seed = text.split(":")
    assert kernel.kind.currentData() == "shake"
    assert (kernel.square.value(), kernel.path.value()) == (int(side), int(seed))
    assert kernel.turning.value() == 100 * float(intensity)
    assert bench.values.kernel == text


def test_noise_is_the_tasks_own_default_until_it_is_set(bench: Bench) -> None:
    bench.choose_task("denoise")
    assert noise_of(bench).spin.value() == 25.0
    assert bench.session.request().degradation.noise_std == 25.0
    type_number(noise_of(bench).spin, "12.5")
    assert bench.session.request().degradation.noise_std == 12.5
    bench.choose_task("deblur")
    assert noise_of(bench).spin.value() == 0.0
    bench.choose_task("denoise")
    assert bench.session.request().degradation.noise_std == 25.0


def test_noise_can_be_measured_and_the_button_is_busy_meanwhile(bench: Bench, qtbot: QtBot) -> None:
    bench.choose_task("denoise")
    button = noise_of(bench).estimate
    with qtbot.waitSignal(bench.panel.noise_wanted):
        QTest.mouseClick(button, LEFT)
    finish = bench.busy("noise")
    assert not button.isEnabled()
    assert button.text() == "Looking …"
    finish()
    qtbot.waitUntil(button.isEnabled)
    assert button.text() == "Estimate"


def test_repairing_shows_how_much_is_marked_and_finds_scratches(bench: Bench, qtbot: QtBot) -> None:
    bench.choose_task("inpaint")
    repair = bench.panel.values.repair
    assert "Paint over" in repair.marked.text()
    with qtbot.waitSignal(bench.panel.scratches_wanted):
        QTest.mouseClick(repair.find_scratches, LEFT)
    bench.mark()
    assert f"{100 * bench.session.mask.count / 2400:.1f} %" in repair.marked.text()
    type_number(repair.feather.spin, "3")
    request = bench.session.request()
    assert request.feather == 3.0
    assert request.degradation.mask.sum() == bench.session.mask.count


def test_more_is_closed_at_first_and_its_values_go_into_the_request(bench: Bench) -> None:
    more = bench.panel.more
    assert not more.body.isVisible()
    QTest.mouseClick(more.toggle, LEFT)
    assert more.body.isVisible()
    plain = bench.session.request()
    assert (plain.sampler, plain.steps, plain.guidance, plain.iterations) == (None, None, None, None)
    choose(more.recipe, "paper")
    choose(more.sampler, "adir")
    choose(more.prior, "large")
    for field, text in (
        (more.steps, "50"),
        (more.guidance, "7.5"),
        (more.seed_row.seed, "11"),
        (more.samples, "4"),
        (more.neighbours, "5"),
        (more.iterations, "80"),
    ):
        type_number(field, text)
    request = bench.session.request()
    assert (request.recipe, request.sampler, request.prior) == ("paper", "adir", "large")
    assert (request.steps, request.guidance, request.seed) == (50, 7.5, 11)
    assert (request.samples, request.average) == (4, False)
    assert (request.neighbours, request.iterations) == (5, 80)
    QTest.mouseClick(more.reset, LEFT)
    again = bench.session.request()
    assert (again.recipe, again.sampler, again.prior) == ("quick", None, "starter")
    assert (again.steps, again.guidance, again.seed, again.samples) == (None, None, 0, 1)
    assert (again.neighbours, again.iterations) == (None, None)
    assert again.adapt == "neighbours"


def test_averaging_is_offered_for_several_samples_only(bench: Bench) -> None:
    more = bench.panel.more
    QTest.mouseClick(more.toggle, LEFT)
    assert not more.average.isVisible()
    type_number(more.samples, "3")
    assert more.average.isVisible()
    QTest.mouseClick(more.average, LEFT, pos=QPoint(8, more.average.height() // 2))
    assert bench.session.request().average
    type_number(more.samples, "1")
    assert not bench.session.request().average


def test_the_seed_is_locked_until_it_is_opened_and_the_die_gives_another(bench: Bench) -> None:
    row = bench.panel.more.seed_row
    QTest.mouseClick(bench.panel.more.toggle, LEFT)
    assert row.lock.isChecked()
    assert "Kept" in row.lock.toolTip()
    QTest.mouseClick(row.lock, LEFT)
    assert not bench.values.seed_locked
    assert "another" in row.lock.toolTip()
    seeds = set()
    for _ in range(3):
        QTest.mouseClick(row.dice, LEFT)
        assert row.seed.value() == bench.values.seed
        seeds.add(bench.values.seed)
    assert len(seeds) == 3


def test_until_the_engine_is_ready_the_models_own_name_stands(qtbot: QtBot, tmp_path: Path) -> None:
    bench = hosted(qtbot, tmp_path, ready=False)
    assert bench.panel.more.prior.currentText() == "Starter model"
    assert bench.panel.more.recipe.currentData() == "quick"


def test_scrolling_the_panel_does_not_turn_values(bench: Bench) -> None:
    bench.choose_task("denoise")
    spin, slider = noise_of(bench).spin, bench.panel.adapt.sources.rows[0].slider
    bench.panel.restore.setFocus()
    for field in (spin, slider):
        where = QPointF(5, 5)
        event = QWheelEvent(
            where,
            field.mapToGlobal(where),
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,  # Qt's own signature
        )
        QApplication.sendEvent(field, event)
    assert (spin.value(), slider.value()) == (25.0, 0)


@pytest.mark.parametrize("task", TASKS)
def test_everything_that_can_be_operated_has_a_name(bench: Bench, task: str) -> None:
    bench.choose_task(task)
    bench.session.change(
        bench.values.__class__(task=task, blurred=True, sources=(Source("Album"), Source("Holidays")))
    )
    choose(bench.panel.adapt.choice, "neighbours")
    QTest.mouseClick(bench.panel.more.toggle, LEFT)
    nameless = [
        part
        for part in bench.host.findChildren(QWidget)
        if part.isVisible()
        and part.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not part.accessibleName()
        and not (isinstance(part, QAbstractButton) and part.text())
        and part.metaObject().className() not in ("QScrollArea", "QExpandingLineEdit", "QLineEdit")
    ]
    assert nameless == []


def test_tab_leads_through_the_panel_from_the_recipes_to_restore(bench: Bench) -> None:
    bench.choose_task("denoise")
    bench.panel.recipes.setFocus()
    seen = []
    for _ in range(40):
        at = QApplication.focusWidget()
        seen.append(at)
        if at is bench.panel.restore:
            break
        QTest.keyClick(at, Qt.Key.Key_Tab)
    assert seen[-1] is bench.panel.restore
    order = [
        bench.panel.recipes,
        noise_of(bench).spin,
        noise_of(bench).estimate,
        bench.panel.adapt.choice,
        bench.panel.more.toggle,
        bench.panel.restore,
    ]
    places = [seen.index(part) for part in order]
    assert places == sorted(places)


def test_in_a_low_window_the_foot_stays_and_the_rest_scrolls(qtbot: QtBot, tmp_path: Path) -> None:
    bench = hosted(qtbot, tmp_path, height=560)
    assert bench.host.height() == 560  # nothing insists on more
    bench.choose_task("old")
    foot = bench.panel.foot
    assert foot.mapTo(bench.host, QPoint(0, foot.height())).y() <= 560
    scroll = bench.panel.findChild(QScrollArea)
    assert scroll.verticalScrollBar().maximum() > 0
    assert scroll.widget().width() <= scroll.viewport().width()  # nothing is cut off on the right


def test_what_a_library_offers_is_used_at_once(bench: Bench) -> None:
    request = bench.session.request()
    assert (request.adapt, request.sources) == ("neighbours", (Source("Album"),))
    assert HOLIDAYS.name not in {source.library for source in request.sources}
