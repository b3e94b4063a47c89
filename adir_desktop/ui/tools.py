"""What the pointer does on the canvas, and how the canvas shows the photo: state that views share."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QObject, Signal, Slot

from adir_desktop.ui.session import Session

SMALLEST, LARGEST = 1.0, 1000.0  # brush diameter in photo pixels
SIZE_STEP = 1.25  # one press of [ or ]


class Tool(Enum):
    """What the left button does."""

    HAND = "hand"
    BRUSH = "brush"
    ERASER = "eraser"


class Tools(QObject):
    """The chosen tool, the brush, and what stands on the left of the before/after slider."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tool = Tool.HAND
        self.brush = 24.0  # diameter in photo pixels
        self.against_baseline = False
        self.peeking = False  # the original is shown while a key is held
        self.zoom = 1.0  # device pixels a pixel of the picture that is shown
        self._session = session
        self._task = ""
        session.photo_changed.connect(self._new_photo)
        session.values_changed.connect(self._follow_task)
        session.result_changed.connect(self._new_result)

    @property
    def painting(self) -> bool:
        return self.tool is not Tool.HAND

    def choose(self, tool: Tool) -> None:
        """Painting is for repairing only."""
        if tool is Tool.HAND or self._session.values.task == "inpaint":
            self.tool = tool
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

    @Slot(bool)
    def compare_baseline(self, on: bool) -> None:
        """Shows the result without adapting on the left of the slider, instead of the photo."""
        self.against_baseline = on
        self.changed.emit()

    def peek(self, *, on: bool) -> None:
        self.peeking = on
        self.changed.emit()

    def set_zoom(self, zoom: float) -> None:
        if zoom != self.zoom:
            self.zoom = zoom
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
        task = self._session.values.task
        if self._session.picture is not None and task != self._task:
            self._task = task
            self.choose(Tool.BRUSH if task == "inpaint" else Tool.HAND)

    @Slot()
    def _new_result(self) -> None:
        """A fresh result is there to be looked at, not painted over."""
        self.against_baseline = False
        if self._session.restored is not None:
            self.tool = Tool.HAND
        self.changed.emit()
