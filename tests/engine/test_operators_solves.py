"""Conjugate gradients: as exact as was asked for, each picture on its own, and few iterations."""

from __future__ import annotations

import pytest
import torch

from adir_desktop.contract import Degradation, Step
from adir_desktop.engine.operators import LinearOperator, build_operator
from adir_desktop.engine.operators.masks import freeform
from tests.engine.gaussian import dense
from tests.engine.test_operators import F64, build, random

SIDE = 32
BLUR, HOLES = Step("blur", {"kernel": "box:5"}), Step("mask")
MOTION = Step("blur", {"kernel": "motion:7:30"})


def damaged(*steps: Step) -> tuple[LinearOperator, torch.Tensor]:
    mask = freeform(SIDE, SIDE, 0, 0.15)
    operator = build_operator(Degradation(steps, 0, mask), SIDE, SIDE, dtype=F64)
    return operator, operator.forward(random(operator.in_shape, 1)[:1])


def counted(operator: LinearOperator, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    calls: list[int] = []
    forward = operator.forward
    monkeypatch.setattr(operator, "forward", lambda x: calls.append(1) or forward(x))
    return calls


@pytest.mark.parametrize(
    "steps", [(BLUR, HOLES), (MOTION, HOLES), (MOTION, Step("downscale", {"factor": 2}), HOLES), (MOTION,)]
)
def test_a_preconditioner_saves_iterations(steps: tuple[Step, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    operator, y = damaged(*steps)
    calls, x = counted(operator, monkeypatch), torch.zeros(1, *operator.in_shape, dtype=F64)
    operator.prox(x, y, 3e-3)
    helped = len(calls)
    monkeypatch.setattr(operator, "precondition", lambda r, _: r)
    operator.prox(x, y, 3e-3)
    assert not operator.exact
    assert 0 < helped <= 0.75 * (len(calls) - helped), (helped, len(calls) - helped)


@pytest.mark.parametrize("goal", [1e-1, 1e-2, 1e-3, 1e-5])
def test_the_goal_bounds_the_error_of_the_picture(goal: float) -> None:
    """Against dense algebra; the gains of four iterations foretell what is missing to a factor of 2 or so."""
    operator = build("shaken, holes", (12, 14))
    a, rho = dense(operator), 1e-2
    r = operator.forward(random(operator.in_shape, 2))
    wanted = torch.linalg.solve(a @ a.mT + rho * torch.eye(len(a), dtype=F64), r.flatten(1).mT).mT @ a
    got = operator.adjoint(operator.gram_solve(r, rho, goal)).flatten(1)
    assert bool(((got - wanted).norm(dim=1) <= 2 * goal * wanted.norm(dim=1)).all())


def test_a_picture_of_a_batch_is_solved_as_if_alone() -> None:
    """One is done long before the other, and is left as it was."""
    operator = build("shaken, holes", (12, 14))
    r = operator.forward(random(operator.in_shape, 2))
    r[1] = operator.forward(torch.ones(1, *operator.in_shape, dtype=F64))[0]
    both = operator.gram_solve(r, 1e-3, 1e-2)
    for index in range(2):
        alone = operator.gram_solve(r[index : index + 1], 1e-3, 1e-2)[0]
        assert torch.allclose(both[index], alone, atol=1e-12 * float(alone.abs().max()))


def test_nothing_to_agree_with_changes_nothing() -> None:
    operator, y = damaged(BLUR, HOLES)
    x = random(operator.in_shape, 3)
    assert torch.equal(operator.prox(x, operator.forward(x), 1e-2), x)
    assert not operator.gram_solve(torch.zeros_like(y), 1e-2).any()


@pytest.mark.parametrize("name", ["blurred grey", "grey holes", "blur, grey, holes"])
def test_greying_keeps_what_is_known_of_the_rest(name: str) -> None:
    """Grey first or last is the same operator, and one channel is solved in place of three."""
    operator = build(name, (13, 17))
    assert operator.out_shape == (1, 13, 17)
    assert operator.exact == (name != "blur, grey, holes")
