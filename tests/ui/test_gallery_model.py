"""Thumbnails that are decoded late and forgotten again, and the words about a neighbour."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
from neighbours import ALBUM, COLOURS, THUMBNAILS, found, near, neighbour, picture, session_with, show_found
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from adir_desktop.contract import NeighbourSet
from adir_desktop.ui import gallery_model
from adir_desktop.ui.gallery_model import (
    CHECK,
    NeighbourModel,
    Thumbnails,
    asked_by_photo,
    decode,
    sources_of,
)


@pytest.fixture
def thumbnails(qtbot: QtBot) -> Iterator[Thumbnails]:
    made = Thumbnails()
    yield made
    made.deleteLater()


def test_a_thumbnail_is_there_a_moment_later(thumbnails: Thumbnails, qtbot: QtBot) -> None:
    item = neighbour(2)
    assert thumbnails.image(item).isNull()
    with qtbot.waitSignal(thumbnails.decoded) as told:
        assert thumbnails.waiting == 1
    assert told.args == [item.id]
    assert near(thumbnails.image(item).pixelColor(10, 10), COLOURS[2])


def test_the_least_recently_used_are_forgotten(
    thumbnails: Thumbnails, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gallery_model, "KEPT", 5)
    for number in range(5):
        thumbnails.image(neighbour(number))
        qtbot.waitUntil(lambda: not thumbnails.waiting)
    assert not thumbnails.image(neighbour(0)).isNull()
    thumbnails.image(neighbour(5))
    qtbot.waitUntil(lambda: not thumbnails.waiting)
    assert len(thumbnails) == 5
    assert not thumbnails.image(neighbour(0)).isNull()
    assert thumbnails.image(neighbour(1)).isNull()


def test_what_was_scrolled_past_is_not_decoded(
    thumbnails: Thumbnails, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gallery_model, "WAITING", 10)
    for number in range(300):
        thumbnails.image(neighbour(number))
    qtbot.waitUntil(lambda: not thumbnails.waiting)
    assert len(thumbnails) == 10
    assert not thumbnails.image(neighbour(299)).isNull()


def test_a_large_picture_is_made_small_and_a_broken_one_is_none() -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (2000, 1000), "red").save(buffer, "JPEG")
    assert decode(buffer.getvalue()).size().toTuple() == (256, 128)
    assert decode(THUMBNAILS[COLOURS[0]]).size().toTuple() == (64, 48)
    assert decode(b"no picture").isNull()
    assert decode(b"").isNull()


def test_switching_one_keeps_the_list_in_place(qtbot: QtBot) -> None:
    session = session_with(ALBUM)
    model = NeighbourModel(session, session)
    session.found_changed.connect(model.follow)
    show_found(session, found(4))
    resets = []
    model.modelReset.connect(lambda: resets.append(1))
    with qtbot.waitSignal(model.dataChanged):
        model.setData(model.index(1), Qt.CheckState.Unchecked, CHECK)
    assert Qt.CheckState(model.index(1).data(CHECK)) == Qt.CheckState.Unchecked
    assert not resets
    assert (model.row_of("id3"), model.row_of("id9")) == (3, -1)


def test_the_library_stands_on_the_tile_only_where_there_are_several() -> None:
    session = session_with(ALBUM)
    model = NeighbourModel(session, session)
    session.found_changed.connect(model.follow)
    show_found(session, found(2))
    assert model.index(0).data(gallery_model.SOURCE) == ""
    items = (neighbour(0), neighbour(1, "Album"), neighbour(2, ""))
    show_found(session, NeighbourSet("Album, Holidays", "starter", "", items))
    assert [model.index(row).data(gallery_model.SOURCE) for row in range(3)] == ["Holidays", "Album", "yours"]
    assert sources_of(session.found) == "Holidays, Album, your own photos"


def test_what_was_asked_for_is_known_from_the_answer() -> None:
    photo = picture().photo
    assert asked_by_photo(found(1), photo)
    assert asked_by_photo(found(1, ""), photo)  # own photos alone
    assert not asked_by_photo(found(1, "roof"), photo)
    pasted = replace(photo, path=None)
    assert asked_by_photo(found(1, "a photo of 32 x 32 pixels"), pasted)
    assert not asked_by_photo(found(1, "roof"), pasted)
