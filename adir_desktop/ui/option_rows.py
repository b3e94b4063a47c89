"""What a method alone can be told: a field for each of its options, made from what the engine says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QSlider, QSpinBox, QWidget

from adir_desktop.contract import Choice, Option
from adir_desktop.ui.forms import add_row, decimal, form, set_number, whole
from adir_desktop.ui.remarks import choice_said, said
from adir_desktop.ui.requests import Chosen
from adir_desktop.ui.session import Session
from adir_desktop.ui.theme import LABEL_WIDTH

SLIDER_STEPS = 100


@dataclass(frozen=True)
class Row:
    """One option on the screen. value: what is chosen, None for as the recipe has it. show: shows that."""

    option: Option
    field: QWidget
    value: Callable[[], int | float | str | None]
    show: Callable[[int | float | str | None], None]


class OptionRows(QWidget):
    """The options of the method that is chosen by name; empty where the recipe chooses it."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._form = form(self)
        self.rows: tuple[Row, ...] = ()
        self._options: tuple[Option, ...] = ()

    def watch(self) -> None:
        self._session.values_changed.connect(self._follow)
        self._session.engine_changed.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        method = chosen_method(self._session)
        options = method.options if method else ()
        if options != self._options:
            self._offer(options)
        chosen = dict(self._session.values.options)
        for row in self.rows:
            row.show(chosen.get(row.option.name))
        self.setVisible(bool(options))

    def _offer(self, options: tuple[Option, ...]) -> None:
        while self._form.rowCount():
            self._form.removeRow(0)
        self._options = options
        self.rows = tuple(self._row(option) for option in options)

    def _row(self, option: Option) -> Row:
        own = self.tr("By the recipe")
        if option.choices:
            row = _menu(option, own, self._choose)
        elif option.ends:
            row = _slider(option, self._choose)
        else:
            row = _number(option, own, self._choose)
        ends = _ends(option) if option.ends else ()
        name = self._form.labelForField(add_row(self._form, said(option.title), row.field, *ends))
        if isinstance(name, QLabel):  # as wide as all other names, whatever it says
            name.setWordWrap(True)
            name.setFixedWidth(LABEL_WIDTH)
        row.field.setToolTip(said(option.hint))
        return row

    @Slot()
    def _choose(self) -> None:
        chosen: Chosen = tuple(
            (row.option.name, value) for row in self.rows if (value := row.value()) is not None
        )
        self._session.change(replace(self._session.values, options=chosen))


def chosen_method(session: Session) -> Choice | None:
    """The method chosen by name, as the engine describes it; None while the recipe chooses."""
    samplers = session.ready.samplers if session.ready else ()
    return next((one for one in samplers if one.name == session.values.sampler), None)


def _menu(option: Option, own: str, choose: Callable[[], None]) -> Row:
    box = QComboBox()
    box.addItem(own, None)
    for choice in option.choices:
        box.addItem(choice_said(choice), choice)
        box.setItemData(box.count() - 1, choice, Qt.ItemDataRole.ToolTipRole)  # as the command line has it
    box.activated.connect(choose)
    return Row(option, box, box.currentData, lambda value: box.setCurrentIndex(max(box.findData(value), 0)))


def _slider(option: Option, choose: Callable[[], None]) -> Row:
    """A slider stands at the recipe's value until it is moved."""
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(0, SLIDER_STEPS)
    touched = [False]
    span = option.high - option.low

    def show(value: float | str | None) -> None:
        touched[0] = value is not None
        at = float(option.default if value is None else value)
        with QSignalBlocker(slider):
            slider.setValue(round((at - option.low) / span * SLIDER_STEPS))

    def moved(_: int) -> None:
        touched[0] = True
        choose()

    slider.valueChanged.connect(moved)
    return Row(
        option,
        slider,
        lambda: option.low + span * slider.value() / SLIDER_STEPS if touched[0] else None,
        show,
    )


def _ends(option: Option) -> tuple[QWidget, ...]:
    """What the slider leads to, on its right."""
    left, right = option.ends
    label = QLabel(f"{said(left)} – {said(right)}")
    label.setMinimumWidth(LABEL_WIDTH)
    return (label,)


def _number(option: Option, own: str, choose: Callable[[], None]) -> Row:
    """One notch below the range stands for: as the recipe has it."""
    spin: QSpinBox | QDoubleSpinBox
    if option.whole:
        notch = 1.0
        spin = whole(int(option.low) - 1, int(option.high))
    else:
        notch = 10.0 ** -_places(option)
        spin = decimal(
            option.low - notch, option.high, max(notch, (option.high - option.low) / 20), _places(option)
        )
    spin.setSpecialValueText(own)
    spin.valueChanged.connect(choose)

    def value() -> int | float | None:
        return None if spin.value() == spin.minimum() else spin.value()

    return Row(
        option, spin, value, lambda shown: set_number(spin, spin.minimum() if shown is None else float(shown))
    )


def _places(option: Option) -> int:
    """Digits enough for a hundredth of the range, and for a small default."""
    smallest = min(abs(float(option.default)) or 1.0, option.high - option.low)
    return 2 if smallest >= 0.1 else 4 if smallest >= 1e-3 else 6
