"""Where the photo lies: zooming and panning."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF

from adir_desktop.ui.view import GAP, KEPT, MAX_ZOOM, MIN_ZOOM, Frame, View, fitted, halves

PHOTO, WIDGET = QSizeF(600, 400), QSizeF(900, 700)


@pytest.mark.parametrize("zoom", [0.1, 1.0, 7.3, 1000.0])
def test_zooming_keeps_what_is_under_the_pointer(zoom: float) -> None:
    view, at = View(0.7, 31, -12), QPointF(403, 290)
    assert view.zoomed(zoom, at).to_photo(at) == pytest.approx(view.to_photo(at))


def test_photo_and_widget_coordinates_are_inverse() -> None:
    view = View(2.5, 10, 20)
    assert view.to_photo(view.to_widget(7.25, 3.5)) == pytest.approx((7.25, 3.5))


def test_zoom_has_its_limits() -> None:
    assert View().zoomed(1e9, QPointF()).zoom == MAX_ZOOM
    assert View().zoomed(1e-9, QPointF()).zoom == MIN_ZOOM


def test_a_fitted_photo_is_centred_and_whole() -> None:
    shown = fitted(PHOTO, WIDGET).rectangle(PHOTO)
    assert shown.center() == QPointF(450, 350)
    assert shown.left() >= 0
    assert shown.top() >= 0
    assert shown.width() / shown.height() == pytest.approx(1.5)


def test_panning_never_loses_the_photo() -> None:
    for by in (QPointF(1e6, 1e6), QPointF(-1e6, -1e6)):
        shown = View().moved(by, PHOTO, WIDGET).rectangle(PHOTO)
        assert shown.right() >= KEPT
        assert shown.left() <= WIDGET.width() - KEPT
        assert shown.bottom() >= KEPT
        assert shown.top() <= WIDGET.height() - KEPT


@pytest.mark.parametrize("step", [0.3, 1.0, 7.5])
def test_only_the_pixels_that_are_seen_are_drawn_and_none_is_missing(step: float) -> None:
    size = QSize(2000, 1000)
    target = QRectF(-133.3, 41.7, size.width() * step, size.height() * step)
    frame = Frame(target, QRectF(100, 50, 300, 200))
    source = frame.source(size, step, step)
    place = frame.place(source, step, step)
    assert place.contains(frame.seen)
    assert place.width() <= frame.seen.width() + 4 * step + 1e-6
    assert place.height() <= frame.seen.height() + 4 * step + 1e-6
    assert frame.place(QRect(0, 0, 2000, 1000), step, step) == target


def test_a_picture_out_of_sight_has_nothing_to_draw() -> None:
    frame = Frame(QRectF(0, 0, 100, 100), QRectF(200, 0, 50, 50))
    assert frame.seen.isEmpty()
    assert Frame(QRectF(0, 0, 100, 100), QRectF(0, 0, 50, 50)).within(QRectF(40, 40, 50, 50)).seen == QRectF(
        40, 40, 10, 10
    )


@pytest.mark.parametrize("width", [800, 801, 803])
def test_two_panes_are_of_one_size_and_do_not_touch(width: int) -> None:
    left, right = halves(QSizeF(width, 600))
    assert left.size() == right.size()
    assert left.left() == 0
    assert right.right() == width
    assert GAP <= right.left() - left.right() < GAP + 1 + 1e-9
