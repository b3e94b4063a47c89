"""Whole evaluations on small pictures: what they leave behind, going on, failures, workers."""

from __future__ import annotations

import hashlib
import json
import math
import re
import statistics
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from adir_desktop.contract import Progress
from adir_desktop.engine import recipes
from adir_desktop.engine.degrade import degrade
from adir_desktop.engine.evaluation import cells, keys, workers
from adir_desktop.engine.evaluation.methods import Method
from adir_desktop.engine.evaluation.protocols import Trial
from adir_desktop.engine.evaluation.run import evaluate
from adir_desktop.engine.evaluation.subjects import Subject
from adir_desktop.engine.photos import open_photo
from adir_desktop.engine.samplers import SAMPLERS
from adir_desktop.errors import AdirError, BadInput, LibraryError, RequestError, StorageError
from adir_desktop.tasks import degradation_for
from tests.engine import dying_worker
from tests.engine.evaluations import SIDE, asked, notices, photos, pictures, read, rows, run


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    return photos(tmp_path / "photos")


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    return float(10 * np.log10(255**2 / np.mean((a - b) ** 2)))


def test_two_photos_two_tasks_from_end_to_end(tmp_path: Path) -> None:
    done, events = run(asked(tmp_path, luma=True))
    out = tmp_path / "out"
    table = rows(out)
    assert len(table) == 2 * 2 * 3
    assert {row["status"] for row in table} == {"done", "unsupported"}
    made = [row for row in table if row["status"] == "done"]
    assert len(made) == 10  # one pass does not enlarge
    for row in made:
        folder = out / "pictures" / f"{row['task']}@{SIDE}" / row["method"]
        restored = read(folder / f"{row['photo']}.s0.png")
        clean = read(out / "pictures" / f"clean@{SIDE}" / f"{row['photo']}.png")
        assert float(row["psnr"]) == pytest.approx(psnr(restored, clean), rel=1e-5)
    progress = [event for event in events if isinstance(event, Progress) and event.stage == "evaluate"]
    assert (progress[-1].done, progress[-1].total) == (10, 10)
    assert progress[-1].eta == 0
    assert done.failed == ()
    _the_reports_agree(out, made)


def _the_reports_agree(out: Path, made: list[dict[str, str]]) -> None:
    """Means and errors of the table from the CSV by other means; the page has every number and no link."""
    text, page = ((out / name).read_text(encoding="utf-8") for name in ("results.md", "index.html"))
    for task in ("denoise", "sr4"):
        values = {}
        for method in ("input", "bicubic", "one-pass"):
            found = [float(r["psnr"]) for r in made if (r["task"], r["method"]) == (task, method)]
            if found:
                error = statistics.stdev(found) / math.sqrt(2)
                values[method] = (statistics.fmean(found), f"{statistics.fmean(found):.2f} ± {error:.2f}")
        top = max(mean for mean, _ in values.values())
        section = text.split(f"## {task}@")[1].split("##")[0]
        for method, (mean, shown) in values.items():
            line = next(line for line in section.splitlines() if line.startswith(f"| {method} |"))
            assert (f"**{shown}**" if mean == top else f"| {shown} |") in line
            assert shown in page
    for row in made:
        assert all(row[name] in page for name in ("psnr", "psnr_y", "ssim", "consistency"))
    assert "one-pass is not tried: One pass takes away noise" in text
    assert re.findall(r'(?:src|href)="(?!data:)', page) == []
    assert "://" not in page
    assert page.count("data:image/jpeg;base64,") == 2 * (2 + 3) + 2 * (2 + 2)


def test_missing_measures_are_said_once_and_no_network_is_asked(tmp_path: Path) -> None:
    run(asked(tmp_path, tasks=("denoise",), methods=("input",)))
    for name in ("results.md", "index.html"):
        text = (tmp_path / "out" / name).read_text(encoding="utf-8")
        for measure in ("LPIPS", "NIQE", "MUSIQ-AVA", "MUSIQ-KonIQ", "FID"):
            assert text.count(f"{measure} is left out") == 1
    assert "at least 1000 pictures, here are 2" in text


