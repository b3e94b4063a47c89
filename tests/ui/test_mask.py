"""The mask: which pixels a stroke covers, and that history gives back what was there."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QRect

from adir_desktop.ui.mask import MaskPainting, Mode, Point
from adir_desktop.ui.mask_shapes import Rectangle


def by_definition(shape: tuple[int, int], points: list[Point], size: float) -> np.ndarray:
    """Every pixel centre against every segment, one at a time."""
    covered = np.zeros(shape, bool)
    for row in range(shape[0]):
        for column in range(shape[1]):
            centre = complex(column + 0.5, row + 0.5)
            for first, second in zip(points, points[1:] or points, strict=False):
                a, b = complex(*first), complex(*second)
                along = 0.0
                if a != b:
                    along = ((centre - a) * (b - a).conjugate()).real / abs(b - a) ** 2
                nearest = a + min(max(along, 0.0), 1.0) * (b - a)
                covered[row, column] |= abs(centre - nearest) <= size / 2
            covered[row, column] |= any(int(x) == column and int(y) == row for x, y in points)
    return covered


@pytest.mark.parametrize("size", [1.0, 2.0, 5.0, 9.5])
@pytest.mark.parametrize(
    "points",
    [
        [(12.3, 9.8)],
        [(3.0, 4.0), (20.2, 4.0)],
        [(2.5, 2.5), (22.1, 15.7), (5.0, 16.0)],
        [(25.0, 1.0), (31.0, 12.0)],
    ],
)
def test_a_stroke_covers_exactly_the_pixels_within_half_its_size(points: list[Point], size: float) -> None:
    mask = MaskPainting(20, 30)
    mask.begin(points[0], size)
    for point in points[1:]:
        mask.extend(point)
    mask.finish()
    inside = [(x, y) for x, y in points if 0 <= x < 30]
    expected = by_definition((20, 30), points, size)
    assert np.array_equal(mask.pixels, expected)
    assert all(mask.pixels[int(y), int(x)] for x, y in inside)


def test_a_single_dot_of_one_pixel_marks_the_pixel_under_the_pointer_wherever_it_stands_in_it() -> None:
    for offset in (0.01, 0.5, 0.99):
        mask = MaskPainting(8, 8)
        mask.begin((3 + offset, 5 + offset), 1.0)
        mask.finish()
        assert np.argwhere(mask.pixels).tolist() == [[5, 3]]


def test_a_thin_line_has_no_gaps() -> None:
    mask = MaskPainting(40, 60)
    mask.begin((1.2, 3.7), 1.0)
    mask.extend((58.1, 30.2))
    mask.finish()
    rows = [np.flatnonzero(mask.pixels[:, column]) for column in range(2, 58)]
    assert all(len(row) for row in rows)
    assert all(abs(a.mean() - b.mean()) <= 1 for a, b in pairwise(rows))


def test_the_eraser_takes_away_what_it_covers_and_nothing_else() -> None:
    mask = MaskPainting(20, 20)
    mask.invert()
    mask.begin((10.0, 10.0), 6.0, erase=True)
    mask.finish()
    assert np.array_equal(~mask.pixels, by_definition((20, 20), [(10.0, 10.0)], 6.0))


def test_undo_and_redo_give_back_each_state() -> None:
    mask = MaskPainting(24, 24)
    states = [mask.pixels.copy()]
    for number in range(4):
        mask.begin((4.0 + 4 * number, 12.0), 7.0, erase=number == 2)
        mask.extend((6.0 + 4 * number, 3.0))
        mask.finish()
        states.append(mask.pixels.copy())
    mask.clear()
    states.append(mask.pixels.copy())
    mask.invert()
    states.append(mask.pixels.copy())
    for state in reversed(states[:-1]):
        mask.undo()
        assert np.array_equal(mask.pixels, state)
    assert not mask.can_undo
    for state in states[1:]:
        mask.redo()
        assert np.array_equal(mask.pixels, state)
    assert not mask.can_redo


def test_a_new_stroke_forgets_what_was_undone() -> None:
    mask = MaskPainting(10, 10)
    mask.begin((2, 2), 3)
    mask.finish()
    mask.undo()
    mask.begin((7, 7), 3)
    mask.finish()
    assert not mask.can_redo
    mask.redo()
    assert not mask.pixels[2, 2]


def test_what_changes_nothing_is_no_step_and_leaves_the_undone_ones_there() -> None:
    mask = MaskPainting(10, 10)
    mask.begin((5, 5), 3)
    mask.finish()
    mask.undo()
    mask.begin((-50, -50), 5)
    mask.extend((-40, 90))
    mask.finish()
    mask.clear()
    mask.mark(Rectangle((2, 2), (8, 8)), Mode.SUBTRACT)
    assert mask.empty
    assert not mask.can_undo
    assert mask.can_redo


def test_it_says_which_box_changed_and_says_so_again_when_a_stroke_ends() -> None:
    mask = MaskPainting(30, 30)
    boxes: list[QRect] = []
    mask.changed.connect(lambda box: boxes.append(QRect(box)))
    mask.begin((10, 10), 4)
    rows, columns = np.nonzero(mask.pixels)
    assert boxes[0].contains(QRect(columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1))
    mask.finish()
    assert boxes[-1].isEmpty()


def test_the_pixels_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        MaskPainting(4, 4).pixels[0, 0] = True
