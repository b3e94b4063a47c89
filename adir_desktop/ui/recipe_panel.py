"""The right-hand panel: what is to be done, and the one button that does it."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QButtonGroup,
    QComboBox,
    QFrame,
    QGridLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from adir_desktop.contract import TASKS
from adir_desktop.ui import words
from adir_desktop.ui.adapt_panel import AdaptPanel
from adir_desktop.ui.forms import heading, line, quiet, tool_button
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.more_panel import MorePanel
from adir_desktop.ui.recipe_book import RecipeBook
from adir_desktop.ui.recipe_menu import RecipeMenu
from adir_desktop.ui.restore_foot import RestoreFoot
from adir_desktop.ui.runs import Runs
from adir_desktop.ui.session import Session
from adir_desktop.ui.stock import Stock
from adir_desktop.ui.task_values import TaskValues
from adir_desktop.ui.theme import GRID, PANEL_WIDTH, mark

ABREAST = 3  # tiles of tasks: so that their names have room in every language


class RecipePanel(QWidget):
    """Recipes, task, its values, adaptation, more; the foot with Restore stays in sight."""

    restore_wanted = Signal()  # or to stop it
    pause_wanted = Signal()  # or to go on
    queue_wanted = Signal()  # the same photo once more, after the one that runs
    again_wanted = Signal()  # with another seed
    save_wanted = Signal()
    save_preset_wanted = Signal()
    noise_wanted = Signal()  # the photo's noise is to be measured
    scratches_wanted = Signal()  # scratches are to be looked for
    fading_wanted = Signal()  # the photo's fading is to be measured
    kernel_wanted = Signal()  # a kernel from a file
    folder_wanted = Signal()  # a new library
    libraries_wanted = Signal()
    preset_wanted = Signal()  # from a file
    brush_wanted = Signal()

    def __init__(
        self,
        session: Session,
        stock: Stock | None = None,
        book: RecipeBook | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(PANEL_WIDTH)
        self._session = session
        self.recipes = RecipeMenu(session, book if book is not None else RecipeBook(parent=self))
        self.tasks = QButtonGroup(self)
        self.hint = quiet()
        self.values = TaskValues(session)
        self.adapt = AdaptPanel(session, stock)
        self.more = MorePanel(session)
        self.foot = RestoreFoot(session)
        self.restore, self.missing = self.foot.restore, self.foot.missing
        self.save, self.save_preset = self.foot.save, self.foot.save_preset
        self._lay_out()
        self._connect()

    def watch(self, jobs: Jobs, runs: Runs) -> None:
        """Follows the session, the jobs that look at the photo, and the queue."""
        self._session.values_changed.connect(self._follow)
        self.recipes.watch()
        self.values.watch(jobs)
        self.adapt.watch()
        self.more.watch(jobs)
        self.foot.watch(jobs, runs)
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
        column.addWidget(self.recipes)
        column.addLayout(self._task_tiles())
        for part in (self.hint, self.values, line(), self.adapt, line(), self.more):
            column.addWidget(part)
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
        whole.addWidget(line())
        whole.addWidget(self.foot)

    def _task_tiles(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(GRID)
        column.addWidget(heading(self.tr("Task")))
        tiles = QGridLayout()
        tiles.setSpacing(GRID // 2)
        for number, task in enumerate(TASKS):
            says = words.task_words(task)
            button = tool_button(says.title, task, checkable=True)
            button.setToolTip(says.term)
            mark(button, "tile", on=True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setIconSize(QSize(24, 24))
            button.setFixedHeight(7 * GRID)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setAccessibleDescription(says.hint)
            self.tasks.addButton(button, number)
            tiles.addWidget(button, number // ABREAST, number % ABREAST)
        column.addLayout(tiles)
        return column

    def _connect(self) -> None:
        self.tasks.idClicked.connect(self._choose_task)
        foot, values, adapt = self.foot, self.values, self.adapt
        foot.preset_wanted.connect(self._choose_preset)
        for inner, outer in (
            (foot.restore_wanted, self.restore_wanted),
            (foot.pause_wanted, self.pause_wanted),
            (foot.queue_wanted, self.queue_wanted),
            (foot.again_wanted, self.again_wanted),
            (foot.save_wanted, self.save_wanted),
            (foot.save_preset_wanted, self.save_preset_wanted),
            (foot.folder_wanted, self.folder_wanted),
            (foot.brush_wanted, self.brush_wanted),
            (values.noise_wanted, self.noise_wanted),
            (values.scratches_wanted, self.scratches_wanted),
            (values.fading_wanted, self.fading_wanted),
            (values.kernel_wanted, self.kernel_wanted),
            (self.more.noise_wanted, self.noise_wanted),
            (adapt.folder_wanted, self.folder_wanted),
            (adapt.libraries_wanted, self.libraries_wanted),
            (adapt.preset_wanted, self.preset_wanted),
        ):
            inner.connect(outer)

    @Slot(int)
    def _choose_task(self, number: int) -> None:
        self._session.change(replace(self._session.values, task=TASKS[number]))

    @Slot()
    def _choose_preset(self) -> None:
        """From the stored ones, if there are any."""
        if self.adapt.presets.count():
            self.adapt.presets.setFocus()
            self.adapt.presets.showPopup()
        else:
            self.preset_wanted.emit()

    @Slot()
    def _follow(self) -> None:
        task = self._session.values.task
        self.tasks.button(TASKS.index(task)).setChecked(True)
        self.hint.setText(words.task_words(task).hint)
