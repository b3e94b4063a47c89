"""DDRM: diffusion in the basis of the operator's singular vectors, each coefficient by its own noise level."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from adir_desktop.contract import Degradation, Option
from adir_desktop.engine.operators import has_svd
from adir_desktop.engine.operators.svd import SVD
from adir_desktop.engine.samplers.base import Problem, Sample, Settings, Trajectory, estimate_x0
from adir_desktop.engine.samplers.row import SamplerRow
from adir_desktop.engine.samplers.schedule import sigma as sigma_of
from adir_desktop.engine.samplers.schedule import strided
from adir_desktop.errors import RequestError

CUT = 0.03  # of the largest singular value, for data said to be free of noise (Kawar et al., appendix)


@dataclass(frozen=True)
class DDRMSettings(Settings):
    """eta: the share of fresh noise in what the data leave open. eta_b: how far well-seen coefficients go to
    the data. ref_last_step: "on" returns the network's x0 as the authors' program does without noise,
    "off" agrees with the data to the end.
    """

    eta: float = 0.85
    eta_b: float = 1.0
    ref_last_step: str = "off"


@dataclass(frozen=True)
class Spectrum:
    """The observation in the basis of A = U S V^T.

    data: S^+ U^T y (B, n), 0 where nothing is seen. level: sigma / s (n,), the noise of `data`, infinite
    there.
    """

    svd: SVD
    data: Tensor
    level: Tensor

    @staticmethod
    def of(problem: Problem, svd: SVD) -> Spectrum:
        """Tiny singular values count as unseen where y is said to be free of noise: its rounding is not."""
        if problem.sigma == 0:
            svd = svd.cut(CUT)
        s = svd.singular
        data = torch.where(s > 0, svd.observed(problem.y) / s, 0.0)
        return Spectrum(svd, data, torch.where(s > 0, problem.sigma / s, math.inf))

    def begin(self, sigma: float, z: Tensor) -> Tensor:
        """The first coefficients of x / sqrt(alpha_bar), (B, n), at noise level sigma."""
        spread = (sigma**2 - self.level**2).clamp_min(0).sqrt()
        return torch.where(self.level < sigma, self.data + spread * z, sigma * z)

    def follow(self, x0: Tensor, eps: Tensor, sigma: float, z: Tensor, settings: DDRMSettings) -> Tensor:
        """The coefficients (B, n) of x / sqrt(alpha_bar) at the next level sigma (Kawar et al. 2022, eqs 7, 8).

        x0, eps: coefficients of the network's estimate and of its noise. z: standard normal, as x0.
        """
        eta, eta_b, level = settings.eta, settings.eta_b, self.level
        kept = math.sqrt(1 - eta**2) * sigma
        unseen = x0 + kept * eps + eta * sigma * z
        noisier = x0 + kept * (self.data - x0) / level + eta * sigma * z
        left = (sigma**2 - (eta_b * level) ** 2).clamp_min(0).sqrt()
        clearer = (1 - eta_b) * x0 + eta_b * self.data + left * z
        return torch.where(level <= sigma, clearer, torch.where(level.isinf(), unseen, noisier))


def decomposed(problem: Problem) -> SVD:
    """The operator's A = U S V^T.

    Raises:
        RequestError: it has none in closed form.
    """
    svd = problem.operator.svd()
    if svd is None:
        raise RequestError("This fault has no singular values in closed form.", "Choose another method.")
    return svd


@torch.inference_mode()
def ddrm(problem: Problem, settings: DDRMSettings) -> Trajectory:
    """Kawar et al. 2022: each coefficient V^T x is led by the data once the data are clearer than x_t.

    Unlike in the authors' program data without noise are agreed with exactly at the end (`ref_last_step`).

    Raises:
        RequestError: the operator has no singular value decomposition.
    """
    alpha_bar = problem.denoiser.alpha_bar
    times = strided(settings.steps, len(alpha_bar))[::-1]
    sigmas = [*(float(sigma_of(alpha_bar[t])) for t in times), 0.0]
    spectrum = Spectrum.of(problem, decomposed(problem))
    svd = spectrum.svd
    scaled = spectrum.begin(sigmas[0], problem.noise(spectrum.data))
    x_t = math.sqrt(float(alpha_bar[times[0]])) * svd.picture(scaled)
    for step, t in enumerate(times, start=1):
        x0, prediction = estimate_x0(problem, x_t, t, float(alpha_bar[t]))
        c0, noise = svd.coefficients(x0), svd.coefficients(prediction.eps)
        last = step == len(times)
        scaled = spectrum.follow(c0, noise, sigmas[step], problem.noise(c0), settings)
        if last and settings.ref_last_step == "on":  # its sigma = 0 is above no level, not even 0
            scaled = c0
        following = 1.0 if last else float(alpha_bar[times[step]])
        x_t = math.sqrt(following) * svd.picture(scaled)
        yield Sample(step, len(times), t, x_t, x0)
    return x_t


def supports(degradation: Degradation) -> str:
    """What has singular values in closed form."""
    if has_svd(degradation):
        return ""
    return f"DDRM needs singular values in closed form; {in_words(degradation)} has none."


def in_words(degradation: Degradation) -> str:
    """The faults of a chain, for a sentence: "blur, then holes"."""
    words = {"downscale": "reduction", "block-mean": "block means", "grey": "loss of colour", "mask": "holes"}
    kinds = [step.kind for step in degradation.steps if step.kind != "fade"]
    return ", then ".join(words.get(kind, kind) for kind in kinds)


ROW = SamplerRow(
    "DDRM",
    "Few steps in the operator's own frequencies: each follows the photo as soon as the photo is clearer.",
    "Kawar et al.: Denoising Diffusion Restoration Models, NeurIPS 2022",
    ddrm,
    evaluations=lambda settings: settings.steps,
    #                       steps  eta      eta_b
    published={"": DDRMSettings(20, eta=0.85, eta_b=1.0)},  # section 5; the README's command
    quick={  # measured on two photos, 128 px, with the embedded model
        "upscale": DDRMSettings(20, eta=1.0),   # +0.5 dB against eta 0.85
        "denoise": DDRMSettings(50, eta=0.85),  # +0.9 dB against 20 steps
        "inpaint": DDRMSettings(50, eta=0.85),  # +2.4 dB
        "":        DDRMSettings(20, eta=0.85),  # sharpening: 50 steps give 0.06 dB more
    },
    options=(
        Option("eta", "Fresh noise", "How much of the noise is drawn anew at each step"),
        Option("eta_b", "Weight of the data", "How far what the photo shows clearly is taken from it"),
        Option(
            "ref_last_step",
            "Last step as published",
            "Without noise, the authors' program ends with the model's estimate instead of the photo's own values",
            choices=("off", "on"),
        ),
    ),
    supports=supports,
)  # fmt: skip
