"""The evaluation: pictures, cells, workers, reports; it goes on where it was left."""

from __future__ import annotations

import os
import statistics
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from adir_desktop.contract import Event, Notice
from adir_desktop.engine.device import pick_device
from adir_desktop.engine.evaluation import measures, reports
from adir_desktop.engine.evaluation.cells import DONE, UNSUPPORTED, Cell, Common, observed_path, read
from adir_desktop.engine.evaluation.methods import FROM_LIBRARY, Method, methods
from adir_desktop.engine.evaluation.planning import Evaluation, Planner
from adir_desktop.engine.evaluation.protocols import Protocol, Trial, find_protocol, trials
from adir_desktop.engine.evaluation.subjects import photo_files
from adir_desktop.engine.evaluation.summary import Results, Row
from adir_desktop.engine.evaluation.workers import here, side_by_side, worker_count
from adir_desktop.engine.pace import Pace
from adir_desktop.engine.priors import pick_precision, settled_name
from adir_desktop.engine.record import versions
from adir_desktop.errors import BadInput, LibraryError, RequestError, explain
from adir_desktop.interrupt import clock

MOST_SEEDS = 100
MOST_WORKERS = 256


@dataclass(frozen=True)
class Evaluated:
    """How it ended. worked: pictures made or measured now; kept: those of an earlier run. failed: rows that
    have none.
    """

    reports: reports.Written
    rows: tuple[Row, ...]
    worked: int
    kept: int

    @property
    def failed(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.status not in (DONE, UNSUPPORTED))


def evaluate(asked: Evaluation) -> Generator[Event, None, Evaluated]:
    """Restores every photo by every method for every task and seed, measures, and writes the reports.

    A picture whose inputs have not changed since an earlier run is kept. A restoration that fails is
    noted in the results, and the evaluation goes on. Closed at any moment it leaves whole files behind,
    and the next run goes on from there.

    Raises:
        AdirError: what cannot be done at all, said before the first restoration.
    """
    protocol = find_protocol(asked.recipe)
    chosen = methods(asked.methods or protocol.methods, asked.retrieval)
    wanted_trials = trials(asked.tasks or protocol.tasks, asked.side or protocol.side)
    files = photo_files(asked.folder, protocol.count if asked.count is None else asked.count)
    _check(asked, chosen)
    _make_folder(asked.out)
    common = _common(asked, protocol)
    plan = yield from Planner(asked, protocol, common, chosen, wanted_trials).plan(files)
    wanted, missing = measures.wanted(luma=asked.luma)
    records = {cell: read(cell) for cell in plan.cells}
    pending = [cell for cell, record in records.items() if not _complete(record, wanted)]
    kept = len(plan.cells) - len(pending)
    if kept:
        yield Notice(f"{kept} of {len(plan.cells)} pictures are there from an earlier run and are kept.")
    yield from _worked(pending, wanted, worker_count(asked.workers, common.device, pending), records)
    rows = [_row(cell, record) for cell, record in records.items() if record] + plan.unsupported
    about = _about(asked, protocol, common, len(files))
    results = Results(about, tuple(rows), wanted_trials, chosen, tuple(wanted), missing, plan.left_out)
    return Evaluated(reports.write(asked.out, results), tuple(rows), len(pending), kept)


def _check(asked: Evaluation, chosen: Sequence[Method]) -> None:
    if not asked.seeds or len(set(asked.seeds)) != len(asked.seeds) or len(asked.seeds) > MOST_SEEDS:
        raise RequestError("These seeds cannot be used.", f"Give 1 to {MOST_SEEDS} different numbers.")
    if min(asked.seeds) < 0 or max(asked.seeds) >= 2**63:
        raise RequestError("A seed is out of range.", "Give whole numbers from 0 on.")
    if asked.count is not None and asked.count < 0:
        raise RequestError(f"{asked.count} photos cannot be evaluated.", "Give a number from 0, for all, on.")
    if asked.workers is not None and not 1 <= asked.workers <= MOST_WORKERS:
        raise RequestError(f"{asked.workers} workers cannot be used.", f"Choose 1 to {MOST_WORKERS}.")
    ways = {method.adapt for method in chosen}
    needing = ways & set(FROM_LIBRARY) - ({"neighbours"} if asked.album else set())
    if needing and not asked.sources:
        raise LibraryError(
            f"Adapting to photos of a library ({', '.join(sorted(needing))}) needs one.",
            "Give --library, or --album to take the other parts of each photo.",
        )
    if asked.album and "neighbours" not in ways:
        raise RequestError(
            "No method adapts to the album.", "Name one that does, such as ADIR or diffpir+neighbours."
        )


