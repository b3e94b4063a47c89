"""What is done to a mask now and then, and how it is shown: a small panel that opens from the toolbar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Protocol

from PySide6.QtCore import QPoint, QSignalBlocker, QSize, Qt, Slot
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QSlider,
    QToolButton,
    QWidget,
)

from adir_desktop.ui.forms import add_row, choose_data, decimal, form, set_checked, set_number, whole
from adir_desktop.ui.mask import Mode
from adir_desktop.ui.session import Session
from adir_desktop.ui.theme import GRID
from adir_desktop.ui.tools import OVERLAY, WIDEST, Tools

SOFTEST = 100.0  # pixels of feather


class ActionTable(Protocol):
    """The window's actions by name."""

    def __getitem__(self, name: str) -> QAction: ...


def action_button(action: QAction, *, words: bool = False) -> QToolButton:
    """A flat button of an action; its name without words is spoken, and its shortcut."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setIconSize(QSize(20, 20))
    button.setFixedHeight(4 * GRID)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(action.toolTip())
    if words:
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return button


class MaskOptions(QFrame):
    """Closed by Escape or a click elsewhere."""

    def __init__(
        self, session: Session, tools: Tools, actions: ActionTable, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._session, self._tools, self._actions = session, tools, actions
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName(self.tr("Mask"))
        self.feather = decimal(0.0, SOFTEST, 0.5, 1, self.tr(" px"))
        self.feather.setToolTip(self.tr("The repair fades into the photo inside the mask's edge"))
        self.margin = whole(1, WIDEST, 1, self.tr(" px"))
        self.mode = QComboBox()
        self.contiguous = QCheckBox(self.tr("Only connected colours"))
        self.contiguous.setToolTip(self.tr("Only what hangs together with the clicked pixel (flood select)"))
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(5, 100)
        self.colours = QButtonGroup(self)
        self._lay_out()

    def watch(self) -> None:
        """Follows the tools and the values, and what a person sets here."""
        self._tools.changed.connect(self._follow)
        self._session.values_changed.connect(self._follow)
        self.feather.valueChanged.connect(self._choose_feather)
        self.margin.valueChanged.connect(self._tools.set_margin)
        self.mode.activated.connect(self._choose_mode)
        self.contiguous.toggled.connect(self._choose_contiguous)
        self.opacity.valueChanged.connect(self._choose_opacity)
        self._follow()

    def open_above(self, button: QWidget) -> None:
        """Above the button, or below it where there is no room; the first field has the focus."""
        self.adjustSize()
        corner = button.mapToGlobal(QPoint(0, 0))
        screen = button.screen().availableGeometry()
        x = max(min(corner.x(), screen.right() - self.width()), screen.left())
        above = corner.y() - self.height() - GRID // 2
        self.move(x, above if above >= screen.top() else corner.y() + button.height() + GRID // 2)
        self.show()
        self.feather.setFocus(Qt.FocusReason.PopupFocusReason)

    def _lay_out(self) -> None:
        layout = form(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        add_row(layout, self.tr("Feather"), self.feather)
        add_row(layout, self.tr("Grow or shrink by"), self.margin)
        layout.addRow("", _row(action_button(self._actions[name], words=True) for name in ("grow", "shrink")))
        for text, mode in (
            (self.tr("Add to the mask"), Mode.ADD),
            (self.tr("Take away (Alt)"), Mode.SUBTRACT),
            (self.tr("Replace the mask"), Mode.REPLACE),
        ):
            self.mode.addItem(text, mode)
        add_row(layout, self.tr("Shapes and colours"), self.mode)
        layout.addRow("", self.contiguous)
        add_row(layout, self.tr("Mask colour"), self._swatches())
        add_row(layout, self.tr("Mask opacity"), self.opacity)
        layout.addRow("", _row([action_button(self._actions["hide_mask"], words=True)]))
        files = (action_button(self._actions[name], words=True) for name in ("load_mask", "save_mask"))
        layout.addRow(self.tr("File"), _row(files))

    def _swatches(self) -> QWidget:
        buttons = []
        for name, colour in (
            (self.tr("Red"), OVERLAY),
            (self.tr("Yellow"), QColor(240, 190, 30)),
            (self.tr("Green"), QColor(47, 158, 68)),
            (self.tr("Blue"), QColor(34, 120, 220)),
            (self.tr("Violet"), QColor(174, 62, 201)),
        ):
            button = QToolButton()
            button.setCheckable(True)
            button.setIcon(_swatch(colour))
            button.setToolTip(name)
            button.setAccessibleName(name)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setProperty("colour", colour)
            button.clicked.connect(partial(self._choose_colour, colour))
            self.colours.addButton(button)
            buttons.append(button)
        return _row(buttons)

    @Slot(float)
    def _choose_feather(self, feather: float) -> None:
        self._session.change(replace(self._session.values, feather=feather))

    @Slot(int)
    def _choose_mode(self, row: int) -> None:
        self._tools.set_mode(Mode(self.mode.itemData(row)))

    @Slot(bool)
    def _choose_contiguous(self, contiguous: bool) -> None:
        self._tools.set_selecting(self._tools.tolerance, contiguous=contiguous)

    @Slot(int)
    def _choose_opacity(self, percent: int) -> None:
        self._tools.set_overlay(self._tools.colour, percent / 100)

    def _choose_colour(self, colour: QColor, *_checked: bool) -> None:
        self._tools.set_overlay(colour, self._tools.opacity)

    @Slot()
    def _follow(self) -> None:
        set_number(self.feather, self._session.values.feather)
        set_number(self.margin, self._tools.margin)
        choose_data(self.mode, self._tools.mode)
        set_checked(self.contiguous, on=self._tools.contiguous)
        with QSignalBlocker(self.opacity):
            self.opacity.setValue(round(100 * self._tools.opacity))
        for button in self.colours.buttons():
            button.setChecked(button.property("colour") == self._tools.colour)


def _row(widgets: Iterable[QWidget]) -> QWidget:
    whole_row = QWidget()
    layout = QHBoxLayout(whole_row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GRID // 2)
    for widget in widgets:
        layout.addWidget(widget)
    layout.addStretch(1)
    return whole_row


def _swatch(colour: QColor) -> QIcon:
    pixmap = QPixmap(32, 32)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(2, 2, 28, 28, 8, 8)
    return QIcon(pixmap)
