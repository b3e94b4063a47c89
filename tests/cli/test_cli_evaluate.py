"""`adir evaluate`: options, what is printed, refusals."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from small_photos import make_photo

CHEAP = (
    *("--size", 32, "--device", "cpu", "--precision", "float32", "--workers", 1),
    *("--tasks", "sr4@16,denoise", "--methods", "input, bicubic"),
)


@pytest.fixture
def folder(here: Path) -> Path:
    for seed in range(3):
        make_photo(here / "photos" / f"{seed}.png", seed=seed)
    return here / "photos"


def test_an_evaluation_and_its_continuation(adir, folder: Path, here: Path) -> None:
    ran = adir("evaluate", folder, "-o", "out", "--count", 2, "--seeds", "0,3", "--psnr-y", *CHEAP)
    assert ran.code == 0
    assert [line.split(": ")[0] for line in ran.out.splitlines()] == ["page", "table", "csv"]
    assert "12 pictures made, 0 kept." in ran.err
    with (here / "out" / "results.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["seed"] for row in rows if row["method"] == "bicubic"} == {"0", "3"}
    assert {(row["task"], row["size"]) for row in rows} == {("sr4", "16"), ("denoise", "32")}
    assert all(row["psnr_y"] for row in rows)
    again = adir("evaluate", folder, "-o", "out", "--count", 2, "--seeds", "0,3", "--psnr-y", *CHEAP)
    assert "0 pictures made, 12 kept." in again.err


def test_for_programs_every_line_is_json(adir, folder: Path, here: Path) -> None:
    ran = adir("evaluate", folder, "-o", "out", "--events", "json", *CHEAP)
    assert ran.code == 0
    last = ran.lines[-1]
    assert (last["worked"], last["kept"], last["failed"]) == (12, 0, 0)
    assert Path(last["paths"]["page"]).is_file()
    told = [line for line in ran.lines if line.get("stage") == "evaluate"]
    assert (told[-1]["done"], told[-1]["total"], told[-1]["eta"]) == (12, 12, 0)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--tasks", "sharpen"), "no task 'sharpen'"),
        (("--tasks", ","), "names nothing"),
        (("--methods", "magic"), "no sampler 'magic'"),
        (("--retrieval", "nearby", "--methods", "diffpir"), "no retrieval 'nearby'"),
        (("--methods", "ADIR"), "--library"),
        (("--seeds", "0,x"), "no list of seeds"),
        (("--seeds", "4,4"), "seeds"),
        (("--size", "8"), "8 pixels"),
        (("--size", "-4"), "-4 pixels"),
        (("--size", "500"), "smaller --size"),
        (("--recipe", "best"), "no recipe 'best'"),
        (("--workers", "0"), "--workers"),
        (("--count", "-1"), "--count"),
        (("--library", "nowhere", "--methods", "ADIR"), "no library or folder 'nowhere'"),
        (("--events", "xml"), "form 'xml'"),
        (("--device", "toaster"), "toaster"),
        (("--precision", "double"), "double"),
    ],
)
def test_refusals(adir, folder: Path, here: Path, options: tuple[str, ...], words: str) -> None:
    wanted = dict(zip(CHEAP[::2], CHEAP[1::2], strict=True)) | dict(
        zip(options[::2], options[1::2], strict=True)
    )
    if "--size" in options:
        wanted["--tasks"] = "denoise"
    ran = adir("evaluate", folder, "-o", "out", *(part for pair in wanted.items() for part in pair))
    assert ran.code == 2
    assert words in ran.problem


def test_folders_that_are_none(adir, here: Path, folder: Path) -> None:
    assert "no folder" in adir("evaluate", "nowhere", "-o", "out", *CHEAP).problem
    (here / "empty").mkdir()
    assert "no photo" in adir("evaluate", "empty", "-o", "out", *CHEAP).problem
    (here / "file").write_text("")
    assert "no folder" in adir("evaluate", folder, "-o", "file", *CHEAP).problem


def test_a_full_disk_is_told(adir, folder: Path, full_disk) -> None:
    ran = adir("evaluate", folder, "-o", "out", *CHEAP)
    assert ran.code == 1
    assert "disk is full" in ran.problem
