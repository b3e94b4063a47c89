"""The parts of an evaluation: squares, albums, methods, neighbours, figures, curves."""

from __future__ import annotations

import math
import statistics
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from library_makers import album, picture, result
from PIL import Image

from adir_desktop.contract import Photo, Source
from adir_desktop.engine import library, retrieve
from adir_desktop.engine.evaluation import curves, summary
from adir_desktop.engine.evaluation.methods import Method, methods
from adir_desktop.engine.evaluation.protocols import PROTOCOLS, TASKS, Trial, trials
from adir_desktop.engine.evaluation.similar import Pool, perceptual_hash
from adir_desktop.engine.evaluation.subjects import GAP, subjects
from adir_desktop.engine.evaluation.summary import Row
from adir_desktop.engine.operators.separable import bicubic_down
from adir_desktop.engine.photos import open_photo
from adir_desktop.errors import BadInput, LibraryError
from adir_desktop.tasks import degradation_for


def places(folder: Path, height: int, width: int) -> Path:
    """A photo whose every pixel says where it is."""
    y, x = np.mgrid[:height, :width]
    pixels = np.stack([y, x, np.zeros_like(x)], -1).astype(np.uint8)
    folder.mkdir(exist_ok=True)
    Image.fromarray(pixels).save(folder / "places.png")
    return folder / "places.png"


def where(path: Path) -> set[tuple[int, int]]:
    with Image.open(path) as image:
        codes = np.asarray(image)
    return {(int(p[0]), int(p[1])) for p in codes.reshape(-1, 3)}


def test_the_parts_of_an_album_are_disjoint_and_do_not_touch(tmp_path: Path) -> None:
    file = places(tmp_path / "photos", 150, 250)
    (found,) = result(subjects([file], 40, "crop", tmp_path / "out", album=True))
    parts = [where(path) for path in (found.clean, *found.parts)]
    assert len(parts) == 2 * 4
    assert all(len(part) == 40 * 40 for part in parts)
    for i, one in enumerate(parts):
        for other in parts[:i]:
            rows, columns = ([{p[axis] for p in part} for part in (one, other)] for axis in (0, 1))
            gaps = [max(min(a) - max(b), min(b) - max(a)) - 1 for a, b in (rows, columns)]
            assert max(gaps) >= GAP


def test_an_album_of_too_few_parts_is_left_out(tmp_path: Path) -> None:
    file = places(tmp_path / "photos", 50, 100)
    with pytest.raises(BadInput, match="3 squares of 40"):
        result(subjects([file], 40, "crop", tmp_path / "out", album=True))


def test_squares_are_cut_from_the_middle_or_reduced_as_matlab_does(tmp_path: Path) -> None:
    file = places(tmp_path / "photos", 96, 128)
    (cut,) = result(subjects([file], 32, "crop", tmp_path / "cut", album=False))
    assert where(cut.clean) == {(y, x) for y in range(32, 64) for x in range(48, 80)}
    (small,) = result(subjects([file], 24, "resize", tmp_path / "small", album=False))
    square = open_photo(file).pixels[:, 16:112].astype(np.float64)
    reduce = bicubic_down(96, 4).numpy()
    expected = np.einsum("ij,jkc,lk->ilc", reduce, square, reduce)
    inside = slice(1, -1)  # at the border MATLAB mirrors and Pillow weighs anew
    difference = np.abs(open_photo(small.clean).pixels - expected)[inside, inside]
    assert difference.max() <= 0.51 / 255 + 1e-6


def test_names_that_would_be_alike_are_told_apart(tmp_path: Path) -> None:
    for name, grey in (("a.png", 50), ("A.bmp", 200), ("b.png", 90)):
        Image.new("RGB", (32, 32), (grey,) * 3).save(tmp_path / name)
    files = sorted(tmp_path.glob("*.*"))
    found = result(subjects(files, 32, "crop", tmp_path / "out", album=False))
    assert {subject.name for subject in found} == {"a.png", "A.bmp", "b"}
    assert len({subject.digest for subject in found}) == 3


