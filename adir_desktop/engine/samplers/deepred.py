"""DeepRED: an untrained network fitted to this one photo, held back by a classical denoiser."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from skimage.restoration import denoise_nl_means
from torch import Tensor

from adir_desktop.contract import Option
from adir_desktop.engine.samplers.base import Problem, Sample, Settings, Trajectory
from adir_desktop.engine.samplers.hourglass import INPUTS, Hourglass, Shape
from adir_desktop.engine.samplers.row import SamplerRow
from adir_desktop.interrupt import check

EVERY = 10  # iterations from one denoising to the next, and from one `Sample` to the next
INPUT = 0.1  # standard deviation of the network's input


@dataclass(frozen=True)
class DeepREDSettings(Settings):
    """steps: iterations of Adam. guidance: lambda, the weight of the denoiser. mu: of ADMM.

    rate: of Adam. strength: what f takes away, sigma of 255. jitter: noise added to the network's input
    at each iteration. memory: the share of the running mean that is kept, 0 for no mean. channels,
    scales: of the network.
    """

    guidance: float = 0.5
    mu: float = 0.5
    rate: float = 0.008
    strength: float = 3.0
    jitter: float = 0.033
    memory: float = 0.99
    channels: int = 128
    scales: int = 5


def deepred(problem: Problem, settings: DeepREDSettings) -> Trajectory:
    """Minimises |A T(theta) - y|^2 + lambda/2 x^T (x - f(x)) over theta with x = T(theta), by ADMM
    (Mataev, Elad, Milanfar, ICCV workshops 2019, eq. 6 to 8): one step of Adam on theta, one fixed-point
    step on x, u += T - x; f, non-local means (Buades 2005), anew every tenth iteration.

    Gives the running mean of T where one is kept, else x - u. A picture of the batch is finished where it
    differs from the photo by no more than the photo's noise: what came after would be that noise.
    """
    operator, y = problem.operator, problem.y.clone()
    net, z = _network(problem, settings)
    adam = torch.optim.Adam(net.parameters(), lr=settings.rate)
    x = operator.guess(y).clamp(-1, 1)
    u, mean = torch.zeros_like(x), torch.zeros_like(x)
    share = settings.guidance / (settings.guidance + settings.mu)
    noise2 = problem.sigma**2 * (operator.forward(torch.ones_like(x)) > 0).sum(dim=(1, 2, 3))
    fitted = torch.zeros_like(noise2, dtype=torch.bool)[:, None, None, None]
    best = x
    for i in range(1, settings.steps + 1):
        check()
        if i % EVERY == 1:
            f = smoothed(x, settings.strength)
        adam.zero_grad()
        with torch.enable_grad():
            out = net(z + INPUT * settings.jitter * problem.noise(z))
        with torch.no_grad():
            misfit = operator.adjoint(operator.forward(out) - y) / y[0].numel()
            slope = misfit + settings.mu * (out - x + u) / x[0].numel()
        out.backward(slope)
        adam.step()
        out = out.detach()
        x = (share * f + (1 - share) * (out + u)).clamp(-1, 1)
        u = u + out - x
        kept = min(settings.memory, 1 - 1 / i)
        mean = kept * mean + (1 - kept) * out
        if i % EVERY == 0 or i == settings.steps:
            best = torch.where(fitted, best, mean if settings.memory else (x - u).clamp(-1, 1))
            yield Sample(math.ceil(i / EVERY), samples(settings), 0, x, best)
            misfit = operator.forward(best) - y
            fitted = (misfit.square().sum(dim=(1, 2, 3)) <= noise2)[:, None, None, None]
            if bool(fitted.all()):
                break
    return best


def smoothed(x: Tensor, strength: float) -> Tensor:
    """f(x): non-local means of each channel, with the published patches and distances."""
    level = strength / 255
    pictures = ((x + 1) / 2).flatten(0, 1).cpu().double().numpy()
    answers = []
    for channel in pictures:
        check()
        answers.append(denoise_nl_means(channel, patch_size=5, patch_distance=6, h=0.6 * level, sigma=level))
    return (2 * torch.from_numpy(np.stack(answers)).view(x.shape) - 1).to(x)


def samples(settings: DeepREDSettings) -> int:
    """How many `Sample`s a run yields."""
    return math.ceil(settings.steps / EVERY)


def _network(problem: Problem, settings: DeepREDSettings) -> tuple[Hourglass, Tensor]:
    """The network with weights drawn anew, and its input; as many scales as the picture has room for."""
    batch, _, height, width = problem.zeros().shape
    room = max(1, int(math.log2(min(height, width))) - 1)
    net = Hourglass(Shape(batch, settings.channels, min(settings.scales, room)))
    net = net.to(problem.y.device, problem.y.dtype)
    net.draw(problem.noise)
    z = INPUT * problem.noise(problem.y.new_zeros(batch, INPUTS, height, width))
    return net, z


ROW = SamplerRow(
    "DeepRED",
    "An untrained network learns this one photo, and a classical denoiser holds it back. Slow.",
    "Mataev, Elad, Milanfar: DeepRED, ICCV workshops 2019",
    deepred,
    evaluations=lambda _: 0,
    length=samples,
    published={  # the authors' programs; the denoiser of upscale is BM3D there
        #                           steps  lambda mu    rate   f    jitter memory
        "upscale":  DeepREDSettings(2000,  0.05,  0.06, 0.001, 5.0, 0.02,  0.0),
        "deblur":   DeepREDSettings(30000, 0.02,  0.04, 0.004, 3.0, 0.01,  0.0),
        "":         DeepREDSettings(6000,  0.5,   0.5,  0.008, 3.0, 0.033, 0.99),
    },
    quick={  # chosen on photos: the smallest networks that lose nothing
        #                           steps  lambda mu    rate   f     jitter memory width scales
        "denoise":  DeepREDSettings(300,   0.5,   0.5,  0.008, 10.0, 0.033, 0.95,  16,   4),
        "":         DeepREDSettings(400,   0.5,   0.5,  0.008, 3.0,  0.033, 0.95,  32,   4),
    },
    guidance="lambda",
    options=(
        Option("mu", "Penalty", "How closely the network and the denoised picture are tied", 0.001, 100),
        Option("rate", "Rate", "The learning rate", 1e-5, 0.1),
        Option("strength", "Denoiser", "The noise it takes away, of 255", 0.5, 100),
        Option("jitter", "Jitter", "Noise on the network's input, which keeps it from learning by heart"),
        Option("memory", "Mean", "The share of the running mean that is kept; 0 for no mean", 0, 0.999),
        Option("channels", "Width", "Channels of the network", 4, 256, whole=True),
        Option("scales", "Depth", "How often the network halves the picture", 1, 6, whole=True),
    ),
    passes=5.0,  # ten iterations of the quick network, in passes of the starter
    goes_back=True,
    adapts=False,
    batches=False,
    most_steps=30000,
)  # fmt: skip
