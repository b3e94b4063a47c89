"""One network being trained: random batches, the incremental loss, Adam, the averaged weights."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import pad

from adir_desktop.engine.dirac.crops import Album
from adir_desktop.engine.dirac.families import FAMILIES
from adir_desktop.engine.dirac.process import Family, NoiseLevels
from adir_desktop.engine.dirac.store import Config

WARM_UP = 200  # steps
LAST_RATE = 0.01  # of the peak, at the end of the cosine
CLIP = 1.0  # norm of the gradient
WORST = 0.2  # the share of samples at t = 1, where most restorations start
OFF_PATH = 0.5  # the share of samples whose noise is not that of the published path


@dataclass(frozen=True, eq=False)
class Batch:
    """Clean crops x0, their states y, maps and sigmas, (B, ...) each; t and family of each."""

    x0: Tensor
    y: Tensor
    shown: Tensor
    sigma: Tensor
    t: Sequence[float]
    families: Sequence[Family]
    margins: Sequence[int]

    @staticmethod
    def draw(config: Config, album: Album, side: int, size: int, seed: Sequence[int]) -> Batch:
        """`size` random crops with random degradations; the same seed gives the same batch."""
        generator = np.random.default_rng(list(seed))
        row, noise = FAMILIES[config.degradation], NoiseLevels(config.sigma_min, config.sigma_max)
        x0, y, shown, sigmas, ts, families, margins = [], [], [], [], [], [], []
        for _ in range(size):
            t = 1.0 if generator.random() < WORST else float(generator.random())
            on_path = generator.random() >= OFF_PATH
            sigma = noise.at(t if on_path else float(generator.random()))
            family, margin = row.draw(side, config.severities, generator)
            whole = album.crop(side + 2 * margin, generator)
            x0.append(_inner(whole, margin))
            y.append(_inner(family.degrade(whole, t), margin))
            shown.append(_inner(family.shown(t), margin))
            sigmas.append(sigma)
            ts.append(t)
            families.append(family)
            margins.append(margin)
        z = torch.from_numpy(generator.standard_normal((size, 3, side, side), np.float32))
        sigma_t = torch.tensor(sigmas)
        state = torch.cat(y) + sigma_t[:, None, None, None] * z
        return Batch(torch.cat(x0), state, torch.cat(shown), sigma_t, ts, families, margins)


def incremental_loss(x0_hat: Tensor, batch: Batch, dt: float, noise: NoiseLevels) -> Tensor:
    """L_IR: the mean of w_t |A_tau(x0_hat) - A_tau(x0)|^2 over pixels, tau = max(t - dt, 0), w_t = 1/sigma_t^2.

    dt = 0 compares at the sample's own t; dt = 1 compares the pictures themselves, A_0 being all but the
    identity. (Dirac, eq. 11.) sigma_t is that of the published path, or the sample's own where it is larger:
    else strong noise on a picture that misses next to nothing would outweigh all holes and blurs.
    """
    error = x0_hat - batch.x0
    parts = []
    drawn = zip(error, batch.t, batch.sigma.tolist(), batch.families, batch.margins, strict=True)
    for each, t, sigma, family, margin in drawn:
        tau = max(t - dt, 0.0)
        seen = each[None]
        if tau > 0:
            seen = _inner(family.degrade(pad(seen, (margin,) * 4), tau), margin)
        parts.append(seen.square().mean() / max(noise.at(t), sigma) ** 2)
    return torch.stack(parts).mean()


def _inner(x: Tensor, margin: int) -> Tensor:
    return x[..., margin : x.shape[-2] - margin, margin : x.shape[-1] - margin]


class Learner:
    """The network, Adam's moments and the exponential average of the weights, which is what is kept."""

    def __init__(self, config: Config, *, rate: float, decay: float, seed: int, bf16: bool) -> None:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.net = config.network().to(memory_format=torch.channels_last)
        self.config, self.rate, self.decay, self.bf16 = config, rate, decay, bf16
        self.noise = NoiseLevels(config.sigma_min, config.sigma_max)
        self.optimiser = torch.optim.Adam(self.net.parameters(), lr=rate, betas=(0.9, 0.99), fused=True)
        self.average = {name: value.detach().clone() for name, value in self.net.named_parameters()}
        self.steps_done = 0
        self.seconds = 0.0

    def learn(self, batch: Batch, progress: float) -> float:
        """One step of Adam; returns the loss. progress: in [0, 1], the place on the cosine of the rate."""
        warm = min(1.0, (self.steps_done + 1) / WARM_UP)
        cosine = LAST_RATE + (1 - LAST_RATE) * 0.5 * (1 + math.cos(math.pi * progress))
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate * warm * cosine
        loss = self.loss(batch)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), CLIP)
        self.optimiser.step()
        self._follow()
        self.steps_done += 1
        return float(loss.detach())

    def loss(self, batch: Batch) -> Tensor:
        """The incremental loss of the current weights."""
        y = batch.y.contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
            x0_hat = self.net(y, batch.shown, batch.sigma)
        return incremental_loss(x0_hat.float(), batch, self.config.loss_dt, self.noise)

    @torch.no_grad()
    def _follow(self) -> None:
        """theta_ema <- d theta_ema + (1 - d) theta, with a warm start that forgets the beginning."""
        share = 1 - min(self.decay, (1 + self.steps_done) / (10 + self.steps_done))
        for name, value in self.net.named_parameters():
            self.average[name].lerp_(value, share)

    def state(self) -> dict[str, Any]:
        """Everything that going on needs."""
        return {
            "net": self.net.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "average": self.average,
            "steps_done": self.steps_done,
            "seconds": self.seconds,
        }

    def load(self, state: Mapping[str, Any]) -> None:
        """Goes back to a `state`. Raises KeyError, ValueError, RuntimeError: it is another network's."""
        self.net.load_state_dict(state["net"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.average = {name: state["average"][name] for name in self.average}
        self.steps_done, self.seconds = int(state["steps_done"]), float(state["seconds"])

    @torch.inference_mode()
    def measure(self, batch: Batch) -> dict[str, float]:
        """PSNR in dB of the averaged network's x0, and of what it was given, over a fixed batch."""
        net = self.config.network()
        net.load_state_dict(self.average)
        x0 = torch.cat(
            [
                net(batch.y[i : i + 1], batch.shown[i : i + 1], batch.sigma[i : i + 1])
                for i in range(len(batch.t))
            ]
        )
        return {"given_db": _psnr(batch.y, batch.x0), "restored_db": _psnr(x0, batch.x0)}


def _psnr(a: Tensor, b: Tensor) -> float:
    """The mean over the pictures, clipped to [0, 1]."""
    errors = (a.clamp(0, 1) - b).square().mean((1, 2, 3)).clamp_min(1e-10)
    return round(float((-10 * errors.log10()).mean()), 2)
