"""Measures of difference, against their definitions."""

from __future__ import annotations

import math
import subprocess
import sys
import types

import numpy as np
import pytest
import torch

from adir_desktop.contract import Photo
from adir_desktop.engine import metrics
from adir_desktop.errors import BadInput


def photo(height=40, width=50, seed=0):
    return Photo(np.random.default_rng(seed).random((height, width, 3)).astype(np.float32))


def moved(a, by):
    return Photo((a.pixels + by).astype(np.float32))


def ssim_by_definition(x, y):
    """Wang et al. 2004, eq. 13, window by window, one channel."""
    offsets = np.arange(-5, 6)
    window = np.exp(-(offsets[:, None] ** 2 + offsets**2) / (2 * 1.5**2))
    window /= window.sum()
    values = []
    for row in range(5, x.shape[0] - 5):
        for column in range(5, x.shape[1] - 5):
            p, q = (z[row - 5 : row + 6, column - 5 : column + 6] for z in (x, y))
            mp, mq = (window * p).sum(), (window * q).sum()
            vp, vq = (window * (p - mp) ** 2).sum(), (window * (q - mq) ** 2).sum()
            cov = (window * (p - mp) * (q - mq)).sum()
            c1, c2 = 0.01**2, 0.03**2
            values.append((2 * mp * mq + c1) * (2 * cov + c2) / ((mp**2 + mq**2 + c1) * (vp + vq + c2)))
    return np.mean(values)


def test_equal_pictures():
    found = metrics.compare(photo(), photo())
    assert found["psnr"] == math.inf
    assert found["ssim"] == pytest.approx(1)
    assert found["largest_difference"] == 0


def test_psnr_and_largest_difference_of_a_known_error():
    a = Photo(np.full((20, 20, 3), 100 / 255, np.float32))
    b = moved(a, 0)
    b.pixels[0, 0, 1] += 51 / 255
    found = metrics.compare(a, b)
    assert found["largest_difference"] == 51
    assert found["psnr"] == pytest.approx(-10 * math.log10((51 / 255) ** 2 / 1200))


def test_pictures_are_clipped_and_rounded_to_8_bits_first():
    a = Photo(np.full((20, 20, 3), 100 / 255, np.float32))
    assert metrics.compare(a, moved(a, 0.4 / 255))["psnr"] == math.inf
    assert metrics.compare(a, moved(a, 0.6 / 255))["largest_difference"] == 1
    white = Photo(np.ones((20, 20, 3), np.float32))
    assert metrics.compare(white, moved(white, 3))["psnr"] == math.inf


def test_ssim_is_the_published_one():
    a = photo(24, 19)
    a.pixels[:] = np.rint(a.pixels * 255) / 255
    b = moved(a, np.random.default_rng(1).normal(0, 0.1, a.pixels.shape))
    x, y = (np.rint(np.clip(p.pixels.astype(float), 0, 1) * 255) / 255 for p in (a, b))
    wanted = np.mean([ssim_by_definition(x[..., c], y[..., c]) for c in range(3)])
    assert metrics.compare(a, b)["ssim"] == pytest.approx(wanted, abs=1e-6)


def test_small_pictures_have_no_ssim_but_the_rest():
    found = metrics.compare(photo(10, 60), photo(10, 60, seed=1))
    assert found["ssim"] is None
    assert "11" in found["ssim_missing"]
    assert 0 < found["psnr"] < 20
    assert "ssim_missing" not in metrics.compare(photo(11, 11), photo(11, 11))


@pytest.mark.parametrize("size", [(40, 51), (50, 40)])
def test_different_sizes_are_refused(size):
    with pytest.raises(BadInput, match="50 x 40"):
        metrics.compare(photo(), photo(*size))


def test_lpips_says_why_it_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(metrics, "find_spec", lambda _name: None)
    found = metrics.compare(photo(), photo())
    assert found["lpips"] is None
    assert "pip install" in found["lpips_missing"]
    monkeypatch.setattr(metrics, "find_spec", lambda _name: object())
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    assert metrics.ALEXNET in metrics.compare(photo(), photo())["lpips_missing"]
    assert "31" in metrics.compare(photo(30, 60), photo(30, 60))["lpips_missing"]


def install_lpips(monkeypatch, tmp_path, network):
    """As if lpips and its weights were there."""
    module = types.ModuleType("lpips")
    module.LPIPS = network
    monkeypatch.setitem(sys.modules, "lpips", module)
    monkeypatch.setattr(metrics, "find_spec", lambda _name: object())
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    weights = tmp_path / "hub" / "checkpoints" / metrics.ALEXNET
    weights.parent.mkdir(parents=True)
    weights.write_bytes(b"weights")


def test_lpips_gets_alexnet_and_pictures_between_minus_one_and_one(tmp_path, monkeypatch):
    seen = []

    def network(net, verbose):
        seen.append((net, verbose))
        return lambda x, y: (seen.extend([x, y]), torch.full((1, 1, 1, 1), 0.25))[1]

    install_lpips(monkeypatch, tmp_path, network)
    black, white = (Photo(np.full((31, 40, 3), value, np.float32)) for value in (0, 1))
    found = metrics.compare(black, white)
    assert found["lpips"] == 0.25
    assert "lpips_missing" not in found
    assert seen[0] == ("alex", False)
    assert seen[1].shape == (1, 3, 31, 40)
    assert seen[1].dtype == torch.float32
    assert (seen[1].unique(), seen[2].unique()) == (torch.tensor([-1.0]), torch.tensor([1.0]))


def test_damaged_lpips_weights_are_a_reason_and_no_crash(tmp_path, monkeypatch):
    def network(**_values):
        raise EOFError("Ran out of input")

    install_lpips(monkeypatch, tmp_path, network)
    found = metrics.compare(photo(), photo())
    assert found["lpips"] is None
    assert "damaged" in found["lpips_missing"]


def test_without_lpips_comparing_needs_no_torch():
    code = (
        "import sys, numpy as np\n"
        "from adir_desktop.contract import Photo\n"
        "from adir_desktop.engine import metrics\n"
        "metrics.find_spec = lambda name: None\n"
        "metrics.compare(Photo(np.zeros((20, 20, 3), np.float32)), Photo(np.ones((20, 20, 3), np.float32)))\n"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
