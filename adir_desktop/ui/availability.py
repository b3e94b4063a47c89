"""When each action can be used: switched on and off with what is possible."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, Slot

from adir_desktop.ui.actions import MODES, OVERLAYS, TOOLS, Actions
from adir_desktop.ui.context import Context
from adir_desktop.ui.jobs import STOPPABLE
from adir_desktop.ui.requests import MASKED

MASK_ACTIONS = ("clear", "invert", "grow", "shrink", "load_mask", "save_mask", "scratches", "hide_mask")


class Availability(QObject):
    """Follows every model; knows no widget."""

    def __init__(self, context: Context, actions: Actions) -> None:
        super().__init__(context)
        self._context, self._actions = context, actions
        self.last_session = False  # there is an earlier session to be brought back

    def watch(self) -> None:
        """Subscribes to all that makes an action possible or not."""
        context = self._context
        for signal in (
            context.session.photo_changed,
            context.session.values_changed,
            context.session.result_changed,
            context.session.engine_changed,
            context.tools.changed,
            context.showing.changed,
            context.jobs.changed,
            context.runs.changed,
            context.desk.changed,
        ):
            signal.connect(self.follow)
        context.session.mask_changed.connect(self._new_mask)
        self.follow()

    @Slot()
    def follow(self) -> None:
        """Brings all actions in line."""
        for name, on in (self._of_photo() | self._of_mask() | self._of_runs()).items():
            self._actions[name].setEnabled(on)
        context = self._context
        self._actions[context.tools.tool.value].setChecked(True)
        self._actions["hide_mask"].setChecked(context.tools.hidden)
        self._actions["compare"].setChecked(context.showing.against_baseline)
        for name, mode in MODES.items():
            self._actions[name].setChecked(context.showing.mode is mode)
        for name, overlay in OVERLAYS.items():
            self._actions[name].setChecked(context.showing.overlay is overlay)

    def _of_photo(self) -> dict[str, bool]:
        session, showing = self._context.session, self._context.showing
        photo, restored = session.picture is not None, session.restored
        learnt = restored is not None and restored.restoration.preset is not None
        possible = {
            "save": restored is not None,
            "save_preset": learnt,
            "keep_preset": learnt,
            "helped": learnt and not self._context.jobs.has("helped"),
            "again": restored is not None,
            "bring_back": self.last_session,
            "update": session.library is not None,
            "find": photo and session.library is not None,
            "compare": restored is not None and restored.baseline is not None,
        }
        possible |= dict.fromkeys(("hand", "fit", "actual", "zoom_in", "zoom_out", "copy", "close"), photo)
        possible |= dict.fromkeys(MODES, restored is not None)
        possible |= {name: showing.has(overlay) for name, overlay in OVERLAYS.items()}
        many = len(self._context.desk.sheets) > 1
        return possible | {"next": many, "previous": many}

    def _of_mask(self) -> dict[str, bool]:
        session = self._context.session
        mask = session.mask if session.picture is not None and session.values.task in MASKED else None
        possible = dict.fromkeys((*TOOLS, "smaller", "larger", *MASK_ACTIONS), mask is not None)
        possible |= {
            "hand": session.picture is not None,
            "undo": mask is not None and mask.can_undo,
            "redo": mask is not None and mask.can_redo,
        }
        if mask is None or mask.empty:
            possible |= dict.fromkeys(("clear", "grow", "shrink", "save_mask"), False)
        return possible

    def _of_runs(self) -> dict[str, bool]:
        jobs, runs, session = self._context.jobs, self._context.runs, self._context.session
        running = runs.running
        mine = running is not None and running.sheet == session.photo_id
        self._actions["restore"].setText(self.tr("Stop &restoring") if mine else self.tr("&Restore"))
        return {
            "restore": session.picture is not None and not (mine and jobs.stopping),
            "queue": session.picture is not None,
            "stop": running is not None or jobs.has(*STOPPABLE),
            "pause": running is not None,
        }

    @Slot(QRect)
    def _new_mask(self, box: QRect) -> None:
        if box.isEmpty():
            self.follow()
