"""Every operator by its mathematics: exact adjoints, exact solves, MATLAB's resizing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from scipy import ndimage

from adir_desktop.contract import Degradation, Step
from adir_desktop.engine.operators import OPERATORS, build_operator, restored_size
from adir_desktop.engine.operators.base import PROX_GOAL
from adir_desktop.engine.operators.blur import Convolution
from adir_desktop.engine.operators.separable import bicubic_down, bicubic_up, keys_cubic
from adir_desktop.errors import MaskError, RequestError
from adir_desktop.interrupt import Interrupted, stopping_when
from adir_desktop.kernels import motion_kernel, shake_kernel

F64 = torch.float64
CASES: dict[str, tuple[Step, ...]] = {
    "identity": (),
    "bicubic x2": (Step("downscale", {"factor": 2}),),
    "bicubic x4": (Step("downscale", {"factor": 4}),),
    "bicubic x8": (Step("downscale", {"factor": 8}),),
    "block mean x2": (Step("block-mean", {"factor": 2}),),
    "block mean x4": (Step("block-mean", {"factor": 4}),),
    "box 5": (Step("blur", {"kernel": "box:5"}),),
    "gaussian 2": (Step("blur", {"kernel": "gaussian:2.0"}),),
    "motion 9 at 30": (Step("blur", {"kernel": "motion:9:30"}),),
    "shaken": (Step("blur", {"kernel": "shake:9:0.5:1"}),),
    "circular shaken": (Step("blur", {"kernel": "shake:9:0.5:1", "boundary": "circular"}),),
    "circular gaussian": (Step("blur", {"kernel": "gaussian:2", "boundary": "circular"}),),
    "mask": (Step("mask"),),
    "soft mask": (Step("soft-mask", {"spot": 50, "row": 0.4, "column": 0.6}),),
    "two masks": (Step("mask"), Step("soft-mask")),
    "grey": (Step("grey"),),
    "blurred grey": (Step("grey"), Step("blur", {"kernel": "shake:9:0.5:1", "boundary": "circular"})),
    "grey holes": (Step("grey"), Step("mask")),
    "box 5, holes": (Step("blur", {"kernel": "box:5"}), Step("mask")),
    "shaken, holes": (Step("blur", {"kernel": "shake:9:0.5:1"}), Step("mask")),
    "circular shaken, holes": (
        Step("blur", {"kernel": "shake:9:0.5:1", "boundary": "circular"}),
        Step("mask"),
    ),
    "blur, downscale": (Step("blur", {"kernel": "gaussian:1.2"}), Step("downscale", {"factor": 2})),
    "motion, downscale, holes": (
        Step("blur", {"kernel": "motion:7:60"}),
        Step("downscale", {"factor": 2}),
        Step("mask"),
    ),
    "faded": (Step("fade", {"gain_red": 0.5, "offset_red": 0.2}),),
    "blur, grey, holes": (Step("blur", {"kernel": "box:3"}), Step("grey"), Step("mask")),
}
SIZES = [(12, 16), (13, 17), (31, 7)]


def degradation(name: str, height: int, width: int) -> Degradation:
    mask = np.random.default_rng(0).random((height, width)) < 0.3
    return Degradation(CASES[name], 0.0, mask)


def build(name: str, size: tuple[int, int], multiple_of: int = 1, dtype: torch.dtype = F64):
    return build_operator(degradation(name, *size), *size, multiple_of=multiple_of, dtype=dtype)


def random(shape: tuple[int, ...], seed: int, dtype: torch.dtype = F64) -> torch.Tensor:
    return torch.randn((2, *shape), generator=torch.Generator().manual_seed(seed), dtype=dtype)


def test_every_row_of_the_table_is_covered() -> None:
    assert {step.kind for steps in CASES.values() for step in steps} == set(OPERATORS)


@pytest.mark.parametrize("multiple_of", [1, 8])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", CASES)
def test_the_adjoint_is_exact(name: str, size: tuple[int, int], multiple_of: int) -> None:
    operator = build(name, size, multiple_of)
    x, y = random(operator.in_shape, 1), random(operator.out_shape, 2)
    image, back = operator.forward(x), operator.adjoint(y)
    assert image.shape == y.shape
    assert back.shape == x.shape
    gap = abs(float((image * y).sum() - (x * back).sum()))
    assert gap <= 1e-10 * float(image.norm() * y.norm())


@pytest.mark.parametrize("name", CASES)
def test_float32_agrees_with_float64(name: str) -> None:
    single, double = build(name, (13, 17), dtype=torch.float32), build(name, (13, 17))
    x = random(double.in_shape, 1)
    assert torch.allclose(single.forward(x.float()).double(), double.forward(x), atol=2e-6)


@pytest.mark.parametrize("rho", [1e-3, 0.1, 10.0])
@pytest.mark.parametrize("name", CASES)
def test_gram_solve_inverts(name: str, rho: float) -> None:
    operator = build(name, (13, 17), multiple_of=8)
    r = operator.forward(random(operator.in_shape, 3))
    z = operator.gram_solve(r, rho)
    residual = operator.forward(operator.adjoint(z)) + rho * z - r
    assert float(residual.norm()) <= 1e-5 * float(r.norm())


@pytest.mark.parametrize("name", CASES)
def test_prox_is_where_the_gradient_vanishes(name: str) -> None:
    operator = build(name, (12, 16))
    x, y = random(operator.in_shape, 4), operator.forward(random(operator.in_shape, 5))
    z = operator.prox(x, y, 0.05)
    if operator.exact:
        gradient = operator.adjoint(operator.forward(z) - y) + 0.05 * (z - x)
        assert float(gradient.norm()) <= 1e-5 * float(z.norm())
        return
    count = y[0].numel()
    a = operator.adjoint(torch.eye(count, dtype=F64).view(-1, *operator.out_shape)).flatten(1)
    r, change = (y - operator.forward(x)).flatten(1), (z - x).flatten(1)
    wanted = torch.linalg.solve(a @ a.mT + 0.05 * torch.eye(count, dtype=F64), r.mT).mT @ a
    assert bool(((change - wanted).norm(dim=1) <= 2 * PROX_GOAL * wanted.norm(dim=1)).all())


@pytest.mark.parametrize("name", CASES)
def test_the_norm_is_the_largest_singular_value(name: str) -> None:
    operator = build(name, (12, 8))
    c, h, w = operator.in_shape
    matrix = operator.forward(torch.eye(c * h * w, dtype=F64).view(-1, c, h, w)).flatten(1)
    largest = float(torch.linalg.matrix_norm(matrix, 2)) ** 2
    y = operator.forward(torch.zeros(1, c, h, w, dtype=F64))
    assert operator.norm2(y) == pytest.approx(largest, rel=0.02)


@pytest.mark.parametrize("name", CASES)
def test_range_change_passes_through(name: str) -> None:
    """A file holds A of the picture in [0, 1]: A(2 x - 1) = 2 A x - A 1 is found in it."""
    operator = build(name, (12, 16))
    x = torch.rand(1, *operator.in_shape, generator=torch.Generator().manual_seed(6), dtype=F64)
    file = 2 * operator.forward(x).expand(1, 3, -1, -1) - 1
    assert torch.allclose(operator.observe(file), operator.forward(2 * x - 1), atol=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_a_guess_has_no_holes_and_fits_a_smooth_picture(name: str) -> None:
    operator = build(name, (12, 16), multiple_of=8)
    c, h, w = operator.in_shape
    smooth = (torch.linspace(-0.5, 0.5, h, dtype=F64)[:, None] + torch.zeros(1, c, h, w, dtype=F64)).clone()
    guess = operator.guess(operator.forward(smooth))
    inside = (..., slice(2, 10), slice(2, 14))
    assert float((guess - smooth)[inside].abs().max()) < 0.25


@pytest.mark.parametrize("factor", [2, 4, 8])
def test_bicubic_is_matlabs(factor: int) -> None:
    """imresize computed here tap by tap, as MATLAB documents it, for odd sizes too."""
    n = 8 * factor + 3
    x = np.random.default_rng(factor).random(n)
    wanted = []
    for k in range(-(-n // factor)):
        centre = (k + 0.5) * factor - 0.5
        taps = range(int(np.floor(centre - 2 * factor)) - 1, int(np.ceil(centre + 2 * factor)) + 2)
        weights = [float(keys_cubic(torch.tensor((centre - j) / factor, dtype=F64))) for j in taps]
        mirrored = [(-1 - j) if j < 0 else (2 * n - 1 - j) if j >= n else j for j in taps]
        wanted.append(sum(w * x[j] for w, j in zip(weights, mirrored, strict=True)) / sum(weights))
    got = bicubic_down(n, factor).numpy() @ x
    assert np.abs(got - wanted).max() < 1e-6


def test_bicubic_has_matlabs_known_weights() -> None:
    half = bicubic_down(32, 2)[8]
    assert half[half != 0][:4].tolist() == pytest.approx([-0.011719, -0.035156, 0.113281, 0.433594], abs=1e-6)
    quarter = bicubic_down(64, 4)[8]
    known = [-0.001709, -0.010986, -0.018311, -0.011963, 0.022705, 0.097412, 0.181885, 0.240967]
    assert quarter[quarter != 0][:8].tolist() == pytest.approx(known, abs=1e-6)


def test_bicubic_matches_pillow_away_from_the_border() -> None:
    x = np.random.default_rng(1).random((64, 64)).astype(np.float32)
    operator = build_operator(Degradation((Step("downscale", {"factor": 4}),)), 16, 16, dtype=F64)
    ours = operator.forward(torch.from_numpy(x).double().expand(1, 3, -1, -1))[0, 0].numpy()
    pillow = np.asarray(Image.fromarray(x, mode="F").resize((16, 16), Image.Resampling.BICUBIC))
    assert np.abs(ours - pillow)[2:-2, 2:-2].max() < 1e-5
    up = bicubic_up(16, 64).numpy()
    small = x[:16, :16]
    pillow_up = np.asarray(Image.fromarray(small, mode="F").resize((64, 64), Image.Resampling.BICUBIC))
    assert np.abs(up @ small @ up.T - pillow_up)[8:-8, 8:-8].max() < 1e-5


@pytest.mark.parametrize(("boundary", "mode"), [("reflect", "mirror"), ("circular", "wrap")])
@pytest.mark.parametrize("kernel", ["box:5", "gaussian:1.5", "motion:9:30", "shake:9:0.7:4"])
def test_blur_is_scipys_convolution(kernel: str, boundary: str, mode: str) -> None:
    """True convolution, mirrored without repeating the edge pixel, or going on from the other side."""
    step = Step("blur", {"kernel": kernel, "boundary": boundary})
    operator = build_operator(Degradation((step,)), 20, 23, dtype=F64)
    impulse = torch.zeros(1, 3, 20, 23, dtype=F64)
    impulse[..., 10, 11] = 1
    weights = operator.forward(impulse)[0, 0].numpy()[10 - 6 : 10 + 7, 11 - 6 : 11 + 7]
    x = np.random.default_rng(2).random((20, 23))
    ours = operator.forward(torch.from_numpy(x).expand(1, 3, -1, -1))[0, 0].numpy()
    assert np.abs(ours - ndimage.convolve(x, weights, mode=mode)).max() < 1e-10


def test_motion_leans_as_its_angle_says() -> None:
    kernel = motion_kernel(9, 45, 11)
    assert float(kernel.sum()) == pytest.approx(1)
    assert float(kernel[3, 7]) > 0.05  # up and to the right
    assert float(kernel[7, 7]) == 0


def test_a_shake_is_a_connected_path_that_its_seed_decides() -> None:
    published = [shake_kernel(61, 0.5, seed) for seed in range(5)]
    along = np.arange(61) - 30
    for kernel in published:
        assert kernel.min() >= 0
        assert kernel.sum() == pytest.approx(1)
        assert ndimage.label(kernel > 0, np.ones((3, 3)))[1] == 1, "one path"
        assert abs(kernel.sum(0) @ along) < 1e-6, "the picture does not move"
        assert abs(kernel.sum(1) @ along) < 1e-6
        assert 30 < (kernel > 0).sum() < 600, "a line, no blot"
    assert np.array_equal(published[3], shake_kernel(61, 0.5, 3))
    assert len({kernel.tobytes() for kernel in published}) == 5
    straight = np.argwhere(shake_kernel(61, 0.0, 1) > 0)
    assert np.linalg.svd(straight - straight.mean(0), compute_uv=False)[1] < 0.1 * len(straight)


@pytest.mark.parametrize("size", [3, 5])
def test_the_smallest_shakes_fit_their_square(size: int) -> None:
    for seed in range(20):
        assert shake_kernel(size, 1.0, seed).sum() == pytest.approx(1)


def test_psf_from_a_file(tmp_path: Path) -> None:
    psf = np.zeros((5, 5), np.uint8)
    psf[2, :] = 51
    Image.fromarray(psf).save(tmp_path / "psf.png")
    step = Step("blur", {"kernel": f"file:{tmp_path / 'psf.png'}"})
    operator = build_operator(Degradation((step,)), 16, 18, dtype=F64)
    assert isinstance(operator, Convolution)
    x = np.random.default_rng(3).random((16, 18))
    ours = operator.forward(torch.from_numpy(x).expand(1, 3, -1, -1))[0, 0].numpy()
    assert np.abs(ours - ndimage.uniform_filter1d(x, 5, axis=1, mode="mirror")).max() < 1e-10


def test_a_picture_larger_than_the_eigenbasis_limit_is_solved_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adir_desktop.engine.operators.separable.EXACT_LIMIT", 8)
    operator = build("gaussian 2", (13, 17))
    r = operator.forward(random(operator.in_shape, 3))
    z = operator.gram_solve(r, 0.1)
    assert float((operator.forward(operator.adjoint(z)) + 0.1 * z - r).norm()) <= 1e-5 * float(r.norm())
    monkeypatch.undo()
    exact = build("gaussian 2", (13, 17))
    assert exact.exact
    assert not operator.exact
    assert operator.norm2(r) == pytest.approx(exact.norm2(r), rel=0.02)


@pytest.mark.parametrize("name", ["gaussian 2", "bicubic x4", "blur, downscale"])
def test_large_pictures_leave_out_the_zeros(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    exact = build(name, (13, 17))
    x, y = random(exact.in_shape, 1), random(exact.out_shape, 2)
    monkeypatch.setattr("adir_desktop.engine.operators.separable.EXACT_LIMIT", 8)
    large = build(name, (13, 17))
    assert torch.allclose(large.forward(x), exact.rows @ x @ exact.columns.mT, atol=1e-13)
    assert torch.allclose(large.adjoint(y), exact.rows.mT @ y @ exact.columns, atol=1e-13)
    with stopping_when(lambda: True), pytest.raises(Interrupted):
        large.forward(x)


def test_sizes_and_bad_steps() -> None:
    steps = (Step("blur", {"kernel": "box:3"}), Step("downscale", {"factor": 4}))
    assert restored_size(Degradation(steps), 10, 20) == (40, 80)
    with pytest.raises(RequestError, match="no degradation"):
        restored_size(Degradation((Step("rain"),)), 10, 20)
    with pytest.raises(MaskError):
        build_operator(Degradation((Step("mask"),)), 10, 20)
    with pytest.raises(MaskError, match="size"):
        build_operator(Degradation((Step("mask"),), mask=np.ones((5, 5), bool)), 10, 20)
    for kernel in ("motion:99:0", "shake:61:0.5:0"):
        with pytest.raises(RequestError, match="larger"):
            build_operator(Degradation((Step("blur", {"kernel": kernel}),)), 8, 8)
    with pytest.raises(RequestError, match="boundary"):
        build_operator(Degradation((Step("blur", {"kernel": "box:3", "boundary": "zero"}),)), 8, 8)


def test_psf_of_even_sides_and_an_empty_one(tmp_path: Path) -> None:
    """Of an even side the pixel after the middle is the centre: here it alone is white, so nothing moves."""
    psf = np.zeros((4, 4), np.uint8)
    psf[2, 2] = 255
    Image.fromarray(psf).save(tmp_path / "even.png")
    Image.fromarray(0 * psf).save(tmp_path / "empty.png")
    step = Step("blur", {"kernel": f"file:{tmp_path / 'even.png'}"})
    operator = build_operator(Degradation((step,)), 9, 8, dtype=F64)
    x = random(operator.in_shape, 1)
    assert torch.allclose(operator.forward(x), x, atol=1e-12)
    with pytest.raises(RequestError, match="all black"):
        build_operator(Degradation((Step("blur", {"kernel": f"file:{tmp_path / 'empty.png'}"}),)), 9, 8)