def test_methods_as_they_are_written_and_as_papers_write_them() -> None:
    found = methods(("input", "gd", "ia", "ADIR", "diffpir+random", "diffpir+embedding", "adir"))
    assert [(m.name, m.sampler, m.adapt) for m in found] == [
        ("input", "input", "none"),
        ("gd", "adir", "none"),
        ("ia", "adir", "self"),
        ("ADIR", "adir", "neighbours"),
        ("diffpir", "diffpir", "none"),  # what the next ones are held against
        ("diffpir+random", "diffpir", "random"),
        ("diffpir+neighbours", "diffpir", "neighbours"),
    ]


def test_the_ablation_is_one_word() -> None:
    found = methods(("input", "adir", "diffpir+self"), ("none", "random", "mse", "embedding"))
    assert [m.spelling for m in found] == [
        "input",
        "adir",
        "adir+random",
        "adir+mse",
        "adir+neighbours",
        "diffpir",
        "diffpir+self",
    ]


def test_the_protocol_of_the_paper() -> None:
    """ADIR (TMLR), tables 2, 4 and 5: sizes, blurs and noise."""
    chosen = trials(PROTOCOLS["div2k"].tasks, 1)
    seen = {}
    for trial in chosen:
        degradation = trial.degradation(trial.side, trial.side, 0)
        seen[trial.label] = (
            [tuple(step.values.values()) for step in degradation.steps],
            degradation.noise_std,
        )
    assert seen == {
        "sr4@512": ([(4,)], 0),
        "sr8@512": ([(8,)], 0),
        "deblur-box@256": ([("box:5",)], 10),
        "deblur-box@512": ([("box:5",)], 10),
        "deblur-gauss@256": ([("gaussian:2.0",)], 10),
        "colorize@256": ([()], 0),
    }
    assert (PROTOCOLS["div2k"].count, PROTOCOLS["div2k"].fit, PROTOCOLS["div2k"].recipe) == (
        50,
        "resize",
        "paper",
    )


@pytest.mark.parametrize("name", TASKS)
def test_every_task_can_happen_to_a_square(name: str) -> None:
    degradation = Trial(name, 64).degradation(64, 64, 3)
    if name == "inpaint-box":
        assert degradation.mask.sum() == 32 * 32
    again = Trial(name, 64).degradation(64, 64, 3).mask
    assert again is None or np.array_equal(again, degradation.mask)


def photo_of(seed: int) -> Photo:
    return Photo(np.asarray(picture(seed), np.float32) / 255)


@pytest.fixture
def pool(tmp_path: Path, means) -> Pool:
    album(tmp_path / "album", range(8))
    return result(Pool.of([Source(str(tmp_path / "album"))]))


def choose(pool: Pool, way: str, observed: Photo, clean: Path, **values):
    usual = {"degradation": degradation_for("denoise"), "k": 3, "seed": 0, "name": "it"} | values
    known = pool.known(open_photo(clean), clean)
    found = result(pool.choose(way, observed, known=known, **usual))
    return [item.path.name for item in found.items]


def test_random_neighbours_follow_the_seed(tmp_path: Path, pool: Pool) -> None:
    clean = album(tmp_path / "other", [70]) / "070.png"
    drawn = {seed: tuple(choose(pool, "random", photo_of(70), clean, seed=seed)) for seed in range(6)}
    assert drawn[0] == tuple(choose(pool, "random", photo_of(70), clean, seed=0))
    assert all(len(set(names)) == 3 for names in drawn.values())
    assert len(set(drawn.values())) > 3


