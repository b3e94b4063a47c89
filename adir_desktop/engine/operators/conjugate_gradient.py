"""Linear systems too large to be inverted: conjugate gradients for a batch of pictures."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from adir_desktop.interrupt import check

DELAY = 4  # iterations whose gain tells what is still missing (Strakos, Tichy 2002)

Linear = Callable[[Tensor], Tensor]


def conjugate_gradient(
    normal: Linear, r: Tensor, precondition: Linear, *, enough: Tensor, iterations: int, goal: float = 0.0
) -> Tensor:
    """Solves N z = r for a symmetric positive definite N, every picture of the batch on its own.

    (Hestenes, Stiefel 1952.) Ends where |r - N z|^2 <= `enough`, (B, 1, 1, 1), or once the error e of z is
    small where it matters: <e, N e> <= goal^2 <z, N z>. Iterations minimise just that, and each one's gain
    is known; the residual hears most of what is then taken away.
    """
    tiny = torch.finfo(r.dtype).tiny
    z = torch.zeros_like(r)
    residual = r
    direction = preconditioned = precondition(residual)
    energy = dot(residual, preconditioned)
    gains: list[Tensor] = []
    busy = dot(residual, residual) > enough
    for _ in range(iterations):
        if not bool(busy.any()):
            break
        check()  # seconds may pass on a large photo
        image = normal(direction)
        step = busy * energy / dot(direction, image).clamp_min(tiny)  # a finished picture stays
        z = z + step * direction
        residual = residual - step * image
        gains.append(step * energy)
        late = torch.stack(gains[-DELAY:]).sum(0)
        busy = busy & (dot(residual, residual) > enough)
        if len(gains) >= DELAY:
            busy = busy & (late > goal**2 * torch.stack(gains).sum(0))
        preconditioned = precondition(residual)
        energy, before = dot(residual, preconditioned), energy
        direction = preconditioned + (energy / before.clamp_min(tiny)) * direction
    return z


def dot(a: Tensor, b: Tensor) -> Tensor:
    """<a, b> of each picture, (B, 1, 1, 1)."""
    return (a * b).sum(dim=(-3, -2, -1), keepdim=True)