def test_every_method_and_seed_is_given_the_same_photo(tmp_path: Path, monkeypatch) -> None:
    seen = []
    restore = cells.restore
    monkeypatch.setattr(cells, "restore", lambda request: (seen.append(request), restore(request))[1])
    run(asked(tmp_path, tasks=("denoise",), methods=("bicubic", "one-pass"), seeds=(0, 5)))
    assert [request.seed for request in seen] == [0, 5, 0, 5] * 2
    for number in range(2):
        path = tmp_path / "out" / "pictures" / f"denoise@{SIDE}" / "observed" / f"photo{number}.png"
        clean = open_photo(tmp_path / "out" / "pictures" / f"clean@{SIDE}" / f"photo{number}.png")
        for request in seen[4 * number : 4 * number + 4]:
            assert np.array_equal(np.rint(request.photo.pixels * 255), read(path))
            noise = request.photo.pixels - clean.pixels
            assert 15 < 255 * noise.std() < 30
    assert not np.array_equal(seen[0].photo.pixels - clean.pixels, seen[4].photo.pixels - clean.pixels)
    expected = degrade(clean, degradation_for("denoise"), _seed(tmp_path))
    assert np.array_equal(np.rint(expected.pixels * 255), read(path))


def _seed(tmp_path: Path) -> int:
    """Of the second photo, from its pixels alone."""
    codes = read(tmp_path / "out" / "pictures" / f"clean@{SIDE}" / "photo1.png").astype(np.uint8)
    return int(hashlib.sha256(codes.tobytes() + str(codes.shape).encode()).hexdigest()[:15], 16)


def test_it_goes_on_where_it_was(tmp_path: Path) -> None:
    wanted = asked(tmp_path, methods=("input", "bicubic"))
    first, _ = run(wanted)
    before = pictures(tmp_path / "out")
    table = first.reports.csv.read_text()
    again, events = run(wanted)
    assert (first.worked, again.worked, again.kept) == (8, 0, 8)
    assert "8 of 8 pictures are there" in notices(events)
    assert pictures(tmp_path / "out") == before
    assert again.reports.csv.read_text() == table
    more, _ = run(replace(wanted, seeds=(0, 1)))
    assert more.worked == 4  # the damaged photo itself has no seed
    (tmp_path / "out" / "pictures" / f"sr4@{SIDE}" / "bicubic" / "photo0.s0.png").unlink()
    assert run(wanted)[0].worked == 1
    damaged = next((tmp_path / "out" / "cells").iterdir())
    damaged.write_text('{"status": "done"', encoding="utf-8")
    assert run(replace(wanted, seeds=(0, 1)))[0].worked == 1
    Image.fromarray(np.full((40, 36, 3), 90, np.uint8)).save(tmp_path / "photos" / "photo1.png")
    assert run(wanted)[0].worked == 4


def test_other_numbers_and_other_code_make_new_pictures(tmp_path: Path, monkeypatch) -> None:
    wanted = asked(tmp_path, tasks=("denoise",), methods=("bicubic",))
    run(wanted)
    assert run(replace(wanted, recipe="paper"))[0].worked == 0  # the same numbers
    monkeypatch.setattr(keys, "_code", lambda _run: "a new version")
    assert run(wanted)[0].worked == 2


def test_stopped_midway_it_leaves_whole_files(tmp_path: Path) -> None:
    wanted = asked(tmp_path, methods=("input", "bicubic"))
    work = evaluate(wanted)
    for event in work:
        if isinstance(event, Progress) and event.stage == "evaluate" and event.done == 3:
            break
    work.close()
    kept = list((tmp_path / "out" / "cells").iterdir())
    assert len(kept) == 3
    assert all(json.loads(path.read_text())["status"] == "done" for path in kept)
    done, _ = run(wanted)
    assert (done.worked, done.kept) == (5, 3)


