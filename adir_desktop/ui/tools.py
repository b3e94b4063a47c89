"""What the pointer does on the canvas and how the mask is shown: state that views share."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QColor

from adir_desktop.ui.mask import Mode
from adir_desktop.ui.requests import MASKED
from adir_desktop.ui.session import Session

SMALLEST, LARGEST = 1.0, 1000.0  # brush diameter in photo pixels
SIZE_STEP = 1.25  # one press of [ or ], one notch of the wheel
NOTCH = 120  # one step of a mouse wheel, in Qt's units
WIDEST = 500  # pixels that one command grows or shrinks the mask by
OVERLAY = QColor(224, 49, 49)


class Tool(Enum):
    """What the left button does."""

    HAND = "hand"
    BRUSH = "brush"
    ERASER = "eraser"
    RECTANGLE = "rectangle"
    LASSO = "lasso"
    POLYGON = "polygon"
    SIMILAR = "similar"


class Tools(QObject):
    """The chosen tool and its values, and how the mask lies over the photo.

    brush: diameter in photo pixels. tolerance: 0..255, of a channel; contiguous: similar colours only
    where they hang together. mode: what shapes and similar colours do to the mask. margin: pixels that
    growing and shrinking take.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tool = Tool.HAND
        self.brush = 24.0
        self.tolerance = 16.0
        self.contiguous = True
        self.mode = Mode.ADD
        self.margin = 2
        self.colour, self.opacity = QColor(OVERLAY), 0.5
        self.hidden = False
        self._session = session
        self._task = ""
        session.photo_changed.connect(self._new_photo)
        session.values_changed.connect(self._follow_task)
        session.result_changed.connect(self._new_result)

    @property
    def painting(self) -> bool:
        return self.tool is not Tool.HAND

    @property
    def ink(self) -> QColor:
        """The overlay's colour with its opacity."""
        ink = QColor(self.colour)
        ink.setAlphaF(self.opacity)
        return ink

    def choose(self, tool: Tool) -> None:
        """Painting is only for tasks that repair. A chosen tool brings a hidden overlay back."""
        if tool is Tool.HAND or self._session.values.task in MASKED:
            self.tool = tool
            self.hidden = self.hidden and tool is Tool.HAND
            self.changed.emit()

    def set_brush(self, size: float) -> None:
        self.brush = min(max(size, SMALLEST), LARGEST)
        self.changed.emit()

    @Slot()
    def larger(self) -> None:
        self.set_brush(max(self.brush * SIZE_STEP, self.brush + 1))

    @Slot()
    def smaller(self) -> None:
        self.set_brush(min(self.brush / SIZE_STEP, self.brush - 1))

    def wheel(self, delta: int) -> None:
        """Changes the brush with the wheel; delta in Qt's units."""
        self.set_brush(self.brush * SIZE_STEP ** (delta / NOTCH))

    def set_selecting(self, tolerance: float, *, contiguous: bool) -> None:
        """How similar colours are selected."""
        self.tolerance, self.contiguous = min(max(tolerance, 0.0), 255.0), contiguous
        self.changed.emit()

    def set_mode(self, mode: Mode) -> None:
        """Whether shapes and similar colours add to the mask, take away from it, or replace it."""
        self.mode = mode
        self.changed.emit()

    def set_margin(self, margin: int) -> None:
        self.margin = min(max(margin, 1), WIDEST)
        self.changed.emit()

    def set_overlay(self, colour: QColor, opacity: float) -> None:
        """How the mask is drawn over the photo; opacity in 0..1."""
        self.colour, self.opacity = QColor(colour), min(max(opacity, 0.05), 1.0)
        self.changed.emit()

    @Slot()
    def toggle_overlay(self) -> None:
        """Hides the mask, or shows it again; it stays what it is."""
        self.hidden = not self.hidden
        self.changed.emit()

    @Slot()
    def _new_photo(self) -> None:
        """A brush that suits the photo's size: a thirtieth of its short side, and never a hair."""
        picture = self._session.picture
        if picture is not None:
            self.set_brush(max(round(min(picture.photo.width, picture.photo.height) / 30), 4))
        self._task = ""

    @Slot()
    def _follow_task(self) -> None:
        """Repairing begins with the brush; an old print may have nothing to paint over."""
        task = self._session.values.task
        if self._session.picture is None or task == self._task:
            return
        self._task = task
        if task in ("inpaint", "edit"):
            self.choose(Tool.BRUSH)
        elif task not in MASKED:
            self.choose(Tool.HAND)

    @Slot()
    def _new_result(self) -> None:
        """A fresh result is there to be looked at, not painted over."""
        if self._session.restored is not None:
            self.tool = Tool.HAND
        self.changed.emit()
