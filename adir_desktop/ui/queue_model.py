"""The queue as a list for views; rows can be dragged to another place."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Slot,
)

from adir_desktop.ui import words
from adir_desktop.ui.countdown import Countdown
from adir_desktop.ui.runs import Run, Runs, State

Index = QModelIndex | QPersistentModelIndex
RUN = Qt.ItemDataRole.UserRole
SAYS = Qt.ItemDataRole.UserRole + 1  # where the run is, in words
MIME = "application/x-adir-run"


class QueueModel(QAbstractListModel):
    """The runs, in the order in which they run."""

    def __init__(self, queue: Runs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self._runs: list[Run] = []
        self._countdown = Countdown()
        self._timed = ("", "")  # id and stage of the run that is timed
        self._seconds: float | None = None

    def watch(self) -> None:
        """Follows the queue."""
        self._queue.changed.connect(self.follow)
        self.follow()

    @Slot()
    def follow(self) -> None:
        """Takes over the runs; those that stay keep the keyboard."""
        runs = self._queue.runs
        self._time(self._queue.running)
        ids = [run.id for run in runs]
        if [run.id for run in self._runs] != ids:
            self._drop_gone(ids)
            self._reorder(ids)
            self._insert_new(runs)
        changed = [row for row, run in enumerate(runs) if run != self._runs[row]]
        self._runs = list(runs)
        for row in changed:  # progress comes many times a second: only rows that changed are drawn again
            self.dataChanged.emit(self.index(row), self.index(row))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(self._runs)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The run, and the same in words."""
        run = self._runs[index.row()]
        if role == RUN:
            return run
        if role == SAYS:
            return self._state(run)
        if role == Qt.ItemDataRole.DisplayRole:
            return run.name
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            lines = [run.name, run.what, self._state(run)]
            lines += [run.error.problem, run.error.remedy] if run.error is not None else []
            return "\n".join(line for line in lines if line)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Only what waits can be dragged; anything can be dropped between rows."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        waits = self._runs[index.row()].state is State.WAITING
        return flags | Qt.ItemFlag.ItemIsDragEnabled if waits else flags

    def supportedDropActions(self) -> Qt.DropAction:
        """Rows change places; they are never copied."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The id of the run that is dragged."""
        data = QMimeData()
        data.setData(MIME, b"".join(self._runs[index.row()].id.encode() for index in indexes[:1]))
        return data

    def dropMimeData(
        self,
        data: QMimeData,
        action: Qt.DropAction,  # noqa: ARG002  # Qt's own signature
        row: int,
        column: int,  # noqa: ARG002
        parent: Index,  # noqa: ARG002
    ) -> bool:
        """Moves the dragged run before `row`; -1 is the end."""
        dragged = bytes(data.data(MIME).data()).decode()
        ids = [run.id for run in self._runs]
        if dragged not in ids:
            return False
        at = ids.index(dragged)
        target = row if row >= 0 else len(ids)
        self._queue.move(dragged, target - at - (target > at))
        return True

    def _state(self, run: Run) -> str:
        if run.state is State.RUNNING:
            return " · ".join(
                [words.stage_words(run.stage) if run.stage else self.tr("Starting"), *self._left(run)]
            )
        return {
            State.WAITING: self.tr("Waiting"),
            State.PAUSED: self.tr("Paused"),
            State.DONE: self.tr("Done"),
            State.STOPPED: self.tr("Stopped"),
            State.FAILED: self.tr("Failed"),
        }[run.state]

    def _left(self, run: Run) -> list[str]:
        share = [words.percent(run.share)] if run.share else []
        if self._seconds is not None:
            share.append(self.tr("{0} left").format(words.duration(self._seconds)))
        return share

    def _time(self, run: Run | None) -> None:
        """The time left of the running one, settled as in the strip."""
        timed = (run.id, run.stage) if run is not None else ("", "")
        if timed != self._timed:
            self._timed = timed
            self._countdown.restart()
        paused = run is None or run.state is not State.RUNNING
        self._seconds = None if run is None or paused else self._countdown.update(run.eta, time.monotonic())

    def _drop_gone(self, ids: list[str]) -> None:
        for row in reversed(range(len(self._runs))):
            if self._runs[row].id not in ids:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._runs[row]
                self.endRemoveRows()

    def _reorder(self, ids: list[str]) -> None:
        """The rows that are there already, in the order of `ids`."""
        ordered = sorted(self._runs, key=lambda run: ids.index(run.id))
        if ordered == self._runs:
            return
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        moved = [self.index(ordered.index(self._runs[index.row()])) for index in kept]
        self._runs = ordered
        self.changePersistentIndexList(kept, moved)
        self.layoutChanged.emit()

    def _insert_new(self, runs: tuple[Run, ...]) -> None:
        known = {run.id for run in self._runs}
        for row, run in enumerate(runs):
            if run.id not in known:
                self.beginInsertRows(QModelIndex(), row, row)
                self._runs.insert(row, run)
                self.endInsertRows()
