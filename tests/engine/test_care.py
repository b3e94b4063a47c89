"""Looking after libraries: what a check finds, what a repair mends, how small a library can be, and duplicates."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from damage import spoil
from library_makers import album, drain, ids, index_file, nearest, notices, picture, result
from usearch.index import Index

from adir_desktop.engine import care, compaction, duplicates, library, mending, shelf, vector_index
from adir_desktop.engine.catalogue import CATALOGUE, Catalogue
from adir_desktop.engine.sqlite import writing
from adir_desktop.errors import LibraryError, RequestError, StorageError
from adir_desktop.files import sha256_file
from adir_desktop.interrupt import Interrupted, stopping_when

PHOTOS = 24


@pytest.fixture
def made(means, tmp_path) -> Path:
    """The folder of a library of 24 photos in three index files."""
    folder = album(tmp_path / "album", range(PHOTOS))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(vector_index, "SHARD", 8)
        result(library.index([folder]))
    return shelf.home_of("album")


def change(home: Path, *statements: str) -> None:
    with closing(sqlite3.connect(home / CATALOGUE, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def found(home: Path) -> dict[str, int]:
    """Counts by kind; a check changes nothing."""
    before = {path.name: sha256_file(path) for path in home.iterdir()}
    report = result(care.check(home))
    assert {path.name: sha256_file(path) for path in home.iterdir()} == before
    assert all(each.examples and each.what and each.remedy for each in report.findings)
    return {each.kind: each.count for each in report.findings}


def restored(home: Path) -> dict[str, str]:
    """What a library has after a repair and an update, which has to be sound."""
    result(mending.repair(home))
    assert result(care.check(home)).sound
    result(library.update(home.name))
    assert found(home) == {}
    return ids(home.name)


def shards(home: Path) -> list[Path]:
    return sorted(home.glob("index-*.usearch"), key=lambda path: int(path.stem.split("-")[1]))


ROWS = {
    "wrong-count": ("UPDATE meta SET value = value - 3 WHERE key = 'photos'", 3),
    "no-count": ("DELETE FROM meta WHERE key = 'photos'", PHOTOS),
    "no-vector": ("DELETE FROM vectors WHERE key IN (2, 3)", 2),
    "no-thumbnail": ("UPDATE thumbnails SET jpeg = x'00FF' WHERE key = 7", 1),
    "no-file": ("DELETE FROM files WHERE photo = 9", 1),
    "stray-vector": ("INSERT INTO vectors SELECT 900, vector FROM vectors WHERE key = 1", 1),
    "stray-thumbnail": ("INSERT INTO thumbnails SELECT 900, jpeg FROM thumbnails WHERE key = 1", 1),
    "stray-file": ("INSERT INTO files SELECT path || '.jpg', size, mtime_ns, 900 FROM files LIMIT 2", 2),
}


@pytest.mark.parametrize("kind", ROWS)
def test_rows_that_do_not_belong_together_are_found_and_mended(made, kind):
    before = ids("album")
    assert found(made) == {}
    statement, count = ROWS[kind]
    change(made, statement)
    report = found(made)
    assert report.pop("file-gone", 0) == (2 if kind == "stray-file" else 0)  # which were made up
    assert report == {kind.replace("no-count", "wrong-count"): count}
    assert restored(made) == before


@pytest.mark.parametrize("spoilt", ["short", "long", "not a number", "endless", "too long", "zero"])
def test_vectors_that_are_no_directions_are_found_and_mended(made, spoilt):
    before = ids("album")
    unit = np.zeros(49, np.float16)
    unit[0] = {"not a number": np.nan, "endless": np.inf, "too long": 1.1, "zero": 0}.get(spoilt, 1)
    raw = {"short": unit[:48], "long": np.append(unit, unit)}.get(spoilt, unit).tobytes()
    change(made, f"UPDATE vectors SET vector = x'{raw.hex()}' WHERE key IN (3, 20)")
    assert found(made) == {"bad-vector": 2}
    assert restored(made) == before
    with closing(Catalogue(made)) as catalogue:
        assert len(catalogue.vectors()[0]) == PHOTOS  # which looks at each of them


def rewritten(home: Path, shard: Path, index: Index) -> None:
    """Puts another index in the place of a shard, as if the catalogue had meant it."""
    index.save(shard)
    stat = shard.stat()
    change(
        home,
        f"UPDATE shards SET vectors = {len(index)}, size = {stat.st_size}, mtime_ns = {stat.st_mtime_ns},"
        f" sha256 = '{sha256_file(shard)}' WHERE file = '{shard.name}'",
    )


@pytest.mark.parametrize(
    "damage", ["missing", "cut", "changed", "dimensions", "overlap", "lacking", "dead", "stray"]
)
def test_bad_index_files_are_found_and_made_anew(made, damage):
    before, answers = ids("album"), nearest("album", 3, 9)
    second = shards(made)[1]
    stat, content = second.stat(), second.read_bytes()
    if damage == "missing":
        second.unlink()
    elif damage == "cut":
        second.write_bytes(content[:-5])
    elif damage == "changed":  # bits that rot leave size and time as they are
        second.write_bytes(content[:400] + bytes(byte ^ 1 for byte in content[400:]))
        os.utime(second, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    elif damage == "overlap":
        change(made, "UPDATE shards SET low = 8 WHERE low = 9")
    elif damage == "stray":
        (made / "index-700-800.usearch").write_bytes(b"of another time")
        (made / ".catalogue.sqlite.abc.sqlite").write_bytes(b"half of a copy")
    else:
        size = 50 if damage == "dimensions" else 49
        keys = {"lacking": range(9, 16), "dead": range(9, 40)}.get(damage, range(9, 17))
        index = Index(ndim=size, metric="cos", dtype="f16")
        index.add(np.array(keys), np.random.default_rng(1).normal(size=(len(keys), size)).astype(np.float32))
        rewritten(made, second, index)
    kind = "stray-index" if damage == "stray" else f"shard-{damage}"
    assert found(made) == {kind: 2 if damage == "stray" else 1}
    done = result(mending.repair(made))
    assert (done.shards, done.lost, done.forgotten) == (0 if damage == "stray" else 1, 0, 0)
    assert found(made) == {}
    assert restored(made) == before
    assert nearest("album", 3, 9) == answers


def test_what_has_become_of_photo_files_is_told_apart(means, tmp_path):
    here, there = album(tmp_path / "here", range(4)), album(tmp_path / "there", range(4, 7))
    result(library.index([here, there], name="both"))
    (here / "001.png").unlink()
    picture(77).save(here / "002.png")
    there.rename(tmp_path / "unplugged")
    there.mkdir()  # as a mount point without its drive
    home = shelf.home_of("both")
    report = result(care.check(home))
    assert report.sound
    assert found(home) == {"not-connected": 3, "file-gone": 1, "file-changed": 1}
    there.rmdir()
    assert found(home)["not-connected"] == 3
    assert {each.kind: each.remedy for each in report.findings}["not-connected"] == care.CONNECT


@pytest.mark.parametrize("seed", range(3))
def test_what_can_be_read_of_a_damaged_catalogue_is_saved(means, tmp_path, seed):
    folder = album(tmp_path / "album", range(250))
    before = result(library.index([folder]))
    home = shelf.home_of("album")
    known = ids("album")
    with closing(Catalogue(home)) as catalogue:
        vectors = dict(zip(*(part.tolist() for part in catalogue.vectors()), strict=True))
    spoil(home / CATALOGUE, seed, 6)
    damaged = (home / CATALOGUE).read_bytes()
    report = result(care.check(home))
    assert not report.sound
    assert [each.kind for each in report.findings] == ["pages"]
    assert all("\n" not in each and "***" not in each for each in report.findings[0].examples)
    done = result(mending.repair(home))
    assert 0 < done.lost < 150
    assert done.kept.read_bytes() == damaged
    left = ids("album")
    assert len(left) == before.photos - done.lost
    assert left.items() <= known.items()
    with closing(Catalogue(home)) as catalogue:
        saved = dict(zip(*(part.tolist() for part in catalogue.vectors()), strict=True))
        assert saved.items() <= vectors.items()
    assert result(care.check(home)).sound
    means.seen.clear()
    result(library.update("album"))
    assert sum(means.seen) == done.lost  # the others keep their vectors
    assert ids("album") == known
    with closing(Catalogue(home)) as catalogue:
        assert not set(catalogue.keys().tolist()) - set(saved) & set(vectors)  # no key is used twice
    assert nearest("album", 7, 1) == (["007.png"], "")
    assert found(home) == {}


def test_a_lost_table_costs_its_photos_only(made):
    before = ids("album")
    change(made, "DROP TABLE photos")
    assert found(made) == {"pages": 1}
    done = result(mending.repair(made))
    assert done.lost == PHOTOS
    result(library.update("album"))
    assert ids("album") == before


@pytest.mark.parametrize("damage", ["rubbish", "empty", "no header", "meta"])
def test_a_catalogue_of_which_nothing_is_left_is_refused(made, damage):
    path = made / CATALOGUE
    content = path.read_bytes()
    if damage == "meta":
        change(made, "DELETE FROM meta")
        spoil(path, 3, 2)
    else:
        path.write_bytes(
            {"rubbish": b"x" * 9000, "empty": b"", "no header": bytes(100) + content[100:]}[damage]
        )
    spoilt = path.read_bytes()
    assert found(made).keys() == {"pages"}
    with pytest.raises(LibraryError, match="Nothing can be read") as error:
        result(mending.repair(made))
    assert "add its folders again" in error.value.remedy
    assert path.read_bytes() == spoilt
    assert not list(made.glob(".repair-*"))


def wreck_roots(path: Path, *tables: str) -> None:
    """Overwrites the first page of tables: nothing leads to their rows any more."""
    with closing(sqlite3.connect(path)) as connection:
        roots = dict(connection.execute("SELECT name, rootpage FROM sqlite_master"))
    content = bytearray(path.read_bytes())
    for table in tables:
        content[(roots[table] - 1) * 4096 : roots[table] * 4096] = b"\xa5" * 4096
    path.write_bytes(content)


def test_lost_tables_are_told_by_the_number_of_photos_that_was_kept(made):
    before = ids("album")
    wreck_roots(made / CATALOGUE, "photos", "vectors", "thumbnails", "files")
    assert result(mending.repair(made)).lost == PHOTOS
    result(library.update("album"))
    assert ids("album") == before


def test_without_photos_and_folders_nothing_is_put_in_the_place_of_the_damaged_catalogue(made):
    path = made / CATALOGUE
    wreck_roots(path, "photos", "vectors", "thumbnails", "files", "folders")
    spoilt = path.read_bytes()
    with pytest.raises(LibraryError, match="Nothing can be read"):
        result(mending.repair(made))
    assert path.read_bytes() == spoilt


def test_lost_folders_are_told(made):
    wreck_roots(made / CATALOGUE, "folders")
    done, events = drain(mending.repair(made))
    assert done.lost == 0
    assert "No folders" in notices(events)


def test_a_newer_library_is_left_alone(made):
    change(made, "PRAGMA user_version = 99")
    for work in (care.check, mending.repair, compaction.compact, compaction.info, duplicates.duplicates):
        with pytest.raises(LibraryError, match="newer"):
            result(work(made))


def test_a_library_that_somebody_changes_is_busy(made):
    with writing(made):
        for work in (care.check, mending.repair, compaction.compact):
            with pytest.raises(LibraryError, match="busy"):
                result(work(made))


@pytest.mark.parametrize("work", [care.check, mending.repair, compaction.compact, duplicates.duplicates])
def test_every_work_can_be_stopped(made, work, monkeypatch):
    """Asked at every statement that takes long, and between them."""
    monkeypatch.setattr("adir_desktop.engine.care_rows.STEPS", 1)
    before = ids("album")
    with stopping_when(lambda: True), pytest.raises(Interrupted):
        result(work(made))
    assert ids("album") == before
    assert result(care.check(made)).sound or work is compaction.compact
    assert restored(made) == before


def test_compacting_drops_what_is_gone(means, tmp_path):
    folder = album(tmp_path / "album", range(PHOTOS))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(vector_index, "SHARD", 8)
        result(library.index([folder]))
    for seed in range(1, PHOTOS, 5):
        (folder / f"{seed:03}.png").unlink()
    result(library.update("album"))
    home, before, answers = shelf.home_of("album"), ids("album"), nearest("album", 3, 9)
    told = result(compaction.info(home))
    assert (told.photos, told.files, told.dead, told.waiting) == (19, 19, told.indexed - 19, 0)
    assert told.dead > 0
    done = result(compaction.compact(home))
    assert (done.before.shards, done.after.shards) == (3, 1)
    assert done.after.catalogue < done.before.catalogue
    assert done.after.catalogue == (home / CATALOGUE).stat().st_size
    assert done.after.index == index_file("album").stat().st_size
    told = result(compaction.info(home))
    assert (told.indexed, told.dead, told.waiting, told.sizes) == (19, 0, 0, done.after)
    assert (ids("album"), nearest("album", 3, 9)) == (before, answers)
    assert found(home) == {}


def test_a_killed_compaction_keeps_what_it_had_not_reached(made, monkeypatch):
    answers, save, calls = nearest("album", 3, 9), vector_index._save, []

    def killed(index, path):
        calls.append(path)
        if len(calls) == 2:
            raise KeyboardInterrupt
        save(index, path)

    with monkeypatch.context() as patched:
        patched.setattr(vector_index, "_save", killed)
        patched.setattr(vector_index, "SHARD", 4)
        with pytest.raises(KeyboardInterrupt):
            result(compaction.compact(made))
    with closing(Catalogue(made)) as catalogue:
        assert [(shard.low, shard.high) for shard in catalogue.shards()] == [(1, 4), (9, 16), (17, 24)]
    assert nearest("album", 3, 9) == answers
    result(compaction.compact(made))
    assert found(made) == {}
    assert nearest("album", 3, 9) == answers


def test_compacting_changes_the_storage_for_good(made, tmp_path):
    before = result(compaction.info(made))
    assert before.storage == "f16"
    answers = nearest("album", 3, 9)
    result(compaction.compact(made, "i8"))
    told = result(compaction.info(made))
    assert told.storage == "i8"
    assert Index.metadata(index_file("album"))["kind_scalar"].name == "I8"
    assert nearest("album", 3, 9) == answers  # put in order by the catalogue's own vectors
    assert result(library.update("album")).photos == PHOTOS
    assert result(compaction.info(made)).storage == "i8"
    with pytest.raises(RequestError, match="no storage 'f4'"):
        result(compaction.compact(made, "f4"))


def test_compacting_asks_for_room_first(made, monkeypatch):
    before = {path.name: path.read_bytes() for path in made.iterdir()}
    usage = shutil.disk_usage(made)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(StorageError, match="MB are needed"):
        result(compaction.compact(made))
    assert {path.name: path.read_bytes() for path in made.iterdir()} == before


def test_compacting_refuses_a_damaged_catalogue(means, tmp_path):
    result(library.index([album(tmp_path / "album", range(200))]))
    home = shelf.home_of("album")
    spoil(home / CATALOGUE, 1, 5)
    with pytest.raises(LibraryError, match="damaged") as error:
        result(compaction.compact(home))
    assert "Repair" in error.value.remedy


def test_figures_of_a_library(made):
    change(
        made,
        "UPDATE photos SET licence = 'CC BY' WHERE key < 10",
        "UPDATE photos SET licence = 'CC0' WHERE key > 20",
    )
    told = result(compaction.info(made))
    assert told.licences == (("CC BY", 9), ("CC0", 4))
    assert (told.photos, told.encoder, told.dimensions, told.sizes.shards) == (PHOTOS, "means@1", 49, 3)
    with closing(sqlite3.connect(made / CATALOGUE)) as connection:
        lengths = [len(jpeg) for (jpeg,) in connection.execute("SELECT jpeg FROM thumbnails")]
    assert told.thumbnails == sum(lengths)
    change(made, "DELETE FROM shards WHERE low = 9")
    assert result(compaction.info(made)).waiting == 8


@pytest.mark.parametrize("loose", [False, True])
def test_duplicates_are_grouped(means, tmp_path, loose):
    """Equal files by content, others by cosines, which are computed here once more, every one with every one."""
    folder = album(tmp_path / "album", range(40))
    for number, (seed, quality) in enumerate([(3, 60), (3, 30), (11, 40), (30, 50)]):
        picture(seed).save(folder / f"again{number}.jpg", quality=quality)
    shutil.copy(folder / "005.png", folder / "copy.png")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(vector_index, "SHARD", 16)
        result(library.index([folder]))
    home = shelf.home_of("album")
    if loose:
        change(home, "DELETE FROM shards")
        for shard in shards(home):
            shard.unlink()
    found = result(duplicates.duplicates(home, 0.97))
    names = lambda groups: {tuple(Path(path).name for path in group.paths) for group in groups}  # noqa: E731
    assert names(found.equal) == {("005.png", "copy.png")}
    with closing(Catalogue(home)) as catalogue:
        keys, vectors = catalogue.vectors()
        wide = vectors.astype(np.float64)
        wide /= np.linalg.norm(wide, axis=1, keepdims=True)
        files = {photo.key: Path(photo.paths[0]).name for photo in catalogue.stored(keys.tolist())}
    pairs = {
        (files[int(keys[i])], files[int(keys[j])]) for i, j in np.argwhere(wide @ wide.T >= 0.97) if i != j
    }
    assert {frozenset(pair) for pair in pairs} >= {frozenset(("011.png", "again2.jpg"))}
    assert {name for pair in pairs for name in pair} == {
        name for group in names(found.alike) for name in group
    }
    assert all(
        {a, b} <= group or not {a, b} & group for a, b in pairs for group in map(set, names(found.alike))
    )
    assert ("003.png", "again0.jpg", "again1.jpg") in names(found.alike)
    assert all(0.97 <= group.similarity <= 1 for group in found.alike)
    assert result(duplicates.duplicates(home, 1.0)).alike == ()


def test_a_crowd_of_equals_is_one_group(means, tmp_path, monkeypatch):
    """More of a kind than are asked for at a time."""
    folder = tmp_path / "album"
    folder.mkdir()
    for quality in range(30, 95):
        picture(3).save(folder / f"{quality}.jpg", quality=quality)
    album(folder, range(10, 30))
    result(library.index([folder]))
    monkeypatch.setattr(duplicates, "NEAREST", 4)
    monkeypatch.setattr(duplicates, "BLOCK", 7)
    (group,) = result(duplicates.duplicates(shelf.home_of("album"), 0.95)).alike
    assert len(group.paths) == 65


@pytest.mark.parametrize("threshold", [0, -1, 1.5, float("nan")])
def test_thresholds_that_are_none_are_refused(made, threshold):
    with pytest.raises(RequestError, match="similarity"):
        result(duplicates.duplicates(made, threshold))


def test_progress_ends_at_its_total(made):
    for work in (care.check(made), duplicates.duplicates(made), mending.repair(made), compaction.info(made)):
        _, seen = drain(work)
        assert seen[-1].done == seen[-1].total


def test_a_library_is_named_or_pointed_at(made, tmp_path):
    assert shelf.located("album") == shelf.located(str(made)) == made
    for wrong in ("nothing", str(tmp_path / "album"), ""):
        with pytest.raises(LibraryError, match="no library"):
            shelf.located(wrong)
