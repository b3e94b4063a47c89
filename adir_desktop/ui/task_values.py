"""The values of the chosen task, and of no other."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QWidget

from adir_desktop.contract import TASKS
from adir_desktop.tasks import SCALES
from adir_desktop.ui.fault_rows import FeatherRow, JobButton, MaskState, NoiseRow
from adir_desktop.ui.forms import column, quiet, tool_button
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.kernel_choice import KernelChoice
from adir_desktop.ui.old_print import OldPrint
from adir_desktop.ui.session import Session
from adir_desktop.ui.theme import GRID
from adir_desktop.ui.word_fields import WordFields


class TaskValues(QWidget):
    """One page a task; changes go straight into the session."""

    kernel_wanted = Signal()  # a kernel from a file
    noise_wanted = Signal()  # the photo's noise is to be measured
    scratches_wanted = Signal()  # scratches are to be looked for
    fading_wanted = Signal()  # the photo's fading is to be measured

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.scale = ScaleChoice(session)
        self.kernel = KernelChoice(session)
        self.repair = RepairValues(session)
        self.old = OldPrint(session)
        self.marked, self.words, self._feather = MaskState(session), WordFields(session), FeatherRow(session)
        self._noises = NoiseRow(session), NoiseRow(session)
        pages: dict[str, tuple[QWidget, ...]] = {
            "upscale": (self.scale,),
            "deblur": (self.kernel, self._noises[0]),
            "denoise": (self._noises[1],),
            "inpaint": (self.repair,),
            "colorize": (quiet(self.tr("Its greys are kept as they are; only colour is added.")),),
            "old": (self.old,),
            "edit": (self.marked, self.words, self._feather),
        }
        self._pages = {task: QWidget() for task in TASKS}
        for task, page in self._pages.items():
            column(page, *pages[task])
        column(self, *self._pages.values())
        self._connect()

    def watch(self, jobs: Jobs) -> None:
        """Follows the session and the jobs that look at the photo."""
        self._session.values_changed.connect(self._follow)
        self.scale.watch()
        self.kernel.watch()
        for own in (self.marked, self.words, self._feather):
            own.watch()
        for part in (self.repair, self.old, *self._noises):
            part.watch(jobs)
        self._follow()

    def _connect(self) -> None:
        for part in (self.kernel.file_wanted, self.old.kernel_wanted):
            part.connect(self.kernel_wanted)
        for noise in self._noises:
            noise.noise_wanted.connect(self.noise_wanted)
        self.old.noise_wanted.connect(self.noise_wanted)
        self.old.fading_wanted.connect(self.fading_wanted)
        self.old.scratches_wanted.connect(self.scratches_wanted)
        self.repair.find_scratches.clicked.connect(self.scratches_wanted)

    @Slot()
    def _follow(self) -> None:
        for task, page in self._pages.items():
            page.setVisible(task == self._session.values.task)


class ScaleChoice(QWidget):
    """2x, 4x or 8x."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.buttons = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(QLabel(self.tr("How much larger")), 1)
        for scale in SCALES:
            button = tool_button(f"{scale} ×", checkable=True)
            button.setAccessibleName(self.tr("{0} times as large").format(scale))
            button.setMinimumSize(5 * GRID, 4 * GRID)
            self.buttons.addButton(button, scale)
            row.addWidget(button)
        self.buttons.idClicked.connect(self._choose)

    def watch(self) -> None:
        self._session.values_changed.connect(self._follow)
        self._follow()

    @Slot(int)
    def _choose(self, scale: int) -> None:
        self._session.change(replace(self._session.values, scale=scale))

    @Slot()
    def _follow(self) -> None:
        self.buttons.button(self._session.values.scale).setChecked(True)


class RepairValues(QWidget):
    """What is marked, a search for scratches, and how softly the repair fades in."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.marked, self.feather = MaskState(session), FeatherRow(session)
        self.find_scratches = JobButton(session, "scratches", self.tr("Find scratches"))
        self.find_scratches.setToolTip(self.tr("Marks thin scratches and dust for you to check"))
        column(self, self.marked, self.find_scratches, self.feather)

    def watch(self, jobs: Jobs) -> None:
        self.marked.watch()
        self.feather.watch()
        self.find_scratches.watch(jobs)