def test_neighbours_by_pixels_are_those_of_least_squared_difference(tmp_path: Path, pool: Pool) -> None:
    clean = album(tmp_path / "other", [70]) / "070.png"
    small = Photo(np.asarray(picture(70, (15, 10)), np.float32) / 255)

    def difference(seed: int) -> float:
        a, b = (
            np.asarray(p.resize((64, 64), Image.Resampling.BICUBIC), np.float64)
            for p in (picture(seed), picture(70, (15, 10)))
        )
        return float(((a - b) ** 2).mean())

    expected = [f"{seed:03}.png" for seed in sorted(range(8), key=difference)[:3]]
    assert choose(pool, "mse", small, clean) == expected


def test_grey_photos_are_compared_by_their_greys_and_holes_do_not_count(tmp_path: Path, means) -> None:
    folder = tmp_path / "flat"
    folder.mkdir()
    for name, colour in (("red", (240, 0, 0)), ("grey", (110, 110, 110)), ("dark", (30, 30, 30))):
        Image.new("RGB", (40, 40), colour).save(folder / f"{name}.png")
    pool = result(Pool.of([Source(str(folder))]))
    clean = album(tmp_path / "other", [70]) / "070.png"
    grey = Photo(np.full((20, 20, 3), 80 / 255, np.float32))
    options = {"degradation": degradation_for("colorize"), "k": 1}
    assert choose(pool, "mse", grey, clean, **options) == ["red.png"]  # its mean is 80
    half = Photo(np.full((20, 20, 3), 30 / 255, np.float32))
    half.pixels[:15] = 1.0
    mask = np.zeros((20, 20), bool)
    assert choose(pool, "mse", half, clean, k=1) != ["dark.png"]
    mask[:15] = True
    options = {"degradation": degradation_for("inpaint", mask=mask), "k": 1}
    assert choose(pool, "mse", half, clean, **options) == ["dark.png"]


def test_neighbours_by_embedding_are_those_of_a_restoration(tmp_path: Path, pool: Pool) -> None:
    clean = album(tmp_path / "other", [70]) / "070.png"
    usual = result(retrieve.find(photo_of(70), pool.sources, 3))
    assert choose(pool, "neighbours", photo_of(70), clean) == [item.path.name for item in usual.items]


@pytest.mark.parametrize("way", ["neighbours", "random", "mse"])
def test_the_answer_itself_is_left_out_and_told(tmp_path: Path, pool: Pool, way: str) -> None:
    """The album has the photo, and a copy that was compressed again."""
    picture(3).save(tmp_path / "album" / "copy.jpg", quality=80)
    result(library.update(pool.sources[0].library))
    found = choose(pool, way, photo_of(3), tmp_path / "album" / "003.png", k=20)
    assert set(found) == {f"{seed:03}.png" for seed in range(8)} - {"003.png"}
    assert {Path(path).name for path in pool.left_out["it"]} == {"003.png", "copy.jpg"}


def test_a_library_of_the_answer_alone(tmp_path: Path, means) -> None:
    folder = album(tmp_path / "alone", [5])
    pool = result(Pool.of([Source(str(folder))]))
    for way in ("neighbours", "random", "mse"):
        with pytest.raises(LibraryError, match="no photo but"):
            choose(pool, way, photo_of(5), folder / "005.png")


def test_the_hash_survives_compression_and_tells_pictures_apart(tmp_path: Path) -> None:
    hashes = [perceptual_hash(picture(seed, (160, 120))) for seed in range(12)]
    for seed, own in enumerate(hashes):
        picture(seed, (160, 120)).save(tmp_path / "a.jpg", quality=60)
        with Image.open(tmp_path / "a.jpg") as again:
            assert (perceptual_hash(again.convert("RGB").resize((90, 68))) != own).sum() <= 10
        assert all((own != other).sum() > 10 for other in hashes[:seed])


TRIAL = Trial("denoise", 32)
PLAIN, ADAPTED = Method("a", "diffpir"), Method("b", "diffpir", "self")


def row(photo: str, method: Method, seed: int, psnr: float | None) -> Row:
    return Row(photo, TRIAL, method, seed, "done", measures={"psnr": psnr, "lpips": psnr})


