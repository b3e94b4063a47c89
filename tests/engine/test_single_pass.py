"""A person's own networks through spandrel: real checkpoints, what they may do, and files that are none."""

from __future__ import annotations

import os
import pickle
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from spandrel import MAIN_REGISTRY, ImageModelDescriptor, MaskedImageModelDescriptor
from spandrel.architectures.DnCNN import DnCNN
from spandrel.architectures.ESRGAN import ESRGAN
from torch import Tensor, nn

from adir_desktop.contract import Degradation, Photo, Request, Step
from adir_desktop.engine import single_pass
from adir_desktop.engine.operators import build_operator
from adir_desktop.engine.plan import settle
from adir_desktop.engine.restore import restore
from adir_desktop.engine.samplers import Problem, Sample, find_sampler, seeded_noise
from adir_desktop.engine.sidecar import read_sidecar, request_from_json, save_restoration
from adir_desktop.errors import AdirError, ModelError, RequestError
from adir_desktop.files import sha256_file
from adir_desktop.interrupt import Interrupted, stopping_when

HALVED = Degradation((Step("downscale", {"factor": 2}),))
NOISY = Degradation((), 10.0)
CPU = torch.device("cpu")


def esrgan(path: Path, scale: int = 2, seed: int = 0) -> Path:
    """A tiny network of RRDB blocks with random weights, as a checkpoint file."""
    torch.manual_seed(seed)
    net = ESRGAN(in_nc=3, out_nc=3, num_filters=4, num_blocks=1, scale=scale)
    torch.save(net.state_dict(), path)
    return path


def dncnn(path: Path, channels: int = 3, *, pointwise: bool = False) -> Path:
    torch.manual_seed(1)
    net = DnCNN(in_nc=channels, out_nc=channels, nc=8, nb=8, act_mode="R")
    if pointwise:  # nothing depends on a neighbour
        for layer in net.modules():
            if isinstance(layer, nn.Conv2d):
                layer.weight.data *= torch.zeros(3, 3).index_put_(
                    (torch.tensor(1), torch.tensor(1)), torch.tensor(3.0)
                )
    torch.save({"params": net.state_dict()}, path)
    return path


def given(degradation: Degradation, height: int, width: int, multiple_of: int = 1, batch: int = 1) -> Problem:
    operator = build_operator(degradation, height, width, multiple_of=multiple_of)
    y = torch.rand(batch, 3, height, width, generator=torch.Generator().manual_seed(4)) * 2 - 1
    return Problem(None, operator, operator.observe(y), 0.0, seeded_noise(0, CPU), degradation=degradation)


def run(name: str, problem: Problem) -> tuple[list[Sample], Tensor]:
    row = find_sampler(name)
    trajectory = row.run(problem, row.numbers(row.quick, ""))
    steps = []
    while True:
        try:
            steps.append(next(trajectory))
        except StopIteration as stop:
            return steps, stop.value


def test_it_is_the_network_itself(tmp_path: Path) -> None:
    """Twice the size, in the range of the photo, in a picture grown to the prior's multiple."""
    path = esrgan(tmp_path / "tiny.pth")
    problem = given(HALVED, 13, 10, multiple_of=8, batch=2)
    steps, x = run(f"spandrel:{path}", problem)
    net = ESRGAN(in_nc=3, out_nc=3, num_filters=4, num_blocks=1, scale=2)
    net.load_state_dict(torch.load(path, weights_only=True))
    with torch.no_grad():
        expected = 2 * net((problem.y + 1) / 2).clamp(0, 1) - 1
    assert x.shape == (2, *problem.operator.in_shape)
    assert torch.allclose(x[..., :26, :20], expected, atol=1e-5)
    assert len(steps) == 1
    row = find_sampler(f"spandrel:{path}")
    assert "ESRGAN x2" in row.title
    assert row.samples(row.quick[""]) == 1
    assert row.evaluations(row.quick[""]) == 0
    assert not row.adapts


