"""The benchmark as a job: every part of every prior, one after the other."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import partial

from adir_desktop.contract import Event, Notice
from adir_desktop.engine.bench.laps import QUICK, Effort
from adir_desktop.engine.bench.parts import PARTS
from adir_desktop.engine.bench.report import Machine, Measured, Report, Timing, machine
from adir_desktop.engine.bench.worker import Order, measure_apart
from adir_desktop.engine.device import pick_device
from adir_desktop.engine.pace import Pace
from adir_desktop.engine.priors import family, load_prior, offered, pick_precision, settled_name
from adir_desktop.engine.recipes import find_recipe
from adir_desktop.errors import AdirError, RequestError

SIZES = range(32, 2048 + 1, 32)  # pixels a side: whole features at every level of the known networks


@dataclass(frozen=True)
class BenchSettings:
    """priors, parts: all there are where none is named. size: pixels a side. quick: two rounds of each part.

    recipe: whose adaptation is timed, and whose jobs the times are reckoned up for.
    """

    priors: Sequence[str] = ()
    parts: Sequence[str] = ()
    size: int = 256
    recipe: str = "quick"
    device: str = "auto"
    precision: str = "auto"
    quick: bool = False


def bench(settings: BenchSettings) -> Generator[Event, None, Report]:
    """Times the priors on this machine; a part that cannot be timed is told, and the others go on.

    Raises:
        AdirError: a value that cannot be used, or a prior that cannot be loaded; before anything is timed.
    """
    _check(settings)
    names = list(dict.fromkeys(settled_name(name) for name in settings.priors or offered()))
    wanted = [part for part in PARTS if part in settings.parts or not settings.parts]
    todo = {name: [part for part in wanted if family(name) in PARTS[part].families] for name in names}
    total = sum(map(len, todo.values()))
    device = pick_device(settings.device)
    counts = [sum(p.numel() for p in load_prior(name).net.parameters()) for name in names]
    dtype = pick_precision(settings.precision, device)
    here = machine(device, dtype)
    pace = Pace("bench", total)
    done = 0
    priors: list[Measured] = []
    for name, count in zip(names, counts, strict=True):
        timings: list[Timing] = []
        problems: dict[str, str] = {}
        for part in todo[name]:
            yield Notice(f"Timing {name}, {part} ({done + 1} of {total}).")
            yield pace.at(done)
            try:
                order = _order(name, part, here, settings)
                timings.append((yield from measure_apart(order, partial(pace.at, done))))
            except AdirError as error:
                problems[part] = error.problem
                yield Notice(f"{name}, {part}: {error.problem}", error.remedy)
            done += 1
        priors.append(Measured(name, count, tuple(timings), problems))
    yield pace.at(total)
    return Report(here, settings.size, settings.recipe, tuple(priors))


def _order(prior: str, part: str, here: Machine, settings: BenchSettings) -> Order:
    return Order(
        prior=prior,
        part=part,
        device=here.device,
        precision=here.precision,
        size=settings.size,
        recipe=settings.recipe,
        threads=here.threads,
        effort=QUICK if settings.quick else Effort(),
    )


def _check(settings: BenchSettings) -> None:
    find_recipe(settings.recipe)
    if settings.size not in SIZES:
        raise RequestError(
            f"A size of {settings.size} pixels cannot be timed.",
            f"Choose a multiple of {SIZES.step} from {SIZES.start} to {SIZES[-1]}.",
        )
    for part in settings.parts:
        if part not in PARTS:
            raise RequestError(f"There is no part '{part}' to time.", f"Choose one of: {', '.join(PARTS)}.")
