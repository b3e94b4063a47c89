"""What a degradation's operator will cost at each step, known without building it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from adir_desktop.contract import Degradation
from adir_desktop.engine.operators import OPERATORS
from adir_desktop.engine.operators.base import CG_ITERATIONS
from adir_desktop.engine.operators.separable import EXACT_LIMIT
from adir_desktop.engine.pace_of_machine import Speed
from adir_desktop.tasks import parse_kernel

POINTWISE = 2e-8  # seconds a pixel, there and back: masks, sums of conjugate gradients
BANDED = 8e-8  # seconds a pixel, there and back: blurs and resizing of large pictures
ITERATIONS = 7.5  # of conjugate gradients for rho = 1 and |A| = 1, measured; they go as 1 / sqrt(rho)
EIGEN = 25.0  # multiplications of an eigenbasis, over n^3


@dataclass(frozen=True)
class Cost:
    """Seconds. apply: A and its transpose once. solve: (A A^T + rho)^-1 in closed form, None where
    conjugate gradients do it. setup: before the first step.
    """

    apply: float
    solve: float | None
    setup: float = 0.0

    def prox(self, rho: float) -> float:
        """One agreement with the data at this rho."""
        if self.solve is not None:
            return self.apply + self.solve
        iterations = min(CG_ITERATIONS, max(3.0, ITERATIONS / math.sqrt(max(rho, 1e-9))))
        return self.apply * (1 + iterations)


def cost_of(degradation: Degradation, height: int, width: int, speed: Speed) -> Cost:
    """The cost for a picture of (height, width) before the damage."""
    small_h, small_w = height, width
    separable = other = 0
    seconds = POINTWISE * height * width
    for step in degradation.steps:
        if step.kind == "blur" and parse_kernel(str(step.values["kernel"])).shape in ("motion", "file"):
            seconds += 2 * speed.fft * small_h * small_w
            other += 2  # never in closed form
        elif step.kind in ("blur", "downscale", "block-mean"):
            factor = OPERATORS[step.kind].shrinks(step.values)
            out_h, out_w = -(-small_h // factor), -(-small_w // factor)
            if max(small_h, small_w) > EXACT_LIMIT:
                seconds += BANDED * small_h * small_w
            else:
                seconds += 2 * 6 * speed.flop * out_h * small_w * (small_h + out_w)
            small_h, small_w = out_h, out_w
            separable = 1  # those in a row are merged into one
        elif step.kind != "fade":
            other += 1
    exact = separable + other <= 1 and max(small_h, small_w) <= EXACT_LIMIT
    if not exact and separable + other:
        return Cost(seconds, None)
    if not separable:
        return Cost(seconds, 0.0)
    solve = 12 * speed.flop * small_h * small_w * (small_h + small_w)
    return Cost(seconds, solve, EIGEN * speed.flop * 2 * (small_h**3 + small_w**3))
