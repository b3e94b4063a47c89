"""Single faults of a photo, as rows that the pages of several tasks are made of."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QVBoxLayout, QWidget

from adir_desktop.tasks import DEFAULT_NOISE
from adir_desktop.ui import words
from adir_desktop.ui.forms import (
    FIELD_HEIGHT,
    add_row,
    column,
    decimal,
    form,
    set_checked,
    set_number,
    side_by_side,
)
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.session import Session
from adir_desktop.ui.theme import GRID, mark

INDENT = 3 * GRID  # under a check box, where its text begins


class JobButton(QPushButton):
    """Asks for a job on the open photo, and is busy while a job of its kind runs."""

    def __init__(self, session: Session, kind: str, text: str) -> None:
        super().__init__(text)
        self._session, self._kind, self._text = session, kind, text
        self.setStyleSheet("padding: 4px 8px")  # beside a field there is less room than below one

    def watch(self, jobs: Jobs) -> None:
        """Follows the jobs of its kind."""
        self._jobs = jobs
        jobs.changed.connect(self._follow)
        self._session.photo_changed.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        busy = self._jobs.has(self._kind)
        self.setEnabled(self._session.picture is not None and not busy)
        self.setText(self.tr("Looking …") if busy else self._text)


class NoiseRow(QWidget):
    """Sigma of the photo's noise, in levels of 255, and a way to have it measured."""

    noise_wanted = Signal()

    def __init__(self, session: Session, title: str = "") -> None:
        super().__init__()
        self._session = session
        self.spin = decimal(0, 255, 1, 1)
        self.spin.setToolTip(self.tr("Standard deviation (sigma) of the noise, in levels of 0 to 255"))
        self.estimate = JobButton(session, "noise", self.tr("Estimate"))
        self.estimate.setToolTip(self.tr("Measures the noise of this photo"))
        self.estimate.setAccessibleName(self.tr("Estimate the noise"))
        add_row(form(self), title or self.tr("Noise"), self.spin, self.estimate)
        self.spin.setAccessibleName(self.tr("Noise"))
        self.spin.valueChanged.connect(self._choose)
        self.estimate.clicked.connect(self.noise_wanted)

    def watch(self, jobs: Jobs) -> None:
        self.estimate.watch(jobs)
        self._session.values_changed.connect(self._follow)
        self._follow()

    @Slot(float)
    def _choose(self, noise: float) -> None:
        self._session.change(replace(self._session.values, noise=noise))

    @Slot()
    def _follow(self) -> None:
        values = self._session.values
        own = DEFAULT_NOISE.get(values.task, 0.0)
        set_number(self.spin, own if values.noise is None else values.noise)


class FeatherRow(QWidget):
    """How softly a repair fades into the photo."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.spin = decimal(0, 100, 1, 1, self.tr(" pixels"))
        self.spin.setSpecialValueText(self.tr("None"))
        self.spin.setToolTip(
            self.tr("Feather: over so many pixels inside the mark's edge, the repair fades into the photo")
        )
        add_row(form(self), self.tr("Soft edge"), self.spin)
        self.spin.valueChanged.connect(self._choose)

    def watch(self) -> None:
        self._session.values_changed.connect(self._follow)
        self._follow()

    @Slot(float)
    def _choose(self, feather: float) -> None:
        self._session.change(replace(self._session.values, feather=feather))

    @Slot()
    def _follow(self) -> None:
        set_number(self.spin, self._session.values.feather)


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
        self._session.values_changed.connect(self._count)
        self._count()

    @Slot(QRect)
    def _follow(self, box: QRect) -> None:
        if box.isEmpty():  # a stroke has ended
            self._count()

    @Slot()
    def _count(self) -> None:
        mask = self._session.mask
        marked = mask.count if mask is not None else 0
        if mask is None or not marked:
            wanted = self.tr("Paint over what is damaged, with the brush below the photo (B).")
            if self._session.values.task == "edit":
                wanted = self.tr("Paint over what is to change, with the brush below the photo (B).")
            self.setText(wanted)
        else:
            share = words.percent(marked / mask.pixels.size)
            self.setText(self.tr("{0} of the photo is marked and will be filled in.").format(share))


class Fault(QWidget):
    """One fault that can be switched on; its values show while it is."""

    switched = Signal(bool)  # by a person

    def __init__(self, title: str, hint: str, *parts: QWidget, button: QPushButton | None = None) -> None:
        super().__init__()
        self.check = QCheckBox(title)
        self.check.setToolTip(hint)
        self.check.setMinimumHeight(FIELD_HEIGHT)
        self._body = QWidget()
        column(self._body, *parts).setContentsMargins(INDENT, 0, 0, 0)
        whole: QVBoxLayout = column(self, side_by_side(self.check, button) if button else self.check)
        whole.setSpacing(GRID // 2)
        whole.addWidget(self._body)
        self.check.toggled.connect(self.switched)

    def show_state(self, *, on: bool, open_anyway: bool = False) -> None:
        """As the session has it. open_anyway: what is below says something also while it is off."""
        set_checked(self.check, on=on)
        self._body.setVisible(on or open_anyway)
