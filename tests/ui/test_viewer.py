"""One picture, large."""

from __future__ import annotations

import numpy as np
import pytest
from canvas_host import LEFT, drag, wheel
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from adir_desktop.contract import Photo
from adir_desktop.ui import qt_images
from adir_desktop.ui.viewer import PhotoViewer


@pytest.fixture
def viewer(qtbot: QtBot) -> PhotoViewer:
    shown = PhotoViewer()
    qtbot.addWidget(shown)
    shown.resize(400, 300)
    with qtbot.waitExposed(shown):
        shown.show()
    return shown


def test_it_is_empty_then_shows_a_picture_then_is_empty_again(viewer: PhotoViewer) -> None:
    ground = viewer.grab().toImage().pixelColor(200, 150)
    viewer.show_levels(qt_images.levels_of(Photo(np.ones((30, 40, 3), np.float32))))
    assert viewer.grab().toImage().pixelColor(200, 150) == QColor("white")
    viewer.show_levels(None)
    assert viewer.grab().toImage().pixelColor(200, 150) == ground


def test_it_zooms_pans_and_fits(viewer: PhotoViewer) -> None:
    viewer.show_levels(qt_images.levels_of(Photo(np.ones((30, 40, 3), np.float32))))
    whole = viewer.view
    wheel(viewer, QPointF(100, 100), 2)
    assert viewer.view.zoom > whole.zoom
    before = viewer.view
    drag(viewer, LEFT, QPoint(200, 150), QPoint(190, 160))
    assert (viewer.view.x - before.x, viewer.view.y - before.y) == (-10, 10)
    QTest.mouseDClick(viewer, LEFT, pos=QPoint(200, 150))
    assert viewer.view == whole
    QTest.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer.view.x == whole.x - 40


def test_what_is_transparent_lies_on_a_checkered_ground(viewer: PhotoViewer) -> None:
    alpha = np.zeros((30, 40), np.float32)
    alpha[:, 20:] = 1
    viewer.show_levels(qt_images.levels_of(Photo(np.zeros((30, 40, 3), np.float32), alpha)))
    image = viewer.grab().toImage()
    assert {image.pixelColor(100 + x, 150 + y).lightness() for x in range(8) for y in range(8)} == {205, 250}
    assert image.pixelColor(300, 150) == QColor("black")
