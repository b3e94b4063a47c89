"""The jobs that the window runs before any model is loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from damaged_scenes import as_photo, textured

from adir_desktop.contract import Fading, Finished, Marks, NoiseLevel, Progress
from adir_desktop.engine import inspection_jobs


@pytest.mark.parametrize(
    ("job", "kind"),
    [
        (inspection_jobs.noise, NoiseLevel),
        (inspection_jobs.scratches, Marks),
        (inspection_jobs.fading, Fading),
    ],
)
def test_each_ends_with_its_answer(job, kind):
    *before, last = job(as_photo(textured(0, 120)))
    assert isinstance(last, Finished)
    assert isinstance(last.result, kind)
    assert before
    assert all(isinstance(event, Progress) for event in before)


def test_none_of_them_loads_torch():
    code = (
        "import sys, numpy as np\n"
        "from adir_desktop.contract import Photo\n"
        "from adir_desktop.engine import inspection_jobs as jobs\n"
        "photo = Photo(np.random.default_rng(0).random((64, 64, 3), np.float32))\n"
        "for job in (jobs.noise, jobs.scratches, jobs.fading): list(job(photo))\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "assert not loaded & {'torch', 'torchvision', 'diffusers', 'open_clip', 'peft', 'PySide6'}, loaded\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, cwd=Path(__file__).parents[2])
