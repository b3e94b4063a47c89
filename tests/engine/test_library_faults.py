"""Libraries among full disks, closed doors, loops of links, drives that go away and other processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from damage import spoil
from library_makers import album, ids, nearest, picture, result

from adir_desktop.engine import care, compaction, indexing, library, mending, shelf, vector_index
from adir_desktop.engine.catalogue import Catalogue
from adir_desktop.errors import LibraryError, PhotoError, StorageError

PROCESS = Path(__file__).with_name("library_process.py")


def is_sound(name: str) -> bool:
    return result(care.check(shelf.home_of(name))).sound


def begun(
    home: Path, *words: object, seconds: float = 0.0, wait: bool = False, bound: tuple[str, ...] = ()
) -> subprocess.Popen[str]:
    """Starts a library's work in a process; with wait, returns when it embeds."""
    process = subprocess.Popen(
        [*bound, sys.executable, str(PROCESS), str(seconds), *(str(word) for word in words)],
        env=os.environ | {"ADIR_HOME": str(home), "PYTHONPATH": str(PROCESS.parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    if wait:
        assert process.stdout.readline() == "begun\n"
    return process


def ended(process: subprocess.Popen[str]) -> str:
    """The last line that the process printed."""
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    return out.splitlines()[-1]


class Disk:
    """A small file system of its own."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def mount(self, *options: str) -> None:
        command = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(self.place)]
        subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def disk(tmp_path, monkeypatch):
    """A disk of 1 MB with all libraries on it."""
    place = tmp_path / "disk"
    place.mkdir()
    found = Disk(place)
    try:
        found.mount("size=1m")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root may mount a file system here")
    monkeypatch.setenv("ADIR_HOME", str(place / "home"))
    yield found
    vector_index.let_go()  # a mapped file keeps the disk busy
    subprocess.run(["umount", str(place)], check=True, capture_output=True)


@pytest.fixture
def bound() -> tuple[str, ...]:
    """The beginning of a command for which closed doors are closed, even if root runs it."""
    if os.name != "posix":
        pytest.skip("permissions of POSIX")
    if os.geteuid():
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("root may do anything here")
    return "setpriv", "--bounding-set", "-dac_override,-dac_read_search"


def test_a_disk_that_gets_full_loses_nothing(means, tmp_path, disk):
    folder = album(tmp_path / "album", range(100))
    result(library.index([folder]))
    before, answers = ids("album"), nearest("album", 3, 5)
    album(folder, range(100, 700))
    with pytest.raises(StorageError, match="disk is full") as error:
        result(library.update("album"))
    assert "Free some space" in error.value.remedy
    assert before.items() <= ids("album").items()
    assert nearest("album", 3, 1)[0] == answers[0][:1]
    kept = len(ids("album"))
    disk.mount("remount", "size=20m")
    assert is_sound("album")
    means.seen.clear()
    assert result(library.update("album")).photos == 700
    assert sum(means.seen) == 700 - kept  # what was committed is not embedded again
    assert result(care.check(shelf.home_of("album"))).findings == ()
    assert nearest("album", 650, 1) == (["650.png"], "")


def test_a_first_build_on_a_full_disk_is_begun_again(means, tmp_path, disk):
    folder = album(tmp_path / "album", range(30))
    (disk.place / "ballast").write_bytes(bytes(2**20 - 20_000))
    with pytest.raises(StorageError, match="full"):
        result(library.index([folder]))
    (disk.place / "ballast").unlink()
    assert result(library.index([folder])).photos == 30
    assert len(library.list_libraries()) == 1
    assert is_sound("album")


def test_repair_and_compaction_need_room_and_say_so(means, tmp_path, disk):
    folder = album(tmp_path / "album", range(150))
    result(library.index([folder]))
    home, before = shelf.home_of("album"), ids("album")
    path = home / "catalogue.sqlite"
    (disk.place / "ballast").write_bytes(bytes(shutil.disk_usage(disk.place).free - 40_000))
    with pytest.raises(StorageError, match="MB are needed"):
        result(compaction.compact(home))
    assert is_sound("album")
    spoil(path, 1, 5)
    damaged = path.read_bytes()
    with pytest.raises(StorageError, match="MB are needed"):
        result(mending.repair(home))
    assert path.read_bytes() == damaged
    assert not list(home.glob(".*"))
    disk.mount("remount", "size=20m")
    result(mending.repair(home))
    result(library.update("album"))
    assert ids("album") == before
    result(compaction.compact(home))
    assert is_sound("album")


def test_a_read_only_disk_is_searched_and_never_changed(means, tmp_path, disk):
    folder = album(tmp_path / "album", range(20))
    result(library.index([folder]))
    answers, home = nearest("album", 3, 5), shelf.home_of("album")
    album(folder, [20])
    disk.mount("remount", "ro")
    try:
        assert nearest("album", 3, 5) == answers
        assert is_sound("album")
        assert result(compaction.info(home)).photos == 20
        for job in (library.update("album"), mending.repair(home), compaction.compact(home)):
            with pytest.raises(StorageError, match=r"permission|written|Check the permissions"):
                result(job)
        with pytest.raises(StorageError):
            result(library.index([folder], name="another"))
    finally:
        disk.mount("remount", "rw")
    assert result(library.update("album")).photos == 21
    assert is_sound("album")


def test_a_library_that_may_not_be_written_is_not_changed(means, tmp_path, home, bound):
    folder = album(tmp_path / "album", range(6))
    result(library.index([folder]))
    album(folder, [6])
    place = shelf.home_of("album")
    for path in (*place.iterdir(), place):
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = {path.name: path.read_bytes() for path in place.iterdir()}
    told = ended(begun(home, "update", "album", bound=bound))
    assert told.startswith("StorageError")
    assert "permission" in told
    assert ended(begun(home, "check", "album", bound=bound)) == "done"
    assert {path.name: path.read_bytes() for path in place.iterdir()} == before
    place.parent.chmod(0o555)
    told = ended(begun(home, "index", "another", folder, bound=bound))
    assert told.startswith("StorageError: No permission")
    place.parent.chmod(0o755)
    for path in (place, *place.iterdir()):
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert ended(begun(home, "update", "album", bound=bound)) == "done"
    assert len(ids("album")) == 7
    assert is_sound("album")


def test_files_and_folders_that_may_not_be_read_are_told_and_kept(means, tmp_path, home, bound):
    """What had been read of them before stays, and is found again when the doors open."""
    folder = album(tmp_path / "album", range(6))
    album(folder / "locked", range(6, 9))
    result(library.index([folder]))
    before = ids("album")
    picture(50).save(folder / "new.png")
    (folder / "new.png").chmod(0)
    (folder / "locked").chmod(0)
    assert ended(begun(home, "update", "album", bound=bound)) == "done"
    assert ids("album") == before
    ((path, reason), (inner, why)) = sorted(library.list_libraries()[0].failed, reverse=True)
    assert (path.name, inner.name) == ("new.png", "locked")
    assert "ermission" in reason
    assert "Permission denied" in why
    assert is_sound("album")
    (folder / "new.png").chmod(0o644)
    (folder / "locked").chmod(0o755)
    assert ended(begun(home, "update", "album", bound=bound)) == "done"
    assert ids("album").keys() == before.keys() | {"new.png"}
    assert library.list_libraries()[0].failed == ()


def test_an_unreadable_photo_among_others(means, tmp_path, monkeypatch):
    """The same without the rights to make one: reading fails, whoever asks."""
    folder = album(tmp_path / "album", range(5))
    read = indexing.content_of

    def closed(path):
        if path.name == "002.png":
            raise PhotoError(f"{path} cannot be read (Permission denied).")
        return read(path)

    with monkeypatch.context() as patched:
        patched.setattr(indexing, "content_of", closed)
        info = result(library.index([folder]))
    assert info.photos == 4
    assert [(path.name, "Permission denied" in reason) for path, reason in info.failed] == [("002.png", True)]
    assert is_sound("album")
    info = result(library.update("album"))
    assert (info.photos, info.failed) == (5, ())


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_loops_of_links_end(means, tmp_path):
    folder = album(tmp_path / "album", range(4))
    album(folder / "a", range(4, 7))
    (folder / "b").mkdir()
    (folder / "a" / "up").symlink_to(folder)
    (folder / "a" / "b").symlink_to(folder / "b")
    (folder / "b" / "a").symlink_to(folder / "a")
    (folder / "self").symlink_to(folder / "self")
    (folder / "self.png").symlink_to(folder / "self.png")
    (folder / "one.png").symlink_to(folder / "two.png")
    (folder / "two.png").symlink_to(folder / "one.png")
    info = result(library.index([folder]))
    assert info.photos == 7
    assert {path.name for path, _ in info.failed} >= {"self.png", "one.png", "two.png"}
    assert all("symbolic links" in reason for _, reason in info.failed)
    known = ids("album")
    assert sorted(known) == [f"{seed:03}.png" for seed in range(7)]  # each once, by one way
    means.seen.clear()
    assert result(library.update("album")).photos == 7
    assert means.seen == []
    assert (ids("album"), is_sound("album")) == (known, True)


@pytest.mark.parametrize("first", [True, False])
def test_a_folder_that_vanishes_during_the_build_is_gone_on_with_later(means, tmp_path, first):
    folder = album(tmp_path / "album", range(0 if first else 40))
    if not first:
        result(library.index([folder]))
    before = {} if first else ids("album")
    album(folder, range(40, 240))
    away = tmp_path / "unplugged"
    encode = means.encode_images

    def unplugged(images):
        if not away.exists() and sum(means.seen) >= 80:
            folder.rename(away)
        return encode(images)

    means.encode_images = unplugged
    with pytest.raises(LibraryError, match="went away") as error:
        result(library.index([folder], name="album"))
    assert "Connect its drive and update" in error.value.remedy
    held = ids("album")
    assert before.items() <= held.items()
    assert len(held) >= 64
    assert is_sound("album")
    with pytest.raises(LibraryError, match="does not exist"):
        result(library.update("album"))
    folder.mkdir()  # as an empty place to mount it on
    with pytest.raises(LibraryError, match="is empty"):
        result(library.update("album"))
    assert ids("album") == held
    folder.rmdir()
    away.rename(folder)
    means.encode_images = encode
    means.seen.clear()
    photos = 200 if first else 240
    assert result(library.update("album")).photos == photos
    assert sum(means.seen) == photos - len(held)
    assert library.list_libraries()[0].failed == ()
    assert result(care.check(shelf.home_of("album"))).findings == ()


def test_of_two_builds_at_once_one_goes_on(tmp_path, home, means):
    """Real processes: the later one is told that the library is busy, whether it is new or known."""
    folder = album(tmp_path / "album", range(60))
    one = begun(home, "index", "album", folder, seconds=0.3, wait=True)
    other = begun(home, "index", "album", folder)
    told = ended(other)
    assert told.startswith("LibraryError: The library 'album' is busy")
    assert "Try again" in told
    with pytest.raises(LibraryError, match="busy"):
        result(care.check(shelf.home_of("album")))
    assert ended(one) == "done"
    assert len(ids("album")) == 60
    assert is_sound("album")


def test_builds_that_start_together_do_no_harm(tmp_path, home, means):
    folder = album(tmp_path / "album", range(60))
    together = [begun(home, "index", "album", folder, seconds=0.05) for _ in range(3)]
    told = [ended(process) for process in together]
    assert "done" in told
    assert all(each == "done" or "is busy" in each for each in told), told
    assert result(library.update("album")).photos == 60
    assert result(care.check(shelf.home_of("album"))).findings == ()


def test_a_library_whose_drive_is_gone_is_kept_on_the_shelf(means, tmp_path):
    folder, drive = album(tmp_path / "album", range(8)), tmp_path / "drive"
    drive.mkdir()
    result(library.index([folder], at=drive / "far"))
    answers = nearest("far", 3, 4)
    drive.rename(tmp_path / "away")
    for work in (
        lambda: nearest("far", 3, 4),
        lambda: result(library.update("far")),
        lambda: shelf.located("far"),
    ):
        with pytest.raises(LibraryError, match=r"is not in .* any more") as error:
            work()
        assert "Connect its drive" in error.value.remedy
    (listed,) = library.list_libraries()
    assert (listed.name, listed.photos) == ("far", 0)
    assert "Connect its drive" in listed.failed[0][1]
    (tmp_path / "away").rename(drive)
    assert nearest("far", 3, 4) == answers
    assert result(library.update("far")).photos == 8
    assert is_sound("far")
    (tmp_path / "drive").rename(tmp_path / "away")
    library.remove("far")
    assert library.list_libraries() == ()
    assert (tmp_path / "away" / "far" / "catalogue.sqlite").is_file()


@pytest.mark.parametrize("times", ["kept", "new"])
def test_a_library_that_was_copied_elsewhere_is_used_as_it_is(means, tmp_path, times):
    folder = album(tmp_path / "album", range(30))
    result(library.index([folder]))
    answers, original = nearest("album", 3, 6), shelf.home_of("album")
    copy = tmp_path / "usb" / "carried"
    shutil.copytree(original, copy, copy_function=shutil.copy2 if times == "kept" else shutil.copy)
    if times == "new":
        for path in copy.iterdir():
            os.utime(path, (time.time() + 100, time.time() + 100))
    assert library.attach(copy).photos == 30
    assert nearest("carried", 3, 6) == answers  # and no word of damage
    assert result(care.check(copy)).findings == ()
    library.remove("album")
    assert nearest("carried", 3, 6) == answers
    means.seen.clear()
    album(folder, [30])
    assert result(library.update("carried")).photos == 31
    assert sum(means.seen) == 1
    with closing(Catalogue(copy)) as catalogue:
        assert catalogue.photos() == 31
    assert is_sound("carried")


def test_a_kill_before_the_old_content_was_forgotten_is_made_up_for(means, tmp_path, monkeypatch):
    """A file with a new content, and the kill after it was committed: nothing has changed for the next update."""
    folder = album(tmp_path / "album", range(5))
    result(library.index([folder]))
    picture(70).save(folder / "002.png")

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Catalogue, "drop_files", killed)
        with pytest.raises(KeyboardInterrupt):
            result(library.update("album"))
    assert [each.kind for each in result(care.check(shelf.home_of("album"))).findings] == ["no-file"]
    assert result(library.update("album")).photos == 5
    assert result(care.check(shelf.home_of("album"))).findings == ()
    assert nearest("album", 70, 1) == (["002.png"], "")
