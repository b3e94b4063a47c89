"""Training and keeping networks of Dirac: the loss, a few real steps on tiny pictures, going on, refusals."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from adir_desktop.contract import Notice, Progress
from adir_desktop.engine.dirac import families, learner, store
from adir_desktop.engine.dirac import train as training
from adir_desktop.engine.dirac.crops import Album
from adir_desktop.engine.dirac.learner import Batch, incremental_loss
from adir_desktop.engine.dirac.network import Network, Shape, unmasked
from adir_desktop.engine.dirac.process import ClosingHoles, GaussianBlurs, NoiseLevels
from adir_desktop.engine.dirac.schedule import Severities
from adir_desktop.engine.dirac.store import Config
from adir_desktop.engine.dirac.train import TrainSettings, train
from adir_desktop.engine.weights import find_model, verify
from adir_desktop.errors import BadInput, LibraryError, ModelError, RequestError

SMALL = Shape((8, 16), 1)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small networks, a short schedule, a short examination."""
    rows = {
        name: families.FamilyRow(row.title, SMALL, row.masked, row.severities, row.draw)
        for name, row in families.FAMILIES.items()
    }
    for module in (families, learner, store, training):
        monkeypatch.setattr(module, "FAMILIES", rows)
    monkeypatch.setattr(families, "CANDIDATES", 10)
    monkeypatch.setattr(families, "POINTS", 4)
    monkeypatch.setattr(training, "SCHEDULE_CROPS", 2)
    monkeypatch.setattr(training, "MEASURED", 4)
    monkeypatch.setattr(training, "REPORT_EVERY", 0)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    (folder / "inner").mkdir(parents=True)
    rng = np.random.default_rng(0)
    for k in range(6):
        y, x = np.mgrid[0:50, 0:64] / (4 + k)
        pixels = np.stack([np.sin(x + k), np.sign(np.sin(y)), np.cos(x + y)], -1) * 90 + 128
        pixels += rng.normal(0, 4, pixels.shape)
        name = f"inner/{k}.png" if k % 2 else f"{k}.png"
        Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(folder / name)
    return folder


def settings(degradation: str = "blur", steps: int = 3, **more) -> TrainSettings:
    return TrainSettings(degradation, steps=steps, batch=2, crop=32, precision="float32", **more)


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return store.load(folder, torch.device("cpu"))[1].state_dict()


@pytest.mark.parametrize("degradation", families.FAMILIES)
def test_three_steps_give_a_network_and_its_description(
    degradation: str, photos: Path, home: Path, tmp_path: Path
) -> None:
    (photos / "broken.jpg").write_bytes(b"no picture")
    out = training.usual_place(settings(degradation))
    events = list(train(photos, out, settings(degradation)))
    assert any(isinstance(event, Notice) and "broken.jpg" in event.message for event in events)
    last = [event for event in events if isinstance(event, Progress)][-1]
    assert (last.stage, last.done, last.total) == ("train", 3, 3)
    assert last.loss is not None
    config = store.read_config(out)
    assert config.degradation == degradation
    assert (config.sigma_min, config.sigma_max, config.loss_dt) == (0.01, 0.05, 1.0)
    assert len(config.severities.values) == (4 if degradation == "blur" else 2)
    assert (config.training["photos"], config.training["kept_out"], config.training["step"]) == (4, 2, 3)
    figures = [json.loads(line) for line in (out / training.LOG).read_text().splitlines()]
    assert figures[-1]["step"] == 3
    assert figures[-1]["given_db"] > 5
    assert store.find(degradation).folder == out  # a person's own comes before the embedded one
    assert not verify(find_model(out.name)).problems
    x = torch.rand(1, 3, 37, 21)
    net = store.load(out, torch.device("cpu"))[1]
    assert net(x, torch.ones(1, 1, 37, 21), torch.tensor([0.02])).shape == x.shape


def test_a_stopped_training_goes_on_as_if_it_had_not_been(photos: Path, tmp_path: Path) -> None:
    for _ in train(photos, tmp_path / "whole", settings(steps=4)):
        pass
    walk = train(photos, tmp_path / "parts", settings(steps=4))
    done = next(event.done for event in walk if event.stage == "train" and event.done >= 2)
    walk.close()
    assert store.read_config(tmp_path / "parts").training["step"] == done < 4
    events = list(train(photos, tmp_path / "parts", settings(steps=4)))
    assert any(isinstance(event, Notice) and f"step {done}" in event.message for event in events)
    whole, parts = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    assert all(torch.equal(whole[name], parts[name]) for name in whole)


@pytest.mark.parametrize("dt", [0.0, 1.0])
def test_the_loss_falls(dt: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learner, "WARM_UP", 1)
    _, batch = drawn("inpaint", dt)
    config = Config("inpaint", SMALL, Severities((0.0, 1.0)), loss_dt=dt)
    pupil = learner.Learner(config, rate=3e-3, decay=0.0, seed=0, bf16=False)
    losses = [pupil.learn(batch, 0.0) for _ in range(25)]
    assert losses[-1] < 0.9 * losses[0]
    assert all(torch.equal(pupil.average[name], value) for name, value in pupil.net.named_parameters())


