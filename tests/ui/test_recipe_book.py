"""The book of recipes: what is kept comes back, damaged files are set aside, names are unique."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from adir_desktop import places
from adir_desktop.contract import AppliedPreset, Fading, LibraryInfo, Source
from adir_desktop.errors import AdirError, RequestError
from adir_desktop.ui.recipe_book import NamedRecipe, RecipeBook, applied
from adir_desktop.ui.requests import Values, request_for

FULL = Values(
    task="old",
    scale=8,
    kernel="motion:9:-30",
    noise=12.5,
    blurred=True,
    colourless=True,
    fading=Fading((0.7, 0.6, 0.5), (0.1, 0.1, 0.0)),
    feather=2.5,
    adapt="preset",
    sources=(Source("Holidays", 2.0), Source("Album")),
    presets=(AppliedPreset(Path("/presets/beach.safetensors"), 0.5),),
    baseline=True,
    prior="large",
    sampler="adir",
    options=(("zeta", 0.5), ("levels", 12), ("variant", "ddpm")),
    recipe="paper",
    steps=50,
    guidance=3.5,
    seed=7,
    seed_locked=False,
    samples=4,
    average=True,
    neighbours=5,
    iterations=80,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new folder" / "recipes.toml"


def own(book: RecipeBook) -> list[str]:
    return [recipe.name for recipe in book.recipes if not recipe.built_in]


@pytest.mark.parametrize("values", [Values(), FULL], ids=["defaults", "everything set"])
def test_what_is_kept_comes_back_unchanged(path: Path, values: Values, qtbot: QtBot) -> None:
    book = RecipeBook(path)
    with qtbot.waitSignal(book.changed):
        book.save("  Grandma's   album ", values)
    again = RecipeBook(path)
    assert again.notice is None
    assert again.find("grandma's ALBUM") == NamedRecipe("Grandma's album", values)


def test_by_default_it_lies_beside_the_settings() -> None:
    RecipeBook().save("Mine", Values())
    assert "Mine" in (places.config_dir() / "recipes.toml").read_text(encoding="utf-8")


def test_the_programs_own_come_first_and_make_requests(path: Path, grey_photo: object) -> None:
    book = RecipeBook(path)
    book.save("Aardvark", Values())
    flags = [recipe.built_in for recipe in book.recipes]
    assert flags == sorted(flags, reverse=True)
    assert sum(flags) >= 5
    assert len({recipe.name.casefold() for recipe in book.recipes}) == len(flags)
    for recipe in book.recipes:
        assert request_for(grey_photo, recipe.values).task == recipe.values.task


@pytest.fixture
def grey_photo() -> object:
    import numpy as np

    from adir_desktop.contract import Photo

    return Photo(np.full((8, 8, 3), 0.5, np.float32))


def test_names_are_unique_whatever_their_capitals(path: Path) -> None:
    book = RecipeBook(path)
    book.save("Album", Values())
    for taken in ("ALBUM", " album ", book.recipes[0].name.upper()):
        with pytest.raises(RequestError, match="already"):
            book.save(taken, Values())
    for bad in ("", "   ", "x" * 61):
        with pytest.raises(RequestError, match="name"):
            book.save(bad, Values())
    assert own(book) == ["Album"]


def test_renaming_and_removing_last(path: Path) -> None:
    book = RecipeBook(path)
    book.save("Album", FULL)
    book.save("Attic", Values())
    book.rename("Album", "ALBUM")  # other capitals of its own name
    book.rename("ALBUM", "Zoo")
    with pytest.raises(RequestError, match="already"):
        book.rename("Zoo", "attic")
    assert own(RecipeBook(path)) == ["Attic", "Zoo"]
    book.remove("Zoo")
    assert own(RecipeBook(path)) == ["Attic"]
    with pytest.raises(RequestError, match="no recipe"):
        book.remove("Zoo")


def test_the_programs_own_can_neither_be_renamed_nor_removed(path: Path) -> None:
    book = RecipeBook(path)
    name = book.recipes[0].name
    with pytest.raises(RequestError, match="came with"):
        book.remove(name)
    with pytest.raises(RequestError, match="came with"):
        book.rename(name, "Mine")


@pytest.mark.parametrize(
    "text",
    [
        "not = [toml",
        "recipe = 5",
        "[[recipe]]\nname = 'x'",
        "[[recipe]]\nname = 'x'\n[recipe.values]\ntask = 'fly'",
        "[[recipe]]\nname = 'x'\n[recipe.values]\nscale = 3",
        "[[recipe]]\nname = 'x'\n[recipe.values]\nnoise = 'loud'",
        "[[recipe]]\nname = 'x'\n[recipe.values]\nsteps = 2.5",
        "[[recipe]]\nname = 'x'\n[recipe.values]\nkernel = 'box:4'",
        "[[recipe]]\nname = 'x'\n[recipe.values]\nadapt = 'all'",
        "[[recipe]]\nname = 'x'\n[recipe.values]\nfading = {gain = [1.0], offset = []}",
        "[[recipe]]\nname = 'x'\n[recipe.values]\nsources = [{library = 'a'}]",
    ],
)
def test_a_damaged_file_is_set_aside_and_told(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    book = RecipeBook(path)
    assert own(book) == []
    assert "damaged" in book.notice.message
    assert path.with_name("recipes.toml.bad").read_text(encoding="utf-8") == text
    book.save("Mine", Values())
    assert own(RecipeBook(path)) == ["Mine"]


def test_values_of_a_later_version_are_ignored(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("[[recipe]]\nname = 'x'\n[recipe.values]\nsteps = 5\nwings = 2\n", encoding="utf-8")
    assert RecipeBook(path).find("x").values == Values(steps=5)


def test_what_cannot_be_written_leaves_the_book_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    book = RecipeBook(tmp_path / "file" / "recipes.toml")
    with pytest.raises(AdirError, match="folder"):
        book.save("Mine", Values())
    assert own(book) == []


def test_the_file_is_plain_toml_without_what_was_left_open(path: Path) -> None:
    RecipeBook(path).save("Mine", Values(noise=3.0))
    (row,) = tomllib.loads(path.read_text(encoding="utf-8"))["recipe"]
    assert row["name"] == "Mine"
    assert row["values"]["noise"] == 3.0
    assert "steps" not in row["values"]


def test_an_own_recipe_brings_its_libraries_where_they_are_still_there() -> None:
    album = LibraryInfo("Album", (), "starter", 1, 1, "")
    recipe, current = NamedRecipe("x", FULL), Values(sources=(Source("Now"),))
    assert applied(recipe, current, (album,)).sources == (Source("Album"),)
    assert applied(recipe, current, ()).sources == (Source("Now"),)


def test_the_programs_own_leave_alone_what_is_the_persons() -> None:
    current = replace(FULL, task="upscale")
    values = applied(NamedRecipe("x", Values(task="denoise", noise=25.0), built_in=True), current, ())
    assert (values.task, values.noise, values.steps, values.samples) == ("denoise", 25.0, None, 1)
    for name in ("adapt", "sources", "presets", "prior", "recipe", "seed", "seed_locked", "fading"):
        assert getattr(values, name) == getattr(current, name)
