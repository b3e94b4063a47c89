"""Did adapting help? Asked of photos that the preset has not seen, with the real starter model."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from adir_desktop.cli import run as command
from adir_desktop.contract import Helped, Photo, Progress, Request, Source
from adir_desktop.engine import helped
from adir_desktop.engine.degrade import degrade
from adir_desktop.engine.helped import did_it_help
from adir_desktop.engine.photos import open_photo
from adir_desktop.errors import LibraryError, PresetError
from adir_desktop.tasks import degradation_for
from tests.engine.library_makers import drain
from tests.engine.scenes import run, scene

DENOISE = degradation_for("denoise", noise=25)


@pytest.fixture
def album(tmp_path: Path) -> Path:
    folder = tmp_path / "album"
    folder.mkdir()
    for i in range(5):
        Image.fromarray((scene(48, 56, i + 1) * 255).astype(np.uint8)).save(folder / f"{i}.png")
    return folder


@pytest.fixture
def request_to(album: Path) -> Request:
    observed = degrade(Photo(scene(48, 40)), DENOISE, 0)
    return Request(
        observed,
        "denoise",
        DENOISE,
        adapt="neighbours",
        sources=(Source(str(album)),),
        neighbours=2,
        iterations=1,
        steps=2,
    )


def test_a_preset_that_changes_nothing_gains_nothing(request_to: Request, monkeypatch) -> None:
    done, _ = run(request_to)
    assert done.preset is not None
    nothing = replace(done.preset, tensors={k: 0 * v for k, v in done.preset.tensors.items()})
    asked: list[Path] = []
    read = helped.neighbour_pixels

    def spy(neighbours):
        asked.extend(item.path for item in neighbours.items)
        return read(neighbours)

    monkeypatch.setattr(helped, "neighbour_pixels", spy)
    found, events = drain(did_it_help(done.request, nothing))
    assert found.gains == (0.0, 0.0, 0.0)
    assert "no difference" in found.verdict
    assert not {item.path for item in done.preset.neighbours} & set(asked)
    progress = [event for event in events if isinstance(event, Progress) and event.stage == "helped"]
    assert [event.done for event in progress] == sorted(event.done for event in progress)
    assert progress[-1].done == progress[-1].total


def test_a_preset_that_ruins_the_network_is_found_out(request_to: Request) -> None:
    done, _ = run(request_to)
    assert done.preset is not None
    generator = np.random.default_rng(0)
    wild = {
        name: generator.normal(0, 0.2, value.shape).astype(np.float32)
        for name, value in done.preset.tensors.items()
    }
    found, _ = drain(did_it_help(done.request, replace(done.preset, tensors=wild)))
    assert max(found.gains) < 0
    assert found.mean == pytest.approx(np.mean(found.gains), abs=1e-3)
    assert found.error == pytest.approx(np.std(found.gains, ddof=1) / 3**0.5, abs=1e-3)
    assert "harms" in found.verdict


def test_holes_come_along(request_to: Request) -> None:
    mask = np.zeros((48, 40), bool)
    mask[10:14, 3:30] = True
    degradation = degradation_for("inpaint", mask=mask)
    photo = degrade(Photo(scene(48, 40)), degradation, 0)
    done, _ = run(replace(request_to, photo=photo, task="inpaint", degradation=degradation))
    found, _ = drain(did_it_help(done.request, done.preset))
    assert len(found.gains) == 3


def test_the_part_of_a_mask_with_the_most_holes() -> None:
    mask = np.zeros((60, 100), bool)
    mask[5, 5] = mask[40:44, 70:80] = True
    part = helped._busiest(mask, 32)
    assert part.shape == (32, 32)
    assert part.sum() == 40
    whole = helped._busiest(np.ones((40, 40), bool), 32)
    assert whole.all()
    grown = helped._busiest(mask, 80)
    assert grown.shape == (80, 80)
    assert grown.sum() >= 40


@pytest.mark.parametrize(
    ("mean", "error", "said"),
    [(0.3, 0.1, "helps"), (-0.3, 0.1, "harms"), (0.3, 0.3, "no difference"), (0.01, 0.001, "no difference")],
)
def test_the_advice_follows_the_figures(mean: float, error: float, said: str) -> None:
    assert said in Helped((mean,), mean, error, *helped._advice(mean, error)).verdict


def test_refusals(request_to: Request) -> None:
    with pytest.raises(PresetError, match="Nothing was adapted"):
        drain(did_it_help(replace(request_to, adapt="none"), None))
    done, _ = run(replace(request_to, neighbours=4))
    with pytest.raises(LibraryError, match="too few"):
        drain(did_it_help(done.request, done.preset))


def test_from_the_command_line(request_to: Request, tmp_path: Path, album: Path, capsys) -> None:
    photo = tmp_path / "noisy.png"
    Image.fromarray((request_to.photo.pixels * 255).astype(np.uint8)).save(photo)
    assert open_photo(photo).width == 40
    out = tmp_path / "out.png"
    options = ["--adapt", "neighbours", "--library", str(album), "--neighbours", "2", "--iterations", "1"]
    assert (
        command(["restore", str(photo), "-o", str(out), "--task", "denoise", "--steps", "2", *options]) == 0
    )
    capsys.readouterr()
    assert command(["helped", str(out.with_suffix(".json")), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["gains"]) == 3
    assert command(["helped", str(out.with_suffix(".json"))]) == 0
    assert "standard error" in capsys.readouterr().out
