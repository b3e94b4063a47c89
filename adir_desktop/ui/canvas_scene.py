"""Which pictures the canvas shows, and what lies over them."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRectF, QSizeF
from PySide6.QtGui import QPainter

from adir_desktop.ui import canvas_overlay, canvas_paint
from adir_desktop.ui.canvas_preview import LivePreview
from adir_desktop.ui.qt_images import Levels, Restored
from adir_desktop.ui.requests import MASKED
from adir_desktop.ui.session import Session
from adir_desktop.ui.showing import Mode, Showing
from adir_desktop.ui.tools import Tools
from adir_desktop.ui.view import Frame


class Scene(QObject):
    """Reads the models; holds nothing of its own but where the slider stands (0 left, 1 right)."""

    def __init__(self, session: Session, tools: Tools, showing: Showing, parent: QObject) -> None:
        super().__init__(parent)
        self.split = 0.5
        self.preview: LivePreview | None = None
        self._session, self._tools, self._showing = session, tools, showing

    @property
    def size(self) -> QSizeF | None:
        """The photo's: a larger result fills the same rectangle."""
        picture = self._session.picture
        return QSizeF(picture.levels.full.size()) if picture else None

    @property
    def finest(self) -> int:
        """Width in pixels of the largest picture that is shown."""
        picture, restored = self._session.picture, self._session.restored
        shown = restored.after if restored else picture.levels if picture else None
        return shown.full.width() if shown else 1

    @property
    def painting(self) -> bool:
        """A press of the left button marks something."""
        return self._tools.painting and self._session.picture is not None and self._masked

    @property
    def previewing(self) -> bool:
        return self.preview is not None and self.preview.image is not None

    @property
    def comparing(self) -> bool:
        """A result is shown, alone or beside something."""
        return self._session.restored is not None and not self.previewing and not self.painting

    @property
    def sliding(self) -> bool:
        """There is a slider to be moved."""
        return self.comparing and self._showing.mode is Mode.SLIDER and not self._showing.peeking

    @property
    def two_panes(self) -> bool:
        return self.comparing and self._showing.mode is Mode.SIDE_BY_SIDE

    def draw(self, painter: QPainter, frames: tuple[Frame, ...], drawn: QRectF) -> None:
        """All of it into one frame a pane. drawn: the part of the widget that is out of date."""
        picture, restored = self._session.picture, self._session.restored
        image = self.preview.image if self.preview is not None else None
        if picture is None:
            return
        if image is not None and not self._showing.peeking:
            canvas_paint.picture(painter, Levels((image,)), frames[0].within(drawn), smooth=True)
        elif restored is not None and self.comparing:
            self._draw_result(painter, restored, frames, drawn)
        else:
            canvas_paint.picture(painter, picture.levels, frames[0].within(drawn))
            self._draw_mask(painter, frames[0].within(drawn))

    def _draw_result(
        self, painter: QPainter, restored: Restored, frames: tuple[Frame, ...], drawn: QRectF
    ) -> None:
        left, before = self._left(restored)
        after = self.tr("After")
        if self._showing.peeking:
            for frame in frames:
                canvas_paint.picture(painter, left, frame.within(drawn), finest=self.finest)
                canvas_paint.name(painter, frame.seen, before)
        elif self._showing.mode is Mode.SIDE_BY_SIDE:
            canvas_paint.picture(painter, left, frames[0].within(drawn), finest=self.finest)
            self._draw_after(painter, restored, frames[1], drawn)
            canvas_paint.name(painter, frames[0].seen, before)
            canvas_paint.name(painter, frames[1].seen, after)
            self._draw_legend(painter, frames[1])
        elif self._showing.mode is Mode.SLIDER:
            on_left, on_right = canvas_paint.parted(frames[0], self.split)
            canvas_paint.picture(painter, left, on_left.within(drawn), finest=self.finest)
            self._draw_after(painter, restored, on_right, drawn)
            canvas_paint.name(painter, frames[0].seen, before)
            canvas_paint.name(painter, frames[0].seen, after, on_right=True)
            canvas_paint.slider(painter, frames[0], self.split)
            self._draw_legend(painter, frames[0])
        else:
            self._draw_after(painter, restored, frames[0], drawn)
            self._draw_legend(painter, frames[0])

    def _draw_after(self, painter: QPainter, restored: Restored, frame: Frame, drawn: QRectF) -> None:
        canvas_paint.picture(painter, restored.after, frame.within(drawn))
        heat = self._showing.heat_map(self._showing.overlay)
        if heat is not None:
            canvas_paint.picture(painter, heat.levels, frame.within(drawn))

    def _draw_legend(self, painter: QPainter, frame: Frame) -> None:
        heat = self._showing.heat_map(self._showing.overlay)
        if heat is not None:
            canvas_overlay.legend(painter, frame.window, heat, self._showing.overlay)

    def _draw_mask(self, painter: QPainter, frame: Frame) -> None:
        mask, size = self._session.mask, self.size
        hidden = self._tools.hidden or self._showing.peeking or not self._masked
        if mask is not None and size is not None and not hidden:
            canvas_overlay.mask(painter, mask, frame, int(size.width()), self._tools.ink)

    @property
    def _masked(self) -> bool:
        """The task has a mask."""
        return self._session.values.task in MASKED

    def _left(self, restored: Restored) -> tuple[Levels, str]:
        """What the result is compared with, and its name."""
        picture = self._session.picture
        if self._showing.other is not None:
            return self._showing.other
        if self._showing.against_baseline and restored.baseline is not None:
            return restored.baseline, self.tr("Without adapting")
        return (picture.levels if picture else restored.after), self.tr("Before")
