"""Arrays <-> images: no pixel changes on the way to the screen."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage

from adir_desktop.contract import Finished, Notice, Photo, Request, Restoration
from adir_desktop.tasks import degradation_for
from adir_desktop.ui import qt_images
from adir_desktop.ui.ports import Events


def rgb(image: QImage) -> np.ndarray:
    """(H, W, 3), by asking the image for each of its pixels."""
    return np.array(
        [[image.pixelColor(x, y).getRgb()[:3] for x in range(image.width())] for y in range(image.height())]
    )


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
    assert [image.width() for image in levels.images] == [2100, 1050, 525, 262]
    assert levels.for_width(600).width() == 1050
    assert levels.for_width(9999).width() == 2100
    assert levels.for_width(1).width() == 262


def test_a_large_preview_is_thinned_out_and_a_small_one_is_not() -> None:
    small = np.random.default_rng(2).integers(0, 256, (20, 30, 3), np.uint8)
    assert np.array_equal(rgb(qt_images.preview_image(small)), small)
    large = qt_images.preview_image(np.zeros((3000, 4000, 3), np.uint8))
    assert max(large.width(), large.height()) <= qt_images.PREVIEW


def test_the_overlay_follows_the_mask_inside_the_box_only() -> None:
    overlay = qt_images.mask_image(4, 6)
    mask = np.ones((4, 6), bool)
    qt_images.paint_mask(overlay, mask, QRect(1, 1, 2, 2), QColor(255, 0, 0, 128))
    alphas = [[overlay.pixelColor(x, y).alpha() for x in range(6)] for y in range(4)]
    assert np.count_nonzero(alphas) == 4
    assert alphas[1][1] == alphas[2][2] == 128


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
