"""Libraries: what is indexed, kept apart, and refused.

A small encoder of plain pixel means stands in for the network; test_retrieve uses the real one.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from library_makers import (
    album,
    drain,
    exif_block,
    ids,
    index_file,
    nearest,
    notices,
    picture,
    result,
)
from PIL import Image

from adir_desktop.contract import LibraryInfo, Photo, Progress
from adir_desktop.engine import encoder as encoders
from adir_desktop.engine import folders, indexing, library, retrieve, shelf
from adir_desktop.engine.catalogue import CATALOGUE, Catalogue
from adir_desktop.errors import AdirError, LibraryError, ModelError
from adir_desktop.files import sha256_file


def test_index_lists_every_photo_and_reports_progress(means, tmp_path):
    folder = album(tmp_path / "album", range(40))
    info, seen = drain(library.index([folder]))
    assert (info.name, info.photos, info.folders, info.failed) == ("album", 40, (folder,), ())
    assert info.encoder == "means@1"
    assert info.updated.startswith("20")
    assert info.bytes_on_disk >= (shelf.home_of("album") / CATALOGUE).stat().st_size
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
    index = index_file("album")
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
                with pytest.raises(LibraryError, match=r"another encoder.*Remove the library"):
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


def test_names_and_folders_are_resolved(means, tmp_path, monkeypatch):
    one, two = album(tmp_path / "a" / "Été 2020!", [0]), album(tmp_path / "b" / "Été 2020!", [1])
    assert library.resolve(one) == "Été 2020"
    first, second = result(library.index([one])), result(library.index([two]))
    assert (first.name, second.name) == ("Été 2020", "Été 2020-2")
    monkeypatch.chdir(tmp_path / "b")
    assert library.resolve("Été 2020!/../Été 2020!") == second.name
    assert library.resolve(first.name) == first.name
    assert result(library.index([one])).name == first.name  # the same library again
    with pytest.raises(LibraryError, match=r"no library or folder 'nowhere'.*There are: Été 2020"):
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
    home = shelf.home_of("album")
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
    with closing(Catalogue(shelf.home_of("album"))) as catalogue:
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
