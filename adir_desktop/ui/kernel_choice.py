"""The blur that a photo suffered: its kind, its size, and a picture of it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QFormLayout, QPushButton, QWidget

from adir_desktop.tasks import MAX_KERNEL, Kernel, parse_kernel
from adir_desktop.ui.forms import add_row, choose_data, decimal, form, set_number, whole
from adir_desktop.ui.kernel_preview import KernelPreview
from adir_desktop.ui.session import Session

STARTS = {"box": "box:5", "gaussian": "gaussian:2.0", "motion": "motion:15:0"}  # when a kind is chosen


class KernelChoice(QWidget):
    """The blur: its kind and its size."""

    file_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.kind = QComboBox()
        for name, title in (
            ("gaussian", self.tr("Soft (Gaussian)")),
            ("box", self.tr("Even (box)")),
            ("motion", self.tr("Movement")),
            ("file", self.tr("From a picture …")),
        ):
            self.kind.addItem(title, name)
        self.side = whole(1, MAX_KERNEL, 2, self.tr(" pixels"))
        self.side.setKeyboardTracking(False)  # the 2 of a 25 being typed would become a 3
        self.sigma = decimal(0.1, 30, 0.5, 1, self.tr(" pixels"))
        self.length = decimal(1, 250, 1, 0, self.tr(" pixels"))
        self.angle = decimal(-180, 180, 5, 0, "°")
        self.angle.setWrapping(True)
        self.file = QPushButton()
        self.preview = KernelPreview()
        self._form = form(self)
        self._lay_out(self._form)
        self.kind.activated.connect(self._choose_kind)
        self.file.clicked.connect(self.file_wanted)
        for spin in (self.sigma, self.length, self.angle, self.side):
            spin.valueChanged.connect(self._choose)

    def _lay_out(self, layout: QFormLayout) -> None:
        self.kind.setToolTip(self.tr("The blur kernel (point spread function)"))
        self.angle.setToolTip(self.tr("Anticlockwise from the horizontal"))
        for title, field in (
            (self.tr("Kind of blur"), self.kind),
            (self.tr("Size"), self.side),
            (self.tr("Strength"), self.sigma),
            (self.tr("Length"), self.length),
            (self.tr("Direction"), self.angle),
            (self.tr("Kernel"), self.file),
        ):
            add_row(layout, title, field)
        self.sigma.setToolTip(self.tr("Standard deviation (sigma) of the Gaussian"))
        layout.addRow(self.preview)

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

    def _change(self, kernel: str) -> None:
        if parse_kernel(kernel) != parse_kernel(self._session.values.kernel):
            self._session.change(replace(self._session.values, kernel=kernel))

    @Slot()
    def _follow(self) -> None:
        kernel = parse_kernel(self._session.values.kernel)
        choose_data(self.kind, kernel.shape)
        for field, shape in (
            (self.side, "box"),
            (self.sigma, "gaussian"),
            (self.length, "motion"),
            (self.angle, "motion"),
            (self.file, "file"),
        ):
            self._form.setRowVisible(field, shape == kernel.shape)
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
        if kernel.path is not None:
            self.file.setText(kernel.path.name)
