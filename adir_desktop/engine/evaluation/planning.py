"""What an evaluation has to do: every photo, task, method and seed as a cell, with what it adapts to."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from adir_desktop.contract import Event, NeighbourSet, Request, Source
from adir_desktop.engine.evaluation.cells import (
    UNSUPPORTED,
    Cell,
    Common,
    Observed,
    observe,
    observed_path,
)
from adir_desktop.engine.evaluation.keys import key_of
from adir_desktop.engine.evaluation.methods import FROM_LIBRARY, INPUT, Method
from adir_desktop.engine.evaluation.protocols import Protocol, Trial
from adir_desktop.engine.evaluation.similar import Known, Pool, album_set
from adir_desktop.engine.evaluation.subjects import Subject, subjects
from adir_desktop.engine.evaluation.summary import Row
from adir_desktop.engine.pace import Pace
from adir_desktop.engine.photos import save_photo
from adir_desktop.engine.recipes import neighbour_count


@dataclass(frozen=True)
class Evaluation:
    """What is asked for; what is None or empty is the recipe's. recipe: a name of `PROTOCOLS`.

    sources: libraries to adapt to. retrieval: see `methods.methods`. album: every photo is cut into parts,
    one is restored and the others are its library. luma: PSNR of the luma is measured too.
    """

    folder: Path
    out: Path
    recipe: str = "quick"
    tasks: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    seeds: tuple[int, ...] = (0,)
    side: int | None = None
    count: int | None = None
    sources: tuple[Source, ...] = ()
    retrieval: tuple[str, ...] = ()
    album: bool = False
    workers: int | None = None
    prior: str = "starter"
    device: str = "auto"
    precision: str = "auto"
    luma: bool = False


@dataclass
class Plan:
    """The cells in the order of the work, and the rows of those that cannot be. left_out: by photo, the
    near-duplicates of it in the libraries.
    """

    cells: list[Cell] = field(default_factory=list)
    unsupported: list[Row] = field(default_factory=list)
    left_out: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Planner:
    """Makes a plan, and on the way the clean and the damaged pictures."""

    asked: Evaluation
    protocol: Protocol
    common: Common
    methods: Sequence[Method]
    trials: Sequence[Trial]

    def plan(self, files: Sequence[Path]) -> Generator[Event, None, Plan]:
        """Photo by photo, so that an evaluation broken off has all methods of some photos.

        Raises:
            BadInput: no photo can be used. LibraryError, ModelError: a library cannot be searched.
        """
        found = yield from self._subjects(files)
        pool = None
        if any(method.adapt in FROM_LIBRARY for method in self.methods) and self.asked.sources:
            pool = yield from Pool.of(self.asked.sources)
        plan, pace = Plan(), Pace("plan", len(files))
        for number, file in enumerate(files, start=1):
            for trial in self.trials:
                if (file, trial.side) in found:
                    yield from self._add(plan, trial, found[file, trial.side], pool)
                if pace.due():
                    yield pace.at(number)
        if pool is not None:
            plan.left_out = {name: sorted(paths) for name, paths in pool.left_out.items()}
        return plan

    def _subjects(self, files: Sequence[Path]) -> Generator[Event, None, dict[tuple[Path, int], Subject]]:
        """By photo and size."""
        found: dict[tuple[Path, int], Subject] = {}
        kind = "album" if self.asked.album else "clean"
        for side in dict.fromkeys(trial.side for trial in self.trials):
            folder = self.common.out / "pictures" / f"{kind}@{side}"
            squares = yield from subjects(files, side, self.protocol.fit, folder, album=self.asked.album)
            found |= {(subject.source, side): subject for subject in squares}
        return found

    def _add(
        self, plan: Plan, trial: Trial, subject: Subject, pool: Pool | None
    ) -> Generator[Event, None, None]:
        """The cells of one photo and task; the damaged photo is saved."""
        observed = observe(subject, trial)
        path = observed_path(self.common, subject, trial)
        path.parent.mkdir(parents=True, exist_ok=True)
        save_photo(observed.photo, path, overwrite=True)
        library = None if pool is None else _Library(pool, pool.known(observed.clean, subject.source))
        seeds = self.asked.seeds
        for method in self.methods:
            reason = method.row.supports(observed.degradation) if method.row else ""
            if reason:
                plan.unsupported.append(Row(subject.name, trial, method, seeds[0], UNSUPPORTED, reason))
                continue
            sets: dict[int, NeighbourSet | None] = {}
            for seed in seeds[:1] if method.sampler == INPUT else seeds:
                of = seed if method.adapt == "random" else seeds[0]  # the other ways know no chance
                if of not in sets:
                    sets[of] = yield from self._found(method, observed, subject, library, of)
                cell = Cell(self.common, subject, trial, method, seed, sets[of])
                plan.cells.append(replace(cell, key=key_of(cell, observed.degradation)))

    def _found(
        self, method: Method, observed: Observed, subject: Subject, library: _Library | None, seed: int
    ) -> Generator[Event, None, NeighbourSet | None]:
        """What a method adapts to; None where it needs nothing."""
        if method.adapt not in FROM_LIBRARY:
            return None
        photo, degradation = observed.photo, observed.degradation
        k = neighbour_count(Request(photo, "", degradation, recipe=self.common.recipe))
        if self.asked.album and method.adapt == "neighbours":
            return (yield from album_set(photo, subject.parts, k, subject.name))
        assert library is not None
        chance = (subject.seed + seed) % 2**63
        return (
            yield from library.pool.choose(
                method.adapt, photo, degradation, library.known, k, chance, subject.name
            )
        )


@dataclass(frozen=True, eq=False)
class _Library:
    """What a photo may adapt to, and how its own near-duplicates are known there."""

    pool: Pool
    known: Known
