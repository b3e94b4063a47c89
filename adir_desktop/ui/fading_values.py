"""What age did to a print's colours: in words, and as two numbers that a person can correct."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from adir_desktop.contract import Fading
from adir_desktop.tasks import GAINS
from adir_desktop.ui import words
from adir_desktop.ui.forms import add_row, column, form, quiet, set_number, whole
from adir_desktop.ui.session import Session

MOST_VEIL = 60  # percent: nothing darker than that is left of a print that can still be seen


class FadingValues(QWidget):
    """The contrast that is left and the veil over the blacks; the cast stays as it was measured."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.words = quiet()
        self.contrast = whole(10, 150, 1, self.tr(" %"))
        self.veil = whole(0, MOST_VEIL, 1, self.tr(" %"))
        fields = QWidget()
        rows = form(fields)
        add_row(rows, self.tr("Contrast left"), self.contrast)
        add_row(rows, self.tr("Lightest black"), self.veil)
        self.contrast.setToolTip(self.tr("Gain: how much of the print's contrast is left, on average"))
        self.veil.setToolTip(self.tr("Offset: how light black has become, on average"))
        column(self, self.words, fields)
        self.contrast.valueChanged.connect(self._choose_contrast)
        self.veil.valueChanged.connect(self._choose_veil)

    def watch(self) -> None:
        """Follows the session."""
        self._session.values_changed.connect(self._follow)
        self._follow()

    @Slot(int)
    def _choose_contrast(self, percent: int) -> None:
        """All channels in proportion."""
        fading = self._session.values.fading
        if fading is not None:
            times = percent / 100 / _mean(fading.gain)
            red, green, blue = (min(max(gain * times, GAINS[0]), GAINS[1]) for gain in fading.gain)
            self._change(replace(fading, gain=(red, green, blue)))

    @Slot(int)
    def _choose_veil(self, percent: int) -> None:
        """All channels by the same amount."""
        fading = self._session.values.fading
        if fading is not None:
            more = percent / 100 - _mean(fading.offset)
            red, green, blue = (min(max(offset + more, -1.0), 1.0) for offset in fading.offset)
            self._change(replace(fading, offset=(red, green, blue)))

    def _change(self, fading: Fading) -> None:
        self._session.change(replace(self._session.values, fading=fading))

    @Slot()
    def _follow(self) -> None:
        fading = self._session.values.fading
        if fading is not None:
            self.words.setText(words.fading_words(fading))
            set_number(self.contrast, 100 * _mean(fading.gain))
            set_number(self.veil, 100 * _mean(fading.offset))


def _mean(channels: tuple[float, float, float]) -> float:
    return sum(channels) / 3
