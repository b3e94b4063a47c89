"""Libraries: what survives damage, kills, full disks and other processes."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from library_makers import (
    album,
    assert_index_is_complete,
    index_file,
    nearest,
    result,
)

from adir_desktop.engine import library, retrieve, shelf, vector_index
from adir_desktop.engine.catalogue import CATALOGUE, Catalogue
from adir_desktop.engine.sqlite import writing
from adir_desktop.errors import LibraryError, StorageError


@pytest.mark.parametrize("damage", ["bits", "cut", "gone", "empty", "foreign"])
def test_a_damaged_index_is_made_again(means, tmp_path, damage):
    folder = album(tmp_path / "album", range(20))
    result(library.index([folder]))
    index = index_file("album")
    content = index.read_bytes()
    flipped = bytes(byte ^ 255 if i > 200 else byte for i, byte in enumerate(content))
    spoilt = {"bits": flipped, "cut": content[:-7], "empty": b"", "foreign": b"PK\3\4" * 500}
    if damage == "gone":
        index.unlink()
    else:
        index.write_bytes(spoilt[damage])
    names, noticed = nearest("album", 7, 5)
    assert names[0] == "007.png"
    assert "made again" in noticed
    assert nearest("album", 7, 5) == (names, "")  # mended for good
    index_file("album").write_bytes(b"damaged again")
    result(library.update("album"))
    assert nearest("album", 7, 5) == (names, "")


def test_a_kill_between_index_and_catalogue_is_noticed(means, tmp_path, monkeypatch):
    folder = album(tmp_path / "album", range(5))
    result(library.index([folder]))
    album(folder, [5])
    with monkeypatch.context() as patched:

        def killed(*_):
            raise KeyboardInterrupt

        patched.setattr(Catalogue, "put_shard", killed)
        with pytest.raises(KeyboardInterrupt):
            result(library.update("album"))
    assert nearest("album", 5, 1)[0] == ["005.png"]
    assert nearest("album", 5, 1) == (["005.png"], "")


def test_an_index_behind_the_catalogue_is_completed(means, tmp_path, monkeypatch):
    folder = album(tmp_path / "album", range(5))
    result(library.index([folder]))
    album(folder, [5])
    (folder / "002.png").unlink()
    with monkeypatch.context() as patched:
        patched.setattr(vector_index, "refresh", lambda _: iter(()))
        result(library.update("album"))
    assert nearest("album", 5, 1) == (["005.png"], "")
    assert "002.png" not in nearest("album", 2, 10)[0]
    result(library.update("album"))
    assert_index_is_complete("album")
    (folder / "003.png").unlink()
    result(library.update("album"))
    assert_index_is_complete("album")


def _overwrite(path: Path, start: int, stop: int) -> None:
    content = bytearray(path.read_bytes())
    content[start:stop] = b"\xa5" * len(content[start:stop])
    path.write_bytes(content)


@pytest.mark.parametrize("damage", ["not sqlite", "no header", "pages", "vectors", "tables gone", "newer"])
def test_a_damaged_catalogue_is_an_error_with_a_remedy(means, tmp_path, damage):
    folder = album(tmp_path / "album", range(30))
    info = result(library.index([folder]))
    path = shelf.home_of("album") / CATALOGUE
    if damage == "not sqlite":
        path.write_bytes(b"something else" * 1000)
    elif damage == "no header":
        _overwrite(path, 0, 100)
    elif damage == "pages":
        _overwrite(path, 4096, 10**9)
    else:
        with closing(sqlite3.connect(path)) as connection:
            statement = {
                "vectors": "UPDATE vectors SET vector = zeroblob(98)",
                "tables gone": "DROP TABLE photos",
                "newer": "PRAGMA user_version = 99",
            }[damage]
            connection.execute(statement)
            connection.commit()
        index_file("album").unlink()
    before = path.read_bytes()
    for job in (retrieve.find("red", "album", 2), library.update("album") if damage != "vectors" else None):
        with pytest.raises(LibraryError, match=r"damaged|newer") as error:
            result(job or retrieve.find("red", "album", 2))
        assert "Remove the library" in error.value.remedy or damage == "newer"
    assert path.read_bytes() == before  # never mended or removed in silence
    (listed,) = library.list_libraries()
    assert listed.name == "album"
    library.remove("album")
    assert result(library.index([folder])).photos == info.photos


def test_a_damaged_library_is_not_passed_over_for_its_folder(means, tmp_path):
    folder = album(tmp_path / "album", range(3))
    result(library.index([folder]))
    (shelf.home_of("album") / CATALOGUE).write_bytes(b"rubbish" * 100)
    with pytest.raises(LibraryError, match="damaged"):
        result(library.ensure(str(folder)))
    assert library.list_libraries()[0].failed[0][1].startswith("The catalogue")


def test_one_process_at_a_time_changes_a_library(means, tmp_path):
    folder = album(tmp_path / "album", range(3))
    result(library.index([folder]))
    album(folder, [3])
    with writing(shelf.home_of("album")):
        for job in (library.update("album"), library.index([folder], name="album")):
            with pytest.raises(LibraryError, match="busy"):
                result(job)
        with pytest.raises(LibraryError, match="busy"):
            library.remove("album")
        assert nearest("album", 1, 1)[0] == ["001.png"]  # reading goes on
    assert result(library.update("album")).photos == 4


def test_a_full_disk_loses_nothing(means, tmp_path, monkeypatch):
    folder = album(tmp_path / "album", range(3))
    result(library.index([folder]))
    album(folder, range(3, 60))
    check = Catalogue._check_version

    def small(self):
        check(self)
        self._connection.execute("PRAGMA max_page_count = 30")

    with monkeypatch.context() as patched:
        patched.setattr(Catalogue, "_check_version", small)
        with pytest.raises(StorageError, match="disk is full"):
            result(library.update("album"))
    assert nearest("album", 1, 1)[0] == ["001.png"]

    def full(*_):
        raise StorageError("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(vector_index, "_save", full)
        with pytest.raises(StorageError, match="disk is full"):
            result(library.update("album"))
        assert nearest("album", 50, 1) == (["050.png"], "")
    assert library.list_libraries()[0].photos == 60


def test_a_library_that_was_never_finished_is_begun_again(means, tmp_path, monkeypatch):
    """Killed before its catalogue was complete: what is left does not count as a library."""
    folder = album(tmp_path / "album", range(3))
    for step in ("create", "Catalogue"):
        with monkeypatch.context() as patched:

            def killed(*_):
                raise KeyboardInterrupt

            patched.setattr(library, step, killed)
            with pytest.raises(KeyboardInterrupt):
                result(library.index([folder]))
    assert [info.photos for info in library.list_libraries()] == [0]
    assert result(library.index([folder])).name == "album"
    assert len(library.list_libraries()) == 1


KILLED = """
import sys, time
sys.path[:0] = {paths!r}
import library_makers as t
from adir_desktop.engine import encoder, library
class Slow(t.Means):
    def encode_images(self, images):
        time.sleep(0.02)
        return super().encode_images(images)
