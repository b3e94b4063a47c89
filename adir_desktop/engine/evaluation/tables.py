"""Tables of an evaluation as text: means of every measure, what adapting gains, and what they leave open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from adir_desktop.engine import metrics_learnt
from adir_desktop.engine.evaluation.cells import DONE, FAILED, UNSUPPORTED
from adir_desktop.engine.evaluation.measures import FID, MEASURES
from adir_desktop.engine.evaluation.methods import Method
from adir_desktop.engine.evaluation.protocols import Trial
from adir_desktop.engine.evaluation.summary import Gain, Mean, Results, Row, best, gain, summarise


@dataclass(frozen=True)
class Table:
    """One table of text: heads, and cells with whether they are the best of their column."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[tuple[str, bool], ...], ...]


def shown(mean: Mean | None, digits: int) -> str:
    """Mean and standard error, as tables have them."""
    if mean is None:
        return "–"
    error = "" if mean.error is None else f" ± {mean.error:.{digits}f}"
    return f"{mean.value:.{digits}f}{error}"


def scores(results: Results, trial: Trial, fids: Mapping[tuple[Trial, str], float]) -> Table:
    """Methods down, measures across."""
    figures = results.figures(trial)
    tops = {name: best(means, name) for name, means in figures.items()}
    with_fid = any(of == trial for of, _ in fids)
    lowest = min((value for (of, _), value in fids.items() if of == trial), default=None)
    rows = []
    for method in results.tried(trial):
        cells = [(method.name, False)]
        cells += [
            (shown(means[method.name], MEASURES[name].digits), method.name in tops[name])
            for name, means in figures.items()
        ]
        if with_fid:
            value = fids.get((trial, method.spelling))
            cells.append(("–" if value is None else f"{value:.{FID.digits}f}", value == lowest))
        seconds = summarise(results.rows, trial, method, "seconds")
        cells += [("–" if seconds is None else f"{seconds.value:.1f}", False)]
        cells += [
            (_evaluations(results, trial, method), False),
            (str(_photos(results, trial, method)), False),
        ]
        rows.append(tuple(cells))
    heads = ["method", *(_head(name) for name in figures), *(["FID ↓"] if with_fid else [])]
    return Table(
        f"{trial.label}: {trial.row.title}, {trial.side} pixels",
        (*heads, "seconds", "evaluations", "photos"),
        tuple(rows),
    )


def _head(name: str) -> str:
    measure = MEASURES[name]
    return measure.title + {1: " ↑", -1: " ↓", 0: ""}[measure.better]


def _evaluations(results: Results, trial: Trial, method: Method) -> str:
    """Of the network: one number where all pictures took as many."""
    numbers = {row.evaluations for row in _of(results, trial, method) if row.evaluations is not None}
    return " to ".join(str(n) for n in sorted({min(numbers), max(numbers)})) if numbers else "–"


def _photos(results: Results, trial: Trial, method: Method) -> int:
    return len({row.photo for row in _of(results, trial, method) if row.status == DONE})


def _of(results: Results, trial: Trial, method: Method) -> list[Row]:
    return [row for row in results.rows if row.trial == trial and row.method.spelling == method.spelling]


def gains(results: Results) -> list[Table]:
    """What adapting adds, of all tasks in one table; none where nothing adapts."""
    rows = []
    names = [name for name in results.wanted if MEASURES[name].better]
    for trial in results.trials:
        for method in results.tried(trial):
            if method.baseline is not None:
                found = {name: gain(results.rows, trial, method, name) for name in names}
                if any(found.values()):
                    cells = [trial.label, method.name, *(_gained(found[name], name) for name in names)]
                    rows.append(tuple((cell, False) for cell in cells))
    if not rows:
        return []
    heads = ("task", "method", *(f"{MEASURES[name].title}: gain; better, worse" for name in names))
    return [
        Table("What adapting gains over the same seed without it; positive is better", heads, tuple(rows))
    ]


def _gained(found: Gain | None, name: str) -> str:
    if found is None:
        return "–"
    error = "" if found.mean.error is None else f" ± {found.mean.error:.{MEASURES[name].digits}f}"
    value = f"{found.mean.value:+.{MEASURES[name].digits}f}{error}"
    return f"{value}; {100 * found.improved:.0f} %, {100 * found.worse:.0f} %"


def fids_of(results: Results) -> dict[tuple[Trial, str], float]:
    """FID of every task and method that has pictures enough, seeds counted."""
    found = {}
    for trial in results.trials:
        for method in results.tried(trial):
            done = [row for row in _of(results, trial, method) if row.status == DONE]
            if done and not metrics_learnt.fid_missing(len(done)):
                pictures = {Path(row.about["file"]) for row in done}
                cleans = {Path(row.about["clean"]) for row in done}
                folder, clean = next(iter(pictures)).parent, next(iter(cleans)).parent
                if _exactly(folder, pictures) and _exactly(clean, cleans):
                    value, _ = metrics_learnt.fid(folder, clean, len(done))
                    if value is not None:
                        found[trial, method.spelling] = value
    return found


def _exactly(folder: Path, files: set[Path]) -> bool:
    """No picture of another evaluation lies there too."""
    return set(folder.glob("*.png")) == files


def remarks_of(results: Results, fids: Mapping[tuple[Trial, str], float]) -> list[str]:
    """What tables leave open, each once."""
    remarks = [
        "Mean ± standard error over photos, each the mean of its seeds; bold is the best of those that have all photos.",
        *(f"{MEASURES[name].title.split(',')[0]}: {MEASURES[name].explained}." for name in results.wanted),
        *(f"{MEASURES[name].title} is left out: {why}." for name, why in results.missing.items()),
    ]
    if not fids:
        most = max(
            (len(_of(results, t, m)) for t in results.trials for m in results.tried(t)),
            default=0,
        )
        remarks.append(
            f"FID is left out: {metrics_learnt.fid_missing(most) or 'the folder holds other pictures too'}."
        )
    remarks += [f"{method.name}: {method.described}." for method in results.methods]
    reasons = {
        (row.trial.label, row.method.name, row.message) for row in results.rows if row.status == UNSUPPORTED
    }
    remarks += [f"{task}, {method} is not tried: {why}" for task, method, why in sorted(reasons)]
    remarks += [
        f"{row.photo}, {row.trial.label}, {row.method.name}, seed {row.seed} failed: {row.message}"
        for row in results.rows
        if row.status == FAILED
    ]
    for photo, paths in results.left_out.items():
        remarks.append(f"Left out of the libraries as near-duplicates of {photo}: {_few(paths)}.")
    return remarks


def _few(paths: Sequence[str]) -> str:
    names = [Path(path).name for path in paths]
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
