"""The right-hand panel: what is to be done, and the one button that does it."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from adir_desktop.contract import TASKS
from adir_desktop.ui import words
from adir_desktop.ui.adapt_panel import AdaptPanel
from adir_desktop.ui.forms import heading, line, push_button, quiet, tool_button
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.more_panel import MorePanel
from adir_desktop.ui.session import Session
from adir_desktop.ui.task_values import TaskValues
from adir_desktop.ui.theme import GRID, PANEL_WIDTH, mark


class RecipePanel(QWidget):
    """Task, its values, adaptation, more; Restore at the foot, Save beside it once there is a result."""

    restore_wanted = Signal()  # or to stop it
    save_wanted = Signal()
    save_preset_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(PANEL_WIDTH)
        self._session = session
        self.tasks = QButtonGroup(self)
        self.hint = quiet()
        self.values = TaskValues(session)
        self.adapt = AdaptPanel(session)
        self.more = MorePanel(session)
        self.restore = push_button(self.tr("Restore"))
        self.save = push_button(self.tr("Save image …"))
        self.save_preset = push_button(self.tr("Save preset …"))
        self.missing = quiet()
        self._lay_out()
        self.tasks.idClicked.connect(self._choose_task)
        self.restore.clicked.connect(self.restore_wanted)
        self.save.clicked.connect(self.save_wanted)
        self.save_preset.clicked.connect(self.save_preset_wanted)

    def watch(self, jobs: Jobs) -> None:
        """Follows the session and the state of the restoration."""
        self._jobs = jobs
        for part in (self.values, self.adapt, self.more):
            part.watch()
        for signal in (
            self._session.values_changed,
            self._session.photo_changed,
            self._session.found_changed,
            self._session.result_changed,
            self._session.engine_changed,
            jobs.changed,
        ):
            signal.connect(self._follow)
        self._session.mask_changed.connect(self._new_mask)
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Scrolling the panel must not turn the values that pass under the wheel."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, GRID)
        column.setSpacing(2 * GRID)
        column.addLayout(self._task_row())
        column.addWidget(self.hint)
        column.addWidget(self.values)
        column.addWidget(line())
        column.addWidget(self.adapt)
        column.addWidget(line())
        column.addWidget(self.more)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        for field in content.findChildren(QWidget):
            if isinstance(field, QComboBox | QAbstractSpinBox):
                field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
                field.installEventFilter(self)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 0, 0, 0)  # the line on the left
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addLayout(self._foot())

    def _task_row(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(GRID)
        column.addWidget(heading(self.tr("Task")))
        row = QHBoxLayout()
        row.setSpacing(GRID // 2)
        for number, task in enumerate(TASKS):
            says = words.task_words(task)
            button = tool_button(says.title, task, checkable=True)
            button.setToolTip(says.term)
            mark(button, "tile", on=True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setIconSize(QSize(24, 24))
            button.setFixedSize(QSize((PANEL_WIDTH - 6 * GRID) // len(TASKS), 7 * GRID))
            button.setAccessibleDescription(says.hint)
            self.tasks.addButton(button, number)
            row.addWidget(button)
        column.addLayout(row)
        return column

    def _foot(self) -> QVBoxLayout:
        foot = QVBoxLayout()
        foot.setContentsMargins(2 * GRID, GRID, 2 * GRID, 2 * GRID)
        foot.setSpacing(GRID)
        foot.addWidget(self.missing)
        self.restore.setMinimumHeight(5 * GRID)
        self.restore.setToolTip(self.tr("Restore the photo, or stop restoring (Ctrl+Return, Esc)"))
        foot.addWidget(self.restore)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.save, 1)
        row.addWidget(self.save_preset, 1)
        foot.addLayout(row)
        return foot

    @Slot(int)
    def _choose_task(self, number: int) -> None:
        self._session.change(replace(self._session.values, task=TASKS[number]))

    @Slot(QRect)
    def _new_mask(self, box: QRect) -> None:
        if box.isEmpty():  # a stroke has ended
            self._follow()

    @Slot()
    def _follow(self) -> None:
        session = self._session
        self.tasks.button(TASKS.index(session.values.task)).setChecked(True)
        self.hint.setText(words.task_words(session.values.task).hint)
        missing = session.missing() if session.picture is not None else ""
        self.missing.setText(missing)
        self.missing.setVisible(bool(missing))
        self._follow_buttons(possible=session.picture is not None and not missing)

    def _follow_buttons(self, *, possible: bool) -> None:
        running, stopping = self._jobs.has("restore"), self._jobs.stopping
        restored = self._session.restored
        self.restore.setEnabled(running or (possible and not stopping))
        if stopping and not running:
            self.restore.setText(self.tr("Stopping …"))
        else:
            self.restore.setText(self.tr("Stop") if running else self.tr("Restore"))
        self.save.setVisible(restored is not None)
        self.save.setEnabled(not self._jobs.has("save"))
        self.save_preset.setVisible(restored is not None and restored.restoration.preset is not None)
        save_next = restored is not None and not self._session.saved and not running
        mark(self.save, "accent", on=save_next)
        mark(self.restore, "accent", on=not save_next and not running)
