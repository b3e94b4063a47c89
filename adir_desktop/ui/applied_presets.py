"""The presets chosen for the photo: what each is called, how strongly it is applied, and away with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from adir_desktop.contract import AppliedPreset
from adir_desktop.ui import words
from adir_desktop.ui.forms import FIELD_HEIGHT, column, side_by_side, tool_button
from adir_desktop.ui.gallery_tile import Elided
from adir_desktop.ui.session import Session
from adir_desktop.ui.sources import CalmSlider
from adir_desktop.ui.theme import GRID

STRONGEST = 150  # per cent: beyond it pictures rarely gain; the command line knows no such bound
NOTCH = 5  # per cent


class AppliedRow(QWidget):
    """One preset and its strength."""

    weighed = Signal(object, float)  # the path
    removed = Signal(object)

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.setToolTip(str(path))
        self.title = Elided()
        self.title.setText(path.stem)
        self.title.setMinimumHeight(FIELD_HEIGHT)
        self.remove = tool_button("", "close")
        self.remove.setToolTip(self.tr("Do not apply {0}").format(path.stem))
        self.remove.setAccessibleName(self.remove.toolTip())
        self.slider = CalmSlider()
        self.slider.setRange(0, STRONGEST // NOTCH)
        self.slider.setPageStep(25 // NOTCH)
        self.slider.setTracking(False)  # a drag is one choice
        self.slider.setAccessibleName(self.tr("Strength of {0}").format(path.stem))
        self.slider.setToolTip(self.tr("100 % is as it was adapted, 0 % as if it were not there"))
        self.share = QLabel()
        self.share.setFixedWidth(6 * GRID)
        self.share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        column(self, side_by_side(self.title, self.remove), side_by_side(self.slider, self.share)).setSpacing(
            0
        )
        self.slider.valueChanged.connect(self._weigh)
        self.slider.sliderMoved.connect(self._show_notch)
        self.remove.clicked.connect(self._remove)

    def show_strength(self, strength: float) -> None:
        """Also one that the slider has no place for."""
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(100 * strength / NOTCH))
        self._show(strength)

    @Slot(int)
    def _weigh(self, notch: int) -> None:
        self._show_notch(notch)
        self.weighed.emit(self.path, notch * NOTCH / 100)

    @Slot(int)
    def _show_notch(self, notch: int) -> None:
        self._show(notch * NOTCH / 100)

    def _show(self, strength: float) -> None:
        self.share.setText(words.percent(strength))
        self.slider.setAccessibleDescription(self.share.text())

    @Slot()
    def _remove(self) -> None:
        self.removed.emit(self.path)


class AppliedPresets(QWidget):
    """All of them, in the order in which they were chosen."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._rows: dict[Path, AppliedRow] = {}
        self._column: QVBoxLayout = column(self)

    @property
    def rows(self) -> tuple[AppliedRow, ...]:
        return tuple(self._rows.values())

    def watch(self) -> None:
        """Follows the values."""
        self._session.values_changed.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        presets = self._session.values.presets
        paths = [each.path for each in presets]
        if list(self._rows) != paths:
            self._make_rows(paths)
        for each in presets:
            self._rows[each.path].show_strength(each.strength)
        self.setVisible(bool(presets))

    def _make_rows(self, paths: list[Path]) -> None:
        for old in self._rows.values():
            self._column.removeWidget(old)
            old.deleteLater()
        self._rows = {path: AppliedRow(path) for path in paths}
        for row in self._rows.values():
            row.weighed.connect(self._weigh)
            row.removed.connect(self._remove)
            self._column.addWidget(row)

    @Slot(object, float)
    def _weigh(self, path: Path, strength: float) -> None:
        presets = self._session.values.presets
        self._choose(
            tuple(replace(each, strength=strength) if each.path == path else each for each in presets)
        )

    @Slot(object)
    def _remove(self, path: Path) -> None:
        self._choose(tuple(each for each in self._session.values.presets if each.path != path))

    def _choose(self, presets: tuple[AppliedPreset, ...]) -> None:
        self._session.change(replace(self._session.values, presets=presets))
