"""Libraries: what is indexed, what survives damage, kills and cancelling, and what is refused.

A small encoder of plain pixel means stands in for the network; test_retrieve uses the real one.
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from adir_desktop.contract import LibraryInfo, Notice, Photo, Progress
from adir_desktop.engine import encoder as encoders
from adir_desktop.engine import folders, indexing, library, retrieve, vector_index
from adir_desktop.engine.catalogue import CATALOGUE, Catalogue
from adir_desktop.engine.sqlite import writing
from adir_desktop.errors import AdirError, LibraryError, ModelError, StorageError
from adir_desktop.files import sha256_file


@dataclass
class Means:
    """Mean colours on a 4 x 4 grid, centred, as a unit vector; counts what it was asked."""

    spec: str = "starter"
    id: str = "means@1"
    preprocessing: str = "{}"
    dimensions: int = 49
    working_side: int = 256
    batch: int = 8
    seen: list[int] = field(default_factory=list)

    def encode_images(self, images: Sequence[Image.Image | Photo]) -> np.ndarray:
        self.seen.append(len(images))
        return np.stack([self._vector(image) for image in images])

    def encode_text(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([self._vector(Image.new("RGB", (8, 8), text)) for text in texts])

    def _vector(self, image: Image.Image | Photo) -> np.ndarray:
        picture = encoders.as_image(image) if isinstance(image, Photo) else image
        values = np.asarray(picture.resize((4, 4), Image.Resampling.BOX), np.float32).ravel() / 255
        vector = np.append(values - values.mean(), 0.1).astype(np.float32)
        return vector / np.linalg.norm(vector)


@pytest.fixture
def means(monkeypatch) -> Means:
    encoder = Means()
    monkeypatch.setattr(encoders, "load_encoder", lambda spec="starter", device="cpu": encoder)
    return encoder


def picture(seed: int, size: tuple[int, int] = (60, 40)) -> Image.Image:
    """A coarse random colour field: no two seeds look alike."""
    small = np.random.default_rng(seed).integers(0, 256, (4, 6, 3), np.uint8)
    return Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)


def album(folder: Path, seeds: Sequence[int], suffix: str = ".png") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        picture(seed).save(folder / f"{seed:03}{suffix}")
    return folder


def exif_block(author: str, licence: str, orientation: int) -> bytes:
    """EXIF with its texts in UTF-8, as many programs write them."""
    texts = [text.encode() + b"\0" for text in (author, licence)]
    places = 8 + 2 + 3 * 12 + 4, 8 + 2 + 3 * 12 + 4 + len(texts[0])
    entries = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    for tag, text, place in zip((0x013B, 0x8298), texts, places, strict=True):
        entries += struct.pack("<HHII", tag, 2, len(text), place)
    return b"Exif\0\0II*\0" + struct.pack("<IH", 8, 3) + entries + bytes(4) + b"".join(texts)


def drain(events):
    """The result, and the events on the way to it."""
    seen = []
    while True:
        try:
            seen.append(next(events))
        except StopIteration as end:
            return end.value, seen


def result(events):
    return drain(events)[0]


def notices(seen) -> str:
    return " ".join(event.message for event in seen if isinstance(event, Notice))


def nearest(name: str, seed: int, k: int = 3) -> tuple[list[str], str]:
    """The files nearest to a picture, and what was noticed on the way."""
    pixels = np.asarray(picture(seed), np.float32) / 255
    found, seen = drain(retrieve.find(Photo(pixels), name, k))
    return [item.path.name for item in found.items], notices(seen)


def assert_index_is_complete(name: str) -> None:
    """The index holds every photo of the catalogue and no other."""
    with closing(Catalogue(library.home_of(name))) as catalogue:
        index = result(vector_index.ready(catalogue))
        assert sorted(index.keys) == catalogue.vectors()[0].tolist()


def ids(name: str) -> dict[str, str]:
    """sha256 by file name, of every file that the catalogue knows."""
    with closing(Catalogue(library.home_of(name))) as catalogue:
        photos = catalogue.stored([int(key) for key in catalogue.vectors()[0]])
        return {Path(path).name: photo.sha256 for photo in photos for path in photo.paths}


def test_index_lists_every_photo_and_reports_progress(means, tmp_path):
    folder = album(tmp_path / "album", range(40))
    info, seen = drain(library.index([folder]))
    assert (info.name, info.photos, info.folders, info.failed) == ("album", 40, (folder,), ())
    assert info.encoder == "means@1"
    assert info.updated.startswith("20")
    assert info.bytes_on_disk >= (library.home_of("album") / CATALOGUE).stat().st_size
    progress = [event for event in seen if isinstance(event, Progress)]
    assert all(event.stage == "index" for event in progress)
    assert [event.done for event in progress] == sorted(event.done for event in progress)
    assert (progress[-1].done, progress[-1].total) == (40, 40)
    assert library.list_libraries() == (info,)
    assert ids("album")["007.png"] == sha256_file(folder / "007.png")


def test_update_embeds_only_what_changed(means, tmp_path):
    folder = album(tmp_path / "album", range(6))
    result(library.index([folder]))
    means.seen.clear()
    (folder / "000.png").unlink()
    picture(100).save(folder / "001.png")
    album(folder, [6])
    info = result(library.update("album"))
    assert sum(means.seen) == 2
    assert info.photos == 6
    assert nearest("album", 100, 1)[0] == ["001.png"]
    assert "000.png" not in nearest("album", 0, 6)[0]


def test_an_update_without_changes_does_not_load_the_encoder(means, tmp_path, monkeypatch):
    folder = album(tmp_path / "album", range(3))
    result(library.index([folder]))
    index = library.home_of("album") / vector_index.INDEX
    before = index.stat().st_mtime_ns
    monkeypatch.setattr(encoders, "load_encoder", lambda *_: pytest.fail("loaded"))
    assert result(library.update("album")).photos == 3
    assert index.stat().st_mtime_ns == before


def test_moved_files_are_recognised_by_content(means, tmp_path):
    folder = album(tmp_path / "album", range(4))
    result(library.index([folder]))
    before = ids("album")
    means.seen.clear()
    (folder / "2020").mkdir()
    (folder / "000.png").rename(folder / "2020" / "renamed.png")
    info = result(library.update("album"))
    assert (info.photos, means.seen) == (4, [])
    assert ids("album")["renamed.png"] == before["000.png"]
    assert nearest("album", 0, 1)[0] == ["renamed.png"]


def test_equal_files_are_one_neighbour(means, tmp_path):
    folder = album(tmp_path / "album", range(3))
    shutil.copy(folder / "001.png", folder / "copy.png")
    assert result(library.index([folder])).photos == 3
    assert nearest("album", 1, 10)[0].count("001.png") == 1
    (folder / "001.png").unlink()
    assert nearest("album", 1, 1)[0] == ["copy.png"]  # even before the update
    assert result(library.update("album")).photos == 3


def test_unreadable_files_are_recorded_and_not_fatal(means, tmp_path):
    folder = album(tmp_path / "album", range(3))
    (folder / "empty.jpg").touch()
    (folder / "words.png").write_text("no picture at all")
    whole = io.BytesIO()
    picture(9, (300, 200)).save(whole, "JPEG")
    (folder / "cut.jpg").write_bytes(whole.getvalue()[: len(whole.getvalue()) // 2])
    info, seen = drain(library.index([folder]))
    assert info.photos == 3
    assert {path.name for path, _ in info.failed} == {"empty.jpg", "words.png", "cut.jpg"}
    assert all(reason.endswith(".") for _, reason in info.failed)
    assert "3 files" in notices(seen)
    (folder / "cut.jpg").write_bytes(whole.getvalue())
    for name in ("empty.jpg", "words.png"):
        (folder / name).unlink()
    info = result(library.update("album"))
    assert (info.photos, info.failed) == (4, ())


def test_a_photo_overwritten_with_rubbish_is_forgotten(means, tmp_path):
    folder = album(tmp_path / "album", range(3))
    result(library.index([folder]))
    (folder / "001.png").write_bytes(b"rubbish")
    info = result(library.update("album"))
    assert (info.photos, [path.name for path, _ in info.failed]) == (2, ["001.png"])
    assert "001.png" not in ids("album")


def test_only_photos_that_are_not_hidden_are_taken(means, tmp_path):
    folder = album(tmp_path / "album", [0])
    album(folder / ".hidden", [1])
    picture(2).save(folder / "._002.png")
    (folder / "notes.txt").write_text("words")
    os.mkfifo(folder / "pipe.jpg")
    (folder / "nothing.jpg").symlink_to(folder / "missing.jpg")
    info = result(library.index([folder]))
    assert info.photos == 1
    assert [path.name for path, _ in info.failed] == ["nothing.jpg"]


def test_links_are_followed_once_and_loops_end(means, tmp_path):
    folder = album(tmp_path / "album", [0])
    other = album(tmp_path / "other", [1, 2])
    (folder / "other").symlink_to(other)
    (other / "back").symlink_to(folder)
    (other / "self").symlink_to(other)
    assert result(library.index([folder])).photos == 3
    assert len(ids("album")) == 3


def test_a_name_that_is_no_text_is_recorded(means, tmp_path):
    folder = album(tmp_path / "album", [0])
    try:
        picture(1).save(io.BytesIO(), "PNG")
        shutil.copy(folder / "000.png", os.fsencode(folder) + b"/bad\xff.png")
    except OSError:
        pytest.skip("this file system takes only text")
    info = result(library.index([folder]))
    assert (info.photos, len(info.failed)) == (1, 1)
    str(info.failed[0][0]).encode()


def test_a_missing_folder_is_an_error_and_nothing_is_forgotten(means, tmp_path):
    folder = album(tmp_path / "album", range(3))
    result(library.index([folder]))
    folder.rename(tmp_path / "away")
    with pytest.raises(LibraryError, match="does not exist"):
        result(library.update("album"))
    folder.mkdir()  # the empty place where a drive is connected
    with pytest.raises(LibraryError, match="empty"):
        result(library.update("album"))
    assert library.list_libraries()[0].photos == 3
    folder.rmdir()
    (tmp_path / "away").rename(folder)
    means.seen.clear()
    assert result(library.update("album")).photos == 3
    assert means.seen == []


def test_photos_in_a_folder_that_cannot_be_opened_are_kept(means, tmp_path, monkeypatch):
    folder = album(tmp_path / "album", [0])
    album(folder / "locked", [1, 2])
    result(library.index([folder]))

    def scandir(path, scandir=os.scandir):
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(folders.os, "scandir", scandir)
    info = result(library.update("album"))
    assert info.photos == 3
    assert [path.name for path, _ in info.failed] == ["locked"]


def test_folders_can_be_added_and_are_kept_apart(means, tmp_path):
    one, two = album(tmp_path / "one", [0, 1]), album(tmp_path / "two", [2])
    result(library.index([one], name="both"))
    info = result(library.index([two], name="both"))
    assert (info.photos, info.folders) == (3, (one, two))
    (one / "000.png").unlink()
    assert result(library.index([two], name="both")).photos == 3  # only `two` was looked at
    assert result(library.update("both")).photos == 2


def test_a_folder_without_photos_makes_no_library(means, tmp_path):
    (tmp_path / "none").mkdir()
    for bad in ([tmp_path / "none"], [tmp_path / "missing"], []):
        with pytest.raises(LibraryError):
            result(library.index(bad))
    assert library.list_libraries() == ()


def test_an_encoder_that_is_not_there_makes_no_library(tmp_path):
    with pytest.raises(ModelError, match="no encoder"):
        result(library.index([album(tmp_path / "album", [0])], encoder="nonsense"))
    assert library.list_libraries() == ()


def test_vectors_of_another_encoder_are_refused(means, tmp_path):
    folder = album(tmp_path / "album", range(3))
    result(library.index([folder]))
    with pytest.raises(LibraryError, match="cannot be mixed"):
        result(library.index([folder], name="album", encoder="ViT-B-32/openai"))
    album(folder, [3])
    for changed in ({"id": "means@2"}, {"preprocessing": '{"size": 5}'}):
        for key, value in changed.items():
            before = getattr(means, key)
            setattr(means, key, value)
            for job in (library.update("album"), retrieve.find("red", "album", 1)):
                with pytest.raises(LibraryError, match=r"another encoder.*library remove"):
                    result(job)
            setattr(means, key, before)
    assert library.list_libraries()[0].photos == 3
    assert result(library.update("album")).photos == 4


def test_cancelling_keeps_what_is_done(means, tmp_path, monkeypatch):
    monkeypatch.setattr("adir_desktop.engine.pace.EVERY", 0)
    folder = album(tmp_path / "album", range(80))
    events = library.index([folder])
    for event in events:
        if isinstance(event, Progress) and event.done > 2 * indexing.BATCH:
            break
    events.close()
    assert library.list_libraries()[0].photos == 2 * indexing.BATCH
    names, noticed = nearest("album", 5, 1)  # the index was not written; searching makes up for it
    assert (names, noticed) == (["005.png"], "")
    means.seen.clear()
    assert result(library.update("album")).photos == 80
    assert sum(means.seen) == 80 - 2 * indexing.BATCH


@pytest.mark.parametrize("damage", ["bits", "cut", "gone", "empty", "foreign"])
def test_a_damaged_index_is_made_again(means, tmp_path, damage):
    folder = album(tmp_path / "album", range(20))
    result(library.index([folder]))
    index = library.home_of("album") / vector_index.INDEX
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
    index.write_bytes(b"damaged again")
    result(library.update("album"))
    assert nearest("album", 7, 5) == (names, "")


def test_a_kill_between_index_and_catalogue_is_noticed(means, tmp_path, monkeypatch):
    folder = album(tmp_path / "album", range(5))
    result(library.index([folder]))
    album(folder, [5])
    with monkeypatch.context() as patched:
        set_meta = Catalogue.set_meta

        def killed(self, values):
            if "indexed_sha256" in values:
                raise KeyboardInterrupt
            set_meta(self, values)

        patched.setattr(Catalogue, "set_meta", killed)
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
    path = library.home_of("album") / CATALOGUE
    if damage == "not sqlite":
        path.write_bytes(b"something else" * 1000)
    elif damage == "no header":
        _overwrite(path, 0, 100)
    elif damage == "pages":
        _overwrite(path, 4096, 10**9)
    else:
        with closing(sqlite3.connect(path)) as connection:
            statement = {
                "vectors": "UPDATE photos SET vector = zeroblob(98)",
                "tables gone": "DROP TABLE photos",
                "newer": "PRAGMA user_version = 99",
            }[damage]
            connection.execute(statement)
            connection.commit()
        (path.parent / vector_index.INDEX).unlink()
    before = path.read_bytes()
    for job in (retrieve.find("red", "album", 2), library.update("album") if damage != "vectors" else None):
        with pytest.raises(LibraryError, match=r"damaged|newer") as error:
            result(job or retrieve.find("red", "album", 2))
        assert "library remove album" in error.value.remedy or damage == "newer"
    assert path.read_bytes() == before  # never mended or removed in silence
    (listed,) = library.list_libraries()
    assert listed.name == "album"
    library.remove("album")
    assert result(library.index([folder])).photos == info.photos


def test_a_damaged_library_is_not_passed_over_for_its_folder(means, tmp_path):
    folder = album(tmp_path / "album", range(3))
    result(library.index([folder]))
    (library.home_of("album") / CATALOGUE).write_bytes(b"rubbish" * 100)
    with pytest.raises(LibraryError, match="damaged"):
        result(library.ensure(str(folder)))
    assert library.list_libraries()[0].failed[0][1].startswith("The catalogue")


def test_one_process_at_a_time_changes_a_library(means, tmp_path):
    folder = album(tmp_path / "album", range(3))
    result(library.index([folder]))
    album(folder, [3])
    with writing(library.home_of("album")):
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

    def full(path, content):
        raise StorageError("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(vector_index, "write_atomic", full)
        with pytest.raises(StorageError, match="disk is full"):
            result(library.update("album"))
        names, noticed = nearest("album", 50, 1)
        assert names == ["050.png"]
        assert "this search only" in noticed
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
import test_library as t
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
    with closing(Catalogue(library.home_of("album"))) as catalogue:
        catalogue.check()
    assert nearest("album", 149, 1) == (["149.png"], "")


def test_names_and_folders_are_resolved(means, tmp_path, monkeypatch):
    one, two = album(tmp_path / "a" / "Été 2020!", [0]), album(tmp_path / "b" / "Été 2020!", [1])
    assert library.resolve(one) == "Été 2020"
    first, second = result(library.index([one])), result(library.index([two]))
    assert (first.name, second.name) == ("Été 2020", "Été 2020-2")
    monkeypatch.chdir(tmp_path / "b")
    assert library.resolve("Été 2020!/../Été 2020!") == second.name
    assert library.resolve(first.name) == first.name
    assert result(library.index([one])).name == first.name  # the same library again
    with pytest.raises(LibraryError, match=r"no library or folder 'nowhere'.*Été 2020"):
        library.resolve("nowhere")
    for bad in ("../evil", "", "a/b", ".hidden", "x" * 65):
        with pytest.raises(LibraryError, match="cannot be the name"):
            result(library.index([one, two], name=bad))


def test_ensure_updates_a_folder_and_takes_a_name_as_it_is(means, tmp_path):
    folder = album(tmp_path / "album", range(3))
    assert result(library.ensure(str(folder))) == "album"
    album(folder, [3])
    assert result(library.ensure("album")) == "album"
    assert library.list_libraries()[0].photos == 3
    assert result(library.ensure(str(folder))) == "album"
    assert library.list_libraries()[0].photos == 4
    with pytest.raises(LibraryError):
        result(library.ensure("nowhere"))


def test_remove_leaves_the_photos(means, tmp_path):
    folder = album(tmp_path / "album", range(3))
    result(library.index([folder]))
    home = library.home_of("album")
    library.remove("album")
    assert not home.exists()
    assert list(home.parent.iterdir()) == []
    assert len(list(folder.iterdir())) == 3
    for job in (library.remove, lambda name: result(library.update(name))):
        with pytest.raises(LibraryError, match="no library"):
            job("album")


def test_author_licence_size_and_thumbnail_are_kept(means, tmp_path):
    folder = tmp_path / "album"
    folder.mkdir()
    exif = exif_block("Søren  Ørsted", "CC BY 4.0", orientation=6)
    picture(0, (1200, 800)).save(folder / "a.jpg", exif=exif, quality=95)
    result(library.index([folder]))
    with closing(Catalogue(library.home_of("album"))) as catalogue:
        (photo,) = catalogue.stored([1])
        sizes = catalogue._rows("SELECT width, height FROM photos")
    assert (photo.author, photo.licence, sizes) == ("Søren Ørsted", "CC BY 4.0", [(800, 1200)])
    thumbnail = Image.open(io.BytesIO(photo.thumbnail))
    assert (thumbnail.format, thumbnail.size) == ("JPEG", (107, 160))
    upright = np.asarray(picture(0, (1200, 800)).rotate(-90, expand=True).resize((107, 160)), float)
    assert np.abs(np.asarray(thumbnail, float) - upright).mean() < 4
    assert photo.sha256 == sha256_file(folder / "a.jpg")


@pytest.mark.parametrize(
    "name", ["grey.png", "16.png", "palette.png", "alpha.png", "cmyk.jpg", "b.tif", "b.webp"]
)
def test_every_kind_of_picture_has_the_same_vector(means, tmp_path, name):
    folder = album(tmp_path / "album", range(5))
    plain = picture(50, (900, 600))
    if name == "grey.png":
        plain = plain.convert("L").convert("RGB")
    kinds = {
        "grey.png": lambda: plain.convert("L"),
        "16.png": lambda: Image.fromarray(np.asarray(plain.convert("L")).astype(np.uint16) * 257),
        "palette.png": lambda: plain.quantize(256),
        "alpha.png": lambda: plain.convert("RGBA"),
        "cmyk.jpg": lambda: plain.convert("CMYK"),
    }
    kinds.get(name, lambda: plain)().save(folder / name)
    info = result(library.index([folder]))
    assert info.failed == ()
    wanted = plain.convert("L").convert("RGB") if name == "16.png" else plain
    found = result(retrieve.find(Photo(np.asarray(wanted, np.float32) / 255), "album", 1)).items[0]
    assert found.path.name == name
    assert found.angle < 2


def test_listing_costs_no_torch():
    code = (
        "import sys, adir_desktop.engine.library as l; l.list_libraries(); assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


def test_damaged_bytes_of_any_kind_never_stop_the_indexing(means, tmp_path):
    folder = album(tmp_path / "album", [0])
    rng = np.random.default_rng(0)
    for kind in ("JPEG", "PNG", "TIFF", "WEBP", "BMP"):
        stream = io.BytesIO()
        exif = Image.Exif()
        exif[0x013B] = "somebody"
        picture(1, (64, 48)).save(stream, kind, exif=exif.tobytes())
        for number in range(12):
            content = bytearray(stream.getvalue())
            for place in rng.integers(4, min(len(content), 600), 12):
                content[place] = rng.integers(0, 256)
            (folder / f"{number}.{kind.lower()}").write_bytes(content)
    info: LibraryInfo = result(library.index([folder]))
    assert info.photos >= 1
    assert info.photos + len(info.failed) == 61


def test_errors_have_a_problem_and_a_remedy(means, tmp_path):
    for job in (library.update("x"), retrieve.find("red", "x", 1), library.index([tmp_path / "x"])):
        with pytest.raises(AdirError) as error:
            result(job)
        assert error.value.problem.endswith(".")
        assert error.value.remedy
        assert "\n" not in str(error.value)
