"""The queue: what runs, what waits, what failed and why."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListView, QPushButton, QToolButton, QVBoxLayout, QWidget

from adir_desktop.ui.forms import heading, push_button, quiet, tool_button
from adir_desktop.ui.popover import Popover
from adir_desktop.ui.queue_model import RUN, QueueModel
from adir_desktop.ui.queue_row import QueueRow
from adir_desktop.ui.runs import ENDED, Run, Runs, State
from adir_desktop.ui.theme import GRID, icon

SIZE = QSize(48 * GRID, 44 * GRID)


class QueueList(QListView):
    """One row a run. Delete removes, Alt+Up and Alt+Down move, Return does what the row's button does."""

    acted = Signal(str)  # id of the run whose button was used
    remove_wanted = Signal(str)
    move_wanted = Signal(str, int)

    def __init__(self, model: QueueModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QueueRow(self)
        row.acted.connect(self.acted)
        self.setModel(model)
        self.setItemDelegate(row)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)  # rows with an error are as high as its words
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QListView.DragDropMode.InternalMove)
        self.setAccessibleName(self.tr("Queue"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What its buttons do, by keys."""
        run = self.chosen
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if run is None:
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_wanted.emit(run.id)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.acted.emit(run.id)
        elif event.key() in steps and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.move_wanted.emit(run.id, steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    @property
    def chosen(self) -> Run | None:
        """The run that the keyboard is on."""
        run = self.currentIndex().data(RUN) if self.currentIndex().isValid() else None
        return run if isinstance(run, Run) else None


class QueuePanel(QWidget):
    """The list, and buttons for the chosen run and for all."""

    def __init__(self, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs = runs
        self.model = QueueModel(runs, self)
        self.list = QueueList(self.model)
        self.empty = quiet(self.tr("Nothing waits. Restore puts a photo here while another one runs."))
        self.pause = push_button(self.tr("Pause"), icon_name="pause")
        self.clear = push_button(
            self.tr("Clear finished"), self.tr("Takes what is done, stopped or failed off the list")
        )
        self.up = self._tool(self.tr("Earlier"), "up", "Alt+↑")
        self.down = self._tool(self.tr("Later"), "down", "Alt+↓")
        self.stop = self._tool(self.tr("Stop this one"), "stop", "")
        self.retry = self._tool(self.tr("Try again"), "retry", "")
        self.remove = self._tool(self.tr("Remove from the queue"), "clear", "Del")
        self._lay_out()
        self._connect()

    def watch(self) -> None:
        """Follows the queue."""
        self.model.watch()
        self._runs.changed.connect(self._follow)
        self.list.selectionModel().currentChanged.connect(self._follow)
        self._follow()

    def sizeHint(self) -> QSize:
        """Room for half a dozen runs."""
        return SIZE

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard belongs on the list."""
        self.list.setFocus()
        if not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.model.index(0))
        event.accept()

    def _tool(self, name: str, icon_name: str, keys: str) -> QToolButton:
        button = tool_button("", icon_name)
        button.setToolTip(f"{name} ({keys})" if keys else name)
        button.setAccessibleName(name)
        return button

    def _lay_out(self) -> None:
        top, foot = QHBoxLayout(), QHBoxLayout()
        top.addWidget(heading(self.tr("Queue")), 1)
        top.addWidget(self.pause)
        for button in (self.stop, self.retry, self.up, self.down, self.remove):
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(self.clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(top)
        column.addWidget(self.list, 1)
        column.addWidget(self.empty, 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(foot)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _connect(self) -> None:
        runs = self._runs
        self.list.acted.connect(self._act)
        self.list.remove_wanted.connect(self._remove)
        self.list.move_wanted.connect(runs.move)
        self.pause.clicked.connect(self._hold)
        self.clear.clicked.connect(runs.clear_ended)
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self.stop.clicked.connect(self._stop)
        self.retry.clicked.connect(self._retry)
        self.remove.clicked.connect(lambda: self._remove(self._chosen_id))

    @property
    def _chosen_id(self) -> str:
        run = self.list.chosen
        return run.id if run is not None else ""

    @Slot()
    def _follow(self) -> None:
        runs, run = self._runs, self.list.chosen
        self.list.setVisible(bool(runs.runs))
        self.empty.setVisible(not runs.runs)
        self.pause.setText(self.tr("Resume") if runs.paused else self.tr("Pause"))
        self.pause.setIcon(icon("play" if runs.paused else "pause"))
        self.pause.setEnabled(runs.paused or runs.running is not None)
        self.clear.setEnabled(any(one.state in ENDED for one in runs.runs))
        state = run.state if run is not None else None
        place = runs.runs.index(run) if run in runs.runs else -1
        self.stop.setEnabled(state in (State.WAITING, State.RUNNING, State.PAUSED))
        self.retry.setEnabled(state in (State.FAILED, State.STOPPED))
        self.remove.setEnabled(state is not None and state not in (State.RUNNING, State.PAUSED))
        self.up.setEnabled(state is State.WAITING and place > 0)
        self.down.setEnabled(state is State.WAITING and place < len(runs.runs) - 1)

    @Slot()
    def _hold(self) -> None:
        if self._runs.paused:
            self._runs.resume()
        else:
            self._runs.pause()

    @Slot(str)
    def _act(self, run_id: str) -> None:
        """What the button of a row does depends on where its run is."""
        run = next((one for one in self._runs.runs if one.id == run_id), None)
        if run is None:
            return
        if run.state in (State.RUNNING, State.PAUSED):
            self._runs.stop(run_id)
        elif run.state in (State.FAILED, State.STOPPED):
            self._runs.retry(run_id)
        else:
            self._runs.remove(run_id)

    @Slot()
    def _stop(self) -> None:
        self._runs.stop(self._chosen_id)

    @Slot()
    def _retry(self) -> None:
        self._runs.retry(self._chosen_id)

    @Slot(str)
    def _remove(self, run_id: str) -> None:
        self._runs.remove(run_id)

    def _move(self, by: int) -> None:
        self._runs.move(self._chosen_id, by)


class QueueButton(QPushButton):
    """The line under the photos that opens the queue: how many run or wait, and whether one failed."""

    def __init__(self, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs = runs
        self.panel = QueuePanel(runs)
        self.popover = Popover(self, self.panel)
        self.setFlat(True)
        self.clicked.connect(self._toggle)

    def watch(self) -> None:
        """Follows the queue."""
        self.panel.watch()
        self._runs.changed.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        runs = self._runs.runs
        left = sum(run.state not in ENDED for run in runs)
        failed = sum(run.state is State.FAILED for run in runs)
        self.setText(self.tr("Queue ({0})").format(left) if left else self.tr("Queue"))
        self.setIcon(icon("error" if failed else "queue"))
        words = [self.tr("{0} to do").format(left)] if left else []
        words += [self.tr("{0} failed").format(failed)] if failed else []
        self.setToolTip(", ".join(words) or self.tr("What is being restored, and what waits"))

    @Slot()
    def _toggle(self) -> None:
        if self.popover.isHidden():
            self.popover.open(focus=True)
        else:
            self.popover.close_down()
