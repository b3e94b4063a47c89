"""Small parts that all panels are made of."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from adir_desktop.ui.theme import GRID, LABEL_WIDTH, icon, mark

FIELD_HEIGHT = 28


def form(widget: QWidget) -> QFormLayout:
    """Names on the left, fields on the right, on the grid."""
    layout = QFormLayout(widget)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setHorizontalSpacing(GRID)
    layout.setVerticalSpacing(GRID)
    layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return layout


def add_row(layout: QFormLayout, text: str, field: QWidget, *beside: QWidget) -> QWidget:
    """A named field, in line with those of all other forms; returns what stands in the row.

    beside: buttons on the field's right.
    """
    name = QLabel(text)
    name.setMinimumWidth(LABEL_WIDTH)
    name.setMinimumHeight(FIELD_HEIGHT)
    name.setBuddy(field)
    field.setAccessibleName(text)
    field.setMinimumHeight(FIELD_HEIGHT)
    whole_row = side_by_side(field, *beside) if beside else field
    layout.addRow(name, whole_row)
    return whole_row


def side_by_side(first: QWidget, *others: QWidget) -> QWidget:
    """Parts in one row, the first as wide as there is room."""
    widget = QWidget()
    row = QHBoxLayout(widget)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(GRID // 2)
    row.addWidget(first, 1)
    for other in others:
        row.addWidget(other)
    return widget


def column(widget: QWidget, *parts: QWidget) -> QVBoxLayout:
    """Parts below one another, on the grid."""
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GRID)
    for part in parts:
        layout.addWidget(part)
    return layout


def heading(text: str) -> QLabel:
    """The title of a section."""
    label = QLabel(text)
    mark(label, "heading", on=True)
    return label


def quiet(text: str = "") -> QLabel:
    """An explanation in a softer tone, over several lines where needed."""
    label = QLabel(text)
    mark(label, "quiet", on=True)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def line() -> QFrame:
    """What parts two sections."""
    frame = QFrame()
    frame.setObjectName("line")
    frame.setFixedHeight(1)
    return frame


def push_button(text: str, hint: str = "", icon_name: str = "") -> QPushButton:
    """A button with words on it."""
    button = QPushButton(text)
    button.setToolTip(hint)
    if icon_name:
        button.setIcon(icon(icon_name))
    return button


def tool_button(text: str, icon_name: str = "", *, checkable: bool = False) -> QToolButton:
    """A flat button that the keyboard reaches too."""
    button = QToolButton()
    button.setText(text)
    button.setCheckable(checkable)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    if icon_name:
        button.setIcon(icon(icon_name))
    return button


def whole(least: int, most: int, step: int = 1, suffix: str = "") -> QSpinBox:
    """A field for a whole number."""
    spin = QSpinBox()
    spin.setRange(least, most)
    spin.setSingleStep(step)
    spin.setSuffix(suffix)
    return spin


def decimal(least: float, most: float, step: float, decimals: int, suffix: str = "") -> QDoubleSpinBox:
    """A field for a number with `decimals` places."""
    spin = QDoubleSpinBox()
    spin.setDecimals(decimals)
    spin.setRange(least, most)
    spin.setSingleStep(step)
    spin.setSuffix(suffix)
    return spin


def set_number(spin: QSpinBox | QDoubleSpinBox, value: float) -> None:
    """Shows a value without announcing it: it came from the model.

    A field that has it already is left alone: somebody may be in the middle of typing into it.
    """
    with QSignalBlocker(spin):
        if isinstance(spin, QSpinBox):
            if spin.value() != round(value):
                spin.setValue(round(value))
        elif spin.value() != round(value, spin.decimals()):
            spin.setValue(value)


def set_checked(box: QCheckBox | QToolButton, *, on: bool) -> None:
    """The same for what can be switched on."""
    with QSignalBlocker(box):
        box.setChecked(on)


def choose_data(box: QComboBox, data: object) -> None:
    """Shows the entry with these data, or none; `activated` speaks only of a person's choice."""
    box.setCurrentIndex(box.findData(data))
