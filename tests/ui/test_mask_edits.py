"""Shapes, other masks, growing: which pixels, what is counted, and that any history can be walked."""

from __future__ import annotations

import math
import tracemalloc

import numpy as np
import pytest
from masks import SHAPE, operate, painted
from PySide6.QtCore import QRect
from scipy import ndimage

from adir_desktop.ui.mask import MaskPainting, Mode, Operation, Point
from adir_desktop.ui.mask_shapes import Polygon, Rectangle
from adir_desktop.ui.mask_tiles import TILE


def inside(point: complex, corners: list[Point]) -> bool:
    """Even-odd, by counting crossings of a ray to the right."""
    crossings = 0
    for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (y0 <= point.imag) != (y1 <= point.imag):
            crossings += point.real < x0 + (point.imag - y0) / (y1 - y0) * (x1 - x0)
    return crossings % 2 == 1


def consistent(mask: MaskPainting) -> bool:
    """Count and coverage against the pixels."""
    height, width = mask.pixels.shape
    for factor in (4, 16):
        rows, columns = -(-height // factor), -(-width // factor)
        padded = np.zeros((rows * factor, columns * factor), bool)
        padded[:height, :width] = mask.pixels
        expected = padded.reshape(rows, factor, columns, factor).any((1, 3))
        if not np.array_equal(mask.coverage(factor), expected):
            return False
    return mask.count == mask.pixels.sum() and mask.empty == (mask.count == 0)


@pytest.mark.parametrize("seed", range(6))
def test_a_polygon_marks_the_pixels_whose_centre_is_inside(seed: int) -> None:
    random = np.random.default_rng(seed)
    corners = [(x, y) for x, y in random.uniform(-6, 46, (3 + 2 * seed, 2)).tolist()]
    mask = MaskPainting(40, 36)
    mask.mark(Polygon(tuple(corners)))
    expected = [[inside(complex(x + 0.5, y + 0.5), corners) for x in range(36)] for y in range(40)]
    assert np.array_equal(mask.pixels, expected)


def test_polygons_that_share_an_edge_share_no_pixel_and_leave_none_out() -> None:
    mask = MaskPainting(20, 20)
    mask.mark(Polygon(((0, 0), (20, 0), (20, 20))))
    half = mask.count
    mask.mark(Polygon(((0, 0), (20, 20), (0, 20))))
    assert mask.count == 400
    mask.undo()
    mask.undo()
    mask.mark(Polygon(((0, 0), (20, 20), (0, 20))))
    assert mask.count == 400 - half


@pytest.mark.parametrize("corners", [(), ((3.0, 4.0),), ((3.0, 4.0), (9.0, 9.0)), ((5.0, 2.0),) * 4])
def test_a_polygon_without_an_area_marks_nothing(corners: tuple[Point, ...]) -> None:
    mask = MaskPainting(20, 20)
    mask.mark(Polygon(corners))
    assert mask.empty


def test_a_rectangle_marks_the_pixels_whose_centre_is_inside_in_any_direction() -> None:
    for corner, opposite in (((3.2, 4.6), (9.6, 11.4)), ((9.6, 4.6), (3.2, 11.4))):
        mask = MaskPainting(20, 20)
        mask.mark(Rectangle(corner, opposite))
        expected = np.zeros((20, 20), bool)
        expected[5:11, 3:10] = True
        assert np.array_equal(mask.pixels, expected)
    mask.mark(Rectangle((-100, -100), (100, 100)))
    assert mask.count == 400


def test_a_brush_whose_size_changes_covers_what_lies_under_it_at_any_moment() -> None:
    mask = MaskPainting(50, 70)
    mask.begin((12.3, 14.1), 4.0)
    mask.extend((55.7, 33.3), 19.0)
    mask.finish()
    x, y = np.meshgrid(np.arange(70) + 0.5, np.arange(50) + 0.5)
    expected = np.zeros((50, 70), bool)
    for t in np.linspace(0, 1, 4001):
        centre = (12.3 + t * 43.4, 14.1 + t * 19.2)
        expected |= np.hypot(x - centre[0], y - centre[1]) <= 2 + 7.5 * t
    assert np.array_equal(mask.pixels, expected)


def test_a_brush_that_shrinks_faster_than_it_moves_covers_only_its_larger_end() -> None:
    mask, larger = MaskPainting(40, 40), MaskPainting(40, 40)
    mask.begin((20.2, 20.2), 20.0)
    mask.extend((22.0, 21.0), 3.0)
    mask.finish()
    larger.begin((20.2, 20.2), 20.0)
    larger.finish()
    assert np.array_equal(mask.pixels, larger.pixels)


@pytest.mark.parametrize("mode", list(Mode))
def test_shapes_and_masks_add_take_away_or_replace(mode: Mode) -> None:
    shape = Rectangle((100, 60), (TILE + 40, TILE + 20))
    stamp = MaskPainting(*SHAPE)
    stamp.mark(shape)
    before = painted(1).pixels
    expected = {
        Mode.ADD: before | stamp.pixels,
        Mode.SUBTRACT: before & ~stamp.pixels,
        Mode.REPLACE: stamp.pixels,
    }[mode]
    marked, applied = painted(1), painted(1)
    marked.mark(shape, mode)
    applied.apply(stamp.pixels, mode)
    for mask in (marked, applied):
        assert np.array_equal(mask.pixels, expected)
        assert consistent(mask)
        mask.undo()
        assert np.array_equal(mask.pixels, before)


def test_a_mask_of_another_size_is_refused() -> None:
    mask = MaskPainting(10, 12)
    with pytest.raises(ValueError, match="12, 10"):
        mask.apply(np.ones((12, 10), bool))


@pytest.mark.parametrize("margin", [1, 2.5, 7, 40])
def test_growing_and_shrinking_are_round_and_exact_to_the_pixel(margin: float) -> None:
    grown, shrunk = painted(3), painted(3)
    before = grown.pixels.copy()
    grown.grow(margin)
    shrunk.shrink(margin)
    assert np.array_equal(grown.pixels, ndimage.distance_transform_edt(~before) <= margin)
    assert np.array_equal(shrunk.pixels, ndimage.distance_transform_edt(before) > margin)
    assert consistent(grown)
    assert consistent(shrunk)


def test_shrinking_leaves_what_touches_the_photos_edge_there() -> None:
    mask = MaskPainting(30, 30)
    mask.mark(Rectangle((0, 0), (10, 30)))
    mask.shrink(3)
    assert mask.pixels[:, :7].all()
    assert mask.count == 210


@pytest.mark.parametrize("seed", range(8))
def test_any_history_can_be_walked_back_and_forth(seed: int) -> None:
    random = np.random.default_rng(seed)
    mask = MaskPainting(*SHAPE)
    for _ in range(25):
        operate(mask, random)
        assert consistent(mask)
    while mask.can_redo:
        mask.redo()
    last, states = mask.pixels.copy(), []
    while mask.can_undo:
        states.append(mask.pixels.copy())
        mask.undo()
        assert consistent(mask)
    assert mask.empty
    for state in reversed(states):
        mask.redo()
        assert np.array_equal(mask.pixels, state)
    assert not mask.can_redo
    assert np.array_equal(mask.pixels, last)


def test_every_pixel_that_changes_lies_in_a_box_that_is_told() -> None:
    random = np.random.default_rng(11)
    mask = MaskPainting(*SHAPE)
    told = np.zeros(SHAPE, bool)

    def hear(box: QRect) -> None:
        told[max(box.top(), 0) : box.bottom() + 1, max(box.left(), 0) : box.right() + 1] = True

    mask.changed.connect(hear)
    for _ in range(40):
        told[:] = False
        before = mask.pixels.copy()
        operate(mask, random)
        assert told[before != mask.pixels].all()


def test_a_cancelled_stroke_leaves_no_trace() -> None:
    mask = painted(5)
    before, steps = mask.pixels.copy(), mask.steps
    mask.begin((20, 20), 50)
    mask.extend((500, 300))
    assert not np.array_equal(mask.pixels, before)
    mask.cancel()
    assert np.array_equal(mask.pixels, before)
    assert mask.steps == steps
    assert consistent(mask)


def test_operations_tell_all_that_is_needed_to_repeat_them() -> None:
    told: list[Operation] = []
    mask = MaskPainting(20, 20)
    mask.operated.connect(told.append)
    mask.begin((3, 3), 4)
    mask.extend((9, 9))
    mask.finish()
    mask.grow(1)
    mask.undo()
    assert [type(one).__name__ for one in told] == ["Began", "Extended", "Step", "Change", "Step"]


def test_a_stroke_on_a_hundred_megapixels_costs_what_it_touches() -> None:
    mask = MaskPainting(10_000, 10_000)
    mask.begin((5000, 5000), 24)  # whatever is made once
    mask.finish()
    tracemalloc.start()
    try:
        mask.begin((300, 400), 24)
        for step in range(200):
            mask.extend((300 + 5 * step, 400 + 40 * math.sin(step / 9)))
        mask.finish()
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4_000_000
    assert kept < 200_000  # compressed: the history may be long
    assert mask.count > 20_000


def test_what_is_painted_over_a_hundred_megapixels_is_kept_small() -> None:
    mask = MaskPainting(10_000, 10_000)
    mask.mark(Rectangle((100, 100), (9900, 9900)))
    mask.invert()
    tracemalloc.start()
    try:
        mask.undo()
        mask.redo()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert mask.count == 10_000**2 - 9800**2
    assert peak < 4_000_000
    assert sum(len(packed) for change in mask.steps[0] for _, packed in change.tiles) < 200_000
