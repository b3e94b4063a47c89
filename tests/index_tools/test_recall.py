"""The recall tool: figures of a folder, measured without touching anybody's libraries."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from adir_desktop import cli_runner
from adir_desktop.contract import Photo
from adir_desktop.engine import library, query
from adir_desktop.engine.degrade import degrade
from adir_desktop.engine.encoder import as_image
from index_tools import recall, recall_ways
from index_tools.__main__ import app
from index_tools.recall_damage import DAMAGES, Damage
from index_tools.recall_ways import WAYS

COUNT = 24


def picture(seed: int) -> Image.Image:
    small = np.random.default_rng(seed).integers(0, 256, (4, 6, 3), np.uint8)
    return Image.fromarray(small).resize((184, 120), Image.Resampling.BICUBIC)


def untouched(name: str) -> Damage:
    return Damage(name, lambda one, _: (one, None))


def run(*arguments: object) -> int:
    return cli_runner.run(app, "index_tools", ["recall", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path):
    """Pictures that are easy to tell apart."""
    album = tmp_path / "photos"
    album.mkdir()
    for seed in range(COUNT):
        picture(seed).save(album / f"{seed:02}.png")
    return album


def test_damages_and_ways_are_compared(folder, home, capsys, monkeypatch):
    chosen = [damage for damage in DAMAGES if damage.name in ("none", *recall.BLURS)]
    monkeypatch.setattr(recall, "DAMAGES", chosen)
    monkeypatch.setattr(recall_ways, "FIRST", 5)
    monkeypatch.setattr(query, "REFERENCES", 5)
    assert run(folder, "--queries", 2, "--json") == 0
    table = json.loads(capsys.readouterr().out)
    assert (table["photos"], table["queries"]) == (COUNT, 2)
    assert [row["damage"] for row in table["rows"]] == [damage.name for damage in chosen]
    for row in table["rows"]:
        assert list(row["ways"]) == list(WAYS)
        assert all(0 <= way["first"] <= 1 and 0 < way["overlap"] <= 1 for way in row["ways"].values())
        assert all(way["seconds"] > 0 for way in row["ways"].values())
    none = table["rows"][0]["ways"]
    assert all(none[way]["first"] == none[way]["overlap"] == 1 for way in ("as it is", "default"))
    assert set(table["blurs"]) == set(WAYS)
    assert not home.exists()
    assert library.list_libraries() == ()

    assert run(folder, "--queries", 1) == 0
    printed = capsys.readouterr().out
    assert "recall@1" in printed
    assert all(f"{damage.name} " in printed for damage in chosen)


def test_a_photo_that_is_not_found_counts_as_such(folder, capsys, monkeypatch):
    black = Damage("all black", lambda one, _: (Image.new("RGB", one.size), None))
    monkeypatch.setattr(recall, "DAMAGES", [black, *map(untouched, recall.BLURS)])
    assert run(folder, "--queries", COUNT, "--json") == 0
    row = json.loads(capsys.readouterr().out)["rows"][0]
    assert row["ways"]["as it is"]["first"] == pytest.approx(1 / COUNT)  # the same first answer for all
    assert row["ways"]["as it is"]["overlap"] >= (recall.K - 3) / recall.K  # 3 of 23 others are no neighbours


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_what_is_said_of_a_damage_is_what_was_done(damage):
    """The degradation makes nearly the same picture of the clean one, away from its edges."""
    clean = picture(0)
    made, said = damage.make(clean, np.random.default_rng(0))
    if said is None:
        assert damage.name in ("none", "JPEG, quality 8", "centre crop, 70 %")
        return
    expected = as_image(degrade(Photo(np.asarray(clean, np.float32) / np.float32(255)), said, 1))
    assert made.size == expected.size
    inner = np.s_[made.height // 6 : -(made.height // 6), made.width // 6 : -(made.width // 6)]
    difference = np.asarray(made, np.float32)[inner] - np.asarray(expected, np.float32)[inner]
    if damage.name == "grey":  # files hold what the eye sees of each colour, the operator their mean
        assert np.ptp(difference, axis=2).max() == 0
        return
    noise = np.hypot(said.noise_std, said.noise_std)  # of two draws
    assert np.sqrt((difference**2).mean()) < 1.1 * noise + 2


def test_the_damages_of_the_card_are_all_there():
    assert sum(damage.card is not None for damage in DAMAGES) == 10
    assert {f"box blur, {side} pixels" for side in (3, 5, 7, 9, 11)} < {damage.name for damage in DAMAGES}


@pytest.mark.parametrize(("photos", "words"), [(0, "no photos"), (5, "5 photos")])
def test_too_few_photos_are_one_line(tmp_path, capsys, photos, words):
    few = tmp_path / "few"
    few.mkdir()
    for seed in range(photos):
        picture(seed).save(few / f"{seed}.png")
    assert run(few) == 2
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("adir:")]
    assert len(told) == 1
    assert words in told[0].lower()


@pytest.mark.parametrize("wrong", [("--queries", 0), ("--encoder", "nothing of that name")])
def test_wrong_options_are_refused(folder, capsys, wrong):
    assert run(folder, *wrong) in (1, 2)
    assert capsys.readouterr().err.count("adir:") == 1


def test_a_missing_folder_is_one_line(tmp_path, capsys):
    assert run(tmp_path / "nowhere") == 2
    assert capsys.readouterr().err.count("\n") == 1
