"""The menu of recipes: choosing, keeping, renaming and deleting, with the keys and the mouse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hosted_panel import LEFT, Bench, hosted
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from adir_desktop.contract import Source
from adir_desktop.ui.session import Values

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # the offscreen platform, of popups


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Bench:
    return hosted(qtbot, tmp_path)


def open_and(bench: Bench, act: Callable[[QMenu], None]) -> None:
    """Presses the button; the menu that opens is open while `act` runs."""
    QTest.mouseClick(bench.panel.recipes, LEFT)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    act(menu)
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()


def press(menu: QMenu, text: str) -> None:
    QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(entry(menu, text)).center())


def entry(menu: QMenu, text: str) -> QAction:
    return next(one for one in menu.actions() if one.text().replace("&&", "&") == text)


def test_a_built_in_recipe_sets_the_values_and_leaves_the_libraries(bench: Bench) -> None:
    bench.session.change(replace(bench.values, sources=(Source("Holidays", 2.0),), seed=9, steps=50))
    open_and(bench, lambda menu: press(menu, "Grainy indoor shot"))
    values = bench.values
    assert (values.task, values.noise, values.steps) == ("denoise", 25.0, None)
    assert (values.sources, values.seed, values.adapt) == ((Source("Holidays", 2.0),), 9, "neighbours")
    assert bench.panel.recipes.text() == "Recipe: Grainy indoor shot"


def test_the_button_names_the_recipe_only_while_it_is_one(bench: Bench) -> None:
    open_and(bench, lambda menu: press(menu, "Out of focus"))
    bench.session.change(replace(bench.values, noise=7.0))
    assert bench.panel.recipes.text() == "Recipes"
    open_and(bench, lambda menu: press(menu, "Out of focus"))
    assert bench.panel.recipes.text() == "Recipe: Out of focus"


def test_a_recipe_keeps_its_noise_also_where_the_last_task_had_the_same(bench: Bench) -> None:
    bench.book.save("Mine", Values(task="deblur", noise=25.0))
    bench.session.change(Values(task="denoise", noise=25.0))
    open_and(bench, lambda menu: press(menu, "Mine"))
    assert (bench.values.task, bench.values.noise) == ("deblur", 25.0)


def test_a_recipe_is_chosen_by_keys_alone(bench: Bench) -> None:
    def down_and_return(menu: QMenu) -> None:
        QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Return)

    open_and(bench, down_and_return)
    assert bench.values.task == "old"
    assert bench.panel.recipes.text() == "Recipe: Old family print"


def test_the_values_of_the_moment_are_kept_and_come_back(bench: Bench, qtbot: QtBot) -> None:
    mine = replace(bench.values, task="deblur", kernel="shake:61:0.53:7", steps=33, noise=1.0)
    bench.session.change(mine)
    with qtbot.waitSignal(bench.panel.recipes.name_wanted) as asked:
        open_and(bench, lambda menu: press(menu, "&Save these values as …"))
    assert asked.args == ["Sharpen"]
    bench.panel.recipes.save_as("Night & rain")
    assert bench.panel.recipes.text() == "Recipe: Night & rain"
    bench.session.change(Values())
    open_and(bench, lambda menu: press(menu, "Night & rain"))
    assert bench.values == mine


def test_what_is_a_recipe_already_is_not_saved_again(bench: Bench) -> None:
    seen = []
    open_and(bench, lambda menu: press(menu, "Shaken by hand"))
    open_and(bench, lambda menu: seen.append(entry(menu, "&Save these values as …").isEnabled()))
    bench.session.change(replace(bench.values, steps=5))
    open_and(bench, lambda menu: seen.append(entry(menu, "&Save these values as …").isEnabled()))
    assert seen == [False, True]


def test_only_own_recipes_are_renamed_and_deleted(bench: Bench, qtbot: QtBot) -> None:
    def submenu(title: str) -> Callable[[QMenu], None]:
        def act(menu: QMenu) -> None:
            part = entry(menu, title).menu()
            assert [one.text() for one in part.actions()] == ["Album …"]
            part.actions()[0].trigger()

        return act

    bench.book.save("Album", Values(task="colorize", feather=3.0))
    with qtbot.waitSignal(bench.panel.recipes.rename_wanted) as asked:
        open_and(bench, submenu("&Rename"))
    bench.panel.recipes.rename(asked.args[0], "Attic")
    assert "Attic" in {recipe.name for recipe in bench.book.recipes}
    bench.panel.recipes.rename("Attic", "Album")
    with qtbot.waitSignal(bench.panel.recipes.remove_wanted) as asked:
        open_and(bench, submenu("&Delete"))
    bench.panel.recipes.remove(asked.args[0])
    assert all(recipe.built_in for recipe in bench.book.recipes)


def test_a_name_that_is_taken_is_refused_in_words(bench: Bench, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bench.panel.recipes.refused) as refused:
        bench.panel.recipes.save_as("old FAMILY print")
    assert "already" in refused.args[0].problem
