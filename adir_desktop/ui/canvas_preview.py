"""What a running restoration looks like so far."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from adir_desktop.contract import Event, Progress
from adir_desktop.ui.qt_images import preview_image
from adir_desktop.ui.runs import Runs
from adir_desktop.ui.session import Session


class LivePreview(QObject):
    """The last preview of the photo on the canvas, for as long as its restoration runs."""

    changed = Signal()

    def __init__(self, session: Session, runs: Runs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._runs = session, runs
        self._image: QImage | None = None
        self._run = ""  # id of the one that the image is of
        self._aside = False
        runs.happened.connect(self._hear)
        runs.changed.connect(self._look)
        session.photo_changed.connect(self.changed)

    @property
    def image(self) -> QImage | None:
        """None as well while it stands aside, or another photo is on the canvas."""
        run = self._runs.running
        ours = run is not None and run.id == self._run and run.sheet == self._session.photo_id
        return self._image if ours and not self._aside else None

    def stand_aside(self, *, aside: bool) -> None:
        """Lets the photo be seen, to paint on it while the restoration runs."""
        if aside != self._aside:
            self._aside = aside
            self.changed.emit()

    @Slot(object)
    def _hear(self, event: Event) -> None:
        run = self._runs.running
        if isinstance(event, Progress) and event.preview is not None and run is not None:
            self._image = preview_image(event.preview)
            self._run = run.id
            self.changed.emit()

    @Slot()
    def _look(self) -> None:
        """When the restoration has ended, its result or the photo takes the preview's place."""
        run = self._runs.running
        if self._run and (run is None or run.id != self._run):
            self._image, self._run, self._aside = None, "", False
            self.changed.emit()
