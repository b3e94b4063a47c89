"""Adapting Stable Diffusion: photos become latents once, and batches of them are drawn by chance."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from adir_desktop.contract import LATENT_UPSCALE, Degradation, Event, Pixels
from adir_desktop.engine.adapt import AdaptSettings, at_least
from adir_desktop.engine.holdout import crop
from adir_desktop.engine.lessons import Chance, Example, drawn
from adir_desktop.engine.operators import build_operator
from adir_desktop.engine.operators.masks import box_mask, freeform
from adir_desktop.engine.pace import Pace
from adir_desktop.engine.priors import LatentPrior
from adir_desktop.engine.priors.latent_model import LatentModel, Text, conditions
from adir_desktop.engine.samplers.sd_inpaint import shown_channels
from adir_desktop.engine.samplers.sd_upscale import SCALE
from adir_desktop.engine.tensors import network_sigma, to_tensor

DROPPED = 0.1  # of the batches' pictures come without words, so that guidance by them still works
VARIANTS = 4  # squares with holes of each photo
WHOLE = 0.25  # of them with nothing but a hole
HOLES = (0.1, 0.6)  # share of the others that is missing


@dataclass(frozen=True, eq=False)
class Shot:
    """A training picture. z: its latents (1, 4, h, w). shown: (1, C, h, w), what goes with them."""

    z: Tensor
    shown: Tensor


@dataclass(frozen=True, eq=False)
class LatentLessons:
    """Squares of latents with what a U-Net is shown of them.

    words, none: the prompt and the empty one, each (1, tokens, D) and (1, D) or None. level: of the noise that the
    shown picture gets anew each time, by `level_bar`, alpha_bar there; None where it gets none.
    """

    shots: Sequence[Shot]
    weights: Sequence[float]
    alpha_bar: Tensor
    batch: int
    side: int
    t_max: int
    says_v: bool
    words: Text
    none: Text
    factor: int
    level: int | None = None
    level_bar: float = 1.0
    part: int = 1

    def on(self, device: torch.device) -> LatentLessons:
        """The same with all of its pictures on a device."""
        return replace(
            self,
            shots=[Shot(shot.z.to(device), shot.shown.to(device)) for shot in self.shots],
            words=self.words.on(device),
            none=self.none.on(device),
        )

    def draw(self, chance: Chance) -> Example:
        """x_t of the latents beside what is shown. The target is eps, or v = sqrt(alpha_bar) eps - sqrt(1 -
        alpha_bar) z (Salimans, Ho 2022).
        """
        squares = [self._square(chance.choices) for _ in range(self.batch)]
        z, shown = (torch.cat(parts) for parts in zip(*squares, strict=True))
        t = int(torch.randint(self.t_max, (1,), generator=chance.choices))
        eps = chance.noise(z)
        bar = float(self.alpha_bar[t])
        z_t = bar**0.5 * z + (1 - bar) ** 0.5 * eps
        if self.level is not None:
            shown = self.level_bar**0.5 * shown + (1 - self.level_bar) ** 0.5 * chance.noise(shown)
        target = bar**0.5 * eps - (1 - bar) ** 0.5 * z if self.says_v else eps
        silent = torch.rand(self.batch, generator=chance.choices) < DROPPED
        states = torch.cat([(self.none if s else self.words).states for s in silent.tolist()])
        pooled = self._pooled(silent)
        size = self.side * self.factor
        return Example(
            torch.cat([z_t, shown], 1), t, target, conditions(states, pooled, self.level, size, size)
        )

    def _pooled(self, silent: Tensor) -> Tensor | None:
        if self.words.pooled is None or self.none.pooled is None:
            return None
        return torch.cat([self.none.pooled if s else self.words.pooled for s in silent.tolist()])

    def _square(self, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        shot = self.shots[drawn(self.weights, generator)]
        both = crop(torch.cat([shot.z, shot.shown], 1), self.side, generator)
        return both[:, : shot.z.shape[1]], both[:, shot.z.shape[1] :]


def latent_lessons(
    prior: LatentPrior,
    photos: Sequence[Pixels],
    settings: AdaptSettings,
    weights: Sequence[float] | None,
    degradation: Degradation,
    prompt: str,
    *,
    noise_level: int,
    seed: int,
    device: torch.device,
    window: int,
) -> Generator[Event, None, LatentLessons]:
    """Encodes the photos (H, W, 3) once, and what the U-Net will be shown of them: for the upscaler as
    `degradation` makes them small, for inpainting with holes by chance.

    settings.crop: pixels a side. noise_level: as in `UpscaleSettings`. window: pixels a side of what goes through
    the VAE at once.
    """
    model = prior.encoder(device, window)
    generator = torch.Generator().manual_seed(seed)
    each = weights or [1.0] * len(photos)
    shots: list[Shot] = []
    odds: list[float] = []
    pace = Pace("encode", len(photos))
    yield pace.at(0)
    for number, (pixels, weight) in enumerate(zip(photos, each, strict=True), start=1):
        picture = at_least(to_tensor(pixels), settings.crop)
        if prior.family == LATENT_UPSCALE:
            made = [_small(model, picture, degradation, generator, device)]
        else:
            made = [_holed(model, picture, settings.crop, generator, device) for _ in range(VARIANTS)]
        shots += made
        odds += [weight / len(made)] * len(made)
        yield pace.at(number)
    text = prior.read(prompt)
    level = noise_level if prior.family == LATENT_UPSCALE else None
    return LatentLessons(
        shots,
        odds,
        prior.alpha_bar,
        settings.batch,
        settings.crop // prior.factor,
        settings.t_max,
        prior.says_v,
        _row(text, 1),
        _row(text, 0),
        prior.factor,
        level,
        1.0 if level is None else float(model.low_res.alphas_cumprod[level]),
    )


@torch.no_grad()
def _small(
    model: LatentModel,
    picture: Tensor,
    degradation: Degradation,
    generator: torch.Generator,
    device: torch.device,
) -> Shot:
    """A picture's latents and the small photo it would have been: both have the same size."""
    multiple = SCALE * model.multiple_of
    height, width = (n // multiple * multiple for n in picture.shape[-2:])
    x = picture[..., :height, :width].to(device)
    operator = build_operator(degradation, height // SCALE, width // SCALE, device=device)
    small = operator.forward(x).cpu()
    small = small + network_sigma(degradation.noise_std) * torch.randn(small.shape, generator=generator)
    return _shot(model.encode(x), small)


@torch.no_grad()
def _holed(
    model: LatentModel, picture: Tensor, side: int, generator: torch.Generator, device: torch.device
) -> Shot:
    """A square of a picture with a hole."""
    square = crop(picture, side, generator).to(device)
    mask = _hole(side, generator).to(square)
    return _shot(model.encode(square), shown_channels(model, square, mask))


def _hole(side: int, generator: torch.Generator) -> Tensor:
    """(1, 1, side, side), 1 where missing: strokes, a box, or all of it."""
    kind, share = torch.rand(2, generator=generator).tolist()
    seed = int(torch.randint(2**31 - 1, (1,), generator=generator))
    if kind < WHOLE:
        return torch.ones(1, 1, side, side)
    share = HOLES[0] + share * (HOLES[1] - HOLES[0])
    if kind < (1 + WHOLE) / 2:
        mask = box_mask(side, side, round(side * math.sqrt(share)), seed, margin=0)
    else:
        mask = freeform(side, side, seed, share)
    return torch.from_numpy(mask)[None, None].float()


def _shot(z: Tensor, shown: Tensor) -> Shot:
    return Shot(z.cpu(), shown.cpu())


def _row(text: Text, row: int) -> Text:
    """The words, row 1, or none of them, row 0; copies, which may be trained with."""
    pooled = None if text.pooled is None else text.pooled[row : row + 1].clone()
    return Text(text.states[row : row + 1].clone(), pooled)
