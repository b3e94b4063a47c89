"""Where the photo lies: zooming and panning."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QSizeF

from adir_desktop.ui.view import KEPT, MAX_ZOOM, MIN_ZOOM, View, fitted

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
