"""index.html: one file with tables, curves and pictures inside, so that it can be mailed."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from adir_desktop.engine.evaluation.curves import chart, mean_curve
from adir_desktop.engine.evaluation.measures import MEASURES
from adir_desktop.engine.evaluation.protocols import Trial
from adir_desktop.engine.evaluation.summary import Results, Row
from adir_desktop.engine.evaluation.tables import Table
from adir_desktop.engine.photos import open_photo, thumbnail

THUMBNAIL = 192  # pixels a side
BUDGET = 12 * 2**20  # bytes of pictures; a page of this size still fits into a mail
MOST_PHOTOS = 4  # of a task that are shown
MOST_ROWS = 5000  # of single results; more are in the CSV alone
STYLE = """
:root { color-scheme: light dark; --line: #8884; --best: #2a7f3f22 }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; font-variant-numeric: tabular-nums }
th, td { padding: .2rem .7rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap }
th:first-child, td:first-child { text-align: left }
td.best { font-weight: 700; background: var(--best) }
.wide { overflow-x: auto }
.charts { display: flex; flex-wrap: wrap; gap: 1rem }
svg { width: 32rem; max-width: 100%; font: 11px system-ui, sans-serif; fill: currentColor }
svg .title { font-weight: 600; font-size: 13px }
svg .grid { stroke: var(--line); fill: none }
.pictures { display: flex; gap: .5rem; overflow-x: auto; margin-bottom: .75rem }
figure { margin: 0; text-align: center; font-size: 12px }
img { width: 192px; height: 192px; object-fit: contain; image-rendering: pixelated; display: block }
"""


def html(results: Results, tables: Sequence[Table], remarks: Sequence[str]) -> str:
    """The whole page. Nothing in it is fetched from anywhere."""
    album = _Album()
    parts = [
        "<h1>Results</h1><table>",
        *(
            f"<tr><td>{escape(name)}</td><td>{escape(str(value))}</td></tr>"
            for name, value in results.about.items()
            if value != ""
        ),
        "</table>",
        *map(_table, tables),
    ]
    for trial in results.trials:
        parts += [f"<h2>{escape(trial.label)}</h2>", _curves(results, trial), *album.of(results, trial)]
    if album.left_out:
        parts.append("<p>Further pictures are in the folder; this page is kept small.</p>")
    parts += ["<h2>Remarks</h2><ul>", *(f"<li>{escape(remark)}</li>" for remark in remarks), "</ul>"]
    parts.append(_every(results))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Results</title>'
        '<meta name="viewport" content="width=device-width">'
        f"<style>{STYLE}</style></head><body>\n{chr(10).join(parts)}\n</body></html>\n"
    )


def _table(table: Table) -> str:
    heads = "".join(f"<th>{escape(head)}</th>" for head in table.heads)
    rows = "".join(f"<tr>{''.join(_cell(text, top=top) for text, top in row)}</tr>" for row in table.rows)
    return f'<h2>{escape(table.title)}</h2><div class="wide"><table><tr>{heads}</tr>{rows}</table></div>'


def _cell(text: str, *, top: bool) -> str:
    return f'<td class="best">{escape(text)}</td>' if top else f"<td>{escape(text)}</td>"


def _curves(results: Results, trial: Trial) -> str:
    """Agreement and quality of x0 along sampling, the mean over photos and seeds."""
    consistency, quality = {}, {}
    for method in results.tried(trial):
        rows = [r for r in results.rows if r.trial == trial and r.method.spelling == method.spelling]
        curves = [row.about.get("curve") or [] for row in rows]
        evaluations = max((row.evaluations or 0 for row in rows), default=0)
        if evaluations:
            consistency[method.name] = [(evaluations * s, v) for s, v in mean_curve(curves, 1)]
            quality[method.name] = [(evaluations * s, v) for s, v in mean_curve(curves, 2)]
    charts = [
        chart(
            "Agreement with the photo along sampling", "evaluations", "misfit of x0", consistency, log_y=True
        ),
        chart("Quality along sampling", "evaluations", "PSNR of x0, dB", quality),
    ]
    return f'<div class="charts">{"".join(charts)}</div>'


class _Album:
    """Pictures as JPEG inside the page, until they weigh too much."""

    def __init__(self) -> None:
        self._weight = 0
        self.left_out = False

    def of(self, results: Results, trial: Trial) -> Iterator[str]:
        """A line of pictures for each of the first photos: clean, damaged, and one of each method."""
        by_photo: dict[str, dict[str, Row]] = {}
        for row in results.rows:
            if row.trial == trial and "file" in row.about and row.measures:
                by_photo.setdefault(row.photo, {}).setdefault(row.method.name, row)
        self.left_out |= len(by_photo) > MOST_PHOTOS
        for photo, rows in list(by_photo.items())[:MOST_PHOTOS]:
            one = next(iter(rows.values()))
            shown = {"clean": one.about["clean"], "damaged": one.about["observed"]}
            shown |= {name: row.about["file"] for name, row in rows.items()}
            line = "".join(self._figure(name, path, rows.get(name)) for name, path in shown.items())
            if self._weight + len(line) > BUDGET:
                self.left_out = True
                return
            self._weight += len(line)
            yield f'<h3>{escape(photo)}</h3><div class="pictures">{line}</div>'

    @staticmethod
    def _figure(name: str, path: Path, row: Row | None) -> str:
        data = base64.b64encode(thumbnail(open_photo(path), THUMBNAIL)).decode()
        psnr = row.measures.get("psnr") if row else None
        words = name if psnr is None else f"{name}, {psnr:.2f} dB"
        return f'<figure><img src="data:image/jpeg;base64,{data}" alt="{escape(name, quote=True)}">{escape(words)}</figure>'


def _every(results: Results) -> str:
    """Every single result, as the CSV has them."""
    heads = "".join(
        f"<th>{escape(text)}</th>"
        for text in ("photo", "task", "method", "seed", *(MEASURES[name].title for name in results.wanted))
    )
    rows = []
    for row in results.rows[:MOST_ROWS]:
        values = (row.measures.get(name) for name in results.wanted)
        numbers = ["" if value is None else f"{value:.6g}" for value in values]
        texts = [row.photo, row.trial.label, row.method.name, str(row.seed), *numbers]
        rows.append("<tr>" + "".join(_cell(text, top=False) for text in texts) + "</tr>")
    more = "" if len(results.rows) <= MOST_ROWS else f" The first {MOST_ROWS} are here, all in results.csv."
    return (
        f'<details><summary>Every single result.{more}</summary><div class="wide"><table><tr>{heads}</tr>'
        f"{''.join(rows)}</table></div></details>"
    )
