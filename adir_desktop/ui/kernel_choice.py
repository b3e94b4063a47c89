"""The blur that a photo suffered: its kind, its size, and a picture of it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QFormLayout, QPushButton, QWidget

from adir_desktop.tasks import MAX_KERNEL, Kernel, parse_kernel
from adir_desktop.ui.forms import (
    FIELD_HEIGHT,
    add_row,
    choose_data,
    decimal,
    form,
    set_number,
    tool_button,
    whole,
)
from adir_desktop.ui.kernel_preview import KernelPreview
from adir_desktop.ui.seed_row import MOST, any_seed
from adir_desktop.ui.session import Session

STARTS = {  # when a kind is chosen
    "box": "box:5",
    "gaussian": "gaussian:2.0",
    "motion": "motion:15:0",
    "shake": "shake:31:0.5:0",
}


class KernelChoice(QWidget):
    """The blur: its kind and the numbers of that kind."""

    file_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.kind = QComboBox()
        for name, title in (
            ("gaussian", self.tr("Soft (Gaussian)")),
            ("box", self.tr("Even (box)")),
            ("motion", self.tr("Movement")),
            ("shake", self.tr("Camera shake")),
            ("file", self.tr("From a picture …")),
        ):
            self.kind.addItem(title, name)
        self.side = whole(1, MAX_KERNEL, 2, self.tr(" pixels"))
        self.sigma = decimal(0.1, 30, 0.5, 1, self.tr(" pixels"))
        self.length = decimal(1, 250, 1, 0, self.tr(" pixels"))
        self.angle = decimal(-180, 180, 5, 0, "°")
        self.angle.setWrapping(True)
        self.square = whole(3, MAX_KERNEL, 2, self.tr(" pixels"))
        self.turning = whole(0, 100, 5, self.tr(" %"))
        self.path, self.dice = whole(0, MOST), tool_button("", "dice")
        self.file = QPushButton()
        self.preview = KernelPreview()
        self._form = form(self)
        self._lay_out(self._form)
        self._explain()
        self._connect()

    def _lay_out(self, layout: QFormLayout) -> None:
        self.dice.setFixedSize(FIELD_HEIGHT, FIELD_HEIGHT)
        add_row(layout, self.tr("Kind of blur"), self.kind)
        self._rows = (  # the kind of blur that has it, and the row
            ("box", add_row(layout, self.tr("Size"), self.side)),
            ("gaussian", add_row(layout, self.tr("Strength"), self.sigma)),
            ("motion", add_row(layout, self.tr("Length"), self.length)),
            ("motion", add_row(layout, self.tr("Direction"), self.angle)),
            ("shake", add_row(layout, self.tr("Size"), self.square)),
            ("shake", add_row(layout, self.tr("Unsteadiness"), self.turning)),
            ("shake", add_row(layout, self.tr("Path"), self.path, self.dice)),
            ("file", add_row(layout, self.tr("Kernel"), self.file)),
        )
        layout.addRow(self.preview)

    def _explain(self) -> None:
        self.dice.setAccessibleName(self.tr("Another path"))
        for field, hint in (
            (self.kind, self.tr("The blur kernel (point spread function)")),
            (self.sigma, self.tr("Standard deviation (sigma) of the Gaussian")),
            (self.angle, self.tr("Anticlockwise from the horizontal")),
            (self.square, self.tr("The square that the camera's whole path stays in")),
            (self.turning, self.tr("0 % is a straight line; more turns more often and more sharply")),
            (self.path, self.tr("The same number (seed) gives the same path")),
            (self.dice, self.tr("Another path")),
        ):
            field.setToolTip(hint)

    def _connect(self) -> None:
        self.kind.activated.connect(self._choose_kind)
        self.file.clicked.connect(self.file_wanted)
        self.dice.clicked.connect(self._throw)
        for spin in (self.sigma, self.length, self.angle, self.side, self.square, self.turning, self.path):
            spin.valueChanged.connect(self._choose)
        for size in (self.side, self.square):
            size.setKeyboardTracking(False)  # the 2 of a 25 being typed would become a 3

    def watch(self) -> None:
        self._session.values_changed.connect(self._follow)
        self._follow()

    @Slot()
    def _choose_kind(self) -> None:
        kind = self.kind.currentData()
        if kind == "file":
            self.file_wanted.emit()
            self._follow()  # back to what it was, if no file is chosen
        elif kind != parse_kernel(self._session.values.kernel).shape:
            self._change(STARTS[kind])

    @Slot()
    def _choose(self) -> None:
        """A number was changed by hand."""
        kernel = parse_kernel(self._session.values.kernel)
        if kernel.shape == "box":
            self._change(f"box:{self.side.value() | 1}")  # the next odd size: a box needs a centre
        elif kernel.shape == "gaussian":
            self._change(f"gaussian:{self.sigma.value():g}")
        elif kernel.shape == "motion":
            self._change(f"motion:{self.length.value():g}:{self.angle.value():g}")
        elif kernel.shape == "shake":
            side, intensity = self.square.value() | 1, self.turning.value() / 100
            self._change(f"shake:{side}:{intensity:g}:{self.path.value()}")

    @Slot()
    def _throw(self) -> None:
        """Another path; size and unsteadiness stay to the last digit."""
        side, intensity, _ = parse_kernel(self._session.values.kernel).values
        self._change(f"shake:{side:g}:{intensity:g}:{any_seed()}")

    def _change(self, kernel: str) -> None:
        if parse_kernel(kernel) != parse_kernel(self._session.values.kernel):
            self._session.change(replace(self._session.values, kernel=kernel))

    @Slot()
    def _follow(self) -> None:
        kernel = parse_kernel(self._session.values.kernel)
        choose_data(self.kind, kernel.shape)
        for shape, row in self._rows:
            self._form.setRowVisible(row, shape == kernel.shape)
        self._fill_in(kernel)
        self.preview.show_kernel(self._session.values.kernel)

    def _fill_in(self, kernel: Kernel) -> None:
        """Without echo: two numbers of one kernel are never half new and half old."""
        if kernel.shape == "box":
            set_number(self.side, kernel.values[0])
        elif kernel.shape == "gaussian":
            set_number(self.sigma, kernel.values[0])
        elif kernel.shape == "motion":
            set_number(self.length, kernel.values[0])
            set_number(self.angle, kernel.values[1])
        elif kernel.shape == "shake":
            set_number(self.square, kernel.values[0])
            set_number(self.turning, 100 * kernel.values[1])
            set_number(self.path, kernel.values[2])
        if kernel.path is not None:
            self.file.setText(kernel.path.name)
