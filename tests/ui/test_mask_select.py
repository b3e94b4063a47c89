"""Similar colours: against a flood fill written elsewhere, over the seams of the tiles it works in."""

from __future__ import annotations

from contextlib import closing

import numpy as np
import pytest
from skimage.segmentation import flood

from adir_desktop.contract import Finished, Marks, Progress
from adir_desktop.ui.mask_select import select_events, similar
from adir_desktop.ui.mask_tiles import TILE


def codes(seed: int, shape: tuple[int, int]) -> np.ndarray:
    """Soft random blobs, in whole codes of 0..255."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 5, (shape[0] // 9 + 1, shape[1] // 9 + 1, 3)) * 12
    return np.kron(coarse, np.ones((9, 9, 1), int))[: shape[0], : shape[1]]


@pytest.mark.parametrize("contiguous", [True, False])
@pytest.mark.parametrize("tolerance", [0, 12, 24])
def test_similar_colours_are_those_within_the_tolerance(tolerance: int, contiguous: bool) -> None:
    shape = (TILE + 60, TILE + 90)
    photo, seed = codes(tolerance, shape), (TILE - 20, TILE + 5)
    near = (np.abs(photo - photo[seed]) <= tolerance).all(-1)
    expected = flood(near.astype(np.uint8), seed, connectivity=1).astype(bool) if contiguous else near
    found = similar((photo / 255).astype(np.float32), seed, tolerance, contiguous=contiguous)
    assert found[seed]
    assert np.array_equal(found, expected)


def test_a_snake_is_followed_through_all_tiles_and_back() -> None:
    side = 2 * TILE + 40
    photo = np.zeros((side, side, 3), np.float32)
    photo[::8, :] = 1.0  # rows, joined at alternating ends
    photo[:, 0][(np.arange(side) // 8) % 2 == 0] = 1.0
    photo[:, -1][(np.arange(side) // 8) % 2 == 1] = 1.0
    expected = flood((photo[..., 0] > 0.5).astype(np.uint8), (0, 5), connectivity=1).astype(bool)
    assert expected.sum() > 100 * side
    assert np.array_equal(similar(photo, (0, 5), 10, contiguous=True), expected)


def test_as_a_job_it_tells_its_progress_and_ends_with_marks() -> None:
    photo = (codes(1, (TILE + 5, 700)) / 255).astype(np.float32)
    events = list(select_events(photo, (3, 4), 12.0, True))
    assert isinstance(events[-1], Finished)
    assert isinstance(events[-1].result, Marks)
    assert np.array_equal(events[-1].result.mask, similar(photo, (3, 4), 12.0, contiguous=True))
    steps = [event for event in events if isinstance(event, Progress)]
    assert steps == events[:-1]
    assert all(0 <= one.done <= one.total for one in steps)
    assert [one.done for one in steps] == sorted(one.done for one in steps)


def test_it_can_be_stopped_at_any_step() -> None:
    photo = np.zeros((3 * TILE, 2 * TILE, 3), np.float32)
    for stop in range(6):
        with closing(select_events(photo, (0, 0), 5.0, True)) as events:
            for _ in range(stop + 1):
                assert isinstance(next(events), Progress)
