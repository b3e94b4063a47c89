"""How the canvas shows a photo and its result: state that views share."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QObject, Signal, Slot

from adir_desktop.ui.qt_images import HeatMap, Levels
from adir_desktop.ui.session import Session


class Mode(Enum):
    """How two pictures are compared."""

    SLIDER = "slider"
    SIDE_BY_SIDE = "side by side"
    AFTER = "after"  # the result alone


class Overlay(Enum):
    """What lies over the result."""

    NONE = "none"
    AGREEMENT = "agreement"  # how well the result explains the photo, pixel by pixel
    SPREAD = "spread"  # how much several seeds disagree
    CHANGES = "changes"  # where the result differs from the photo


class Showing(QObject):
    """What stands on the left, what lies over the result, and how large a pixel is drawn.

    other: any earlier result put in the photo's place, with its name; it wins over `against_baseline`.
    zoom: device pixels a pixel of the picture that is shown.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.mode = Mode.SLIDER
        self.overlay = Overlay.NONE
        self.against_baseline = False
        self.other: tuple[Levels, str] | None = None
        self.peeking = False  # the left side's picture is shown alone while a key is held
        self.zoom = 1.0
        self._session = session
        session.photo_changed.connect(self._new_photo)
        session.result_changed.connect(self._new_result)

    def heat_map(self, overlay: Overlay) -> HeatMap | None:
        """The map that the result on show has for it, if it has one."""
        restored = self._session.restored
        if restored is None:
            return None
        maps = {
            Overlay.NONE: None,
            Overlay.AGREEMENT: restored.agreement,
            Overlay.SPREAD: restored.spread,
            Overlay.CHANGES: restored.changes,
        }
        return maps[overlay]

    def has(self, overlay: Overlay) -> bool:
        """It can be chosen."""
        return overlay is Overlay.NONE or self.heat_map(overlay) is not None

    def choose_mode(self, mode: Mode) -> None:
        """Slider, side by side, or the result alone."""
        if mode is not self.mode:
            self.mode = mode
            self.changed.emit()

    def choose_overlay(self, overlay: Overlay) -> None:
        """Lays a map over the result; nothing happens where the result has no such map."""
        if overlay is not self.overlay and self.has(overlay):
            self.overlay = overlay
            self.changed.emit()

    @Slot(bool)
    def compare_baseline(self, on: bool) -> None:
        """Puts the result of the same seed without adapting in the photo's place."""
        restored = self._session.restored
        on = on and restored is not None and restored.baseline is not None
        if on != self.against_baseline or (on and self.other is not None):
            self.against_baseline = on
            self.other = None if on else self.other
            self.changed.emit()

    def compare_with(self, levels: Levels | None, name: str = "") -> None:
        """Puts any other result in the photo's place; None brings the photo back."""
        self.other = None if levels is None else (levels, name)
        self.against_baseline = False
        self.changed.emit()

    def peek(self, *, on: bool) -> None:
        """Shows what the result is compared with alone, for as long as it is on."""
        if on != self.peeking:
            self.peeking = on
            self.changed.emit()

    def set_zoom(self, zoom: float) -> None:
        """Called by the canvas, which knows."""
        if zoom != self.zoom:
            self.zoom = zoom
            self.changed.emit()

    @Slot()
    def _new_photo(self) -> None:
        self.other = None
        self._new_result()

    @Slot()
    def _new_result(self) -> None:
        """Also told when the result was saved: what is still there stays chosen."""
        restored = self._session.restored
        if restored is None or restored.baseline is None:
            self.against_baseline = False
        if self.other is not None and (restored is None or restored.after is self.other[0]):
            self.other = None
        if not self.has(self.overlay):
            self.overlay = Overlay.NONE
        self.changed.emit()
