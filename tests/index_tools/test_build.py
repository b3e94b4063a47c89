"""`build` as a person runs it: folders, lists, tar files, places elsewhere; and what is refused."""

from __future__ import annotations

import io
import json
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from adir_desktop import cli, cli_runner
from adir_desktop.engine import library, shelf
from adir_desktop.engine.catalogue import Catalogue
from index_tools.__main__ import app


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("ADIR_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def run(capsys, *arguments: object) -> tuple[int, str, str]:
    code = cli_runner.run(app, "index_tools", [str(each) for each in arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def jpeg(seed: int) -> bytes:
    stream = io.BytesIO()
    Image.effect_mandelbrot((48, 32), (-2 + seed / 10, -1.5, 1, 1.5), 50).convert("RGB").save(stream, "JPEG")
    return stream.getvalue()


def photos(folder: Path, seeds: range) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        (folder / f"{seed:02}.jpg").write_bytes(jpeg(seed))
    return folder


def tar(path: Path, members: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w") as stream:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            stream.addfile(info, io.BytesIO(content))
    return path


def stored(name: str):
    with closing(Catalogue(shelf.home_of(name))) as catalogue:
        return {Path(p.paths[0]).name: p for p in catalogue.stored(catalogue.keys().tolist())}


def test_a_folder_becomes_a_library_that_adir_searches(capsys, tmp_path):
    folder = photos(tmp_path / "sea", range(6))
    code, out, _ = run(capsys, "build", folder)
    assert (code, "6" in out) == (0, True)
    assert cli.run(["library", "search", "--like", str(folder / "02.jpg"), "-k", "2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["neighbours"]) == 2
    with closing(Catalogue(shelf.home_of("sea"))) as catalogue:
        assert catalogue.meta()["storage"] == "i8"


def test_a_library_elsewhere_is_known_and_only_forgotten(capsys, tmp_path):
    folder, at = photos(tmp_path / "sea", range(3)), tmp_path / "disk" / "large"
    at.parent.mkdir()
    assert run(capsys, "build", folder, "--at", at)[0] == 0
    assert [info.photos for info in library.list_libraries()] == [3]
    photos(folder, range(3, 5))
    assert run(capsys, "build", folder, "--at", at)[0] == 0  # again: brought up to date
    library.remove("large")
    assert library.list_libraries() == ()
    assert (at / "catalogue.sqlite").is_file()
    assert cli.run(["library", "open", str(at)]) == 0
    assert [(info.name, info.photos) for info in library.list_libraries()] == [("large", 5)]
    at.rename(at.with_name("gone"))  # the drive is not connected
    (listed,) = library.list_libraries()
    assert "Connect its drive" in listed.failed[0][1]
    library.remove("large")
    assert library.list_libraries() == ()


def test_lists_of_files(capsys, tmp_path):
    folder = photos(tmp_path / "sea", range(4))
    listing = tmp_path / "list.txt"
    listing.write_text(f"sea/00.jpg\n\n{folder / '01.jpg'}\nsea/missing.jpg\nlist.txt\n")
    code, _, err = run(capsys, "build", "--list", listing, "--name", "picked")
    assert code == 0
    assert "2 files" in err  # one is not there, and list.txt is no photo
    assert sorted(stored("picked")) == ["00.jpg", "01.jpg"]
    table = tmp_path / "more.csv"
    table.write_text("title,path\nx,sea/02.jpg\n")
    assert run(capsys, "build", "--list", table, "--name", "picked")[0] == 0
    assert sorted(stored("picked")) == ["00.jpg", "01.jpg", "02.jpg"]
    (folder / "00.jpg").unlink()
    assert cli.run(["library", "update", "picked"]) == 0
    assert sorted(stored("picked")) == ["01.jpg", "02.jpg"]
    folder.rename(tmp_path / "away")  # not connected: nothing is forgotten
    assert cli.run(["library", "update", "picked"]) == 0
    assert sorted(stored("picked")) == ["01.jpg", "02.jpg"]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00bad", b"x" * 9000, b"a\0b"])
def test_a_list_that_is_none_is_refused(capsys, tmp_path, content):
    listing = tmp_path / "list.txt"
    listing.write_bytes(content)
    code, _, err = run(capsys, "build", "--list", listing, "--name", "picked")
    assert (code, "not a list of paths" in err) == (2, True)


def test_tar_files_are_unpacked_with_their_credits(capsys, tmp_path):
    said = {"author": "Ann", "license": "CC BY 2.0", "url": "https://example.org/1", "title": "A boat"}
    one = tar(
        tmp_path / "00000.tar",
        {
            "a/1.jpg": jpeg(1),
            "a/1.json": json.dumps(said).encode(),
            "b/1.jpg": jpeg(2),
            "b/1.json": b"{rubbish",
            "b/1.txt": b"no matter",
        },
    )
    to = tmp_path / "photos"
    assert run(capsys, "build", "--tar", one, "--unpack-to", to, "--name", "shards")[0] == 0
    found = stored("shards")
    assert sorted(found) == ["a-1.jpg", "b-1.jpg"]
    assert (found["a-1.jpg"].author, found["a-1.jpg"].page) == ("Ann", "https://example.org/1")
    before = (to / "00000" / "a-1.jpg").stat().st_mtime_ns
    (to / "00000" / "b-1.jpg").unlink()
    assert run(capsys, "build", "--tar", one, "--unpack-to", to, "--name", "shards")[0] == 0
    assert sorted(stored("shards")) == ["a-1.jpg"]  # unpacked once: what the person removed stays removed
    assert (to / "00000" / "a-1.jpg").stat().st_mtime_ns == before
    assert (to / "00000" / "credits.csv").read_text().count(
        "\n"
    ) == 2  # the heads, and the photo that is said of


def test_hostile_and_damaged_tar_files(capsys, tmp_path):
    evil = {"../../out.jpg": jpeg(1), "/etc/x.jpg": jpeg(2), ".jpg": jpeg(3), "ok.jpg": jpeg(4)}
    bad = tar(tmp_path / "bad.tar", evil)
    with tarfile.open(bad, "a") as stream:
        link = tarfile.TarInfo("link.jpg")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        stream.addfile(link)
    cut = tmp_path / "cut.tar"
    cut.write_bytes(tar(tmp_path / "whole.tar", {"1.jpg": jpeg(5), "2.jpg": jpeg(6)}).read_bytes()[:2600])
    to = tmp_path / "to"
    code, _, err = run(capsys, "build", "--tar", bad, "--tar", cut, "--unpack-to", to, "--name", "x")
    assert code == 0
    assert "damaged" in err
    assert "passed over" in err
    assert not (tmp_path / "out.jpg").exists()
    assert all(path.resolve().is_relative_to(to) for path in to.rglob("*"))
    assert not any(path.is_symlink() for path in to.rglob("*"))
    assert "ok.jpg" in stored("x")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Nothing to build from"),
        (["--tar", "x.tar", "--name", "x"], "need a place"),
        (["--tar", "x.tar", "--name", "x", "--unpack-to", "to"], "no tar file"),
        (["--list", "none.txt", "--name", "x"], "no list"),
        (["--list", "none.txt"], "needs a name"),
        (["nowhere"], "does not exist"),
        (["--name", "a/b", "."], "cannot be the name"),
        (["--at", "x", "--name", "y", "."], "folder's name"),
        (["--storage", "f64", "."], "storage"),
        (["--at", ".", "."], "not empty"),
        (["--encoder", "nonsense", "."], "no encoder"),
    ],
)
def test_what_cannot_be_built_is_said(capsys, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(photos(tmp_path / "sea", range(1)))
    code, _, err = run(capsys, "build", *arguments)
    assert code in (1, 2)
    assert words in err
    assert library.list_libraries() == ()
