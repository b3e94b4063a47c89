"""`adir library`: add, update, list, remove, search, with the real encoder on small photos."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image
from small_photos import make_photo

from adir_desktop.places import data_dir


def home_of(name: str) -> Path:
    return data_dir() / "libraries" / name


@pytest.fixture
def indexed(adir, album: Path) -> str:
    assert adir("library", "add", album).code == 0
    return "album"


def test_a_librarys_life(adir, album: Path) -> None:
    assert "no library yet" in adir("library", "list").err
    ran = adir("library", "add", album)
    assert ran.code == 0
    assert "'album' has 5 photos" in ran.out
    make_photo(album / "6.png", seed=6)
    assert "has 6 photos" in adir("library", "update").out
    listed = adir("library", "list")
    assert "album" in listed.out
    assert str(album) in listed.out
    ((info,),) = (line["libraries"] for line in adir("library", "list", "--json").lines)
    assert (info["name"], info["photos"]) == ("album", 6)
    assert adir("library", "remove", "album").code == 0
    assert adir("library", "list", "--json").lines == [{"libraries": []}]
    assert len(list(album.iterdir())) == 6  # the photos stay


def test_a_name_of_ones_own(adir, album: Path) -> None:
    assert adir("library", "add", album, "--name", "summer").code == 0
    assert adir("library", "update", "summer").code == 0
    assert home_of("summer").is_dir()


def test_progress_for_programs(adir, album: Path) -> None:
    lines = adir("library", "add", album, "--events", "json").lines
    stages = [line for line in lines if "stage" in line]
    assert stages
    assert all({"stage", "done", "total", "eta", "seconds"} <= set(line) for line in stages)
    assert lines[-1]["photos"] == 5


def test_files_that_are_no_photos_are_told(adir, album: Path) -> None:
    (album / "broken.png").write_bytes(b"\x89PNG broken")
    ran = adir("library", "add", album)
    assert ran.code == 0
    assert "broken.png" in ran.err
    assert "has 5 photos" in ran.out


def test_not_all_of_a_thousand_broken_files_are_named(adir, album: Path) -> None:
    for number in range(30):
        (album / f"broken{number}.png").write_bytes(b"\x89PNG broken")
    ran = adir("library", "add", album)
    assert ran.code == 0
    assert ran.err.count("Left out") == 20
    assert "10 more" in ran.err
    (line,) = adir("library", "list", "--json").lines
    assert len(line["libraries"][0]["failed"]) == 30


def test_searching_by_a_photo_finds_it_first(adir, indexed: str, album: Path) -> None:
    ((found),) = adir("library", "search", "--image", album / "3.png", "-k", 2, "--json").lines
    first, second = found["neighbours"]
    assert (Path(first["path"]).name, first["similarity"]) == ("3.png", pytest.approx(1, abs=0.01))
    assert second["similarity"] < first["similarity"]
    ran = adir("library", "search", "--image", album / "3.png", "-k", 2)
    assert ran.code == 0
    assert str(album / "3.png") in ran.out.splitlines()[1]


def test_searching_by_words(adir, indexed: str) -> None:
    ran = adir("library", "search", "--text", "a red house", "-k", 3)
    assert ran.code == 0
    assert len(ran.out.splitlines()) == 4


def test_more_than_there_are_is_no_failure(adir, indexed: str) -> None:
    ran = adir("library", "search", "--text", "water", "-k", 99, "--json")
    assert ran.code == 0
    (found,) = ran.lines
    assert len(found["neighbours"]) == 5
    assert "99" in ran.err


@pytest.fixture
def second(adir, indexed: str, here: Path) -> Path:
    """Another library, "second", of two photos."""
    for seed in (8, 9):
        make_photo(here / "second" / f"{seed}.png", 64, 56, seed)
    assert adir("library", "add", here / "second").code == 0
    return here / "second"


def test_all_libraries_are_searched_unless_some_are_named(adir, second: Path) -> None:
    (found,) = adir("library", "search", "--text", "water", "-k", 7, "--json").lines
    assert found["library"] == "album, second"
    assert {item["library"] for item in found["neighbours"]} == {"album", "second"}
    ran = adir("library", "search", "--text", "water", "-k", 7)
    assert ran.out.splitlines()[0].split()[-1] == "Library"
    (found,) = adir("library", "search", "--text", "water", "-k", 2, "--library", "second", "--json").lines
    assert {item["library"] for item in found["neighbours"]} == {"second"}


def test_a_weight_brings_a_library_forward(adir, second: Path, photo: Path) -> None:
    def first(*libraries: str) -> str:
        named = [part for name in libraries for part in ("--library", name)]
        (found,) = adir("library", "search", "--image", photo, "-k", 1, *named, "--json").lines
        return found["neighbours"][0]["library"]

    assert first("album=1000", "second=0.001") == "album"
    assert first("album=0.001", f"{second}=1000") == "second"


def test_more_like_this_leaves_it_out(adir, indexed: str, album: Path) -> None:
    (found,) = adir("library", "search", "--like", album / "3.png", "-k", 4, "--json").lines
    assert sorted(Path(item["path"]).name for item in found["neighbours"]) == [
        "1.png",
        "2.png",
        "4.png",
        "5.png",
    ]


def test_a_name_is_found_by_its_words(adir, indexed: str, album: Path) -> None:
    make_photo(album / "Tante Zoë 1962.png", seed=7)
    assert adir("library", "update").code == 0
    ran = adir("library", "search", "--text", "1962 zoe", "-k", 3, "--json")
    assert Path(ran.lines[0]["neighbours"][0]["path"]).name == "Tante Zoë 1962.png"
    assert "in the first 1" in ran.err


def test_remedies_name_the_command_that_helps(adir, indexed: str) -> None:
    assert "adir library --help" in adir("library", "remove", "none").problem


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["add", "nowhere"], "nowhere"),
        (["add", "empty"], "no photos"),
        (["add", "photo.png"], "photo.png"),
        (["add", "album", "--encoder", "no-such-model"], "no-such-model"),
        (["add", "album", "--name", "../up"], "../up"),
        (["update", "nothing"], "nothing"),
        (["update"], "no library yet"),
        (["remove", "nothing"], "nothing"),
        (["remove", "../secret"], "secret"),
        (["search", "--text", "x"], "no library yet"),
        (["search", "--text", "x", "--library", "nothing"], "nothing"),
        (["search", "--text", "x", "--library", "nothing=2"], "nothing"),
        (["search", "--text", "x", "--library", "nothing=0"], "no weight"),
        (["search", "--text", "x", "--library", "nothing=much"], "no weight"),
        (["search", "--like", "nothing.png", "--library", "x"], "'x'"),
        (["search", "--image", "nothing.png", "--library", "x"], "nothing.png"),
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("photo", "album")
def test_what_cannot_be_done(adir, here: Path, arguments: list[str], words: str) -> None:
    (here / "empty").mkdir()
    ran = adir("library", *arguments)
    assert ran.code in (1, 2)
    assert words in ran.problem
    assert not list(data_dir().rglob("*.sqlite"))


def test_a_damaged_catalogue_is_told_and_nothing_is_lost(adir, indexed: str, album: Path) -> None:
    catalogue = home_of(indexed) / "catalogue.sqlite"
    catalogue.write_bytes(b"junk" * 1000)
    for arguments in (["search", "--text", "x", "--library", indexed], ["update", indexed]):
        ran = adir("library", *arguments)
        assert ran.code == 2
        assert "damaged" in ran.problem
    assert adir("library", "list").code == 0
    assert adir("library", "remove", indexed).code == 0
    assert adir("library", "add", album).code == 0


def test_a_damaged_index_is_made_again(adir, indexed: str) -> None:
    next(home_of(indexed).glob("index-*.usearch")).write_bytes(b"junk" * 100)
    ran = adir("library", "search", "--text", "water", "--json")
    assert ran.code == 0
    assert "damaged" in ran.err
    (found,) = ran.lines
    assert len(found["neighbours"]) == 5


def test_a_folder_that_vanished_forgets_nothing(adir, indexed: str, album: Path) -> None:
    album.rename(album.with_name("away"))
    ran = adir("library", "update", indexed)
    assert ran.code == 2
    assert "album" in ran.problem
    ((info,),) = (line["libraries"] for line in adir("library", "list", "--json").lines)
    assert info["photos"] == 5


def test_one_library_that_fails_does_not_hold_up_the_others(
    adir, indexed: str, album: Path, here: Path
) -> None:
    make_photo(here / "second" / "1.png", seed=9)
    adir("library", "add", here / "second")
    make_photo(here / "second" / "2.png", seed=8)
    album.rename(album.with_name("away"))
    ran = adir("library", "update")
    assert ran.code == 2
    assert "Not updated: album" in ran.problem
    assert "'second' has 2 photos" in ran.out


def test_a_full_disk_is_told_and_what_was_there_stays(adir, indexed: str, album: Path, request) -> None:
    make_photo(album / "6.png", seed=6)
    request.getfixturevalue("full_disk")
    ran = adir("library", "update", indexed)
    assert ran.code == 1
    assert "full" in ran.problem
    assert len(adir("library", "search", "--text", "water", "--json").lines[-1]["neighbours"]) >= 5


def test_listing_a_damaged_library_does_not_hide_the_others(adir, indexed: str, here: Path) -> None:
    make_photo(here / "second" / "1.png", seed=9)
    adir("library", "add", here / "second")
    (home_of(indexed) / "catalogue.sqlite").write_bytes(b"junk" * 1000)
    ran = adir("library", "list", "--json")
    names = {info["name"] for line in ran.lines for info in line["libraries"]}
    assert names == {"album", "second"}
    assert json.loads(ran.out)


def test_a_photo_with_words_and_with_a_part_that_does_not_count(
    adir, indexed: str, album: Path, tmp_path
) -> None:
    photo = album / "1.png"
    names = lambda ran: [Path(item["path"]).name for item in ran.lines[0]["neighbours"]]  # noqa: E731
    alone = adir("library", "search", "--image", photo, "-k", 5, "--json")
    both = adir("library", "search", "--image", photo, "--text", "a bright day", "-k", 5, "--json")
    assert names(alone)[0] == "1.png"
    assert both.lines[0]["query"] == f"{photo}, a bright day"
    assert both.lines[0]["neighbours"][0]["similarity"] < 0.99
    with Image.open(photo) as image:
        spoilt, mask = image.convert("RGB"), Image.new("L", image.size)
    box = (0, 0, image.width // 2, image.height // 2)
    spoilt.paste((255, 0, 255), box)
    mask.paste(255, box)
    spoilt.save(tmp_path / "spoilt.png")
    mask.save(tmp_path / "mask.png")
    search = ("library", "search", "--image", tmp_path / "spoilt.png", "-k", 1, "--json")
    (as_it_is,) = adir(*search).lines[0]["neighbours"]
    (ignoring,) = adir(*search, "--ignore", tmp_path / "mask.png").lines[0]["neighbours"]
    assert Path(ignoring["path"]).name == "1.png"
    assert ignoring["similarity"] > as_it_is["similarity"]


def test_filters(adir, indexed: str, album: Path) -> None:
    search = ("library", "search", "--image", album / "1.png", "--json")
    assert len(adir(*search, "--in", album).lines[0]["neighbours"]) == 5
    nothing = adir(*search, "--licence", "nobody")
    assert (nothing.code, nothing.lines[0]["neighbours"]) == (0, [])
    assert "passes the filters" in nothing.err
    assert adir(*search, "--since", "yesterday").code == 2
    assert len(adir(*search, "--since", "2000", "--until", "2999-12-31").lines[0]["neighbours"]) == 5
