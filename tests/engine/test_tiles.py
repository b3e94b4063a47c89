"""Windows: complete, seamless, and a place to stop."""

from __future__ import annotations

import itertools

import pytest
import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from adir_desktop.engine.priors.base import Prediction
from adir_desktop.engine.samplers.schedule import linear_alpha_bar
from adir_desktop.engine.tiles import OVERLAP, Tiled, windows
from adir_desktop.interrupt import Interrupted, stopping_when


class LocalMean:
    """A stand-in that looks 5 pixels far, as a network without global layers does."""

    alpha_bar = linear_alpha_bar()
    multiple_of = 8

    def __init__(self) -> None:
        self.sizes: list[tuple[int, int]] = []

    def predict(self, x_t: Tensor, t: int) -> Prediction:
        self.sizes.append(tuple(x_t.shape[-2:]))
        return Prediction(avg_pool2d(x_t, 11, 1, 5, count_include_pad=False))


@pytest.mark.parametrize("size", [(200, 392), (128, 128), (136, 600)])
def test_windows_give_what_the_whole_gives(size: tuple[int, int]) -> None:
    x = torch.randn(1, 3, *size, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    inner = LocalMean()
    whole, tiled = inner.predict(x, 0).eps, Tiled(inner, 128).predict(x, 0).eps
    assert max(max(s) for s in inner.sizes[1:]) <= 128
    # The outermost pixels of a window know less than the whole; their weight is small there.
    assert float((whole - tiled).abs().max()) < 0.1
    assert float((whole - tiled).abs().mean()) < 1e-3


@pytest.mark.parametrize("length", [64, 128, 136, 200, 504, 1000, 1008])
def test_windows_cover_overlap_and_are_no_larger_than_needed(length: int) -> None:
    size, starts = windows(length, 128, 8)
    assert size <= 128
    assert size % 8 == 0
    assert starts[0] == 0
    assert starts[-1] + size == length
    assert all(a + size - b >= OVERLAP for a, b in itertools.pairwise(starts))
    assert all(start % 8 == 0 for start in starts)
    assert windows(600, 512, 8) == (336, [0, 264])


def test_it_stops_between_windows() -> None:
    inner = LocalMean()
    asked = iter([False, False, True])
    with stopping_when(lambda: next(asked)), pytest.raises(Interrupted):
        Tiled(inner, 128).predict(torch.zeros(1, 3, 400, 400), 0)
    assert len(inner.sizes) == 2
