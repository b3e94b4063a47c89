"""Translations: complete, with every placeholder, compiled, and spoken by the real window."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import adir_desktop
from adir_desktop import places
from adir_desktop.engine.priors import PRIORS
from adir_desktop.engine.recipes import RECIPES
from adir_desktop.engine.samplers import SAMPLERS
from adir_desktop.settings import Settings, save
from adir_desktop.ui import language, remarks

UI = Path(adir_desktop.__file__).parent / "ui"
TOOLS = Path(sys.executable).parent
CODES = tuple(code for code in language.available() if code != "en")
HOLES = re.compile(r"\{\d*\}")


def run(tool: str, *arguments: str) -> None:
    subprocess.run([str(TOOLS / tool), *arguments], check=True, capture_output=True, timeout=60)


def texts(path: Path) -> dict[tuple[str, str], ET.Element]:
    """(context, source) -> its message."""
    return {
        (context.findtext("name") or "", message.findtext("source") or ""): message
        for context in ET.parse(path).getroot().iter("context")
        for message in context.iter("message")
    }


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], ET.Element]:
    """Every text that the window can show, as Qt's own tool finds them."""
    path = tmp_path_factory.mktemp("texts") / "all.ts"
    run("pyside6-lupdate", *map(str, sorted(UI.glob("*.py"))), "-ts", str(path))
    return texts(path)


def test_every_text_belongs_to_a_class_or_a_named_context(
    spoken: dict[tuple[str, str], ET.Element],
) -> None:
    nameless = [source for context, source in spoken if not context]
    assert not nameless, "self.tr(...) in a class, or translate(context, ...), or the tool loses them"


def test_there_is_one_language_beside_english() -> None:
    assert "de" in CODES


@pytest.mark.parametrize("code", CODES)
def test_it_is_complete(code: str, spoken: dict[tuple[str, str], ET.Element]) -> None:
    known = texts(places.resource("i18n", f"adir_{code}.ts"))
    missing = [key for key in spoken if key not in known]
    assert not missing
    for key in spoken:
        translation = known[key].find("translation")
        assert translation is not None
        assert translation.get("type") is None, key
        assert translation.text, key
        assert sorted(HOLES.findall(key[1])) == sorted(HOLES.findall(translation.text)), key


@pytest.mark.parametrize("code", CODES)
def test_what_is_compiled_is_what_was_translated(code: str, tmp_path: Path) -> None:
    run("pyside6-lrelease", str(places.resource("i18n", f"adir_{code}.ts")), "-qm", str(tmp_path / "new.qm"))
    assert (tmp_path / "new.qm").read_bytes() == places.resource("i18n", f"adir_{code}.qm").read_bytes()


def test_the_window_speaks_german(home: Path) -> None:
    save(Settings(language="de"))
    script = """
from adir_desktop.ui import app
app.application()
window = app.open_window(app.real_engine())
print(window.panel.tasks.button(0).text(), window.menuBar().actions()[0].text(), sep="|")
window.close()
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "Vergrößern|&Datei"


def test_a_language_nobody_translated_falls_back_to_english() -> None:
    from PySide6.QtCore import QCoreApplication

    app = QCoreApplication.instance()
    assert app is not None
    assert language.install(app, "tlh") == "en"


def test_the_engines_words_are_those_that_it_says() -> None:
    """A text that the engine does not say any more would be translated for nobody."""
    said = {
        node.value
        for path in Path(adir_desktop.__file__).parent.rglob("*.py")
        if path.name != "remarks.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert [text for text in remarks.TEXTS if text not in said] == []


def test_all_choices_of_the_engine_can_be_translated() -> None:
    for table in (RECIPES, SAMPLERS, PRIORS):
        for row in table.values():
            assert {row.title, row.hint} <= set(remarks.TEXTS)
    for sampler in SAMPLERS.values():
        for option in sampler.options:
            assert {option.title, option.hint, *option.ends} <= set(remarks.TEXTS)
    choices = {choice for row in SAMPLERS.values() for option in row.options for choice in option.choices}
    assert set(remarks.CHOICES) == choices


def test_a_message_is_never_half_in_one_language() -> None:
    assert remarks.said_both("It is 5 o'clock.", "Choose other photos.") == (
        "It is 5 o'clock.",
        "Choose other photos.",
    )
