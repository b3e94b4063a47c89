"""What a run does where memory is short: before it begins, and again where it runs out on the way."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from typing import TypeVar

import psutil

from adir_desktop.contract import Event, Notice, Request
from adir_desktop.engine import memory_plan, warm
from adir_desktop.engine.device import give_back
from adir_desktop.engine.memory_plan import Need, Needs
from adir_desktop.engine.plan import Plan, settle
from adir_desktop.errors import MemoryShort, ran_out_of_memory

log = logging.getLogger(__name__)
T = TypeVar("T")
SHARE = 0.9  # of what is free that a plan may count on
SLOWER = "It takes longer. Close other programs for more memory."
REMEDY = "Close other programs, or choose a smaller photo or model."
STAGES: dict[str, Need] = {  # of an adaptation it is not known which part failed: either may be made lighter
    "adapt": lambda needs: needs.encode + needs.learn,
    "sample": lambda needs: needs.sample,
}


class Ladder:
    """The plan of a run, and what becomes of it: each rung takes less memory and more time.

    The rungs, in this order: smaller windows, checkpointing, smaller parts of a batch, one sample after the
    other, the networks of a latent prior in turns, the processor.
    """

    def __init__(self, request: Request) -> None:
        """Raises AdirError: the request cannot be done."""
        self._asked = request
        self.plan = settle(request)

    def fit(self) -> Iterator[Notice]:
        """Climbs until the plan fits into what is free, and tells each change.

        Raises:
            MemoryShort: it does not, with all that can be done.
        """
        while True:
            told, need, free = [], memory_plan.needs(self.plan).peak, memory_plan.available(self.plan.device)
            peak, plan = need, self.plan
            while peak > SHARE * free:
                step = memory_plan.lighter(plan, lambda needs: needs.peak)
                if step is None:
                    break
                plan, words = step
                told.append(words)
                peak = memory_plan.needs(plan).peak
            if peak <= SHARE * free or self._can_swap(plan, peak, free):
                self.plan = plan
                short = f"Memory is short ({_size(need)} needed, {_size(free)} free): "
                yield from (Notice(f"{short}{words}.", SLOWER) for words in _last_of_each(told))
                return
            if not memory_plan.on_card(plan.device):
                raise MemoryShort(f"This takes {_size(peak)} of memory, and {_size(free)} are free.", REMEDY)
            yield self._to_processor(
                f"This takes {_size(peak)} of memory, and {_size(free)} are free on the graphics card"
            )

    def work(
        self, stage: str, work: Callable[[Plan], Generator[Event, None, T]]
    ) -> Generator[Event, None, T]:
        """Runs a stage by the plan; where memory runs out, again by the next one.

        stage: of `STAGES`, or any other, which only the processor can help. `work` is called anew: what it keeps
        outside of itself, as an adaptation its training, it finds again and goes on from.

        Raises:
            MemoryShort: nothing more can be done.
        """
        while True:
            try:
                return (yield from work(self.plan))
            except (MemoryError, RuntimeError) as error:
                if not ran_out_of_memory(error):
                    raise
                log.warning("memory ran out (%s, %s): %s", stage, self.plan.request.thrift, str(error))
            # here and not above: the error holds all that was computed when it came; a log must not hold the error
            warm.drop()
            give_back()
            yield self._down(stage)

    def _down(self, stage: str) -> Notice:
        """The next rung for a stage."""
        step = memory_plan.lighter(self.plan, STAGES[stage]) if stage in STAGES else None
        if step is not None:
            self.plan, words = step
            return Notice(f"Memory ran out: {words}.", SLOWER)
        if memory_plan.on_card(self.plan.device):
            return self._to_processor("Memory ran out on the graphics card")
        free = memory_plan.available(self.plan.device)
        raise MemoryShort(f"The computer ran out of memory; {_size(free)} are free now.", REMEDY)

    def _to_processor(self, why: str) -> Notice:
        chosen = " that was chosen" if self._asked.device != "auto" else ""
        before, self._asked = self.plan, replace(self._asked, device="cpu")
        self.plan = settle(self._asked)
        device = before.device.type
        return Notice(f"{why}: the processor works instead of the device {device}{chosen}.", SLOWER)

    @staticmethod
    def _can_swap(plan: Plan, peak: int, free: int) -> bool:
        """The disk may help out in main memory: slow, but not refused."""
        return not memory_plan.on_card(plan.device) and peak <= free + psutil.swap_memory().free


def planned(request: Request) -> tuple[Plan, Needs]:
    """The plan that a run would begin with, and what it takes.

    Raises:
        AdirError: the request cannot be done, or not with what is free.
    """
    ladder = Ladder(request)
    for _ in ladder.fit():
        pass  # told when it runs
    return ladder.plan, memory_plan.needs(ladder.plan)


def _last_of_each(words: list[str]) -> list[str]:
    """Of changes that differ only in their number, the last."""
    kinds = {"".join(c for c in each if not c.isdigit()): each for each in words}
    return list(kinds.values())


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{max(1, round(count / 1e6))} MB"
