"""The spelling of kernels and tasks: what is understood, and what is refused in words."""

from __future__ import annotations

import pytest

from adir_desktop.contract import Step
from adir_desktop.errors import RequestError
from adir_desktop.tasks import MAX_KERNEL, degradation_for, parse_kernel


@pytest.mark.parametrize(
    ("text", "values", "side"),
    [
        ("box:5", (5,), 5),
        ("gaussian:2.0", (2,), 17),
        ("motion:15:30", (15, 30), 17),
        ("shake:61:0.5:7", (61, 0.5, 7), 61),
    ],
)
def test_kernels_are_understood(text: str, values: tuple[float, ...], side: int) -> None:
    kernel = parse_kernel(text)
    assert kernel.values == values
    assert kernel.side == side


@pytest.mark.parametrize(
    "text",
    [
        "", "shake", "shake:61", "shake:61:0.5", "shake:61:0.5:0:1", "shake:60:0.5:0", "shake:1:0.5:0",
        "shake:-61:0.5:0", "shake:61:1.5:0", "shake:61:-1:0", "shake:61:nan:0", "shake:61:0.5:0.5",
        "shake:61:0.5:-1", f"shake:{MAX_KERNEL + 2}:0.5:0", "shake:a:b:c", "box:4", "box:0", "gaussian:0",
        "gaussian:inf", "motion:5", "file:", "disc:3", f"box:{MAX_KERNEL + 2}",
    ],
)  # fmt: skip
def test_other_kernels_are_refused(text: str) -> None:
    with pytest.raises(RequestError) as raised:
        parse_kernel(text)
    assert raised.value.remedy


@pytest.mark.parametrize("scale", [2, 4, 8])
def test_a_photo_may_have_got_small_in_two_ways(scale: int) -> None:
    plain = degradation_for("upscale", scale=scale)
    blocks = degradation_for("upscale", scale=scale, reduction="block")
    assert plain.steps == (Step("downscale", {"factor": scale}),)
    assert blocks.steps == (Step("block-mean", {"factor": scale}),)


def test_wrong_reductions_are_refused() -> None:
    with pytest.raises(RequestError, match="no reduction"):
        degradation_for("upscale", reduction="nearest")
    with pytest.raises(RequestError, match="does not go with"):
        degradation_for("deblur", reduction="block")
