"""What a folder's credits.csv and a photo's EXIF say of it reaches the catalogue, the neighbours and the search."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import datetime

import numpy as np
import pytest
from library_makers import album, drain, exif_block, notices, picture, result
from PIL import ExifTags, Image

from adir_desktop.contract import Photo
from adir_desktop.engine import library, retrieve, shelf
from adir_desktop.engine.catalogue import Catalogue
from adir_desktop.errors import LibraryError
from adir_desktop.searches import Filters, Search


def find(seed: int, k: int, filters: Filters | None = None):
    photo = Photo(np.asarray(picture(seed), np.float32) / 255)
    return result(retrieve.find(photo, "album", k, filters)).items


def test_credits_beside_photos_reach_the_neighbours(means, tmp_path):
    folder = album(tmp_path / "album", range(3))
    picture(7).save(folder / "007.jpg", exif=exif_block("From EXIF", "CC0", orientation=1))
    (folder / "credits.csv").write_text(
        "file,author,licence,page,title\n"
        "001.png,Ann,CC BY 2.0,https://example.org/1,A red lighthouse\n"
        "007.jpg,,CC BY 4.0,,\n",
        encoding="utf-8",
    )
    result(library.index([folder]))
    (first,) = find(1, 1)
    assert (first.author, first.licence, first.page) == ("Ann", "CC BY 2.0", "https://example.org/1")
    assert [item.path.name for item in result(retrieve.find("red", "album", 1)).items] == ["001.png"]
    licensed = {item.path.name: item for item in find(0, 9, Filters(licence="by"))}
    assert set(licensed) == {"001.png", "007.jpg"}
    assert (licensed["007.jpg"].author, licensed["007.jpg"].licence) == ("From EXIF", "CC BY 4.0")


def test_credits_that_cannot_be_used_stop_nothing_and_are_told(means, tmp_path):
    folder = album(tmp_path / "album", range(3))
    (folder / "credits.csv").write_bytes(b"\xff\xfe no text")
    info, seen = drain(library.index([folder]))
    assert info.photos == 3
    assert [path.name for path, _ in info.failed] == ["credits.csv"]
    assert "credits.csv" in " ".join(event.remedy for event in seen if hasattr(event, "remedy"))
    (folder / "credits.csv").unlink()
    assert result(library.update("album")).failed == ()
    assert notices(seen)


def test_the_day_is_the_photos_own_or_its_files(means, tmp_path):
    folder = album(tmp_path / "album", range(1))
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "1998:07:14 12:00:00"
    picture(1).save(folder / "old.jpg", exif=exif)
    wrong = Image.Exif()
    wrong[ExifTags.Base.DateTime] = "0000:00:00 00:00:00"
    picture(2).save(folder / "wrong.jpg", exif=wrong)
    for path in folder.iterdir():
        os.utime(path, (1_300_000_000,) * 2)
    result(library.index([folder]))
    with closing(Catalogue(shelf.home_of("album"))) as catalogue:
        rows = dict(catalogue._rows("SELECT path, taken FROM files JOIN photos ON photos.key = files.photo"))
    of_file = datetime.fromtimestamp(1_300_000_000).date().isoformat()  # noqa: DTZ006  as a person's clock has it
    assert {path.rpartition("/")[2]: day for path, day in rows.items()} == {
        "000.png": of_file,
        "old.jpg": "1998-07-14",
        "wrong.jpg": of_file,
    }
    assert [item.path.name for item in find(0, 9, Filters(until="1999"))] == ["old.jpg"]


def test_what_a_person_left_out_for_good_does_not_come_again(means, tmp_path):
    result(library.index([album(tmp_path / "album", range(5))]))
    first, second = find(3, 2)
    assert find(3, 1, Filters(exclude=frozenset({first.id})))[0].id == second.id


def test_a_folder_that_vanishes_meanwhile_takes_nothing_with_it(means, tmp_path):
    folder = album(tmp_path / "album", range(40))
    result(library.index([folder]))
    album(folder, range(40, 120))
    events = library.update("album")
    next(event for event in events if event.done)  # it has begun to read
    folder.rename(tmp_path / "away")
    with pytest.raises(LibraryError, match="went away"):
        result(events)
    (tmp_path / "away").rename(folder)
    assert result(library.update("album")).photos == 120


def test_words_beside_a_photo(means, tmp_path):
    result(library.index([album(tmp_path / "album", range(5))]))
    photo = Photo(np.asarray(picture(3), np.float32) / 255)
    found = result(retrieve.find(Search(photo, "red"), "album", 5))
    assert found.query.endswith("pixels, red")
    alone = result(retrieve.find(photo, "album", 1)).items[0]
    words = {item.id: item.similarity for item in result(retrieve.find("red", "album", 5)).items}
    (mixed,) = [item for item in found.items if item.id == alone.id]
    assert min(words[alone.id], alone.similarity) < mixed.similarity < 1
