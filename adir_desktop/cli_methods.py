"""`adir methods`: what can restore, what each costs, and what it can be told."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from adir_desktop.cli_options import Json
from adir_desktop.cli_output import Output
from adir_desktop.contract import Option

if TYPE_CHECKING:
    from adir_desktop.engine.samplers import SamplerRow


def methods(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="One method, with all that it can be told.")
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Lists the methods of restoration (--sampler) and their options (--option)."""
    from adir_desktop.engine.samplers import SAMPLERS, find_sampler

    with Output(as_json=as_json) as output:
        rows = SAMPLERS if name is None else {name: find_sampler(name)}
        if as_json:
            output.record({"methods": [_told(key, row) for key, row in rows.items()]})
        elif name is None:
            heads = ("Name", "Title", "Evaluations, quick", "as published", "Options")
            output.table(heads, [_line(key, row) for key, row in rows.items()])
        else:
            row = rows[name]
            output.line(f"{row.title}. {row.hint}")
            output.line(f"Source: {row.source}")
            if row.guidance:
                output.line(f"--guidance is the paper's {row.guidance}.")
            columns = ("Option", "Values", "By the quick recipe", "What it does")
            output.table(columns, [(o.name, _span(o), o.default, o.hint) for o in row.offered()])


def _line(name: str, row: SamplerRow) -> tuple[object, ...]:
    quick, published = (
        row.evaluations(row.numbers(table, "upscale")) for table in (row.quick, row.published)
    )
    return name, row.title, quick, published, ", ".join(option.name for option in row.options)


def _span(option: Option) -> str:
    return " | ".join(option.choices) if option.choices else f"{option.low:g} to {option.high:g}"


def _told(name: str, row: SamplerRow) -> dict[str, Any]:
    return {
        "name": name,
        "title": row.title,
        "hint": row.hint,
        "source": row.source,
        "guidance": row.guidance,
        "adapts": row.adapts,
        "family": row.family,
        "options": [asdict(option) for option in row.offered()],
        "quick": {task: asdict(settings) for task, settings in row.quick.items()},
        "published": {task: asdict(settings) for task, settings in row.published.items()},
    }
