"""The colours of maps."""

from __future__ import annotations

import numpy as np
import pytest

from adir_desktop.ui import colour_scale


def test_every_step_is_lighter_than_the_one_before() -> None:
    linear = (colour_scale.colours() / 255.0) ** 2.2
    luminance = linear @ [0.2126, 0.7152, 0.0722]
    assert len(luminance) == colour_scale.STEPS
    assert np.all(np.diff(luminance) > -0.002)
    assert luminance[0] < 0.05
    assert luminance[-1] > 0.7


@pytest.mark.parametrize(
    ("value", "top"),
    [(0, 1), (-3, 1), (1, 1), (1.01, 2), (3, 5), (5.5, 10), (99, 100), (255, 500), (0.03, 0.05), (0.2, 0.2)],
)
def test_a_scale_ends_at_a_round_figure_that_is_not_below(value: float, top: float) -> None:
    assert colour_scale.round_top(value) == pytest.approx(top)
