"""The menu bar, made of the window's actions."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMainWindow, QMenu

from adir_desktop.ui.actions import MODES, OVERLAYS, TOOLS, Actions
from adir_desktop.ui.context import Context
from adir_desktop.ui.photo_commands import PhotoCommands


class Menus(QObject):
    """Fills the menu bar of a window, and its list of recent photos when it is opened."""

    def __init__(
        self, window: QMainWindow, actions: Actions, context: Context, photos: PhotoCommands
    ) -> None:
        super().__init__(window)
        self._context, self._photos = context, photos
        self._recent = QMenu(self.tr("Open &recent"), window)
        self._recent.setToolTipsVisible(True)
        self._recent.aboutToShow.connect(self._fill_recent)
        for title, names in self._table():
            menu = window.menuBar().addMenu(title)
            for name in names:
                if name == "recent":
                    menu.addMenu(self._recent)
                elif name:
                    menu.addAction(actions[name])
                else:
                    menu.addSeparator()

    def _table(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Titles and names of actions; an empty name parts two groups."""
        file = ("open", "recent", "paste", "batch", "", "save", "save_preset", "keep_preset")
        mask = ("invert", "grow", "shrink", "clear", "scratches", "load_mask", "save_mask", "hide_mask")
        views = ("fit", "actual", "zoom_in", "zoom_out", "", "compare", *MODES, "", *OVERLAYS)
        runs = ("restore", "queue", "again", "helped", "", "pause", "stop", "", "next", "previous")
        return (
            (self.tr("&File"), (*file, "", "bring_back", "close", "", "settings", "quit")),
            (self.tr("&Edit"), ("undo", "redo", "copy", "", *TOOLS, "smaller", "larger", "", *mask)),
            (self.tr("&View"), views),
            (self.tr("&Restoring"), runs),
            (
                self.tr("&Library"),
                ("find", "", "add_folder", "open_library", "update", "libraries", "", "presets"),
            ),
            (self.tr("&Models"), ("models", "release")),
            (self.tr("&Help"), ("shortcuts", "diagnostics", "", "about")),
        )

    @Slot()
    def _fill_recent(self) -> None:
        self._recent.clear()
        for name in self._context.settings.recent:
            action = self._recent.addAction(Path(name).name)
            action.setToolTip(name)
            action.triggered.connect(partial(self._open, Path(name)))
        if self._recent.isEmpty():
            self._recent.addAction(self.tr("Nothing yet")).setEnabled(False)

    def _open(self, path: Path, *_checked: bool) -> None:
        self._photos.open(path)
