"""The icon themes are those of the icons, and an icon follows light and dark."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from adir_desktop import places
from adir_desktop.ui import theme

ROOT = Path(__file__).parents[2]
NAMES = sorted(path.stem for path in places.resource("icons").glob("*.svg"))


def test_both_themes_are_made_of_the_icons() -> None:
    out = places.resource("icon_themes")
    made = runpy.run_path(str(ROOT / "packaging" / "icons.py"))["themed"](out)
    there = {path: path.read_text(encoding="utf-8") for path in out.rglob("*") if path.is_file()}
    assert there == made, "run: python packaging/icons.py"


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_is_drawn_in_the_colour_of_the_theme(name: str, qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    icon = theme.icon(name)
    for scheme, colours in (("light", theme.LIGHT), ("dark", theme.DARK)):
        theme.apply(qapp, scheme)
        image = icon.pixmap(QSize(48, 48)).toImage()
        solid = {
            image.pixelColor(x, y).name()
            for x in range(image.width())
            for y in range(image.height())
            if image.pixelColor(x, y).alpha() == 255
        }
        assert solid, f"{name} is empty"
        if "currentColor" in places.resource("icons", f"{name}.svg").read_text(encoding="utf-8"):
            assert QColor(colours["text"]).name() in solid
    theme.apply(qapp)
