"""The verbs of the window, by what they are about."""

from __future__ import annotations

from PySide6.QtCore import QObject

from adir_desktop.ui.context import Context
from adir_desktop.ui.library_commands import LibraryCommands
from adir_desktop.ui.mask_commands import MaskCommands
from adir_desktop.ui.photo_commands import PhotoCommands
from adir_desktop.ui.result_commands import ResultCommands
from adir_desktop.ui.run_commands import RunCommands
from adir_desktop.ui.session_commands import SessionCommands
from adir_desktop.ui.store_commands import StoreCommands
from adir_desktop.ui.value_commands import ValueCommands


class Commands(QObject):
    """One object for each kind of thing a person works with."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._context = context
        self.photos = PhotoCommands(context)
        self.runs = RunCommands(context)
        self.results = ResultCommands(context)
        self.libraries = LibraryCommands(context)
        self.masks = MaskCommands(context)
        self.store = StoreCommands(context)
        self.values = ValueCommands(context)
        self.sessions = SessionCommands(context)
        self.sessions.show_wanted.connect(self.photos.show)
        context.desk.wanting.connect(self.results.show)

    def warm(self) -> None:
        """Loads the engine, so that the first restoration does not have to."""
        self._context.jobs.start("warm", self._context.engine.warm)
        self.store.refresh()
