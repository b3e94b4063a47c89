"""A person's own reference photos: read, compared, and told of where they cannot be."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace

import numpy as np
import pytest
from library_makers import album, drain, exif_block, notices, picture
from PIL import Image

from adir_desktop.contract import Notice, Photo, Progress
from adir_desktop.engine.references import references
from adir_desktop.errors import LibraryError
from adir_desktop.files import sha256_file


def photo(seed: int) -> Photo:
    return Photo(np.asarray(picture(seed), np.float32) / 255)


def test_files_and_folders_become_neighbours(means, tmp_path):
    folder = album(tmp_path / "album" / "deep", range(4)).parent
    single = tmp_path / "single.jpg"
    picture(9).save(single, exif=exif_block("Søren", "CC BY 4.0", 1), quality=95)
    found, seen = drain(references(photo(2), [single, folder]))
    assert found.items[0].path.name == "002.png"
    assert len(found.items) == 5
    similarities = [item.similarity for item in found.items]
    assert similarities == sorted(similarities, reverse=True)
    by_name = {item.path.name: item for item in found.items}
    jpeg = by_name["single.jpg"]
    assert (jpeg.author, jpeg.licence, jpeg.library, jpeg.id) == (
        "Søren",
        "CC BY 4.0",
        "",
        sha256_file(single),
    )
    assert Image.open(io.BytesIO(jpeg.thumbnail)).format == "JPEG"
    assert by_name["002.png"].similarity == pytest.approx(1, abs=1e-3)
    progress = [event for event in seen if isinstance(event, Progress)]
    assert (progress[-1].done, progress[-1].total) == (5, 5)


def test_what_cannot_be_read_is_told_and_left_out(means, tmp_path):
    folder = album(tmp_path / "album", range(2))
    (folder / "words.png").write_text("no picture")
    (folder / "note.txt").write_text("passed over: not a photo's suffix")
    found, seen = drain(references(photo(0), [folder, tmp_path / "missing.png"]))
    assert len(found.items) == 2
    told = [event.message for event in seen if isinstance(event, Notice)]
    assert len(told) == 2
    assert any("words.png" in message for message in told)
    assert any("missing.png" in message for message in told)


def test_equal_files_and_the_open_photo_itself(means, tmp_path):
    folder = album(tmp_path / "album", range(3))
    shutil.copy(folder / "001.png", folder / "copy.png")
    found, seen = drain(references(replace(photo(0), path=folder / "000.png"), [folder, folder / "001.png"]))
    assert [item.path.name for item in found.items] in (["001.png", "002.png"], ["002.png", "001.png"])
    assert "open photo itself" in notices(seen)


def test_nothing_usable_is_an_error(means, tmp_path):
    (tmp_path / "words.png").write_text("no picture")
    (tmp_path / "empty").mkdir()
    for paths in ([tmp_path / "words.png"], [tmp_path / "empty"], []):
        with pytest.raises(LibraryError, match="None of these"):
            drain(references(photo(0), paths))
