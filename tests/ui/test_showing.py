"""How the canvas shows a photo and its result: what can be chosen, and what does not outlive its photo."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from adir_desktop.contract import Photo, Request, Restoration
from adir_desktop.tasks import degradation_for
from adir_desktop.ui import qt_images
from adir_desktop.ui.mask import MaskPainting
from adir_desktop.ui.qt_images import Levels, Picture, Restored
from adir_desktop.ui.session import Session, State, Values
from adir_desktop.ui.showing import Mode, Overlay, Showing

SIZE = (6, 8)
BLACK = np.zeros((*SIZE, 3), np.float32)


@pytest.fixture
def session(qapp: QCoreApplication) -> Iterator[Session]:
    made = Session()
    take(made, "one")
    yield made
    made.deleteLater()


@pytest.fixture
def showing(session: Session) -> Showing:
    return Showing(session, session)


def take(session: Session, photo_id: str) -> None:
    photo = Photo(BLACK)
    state = State(Values(task="denoise"), MaskPainting(*SIZE, session))
    session.take(photo_id, Picture(photo, levels()), state)


def levels() -> Levels:
    return qt_images.levels_of(Photo(BLACK))


def result(*, baseline: bool = False, agreement: bool = False) -> Restored:
    photo = Photo(BLACK)
    restoration = Restoration(photo, Request(photo, "denoise", degradation_for("denoise")), {}, 1.0)
    return Restored(
        restoration,
        levels(),
        levels() if baseline else None,
        agreement=qt_images.heat_map(np.ones(SIZE, np.float32), 3.0) if agreement else None,
    )


def test_every_choice_is_told_once(session: Session, showing: Showing, qtbot: QtBot) -> None:
    session.show(result(baseline=True, agreement=True), saved=True)
    for choose in (
        lambda: showing.choose_mode(Mode.SIDE_BY_SIDE),
        lambda: showing.choose_overlay(Overlay.AGREEMENT),
        lambda: showing.compare_baseline(True),
        lambda: showing.compare_with(levels(), "Yesterday"),
        lambda: showing.peek(on=True),
        lambda: showing.set_zoom(2.0),
    ):
        with qtbot.waitSignal(showing.changed):
            choose()
    with qtbot.assertNotEmitted(showing.changed):
        showing.choose_mode(Mode.SIDE_BY_SIDE)
        showing.choose_overlay(Overlay.AGREEMENT)
        showing.peek(on=True)
        showing.set_zoom(2.0)


def test_only_what_the_result_has_can_be_chosen(session: Session, showing: Showing) -> None:
    showing.choose_overlay(Overlay.AGREEMENT)
    showing.compare_baseline(True)
    assert (showing.overlay, showing.against_baseline) == (Overlay.NONE, False)
    session.show(result(agreement=True), saved=True)
    assert [overlay for overlay in Overlay if showing.has(overlay)] == [Overlay.NONE, Overlay.AGREEMENT]
    showing.choose_overlay(Overlay.AGREEMENT)
    assert showing.overlay is Overlay.AGREEMENT


def test_the_other_result_and_the_baseline_take_each_others_place(session: Session, showing: Showing) -> None:
    session.show(result(baseline=True), saved=True)
    showing.compare_baseline(True)
    other = levels()
    showing.compare_with(other, "Yesterday")
    assert showing.other == (other, "Yesterday")
    assert not showing.against_baseline
    showing.compare_baseline(True)
    assert showing.other is None


def test_saving_changes_nothing_and_a_poorer_result_takes_what_it_lacks(
    session: Session, showing: Showing
) -> None:
    rich = result(baseline=True, agreement=True)
    session.show(rich, saved=False)
    showing.choose_mode(Mode.AFTER)
    showing.choose_overlay(Overlay.AGREEMENT)
    showing.compare_baseline(True)
    session.show(rich, saved=True)
    assert (showing.overlay, showing.against_baseline) == (Overlay.AGREEMENT, True)
    session.show(result(), saved=True)
    assert (showing.overlay, showing.against_baseline) == (Overlay.NONE, False)
    assert showing.mode is Mode.AFTER, "how a person likes to compare stays"


def test_the_other_result_stays_until_it_is_the_one_shown_or_the_photo_goes(
    session: Session, showing: Showing
) -> None:
    first, second = result(), result()
    session.show(first, saved=True)
    showing.compare_with(second.after, "Second")
    session.show(result(), saved=True)
    assert showing.other is not None
    session.show(second, saved=True)
    assert showing.other is None, "a result is not compared with itself"
    showing.compare_with(first.after, "First")
    take(session, "two")
    assert showing.other is None