def test_a_failure_is_noted_and_tried_again(tmp_path: Path, monkeypatch) -> None:
    def broken(problem, settings):
        if len(calls) < 2:
            calls.append(1)
            raise ZeroDivisionError("no luck")
        return (yield from SAMPLERS["bicubic"].run(problem, settings))

    calls: list[int] = []
    monkeypatch.setitem(SAMPLERS, "broken", replace(SAMPLERS["bicubic"], run=broken))
    wanted = asked(tmp_path, tasks=("denoise",), methods=("broken", "bicubic"))
    done, events = run(wanted)
    assert len(done.failed) == 2
    assert "photo0, denoise@32, broken, seed 0 failed" in notices(events)
    failed = [row for row in rows(tmp_path / "out") if row["method"] == "broken"]
    assert [(row["status"], row["psnr"]) for row in failed] == [("failed", "")] * 2
    assert "no luck" in failed[0]["message"]
    assert "no luck" in (tmp_path / "out" / "results.md").read_text(encoding="utf-8")
    again, _ = run(wanted)
    assert (again.worked, again.kept, again.failed) == (2, 2, ())


def test_what_adapting_gains_is_told_against_the_same_seed(tmp_path: Path, monkeypatch) -> None:
    quick = recipes.RECIPES["quick"]
    short = {"cpu": replace(quick.adapt["cpu"], iterations=2, learning_rate=1e-2, hold_out=False)}
    monkeypatch.setitem(recipes.RECIPES, "quick", replace(quick, adapt=short))
    run(asked(tmp_path, tasks=("denoise",), methods=("one-pass+self",), seeds=(0,)))
    table = {(row["photo"], row["method"]): float(row["psnr"]) for row in rows(tmp_path / "out")}
    gains = [table[f"photo{i}", "one-pass+self"] - table[f"photo{i}", "one-pass"] for i in range(2)]
    assert all(gain != 0 for gain in gains)
    text = (tmp_path / "out" / "results.md").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("| denoise@32 | one-pass+self"))
    better, worse = (100 * sum(sign * gain > 0 for gain in gains) / 2 for sign in (1, -1))
    error = statistics.stdev(gains) / math.sqrt(2)
    assert f"| {statistics.fmean(gains):+.2f} ± {error:.2f}; {better:.0f} %, {worse:.0f} % |" in line


def test_the_other_parts_of_a_photo_are_its_library(tmp_path: Path, monkeypatch, means) -> None:
    photos(tmp_path / "photos", 2, (130, 140))
    seen = []

    def restore(request):
        seen.append(request)
        raise AdirError("Enough.")
        yield

    monkeypatch.setattr(cells, "restore", restore)
    run(asked(tmp_path, tasks=("denoise",), methods=("one-pass+neighbours",), album=True))
    adapted = [request for request in seen if request.adapt == "neighbours"]
    assert len(adapted) == 2
    for request in adapted:
        assert len(request.found.included) == 8
        parts = [read(item.path) for item in request.found.included]
        assert all(part.shape == (SIDE, SIDE, 3) for part in parts)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"tasks": ("sharpen",)}, "no task 'sharpen'"),
        ({"tasks": ("sr4@9999",)}, "9999"),
        ({"tasks": ("sr4@big",)}, "at a size"),
        ({"methods": ("magic",)}, "no sampler 'magic'"),
        ({"methods": ("adir+luck",)}, "no sampler 'adir.luck'"),
        ({"methods": ("bicubic+self",)}, "does not use the diffusion model"),
        ({"methods": ("input+self",)}, "adapts to nothing"),
        ({"methods": ("diffpir",), "retrieval": ("nearby",)}, "no retrieval 'nearby'"),
        ({"methods": ("bicubic",), "retrieval": ("random",)}, "leaves open"),
        ({"methods": ("diffpir+mse",)}, "needs one"),
        ({"methods": ("diffpir",), "album": True}, "adapts to the album"),
        ({"methods": ("ADIR", "adir+mse"), "album": True}, "needs one"),
        ({"recipe": "best"}, "no recipe 'best'"),
        ({"seeds": ()}, "seeds"),
        ({"seeds": (1, 1)}, "seeds"),
        ({"seeds": (-1,)}, "out of range"),
        ({"count": -1}, "-1 photos"),
        ({"workers": 0}, "0 workers"),
        ({"side": 64}, "each needs 64"),
        ({"device": "toaster"}, "toaster"),
        ({"prior": "crystal-ball"}, "crystal-ball"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_restored(tmp_path: Path, values, words: str) -> None:
    with pytest.raises(AdirError, match=words):
        run(asked(tmp_path, **values))
    assert not list((tmp_path / "out").rglob("*.s0.png"))


def test_folders_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match="no photo in"):
        run(asked(tmp_path, folder=tmp_path / "empty"))
    with pytest.raises(BadInput, match="no folder"):
        run(asked(tmp_path, folder=tmp_path / "nowhere"))
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="no folder"):
        run(asked(tmp_path, out=tmp_path / "file"))
    with pytest.raises(AdirError, match="folder"):
        run(asked(tmp_path, out=tmp_path / "file" / "out"))


