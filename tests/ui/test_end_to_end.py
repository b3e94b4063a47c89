"""A scratched photo is repaired in a program of its own, on a real X display where there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

DRIVER = Path(__file__).with_name("repair_driver.py")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def display() -> Iterator[dict[str, str]]:
    """The environment of a program on Xvfb's display; offscreen where Xvfb is absent."""
    server = shutil.which("Xvfb")
    if server is None:
        yield {"QT_QPA_PLATFORM": "offscreen"}
        return
    read, write = os.pipe()
    command = [server, "-displayfd", str(write), "-screen", "0", "1400x900x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as xvfb:
        os.close(write)
        with os.fdopen(read) as stream:
            number = stream.readline().strip()
        yield {"QT_QPA_PLATFORM": "xcb", "DISPLAY": f":{number}"}
        xvfb.terminate()


def test_painting_over_scratches_repairs_them_and_nothing_else(
    tmp_path: Path, display: dict[str, str]
) -> None:
    y, x = np.mgrid[0:48, 0:64]
    clean = np.stack([60 + 2 * x, 40 + 3 * y, 120 + x - y], axis=-1).astype(np.uint8)
    image = Image.fromarray(clean)
    ImageDraw.Draw(image).line([(20, 6), (44, 40)], fill="white", width=2)
    image.save(tmp_path / "scratched.png")
    points = ["19", "5", "45", "41"]
    command = [
        sys.executable,
        str(DRIVER),
        str(tmp_path / "scratched.png"),
        str(tmp_path / "out.png"),
        *points,
    ]
    done = subprocess.run(
        command, env=os.environ | display, capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == display["QT_QPA_PLATFORM"]

    before = np.asarray(image)
    with Image.open(tmp_path / "out.png") as out:
        after = np.array(out)
    scratch = (before != clean).any(-1)
    changed = (after != before).any(-1)
    near = np.zeros_like(scratch)
    rows, columns = np.nonzero(scratch)
    for row, column in zip(rows, columns, strict=True):
        near[max(row - 6, 0) : row + 7, max(column - 6, 0) : column + 7] = True
    assert not changed[~near].any(), "outside of what was painted, every byte is the original's"
    assert changed[scratch].mean() > 0.9
    wrong = np.abs(before[scratch].astype(int) - clean[scratch]).mean()
    assert np.abs(after[scratch].astype(int) - clean[scratch]).mean() < 0.3 * wrong
