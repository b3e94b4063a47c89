"""Several photos open: what belongs to one comes back with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from scripted import found, restoration

from adir_desktop.contract import Photo, Request
from adir_desktop.tasks import degradation_for
from adir_desktop.ui.desk import IN_MEMORY, Badge, Desk, Result
from adir_desktop.ui.keeper import thumbnail_of
from adir_desktop.ui.qt_images import Picture, Restored, levels_of
from adir_desktop.ui.session import Session


def picture(name: str, side: int = 40, *, grey: bool = False) -> Picture:
    photo = Photo(np.full((side, side, 3), 0.5, np.float32), path=Path("/photos") / name, grey=grey)
    return Picture(photo, levels_of(photo))


def result(session: Session, name: str = "r", *, kept: bool = True) -> Result:
    assert session.picture is not None
    made = restoration(Request(session.picture.photo, "upscale", degradation_for("upscale")))
    restored = Restored(made, levels_of(made.photo), None)
    return Result(name, "Enlarge", "", "", 1.0, thumbnail_of(made.photo.pixels), kept=kept, restored=restored)


@pytest.fixture
def session(qapp: QApplication) -> Session:
    return Session()


@pytest.fixture
def desk(session: Session) -> Desk:
    return Desk(session, session)


def test_each_photo_keeps_its_values_mask_neighbours_and_result(desk: Desk, session: Session) -> None:
    first = desk.open(picture("first.png"))
    session.change(replace(session.values, task="inpaint", seed=7))
    session.mask.begin((10.5, 10.5), 4)
    session.mask.finish()
    painted = session.mask.pixels.copy()
    session._set_found(found())
    desk.add_result(first.id, result(session))
    shown = session.restored

    second = desk.open(picture("second.png", 60))
    assert session.photo_id == second.id
    assert session.mask.empty
    assert session.found is None
    assert session.restored is None
    session.change(replace(session.values, seed=8))

    desk.put(first, first.picture)
    assert (session.values.task, session.values.seed) == ("inpaint", 7)
    assert np.array_equal(session.mask.pixels, painted)
    assert len(session.found.items) == 4
    assert session.restored is shown
    session.mask.undo()
    assert session.mask.empty, "its history came along"
    desk.put(second, second.picture)
    assert session.values.seed == 8


def test_painting_one_photo_does_not_tell_of_another(desk: Desk, session: Session) -> None:
    desk.open(picture("first.png"))
    other = session.mask
    desk.open(picture("second.png"))
    told: list[object] = []
    session.mask_changed.connect(told.append)
    other.begin((3.5, 3.5), 2)
    other.finish()
    assert told == []


def test_a_result_of_a_photo_off_the_canvas_waits_there(desk: Desk, session: Session) -> None:
    first = desk.open(picture("first.png"))
    made = result(session)
    second = desk.open(picture("second.png"))
    desk.add_result(first.id, made)
    assert session.restored is None
    assert first.badge is Badge.DONE
    assert desk.unsaved == (first,)
    desk.put(first, first.picture)
    assert session.restored is made.restored
    assert not session.saved
    assert first.badge is Badge.NONE, "it has been looked at"
    assert second.badge is Badge.NONE


def test_results_are_shown_saved_and_forgotten(desk: Desk, session: Session) -> None:
    sheet = desk.open(picture("first.png"))
    one, two = result(session, "one"), result(session, "two")
    desk.add_result(sheet.id, one)
    desk.add_result(sheet.id, two)
    assert session.restored is two.restored
    desk.show(one)
    assert session.restored is one.restored
    desk.mark_saved(one)
    assert session.saved
    desk.show(None)
    assert session.restored is None
    assert session.saved
    desk.show(two)
    assert not session.saved
    desk.forget("two")
    assert session.restored is None
    assert [kept.id for kept in sheet.results] == ["one"]
    assert desk.unsaved == ()


def test_older_results_are_let_go_only_if_they_are_on_disk(desk: Desk, session: Session) -> None:
    sheet = desk.open(picture("first.png"))
    for number in range(IN_MEMORY + 2):
        desk.add_result(sheet.id, result(session, str(number), kept=number != 0))
    held = [kept.restored is not None for kept in sheet.results]
    assert held == [True, False, *[True] * IN_MEMORY], "the first is nowhere else"


def test_closing_the_last_photo_empties_the_canvas(desk: Desk, session: Session) -> None:
    sheet = desk.open(picture("first.png"))
    closed: list[object] = []
    desk.closed.connect(closed.append)
    desk.close(sheet.id)
    assert closed == [sheet]
    assert session.picture is None
    assert session.mask is None
    assert desk.current is None


def test_a_new_photo_begins_with_what_was_done_last(desk: Desk, session: Session) -> None:
    desk.open(picture("large.png", 500))
    assert session.values.task == "denoise", "what harms least"
    session.change(replace(session.values, task="denoise", noise=30.0, steps=9))
    desk.open(picture("other.png", 500))
    assert (session.values.task, session.values.steps, session.values.noise) == ("denoise", 9, None)
    desk.open(picture("grey.png", 500, grey=True))
    assert session.values.task == "colorize"