def test_windows_are_seamless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What needs no neighbours is the same with and without windows; what needs them differs little."""
    for pointwise, most in ((True, 1e-5), (False, 0.02)):
        path = dncnn(tmp_path / f"{pointwise}.pth", pointwise=pointwise)
        problem = given(NOISY, 150, 203)
        monkeypatch.setitem(single_pass.TILE_SIDE, "cpu", 512)
        _, whole = run(f"spandrel:{path}", problem)
        monkeypatch.setitem(single_pass.TILE_SIDE, "cpu", 96)
        steps, cut = run(f"spandrel:{path}", problem)
        assert len(steps) == steps[0].total > 6
        assert [step.step for step in steps] == list(range(1, len(steps) + 1))
        assert float((whole - problem.y).abs().max()) > 0.1  # the network does something
        assert float((cut - whole).abs().max()) < most
        untouched = (steps[0].x0 - problem.y)[..., -40:, -40:]
        assert float(untouched.abs().max()) == 0  # the guess stands where no window has been


def test_one_channel_at_a_time(tmp_path: Path) -> None:
    path = dncnn(tmp_path / "grey.pth", channels=1)
    problem = given(NOISY, 12, 12)
    _, x = run(f"spandrel:{path}", problem)
    _, turned = run(f"spandrel:{path}", replace(problem, y=problem.y.flip(1)))
    assert torch.equal(x.flip(1), turned)


def test_a_network_that_fills_holes_gets_the_mask(monkeypatch: pytest.MonkeyPatch) -> None:
    class Fill(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.value = nn.Parameter(torch.tensor(0.25))

        def forward(self, image: Tensor, mask: Tensor) -> Tensor:
            return torch.where(mask > 0, self.value, image)

    net = Fill()
    model = MaskedImageModelDescriptor(
        net,
        net.state_dict(),
        MAIN_REGISTRY.architectures()[0].architecture,
        "Inpainting",
        [],
        supports_half=False,
        supports_bfloat16=False,
        input_channels=3,
        output_channels=3,
    )
    mask = np.zeros((120, 140), bool)
    mask[30:90, 40:100] = True
    problem = given(Degradation((Step("mask"),), 0, mask), 120, 140)
    monkeypatch.setitem(single_pass.TILE_SIDE, "cpu", 96)
    *_, last = single_pass.single_pass(single_pass.Checkpoint(Path(), "", model), problem)
    holes = torch.from_numpy(mask).expand_as(last.x0)
    assert torch.allclose(last.x0[holes], torch.tensor(-0.5))
    assert torch.allclose(last.x0[~holes], problem.y[~holes], atol=1e-6)


BLUR = Step("blur", {"kernel": "box:5"})
GREY, MASK, FADE = Step("grey"), Step("mask"), Step("fade")


@pytest.mark.parametrize(
    ("purpose", "scale", "steps", "fits"),
    [
        ("SR", 2, HALVED.steps, True),
        ("SR", 2, (BLUR, *HALVED.steps, FADE), True),
        ("SR", 4, HALVED.steps, False),
        ("SR", 2, (), False),
        ("SR", 2, (*HALVED.steps, MASK), False),
        ("Restoration", 1, (), True),
        ("Restoration", 1, (BLUR,), True),
        ("Restoration", 1, (GREY,), False),
        ("Restoration", 1, HALVED.steps, False),
        ("Inpainting", 1, (MASK,), True),
        ("Inpainting", 1, (MASK, BLUR), False),
        ("Inpainting", 1, (), False),
    ],
)
def test_only_what_the_network_is_for(purpose: str, scale: int, steps: tuple[Step, ...], fits: bool) -> None:
    assert (single_pass.unsupported(purpose, scale, Degradation(steps)) == "") == fits


class Touch:
    """Unpickled, it would make a file: a stand-in for any command."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[object, ...]:
        return (os.mkdir, (str(self.marker),))


@pytest.mark.parametrize("suffix", [".pth", ".pt", ".ckpt", ".bin"])
@pytest.mark.parametrize("plain", [False, True])
def test_a_malicious_file_runs_nothing(tmp_path: Path, suffix: str, plain: bool) -> None:
    marker, path = tmp_path / "ran", tmp_path / f"evil{suffix}"
    content = {"conv_first.weight": torch.zeros(1), "extra": Touch(marker)}
    if plain:
        path.write_bytes(pickle.dumps(content))
    else:
        torch.save(content, path)
    with pytest.raises(ModelError, match="more than weights"):
        find_sampler(f"spandrel:{path}")
    assert not marker.exists()
    torch.load(path, weights_only=False) if not plain else pickle.loads(path.read_bytes())
    assert marker.exists()  # the file is what it is taken for


def test_a_program_of_torch_is_not_run(tmp_path: Path) -> None:
    path = tmp_path / "program.pt"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch would have people write such files no more
        torch.jit.save(torch.jit.trace(nn.Conv2d(3, 3, 1), torch.zeros(1, 3, 2, 2)), path)
    with pytest.raises(ModelError, match="more than weights"):
        find_sampler(f"spandrel:{path}")


