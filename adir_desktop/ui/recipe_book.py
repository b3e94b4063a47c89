"""Whole recipes under a name: some that come with the program, and those that a person keeps."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from types import NoneType
from typing import Any, get_args

from PySide6.QtCore import QObject, Signal

from adir_desktop import places
from adir_desktop.contract import AdaptTo, LibraryInfo, Notice
from adir_desktop.errors import RequestError
from adir_desktop.searches import Filters
from adir_desktop.settings import write_table
from adir_desktop.tasks import SCALES, parse_kernel
from adir_desktop.ui.requests import Values
from adir_desktop.ui.values_json import values_from_json, values_to_json

FILE = "recipes.toml"
LONGEST = 60  # letters of a name
OPTIONAL: dict[str, tuple[type, ...]] = {  # of what kind a value is that may be left open
    "noise": (float, int),
    "guidance": (float, int),
    "steps": (int,),
    "neighbours": (int,),
    "iterations": (int,),
    "sampler": (str,),
}


@dataclass(frozen=True)
class NamedRecipe:
    """Values under a name. built_in: it came with the program, and stays."""

    name: str
    values: Values
    built_in: bool = False


class RecipeBook(QObject):
    """All recipes, the program's own first, then the person's by name; kept in one file.

    notice: what was wrong with the file, if something was; it is kept aside then.
    """

    changed = Signal()

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path or places.config_dir() / FILE
        self._own, self.notice = _load(self._path)

    @property
    def recipes(self) -> tuple[NamedRecipe, ...]:
        own = sorted(self._own, key=lambda recipe: recipe.name.casefold())
        return (*self._built_in(), *own)

    def find(self, name: str) -> NamedRecipe:
        """The recipe of that name, whatever its capitals.

        Raises:
            RequestError: there is none.
        """
        for recipe in self.recipes:
            if recipe.name.casefold() == name.strip().casefold():
                return recipe
        raise RequestError(f"There is no recipe '{name}'.", "Choose one of the list.")

    def save(self, name: str, values: Values) -> None:
        """Keeps these values under a new name, all but the filters, which belong to a person's libraries.

        Raises:
            RequestError: no name, too long, or one that is taken.
            AdirError: the file cannot be written; nothing has changed then.
        """
        name = self._new_name(name)
        self._replace((*self._own, NamedRecipe(name, replace(values, filters=Filters()))))

    def rename(self, old: str, new: str) -> None:
        """Gives one of the person's recipes another name; errors as in `save` and `remove`."""
        recipe = self._changeable(old)
        others = tuple(other for other in self._own if other != recipe)
        name = new.strip() if new.strip().casefold() == recipe.name.casefold() else self._new_name(new)
        self._replace((*others, replace(recipe, name=name)))

    def remove(self, name: str) -> None:
        """Forgets one of the person's recipes.

        Raises:
            RequestError: there is none of that name, or it is the program's own.
            AdirError: the file cannot be written; nothing has changed then.
        """
        recipe = self._changeable(name)
        self._replace(tuple(other for other in self._own if other != recipe))

    def _built_in(self) -> tuple[NamedRecipe, ...]:
        """Sensible beginnings; sigma of the noise in 0..255 units."""
        rows = (
            (self.tr("Enlarge a phone picture"), Values(task="upscale", scale=4, noise=5.0)),
            (
                self.tr("Old family print"),
                Values(task="old", blurred=True, kernel="gaussian:1", noise=8.0, feather=2.0),
            ),
            (self.tr("Grainy indoor shot"), Values(task="denoise", noise=25.0)),
            (self.tr("Shaken by hand"), Values(task="deblur", kernel="motion:15:0", noise=2.0)),
            (self.tr("Out of focus"), Values(task="deblur", kernel="gaussian:2.5", noise=2.0)),
            (self.tr("Black-and-white photo"), Values(task="colorize")),
        )
        return tuple(NamedRecipe(name, values, built_in=True) for name, values in rows)

    def _changeable(self, name: str) -> NamedRecipe:
        recipe = self.find(name)
        if recipe.built_in:
            raise RequestError(f"'{recipe.name}' came with the program.", "Save the values as your own.")
        return recipe

    def _new_name(self, name: str) -> str:
        name = " ".join(name.split())
        if not name or len(name) > LONGEST:
            raise RequestError(
                "A recipe needs a name.", f"Give it one of up to {LONGEST} letters, such as Grandma's album."
            )
        if any(recipe.name.casefold() == name.casefold() for recipe in self.recipes):
            raise RequestError(
                f"There is a recipe '{name}' already.", "Choose another name, or delete that one first."
            )
        return name

    def _replace(self, own: tuple[NamedRecipe, ...]) -> None:
        _save(own, self._path)
        self._own = own
        self.changed.emit()


def applied(recipe: NamedRecipe, current: Values, libraries: tuple[LibraryInfo, ...]) -> Values:
    """The values to work with: what a recipe leaves open, or names that are gone, stays as it is; filters do too.

    The program's own recipes know nothing of this photo's fading, nor of libraries, presets and seeds.
    """
    values = recipe.values
    if recipe.built_in:
        return replace(
            values,
            fading=current.fading,
            adapt=current.adapt,
            sources=current.sources,
            filters=current.filters,
            presets=current.presets,
            baseline=current.baseline,
            prior=current.prior,
            recipe=current.recipe,
            seed=current.seed,
            seed_locked=current.seed_locked,
        )
    known = {library.name for library in libraries}
    sources = tuple(source for source in values.sources if source.library in known)
    return replace(values, sources=sources or current.sources, filters=current.filters)


def to_table(values: Values) -> dict[str, Any]:
    """As TOML has it: what is left open is left out."""
    table = values_to_json(values)
    return {name: value for name, value in table.items() if value is not None and name != "filters"}


def from_table(table: dict[str, Any]) -> Values:
    """The values of a table; keys that this version does not know are ignored.

    Raises:
        ValueError: a value that is none of that name's.
    """
    values = values_from_json(table)
    if values.scale not in SCALES or values.adapt not in get_args(AdaptTo):
        raise ValueError(f"there is no scale {values.scale} or no adapting to {values.adapt}")
    for name, kinds in OPTIONAL.items():
        if type(getattr(values, name)) not in (*kinds, NoneType):
            raise ValueError(f"{name} is damaged")
    try:
        parse_kernel(values.kernel)
    except RequestError as error:
        raise ValueError(str(error)) from error
    return values


def _load(path: Path) -> tuple[tuple[NamedRecipe, ...], Notice | None]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        rows = table.get("recipe", [])
        return tuple(NamedRecipe(str(row["name"]), from_table(row["values"])) for row in rows), None
    except FileNotFoundError:
        return (), None
    except (ValueError, TypeError, KeyError, AttributeError, OSError) as error:
        return (), _set_aside(path, error)


def _set_aside(path: Path, error: Exception) -> Notice:
    aside = path.with_name(path.name + ".bad")
    try:
        path.replace(aside)
    except OSError:
        return Notice(f"The recipes in {path} cannot be read ({error}).", "The program's own are there.")
    return Notice(
        f"The file of your recipes was damaged ({error}).", f"It is kept as {aside}; save them anew."
    )


def _save(own: tuple[NamedRecipe, ...], path: Path) -> None:
    rows = [{"name": recipe.name, "values": to_table(recipe.values)} for recipe in own]
    write_table(path, {"recipe": rows})
