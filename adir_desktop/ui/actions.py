"""Every action of the window: its name, shortcut, icon, and when it can be used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QRect, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from adir_desktop.ui.canvas import Canvas
from adir_desktop.ui.commands import STOPPABLE, Commands
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.session import Session
from adir_desktop.ui.theme import icon
from adir_desktop.ui.tools import Tool, Tools


@dataclass(frozen=True)
class Row:
    """One action of the table. shortcuts: the first is shown in menus and tooltips."""

    name: str
    title: str
    shortcuts: tuple[str, ...]
    icon: str
    run: Callable[[], object]


class Actions(QObject):
    """The actions by name; menus and toolbars are made of them."""

    def __init__(self, window: QWidget, session: Session, tools: Tools) -> None:
        super().__init__(window)
        self._window, self._session, self._tools = window, session, tools
        self._actions: dict[str, QAction] = {}

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def fill(self, commands: Commands, canvas: Canvas) -> None:
        """Makes them all."""
        self._add(self._file_rows(commands))
        self._add(self._edit_rows())
        self._add(self._view_rows(canvas))
        group = QActionGroup(self)
        for tool in Tool:
            action = self._actions[tool.value]
            action.setCheckable(True)
            group.addAction(action)
        compare = self._actions["compare"]
        compare.setCheckable(True)
        compare.toggled.connect(self._tools.compare_baseline)

    def watch(self, jobs: Jobs) -> None:
        """Switches them on and off with what is possible."""
        self._jobs = jobs
        for signal in (
            self._session.photo_changed,
            self._session.values_changed,
            self._session.result_changed,
            self._session.engine_changed,
            self._tools.changed,
            jobs.changed,
        ):
            signal.connect(self._follow)
        self._session.mask_changed.connect(self._new_mask)
        self._follow()

    def _file_rows(self, commands: Commands) -> tuple[Row, ...]:
        tr = self.tr
        return (
            Row("open", tr("&Open a photo …"), ("Ctrl+O",), "photo", commands.choose_photo),
            Row("restore", tr("&Restore"), ("Ctrl+Return", "Ctrl+Enter"), "", commands.restore),
            Row("stop", tr("S&top"), ("Esc",), "", commands.stop),
            Row("save", tr("&Save image …"), ("Ctrl+S",), "save", commands.save),
            Row("save_preset", tr("Save &preset …"), ("Ctrl+Shift+S",), "", commands.save_preset),
            Row("quit", tr("&Quit"), ("Ctrl+Q",), "", self._window.close),
            Row("add_folder", tr("&Add a folder …"), (), "folder", commands.add_folder),
            Row("update", tr("&Look for new photos"), (), "", commands.update_library),
            Row("find", tr("&Find similar photos"), ("Ctrl+F",), "search", commands.find),
        )

    def _edit_rows(self) -> tuple[Row, ...]:
        tr, tools = self.tr, self._tools
        return (
            Row("undo", tr("&Undo"), ("Ctrl+Z",), "undo", self._undo),
            Row("redo", tr("Re&do"), ("Ctrl+Shift+Z", "Ctrl+Y"), "redo", self._redo),
            Row("clear", tr("&Clear the mask"), (), "clear", self._clear),
            Row("invert", tr("&Invert the mask"), ("X",), "invert", self._invert),
            Row("hand", tr("&Hand"), ("H",), "hand", partial(tools.choose, Tool.HAND)),
            Row("brush", tr("&Brush"), ("B",), "brush", partial(tools.choose, Tool.BRUSH)),
            Row("eraser", tr("&Eraser"), ("E",), "eraser", partial(tools.choose, Tool.ERASER)),
            Row("smaller", tr("&Smaller brush"), ("[",), "", tools.smaller),
            Row("larger", tr("&Larger brush"), ("]",), "", tools.larger),
        )

    def _view_rows(self, canvas: Canvas) -> tuple[Row, ...]:
        tr = self.tr
        return (
            Row("fit", tr("&Whole photo"), ("0",), "fit", canvas.fit),
            Row("actual", tr("&100 %"), ("1",), "actual", canvas.actual_size),
            Row("zoom_in", tr("Zoom &in"), ("Ctrl++", "Ctrl+="), "", canvas.zoom_in),
            Row("zoom_out", tr("Zoom &out"), ("Ctrl+-",), "", canvas.zoom_out),
            Row("compare", tr("&Compare without adapting"), ("C",), "compare", lambda: None),
        )

    def _add(self, rows: tuple[Row, ...]) -> None:
        for row in rows:
            action = QAction(row.title, self)
            if row.icon:
                action.setIcon(icon(row.icon))
            action.setShortcuts([QKeySequence(keys) for keys in row.shortcuts])
            plain = row.title.replace("&", "").removesuffix(" …")
            action.setToolTip(f"{plain} ({row.shortcuts[0]})" if row.shortcuts else plain)
            action.triggered.connect(partial(_call, row.run))
            self._window.addAction(action)
            self._actions[row.name] = action

    @Slot(QRect)
    def _new_mask(self, box: QRect) -> None:
        if box.isEmpty():
            self._follow()

    @Slot()
    def _follow(self) -> None:
        session, restored = self._session, self._session.restored
        photo, repairing = session.picture is not None, session.values.task == "inpaint"
        mask = session.mask if photo and repairing else None
        possible = {
            "restore": photo and not self._jobs.stopping,
            "stop": self._jobs.has(*STOPPABLE),
            "save": restored is not None,
            "save_preset": restored is not None and restored.restoration.preset is not None,
            "update": session.library is not None,
            "find": photo and session.library is not None,
            "undo": mask is not None and mask.can_undo,
            "redo": mask is not None and mask.can_redo,
            "compare": restored is not None and restored.baseline is not None,
        }
        possible |= dict.fromkeys(("brush", "eraser", "smaller", "larger"), mask is not None)
        possible |= dict.fromkeys(("clear", "invert"), mask is not None)
        possible |= dict.fromkeys(("hand", "fit", "actual", "zoom_in", "zoom_out"), photo)
        for name, on in possible.items():
            self._actions[name].setEnabled(on)
        self._actions[self._tools.tool.value].setChecked(True)
        self._actions["compare"].setChecked(self._tools.against_baseline)
        self._actions["restore"].setText(
            self.tr("Stop &restoring") if self._jobs.has("restore") else self.tr("&Restore")
        )

    def _undo(self) -> None:
        if self._session.mask is not None:
            self._session.mask.undo()

    def _redo(self) -> None:
        if self._session.mask is not None:
            self._session.mask.redo()

    def _clear(self) -> None:
        if self._session.mask is not None:
            self._session.mask.clear()

    def _invert(self) -> None:
        if self._session.mask is not None:
            self._session.mask.invert()


def _call(what: Callable[[], object], *_checked: bool) -> None:
    """Qt tells a slot whether the action is checked, if the slot would listen."""
    what()
