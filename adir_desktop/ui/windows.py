"""The windows beside the main one: made when they are first wanted, then kept; none of them is modal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QDialog

from adir_desktop.settings import Settings
from adir_desktop.ui import environment, language, theme
from adir_desktop.ui.about_dialog import AboutDialog
from adir_desktop.ui.commands import Commands
from adir_desktop.ui.context import Context
from adir_desktop.ui.libraries_dialog import LibrariesDialog
from adir_desktop.ui.models_dialog import ModelsDialog
from adir_desktop.ui.presets_dialog import PresetsDialog
from adir_desktop.ui.settings_dialog import SettingsDialog
from adir_desktop.ui.shortcuts_dialog import ShortcutsDialog

if TYPE_CHECKING:
    from adir_desktop.ui.main_window import MainWindow


class Windows(QObject):
    """Opens each once, and brings it to the front when it is asked for again."""

    def __init__(self, window: MainWindow, context: Context, commands: Commands) -> None:
        super().__init__(window)
        self._window, self._context, self._commands = window, context, commands
        self._open: dict[str, QDialog] = {}

    def shown(self, name: str) -> QDialog:
        """One that was opened before."""
        return self._open[name]

    def close(self) -> None:
        """All of them."""
        for dialog in self._open.values():
            dialog.close()

    @Slot()
    def libraries(self) -> None:
        self._show("libraries", self._make_libraries)
        self._commands.store.models.refresh()  # encoders are among them

    @Slot()
    def presets(self) -> None:
        self._show("presets", self._make_presets)
        self._commands.store.refresh()

    @Slot()
    def models(self) -> None:
        self._show("models", self._make_models)
        self._commands.store.refresh()

    @Slot()
    def settings(self) -> None:
        self._show("settings", self._make_settings)

    @Slot()
    def shortcuts(self) -> None:
        self._show("shortcuts", lambda: ShortcutsDialog(self._window.actions_by_name.sheet(), self._window))

    @Slot()
    def about(self) -> None:
        self._show("about", self._make_about)
        self._commands.store.refresh()

    def _show(self, name: str, make: Callable[[], QDialog]) -> None:
        if name not in self._open:
            self._open[name] = make()
        dialog = self._open[name]
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def _make_libraries(self) -> QDialog:
        libraries, jobs = self._commands.libraries, self._context.jobs
        dialog = LibrariesDialog(self._context.session, self._window)
        dialog.watch(jobs, self._context.stock)
        dialog.add_wanted.connect(libraries.add_folder_with)
        dialog.open_wanted.connect(libraries.open_library)
        dialog.update_wanted.connect(libraries.update)
        dialog.remove_wanted.connect(libraries.remove)
        dialog.stop_wanted.connect(partial(jobs.stop, "index"))
        libraries.updating.connect(dialog.model.expect)
        return dialog

    def _make_presets(self) -> QDialog:
        store = self._commands.store
        dialog = PresetsDialog(self._context.session, self._context.stock, self._window)
        dialog.watch()
        dialog.rename_wanted.connect(store.rename_preset)
        dialog.export_wanted.connect(store.export_preset)
        dialog.import_wanted.connect(store.import_preset)
        dialog.base_question.chosen.connect(store.import_for)
        store.base_wanted.connect(dialog.base_question.ask_for)
        dialog.delete_wanted.connect(store.remove_preset)
        return dialog

    def _make_models(self) -> QDialog:
        models = self._commands.store.models
        dialog = ModelsDialog(self._context.stock, self._window)
        dialog.watch(self._context.jobs)
        dialog.verify_wanted.connect(models.verify)
        dialog.remove_wanted.connect(models.remove)
        dialog.folder_wanted.connect(self._choose_models_folder)
        dialog.move_wanted.connect(models.move)
        dialog.stop_wanted.connect(models.stop)
        dialog.import_wanted.connect(models.choose_import)
        dialog.take_in_wanted.connect(models.take_in)
        strip = dialog.strip
        strip.get_wanted.connect(models.fetch)
        strip.pause_wanted.connect(models.pause)
        strip.cancel_wanted.connect(models.cancel)
        strip.use_wanted.connect(models.use_cached)
        models.chosen.connect(dialog.ask_about_import)
        models.moved.connect(self._remember_models_folder)
        return dialog

    def _make_settings(self) -> QDialog:
        languages = tuple((code, language.NAMES[code]) for code in language.available())
        dialog = SettingsDialog(self._context.settings, languages, self._window)
        dialog.changed.connect(self._change)
        dialog.folder_wanted.connect(self._choose_models_folder)
        self._context.settings_changed.connect(lambda: dialog.show_values(self._context.settings))
        return dialog

    def _make_about(self) -> QDialog:
        dialog = AboutDialog(self._context.stock, self._window)
        dialog.watch()
        return dialog

    @Slot()
    def _choose_models_folder(self) -> None:
        """Models that are installed later lie there."""
        folder = self._context.dialogs.open_folder(self._context.settings.models_folder)
        if folder is not None:
            self._change(replace(self._context.settings, models_folder=str(folder)))

    @Slot(object)
    def _remember_models_folder(self, folder: Path) -> None:
        """The models were copied there; once this is remembered the old ones go, and then the list comes anew."""
        settings = replace(self._context.settings, models_folder=str(folder))
        self._context.remember(settings)
        environment.tell(settings)

    @Slot(object)
    def _change(self, settings: Settings) -> None:
        """Takes settings over; all but the language take effect at once."""
        context, before = self._context, self._context.settings
        context.remember(settings)
        app = QApplication.instance()
        if settings.theme != before.theme and isinstance(app, QApplication):
            theme.apply(app, settings.theme)
        environment.tell(settings)
        if settings.models_folder != before.models_folder:
            self._commands.store.refresh()
        context.notifier.enabled = settings.notify
        context.keeper.on = settings.autosave
        context.session.device = settings.device
        context.session.values_changed.emit()  # what a restoration costs depends on the device