def spoilt(path: Path, kind: str) -> Path:
    """A file that is no network."""
    if kind == "cut short":
        path.write_bytes(esrgan(path).read_bytes()[:500])
    elif kind == "text":
        path.write_text("not a checkpoint at all")
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "a tensor":
        torch.save(torch.zeros(3), path)
    elif kind == "unknown":
        torch.save({"weight": torch.zeros(3)}, path)
    else:
        state = torch.load(esrgan(path), weights_only=True)
        del state["model.1.sub.0.RDB2.conv3.0.weight"]
        torch.save(state, path)
    return path


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("a.pth", "cut short", "damaged"),
        ("a.pth", "text", "damaged"),
        ("a.ckpt", "empty", "damaged"),
        ("a.safetensors", "text", "damaged"),
        ("a.pth", "a tensor", "holds no weights"),
        ("a.pth", "unknown", "no architecture"),
        ("a.pth", "a part missing", "are damaged"),
        ("a.png", "text", "is no checkpoint"),
    ],
)
def test_files_that_are_no_network(tmp_path: Path, name: str, kind: str, said: str) -> None:
    with pytest.raises(ModelError, match=said) as caught:
        find_sampler(f"spandrel:{spoilt(tmp_path / name, kind)}")
    assert caught.value.remedy


def test_no_file_and_no_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RequestError, match="There is no file"):
        find_sampler(f"spandrel:{tmp_path / 'gone.pth'}")
    with pytest.raises(RequestError, match="There is no file"):
        find_sampler("spandrel:")
    path = esrgan(tmp_path / "a.pth")
    monkeypatch.setattr(single_pass, "find_spec", lambda _: None)
    with pytest.raises(AdirError, match="spandrel") as caught:
        find_sampler(f"spandrel:{path}")
    assert "evaluate" in caught.value.remedy


def test_networks_for_faces_or_other_channels_are_refused(tmp_path: Path) -> None:
    net = nn.Conv2d(3, 3, 1)
    architecture = MAIN_REGISTRY.architectures()[0].architecture
    for purpose, channels, said in (("FaceSR", 3, "faces"), ("SR", 4, "colour")):
        model = ImageModelDescriptor(
            net,
            net.state_dict(),
            architecture,
            purpose,
            [],
            supports_half=False,
            supports_bfloat16=False,
            scale=2,
            input_channels=channels,
            output_channels=3,
        )
        with pytest.raises(ModelError, match=said):
            single_pass.refuse_foreign(tmp_path, model)


def test_it_stops_inside_the_network(tmp_path: Path) -> None:
    """Asked after a few layers of the one window, not only when it is through."""
    asked = []
    problem = given(NOISY, 16, 16)
    row = find_sampler(f"spandrel:{dncnn(tmp_path / 'a.pth')}")
    with stopping_when(lambda: bool(asked.append(1)) or len(asked) > 4), pytest.raises(Interrupted):
        next(row.run(problem, row.quick[""]))


def test_a_file_is_read_once_until_it_changes(tmp_path: Path) -> None:
    path = esrgan(tmp_path / "a.pth")
    first = find_sampler(f"spandrel:{path}")
    assert find_sampler(f"spandrel:{path}") is first
    esrgan(path, scale=4)
    os.utime(path, ns=(1, 1))
    assert "x4" in find_sampler(f"spandrel:{path}").title


def test_restored_saved_and_restored_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path becomes absolute, the record knows the file's content, the sidecar gives the same pixels."""
    path = esrgan(tmp_path / "a.pth")
    monkeypatch.chdir(tmp_path)
    from PIL import Image

    values = np.random.default_rng(0).integers(0, 256, (12, 10, 3), dtype=np.uint8)
    Image.fromarray(values).save("small.png")
    photo = Photo(values.astype(np.float32) / 255, path=tmp_path / "small.png")
    request = Request(photo, "upscale", HALVED, sampler="spandrel:a.pth", precision="float32", device="cpu")
    *_, _last = events = list(collect(restore(request)))
    done = events[-1]
    assert done.request.sampler == f"spandrel:{path}"
    assert done.record["settings"]["sha256"] == sha256_file(path)
    assert done.photo.pixels.shape == (24, 20, 3)
    saved = save_restoration(done, tmp_path / "large.png")
    monkeypatch.chdir("/")
    again = list(collect(restore(request_from_json(read_sidecar(saved.sidecar)))))[-1]
    assert np.array_equal(again.photo.pixels, done.photo.pixels)
    with pytest.raises(RequestError, match="enlarges 2 times"):
        settle(replace(done.request, task="denoise", degradation=NOISY))
    with pytest.raises(RequestError, match="adapting"):
        settle(replace(done.request, adapt="self"))


def collect(work):
    """The events of a job, and what it returns."""
    result = yield from work
    yield result
