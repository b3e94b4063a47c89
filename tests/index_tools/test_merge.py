"""`merge` as a person runs it: libraries by name and by folder, new and known, and what is refused."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest
from corners import Corners, album

from adir_desktop import cli_runner
from adir_desktop.engine import encoder as encoders
from adir_desktop.engine import library, shelf
from adir_desktop.engine.catalogue import CATALOGUE, Catalogue
from adir_desktop.engine.events import result_of
from index_tools.__main__ import app


@pytest.fixture(autouse=True)
def corners(monkeypatch):
    monkeypatch.setattr(encoders, "load_encoder", lambda spec="starter", device="cpu": Corners())


def run(capsys, *arguments: object) -> tuple[int, str, str]:
    code = cli_runner.run(app, "index_tools", [str(each) for each in arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def indexed(folder: Path, seeds: range, at: Path | None = None) -> str:
    album(folder, seeds)
    return result_of(library.index([folder], folder.name if at is None else at.name, at=at)).name


def names(home: Path) -> list[str]:
    with closing(Catalogue(home)) as catalogue:
        return sorted(Path(file.path).name for file in catalogue.files())


def test_libraries_by_name_and_by_folder_become_a_new_one(capsys, tmp_path):
    indexed(tmp_path / "sea", range(4))
    indexed(tmp_path / "hills", range(3, 7), at=tmp_path / "disk" / "far")
    library.remove("far")  # only the way to it
    code, out, err = run(capsys, "merge", "all", "sea", tmp_path / "disk" / "far", "--events", "json")
    assert (code, err) == (0, "")
    lines = [json.loads(line) for line in out.splitlines()]
    assert {line["stage"] for line in lines[:-1]} == {"merge", "index"}
    assert (lines[-1]["name"], lines[-1]["photos"]) == ("all", 7)
    assert [Path(folder).name for folder in lines[-1]["folders"]] == ["hills", "sea"]
    assert names(shelf.home_of("all")) == [
        "000.png",
        "001.png",
        "002.png",
        "003.png",
        "003.png",
        "004.png",
        "005.png",
        "006.png",
    ]
    assert [info.name for info in library.list_libraries()] == ["all", "sea"]
    code, out, _ = run(capsys, "merge", "all", "sea")
    assert code == 0
    assert "7" in out


def test_a_new_library_may_lie_elsewhere_and_be_merged_into_again(capsys, tmp_path):
    for name, seeds in {"sea": range(3), "hills": range(3, 5)}.items():
        indexed(tmp_path / name, seeds)
    at = tmp_path / "disk" / "all"
    assert run(capsys, "merge", "all", "sea", "--at", at)[0] == 0
    assert shelf.home_of("all") == at
    assert run(capsys, "merge", at, "hills")[0] == 0  # by its folder
    assert run(capsys, "merge", "all", "hills", "--at", at)[0] == 0
    assert len(names(at)) == 5
    assert result_of(library.update("all")).photos == 5


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("merge", "all"), "Missing argument"),
        (("merge", "all", "nowhere"), "no library 'nowhere'"),
        (("merge", "sea", "sea"), "into itself"),
        (("merge", "../all", "sea"), "cannot be the name"),
        (("merge", "all", "sea", "--at", "{tmp}/other"), "Call the folder 'all'"),
        (("merge", "sea", "sea", "--at", "{tmp}/sea"), "a library 'sea' elsewhere"),
        (("merge", "all", "{tmp}"), "no library"),
    ],
)
def test_what_cannot_be_merged_is_one_line_and_makes_nothing(capsys, tmp_path, arguments, said):
    indexed(tmp_path / "sea", range(3))
    before = (shelf.home_of("sea") / CATALOGUE).read_bytes()
    code, out, err = run(capsys, *(each.format(tmp=tmp_path) for each in arguments))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
    assert [info.name for info in library.list_libraries()] == ["sea"]
    assert (shelf.home_of("sea") / CATALOGUE).read_bytes() == before