encoder.load_encoder = lambda spec="starter", device="cpu": slow
slow = Slow()
print("go", flush=True)
for _ in library.index([sys.argv[1]]):
    pass
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_killed_at_any_moment_it_goes_on_where_it_was(means, tmp_path, home):
    folder = album(tmp_path / "album", range(150))
    script = KILLED.format(paths=[str(Path(__file__).parent), str(Path(__file__).parents[2])])
    environment = os.environ | {"ADIR_HOME": str(home)}
    reached = []
    for wait in (0.05, 0.15, 0.25):
        with subprocess.Popen(
            [sys.executable, "-c", script, str(folder)], env=environment, stdout=subprocess.PIPE
        ) as child:
            child.stdout.readline()
            time.sleep(wait)
            child.send_signal(signal.SIGKILL)
        found = library.list_libraries()
        reached.append(found[0].photos if found else 0)
        if found and reached[-1]:
            assert nearest("album", 0, 1)[0] == ["000.png"]
        assert len(found) <= 1  # always the same library
    assert reached == sorted(reached)
    means.seen.clear()
    assert result(library.index([folder])).photos == 150
    assert sum(means.seen) == 150 - reached[-1]
    with closing(Catalogue(shelf.home_of("album"))) as catalogue:
        catalogue.check()
    assert nearest("album", 149, 1) == (["149.png"], "")