def test_nothing_is_kept_of_a_training_without_a_step(photos: Path, tmp_path: Path) -> None:
    walk = train(photos, tmp_path / "out", settings())
    next(walk)
    walk.close()
    assert not list((tmp_path / "out").iterdir())


def drawn(degradation: str, dt: float) -> tuple[torch.Tensor, Batch]:
    """A batch of two, and a wrong answer to it."""
    config = Config(degradation, SMALL, Severities((0.3, 1.0, 3.0)), loss_dt=dt)
    photo = (255 * torch.rand(3, 96, 96, generator=torch.Generator().manual_seed(0))).byte()
    batch = Batch.draw(config, Album([photo], []), 32, 2, (4, 2))
    return batch.x0 + 0.1 * torch.randn(batch.x0.shape, generator=torch.Generator().manual_seed(1)), batch


@pytest.mark.parametrize("degradation", families.FAMILIES)
def test_incremental_loss_is_its_formula(degradation: str) -> None:
    """dt = 1: the pictures themselves. dt = 0 and 0.3: the same degradation of both, worked out on whole pictures."""
    answer, batch = drawn(degradation, 1.0)
    noise = NoiseLevels()
    sigmas = torch.tensor([max(noise.at(t), float(own)) for t, own in zip(batch.t, batch.sigma, strict=True)])
    plain = ((answer - batch.x0).square().mean((1, 2, 3)) / sigmas**2).mean()
    assert float(incremental_loss(answer, batch, 1.0, noise)) == pytest.approx(float(plain), rel=1e-5)
    for dt in (0.0, 0.3):
        wanted = 0.0
        for k, (t, family, margin) in enumerate(zip(batch.t, batch.families, batch.margins, strict=True)):
            larger = torch.zeros(2, 1, 3, 32 + 2 * margin, 32 + 2 * margin)
            inside = slice(margin, margin + 32)
            for which, picture in enumerate((answer[k], batch.x0[k])):
                larger[which, 0, :, inside, inside] = picture
            ours, true = (family.degrade(each, t - dt) if t > dt else each for each in larger)
            wanted += float((ours - true)[..., inside, inside].square().mean()) / float(sigmas[k]) ** 2 / 2
        assert float(incremental_loss(answer, batch, dt, noise)) == pytest.approx(wanted, rel=1e-4)
    assert float(incremental_loss(batch.x0, batch, 0.0, noise)) == 0


def test_batches_are_what_the_process_says() -> None:
    _, batch = drawn("inpaint", 1.0)
    for k, (t, family) in enumerate(zip(batch.t, batch.families, strict=True)):
        assert torch.allclose(batch.shown[k], family.shown(t)[0])
        noise = (batch.y[k] - batch.shown[k] * batch.x0[k]) / batch.sigma[k]
        assert float(noise.std()) == pytest.approx(1, abs=0.05)
    assert 0.01 <= float(batch.sigma.min()) <= float(batch.sigma.max()) <= 0.05


def test_blurred_crops_are_cut_from_blurred_pictures() -> None:
    """With a margin, what the crop shows at its edge is what the picture around it would have given."""
    generator = np.random.default_rng(1)
    table = Severities((0.3, 3.0))
    kinds = {families.FAMILIES["blur"].draw(32, table, generator)[1] for _ in range(30)}
    assert kinds == {0, 12}


def test_a_new_network_says_what_it_was_given() -> None:
    x, sigma = torch.rand(2, 3, 19, 30), torch.tensor([0.01, 0.05])
    mask = ClosingHoles((torch.rand(1, 1, 19, 30) > 0.3).float()).shown(0.8).expand(2, -1, -1, -1)
    plain = Network(SMALL, masked=False, sigma_min=0.01, sigma_max=0.05)
    assert torch.equal(plain(x, mask, sigma), x)
    masked = Network(SMALL, masked=True, sigma_min=0.01, sigma_max=0.05)
    assert torch.equal(masked(x, mask, sigma), unmasked(x, mask, sigma))


def test_unmasked_is_the_posterior_mean_of_a_pixel() -> None:
    """x ~ N(v, 1/16), y = m x + sigma z, v the value of a flat picture seen clearly all around."""
    m, sigma, y, v = 0.1, 0.04, 0.1, 0.7
    gain = m / 16 / (m * m / 16 + sigma**2)
    picture, mask = torch.full((1, 3, 64, 64), v), torch.ones(1, 1, 64, 64)
    picture[..., 33, 30], mask[..., 33, 30] = y, m
    ours = unmasked(picture, mask, torch.tensor([sigma]))[..., 33, 30]
    assert gain * (y - m * v) > 0.08
    assert torch.allclose(ours, torch.tensor(v + gain * (y - m * v)), atol=0.025)  # it is part of its blocks
    hidden = mask.clone()
    hidden[..., 10:40, 20:45] = 0
    flat = torch.full((1, 3, 64, 64), v)
    assert torch.allclose(unmasked(hidden * flat, hidden, torch.tensor([1e-4])), flat, atol=1e-4)