def _make_folder(out: Path) -> None:
    """Raises BadInput, StorageError: nothing can be written there."""
    if out.exists() and not out.is_dir():
        raise BadInput(f"{out} is no folder.", "Give a folder for the results.")
    try:
        (out / "cells").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explain(error) from error
    if not os.access(out / "cells", os.W_OK):
        raise BadInput(f"The folder {out} cannot be written to.", "Choose another folder.")


def _common(asked: Evaluation, protocol: Protocol) -> Common:
    """The device and the precision are settled once, so that every worker has the same."""
    device = pick_device(asked.device)
    precision = str(pick_precision(asked.precision, device)).removeprefix("torch.")
    name = settled_name(asked.prior)
    return Common(asked.out.absolute(), protocol.recipe, name, device.type, precision, asked.luma)


def _complete(record: dict[str, Any] | None, wanted: Sequence[str]) -> bool:
    return record is not None and all(name in record["measures"] for name in wanted)


def _worked(
    pending: Sequence[Cell], wanted: Sequence[str], count: int, records: dict[Cell, dict[str, Any] | None]
) -> Generator[Event, None, None]:
    """Does the work, and tells how far it is."""
    if not pending:
        return
    start, pace = clock(), Pace("evaluate", len(pending))
    left = Counter(map(_kind, pending))
    took: dict[tuple[Trial, str], list[float]] = {}
    done = 0
    yield pace.at(0)
    work = here(pending, wanted) if count == 1 else side_by_side(pending, wanted, count)
    with closing(work):
        for answer in work:
            if answer is not None:
                cell, record = answer
                records[cell] = record
                took.setdefault(_kind(cell), []).append(float(record.get("spent", 0.0)))
                left[_kind(cell)] -= 1
                done += 1
                if record["status"] != DONE:
                    yield Notice(f"{_named(cell)} failed: {record['message']}", record["remedy"])
            if answer is not None or pace.due():
                yield replace(pace.at(done), seconds=clock() - start, eta=_eta(left, took, count))


def _eta(
    left: Mapping[tuple[Trial, str], int], took: Mapping[tuple[Trial, str], Sequence[float]], count: int
) -> float | None:
    """Seconds: a method takes as long as it took before at the same task, else as all took on average."""
    every = [seconds for times in took.values() for seconds in times]
    if not every:
        return None
    usual = statistics.fmean(every)
    each = {kind: statistics.fmean(took[kind]) if kind in took else usual for kind in left}
    return sum(number * each[kind] for kind, number in left.items()) / count


def _kind(cell: Cell) -> tuple[Trial, str]:
    return cell.trial, cell.method.spelling


def _named(cell: Cell) -> str:
    return f"{cell.subject.name}, {cell.trial.label}, {cell.method.name}, seed {cell.seed}"


def _row(cell: Cell, record: dict[str, Any]) -> Row:
    return Row(
        cell.subject.name,
        cell.trial,
        cell.method,
        cell.seed,
        record["status"],
        record.get("message", ""),
        record["measures"],
        {
            **record,
            "file": cell.picture,
            "clean": cell.subject.clean,
            "observed": observed_path(cell.common, cell.subject, cell.trial),
        },
    )


def _about(asked: Evaluation, protocol: Protocol, common: Common, files: int) -> dict[str, Any]:
    """How it was done, for the head of the reports."""
    return {
        "protocol": f"{asked.recipe}: {protocol.title}",
        "folder": asked.folder.name,
        "photos": files,
        "squares": "cut from the middle"
        if protocol.fit == "crop"
        else "the middle square, reduced by antialiased bicubic",
        "album": "each photo's other parts are its library" if asked.album else "",
        "libraries": ", ".join(source.library for source in asked.sources),
        "seeds": ", ".join(map(str, asked.seeds)),
        "prior": asked.prior,
        "device": common.device,
        "precision": common.precision,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": ", ".join(f"{name} {version}" for name, version in versions().items()),
    }
