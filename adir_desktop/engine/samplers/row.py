"""A row of the samplers' table: what the program must know of a method before it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from torch import Tensor

from adir_desktop.contract import PIXELS, Degradation, Option
from adir_desktop.engine.samplers.base import Settings, Trajectory
from adir_desktop.errors import RequestError

ANY = 1e6  # of guidance
Numbers = Mapping[str, Settings]  # by task, "" for the others
Rhos = Callable[[Any, Tensor, float], list[float]]  # (settings, alpha_bar, sigma) -> one for each prox


def anything(_: Degradation) -> str:
    """For methods that take every operator."""
    return ""


@dataclass(frozen=True)
class SamplerRow:
    """run: the method, a free function. source: the paper. published, quick: its numbers in the recipes.

    evaluations: of the prior's network, known before the run. length: how many `Sample`s come, where
    that is another number. guidance: the letter of the data's weight in the paper, "" if it has none.
    supports: "", or why a degradation is out of its reach. passes: what a step costs, in passes of the
    prior's network (3 with a backward pass, 0 without a network). goes_back: a step takes a gradient
    through a network. rhos: of the proximal solves, if any.
    adapts: it uses the prior, so an adapted one makes a difference. batches: it takes several seeds at once.
    draws: another seed gives another picture. family: of the priors that it takes, and so what kind of
    problem `run` is given.
    """

    title: str
    hint: str
    source: str
    run: Callable[[Any, Any], Trajectory]
    evaluations: Callable[[Any], int]
    published: Numbers
    quick: Numbers
    length: Callable[[Any], int] | None = None
    guidance: str = ""
    options: tuple[Option, ...] = ()
    supports: Callable[[Degradation], str] = anything
    passes: float = 1.0
    goes_back: bool = False
    rhos: Rhos | None = None
    adapts: bool = True
    batches: bool = True
    draws: bool = True
    most_steps: int = 1000
    most_guidance: float = ANY
    family: str = PIXELS

    def samples(self, settings: Settings) -> int:
        """How many `Sample`s a run yields."""
        return (self.length or self.evaluations)(settings)

    def numbers(self, table: Numbers, task: str) -> Settings:
        """The settings of a task."""
        return table.get(task, table[""])

    def offered(self) -> tuple[Option, ...]:
        """The options with the defaults of the quick recipe."""
        usual = self.numbers(self.quick, "")
        return tuple(replace(option, default=getattr(usual, option.name)) for option in self.options)


def with_options(row: SamplerRow, settings: Settings, chosen: Mapping[str, int | float | str]) -> Settings:
    """The settings with a person's own values on top.

    Raises:
        RequestError: an option that the method does not have, or a value out of its range.
    """
    known = {option.name: option for option in row.options}
    for name in chosen:
        if name not in known:
            remedy = f"It has: {', '.join(known)}." if known else "Leave it out."
            raise RequestError(f"{row.title} has no option '{name}'.", remedy)
    return replace(settings, **{name: _checked(known[name], value) for name, value in chosen.items()})  # type: ignore[arg-type]


def _checked(option: Option, value: float | str) -> int | float | str:
    if option.choices:
        if value not in option.choices:
            raise RequestError(
                f"'{value}' is no choice for {option.name}.", f"Choose one of: {', '.join(option.choices)}."
            )
        return value
    span = f"{option.low:g} to {option.high:g}"
    try:
        number = float(value)
    except ValueError:
        raise RequestError(f"'{value}' is no number for {option.name}.", f"Choose {span}.") from None
    if not option.low <= number <= option.high:  # not a number is outside, too
        raise RequestError(f"A value of {value} cannot be used for {option.name}.", f"Choose {span}.")
    if option.whole and number != int(number):
        raise RequestError(f"{option.name} must be a whole number, not {value}.", f"Choose {span}.")
    return int(number) if option.whole else number
