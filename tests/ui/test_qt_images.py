"""Arrays <-> images: no pixel changes on the way to the screen."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage

from adir_desktop import interrupt
from adir_desktop.contract import Finished, Notice, Photo, Progress, Request, Restoration
from adir_desktop.tasks import degradation_for
from adir_desktop.ui import colour_scale, qt_images
from adir_desktop.ui.ports import Events


def rgb(image: QImage) -> np.ndarray:
    """(H, W, 3), by asking the image for each of its pixels."""
    return np.array(
        [[image.pixelColor(x, y).getRgb()[:3] for x in range(image.width())] for y in range(image.height())]
    )


def rgb_fast(image: QImage) -> np.ndarray:
    """The same from its memory."""
    memory = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return memory[..., 2::-1].astype(int)


@pytest.mark.parametrize("shape", [(1, 1), (3, 7), (300, 5)])
def test_every_level_of_every_channel_survives(shape: tuple[int, int]) -> None:
    levels = np.random.default_rng(1).integers(0, 256, (*shape, 3))
    image = qt_images.to_image((levels / 255).astype(np.float32))
    assert np.array_equal(rgb(image), levels)


def test_values_out_of_range_are_clipped() -> None:
    image = qt_images.to_image(np.array([[[-0.5, 0.5, 1.5]]], np.float32))
    assert rgb(image)[0, 0].tolist() == [0, 128, 255]


def test_alpha_is_shown() -> None:
    alpha = np.array([[0.0, 0.5, 1.0]], np.float32)
    image = qt_images.to_image(np.ones((1, 3, 3), np.float32), alpha)
    assert [image.pixelColor(x, 0).alpha() for x in range(3)] == [0, 128, 255]


def test_levels_halve_and_the_smallest_sufficient_one_is_taken() -> None:
    levels = qt_images.levels_of(Photo(np.zeros((700, 2100, 3), np.float32)))
    assert [image.width() for image in levels.images] == [2100, 1050, 525, 263]
    assert [image.height() for image in levels.images] == [700, 350, 175, 88]
    assert [levels.level_for(scale) for scale in (2.0, 1.0, 0.51, 0.5, 0.26, 0.125, 0.01)] == [
        0, 0, 0, 1, 1, 3, 3,
    ]  # fmt: skip
    assert levels.for_width(600).width() == 1050
    assert levels.for_width(9999).width() == 2100
    assert levels.for_width(1).width() == 263


@pytest.mark.parametrize("side", [1024, 1001])
def test_smaller_levels_are_means_and_get_neither_darker_nor_lighter(side: int) -> None:
    noise = np.random.default_rng(4).integers(0, 256, (side, side, 3))
    levels = qt_images.levels_of(Photo((noise / 255).astype(np.float32)))
    half = rgb_fast(levels.images[1])
    whole = side // 2 * 2
    means = noise[:whole, :whole].reshape(side // 2, 2, side // 2, 2, 3).mean(axis=(1, 3))
    assert np.abs(half[: side // 2, : side // 2] - means).max() <= 1
    assert rgb_fast(levels.images[-1]).mean() == pytest.approx(noise.mean(), abs=0.3)


def test_a_band_is_where_a_job_is_stopped() -> None:
    asked = iter([False, False, True])
    photo = Photo(np.zeros((500, 40, 3), np.float32))
    with interrupt.stopping_when(lambda: next(asked)), pytest.raises(interrupt.Interrupted):
        qt_images.levels_of(photo)


def test_who_finishes_early_still_gets_the_picture() -> None:
    photo = Photo(np.zeros((4, 6, 3), np.float32))

    def job() -> Events:
        yield Finished(photo)

    with interrupt.finishing_when(lambda: True):
        (done,) = qt_images.pictured(job)
    assert isinstance(done, Finished)
    assert done.result.photo is photo


def test_a_large_preview_is_thinned_out_and_a_small_one_is_not() -> None:
    small = np.random.default_rng(2).integers(0, 256, (20, 30, 3), np.uint8)
    assert np.array_equal(rgb(qt_images.preview_image(small)), small)
    large = qt_images.preview_image(np.zeros((3000, 4000, 3), np.uint8))
    assert max(large.width(), large.height()) <= qt_images.PREVIEW


def test_previews_are_thinned_out_on_the_worker() -> None:
    large = np.zeros((3000, 4000, 3), np.uint8)

    def job() -> Events:
        yield Progress("sample", 1, 2, preview=large)

    (event,) = qt_images.pictured(job)
    assert isinstance(event, Progress)
    assert event.preview is not None
    assert max(event.preview.shape) <= qt_images.PREVIEW
    assert event.done == 1


def test_figures_become_colours_of_one_scale() -> None:
    figures = np.array([[0.0, 1.5, 3.0, 99.0]], np.float32)
    image = qt_images.heat_map(figures, 3.0).levels.full
    table = colour_scale.colours()
    seen = [image.pixelColor(x, 0).getRgb() for x in range(4)]
    assert [colour[:3] for colour in seen] == [tuple(table[i]) for i in (0, 128, 255, 255)]  # type: ignore[index]
    assert {colour[3] for colour in seen} == {qt_images.HEAT_ALPHA}  # type: ignore[index]


def test_the_scale_of_a_map_ends_at_a_round_figure_above_almost_all() -> None:
    figures = np.full((100, 100), 3.3, np.float32)
    figures[0, 0] = 250
    assert qt_images.heat_map(figures).top == 5.0
    assert qt_images.heat_map(np.zeros((4, 4), np.float32)).top == 1.0


def changed(by: float, at: tuple[int, int], shape: tuple[int, int] = (700, 900)) -> tuple[Photo, Photo]:
    photo = Photo(np.full((*shape, 3), 0.5, np.float32))
    other = Photo(photo.pixels.copy())
    other.pixels[at][1] += by
    return other, photo


def test_changes_are_clear_where_there_are_none_and_survive_being_drawn_small() -> None:
    restored, photo = changed(1e-6, (333, 555))
    restored.pixels[10, 20] += 0.4
    heat = qt_images.changes_map(restored, photo)
    assert heat is not None
    assert heat.outside is None
    for level, image in enumerate(heat.levels.images):
        marked = [
            (x, y) for y in range(image.height()) for x in range(image.width()) if image.pixelIndex(x, y)
        ]
        assert marked == [(20 >> level, 10 >> level), (555 >> level, 333 >> level)]
        assert image.pixelColor(0, 0).alpha() == 0


def test_changes_inside_and_outside_the_mask_are_told_apart() -> None:
    mask = np.zeros((700, 900), bool)
    mask[300:400, 500:600] = True
    inside = qt_images.changes_map(*changed(0.2, (333, 555)), mask)
    outside = qt_images.changes_map(*changed(0.2, (33, 55)), mask)
    assert inside is not None
    assert outside is not None
    assert inside.outside == 0
    assert inside.top == 100
    assert outside.outside == pytest.approx(51, abs=0.01)


def test_photos_of_different_sizes_are_not_compared() -> None:
    photo = Photo(np.zeros((4, 6, 3), np.float32))
    assert qt_images.changes_map(Photo(np.zeros((8, 12, 3), np.float32)), photo) is None


def test_results_come_ready_to_draw_and_other_events_as_they_are() -> None:
    photo = Photo(np.zeros((4, 6, 3), np.float32))
    restoration = Restoration(photo, Request(photo, "denoise", degradation_for("denoise")), {}, 0.1, photo)

    def job(result: object) -> Events:
        yield Notice("hello")
        yield Finished(result)

    notice, opened = qt_images.pictured(lambda: job(photo))
    assert notice == Notice("hello")
    assert isinstance(opened, Finished)
    assert opened.result.photo is photo
    assert opened.result.levels.full.width() == 6
    *_, restored = qt_images.pictured(lambda: job(restoration))
    assert isinstance(restored, Finished)
    assert restored.result.baseline is not None
    assert restored.result.changes is not None
    assert restored.result.agreement is restored.result.spread is None
