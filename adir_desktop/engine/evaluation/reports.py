"""What an evaluation leaves behind: results.csv, results.md and index.html."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from adir_desktop.engine.evaluation import page
from adir_desktop.engine.evaluation.measures import MEASURES
from adir_desktop.engine.evaluation.summary import Results
from adir_desktop.engine.evaluation.tables import Table, fids_of, gains, remarks_of, scores
from adir_desktop.files import write_atomic

CSV = ("photo", "task", "size", "method", "sampler", "adapt", "seed", "status", "message")
AFTER = ("seconds", "evaluations", "strength")


@dataclass(frozen=True)
class Written:
    """The files of the results."""

    csv: Path
    table: Path
    page: Path


def write(out: Path, results: Results) -> Written:
    """Writes the three files, each whole or not at all.

    Raises:
        StorageError: the disk is full or read-only.
    """
    written = Written(out / "results.csv", out / "results.md", out / "index.html")
    fids = fids_of(results)
    tables = [*(scores(results, trial, fids) for trial in results.trials), *gains(results)]
    remarks = remarks_of(results, fids)
    write_atomic(written.csv, _csv(results).encode())
    write_atomic(written.table, _markdown(results, tables, remarks).encode())
    write_atomic(written.page, page.html(results, tables, remarks).encode())
    return written


def _csv(results: Results) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*CSV, *MEASURES, *AFTER])
    for row in results.rows:
        writer.writerow(
            [
                *(row.photo, row.trial.name, row.trial.side, row.method.name, row.method.sampler),
                *(row.method.adapt, row.seed, row.status, row.message),
                *(_number(row.measures.get(name)) for name in MEASURES),
                *(_number(row.about.get(name)) for name in AFTER),
            ]
        )
    return stream.getvalue()


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def _markdown(results: Results, tables: Sequence[Table], remarks: Sequence[str]) -> str:
    lines = ["# Results", ""]
    lines += [f"- {name}: {value}" for name, value in results.about.items() if value != ""]
    for table in tables:
        lines += ["", f"## {table.title}", "", _line(table.heads), _line(["---"] * len(table.heads))]
        lines += [_line([f"**{text}**" if top else text for text, top in row]) for row in table.rows]
    lines += ["", "## Remarks", "", *(f"- {remark}" for remark in remarks), ""]
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
