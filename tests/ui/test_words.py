"""Quantities, recipes and faults in words; and that a translator finds every one of them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from adir_desktop.contract import TASKS, AppliedPreset, Fading
from adir_desktop.tasks import parse_kernel
from adir_desktop.ui import words
from adir_desktop.ui.requests import Values


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (2, "a few seconds"),
        (48, "about 50 s"),
        (61, "about 1 min"),
        (600, "about 10 min"),
        (5400, "about 1.5 h"),
    ],
)
def test_times(seconds: float, text: str) -> None:
    assert words.duration(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (14_200_000, "14 MB"), (1_430_000_000, "1.4 GB")],
)
def test_sizes(count: int, text: str) -> None:
    assert words.bytes(count) == text


@pytest.mark.parametrize(("share", "text"), [(0, "0 %"), (0.012, "1.2 %"), (0.5, "50 %"), (1, "100 %")])
def test_shares(share: float, text: str) -> None:
    assert words.percent(share) == text


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (Values(), "Enlarge ×4 · quick"),
        (Values(adapt="neighbours"), "Enlarge ×4 · adapted to similar photos · quick"),
        (Values(task="denoise", noise=12.5, adapt="self"), "Clean · noise 12.5 · adapted to the photo itself · quick"),
        (Values(task="deblur", kernel="motion:9:-30", recipe="paper"), "Sharpen · movement of 9 pixels at -30° · as in the paper"),
        (
            Values(task="old", blurred=True, fading=Fading((1, 1, 1), (0, 0, 0)), noise=8.0, colourless=True),
            "Old print · even blur of 5 pixels · fading · noise 8 · colour · quick",
        ),
        (Values(adapt="preset", presets=(AppliedPreset(Path("/p/beach.safetensors")),)), "Enlarge ×4 · with the preset beach · quick"),
        (
            Values(adapt="preset", presets=(AppliedPreset(Path("/p/a.x")), AppliedPreset(Path("/p/b.x"), 0.45))),
            "Enlarge ×4 · with the presets a, b 45 % · quick",
        ),
        (Values(task="inpaint", samples=4), "Repair · quick · 4 samples"),
        (Values(task="inpaint", samples=4, average=True), "Repair · quick · average of 4"),
    ],
)  # fmt: skip
def test_recipes(values: Values, text: str) -> None:
    assert words.recipe_words(values) == text


@pytest.mark.parametrize(
    ("gain", "offset", "text"),
    [
        ((0.6, 0.6, 0.6), (0.0, 0.0, 0.0), "contrast 60 %"),
        ((0.7, 0.65, 0.5), (0.1, 0.1, 0.1), "contrast 62 %, yellow cast, greyish blacks"),
        ((0.9, 0.7, 0.7), (0.0, 0.0, 0.0), "contrast 77 %, red cast"),
        ((0.8, 0.8, 0.8), (0.0, 0.0, 0.1), "contrast 80 %, blue cast"),
        ((0.8, 0.7, 0.8), (0.0, 0.0, 0.0), "contrast 77 %, magenta cast"),
    ],
)
def test_fading(gain: tuple[float, float, float], offset: tuple[float, float, float], text: str) -> None:
    assert words.fading_words(Fading(gain, offset)) == text


def test_every_task_stage_and_kernel_has_words() -> None:
    for task in TASKS:
        says = words.task_words(task)
        assert all((says.title, says.hint, says.term))
    assert words.stage_words("sample") == "Restoring"
    assert words.stage_words("polish") == "Polish"
    for text in ("box:5", "gaussian:2", "motion:9:45", "shake:61:0.5:0", "file:/a/psf.png"):
        assert words.kernel_words(parse_kernel(text))


def test_a_translator_finds_every_text() -> None:
    """Each call of `translate` and `tr` has literals, which is all that lupdate reads."""
    folder = Path(words.__file__).parent
    for path in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name == "tr":  # "self" tells lupdate the class
                assert _literal(node.args[0]), f"{path.name}:{node.lineno}"
                assert isinstance(node.func, ast.Attribute), f"{path.name}:{node.lineno}"
            if name == "translate" and path.name != "remarks.py" and _literal(node.args[0]):
                assert all(map(_literal, node.args)), f"{path.name}:{node.lineno}"


def _literal(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