def test_means_are_over_photos_and_seeds_are_no_photos() -> None:
    table = [row("x", PLAIN, 0, 20), row("x", PLAIN, 1, 22), row("y", PLAIN, 0, 30), row("z", PLAIN, 0, None)]
    mean = summary.summarise(table, TRIAL, PLAIN, "psnr")
    assert mean.value == 25.5
    assert mean.photos == 2
    assert mean.error == pytest.approx(statistics.stdev([21, 30]) / math.sqrt(2))
    assert summary.summarise(table[:2], TRIAL, PLAIN, "psnr").error is None
    assert summary.summarise(table, Trial("sr4", 32), PLAIN, "psnr") is None


def test_the_best_has_all_photos() -> None:
    def mean(value, photos):
        return summary.Mean(value, None, photos)

    means = {"a": mean(20, 3), "b": mean(25, 3), "c": mean(30, 2), "d": None}
    assert summary.best(means, "psnr") == {"b"}
    assert summary.best(means, "lpips") == {"a"}
    assert summary.best(means, "consistency") == set()
    assert summary.best({"a": mean(20, 3)}, "psnr") == set()


def test_gains_are_of_the_same_photo_and_seed() -> None:
    table = [
        *(
            row("x", PLAIN, 0, 20),
            row("x", ADAPTED, 0, 21),
            row("x", PLAIN, 1, 25),
            row("x", ADAPTED, 1, 25.5),
        ),
        *(row("y", PLAIN, 0, 30), row("y", ADAPTED, 0, 29), row("z", PLAIN, 0, 10), row("z", ADAPTED, 0, 10)),
        *(row("w", PLAIN, 0, 10), row("v", ADAPTED, 0, 99)),
    ]
    gained = summary.gain(table, TRIAL, ADAPTED, "psnr")
    assert gained.mean.value == pytest.approx((0.75 - 1 + 0) / 3)
    assert gained.mean.photos == 3
    assert (gained.improved, gained.worse) == (pytest.approx(1 / 3), pytest.approx(1 / 3))
    assert summary.gain(table, TRIAL, ADAPTED, "lpips").mean.value == pytest.approx(0.25 / 3)


def test_a_chart_shows_its_points_where_they_are() -> None:
    lines = {"one <b>": [(10, 1.0), (100, 10.0), (1000, 100.0)], "dot": [(100, 10.0)], "none": []}
    svg = curves.chart("Title & more", "evaluations", "misfit", lines, log_y=True)
    root = ET.fromstring(svg)
    paths = [p for p in root.iter("path") if p.get("stroke-width") and " " in p.get("d")]
    points = [tuple(map(float, part.lstrip("M").split(","))) for part in paths[0].get("d").split(" ")]
    if len(points) != 3:
        pytest.fail(str(points))
    (x0, y0), (x1, y1), (x2, y2) = points
    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.2)  # decades are equally long
    assert y0 - y1 == pytest.approx(y1 - y2, abs=0.2)
    assert y0 > y2
    circle = next(root.iter("circle"))
    assert (float(circle.get("cx")), float(circle.get("cy"))) == pytest.approx((x1, y1))
    texts = [text.text for text in root.iter("text")]
    assert {"Title & more", "one <b>", "dot", "10", "100", "1000", "1"} <= set(texts)
    assert "none" not in texts
    assert curves.chart("t", "x", "y", {"a": [(0, 1.0)], "b": [(1, math.nan)]}) == ""


def test_curves_of_photos_are_averaged_at_the_same_share() -> None:
    one = [[0.5, 4.0, None], [1.0, 2.0, 30.0]]
    two = [[0.25, 8.0, 10.0], [0.5, 6.0, 20.0], [1.0, 0.0, 28.0]]
    mean = dict(curves.mean_curve([one, two, []], 1))
    assert mean[0.5] == 5
    assert mean[1.0] == 1
    assert min(mean) == 0.5
    assert dict(curves.mean_curve([one, two], 2)) == {1.0: 29.0}
    assert curves.mean_curve([[]], 1) == []
