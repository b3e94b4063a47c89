"""Does the adaptation carry over? Some of the photos are kept out of training and asked afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import mse_loss

Judge = Callable[[nn.Module, Sequence[Tensor], int], float]  # (network, pictures, side) -> log of an error
FIXED_T = (20, 60, 120, 200)  # where the everyday sampler spends its steps
STRENGTHS = (0.0, 0.5, 1.0)  # of the LoRA; 0 is the prior as it was
CROPS = 2  # a picture
MARGIN = 0.01  # of the error: a smaller gain on so few crops is chance
ENOUGH = 8  # photos of which some can be spared
EVERY = 4  # one photo in four is kept out
BAND = 4  # with fewer photos: the last quarter of each


@dataclass(frozen=True)
class Split:
    """train, held: pictures (1, 3, H, W) to train on, and to ask afterwards. source: for each of `train`,
    the index of the photo that it is, or is a part of.
    """

    train: list[Tensor]
    held: list[Tensor]
    source: list[int]


def affordable(photos: int) -> bool:
    """Whether keeping some out is worth it: with a few photos each teaches more than its verdict tells.

    Of five squares of a photo, adapting to four gained 0.03 dB on a sixth, to all five 0.12 dB. A single
    photo is another case: it may be the damaged one itself, which a part of it should speak for.
    """
    return photos == 1 or photos >= ENOUGH


def whole(pictures: Sequence[Tensor]) -> Split:
    """Nothing is kept out."""
    return Split(list(pictures), [], list(range(len(pictures))))


def split(pictures: Sequence[Tensor], side: int) -> Split:
    """Parts pictures (1, 3, H, W) into those to train on and those to ask; no pixel is in both.

    Whole photos are kept out where there are four or more, else a band along the longer side of each
    that is large enough. `held` may be empty: then there is nothing to ask.
    """
    if len(pictures) >= EVERY:
        source = [i for i in range(len(pictures)) if i % EVERY != EVERY - 1]
        return Split([pictures[i] for i in source], list(pictures[EVERY - 1 :: EVERY]), source)
    train, held = [], []
    for picture in pictures:
        axis = -1 if picture.shape[-1] >= picture.shape[-2] else -2
        band = max(side, picture.shape[axis] // BAND)
        rest = picture.shape[axis] - band
        if rest < side:
            train.append(picture)
            continue
        train.append(picture.narrow(axis, 0, rest))
        held.append(picture.narrow(axis, rest, band))
    return Split(train, held, list(range(len(pictures))))


def loss_judge(alpha_bar: Tensor, device: torch.device, dtype: torch.dtype) -> Judge:
    """(network, pictures, side) -> the mean over `FIXED_T` of the logarithm of the noise prediction's loss.

    Crops and noise are always the same; in the logarithm every step counts alike, whatever its size.
    """

    @torch.no_grad()
    def judge(net: nn.Module, pictures: Sequence[Tensor], side: int) -> float:
        generator = torch.Generator().manual_seed(0)
        z = torch.cat([crop(p, side, generator) for p in pictures for _ in range(CROPS)])
        total = 0.0
        for t in FIXED_T:
            eps = torch.randn(z.shape, generator=generator)
            bar = float(alpha_bar[t])
            x_t = (bar**0.5 * z + (1 - bar) ** 0.5 * eps).to(device, memory_format=torch.channels_last)
            with torch.autocast(device.type, dtype, enabled=dtype != torch.float32):
                output = net(x_t, t, return_dict=False)[0]
            total += float(mse_loss(output[:, :3].float(), eps.to(device)).log())
        return total / len(FIXED_T)

    return judge


def crop(picture: Tensor, side: int, generator: torch.Generator) -> Tensor:
    """A random square (1, 3, side, side)."""
    top = int(torch.randint(picture.shape[-2] - side + 1, (1,), generator=generator))
    left = int(torch.randint(picture.shape[-1] - side + 1, (1,), generator=generator))
    return picture[..., top : top + side, left : left + side]
