"""The menu of whole recipes at the panel's top."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from adir_desktop.errors import AdirError
from adir_desktop.ui import words
from adir_desktop.ui.recipe_book import NamedRecipe, RecipeBook, applied
from adir_desktop.ui.session import Session

LOOK = "QPushButton { text-align: left; padding: 6px 10px; }"  # as the lists below it look


class RecipeMenu(QPushButton):
    """Chooses a recipe, keeps the values of the moment as one, renames and deletes."""

    name_wanted = Signal(str)  # for the values of the moment, with a suggestion; answer with `save_as`
    rename_wanted = Signal(str)  # a recipe's name; answer with `rename`
    remove_wanted = Signal(str)  # a recipe's name; answer with `remove`
    refused = Signal(object)  # an AdirError: nothing has changed

    def __init__(self, session: Session, book: RecipeBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._book = session, book
        self.setStyleSheet(LOOK)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(self.tr("Whole recipes: all values at once"))
        self.setAccessibleName(self.tr("Recipes"))
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self.setMenu(self._menu)
        self._rename, self._delete = QMenu(self.tr("&Rename"), self), QMenu(self.tr("&Delete"), self)
        self._menu.aboutToShow.connect(self._fill)

    def watch(self) -> None:
        """Follows the values and the book."""
        self._session.values_changed.connect(self._follow)
        self._book.changed.connect(self._follow)
        self._follow()

    @Slot(str)
    def save_as(self, name: str) -> None:
        """Keeps the values of the moment."""
        self._try(partial(self._book.save, name, self._session.values))

    def rename(self, old: str, new: str) -> None:
        self._try(partial(self._book.rename, old, new))

    @Slot(str)
    def remove(self, name: str) -> None:
        self._try(partial(self._book.remove, name))

    def _try(self, change: Callable[[], None]) -> None:
        try:
            change()
        except AdirError as error:
            self.refused.emit(error)

    @property
    def _current(self) -> NamedRecipe | None:
        """The recipe that the values of the moment are, if they are one."""
        values, libraries = self._session.values, self._session.libraries
        for recipe in self._book.recipes:
            if applied(recipe, values, libraries) == values:
                return recipe
        return None

    @Slot()
    def _follow(self) -> None:
        current = self._current
        self.setText(self.tr("Recipe: {0}").format(current.name) if current else self.tr("Recipes"))

    @Slot()
    def _fill(self) -> None:
        menu, current = self._menu, self._current
        menu.clear()
        for built_in in (True, False):
            for recipe in self._book.recipes:
                if recipe.built_in is built_in:
                    action = self._add(menu, _plain(recipe.name), partial(self._apply, recipe))
                    action.setToolTip(words.recipe_words(recipe.values))
                    action.setCheckable(True)
                    action.setChecked(recipe == current)
            menu.addSeparator()
        self._add(menu, self.tr("&Save these values as …"), self._ask_name).setEnabled(current is None)
        own = [recipe.name for recipe in self._book.recipes if not recipe.built_in]
        for part, signal in ((self._rename, self.rename_wanted), (self._delete, self.remove_wanted)):
            part.clear()
            part.setEnabled(bool(own))
            for name in own:
                self._add(part, self.tr("{0} …").format(_plain(name)), partial(signal.emit, name))
            menu.addMenu(part)

    def _add(self, menu: QMenu, text: str, run: Callable[[], None]) -> QAction:
        action = menu.addAction(text)
        action.triggered.connect(partial(_call, run))
        return action

    def _apply(self, recipe: NamedRecipe) -> None:
        """The task goes first: values that were another task's are no guess for it."""
        values = applied(recipe, self._session.values, self._session.libraries)
        self._session.change(replace(self._session.values, task=values.task))
        self._session.change(values)

    def _ask_name(self) -> None:
        self.name_wanted.emit(words.task_words(self._session.values.task).title)


def _plain(name: str) -> str:
    """A name in a menu: its ampersands are no shortcuts."""
    return name.replace("&", "&&")


def _call(run: Callable[[], None], *_checked: bool) -> None:
    """Qt tells a slot whether the action is checked, if the slot would listen."""
    run()
