"""Curves of a restoration: the loss while adapting, the agreement with the photo while restoring."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

import sys
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFont,
    QHideEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from adir_desktop.ui.popover import Popover
from adir_desktop.ui.theme import ACCENT, GRID, mixed
from adir_desktop.ui.traces import Traces

HOVER = 300  # ms that the pointer rests before the curves open
REDRAW = 100  # ms between two drawings of the large curves
SIZE = QSize(56 * GRID, 26 * GRID)  # of one plot


class Plots(QWidget):
    """The curves at a size that can be read. The plotting library loads when they are first seen."""

    def __init__(self, traces: Traces, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._traces = traces
        self._plots: tuple[Any, Any] | None = None
        self._lines: tuple[Any, Any] | None = None
        self._floor: Any = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID)
        self.setAccessibleName(self.tr("Curves of this restoration"))
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(REDRAW)
        self._soon.timeout.connect(self._follow)
        traces.changed.connect(self._wait)

    def sizeHint(self) -> QSize:
        """One plot below the other, where both have something to show."""
        both = bool(self._traces.loss.x) and bool(self._traces.consistency.x)
        return QSize(SIZE.width(), SIZE.height() * (2 if both else 1))

    def showEvent(self, event: QShowEvent) -> None:
        """Builds the plots the first time."""
        if self._plots is None:
            self._build()
        self._follow()
        super().showEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Light or dark."""
        if event.type() == QEvent.Type.PaletteChange and self._plots is not None:
            self._colour()
        super().changeEvent(event)

    def _build(self) -> None:
        pg = plotting()
        plots = (
            self._plot(pg, self.tr("step of adapting"), self.tr("loss")),
            self._plot(pg, self.tr("step of restoring"), self.tr("distance from the photo")),
        )
        self._lines = tuple(plot.plot(antialias=True) for plot in plots)
        for line in self._lines:
            line.setDownsampling(auto=True, method="peak")
        self._floor = pg.InfiniteLine(
            1.0,
            angle=0,
            label=self.tr("noise of the photo"),
            labelOpts={"position": 0.8, "anchors": [(0.5, 1)] * 2},
        )
        plots[1].addItem(self._floor)
        self._plots = plots
        self._colour()

    def _plot(self, pg: Any, below: str, beside: str) -> Any:
        """One to look at, not to play with."""
        plot = pg.PlotWidget(self)
        plot.setMenuEnabled(False)
        plot.setMouseEnabled(x=False, y=False)
        plot.hideButtons()
        for side, label in (("bottom", below), ("left", beside)):
            plot.setLabel(side, label)
            plot.getAxis(side).enableAutoSIPrefix(False)
        plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        plot.setAccessibleName(f"{beside}, {below}")
        plot.hide()  # until there is something to show
        self._column.addWidget(plot)
        return plot

    @Slot()
    def _wait(self) -> None:
        """Figures come many times a second."""
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    @Slot()
    def _follow(self) -> None:
        if self._plots is None or self._lines is None:
            return
        series = self._traces.loss, self._traces.consistency
        for plot, line, one in zip(self._plots, self._lines, series, strict=True):
            if plot.isHidden() == bool(one.x):
                plot.setVisible(bool(one.x))
                self.updateGeometry()
            line.setData(one.x, one.y)
        if self._traces.consistency.y:
            top = max(1.5, *self._traces.consistency.y)
            self._plots[1].setYRange(0.0, top, padding=0.05)

    def _colour(self) -> None:
        """Everything in the palette's colours."""
        if self._plots is None or self._lines is None:
            return
        pg, palette = plotting(), self.palette()
        text, ground = palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.Base)
        soft = mixed(ground, text, 0.7)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 0.9)
        for plot in self._plots:
            plot.setBackground(ground)
            for name in ("left", "bottom"):
                axis = plot.getAxis(name)
                axis.setPen(pg.mkPen(mixed(ground, text, 0.3)))
                axis.setTextPen(pg.mkPen(soft))
                axis.setTickFont(font)
        accent = QColor(ACCENT) if ground.lightness() > 128 else QColor(ACCENT).lighter(150)
        for line in self._lines:
            line.setPen(pg.mkPen(accent, width=2))
        self._floor.setPen(pg.mkPen(soft, width=1, style=Qt.PenStyle.DashLine))
        self._floor.label.setColor(soft)


class Sparkline(QAbstractButton):
    """The latest curve, small. The pointer resting on it, a click or the space bar opens the curves."""

    def __init__(self, traces: Traces, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._traces = traces
        self.plots = Plots(traces)
        self.popover = Popover(self, self.plots)
        self._pinned = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(HOVER)
        self._rest.timeout.connect(self._peek)
        self.setFixedSize(QSize(12 * GRID, 3 * GRID))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Curves of this restoration"))
        self.setAccessibleDescription(self.tr("Shows how the loss and the agreement with the photo went"))
        self.clicked.connect(self._toggle)
        self.popover.closed.connect(self._unpin)
        traces.changed.connect(self.update)

    @property
    def values(self) -> tuple[float, ...]:
        """What is drawn."""
        return tuple(self._traces.latest.y)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Opens soon, without taking the keyboard."""
        self._rest.start()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Closes what only the pointer opened."""
        self._rest.stop()
        if not self._pinned:
            self.popover.close_down()
        super().leaveEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Without it there is nothing to explain."""
        self._rest.stop()
        self.popover.close_down()
        super().hideEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Means of equal stretches: a loss of single batches is noisy."""
        area = QRectF(self.rect()).adjusted(3, 4, -3, -4)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.hasFocus() or self.underMouse():
                painter.setPen(QPen(QColor(ACCENT) if self.hasFocus() else Qt.GlobalColor.transparent, 1))
                painter.setBrush(mixed(self.palette().window().color(), self.palette().text().color(), 0.07))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
            dark = self.palette().window().color().lightness() < 128
            painter.setPen(QPen(QColor(ACCENT).lighter(150) if dark else QColor(ACCENT), 1.5))
            points = spread(thinned(self._traces.latest.y, self.width() // 2), area)
            if len(points) > 1:
                painter.drawPolyline(points)

    @Slot()
    def _peek(self) -> None:
        if self._traces.latest.x:
            self.popover.open(focus=False)

    @Slot()
    def _toggle(self) -> None:
        self._rest.stop()
        if self._pinned:
            self.popover.close_down()
        elif self._traces.latest.x:
            self._pinned = True
            self.popover.open(focus=False)

    @Slot()
    def _unpin(self) -> None:
        self._pinned = False


def thinned(values: list[float], most: int) -> list[float]:
    """At most `most` values: means of equal stretches."""
    stretch = -(-len(values) // most) if values else 1
    parts = [values[start : start + stretch] for start in range(0, len(values), stretch)]
    return [sum(part) / len(part) for part in parts]


def spread(values: list[float], area: QRectF) -> list[QPointF]:
    """The values as points that fill `area`."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    last = max(len(values) - 1, 1)
    return [
        QPointF(
            area.left() + area.width() * place / last,
            area.bottom() - area.height() * (value - low) / ((high - low) or 1.0),
        )
        for place, value in enumerate(values)
    ]


def plotting() -> Any:
    """The plotting library, loaded when it is first needed, without the handlers it puts in place of ours."""
    new = "pyqtgraph" not in sys.modules
    import pyqtgraph as pg
    from pyqtgraph import exceptionHandling

    if new:
        exceptionHandling.handler.remove()
    return pg
