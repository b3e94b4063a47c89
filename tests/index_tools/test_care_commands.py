"""The commands that look after libraries, as a shell runs them."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from adir_desktop import cli_runner
from adir_desktop.engine import library, shelf
from index_tools.__main__ import app


@pytest.fixture
def place(tmp_path) -> Path:
    """The folder of a library of twelve pictures, one of them twice and one once more but smaller."""
    folder = tmp_path / "album"
    folder.mkdir()
    for seed in range(12):
        small = np.random.default_rng(seed).integers(0, 256, (4, 6, 3), np.uint8)
        picture = Image.fromarray(small).resize((180, 120), Image.Resampling.BICUBIC)
        picture.save(folder / f"{seed}.png")
        if seed == 5:
            picture.resize((150, 100)).save(folder / "5 small.jpg", quality=90)
    shutil.copy(folder / "3.png", folder / "3 again.png")
    for _ in library.index([folder]):
        pass
    return shelf.home_of("album")


@pytest.fixture
def tools(capsys):
    """Runs one command line; returns its exit code, standard output and standard error."""

    def run(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = cli_runner.run(app, "python -m index_tools", [str(each) for each in arguments])
        return code, *capsys.readouterr()

    return run


def change(place: Path, statement: str) -> None:
    with closing(sqlite3.connect(place / "catalogue.sqlite", isolation_level=None)) as connection:
        connection.execute(statement)


def test_a_library_is_checked_and_repaired(tools, place, tmp_path):
    code, out, _ = tools("check", "album")
    assert (code, out) == (0, "The library 'album' is sound: 13 photos in 14 files.\n")
    change(place, "DELETE FROM vectors WHERE key = 4")
    code, out, err = tools("check", place)
    assert code == 1
    assert "1      photos without a vector  Repair the library." in out
    assert err.splitlines()[-1].startswith("adir: The library 'album' is damaged.")
    assert "index_tools repair" in err
    code, out, _ = tools("check", "album", "--json")
    assert code == 1
    (report,) = map(json.loads, out.splitlines())
    assert (report["sound"], report["photos"], report["files"]) == (False, 13, 14)
    assert [(each["kind"], each["count"]) for each in report["findings"]] == [("no-vector", 1)]
    code, out, _ = tools("repair", "album")
    assert code == 0
    assert "1 photos forgotten that were not complete" in out
    assert "adir library update album" in out
    assert tools("check", "album")[0] == 0
    for _ in library.update("album"):
        pass
    assert "13 photos in 14 files" in tools("check", "album")[1]
    assert "nothing to mend" in tools("repair", "album")[1]
    (tmp_path / "album" / "1.png").unlink()
    code, out, _ = tools("check", "album")
    assert code == 0
    assert "photo files that are gone" in out
    assert "1.png" in out


def test_a_damaged_catalogue_is_told_where_it_is_kept(tools, place):
    change(place, "DROP TABLE thumbnails")
    code, out, _ = tools("repair", "album", "--json")
    (done,) = map(json.loads, out.splitlines())
    assert (code, done["lost"]) == (0, 13)
    assert Path(done["kept"]).is_file()
    change(place, "DROP TABLE failed")
    code, out, _ = tools("repair", "album")
    assert code == 0
    assert "The old one is" in out
    assert len(list(place.glob("catalogue.damaged-*.sqlite"))) == 2


def test_sizes_before_and_after(tools, place):
    code, out, _ = tools("compact", "album", "--storage", "i8")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()[1:]] == ["before", "after"]
    code, out, _ = tools("compact", "album", "--json")
    (done,) = map(json.loads, out.splitlines())
    assert done["after"]["shards"] == 1
    assert done["after"]["catalogue"] == (place / "catalogue.sqlite").stat().st_size
    assert tools("compact", "album", "--storage", "f64")[0] == 2


def test_figures(tools, place):
    code, out, _ = tools("info", "album")
    assert code == 0
    assert f"Folder                     {place}\n" in out
    assert "13 vectors" in out
    change(place, "UPDATE photos SET licence = 'CC0' WHERE key < 3")
    (found,) = map(json.loads, tools("info", "album", "--json")[1].splitlines())
    assert (found["photos"], found["files"], found["failed"], found["indexed"]) == (13, 14, 0, 13)
    assert found["licences"] == [["CC0", 2]]


def test_duplicates(tools, place, tmp_path):
    folder = tmp_path / "album"
    (found,) = map(json.loads, tools("duplicates", "album", "--json")[1].splitlines())
    assert [group["paths"] for group in found["equal"]] == [
        [str(folder / "3 again.png"), str(folder / "3.png")]
    ]
    assert [group["paths"] for group in found["alike"]] == [
        [str(folder / "5 small.jpg"), str(folder / "5.png")]
    ]
    code, out, _ = tools("duplicates", "album", "--threshold", 1)
    assert code == 0
    assert out.splitlines() == [
        "Equal content:",
        f"  {folder / '3 again.png'}",
        f"  {folder / '3.png'}",
        "1 groups of equal files, 0 of photos that look alike.",
    ]


@pytest.mark.parametrize("command", ["check", "repair", "compact", "info", "duplicates"])
def test_every_command_speaks_to_programs_and_refuses_what_is_none(tools, place, command):
    code, out, _ = tools(command, "album", "--events", "json")
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert len(lines) > 1
    assert all({"stage", "done", "total"} <= line.keys() for line in lines[:-1])
    assert "stage" not in lines[-1]
    for wrong, words in (
        ((command, "nothing"), "no library 'nothing'"),
        ((command, place.parent), "no library"),
        ((command,), "Missing argument"),
        ((command, "album", "--events", "xml"), "no events"),
    ):
        code, out, err = tools(*wrong)
        assert (code, out) == (2, "")
        assert words in err
    code, out, _ = tools(command, "nothing", "--json")
    assert code == 2
    assert "no library" in json.loads(out)["error"]


@pytest.mark.parametrize("threshold", ["0", "2", "nan", "much"])
def test_wrong_thresholds(tools, place, threshold):
    assert tools("duplicates", "album", "--threshold", threshold)[0] == 2


def test_a_real_process(place):
    done = subprocess.run(
        [sys.executable, "-m", "index_tools", "check", str(place)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "is sound" in done.stdout
