"""Where similar photos are taken from: the libraries, and how much each of them counts."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QLabel, QSlider, QVBoxLayout, QWidget

from adir_desktop.contract import LibraryInfo, Source
from adir_desktop.ui import words
from adir_desktop.ui.forms import FIELD_HEIGHT, column, set_checked, side_by_side
from adir_desktop.ui.session import Session
from adir_desktop.ui.theme import GRID

HEAVIEST = 10.0  # times; the lightest is one over it
NOTCHES = 20  # of the slider on either side of "as the others"


class CalmSlider(QSlider):
    """Scrolling the panel must not turn what passes under the wheel."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Left to what lies underneath, unless the slider was chosen before."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class SourceRow(QWidget):
    """One library: used or not, and its weight."""

    switched = Signal(str, bool)
    weighed = Signal(str, float)

    def __init__(self, library: LibraryInfo) -> None:
        super().__init__()
        self.name = library.name
        self.check = QCheckBox(self.tr("{0} · {1} photos").format(library.name, words.count(library.photos)))
        self.check.setToolTip("\n".join(map(str, library.folders)))
        self.check.setMinimumHeight(FIELD_HEIGHT)
        self.slider = CalmSlider()
        self.slider.setRange(-NOTCHES, NOTCHES)
        self.slider.setPageStep(NOTCHES // 4)
        self.slider.setTracking(False)  # a drag is one choice: what was found is looked for anew after it
        self.slider.setAccessibleName(self.tr("Weight of {0}").format(library.name))
        self.slider.setToolTip(self.tr("How much these photos count against those of the other libraries"))
        self.factor = QLabel()
        self.factor.setFixedWidth(5 * GRID)
        self.factor.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._weight = side_by_side(self.slider, self.factor)
        self._weight.setContentsMargins(3 * GRID, 0, 0, 0)
        column(self, self.check, self._weight).setSpacing(0)
        self.check.toggled.connect(self._switch)
        self.slider.valueChanged.connect(self._weigh)
        self.slider.sliderMoved.connect(self._show_factor)

    def show_state(self, weight: float | None, *, among_others: bool) -> None:
        """weight: None when it is not used. among_others: there is something to weigh it against."""
        set_checked(self.check, on=weight is not None)
        self._weight.setVisible(weight is not None and among_others)
        notch = notch_of(weight or 1.0)
        with QSignalBlocker(self.slider):
            self.slider.setValue(notch)
        self._show_factor(notch)

    @Slot(bool)
    def _switch(self, on: bool) -> None:
        self.switched.emit(self.name, on)

    @Slot(int)
    def _weigh(self, notch: int) -> None:
        self._show_factor(notch)
        self.weighed.emit(self.name, weight_of(notch))

    @Slot(int)
    def _show_factor(self, notch: int) -> None:
        self.factor.setText(f"× {weight_of(notch):g}")
        self.slider.setAccessibleDescription(self.factor.text())


class Sources(QWidget):
    """All libraries; what is checked goes into the session, in the order in which it was."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._rows: dict[str, SourceRow] = {}
        self._column: QVBoxLayout = column(self)
        self._column.setSpacing(0)

    @property
    def rows(self) -> tuple[SourceRow, ...]:
        return tuple(self._rows.values())

    def watch(self) -> None:
        """Follows the session and the libraries there are."""
        self._session.values_changed.connect(self._follow)
        self._session.engine_changed.connect(self._offer)
        self._offer()

    @Slot()
    def _offer(self) -> None:
        for old in self._rows.values():
            self._column.removeWidget(old)
            old.deleteLater()
        self._rows = {library.name: SourceRow(library) for library in self._session.libraries}
        for row in self._rows.values():
            row.switched.connect(self._switch)
            row.weighed.connect(self._weigh)
            self._column.addWidget(row)
        self._follow()

    @Slot(str, bool)
    def _switch(self, library: str, on: bool) -> None:
        kept = tuple(source for source in self._known() if source.library != library)
        self._choose((*kept, Source(library)) if on else kept)

    @Slot(str, float)
    def _weigh(self, library: str, weight: float) -> None:
        self._choose(
            tuple(
                replace(source, weight=weight) if source.library == library else source
                for source in self._known()
            )
        )

    def _known(self) -> tuple[Source, ...]:
        """The chosen ones that still exist."""
        return tuple(source for source in self._session.values.sources if source.library in self._rows)

    def _choose(self, sources: tuple[Source, ...]) -> None:
        self._session.change(replace(self._session.values, sources=sources))

    @Slot()
    def _follow(self) -> None:
        weights = {source.library: source.weight for source in self._known()}
        for name, row in self._rows.items():
            row.show_state(weights.get(name), among_others=len(weights) > 1)


def weight_of(notch: int) -> float:
    """The weight at a notch of the slider, on a logarithmic scale, to two digits."""
    return float(f"{HEAVIEST ** (notch / NOTCHES):.2g}")


def notch_of(weight: float) -> int:
    """The nearest notch."""
    return round(NOTCHES * math.log(weight, HEAVIEST))
