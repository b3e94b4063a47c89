"""The recipe panel: what is shown for which task, and what the request holds then."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot
from scripted import LIBRARY, Answers, Script, found

from adir_desktop.contract import TASKS, Request, Step
from adir_desktop.ui.main_window import MainWindow
from adir_desktop.ui.task_values import NoiseRow

LEFT = Qt.MouseButton.LeftButton


def choose_task(window: MainWindow, task: str) -> None:
    QTest.mouseClick(window.panel.tasks.button(TASKS.index(task)), LEFT)


def choose(box: QComboBox, name: str | None) -> None:
    """As a person does: down the list with the keys."""
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(box.findData(name)):
        QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.currentData() == name


def noise_of(window: MainWindow) -> NoiseRow:
    """The one that is seen."""
    return next(row for row in window.panel.findChildren(NoiseRow) if row.isVisible())


def steps(request: Request) -> tuple[Step, ...]:
    return request.degradation.steps


@pytest.mark.parametrize("task", TASKS)
def test_each_task_shows_its_own_values_and_no_others(opened: MainWindow, task: str) -> None:
    choose_task(opened, task)
    values = opened.panel.values
    shown = {
        "scale": values.scale.isVisible(),
        "kernel": values.kernel.isVisible(),
        "noise": any(row.isVisible() for row in values.findChildren(NoiseRow)),
        "mask": values.marked.isVisible(),
        "brush": opened.bar.brush_size.isVisible(),
    }
    own = {
        "upscale": {"scale"},
        "deblur": {"kernel", "noise"},
        "denoise": {"noise"},
        "inpaint": {"mask", "brush"},
        "colorize": set(),
    }[task]
    assert {name for name, on in shown.items() if on} == own


def test_the_scale_goes_into_the_request(opened: MainWindow) -> None:
    choose_task(opened, "upscale")
    QTest.mouseClick(opened.panel.values.scale.buttons.button(8), LEFT)
    assert steps(opened.session.request()) == (Step("downscale", {"factor": 8}),)


def test_kernels_of_every_kind_go_into_the_request(
    opened: MainWindow, answers: Answers, tmp_path: Path
) -> None:
    choose_task(opened, "deblur")
    kernel = opened.panel.values.kernel
    seen = []
    for kind, change in (
        ("gaussian", lambda: kernel.sigma.setValue(1.5)),
        ("motion", lambda: (kernel.length.setValue(9), kernel.angle.setValue(-30))),
        ("box", lambda: kernel.side.setValue(8)),
    ):
        choose(kernel.kind, kind)
        change()
        seen.append(steps(opened.session.request())[0].values["kernel"])
        visible = [f for f in (kernel.sigma, kernel.length, kernel.angle, kernel.side) if f.isVisible()]
        assert len(visible) == (2 if kind == "motion" else 1)
    assert seen == ["gaussian:1.5", "motion:9:-30", "box:9"]
    answers.path = tmp_path / "psf.png"
    choose(kernel.kind, "file")
    assert steps(opened.session.request())[0].values["kernel"] == f"file:{answers.path}"
    assert kernel.file.text() == "psf.png"


def test_declining_a_kernel_file_leaves_the_kernel_as_it_was(opened: MainWindow) -> None:
    choose_task(opened, "deblur")
    kind = opened.panel.values.kernel.kind
    kind.setFocus()
    QTest.keyClick(kind, Qt.Key.Key_End)
    assert steps(opened.session.request())[0].values["kernel"] == "box:5"
    assert kind.currentData() == "box"


def test_noise_is_the_tasks_own_default_until_it_is_set(opened: MainWindow) -> None:
    choose_task(opened, "denoise")
    assert noise_of(opened).spin.value() == 25.0
    assert opened.session.request().degradation.noise_std == 25.0
    noise_of(opened).spin.setValue(12.5)
    assert opened.session.request().degradation.noise_std == 12.5
    choose_task(opened, "deblur")
    assert noise_of(opened).spin.value() == 0.0
    choose_task(opened, "denoise")
    assert opened.session.request().degradation.noise_std == 25.0


def test_repairing_needs_a_mask_and_says_so(opened: MainWindow) -> None:
    choose_task(opened, "inpaint")
    assert not opened.panel.restore.isEnabled()
    assert "mask" in opened.panel.missing.text()
    canvas = opened.canvas
    QTest.mousePress(canvas, LEFT, pos=canvas.view.to_widget(10, 10).toPoint())
    QTest.mouseRelease(canvas, LEFT, pos=canvas.view.to_widget(10, 10).toPoint())
    assert opened.panel.restore.isEnabled()
    assert not opened.panel.missing.isVisible()
    assert "%" in opened.panel.values.marked.text()
    request = opened.session.request()
    assert request.degradation.mask is not None
    assert request.degradation.mask.sum() == opened.session.mask.pixels.sum()
    choose_task(opened, "denoise")
    assert opened.session.request().degradation.mask is None


def test_the_mask_in_a_request_does_not_follow_later_strokes(opened: MainWindow) -> None:
    choose_task(opened, "inpaint")
    mask = opened.session.mask
    mask.begin((5, 5), 4)
    mask.finish()
    request = opened.session.request()
    before = request.degradation.mask.copy()
    mask.invert()
    assert (request.degradation.mask == before).all()


def test_more_is_closed_at_first_and_its_values_go_into_the_request(opened: MainWindow) -> None:
    more = opened.panel.more
    assert not more.body.isVisible()
    QTest.mouseClick(more.toggle, LEFT)
    assert more.body.isVisible()
    plain = opened.session.request()
    assert (plain.sampler, plain.steps, plain.guidance, plain.iterations) == (None, None, None, None)
    choose(opened.panel.adapt.choice, "neighbours")
    choose(more.recipe, "paper")
    choose(more.sampler, "adir")
    more.steps.setValue(50)
    more.guidance.setValue(7.5)
    more.seed.setValue(11)
    more.neighbours.setValue(5)
    more.iterations.setValue(80)
    request = opened.session.request()
    assert (request.recipe, request.sampler, request.steps) == ("paper", "adir", 50)
    assert (request.guidance, request.seed, request.neighbours, request.iterations) == (7.5, 11, 5, 80)
    QTest.mouseClick(more.reset, LEFT)
    again = opened.session.request()
    assert (again.recipe, again.sampler, again.steps, again.guidance) == ("quick", None, None, None)
    assert (again.seed, again.neighbours, again.iterations) == (0, None, None)
    assert again.adapt == "neighbours"


def test_without_adapting_the_request_holds_nothing_of_it(opened: MainWindow) -> None:
    choose(opened.panel.adapt.choice, "none")
    opened.panel.more.iterations.setValue(10)
    request = opened.session.request()
    assert request.adapt == "none"
    assert (request.library, request.neighbours, request.found, request.preset) == (None, None, None, None)
    assert (request.iterations, request.baseline) == (None, False)


def test_a_known_library_is_used_unless_the_person_decides_otherwise(opened: MainWindow) -> None:
    request = opened.session.request()
    assert (request.adapt, request.library) == ("neighbours", LIBRARY.name)
    choose(opened.panel.adapt.choice, "self")
    assert opened.session.request().adapt == "self"


def test_the_baseline_is_asked_for_only_with_an_adaptation(opened: MainWindow) -> None:
    opened.panel.adapt.baseline.click()
    assert opened.session.request().baseline
    choose(opened.panel.adapt.choice, "none")
    assert not opened.session.request().baseline
    assert not opened.panel.adapt.baseline.isVisible()


def test_a_preset_is_chosen_from_a_file(opened: MainWindow, answers: Answers, tmp_path: Path) -> None:
    choose(opened.panel.adapt.choice, "preset")
    assert "No preset" in opened.panel.missing.text()
    answers.path = tmp_path / "bears.safetensors"
    QTest.mouseClick(opened.panel.adapt.preset, LEFT)
    request = opened.session.request()
    assert (request.adapt, request.preset) == ("preset", answers.path)
    assert opened.panel.adapt.preset.text() == "bears.safetensors"


def test_without_any_library_the_way_out_is_named(window: MainWindow, qtbot: QtBot, photo_file: Path) -> None:
    window.commands.open_photos(photo_file)
    qtbot.waitUntil(lambda: window.session.picture is not None)
    assert window.session.request().adapt == "none"
    choose(window.panel.adapt.choice, "neighbours")
    assert window.panel.restore.isEnabled()  # the engine has not said yet what there is


def test_adding_a_folder_indexes_it_and_chooses_it(
    opened: MainWindow, answers: Answers, script: Script, qtbot: QtBot, tmp_path: Path
) -> None:
    answers.path = tmp_path / "Summer"
    QTest.mouseClick(opened.panel.adapt.add_folder, LEFT)
    qtbot.waitUntil(lambda: opened.session.values.library == "Summer")
    assert script.indexed == [(answers.path,)]
    assert opened.panel.adapt.library.currentData() == "Summer"
    choose(opened.panel.adapt.library, "Holidays")
    assert opened.session.request().library == "Holidays"


def test_another_library_or_k_forgets_the_neighbours_found(opened: MainWindow) -> None:
    opened.session._set_found(found())
    opened.panel.more.seed.setValue(9)
    assert opened.session.found is not None
    opened.panel.more.neighbours.setValue(9)
    assert opened.session.found is None
    opened.panel.more.neighbours.setValue(0)
    opened.session._set_found(found())
    choose(opened.panel.more.recipe, "paper")  # it wants more of them
    assert opened.session.found is None


def test_scrolling_the_panel_does_not_turn_values(opened: MainWindow) -> None:
    choose_task(opened, "denoise")
    spin = noise_of(opened).spin
    opened.canvas.setFocus()
    where = QPointF(5, 5)
    event = QWheelEvent(
        where,
        spin.mapToGlobal(where),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,  # Qt's own signature
    )
    QApplication.sendEvent(spin, event)
    assert spin.value() == 25.0


def test_everything_that_can_be_operated_has_a_name(opened: MainWindow) -> None:
    choose_task(opened, "inpaint")
    nameless = [
        part
        for part in opened.findChildren(QWidget)
        if part.isVisible()
        and part.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not part.accessibleName()
        and not (isinstance(part, QAbstractButton) and part.text())
        and part.metaObject().className()
        not in ("QScrollArea", "QExpandingLineEdit", "QLineEdit", "QMenuBar")
    ]
    assert nameless == []
