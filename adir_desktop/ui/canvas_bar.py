"""The tools below the photo: what the pointer does, the brush, before/after, zoom."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from adir_desktop.ui.actions import Actions
from adir_desktop.ui.session import Session
from adir_desktop.ui.theme import GRID, mark
from adir_desktop.ui.tools import LARGEST, SMALLEST, Tools

TICKS = 200  # of the size slider, spaced by ratio: small brushes need finer steps than large ones


class CanvasBar(QWidget):
    """Buttons of the window's actions; the painting tools only where there is something to paint."""

    def __init__(
        self, session: Session, tools: Tools, actions: Actions, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("toolbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session, self._tools, self._actions = session, tools, actions
        self._painting = QWidget()
        self.brush_size = QSlider(Qt.Orientation.Horizontal)
        self.brush_size.setRange(0, TICKS)
        self.brush_size.setFixedWidth(15 * GRID)
        self.brush_size.setAccessibleName(self.tr("Brush size"))
        self.brush_size.setToolTip(self.tr("Brush size ([ and ])"))
        self._size_text, self._zoom_text = QLabel(), QLabel()
        for label in (self._size_text, self._zoom_text):
            mark(label, "quiet", on=True)
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            label.setMinimumWidth(6 * GRID)
        self.compare = self._button("compare")
        self.compare.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._lay_out()
        self.brush_size.valueChanged.connect(self._choose_size)

    def watch(self) -> None:
        """Follows the tools and the task."""
        for signal in (self._tools.changed, self._session.values_changed, self._session.result_changed):
            signal.connect(self._follow)
        self._follow()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, GRID // 2, 2 * GRID, GRID // 2)
        row.setSpacing(GRID // 2)
        inner = QHBoxLayout(self._painting)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(GRID // 2)
        row.addWidget(self._button("hand"))
        for name in ("brush", "eraser"):
            inner.addWidget(self._button(name))
        inner.addSpacing(GRID)
        inner.addWidget(self.brush_size)
        inner.addWidget(self._size_text)
        inner.addSpacing(GRID)
        for name in ("undo", "redo", "invert", "clear"):
            inner.addWidget(self._button(name))
        row.addWidget(self._painting)
        row.addStretch(1)
        row.addWidget(self.compare)
        row.addSpacing(GRID)
        row.addWidget(self._zoom_text)
        for name in ("fit", "actual"):
            row.addWidget(self._button(name))

    def _button(self, name: str) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(self._actions[name])
        button.setIconSize(QSize(20, 20))
        button.setFixedHeight(4 * GRID)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(self._actions[name].toolTip())
        return button

    @Slot(int)
    def _choose_size(self, tick: int) -> None:
        """Only for a tick that stands for another size: most sizes lie between two ticks."""
        if tick != _tick(self._tools.brush):
            self._tools.set_brush(SMALLEST * (LARGEST / SMALLEST) ** (tick / TICKS))

    @Slot()
    def _follow(self) -> None:
        self._painting.setVisible(self._session.values.task == "inpaint")
        self.brush_size.setValue(_tick(self._tools.brush))
        self._size_text.setText(self.tr("{0} px").format(round(self._tools.brush)))
        self._zoom_text.setText(f"{100 * self._tools.zoom:.0f} %")
        restored = self._session.restored
        self.compare.setVisible(restored is not None and restored.baseline is not None)


def _tick(size: float) -> int:
    return round(TICKS * math.log(size / SMALLEST) / math.log(LARGEST / SMALLEST))
