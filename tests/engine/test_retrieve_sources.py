"""Several libraries as one, "more like this", and words: an encoder of plain pixel means stands in."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from library_makers import Means, album, drain, notices, picture, result

from adir_desktop.contract import Photo, Source
from adir_desktop.engine import encoder as encoders
from adir_desktop.engine import library, retrieve
from adir_desktop.errors import LibraryError, ModelError, PhotoError, RequestError
from adir_desktop.files import sha256_file


def photo(seed: int) -> Photo:
    return Photo(np.asarray(picture(seed), np.float32) / 255)


def names(found) -> list[str]:
    return [item.path.name for item in found.items]


@pytest.fixture
def two(means, tmp_path) -> tuple[Path, Path]:
    """The libraries "one", pictures 0 to 5, and "two", pictures 6 to 11."""
    folders = album(tmp_path / "one", range(6)), album(tmp_path / "two", range(6, 12))
    for folder in folders:
        result(library.index([folder]))
    return folders


def search(query, *sources: Source, k: int = 12):
    return drain(retrieve.find(query, sources, k))


def test_plain_libraries_are_searched_as_one(two, tmp_path):
    together, _ = search(photo(50), Source("one"), Source("two"))
    assert together.library == "one, two"
    similarities = [item.similarity for item in together.items]
    assert similarities == sorted(similarities, reverse=True)
    assert {(item.library, item.path.parent.name) for item in together.items} == {
        ("one", "one"),
        ("two", "two"),
    }
    result(library.index(two, name="both"))
    assert names(together) == names(search(photo(50), Source("both"))[0])


def test_a_weight_divides_the_angle(two):
    found, _ = search(photo(50), Source("one", 3.0), Source("two", 1.0))
    assert {item.library: item.weight for item in found.items} == {"one": 3.0, "two": 1.0}
    distances = [item.angle / item.weight for item in found.items]
    assert distances == sorted(distances)
    plain = names(search(photo(50), Source("one"), Source("two"))[0])
    assert names(found) != plain
    assert names(found)[0] == min(plain[:12], key=lambda name: (int(name[:3]) > 5, plain.index(name)))
    assert search(photo(50), Source("one", 1e9), Source("two", 1e-9), k=6)[0].items == tuple(
        item for item in search(photo(50), Source("one", 1e9))[0].items
    )


def test_a_photo_in_both_libraries_is_one_neighbour(two):
    one, other = two
    shutil.copy(one / "003.png", other / "again.png")
    result(library.update("two"))
    for sources, wanted in (
        ((Source("one"), Source("two", 2.0)), "again.png"),
        ((Source("one", 2.0), Source("two")), "003.png"),
    ):
        found, _ = search(photo(50), *sources)
        assert [item.path.name for item in found.items if item.id == sha256_file(one / "003.png")] == [wanted]
        assert len(found.items) == len({item.id for item in found.items}) == 12


def test_the_same_library_twice_counts_once(two):
    assert (
        search(photo(50), Source("one"), Source(str(two[0]), 5.0))[0] == search(photo(50), Source("one"))[0]
    )


def test_more_than_all_libraries_have_together(two):
    found, seen = search(photo(50), Source("one"), Source("two"), k=50)
    assert len(found.items) == 12
    assert "together have 12 photos, not 50" in notices(seen)


def test_an_empty_library_is_passed_over(two):
    for path in two[0].iterdir():
        path.unlink()
    (two[0] / "notes.txt").touch()
    result(library.update("one"))
    found, seen = search(photo(50), Source("one"), Source("two"))
    assert found.library == "two"
    assert "'one' is empty" in notices(seen)
    with pytest.raises(LibraryError, match="empty"):
        search(photo(50), Source("one"))


def test_libraries_of_two_encoders_are_not_compared(two, means, tmp_path, monkeypatch):
    other = Means(id="others@1")
    with monkeypatch.context() as patched:
        patched.setattr(encoders, "load_encoder", lambda spec="starter", device="cpu": other)
        result(library.index([album(tmp_path / "three", [20])]))
    with pytest.raises(LibraryError, match=r"'one' with means@1, 'three' with others@1.*one at a time"):
        search(photo(50), Source("one"), Source("three"))


@pytest.mark.parametrize("weight", [0.0, -1.0, float("nan"), float("inf")])
def test_weights_that_mean_nothing_are_refused(two, weight):
    with pytest.raises(RequestError, match="weight"):
        search(photo(50), Source("one", weight))


def test_no_library_is_an_error(two):
    with pytest.raises(LibraryError, match="No photo library"):
        search(photo(50))


def test_more_like_this_leaves_the_photo_itself_out(two):
    path = two[0] / "002.png"
    copy = two[1] / "copy.png"
    shutil.copy(path, copy)
    result(library.update("two"))
    found, _ = search(path, Source("one"), Source("two"))
    assert found.query == str(path)
    assert len(found.items) == 11
    assert sha256_file(path) not in {item.id for item in found.items}
    changed = two[0] / "004.png"
    picture(60).save(changed)  # since it was indexed: the same file all the same
    assert "004.png" not in names(search(changed, Source("one"))[0])
    outside = two[0].parent / "outside.png"
    picture(2).rotate(1).save(outside)
    assert names(search(outside, Source("one"), k=1)[0]) == ["002.png"]
    with pytest.raises(PhotoError):
        search(two[0] / "none.png", Source("one"))


# Words


@pytest.fixture
def named(means, tmp_path) -> Path:
    """The library "Family": names with accents, numbers and folders."""
    folder = tmp_path / "home" / "Family"
    for seed, name in enumerate(
        ("Été 1962/Tante Zoë.png", "Été 1962/boat.png", "IMG_0042b.png", "Zoe_2001.png")
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        picture(seed).save(folder / name)
    result(library.index([folder]))
    return folder


class Wordless(Means):
    """An encoder that knows pictures only."""

    def encode_text(self, texts):
        raise ModelError("The encoder means@1 knows no words.", "Search with a photo.")


@pytest.fixture
def wordless(monkeypatch) -> None:
    encoder = Wordless()
    monkeypatch.setattr(encoders, "load_encoder", lambda spec="starter", device="cpu": encoder)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("zoe", ["Tante Zoë.png", "Zoe_2001.png"]),
        ("ZOË tan", ["Tante Zoë.png"]),
        ("1962 ete", ["Tante Zoë.png", "boat.png"]),
        ("img42", []),
        ("0042", ["IMG_0042b.png"]),
        ("img0042b", ["IMG_0042b.png"]),
        ("oat", []),  # the middle of a word
        ("family 2001", ["Zoe_2001.png"]),  # the library's own folder is a name too
        ("home", []),  # what lies above it is not
        ("png", []),
    ],
)
@pytest.mark.usefixtures("named", "wordless")
def test_without_words_in_the_encoder_names_are_searched(words, wanted):
    found, seen = search(words, Source("Family"), k=4)
    assert sorted(names(found)) == sorted(wanted)
    assert all((item.similarity, item.angle) == (0.0, 90.0) for item in found.items)
    assert "Only names" in notices(seen)
    assert ("No name holds" in notices(seen)) == (not wanted)


def test_authors_and_licences_are_searched(means, wordless, tmp_path):
    from library_makers import exif_block

    folder = album(tmp_path / "album", range(3), ".jpg")
    picture(9).save(folder / "nine.jpg", exif=exif_block("Søren Ørsted", "CC BY 4.0", 1))
    result(library.index([folder]))
    for words in ("ørsted", "orsted soren", "cc by", "nine by"):
        wanted = (
            [] if words == "orsted soren" else ["nine.jpg"]
        )  # ø is a letter of its own, not o with an accent
        assert names(search(words, Source("album"))[0]) == wanted


@pytest.mark.usefixtures("named")
def test_names_come_before_what_photos_show():
    """The stand-in reads words as colours."""
    found, seen = search("red", Source("Family"))
    assert len(found.items) == 4
    assert "few words" in notices(seen)


def test_named_photos_come_first_and_the_rest_by_similarity(means, named):
    picture(7).save(named / "red.png")
    result(library.update("Family"))
    found, seen = search("red", Source("Family"))
    assert found.items[0].path.name == "red.png"
    assert found.items[0].similarity != 0
    rest = [item.similarity for item in found.items[1:]]
    assert rest == sorted(rest, reverse=True)
    assert len(found.items) == 5
    assert "in the first 1" in notices(seen)


def test_weights_and_paths_order_what_names_found(two, wordless):
    for number, folder in enumerate(two):
        for letter in "ab":
            picture(30 + 2 * number + ord(letter)).save(folder / f"boat {letter}.png")
        result(library.update(folder.name))
    heavy = search("boat", Source("one"), Source("two", 2.0))[0]
    assert [item.library for item in heavy.items] == sorted(
        (item.library for item in heavy.items), reverse=True
    )
    plain = [str(item.path) for item in search("boat", Source("one"), Source("two"))[0].items]
    assert plain == sorted(plain)
    assert len(plain) == 4


def test_many_names_are_read_in_parts(two, wordless, monkeypatch):
    monkeypatch.setattr(retrieve, "CHUNK", 2)
    monkeypatch.setattr("adir_desktop.engine.words_search.CHUNK", 2)
    for seed in range(40, 45):
        picture(seed).save(two[0] / f"sea {seed}.png")
    result(library.update("one"))
    (two[0] / "sea 41.png").unlink()
    found, seen = search("sea", Source("one"), k=3)
    assert len(found.items) == 3
    assert "1 photos" in notices(seen)
