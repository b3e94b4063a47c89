"""What a restoration measures on its way, for curves."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from adir_desktop.contract import Event, Progress


class Series:
    """One curve: x counts up; a value that comes again at an earlier x begins another curve."""

    def __init__(self) -> None:
        self.x: list[int] = []
        self.y: list[float] = []

    def add(self, x: int, y: float) -> None:
        if self.x and x < self.x[-1]:
            self.clear()
        self.x.append(x)
        self.y.append(y)

    def clear(self) -> None:
        self.x.clear()
        self.y.clear()


class Traces(QObject):
    """What the running restoration measured so far; it stays until the next one begins."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.loss, self.consistency = Series(), Series()
        self.latest = self.loss

    @Slot(object)
    def hear(self, event: Event) -> None:
        """Takes the figures of a `Progress`."""
        if not isinstance(event, Progress):
            return
        if event.loss is not None:
            self.latest = self.loss
            self.loss.add(event.done, event.loss)
        if event.consistency is not None:
            self.latest = self.consistency
            self.consistency.add(event.done, event.consistency)
        if event.loss is not None or event.consistency is not None:
            self.changed.emit()

    def clear(self) -> None:
        """Another restoration begins."""
        self.loss.clear()
        self.consistency.clear()
        self.latest = self.loss
        self.changed.emit()
