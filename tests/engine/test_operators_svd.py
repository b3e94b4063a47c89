"""The singular value decompositions: against dense algebra, of every operator that has one."""

from __future__ import annotations

import pytest
import torch

from adir_desktop.contract import Degradation, Step
from adir_desktop.engine.operators import build_operator, families, has_svd, restored_size
from adir_desktop.engine.operators.svd import ZERO
from adir_desktop.errors import RequestError
from tests.engine.gaussian import dense
from tests.engine.test_operators import CASES, F64, build, random

SIZES = [(5, 7), (8, 6)]
WITH = [name for name, steps in CASES.items() if has_svd(Degradation(steps))]


def test_it_is_known_beforehand_which_have_one() -> None:
    assert {"identity", "bicubic x4", "soft mask", "two masks", "circular shaken", "grey holes"} <= set(WITH)
    for name in CASES:
        operator = build(name, (5, 7))
        assert (operator.svd() is not None) == (name in WITH), name
    assert families(Degradation(CASES["motion, downscale, holes"])) == ("reflected", "separable", "diagonal")
    with pytest.raises(RequestError, match="no degradation"):
        has_svd(Degradation((Step("rain"),)))


@pytest.mark.parametrize("multiple_of", [1, 4])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", WITH)
def test_it_is_the_decomposition(name: str, size: tuple[int, int], multiple_of: int) -> None:
    """V is orthonormal, U is where something is seen, and U S V^T is A."""
    factor = restored_size(Degradation(CASES[name]), 1, 1)[0]
    operator = build(name, (max(2, size[0] // factor), max(2, size[1] // factor)), multiple_of)
    svd, a = operator.svd(), dense(operator)
    assert svd is not None
    count = a.shape[1]
    v = svd.picture(torch.eye(count, dtype=F64)).flatten(1).mT
    u = svd.observed(torch.eye(len(a), dtype=F64).view(-1, *operator.out_shape))
    seen = svd.singular > 0
    assert svd.singular.shape == (count,)
    assert float(svd.singular.min()) >= 0
    assert torch.allclose(v.mT @ v, torch.eye(count, dtype=F64), atol=1e-10)
    assert torch.allclose(u.mT[seen] @ u[:, seen], torch.eye(int(seen.sum()), dtype=F64), atol=1e-10)
    assert not u[:, ~seen].any()
    kept = u @ (u.mT @ a)  # singular values near 0 are taken as 0
    assert torch.allclose((u * svd.singular) @ v.mT, kept, atol=1e-10)
    assert float(torch.linalg.matrix_norm(a - kept, 2)) <= 2 * ZERO * float(svd.singular.max())
    x, y = random(operator.in_shape, 1), random(operator.out_shape, 2)
    assert torch.allclose(svd.coefficients(x), x.flatten(1) @ v, atol=1e-10)
    assert torch.allclose(svd.observed(y), y.flatten(1) @ u, atol=1e-10)
    assert torch.allclose(svd.observed(operator.forward(x)), svd.singular * svd.coefficients(x), atol=1e-10)


@pytest.mark.parametrize("name", ["gaussian 2", "circular gaussian", "circular shaken"])
def test_a_cut_takes_tiny_values_as_unseen(name: str) -> None:
    svd = build(name, (12, 16)).svd()
    assert svd is not None
    least = 0.03 * float(svd.singular.max())
    short = svd.cut(0.03)
    assert 0 < int((short.singular > 0).sum()) < int((svd.singular > 0).sum())
    assert float(short.singular[short.singular > 0].min()) >= least
    assert not short.observed(random((3, 12, 16), 1))[:, short.singular == 0].any()


def test_float32_is_good_enough_on_a_picture_of_the_usual_size() -> None:
    """And it is cheap: no matrix of the whole picture is ever made."""
    steps = (Step("downscale", {"factor": 4}),)
    operator = build_operator(Degradation(steps), 64, 48, multiple_of=32)
    svd = operator.svd()
    assert svd is not None
    x = random(operator.in_shape, 1, torch.float32)
    assert torch.allclose(svd.picture(svd.coefficients(x)), x, atol=1e-4)
    assert torch.allclose(svd.observed(operator.forward(x)), svd.singular * svd.coefficients(x), atol=1e-5)
