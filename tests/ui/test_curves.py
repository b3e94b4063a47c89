"""The curves: what they hold, what the small one and the large ones draw."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from queued import colours, host

from adir_desktop.contract import Progress
from adir_desktop.ui.curves import Sparkline, spread, thinned
from adir_desktop.ui.theme import ACCENT
from adir_desktop.ui.traces import Traces

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def traces() -> Traces:
    return Traces()


@pytest.fixture
def spark(qtbot: QtBot, traces: Traces) -> Sparkline:
    spark, elsewhere = Sparkline(traces), QLabel("elsewhere")
    host(qtbot, elsewhere, spark)
    spark.elsewhere = elsewhere
    QTest.mouseMove(elsewhere)
    return spark


def adapt(traces: Traces, steps: int = 50) -> None:
    for step in range(1, steps + 1):
        traces.hear(Progress("adapt", step, steps, loss=1.0 / step))


def sample(traces: Traces, steps: int = 20) -> None:
    for step in range(1, steps + 1):
        traces.hear(Progress("sample", step, steps, consistency=1.0 + 8.0 / step))


def test_both_series_are_kept_until_the_next_run(traces: Traces) -> None:
    adapt(traces, 3)
    sample(traces, 2)
    assert traces.loss.x == [1, 2, 3]
    assert traces.loss.y == [1.0, 1 / 2, 1 / 3]
    assert traces.consistency.y == [9.0, 5.0]
    assert traces.latest is traces.consistency
    traces.clear()
    assert not traces.loss.x
    assert not traces.consistency.y


def test_another_sample_begins_another_curve(traces: Traces) -> None:
    sample(traces, 5)
    sample(traces, 2)
    assert traces.consistency.x == [1, 2]


def test_thousands_of_values_are_thinned_to_means() -> None:
    values = [float(step % 2) for step in range(10_000)]
    assert thinned(values, 50) == [0.5] * 50
    assert thinned([1.0, 2.0], 50) == [1.0, 2.0]
    assert thinned([], 50) == []


def test_values_fill_the_area_and_higher_is_up() -> None:
    points = spread([2.0, 1.0, 0.0], QRectF(0, 0, 100, 10))
    assert points == [QPointF(0, 0), QPointF(50, 5), QPointF(100, 10)]


def test_the_small_curve_is_drawn(spark: Sparkline, traces: Traces) -> None:
    inside = spark.rect().adjusted(2, 2, -2, -2)  # of the frame that says where the keyboard is
    assert not any(near(one, ACCENT) for one in colours(spark, inside))
    adapt(traces)
    assert any(near(one, ACCENT) for one in colours(spark, inside))


def test_a_click_or_space_opens_the_curves_until_escape_or_another_click(
    spark: Sparkline, traces: Traces
) -> None:
    QTest.mouseClick(spark, LEFT)
    assert not spark.popover.isVisible(), "there is nothing to see yet"
    adapt(traces)
    QTest.mouseClick(spark, LEFT)
    assert spark.popover.isVisible()
    QTest.mouseClick(spark, LEFT)
    assert not spark.popover.isVisible()
    spark.setFocus()
    QTest.keyClick(spark, Qt.Key.Key_Space)
    assert spark.popover.isVisible()
    QTest.keyClick(spark, Qt.Key.Key_Escape)
    assert not spark.popover.isVisible()
    QTest.mouseClick(spark, LEFT)
    QTest.mouseClick(spark.elsewhere, LEFT)
    assert not spark.popover.isVisible()


def test_the_pointer_resting_on_it_opens_them_and_leaving_closes_them(
    spark: Sparkline, traces: Traces, qtbot: QtBot
) -> None:
    adapt(traces)
    QTest.mouseMove(spark.window(), spark.mapTo(spark.window(), QPoint(5, 5)))
    assert not spark.popover.isVisible()
    qtbot.waitUntil(spark.popover.isVisible, timeout=2000)
    QTest.mouseMove(spark.window(), QPoint(2, 2))
    qtbot.waitUntil(lambda: not spark.popover.isVisible(), timeout=2000)


def test_the_curves_show_what_there_is_and_the_noise_floor(
    spark: Sparkline, traces: Traces, qtbot: QtBot
) -> None:
    adapt(traces)
    QTest.mouseClick(spark, LEFT)
    loss, consistency = spark.plots._plots
    assert loss.isVisible()
    assert not consistency.isVisible()
    assert loss.getAxis("bottom").labelText == "step of adapting"
    low = spark.popover.height()
    sample(traces)
    qtbot.waitUntil(consistency.isVisible)
    qtbot.waitUntil(lambda: spark.popover.height() > low + 100)
    assert spark.window().rect().contains(spark.popover.geometry())
    x, y = spark.plots._lines[1].getOriginalDataset()
    assert list(x) == list(range(1, 21))
    assert y[0] == 9.0
    floor = spark.plots._floor
    assert floor.value() == 1.0
    low, high = consistency.viewRange()[1]
    assert low < 1.0 < high
    assert any(near(one, ACCENT) for one in colours(consistency, consistency.rect()))


def test_many_points_are_drawn_fast_and_within_the_window(
    spark: Sparkline, traces: Traces, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(traces.changed):
        adapt(traces, 5000)
    QTest.mouseClick(spark, LEFT)
    assert spark.window().rect().contains(spark.popover.geometry())
    assert len(spark.plots._lines[0].getData()[0]) <= 5000
    assert spark.values[-1] == 1 / 5000


def test_they_follow_a_dark_palette(spark: Sparkline, traces: Traces) -> None:
    adapt(traces)
    QTest.mouseClick(spark, LEFT)
    plot = spark.plots._plots[0]
    corner = plot.rect().adjusted(2, 2, 4 - plot.width(), 4 - plot.height())
    before = colours(plot, corner)
    dark = QPalette(spark.palette())
    for role in (QPalette.ColorRole.Base, QPalette.ColorRole.Window):
        dark.setColor(role, QColor("#101214"))
    spark.window().setPalette(dark)
    assert colours(plot, corner) == {"#101214"} != before


def test_plotting_loads_late_and_leaves_the_error_handlers_alone() -> None:
    code = """
import sys, threading
from adir_desktop.ui import curves
assert "pyqtgraph" not in sys.modules
before = sys.excepthook, threading.excepthook
curves.plotting()
assert (sys.excepthook, threading.excepthook) == before
"""
    run = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    assert done.stdout + done.stderr == ""


def near(one: str, other: str) -> bool:
    """Antialiased lines hardly have a pixel of their pure colour."""
    a, b = QColor(one), QColor(other)
    return max(abs(x - y) for x, y in zip(a.getRgb(), b.getRgb(), strict=True)) < 40
