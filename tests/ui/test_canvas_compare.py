"""Before and after, side by side, what lies over the result, and the preview of a running restoration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from canvas_host import LEFT, SIZE, Host, drag, drawn, hosted, photo_at, wheel
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from adir_desktop.contract import Photo, Request, Restoration
from adir_desktop.tasks import degradation_for
from adir_desktop.ui import canvas_overlay, colour_scale, qt_images
from adir_desktop.ui.qt_images import Levels, Restored
from adir_desktop.ui.showing import Mode, Overlay

WHITE, BLACK = QColor("white"), QColor("black")


@pytest.fixture
def host(qtbot: QtBot) -> Iterator[Host]:
    yield from hosted(qtbot)


def grey_levels(value: float) -> Levels:
    return qt_images.levels_of(Photo(np.full((*SIZE, 3), value, np.float32)))


def test_the_slider_parts_before_and_after_in_one_rectangle(host: Host) -> None:
    original = host.colour(40.5, 30.5)
    host.show_result(2)
    assert host.colour(20.5, 30.5) == photo_at(20, 30)
    assert host.colour(40.5, 30.5) == WHITE
    drag(host.canvas, LEFT, host.at(30, 10), host.at(45, 10))
    assert host.canvas.split == pytest.approx(0.75, abs=0.01)
    assert host.colour(40.5, 30.5) == original
    assert host.colour(46.5, 30.5) == WHITE


def test_the_slider_moves_by_keyboard_and_stays_in_the_photo(host: Host) -> None:
    host.show_result()
    QTest.keyClick(host.canvas, Qt.Key.Key_Right)
    assert host.canvas.split == pytest.approx(0.55)
    for _ in range(40):
        QTest.keyClick(host.canvas, Qt.Key.Key_Left)
    assert host.canvas.split == 0.0


def test_beside_the_slider_dragging_pans(host: Host) -> None:
    host.show_result()
    start = host.canvas.view
    drag(host.canvas, LEFT, host.at(10, 10), host.at(10, 10) + QPoint(20, 5))
    assert host.canvas.split == 0.5
    assert (host.canvas.view.x - start.x, host.canvas.view.y - start.y) == (20, 5)


def test_the_result_alone(host: Host) -> None:
    host.show_result()
    host.showing.choose_mode(Mode.AFTER)
    assert host.colour(20.5, 30.5) == host.colour(40.5, 30.5) == WHITE
    start = host.canvas.view
    QTest.keyClick(host.canvas, Qt.Key.Key_Left)
    assert host.canvas.view != start, "without a slider the arrows pan"


def test_side_by_side_shows_the_same_part_twice_also_while_zooming_and_panning(host: Host) -> None:
    canvas = host.canvas
    host.show_result(2)
    host.showing.choose_mode(Mode.SIDE_BY_SIDE)
    left, right = canvas.panes()
    assert left.size() == right.size()
    assert canvas.view.rectangle(canvas.content()).width() < left.width()  # type: ignore[arg-type]
    for step in range(3):
        at = canvas.view.to_widget(20.5, 30.5)
        image = host.image()
        assert image.pixelColor((left.topLeft() + at).toPoint()) == photo_at(20, 30), step
        assert image.pixelColor((right.topLeft() + at).toPoint()) == WHITE, step
        if step == 0:  # in the right half, with what is under the pointer staying there
            where = right.topLeft() + QPointF(150, 280)
            under = canvas.to_photo(where)
            wheel(canvas, where, 2)
            assert canvas.to_photo(where) == pytest.approx(under)
        else:
            drag(canvas, LEFT, QPoint(500, 300), QPoint(490, 330))


def test_neither_half_paints_into_the_other(host: Host) -> None:
    host.show_result()
    host.showing.choose_mode(Mode.SIDE_BY_SIDE)
    for _ in range(8):
        host.canvas.zoom_in()
    left, right = host.canvas.panes()
    image = host.image()
    assert image.pixelColor(int(left.right()) - 2, 300) != WHITE
    assert image.pixelColor(int(right.left()) + 2, 300) == WHITE
    gap = image.pixelColor(int(left.right()) + 1, 300)
    assert gap not in (WHITE, image.pixelColor(int(left.right()) - 2, 300))


def test_going_back_to_one_picture_fits_it_again(host: Host) -> None:
    whole = host.canvas.view
    host.show_result()
    host.showing.choose_mode(Mode.SIDE_BY_SIDE)
    assert host.canvas.view.zoom < whole.zoom
    host.showing.choose_mode(Mode.SLIDER)
    assert host.canvas.view == whole


def test_the_baseline_takes_the_photos_place(host: Host) -> None:
    host.show_result(baseline=True)
    host.showing.compare_baseline(True)
    assert host.colour(20.5, 30.5) == BLACK
    host.showing.compare_baseline(False)
    assert host.colour(20.5, 30.5) == photo_at(20, 30)


def test_any_other_result_can_be_compared(host: Host) -> None:
    host.show_result()
    host.showing.compare_with(grey_levels(0.2), "Yesterday")
    assert host.colour(20.5, 30.5) == QColor(51, 51, 51)
    host.showing.compare_with(None)
    assert host.colour(20.5, 30.5) == photo_at(20, 30)


@pytest.mark.parametrize("mode", list(Mode))
def test_the_backslash_shows_what_was_before_while_it_is_held(host: Host, mode: Mode) -> None:
    host.show_result()
    host.showing.choose_mode(mode)
    right = host.canvas.panes()[-1].topLeft() + host.canvas.view.to_widget(40.5, 30.5)
    assert host.image().pixelColor(right.toPoint()) == WHITE
    QTest.keyPress(host.canvas, Qt.Key.Key_Backslash)
    assert host.image().pixelColor(right.toPoint()) == photo_at(40, 30)
    QTest.keyRelease(host.canvas, Qt.Key.Key_Backslash)
    assert host.image().pixelColor(right.toPoint()) == WHITE


def test_a_key_let_go_of_elsewhere_is_not_held_any_more(host: Host, qtbot: QtBot) -> None:
    host.show_result()
    QTest.keyPress(host.canvas, Qt.Key.Key_Backslash)
    assert host.showing.peeking
    host.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    host.setFocus()
    qtbot.waitUntil(lambda: not host.canvas.hasFocus())
    assert not host.showing.peeking


def heated(alpha: int, index: int, under: QColor) -> tuple[int, ...]:
    share = alpha / 255
    colour = colour_scale.colours()[index]
    return tuple(
        round(share * int(c) + (1 - share) * u) for c, u in zip(colour, under.getRgb()[:3], strict=True)
    )  # type: ignore[index]


def test_maps_lie_over_the_result_only_and_in_the_colours_of_their_scale(host: Host) -> None:
    agreement = np.zeros(SIZE, np.float32)
    agreement[:, 45:] = qt_images.NOISE_TOP
    host.show_result(agreement=agreement)
    host.showing.choose_overlay(Overlay.AGREEMENT)
    assert host.colour(20.5, 10.5) == photo_at(20, 10)
    assert host.colour(40.5, 10.5).getRgb()[:3] == pytest.approx(
        heated(qt_images.HEAT_ALPHA, 0, WHITE), abs=1
    )
    assert host.colour(50.5, 10.5).getRgb()[:3] == pytest.approx(
        heated(qt_images.HEAT_ALPHA, 255, WHITE), abs=1
    )
    host.showing.choose_mode(Mode.SIDE_BY_SIDE)
    left, right = (pane.topLeft() + host.canvas.view.to_widget(50.5, 10.5) for pane in host.canvas.panes())
    assert host.image().pixelColor(left.toPoint()) == photo_at(50, 10)
    assert host.image().pixelColor(right.toPoint()).blue() < 100


def test_a_map_has_a_legend_and_none_has_none(host: Host) -> None:
    host.show_result(spread=np.ones(SIZE, np.float32))
    corner = host.canvas.rect().bottomRight() - QPoint(12, 12)
    before = host.image().pixelColor(corner)
    host.showing.choose_overlay(Overlay.SPREAD)
    assert host.image().pixelColor(corner) != before
    host.showing.choose_overlay(Overlay.AGREEMENT)
    assert host.showing.overlay is Overlay.SPREAD, "there is no agreement to show"


def repaired(host: Host, *, outside: float) -> Restored:
    """Other inside a mask of x >= 40, and by `outside` at one pixel elsewhere."""
    photo = host.session.picture.photo  # type: ignore[union-attr]
    mask = np.zeros(SIZE, bool)
    mask[:, 40:] = True
    pixels = np.where(mask[..., None], 1 - photo.pixels, photo.pixels)
    pixels[10, 20] += outside
    request = Request(photo, "inpaint", degradation_for("inpaint", mask=mask))
    restored = drawn(Restoration(replace(photo, pixels=pixels), request, {}, 1.0))
    assert isinstance(restored, Restored)
    host.session.show(restored, saved=True)
    host.showing.choose_mode(Mode.AFTER)
    host.showing.choose_overlay(Overlay.CHANGES)
    return restored


def test_changes_are_seen_inside_the_mask_and_nowhere_else(host: Host) -> None:
    restored = repaired(host, outside=0.0)
    assert host.colour(20.5, 10.5) == photo_at(20, 10)
    assert host.colour(50.5, 10.5) != QColor(255 - 200, 255 - 60, 255 - 90)
    assert restored.changes is not None
    assert restored.changes.outside == 0
    assert canvas_overlay.outside_words(restored.changes.outside).endswith("mask: 0 of 255.")


def test_the_slightest_change_outside_the_mask_is_seen_and_named(host: Host) -> None:
    restored = repaired(host, outside=1e-6)
    assert host.colour(20.5, 10.5) != photo_at(20, 10)
    assert restored.changes is not None
    assert restored.changes.outside is not None
    assert restored.changes.outside > 0
    assert "mask: 0 of" not in canvas_overlay.outside_words(restored.changes.outside)


def test_a_larger_result_has_no_changes_to_show(host: Host) -> None:
    assert host.show_result(2).changes is None


def test_names_stand_on_both_sides(host: Host) -> None:
    host.show_result()
    image, target = host.image(), host.canvas.view.rectangle(host.canvas.content())  # type: ignore[arg-type]
    chips = [
        QRectF(target.left() + 10, target.top() + 10, 8, 4),
        QRectF(target.right() - 18, target.top() + 10, 8, 4),
    ]
    for chip in chips:
        assert image.pixelColor(chip.center().toPoint()).lightness() < 120
    host.showing.choose_mode(Mode.AFTER)
    QApplication.processEvents()
    assert host.image().pixelColor(chips[1].center().toPoint()) == WHITE
