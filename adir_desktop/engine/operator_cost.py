"""What a degradation's operator will cost at each step, known without building it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from adir_desktop.contract import Degradation
from adir_desktop.engine.operators import OPERATORS, families
from adir_desktop.engine.operators.base import CG_ITERATIONS
from adir_desktop.engine.operators.separable import EXACT_LIMIT
from adir_desktop.engine.pace_of_machine import Speed

POINTWISE = 2e-8  # seconds a pixel, there and back: masks, sums of conjugate gradients
BANDED = 8e-8  # seconds a pixel, there and back: blurs and resizing of large pictures
FEWEST = 5  # iterations of conjugate gradients; else they go as 1 / sqrt(rho)
EIGEN = 25.0  # multiplications of an eigenbasis, over n^3
ITERATIONS = {False: 1.8, True: 0.7}  # at rho = 1 by that law; True: only the holes have no closed form


@dataclass(frozen=True)
class Cost:
    """Seconds. apply: A and its transpose once. solve: (A A^T + rho)^-1 in closed form, None where
    conjugate gradients do it. setup: before the first step. iterations: of conjugate gradients,
    over 1 / sqrt(rho). precondition: in each of them.
    """

    apply: float
    solve: float | None
    setup: float = 0.0
    iterations: float = 0.0
    precondition: float = 0.0

    def prox(self, rho: float) -> float:
        """One agreement with the data at this rho."""
        if self.solve is not None:
            return self.apply + self.solve
        count = min(CG_ITERATIONS, max(FEWEST, self.iterations / math.sqrt(max(rho, 1e-9))))
        return self.apply + count * (self.apply + self.precondition)


def cost_of(degradation: Degradation, height: int, width: int, speed: Speed) -> Cost:
    """The cost for a picture of (height, width) before the damage.

    Raises:
        RequestError: a step that there is not.
    """
    small_h, small_w = height, width
    seconds = POINTWISE * height * width
    for step in degradation.steps:
        row = OPERATORS[step.kind]
        if row.family(step.values) in ("circular", "reflected"):
            seconds += 2 * speed.fft * small_h * small_w
        elif row.family(step.values) == "separable":
            factor = row.shrinks(step.values)
            out_h, out_w = -(-small_h // factor), -(-small_w // factor)
            if max(small_h, small_w) > EXACT_LIMIT:
                seconds += BANDED * small_h * small_w
            else:
                seconds += 2 * 6 * speed.flop * out_h * small_w * (small_h + out_w)
            small_h, small_w = out_h, out_w
    return _with_solve(families(degradation), seconds, small_h, small_w, speed)


def _with_solve(parts: tuple[str, ...], seconds: float, height: int, width: int, speed: Speed) -> Cost:
    """The cost of an operator of these families whose observation has (height, width)."""
    fourier = speed.fft * height * width
    before = parts[:-1] if len(parts) == 2 and parts[-1] == "diagonal" else parts
    if before == ("separable",) and max(height, width) <= EXACT_LIMIT:
        solve = 12 * speed.flop * height * width * (height + width)
        setup = EIGEN * speed.flop * 2 * (height**3 + width**3)
    else:
        solve, setup = fourier if "circular" in before else 0.0, 0.0
    closed = before in ((), ("diagonal",), ("circular",)) or setup > 0
    if closed and before == parts:
        return Cost(seconds, solve, setup)
    return Cost(seconds, None, setup, ITERATIONS[closed], solve if closed else fourier)
