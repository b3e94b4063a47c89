"""Methods in the panel: each shows what it alone can be told."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QSlider, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from adir_desktop.contract import Choice, Finished, Option, Ready
from tests.ui.hosted_panel import ALBUM, LEFT, Bench, choose, hosted, type_number

METHODS = (
    Choice("diffpir", "DiffPIR", options=(Option("zeta", "Fresh noise", "How much", default=1.0),)),
    Choice(
        "many",
        "Many",
        guidance=False,
        options=(
            Option("stop", "Stop early", "When", default=0.25, ends=("Crisper", "Closer")),
            Option("levels", "Levels", "How many", 1, 400, whole=True, default=200),
            Option("variant", "Variant", "Which", choices=("paper", "ddpm", "new-fangled"), default="paper"),
        ),
    ),
)


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Bench:
    shown = hosted(qtbot, tmp_path, height=1100)
    recipes, priors = (Choice("quick", "Quick"),), (Choice("starter", "Starter"),)
    shown.session.hear(Finished(Ready("CPU", priors, METHODS, recipes, (ALBUM,))))
    QTest.mouseClick(shown.panel.more.toggle, LEFT)
    return shown


def field(bench: Bench, name: str) -> QWidget:
    return next(row.field for row in bench.panel.more.options.rows if row.option.name == name)


def test_the_recipes_own_method_has_no_options_to_show(bench: Bench) -> None:
    assert not bench.panel.more.options.isVisible()
    assert bench.panel.more.guidance.isVisible()


def test_each_kind_of_option_reaches_the_request(bench: Bench) -> None:
    choose(bench.panel.more.sampler, "many")
    assert not bench.panel.more.guidance.isVisible()
    levels, variant, stop = field(bench, "levels"), field(bench, "variant"), field(bench, "stop")
    assert isinstance(levels, QSpinBox)
    assert isinstance(variant, QComboBox)
    assert isinstance(stop, QSlider)
    assert levels.text() == "By the recipe"
    assert stop.value() == 25
    assert bench.session.request().options == {}
    type_number(levels, "330")
    choose(variant, "ddpm")
    stop.setFocus()
    QTest.keyClick(stop, Qt.Key.Key_End)
    assert bench.session.request().options == {"stop": 1.0, "levels": 330, "variant": "ddpm"}


def test_choices_are_shown_in_words_and_sent_by_name(bench: Bench) -> None:
    choose(bench.panel.more.sampler, "many")
    variant = field(bench, "variant")
    assert isinstance(variant, QComboBox)
    assert [variant.itemText(row) for row in range(variant.count())] == [
        "By the recipe",
        "As in the paper",
        "DDPM",
        "new-fangled",
    ]
    variant.setFocus()
    QTest.keyClicks(variant, "As")  # the keyboard finds what is read, not the engine's name
    assert variant.currentText() == "As in the paper"
    assert bench.session.request().options == {"variant": "paper"}
    choose(variant, "new-fangled")  # of a later engine, which these words do not know
    assert bench.session.request().options == {"variant": "new-fangled"}


def test_another_method_forgets_the_options_of_the_last(bench: Bench) -> None:
    choose(bench.panel.more.sampler, "diffpir")
    zeta = field(bench, "zeta")
    assert isinstance(zeta, QDoubleSpinBox)
    type_number(zeta, "0.3")
    type_number(bench.panel.more.steps, "50")
    assert bench.session.request().options == {"zeta": 0.3}
    choose(bench.panel.more.sampler, "many")
    request = bench.session.request()
    assert (request.options, request.steps) == ({}, None)


def test_reset_goes_back_to_the_recipe(bench: Bench) -> None:
    choose(bench.panel.more.sampler, "many")
    slider = field(bench, "stop")
    QTest.mouseClick(slider, LEFT, pos=QPoint(slider.width() - 2, slider.height() // 2))
    assert bench.session.request().options
    QTest.mouseClick(bench.panel.more.reset, LEFT)
    assert bench.session.request().options == {}
    assert not bench.panel.more.options.isVisible()
