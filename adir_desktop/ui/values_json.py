"""What a person chose and what was found, as JSON and back: for the session that outlives a crash."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from adir_desktop.contract import STRENGTHS, TASKS, AppliedPreset, Fading, Neighbour, NeighbourSet, Source
from adir_desktop.searches import Filters
from adir_desktop.ui.requests import Chosen, Values


def values_to_json(values: Values) -> dict[str, Any]:
    """JSON-able; paths as text."""
    table = asdict(values)
    presets = [{"path": str(each.path), "strength": each.strength} for each in values.presets]
    filters = table["filters"] | {"exclude": sorted(values.filters.exclude)}
    return table | {"presets": presets, "filters": filters}


def values_from_json(table: Mapping[str, Any]) -> Values:
    """The values of `values_to_json`; names that this version does not know are left out.

    Raises:
        ValueError: a value has another type than it should.
    """
    first = Values()
    known: dict[str, Any] = {"filters": _filters(table.get("filters", {}))}
    for field in fields(Values):
        if field.name in known:
            continue
        default = getattr(first, field.name)
        value = table.get(field.name, default)
        if default is not None and not isinstance(value, _kinds(default)):
            raise ValueError(f"{field.name} is damaged")
        known[field.name] = value
    if known["task"] not in TASKS:
        raise ValueError("the task is damaged")
    try:
        known["sources"] = tuple(
            Source(str(one["library"]), float(one["weight"])) for one in known["sources"]
        )
        known["fading"] = _fading(known["fading"])
        known["options"] = _options(known["options"])
        known["presets"] = _presets(table)
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise ValueError("the values are damaged") from error
    return Values(**known)


def found_to_json(found: NeighbourSet | None) -> dict[str, Any] | None:
    """With thumbnails, so that the gallery is there at once."""
    if found is None:
        return None
    items = [
        asdict(item) | {"path": str(item.path), "thumbnail": base64.b64encode(item.thumbnail).decode("ascii")}
        for item in found.items
    ]
    return {"library": found.library, "encoder": found.encoder, "query": found.query, "items": items}


def found_from_json(table: Mapping[str, Any] | None) -> NeighbourSet | None:
    """Raises ValueError: it is damaged."""
    if table is None:
        return None
    try:
        items = tuple(
            Neighbour(
                **{
                    **item,
                    "path": Path(item["path"]),
                    "thumbnail": base64.b64decode(item["thumbnail"], validate=True),
                }
            )
            for item in table["items"]
        )
        return NeighbourSet(str(table["library"]), str(table["encoder"]), str(table["query"]), items)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("the similar photos are damaged") from error


def _filters(table: Any) -> Filters:
    """Tables of before there were filters have none."""
    if not isinstance(table, dict):
        raise ValueError("the filters are damaged")  # noqa: TRY004  # one kind of error: a damaged file
    known: dict[str, Any] = {}
    for field in fields(Filters):
        if field.name == "exclude":
            continue
        value = known[field.name] = table.get(field.name, field.default)
        if type(value) is not type(field.default):
            raise ValueError(f"the filter {field.name} is damaged")
    exclude = table.get("exclude", [])
    if known["min_side"] < 0 or not isinstance(exclude, list) or not all(type(one) is str for one in exclude):
        raise ValueError("the filters are damaged")
    return Filters(**known, exclude=frozenset(exclude))


def _kinds(default: object) -> tuple[type, ...]:
    if isinstance(default, bool):
        return (bool,)
    if isinstance(default, float):
        return (int, float)
    return (list, tuple) if isinstance(default, tuple) else (type(default),)


def _options(rows: Any) -> Chosen:
    options = tuple((str(name), value) for name, value in rows)
    if not all(type(value) in (int, float, str) for _, value in options):
        raise ValueError("an option is damaged")
    return options


def _presets(table: Mapping[str, Any]) -> tuple[AppliedPreset, ...]:
    """Tables of before presets had strengths name at most one."""
    if "presets" not in table and table.get("preset"):
        return (AppliedPreset(Path(table["preset"])),)
    presets = tuple(
        AppliedPreset(Path(row["path"]), float(row["strength"])) for row in table.get("presets", ())
    )
    if not all(STRENGTHS[0] <= each.strength <= STRENGTHS[1] for each in presets):
        raise ValueError("a preset's strength is damaged")
    return presets


def _fading(table: Any) -> Fading | None:
    if table is None:
        return None
    red, green, blue = (float(value) for value in table["gain"])
    dark = tuple(float(value) for value in table["offset"])
    return Fading((red, green, blue), (dark[0], dark[1], dark[2]))
