"""Choices and neighbours survive JSON; damaged ones are refused."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import pytest
from scripted import found

from adir_desktop.contract import AppliedPreset, Fading, Source
from adir_desktop.searches import Filters
from adir_desktop.ui.requests import Values
from adir_desktop.ui.values_json import found_from_json, found_to_json, values_from_json, values_to_json

OTHERS = Values(
    task="old",
    scale=2,
    kernel="shake:61:0.537:2147483647",
    noise=3.5,
    blurred=True,
    colourless=True,
    fading=Fading((0.5, 0.6, 0.7), (0.1, 0.0, -0.1)),
    feather=4.0,
    adapt="neighbours",
    sources=(Source("Album", 2.5), Source("Öl & Bücher")),
    presets=(
        AppliedPreset(Path("/presets/a.safetensors"), -0.5),
        AppliedPreset(Path("/presets/b.safetensors")),
    ),
    baseline=True,
    prior="other",
    sampler="adir",
    options=(("zeta", 0.5), ("levels", 12), ("variant", "ddpm")),
    recipe="paper",
    steps=7,
    guidance=1.5,
    seed=99,
    seed_locked=False,
    samples=4,
    average=True,
    neighbours=5,
    iterations=11,
    filters=Filters(800, "CC BY", "/photos/Öl", "2019-05", "2020", frozenset({"ab", "12"})),
    prompt="a red kite",
    negative_prompt="rain",
)


def test_every_value_survives() -> None:
    first = Values()
    assert all(getattr(OTHERS, field.name) != getattr(first, field.name) for field in fields(Values))
    for values in (first, OTHERS):
        assert values_from_json(json.loads(json.dumps(values_to_json(values)))) == values


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("task", "cook"),
        ("task", 3),
        ("seed", "x"),
        ("baseline", 1.5),
        ("sources", [1]),
        ("presets", ["a"]),
        ("presets", [{"path": "a", "strength": None}]),
        ("presets", [{"path": "a", "strength": 9}]),
        ("presets", [{"path": "a", "strength": float("nan")}]),
        ("fading", {"gain": []}),
        ("filters", []),
        ("filters", {"min_side": "800"}),
        ("filters", {"min_side": True}),
        ("filters", {"min_side": -1}),
        ("filters", {"licence": None}),
        ("filters", {"exclude": "ab"}),
        ("filters", {"exclude": [1]}),
    ],
)
def test_damaged_values_are_refused(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"damaged|unpack"):
        values_from_json(values_to_json(Values()) | {name: value})


def test_tables_of_before_there_were_filters_have_none() -> None:
    table = values_to_json(OTHERS)
    del table["filters"]
    assert values_from_json(table) == replace(OTHERS, filters=Filters())


def test_unknown_names_are_ignored() -> None:
    assert values_from_json(values_to_json(OTHERS) | {"later": 1}) == OTHERS


def test_neighbours_survive_with_their_thumbnails_and_switches() -> None:
    items = found().items
    some = replace(found(), items=(replace(items[0], included=False, weight=2.0), *items[1:]))
    assert found_from_json(json.loads(json.dumps(found_to_json(some)))) == some
    assert found_from_json(None) is None
    with pytest.raises(ValueError, match="damaged"):
        found_from_json({"library": "a"})
