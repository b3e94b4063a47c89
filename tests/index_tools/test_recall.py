"""The recall tool: figures of a folder, measured without touching anybody's libraries."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from adir_desktop.engine import library
from index_tools import recall


@pytest.fixture
def folder(tmp_path):
    """Six pictures that are easy to tell apart."""
    album = tmp_path / "photos"
    album.mkdir()
    for seed in range(6):
        small = np.random.default_rng(seed).integers(0, 256, (4, 6, 3), np.uint8)
        Image.fromarray(small).resize((180, 120), Image.Resampling.BICUBIC).save(album / f"{seed}.png")
    return album


def test_every_degradation_of_the_card_is_measured(folder, home, capsys):
    assert recall.main([str(folder), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["degradation"] for row in rows] == list(recall.CARD)
    assert all(row["photos"] == 6 and 0 <= row["first"] <= row["first_five"] <= 1 for row in rows)
    assert all(row["first"] == 1 for row in rows if "pixels" in row["degradation"])
    assert not home.exists()
    assert library.list_libraries() == ()
    assert recall.main([str(folder)]) == 0
    assert "recall@1" in capsys.readouterr().out


def test_a_photo_that_is_not_found_counts_as_such(folder, monkeypatch):
    black = lambda picture, _: Image.new("RGB", picture.size)  # noqa: E731
    monkeypatch.setattr(recall, "CARD", {"all black": (1.0, black)})
    (row,) = recall.measure(folder)
    assert row.first == pytest.approx(1 / 6)  # the same first answer for all
    assert row.first_five == pytest.approx(5 / 6)


def test_a_missing_folder_is_one_line(tmp_path, capsys):
    assert recall.main([str(tmp_path / "nowhere")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
