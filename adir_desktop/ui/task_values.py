"""The values of the chosen task, and of no other."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from adir_desktop.contract import TASKS
from adir_desktop.tasks import DEFAULT_NOISE, MAX_KERNEL, SCALES, Kernel, parse_kernel
from adir_desktop.ui import words
from adir_desktop.ui.forms import add_row, decimal, form, quiet, tool_button, whole
from adir_desktop.ui.session import Session
from adir_desktop.ui.theme import GRID, mark

STARTS = {"box": "box:5", "gaussian": "gaussian:2.0", "motion": "motion:15:0"}  # when a kind is chosen


class TaskValues(QWidget):
    """One page a task; changes go straight into the session."""

    kernel_wanted = Signal()  # a kernel from a file

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scale = ScaleChoice(session)
        self.kernel = KernelChoice(session)
        self.kernel.file_wanted.connect(self.kernel_wanted)
        self.marked = MaskState(session)
        pages: dict[str, list[QWidget]] = {
            "upscale": [self.scale],
            "deblur": [self.kernel, NoiseRow(session)],
            "denoise": [NoiseRow(session)],
            "inpaint": [self.marked],
            "colorize": [quiet(self.tr("Its greys are kept as they are; only colour is added."))],
        }
        column = _column(self)
        self._pages = {task: QWidget() for task in TASKS}
        for task, page in self._pages.items():
            inner = _column(page)
            for part in pages[task]:
                inner.addWidget(part)
            column.addWidget(page)
        self._session = session

    def watch(self) -> None:
        """Follows the session."""
        self._session.values_changed.connect(self._follow)
        self.scale.watch()
        self.kernel.watch()
        self.marked.watch()
        for noise in self.findChildren(NoiseRow):
            noise.watch()
        self._follow()

    @Slot()
    def _follow(self) -> None:
        for task, page in self._pages.items():
            page.setVisible(task == self._session.values.task)


class ScaleChoice(QWidget):
    """2x, 4x or 8x."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.buttons = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(QLabel(self.tr("How much larger")), 1)
        for scale in SCALES:
            button = tool_button(f"{scale} ×", checkable=True)
            button.setAccessibleName(self.tr("{0} times as large").format(scale))
            button.setMinimumSize(5 * GRID, 4 * GRID)
            self.buttons.addButton(button, scale)
            row.addWidget(button)
        self.buttons.idClicked.connect(self._choose)

    def watch(self) -> None:
        self._session.values_changed.connect(self._follow)
        self._follow()

    @Slot(int)
    def _choose(self, scale: int) -> None:
        self._session.change(replace(self._session.values, scale=scale))

    @Slot()
    def _follow(self) -> None:
        self.buttons.button(self._session.values.scale).setChecked(True)


class NoiseRow(QWidget):
    """Sigma of the photo's noise, in levels of 255."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.spin = decimal(0, 255, 1, 1)
        self.spin.setToolTip(self.tr("Standard deviation (sigma) of the noise, in levels of 0 to 255"))
        add_row(form(self), self.tr("Noise"), self.spin)
        self.spin.valueChanged.connect(self._choose)

    def watch(self) -> None:
        self._session.values_changed.connect(self._follow)
        self._follow()

    @Slot(float)
    def _choose(self, noise: float) -> None:
        values = self._session.values
        if noise != _noise(self._session):
            self._session.change(replace(values, noise=noise))

    @Slot()
    def _follow(self) -> None:
        self.spin.setValue(_noise(self._session))


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
        self.sigma = decimal(0.1, 30, 0.5, 1)
        self.length = decimal(1, 250, 1, 0, self.tr(" pixels"))
        self.angle = decimal(-180, 180, 5, 0, "°")
        self.file = QPushButton()
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
            (self.tr("Strength (sigma)"), self.sigma),
            (self.tr("Length"), self.length),
            (self.tr("Direction"), self.angle),
            (self.tr("Kernel"), self.file),
        ):
            add_row(layout, title, field)

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
        """A number was changed by hand (or by `_follow`, which changes nothing)."""
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
        self.kind.setCurrentIndex(self.kind.findData(kernel.shape))
        for field, shape in (
            (self.side, "box"),
            (self.sigma, "gaussian"),
            (self.length, "motion"),
            (self.angle, "motion"),
            (self.file, "file"),
        ):
            self._form.setRowVisible(field, shape == kernel.shape)
        self._fill_in(kernel)

    def _fill_in(self, kernel: Kernel) -> None:
        """Without echo: two numbers of one kernel are never half new and half old."""
        if kernel.shape == "box":
            _set_quietly(self.side, kernel.values[0])
        elif kernel.shape == "gaussian":
            _set_quietly(self.sigma, kernel.values[0])
        elif kernel.shape == "motion":
            _set_quietly(self.length, kernel.values[0])
            _set_quietly(self.angle, kernel.values[1])
        if kernel.path is not None:
            self.file.setText(kernel.path.name)


class MaskState(QLabel):
    """How much of the photo is marked."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        mark(self, "quiet", on=True)
        self._session = session

    def watch(self) -> None:
        self._session.mask_changed.connect(self._follow)
        self._session.photo_changed.connect(self._count)
        self._count()

    @Slot(QRect)
    def _follow(self, box: QRect) -> None:
        if box.isEmpty():  # a stroke has ended; counting at each of its points would be too much
            self._count()

    @Slot()
    def _count(self) -> None:
        mask = self._session.mask
        if mask is None or mask.empty:
            self.setText(self.tr("Paint over what is damaged, with the brush below the photo (B)."))
        else:
            share = words.percent(float(mask.pixels.mean()))
            self.setText(self.tr("{0} of the photo is marked and will be filled in.").format(share))


def _noise(session: Session) -> float:
    values = session.values
    return DEFAULT_NOISE.get(values.task, 0.0) if values.noise is None else values.noise


def _set_quietly(spin: QSpinBox | QDoubleSpinBox, value: float) -> None:
    blocked = spin.blockSignals(True)  # Qt's own signature
    if isinstance(spin, QSpinBox):
        spin.setValue(int(value))
    else:
        spin.setValue(value)
    spin.blockSignals(blocked)


def _column(widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GRID)
    return column