def test_out_must_be_writable(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(BadInput, match="cannot be written"):
        run(asked(tmp_path))


def test_photos_that_cannot_be_read_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "photos" / "broken.png").write_bytes(b"no picture")
    Image.new("RGB", (8, 8)).save(tmp_path / "photos" / "tiny.png")
    done, events = run(asked(tmp_path, tasks=("denoise",), methods=("input",)))
    assert len(done.rows) == 2
    assert "broken.png was left out" in notices(events)
    assert "tiny.png was left out: 8 x 8" in notices(events)


@pytest.mark.slow
def test_two_workers_give_the_pixels_of_one(tmp_path: Path) -> None:
    run(asked(tmp_path, methods=("bicubic", "one-pass")))
    run(asked(tmp_path, methods=("bicubic", "one-pass"), out=tmp_path / "two", workers=2))
    assert pictures(tmp_path / "two") == pictures(tmp_path / "out")
    one, two = (
        [{name: value for name, value in row.items() if name != "seconds"} for row in rows(tmp_path / out)]
        for out in ("out", "two")
    )
    assert one == two
    assert not _workers()


def _workers() -> list[psutil.Process]:
    return [one for one in psutil.Process().children() if "spawn_main" in " ".join(one.cmdline())]


def cell(tmp_path: Path, method: str, side: int = SIDE, seed: int = 0) -> cells.Cell:
    common = cells.Common(tmp_path, "quick", "starter", "cpu", "float32")
    subject = Subject("a", tmp_path, tmp_path, "0" * 64)
    return cells.Cell(common, subject, Trial("denoise", side), Method(method, method), seed)


def test_a_worker_that_dies_costs_one_cell(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(workers, "_serve", dying_worker.serve)
    work = workers.side_by_side(
        [cell(tmp_path, name) for name in ("adir", "bicubic", "input")], [str(tmp_path / "died")], 1
    )
    answers = [answer for answer in work if answer is not None]
    assert [(one.method.name, record["status"]) for one, record in answers] == [
        ("adir", "failed"),
        ("bicubic", "done"),
        ("input", "done"),
    ]
    assert "ended without a word" in answers[0][1]["message"]
    assert not _workers()


def test_a_full_disk_ends_it(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(workers, "_serve", dying_worker.full)
    with pytest.raises(StorageError) as raised:
        list(workers.side_by_side([cell(tmp_path, "adir")] * 3, ["Free some space."], 2))
    assert raised.value.remedy == "Free some space."
    assert not _workers()


def test_workers_end_when_the_evaluation_is_closed(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "died").touch()
    monkeypatch.setattr(workers, "_serve", dying_worker.serve)
    work = workers.side_by_side([cell(tmp_path, "adir")] * 9, [str(tmp_path / "died")], 2)
    next(work)
    assert len(_workers()) == 2
    work.close()
    assert not _workers()


def test_workers_fit_into_memory(tmp_path: Path, monkeypatch) -> None:
    many = [cell(tmp_path, "adir", 512, seed) for seed in range(9)]
    monkeypatch.setattr(workers, "_cores", lambda: 8)
    for free, expected in ((100e9, 8), (3.2e9, 2), (1e9, 1)):
        memory = type("Memory", (), {"available": free})
        monkeypatch.setattr(workers.psutil, "virtual_memory", lambda memory=memory: memory)
        assert workers.worker_count(None, "cpu", many) == expected
    assert workers.worker_count(None, "cuda", many) == 1
    assert workers.worker_count(20, "cpu", many) == 9


def test_a_library_is_needed_by_name(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="mse, neighbours, random"):
        run(asked(tmp_path, methods=("diffpir",), retrieval=("random", "mse", "embedding")))
    with pytest.raises(RequestError):
        run(asked(tmp_path, methods=("",)))
