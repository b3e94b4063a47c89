"""Values that need a question: files, and the names of recipes."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from adir_desktop import places
from adir_desktop.ui.context import Context
from adir_desktop.ui.recipe_menu import RecipeMenu
from adir_desktop.ui.requests import chosen_too


class ValueCommands(QObject):
    """What the recipe panel cannot ask by itself."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._context = context

    @Slot()
    def choose_preset(self) -> None:
        """Takes a preset file for this photo."""
        session = self._context.session
        answer = self._context.dialogs.open_preset(str(places.data_dir() / "presets"))
        if answer is not None:
            chosen = chosen_too(session.values.presets, answer)
            session.change(replace(session.values, presets=chosen, adapt="preset"))

    @Slot()
    def choose_kernel(self) -> None:
        """Takes a picture of the blur."""
        session = self._context.session
        answer = self._context.dialogs.open_kernel(self._context.settings.open_folder)
        if answer is not None:
            session.change(replace(session.values, kernel=f"file:{answer}"))

    @Slot()
    def choose_filter_folder(self) -> None:
        """Takes a folder in which similar photos have to lie."""
        session = self._context.session
        filters = session.values.filters
        answer = self._context.dialogs.open_folder(filters.folder or self._context.settings.library_folder)
        if answer is not None:
            session.change(replace(session.values, filters=replace(filters, folder=str(answer))))

    def name_recipe(self, menu: RecipeMenu, suggestion: str) -> None:
        """Keeps the values of the moment under a name."""
        name = self._context.dialogs.name(self.tr("What should this recipe be called?"), suggestion)
        if name is not None:
            menu.save_as(name)

    def rename_recipe(self, menu: RecipeMenu, old: str) -> None:
        name = self._context.dialogs.name(self.tr("What should this recipe be called?"), old)
        if name is not None and name != old:
            menu.rename(old, name)

    def remove_recipe(self, menu: RecipeMenu, name: str) -> None:
        """Asks before a recipe is deleted."""
        question = self.tr("Delete the recipe {0}?").format(name)
        if self._context.dialogs.confirm(question, "", self.tr("Delete")):
            menu.remove(name)
