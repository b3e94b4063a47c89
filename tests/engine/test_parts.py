"""Parts and merging: what joins a catalogue, what is doubled never, and what is refused."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from library_makers import (
    Means,
    album,
    assert_index_is_complete,
    drain,
    ids,
    nearest,
    notices,
    picture,
    result,
)

from adir_desktop.contract import Progress
from adir_desktop.engine import encoder as encoders
from adir_desktop.engine import library, parts, shelf
from adir_desktop.engine.catalogue import CATALOGUE, Catalogue, FileState
from adir_desktop.engine.schema import VERSION
from adir_desktop.engine.sqlite import writing
from adir_desktop.errors import LibraryError, ModelError, StorageError


def contents(home: Path) -> dict[str, tuple]:
    """By path, all that the catalogue has of a file and its photo, keys left out."""
    with closing(sqlite3.connect(home / CATALOGUE)) as connection:
        rows = connection.execute(
            "SELECT path, size, mtime_ns, sha256, width, height, author, licence, title, page, taken, vector, jpeg"
            " FROM files JOIN photos ON key = photo JOIN vectors USING (key) JOIN thumbnails USING (key)"
        ).fetchall()
        (photos,) = connection.execute("SELECT COUNT(*) FROM photos").fetchone()
    assert len({row[3] for row in rows}) == photos  # none without a file
    return {row[0]: row[1:] for row in rows}


def dump(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / CATALOGUE)) as connection:
        return [line for line in connection.iterdump() if "'updated'" not in line]


def states(*folders: Path) -> list[FileState]:
    files = sorted(path for folder in folders for path in folder.iterdir())
    return [FileState(str(p), p.stat().st_size, p.stat().st_mtime_ns) for p in files]


def merged(into: str, *names: str) -> Path:
    home = shelf.home_at(shelf.place_of(into))
    result(parts.merge(home, [shelf.home_of(name) for name in names]))
    return home


@pytest.fixture
def halves(means, tmp_path):
    """Two libraries that share three photos, and one of both their folders."""
    one, two = album(tmp_path / "one", range(12)), album(tmp_path / "two", range(9, 20))
    (one / "bad.jpg").write_text("no picture")
    for name, folders in {"first": [one], "second": [two], "union": [one, two]}.items():
        result(library.index(folders, name))
    return one, two


def test_merging_equals_indexing_the_union(halves, means):
    means.seen.clear()
    home = merged("both", "first", "second")
    assert means.seen == []  # nothing is embedded again
    assert contents(home) == contents(shelf.home_of("union"))
    infos = {info.name: info for info in library.list_libraries()}
    for name in ("folders", "photos", "failed", "encoder"):
        assert getattr(infos["both"], name) == getattr(infos["union"], name)
    assert infos["both"].photos == 20
    assert_index_is_complete("both")
    assert [nearest("both", seed) for seed in range(20)] == [nearest("union", seed) for seed in range(20)]
    means.seen.clear()
    assert result(library.update("both")).photos == 20
    assert means.seen == []


def test_new_keys_are_in_the_others_order_and_merging_twice_changes_nothing(halves):
    home = merged("both", "first", "second")
    with closing(Catalogue(home)) as catalogue:
        photos = sorted(catalogue.stored(catalogue.keys().tolist()), key=lambda photo: photo.key)
    assert [Path(photo.paths[0]).name for photo in photos] == [f"{seed:03}.png" for seed in range(20)]
    before = dump(home)
    merged("both", "second", "first", "second")
    assert dump(home) == before
    with closing(Catalogue(home)) as catalogue, writing(home):
        taken = result(parts.take(catalogue, shelf.home_of("first") / CATALOGUE))
    assert taken == parts.Taken(0, 0)


def test_keys_of_photos_that_are_gone_are_not_given_again(halves):
    one, _ = halves
    home = merged("both", "first")
    (one / "011.png").unlink()
    result(library.update("both"))
    merged("both", "second")
    with closing(Catalogue(home)) as catalogue:
        assert catalogue.keys().tolist() == [*range(1, 12), *range(13, 22)]
    assert ids("both").keys() == {f"{seed:03}.png" for seed in range(20)}


@pytest.mark.parametrize("ours_is_newer", [True, False])
def test_the_newer_state_of_a_file_counts(means, tmp_path, ours_is_newer):
    folder = album(tmp_path / "album", range(4))
    result(library.index([folder], "old"))
    picture(50).save(folder / "001.png")
    os.utime(folder / "001.png", ns=(2 * 10**18, 2 * 10**18))
    result(library.index([folder], "new"))
    into, other = ("new", "old") if ours_is_newer else ("old", "new")
    wanted = contents(shelf.home_of("new"))
    home = merged(into, other)
    assert contents(home) == wanted  # and no photo is left whose file holds another now
    assert nearest(into, 50, 1)[0] == ["001.png"]
    assert_index_is_complete(into)


def test_what_either_could_read_has_not_failed(means, tmp_path):
    folder = album(tmp_path / "album", range(3))
    (folder / "late.png").write_text("not yet")
    (folder / "never.png").write_text("no")
    result(library.index([folder], "before"))
    picture(9).save(folder / "late.png")
    result(library.index([folder], "after"))
    for into, other in (("before", "after"), ("after", "before")):
        merged(into, other)
        with closing(Catalogue(shelf.home_of(into))) as catalogue:
            assert [Path(path).name for path, _ in catalogue.failed()] == ["never.png"]


def test_another_encoder_is_refused_before_anything_is_made(means, tmp_path):
    result(library.index([album(tmp_path / "one", range(3))], "one"))
    means.id = "means@2"
    result(library.index([album(tmp_path / "two", range(3, 6))], "two"))
    with pytest.raises(LibraryError, match=r"'means@2', not 'means@1'.*cannot be mixed"):
        merged("both", "one", "two")
    assert not shelf.is_library("both")
    before = dump(shelf.home_of("one"))
    with pytest.raises(LibraryError, match="cannot be mixed"):
        merged("one", "two")
    assert dump(shelf.home_of("one")) == before


def test_what_cannot_be_merged_is_told(halves, tmp_path):
    with pytest.raises(LibraryError, match="into itself"):
        merged("first", "second", "first")
    with pytest.raises(LibraryError, match="no library 'nowhere'"):
        merged("both", "nowhere")
    with writing(shelf.home_of("first")), pytest.raises(LibraryError, match="busy"):
        merged("first", "second")
    with closing(sqlite3.connect(shelf.home_of("second") / CATALOGUE)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(LibraryError, match="newer version"):
        merged("first", "second")
    with (
        closing(Catalogue(shelf.home_of("first"))) as catalogue,
        pytest.raises(LibraryError, match="another version"),
    ):
        result(parts.take(catalogue, shelf.home_of("second") / CATALOGUE))


def test_damage_is_told_of_the_library_that_has_it(halves):
    path = shelf.home_of("second") / CATALOGUE
    content = bytearray(path.read_bytes())
    content[8192:] = b"\xa5" * len(content[8192:])
    path.write_bytes(content)
    assert not parts.is_whole(path)
    with pytest.raises(LibraryError, match="'second' is damaged"):
        merged("first", "second")
    with (
        closing(Catalogue(shelf.home_of("first"))) as catalogue,
        pytest.raises(LibraryError, match="'second'"),
    ):
        result(parts.take(catalogue, path))
    assert parts.is_whole(shelf.home_of("first") / CATALOGUE)
    assert contents(shelf.home_of("first")).keys() <= contents(shelf.home_of("union")).keys()


def test_photos_without_vectors_are_left_out_and_told(halves):
    with closing(sqlite3.connect(shelf.home_of("second") / CATALOGUE)) as connection:
        connection.execute("DELETE FROM vectors WHERE key = 5")
        connection.execute("UPDATE vectors SET vector = zeroblob(7) WHERE key = 6")
        connection.execute("DELETE FROM thumbnails WHERE key = 7")
        connection.commit()
    home = shelf.home_of("first")
    _, seen = drain(parts.merge(home, [shelf.home_of("second")]))
    assert "3 photos of The library 'second' have lost" in notices(seen)
    assert len(contents(home)) == 12 + 11 - 3
    assert nearest("first", 19, 1)[0] == ["019.png"]


def test_a_full_disk_keeps_what_was_committed(halves, monkeypatch):
    monkeypatch.setattr(parts, "PAGE", 2)
    opened = parts._open

    def small(*given, **options):
        connection = opened(*given, **options)
        pages = connection.execute("PRAGMA main.page_count").fetchone()[0]
        connection.execute(f"PRAGMA main.max_page_count = {pages + 1}")
        return connection

    with monkeypatch.context() as patched:
        patched.setattr(parts, "_open", small)
        with pytest.raises(StorageError, match="disk is full"):
            merged("first", "second")
    wanted = contents(shelf.home_of("union"))
    part = contents(shelf.home_of("first"))
    assert part.items() <= wanted.items()
    assert contents(merged("first", "second")) == wanted


def test_a_part_has_what_was_read_and_why_the_rest_was_not(means, tmp_path, home):
    folder = album(tmp_path / "album", range(40))
    (folder / "bad.png").write_text("no picture")
    result(library.index([folder], "whole"))
    at, scratch = tmp_path / "parts" / "one.sqlite", tmp_path / "scratch"
    scratch.mkdir()
    at.parent.mkdir()
    _, seen = drain(parts.make_part(states(folder), at, "starter", scratch=scratch))
    assert [each.name for each in at.parent.iterdir()] == ["one.sqlite"]
    assert list(scratch.iterdir()) == []
    assert all(isinstance(event, Progress) for event in seen)
    result(library.index([album(tmp_path / "few", [100])], "taking"))
    with closing(Catalogue(shelf.home_of("taking"))) as catalogue, writing(shelf.home_of("taking")):
        assert result(parts.take(catalogue, at, part=True)) == parts.Taken(40, 40)
        assert [Path(path).name for path, _ in catalogue.failed()] == ["bad.png"]
    assert contents(shelf.home_of("whole")).items() < contents(shelf.home_of("taking")).items()


def test_a_part_is_made_once_or_not_at_all(means, tmp_path, monkeypatch):
    folder, at = album(tmp_path / "album", range(3)), tmp_path / "one.sqlite"
    with monkeypatch.context() as patched:

        def killed(*_):
            raise KeyboardInterrupt

        patched.setattr(parts.shutil, "copyfile", killed)
        with pytest.raises(KeyboardInterrupt):
            result(parts.make_part(states(folder), at, "starter"))
    assert not at.exists()
    result(parts.make_part(states(folder), at, "starter"))
    means.seen.clear()
    result(parts.make_part(states(folder), at, "starter"))
    assert means.seen == []
    monkeypatch.undo()
    with pytest.raises(ModelError, match="no encoder"):
        result(parts.make_part(states(folder), tmp_path / "two.sqlite", "nonsense"))
    assert not (tmp_path / "two.sqlite").exists()


def test_a_parts_state_of_a_file_counts_even_with_an_earlier_time(means, tmp_path):
    """A file that was put back from a copy is older than it was, and has been read just now."""
    folder = album(tmp_path / "album", range(3))
    result(library.index([folder]))
    picture(60).save(folder / "002.png")
    os.utime(folder / "002.png", ns=(10**18, 10**18))
    at = tmp_path / "one.sqlite"
    result(parts.make_part(states(folder)[2:], at, "starter"))
    home = shelf.home_of("album")
    with closing(Catalogue(home)) as catalogue, writing(home):
        assert result(parts.take(catalogue, at)) == parts.Taken(0, 0)
        assert result(parts.take(catalogue, at, part=True)) == parts.Taken(1, 1)
        assert result(parts.take(catalogue, at, part=True)) == parts.Taken(0, 0)
        catalogue.drop_files(())
    assert sorted(ids("album")) == ["000.png", "001.png", "002.png"]
    assert nearest("album", 60, 1)[0] == ["002.png"]


KILLED = """
import sys, time
from pathlib import Path
sys.path[:0] = {paths!r}
from adir_desktop.engine import parts
parts.PAGE = 3
print("go", flush=True)
for _ in parts.merge(Path(sys.argv[1]), [Path(each) for each in sys.argv[2:]]):
    time.sleep(0.02)
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_killed_at_any_moment_it_ends_as_if_uninterrupted(means, tmp_path):
    one, two = album(tmp_path / "one", range(60)), album(tmp_path / "two", range(50, 110))
    for name, folders in {"first": [one], "second": [two], "union": [one, two]}.items():
        result(library.index(folders, name))
    wanted = contents(shelf.home_of("union"))
    sources = [shelf.home_of("first"), shelf.home_of("second")]
    script = KILLED.format(paths=[str(Path(parts.__file__).parents[2])])
    reached = []
    for wait in (0.05, 0.3, 0.6):
        home = shelf.place_of("both")
        with subprocess.Popen(
            [sys.executable, "-c", script, str(home), *map(str, sources)], stdout=subprocess.PIPE
        ) as child:
            child.stdout.readline()
            time.sleep(wait)
            child.send_signal(signal.SIGKILL)
        if shelf.is_library("both"):
            part = contents(home)
            assert part.items() <= wanted.items()
            reached.append(len(part))
    assert reached == sorted(reached)
    assert any(0 < each < len(wanted) for each in reached)
    assert contents(merged("both", "first", "second")) == wanted
    assert parts.is_whole(shelf.home_of("both") / CATALOGUE)
    assert [nearest("both", seed) for seed in (0, 55, 109)] == [
        nearest("union", seed) for seed in (0, 55, 109)
    ]


def test_a_library_on_a_drive_that_is_read_only_can_be_taken(halves, tmp_path, monkeypatch):
    copy = tmp_path / "copy" / "second"
    shutil.copytree(shelf.home_of("second"), copy)
    (copy / CATALOGUE).chmod(0o444)
    copy.chmod(0o555)
    try:
        result(parts.merge(shelf.home_of("first"), [copy]))
    finally:
        copy.chmod(0o755)
    assert contents(shelf.home_of("first")) == contents(shelf.home_of("union"))


def test_the_stand_in_is_not_asked_for_what_is_known(means, tmp_path, monkeypatch):
    """Merging needs no encoder on this machine."""
    result(library.index([album(tmp_path / "one", range(3))], "one"))
    monkeypatch.setattr(encoders, "load_encoder", lambda *_: pytest.fail("loaded"))
    merged("new", "one")
    assert isinstance(means, Means)
    assert len(ids("new")) == 3
