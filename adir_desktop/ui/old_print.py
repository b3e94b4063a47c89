"""The faults of an old print, each with a switch of its own."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRect, Signal, Slot
from PySide6.QtWidgets import QWidget

from adir_desktop.contract import Fading
from adir_desktop.ui.fading_values import FadingValues
from adir_desktop.ui.fault_rows import Fault, FeatherRow, JobButton, MaskState, NoiseRow
from adir_desktop.ui.forms import column
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.kernel_choice import KernelChoice
from adir_desktop.ui.session import Session

FADED = Fading((0.7, 0.7, 0.7), (0.15, 0.13, 0.1))  # a typical print, until this one is measured
GRAIN = 8.0  # of 255: sigma of a scanned print, until this one is measured


class OldPrint(QWidget):
    """Scratches, fading, blur, noise, lost colours: any of them together."""

    kernel_wanted = Signal()
    noise_wanted = Signal()
    scratches_wanted = Signal()
    fading_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.find_scratches = JobButton(session, "scratches", self.tr("Find"))
        self.measure_fading = JobButton(session, "fading", self.tr("Estimate"))
        self.marked, self.feather = MaskState(session), FeatherRow(session)
        self.fading_values = FadingValues(session)
        self.kernel, self.noise_row = KernelChoice(session), NoiseRow(session, self.tr("Strength"))
        self._make_faults()
        column(self, self.scratches, self.fading, self.blur, self.noise, self.colour)
        self._connect()

    def watch(self, jobs: Jobs) -> None:
        """Follows the session and the jobs that look at the photo."""
        for part in (self.find_scratches, self.measure_fading, self.noise_row):
            part.watch(jobs)
        for row in (self.marked, self.feather, self.fading_values, self.kernel):
            row.watch()
        self._session.values_changed.connect(self._follow)
        self._session.photo_changed.connect(self._follow)
        self._session.mask_changed.connect(self._new_mask)
        self._follow()

    def _make_faults(self) -> None:
        self.find_scratches.setAccessibleName(self.tr("Find scratches"))
        self.find_scratches.setToolTip(self.tr("Marks thin scratches and dust for you to check"))
        self.measure_fading.setAccessibleName(self.tr("Estimate the fading"))
        self.measure_fading.setToolTip(self.tr("Measures how much contrast and colour this photo has lost"))
        self.scratches = Fault(
            self.tr("Scratches"),
            self.tr("Everything that is marked is filled in; switching this off clears the marks (Ctrl+Z)"),
            self.marked,
            self.feather,
            button=self.find_scratches,
        )
        self.fading = Fault(
            self.tr("Fading"),
            self.tr("Gain and offset of each colour channel"),
            self.fading_values,
            button=self.measure_fading,
        )
        self.blur = Fault(self.tr("Blur"), self.tr("Convolution with a kernel"), self.kernel)
        self.noise = Fault(self.tr("Noise"), self.tr("Grain of the paper or the film"), self.noise_row)
        self.colour = Fault(
            self.tr("No colours"),
            self.tr("The print is black and white, or its colours are not worth keeping: it gets new ones"),
        )

    def _connect(self) -> None:
        self.kernel.file_wanted.connect(self.kernel_wanted)
        self.noise_row.noise_wanted.connect(self.noise_wanted)
        self.find_scratches.clicked.connect(self.scratches_wanted)
        self.measure_fading.clicked.connect(self.fading_wanted)
        self.scratches.switched.connect(self._switch_scratches)
        self.fading.switched.connect(self._switch_fading)
        self.blur.switched.connect(self._switch_blur)
        self.noise.switched.connect(self._switch_noise)
        self.colour.switched.connect(self._switch_colour)

    @Slot(bool)
    def _switch_scratches(self, on: bool) -> None:
        mask = self._session.mask
        if on:
            self.scratches_wanted.emit()
        elif mask is not None:
            mask.clear()
        self._follow()  # what is marked decides, and nothing may have been found

    @Slot(bool)
    def _switch_fading(self, on: bool) -> None:
        self._session.change(replace(self._session.values, fading=FADED if on else None))
        if on:
            self.fading_wanted.emit()

    @Slot(bool)
    def _switch_blur(self, on: bool) -> None:
        self._session.change(replace(self._session.values, blurred=on))

    @Slot(bool)
    def _switch_noise(self, on: bool) -> None:
        self._session.change(replace(self._session.values, noise=GRAIN if on else None))

    @Slot(bool)
    def _switch_colour(self, on: bool) -> None:
        self._session.change(replace(self._session.values, colourless=on))

    @Slot(QRect)
    def _new_mask(self, box: QRect) -> None:
        if box.isEmpty():  # a stroke has ended
            self._follow()

    @Slot()
    def _follow(self) -> None:
        values, mask = self._session.values, self._session.mask
        marked = mask is not None and not mask.empty
        self.scratches.show_state(on=marked, open_anyway=True)
        self.feather.setVisible(marked)
        self.fading.show_state(on=values.fading is not None)
        self.blur.show_state(on=values.blurred)
        self.noise.show_state(on=values.noise is not None)
        self.colour.show_state(on=values.colourless)
