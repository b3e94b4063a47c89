"""A checkpoint made by the published rules alone is one that the engine loads, name by name, and computes as told."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import torch
from guided_formulas import Formulas

from adir_desktop.engine.priors.guided_diffusion import GuidedUNet, Layout
from adir_desktop.engine.priors.guided_loading import load_guided
from tests.engine.guided_layout import drawn, tensors


def test_the_full_size_has_the_published_count_and_fits() -> None:
    rows = list(tensors())
    shapes = dict(rows)
    assert len(shapes) == len(rows) == 566
    assert sum(math.prod(shape) for shape in shapes.values()) == 552_814_086
    with torch.device("meta"):
        net = GuidedUNet(Layout.of(shapes))
        weights = {name: torch.empty(shape) for name, shape in shapes.items()}
    told = net.load_state_dict(weights, strict=False, assign=True)
    assert (told.missing_keys, told.unexpected_keys) == ([], [])


def test_a_narrow_one_computes_what_the_formulas_say(tmp_path: Path) -> None:
    """All six levels, attention in the lower three, through the real file and the real loader."""
    made = drawn(tensors(64))
    torch.save(made, tmp_path / "narrow.pt")
    prior = load_guided("narrow", tmp_path / "narrow.pt")
    assert prior.multiple_of == 32
    kinds = Counter(type(module).__name__ for module in prior.net.modules())
    assert kinds["AttentionBlock"] == 16
    oracle = Formulas({name: value.double() for name, value in made.items()}, DOWNS, UPS, 64)
    x = torch.randn(1, 3, 32, 64, generator=torch.Generator().manual_seed(1))
    wanted = oracle.output(x.double(), 700).float()
    said = prior.predict(x, 700)
    assert said.variance_logits is not None
    found = torch.cat([said.eps, said.variance_logits], 1)
    assert float((found - wanted).abs().max() / wanted.abs().max()) < 1e-5


DOWNS = (3, 6, 9, 12, 15)  # the input blocks that halve the size
UPS = (2, 5, 8, 11, 14)  # the output blocks that end in doubling it
