"""The picture of the blur kernel: its weights, its pixels, and its words."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from adir_desktop.errors import AdirError
from adir_desktop.tasks import Kernel, parse_kernel
from adir_desktop.ui.kernel_preview import KernelPreview, kernel_weights

SPELLINGS = (
    "box:1", "box:5", "gaussian:0.1", "gaussian:2.5", "gaussian:30", "motion:1:0", "motion:15:30", "shake:9:0.5:1",
)  # fmt: skip


@pytest.fixture
def preview(qtbot: QtBot) -> KernelPreview:
    shown = KernelPreview()
    qtbot.addWidget(shown)
    shown.resize(300, 70)
    return shown


def greys(preview: KernelPreview) -> np.ndarray:
    """(62, 62) of the picture inside its frame."""
    image = preview.picture.grab().toImage()
    return np.array(
        [[image.pixelColor(x, y).red() for x in range(1, 63)] for y in range(1, 63)], dtype=np.float64
    )


@pytest.mark.parametrize("text", SPELLINGS)
def test_weights_are_an_odd_square_of_sum_one_about_the_middle(text: str) -> None:
    weights = kernel_weights(parse_kernel(text))
    side = weights.shape[0]
    assert weights.shape == (side, side)
    assert side == parse_kernel(text).side
    assert side % 2 == 1
    assert weights.min() >= 0
    assert weights.sum() == pytest.approx(1)
    rows, columns = np.mgrid[:side, :side] - side // 2
    assert (weights * rows).sum() == pytest.approx(0, abs=1e-9)
    assert (weights * columns).sum() == pytest.approx(0, abs=1e-9)


def test_a_gaussian_has_its_sigma() -> None:
    weights = kernel_weights(Kernel("gaussian", (2.5,)))
    along = np.arange(weights.shape[0]) - weights.shape[0] // 2
    assert math.sqrt((weights.sum(axis=0) * along**2).sum()) == pytest.approx(2.5, rel=0.01)


@pytest.mark.parametrize("angle", [0, 30, 90, -45])
def test_movement_runs_at_its_angle_anticlockwise(angle: float) -> None:
    weights = kernel_weights(Kernel("motion", (21.0, angle)))
    rows, columns = np.mgrid[: weights.shape[0], : weights.shape[0]] - weights.shape[0] // 2
    xx, yy, xy = ((weights * a * b).sum() for a, b in ((columns, columns), (rows, rows), (columns, -rows)))
    assert math.degrees(0.5 * math.atan2(2 * xy, xx - yy)) % 180 == pytest.approx(angle % 180, abs=0.5)


def test_it_is_the_kernel_that_the_engine_undoes() -> None:
    torch = pytest.importorskip("torch")
    from adir_desktop.engine.operators import kernel_weights as engines

    ours = kernel_weights(Kernel("motion", (15.0, 30.0)))
    theirs = engines(Kernel("motion", (15.0, 30.0)))
    assert isinstance(theirs, torch.Tensor)
    assert np.abs(ours - theirs.numpy()).max() < 0.01 * ours.max()


def test_a_larger_box_is_larger_in_the_picture(preview: KernelPreview) -> None:
    shares = []
    for text in ("box:3", "box:5", "box:9"):
        preview.show_kernel(text)
        shares.append((greys(preview) > 128).mean())
    assert shares[0] == pytest.approx((3 / 9) ** 2, abs=0.02)
    assert shares[1] == pytest.approx((5 / 9) ** 2, abs=0.02)
    assert shares[2] == 1


def test_words_say_what_is_seen(preview: KernelPreview) -> None:
    preview.show_kernel("motion:15:30")
    assert preview.words.text() == "Movement of 15 pixels at 30° (kernel of 17 × 17)"
    assert preview.picture.accessibleDescription() == preview.words.text()
    assert preview.picture.accessibleName()


def test_a_kernel_from_a_file_is_shown(preview: KernelPreview, tmp_path: Path) -> None:
    pixels = np.zeros((4, 9), np.uint8)
    pixels[:, :3] = 200
    Image.fromarray(pixels).save(tmp_path / "psf.png")
    preview.show_kernel(f"file:{tmp_path / 'psf.png'}")
    assert "psf.png (kernel of 9 × 9)" in preview.words.text()
    picture = greys(preview)
    assert picture[31, 8] == 255
    assert picture[31, 40] == 0
    assert picture[2, 8] == 0  # above the four rows


def test_sixteen_bits_are_not_cut_to_eight(tmp_path: Path) -> None:
    pixels = np.array([[0, 1000, 0], [1000, 60000, 1000], [0, 1000, 0]], np.uint16)
    Image.fromarray(pixels).save(tmp_path / "psf.png")
    weights = kernel_weights(Kernel("file", path=tmp_path / "psf.png"))
    assert weights == pytest.approx(pixels / pixels.sum(), rel=1e-3)


def test_files_that_are_no_kernels_are_told_in_words(preview: KernelPreview, tmp_path: Path) -> None:
    Image.new("L", (300, 10), 9).save(tmp_path / "large.png")
    Image.new("L", (5, 5), 0).save(tmp_path / "black.png")
    (tmp_path / "text.png").write_text("no picture")
    for name, word in (("large", "300 x 10"), ("black", "black"), ("text", "picture"), ("gone", "picture")):
        path = tmp_path / f"{name}.png"
        with pytest.raises(AdirError):
            kernel_weights(Kernel("file", path=path))
        preview.show_kernel("box:3")
        preview.show_kernel(f"file:{path}")
        assert word in preview.words.text()
        assert (greys(preview) == greys(preview)[0, 0]).all()