def test_unmasked_fills_holes_from_around_them() -> None:
    slope = torch.linspace(0.2, 0.8, 64).expand(1, 3, 64, 64)
    seen = torch.ones(1, 1, 64, 64)
    seen[..., 28:36] = 0
    filled = unmasked(seen * slope, seen, torch.tensor([0.01]))
    assert float((filled - slope).abs().max()) < 0.06
    assert float((0.5 - slope).abs().max()) == pytest.approx(0.3)


def test_the_schedule_of_the_blur_is_learnt_from_photos() -> None:
    crops = torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    table = families.FAMILIES["blur"].severities(crops)
    assert table.values[0] == 0.3
    assert table.values[-1] == 3.0
    assert list(table.values) == sorted(set(table.values))
    steps = np.diff(table.values)
    assert steps[0] < steps[-1]  # noise loses most by the first bit of blur


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"degradation": "rain"}, "no degradation 'rain'"),
        ({"loss_dt": 1.5}, "loss dt"),
        ({"loss_dt": float("nan")}, "loss dt"),
        ({"loss_dt": -0.1}, "loss dt"),
        ({"steps": 0}, "steps"),
        ({"crop": 8}, "crop"),
        ({"batch": 0}, "batch"),
        ({"learning_rate": 0.0}, "learning rate"),
        ({"minutes": -1.0}, "minutes"),
        ({"seed": -1}, "seed"),
        ({"precision": "int8"}, "no precision 'int8'"),
    ],
)
def test_impossible_numbers_are_refused(wrong: dict, said: str, photos: Path, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=said):
        next(train(photos, tmp_path / "out", TrainSettings(**{"degradation": "blur", **wrong})))
    assert not (tmp_path / "out").exists()


def test_folders_without_photos_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="no folder"):
        list(train(tmp_path / "nowhere", tmp_path / "out", settings()))
    (tmp_path / "empty").mkdir()
    with pytest.raises(LibraryError, match="too few photos"):
        list(train(tmp_path / "empty", tmp_path / "out", settings()))


def test_another_training_is_not_gone_on_with(photos: Path, tmp_path: Path) -> None:
    for _ in train(photos, tmp_path / "out", settings(steps=1)):
        pass
    with pytest.raises(BadInput, match="other numbers"):
        list(train(photos, tmp_path / "out", settings(steps=1, loss_dt=0.0)))
    with pytest.raises(BadInput, match="other numbers"):
        list(train(photos, tmp_path / "out", settings("inpaint", steps=1)))
    (tmp_path / "out" / training.STATE).write_bytes(b"torn")
    with pytest.raises(BadInput, match="damaged"):
        list(train(photos, tmp_path / "out", settings(steps=1)))


@pytest.mark.parametrize(
    "damage", ["no config", "config", "format", "weights", "no weights", "other network"]
)
def test_damaged_networks_are_told(damage: str, tmp_path: Path) -> None:
    folder = tmp_path / "net"
    folder.mkdir()
    config = Config("blur", SMALL, Severities((0.3, 3.0)))
    store.save(folder, config, config.network().state_dict())
    text = (folder / store.CONFIG).read_text()
    match damage:
        case "no config":
            (folder / store.CONFIG).unlink()
        case "config":
            (folder / store.CONFIG).write_text(text[:-20])
        case "format":
            (folder / store.CONFIG).write_text(text.replace(store.FORMAT, "adir-dirac-99"))
        case "weights":
            (folder / store.WEIGHTS).write_bytes((folder / store.WEIGHTS).read_bytes()[:-100])
        case "no weights":
            (folder / store.WEIGHTS).unlink()
        case "other network":
            (folder / store.CONFIG).write_text(text.replace("16", "24"))
    with pytest.raises(ModelError, match="missing, damaged or of another version"):
        store.load(folder, torch.device("cpu"))


def test_networks_come_back_as_they_were_saved(tmp_path: Path) -> None:
    config = Config("inpaint", SMALL, Severities((0.0, 1.0)), loss_dt=0.25, training={"step": 7})
    net = config.network()
    store.save(tmp_path, config, net.state_dict())
    again, loaded = store.load(tmp_path, torch.device("cpu"))
    assert again == config
    for name, value in net.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], value.half().float())


def test_a_blur_family_of_a_config_ends_at_its_table() -> None:
    family = GaussianBlurs(Severities((0.3, 3.0)), 16, 16, torch.empty(0))
    assert float(family.shown(0.0).mean()) == pytest.approx(0.1)
    assert float(family.shown(1.0).mean()) == 1.0
