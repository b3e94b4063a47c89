"""Several low-rank changes of one network as a single one, exactly: they are stacked along the rank."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from adir_desktop.contract import STRENGTHS, AdaptedPreset, AppliedPreset, Neighbour
from adir_desktop.errors import PresetError, RequestError

Array = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Change:
    """What is added to one layer's weight: scale * B A. a: (r, i, *kernel); b: (o, r, 1, ...)."""

    a: Array
    b: Array
    scale: float

    @property
    def rank(self) -> int:
        return int(self.a.shape[0])


def one_rank(layers: Mapping[str, Sequence[Change]]) -> tuple[dict[str, Array], int, float]:
    """The tensors, rank and alpha of a LoRA that changes each layer by the sum of its changes.

    [B1 B2] [A1; A2] = B1 A1 + B2 A2: the A stand above each other and the B side by side, padded with zeros to
    one rank, with the scales in B. Where every layer has one change of one rank and scale, nothing is touched.
    """
    changes = [change for several in layers.values() for change in several]
    ranks, scales = {change.rank for change in changes}, {change.scale for change in changes}
    if len(ranks) == len(scales) == 1 and len(changes) == len(layers):
        rank, scale = changes[0].rank, changes[0].scale
        return _named({name: (change.a, change.b) for name, (change,) in layers.items()}), rank, scale * rank
    rank = max(sum(change.rank for change in several) for several in layers.values())
    stacked = {name: _stacked(several, rank) for name, several in layers.items()}
    return _named(stacked), rank, float(rank)


def changes_of(preset: AdaptedPreset, strength: float = 1.0) -> dict[str, Change]:
    """What a preset changes, by layer."""
    scale = strength * preset.alpha / preset.rank
    names = [
        name.removesuffix(".lora_A.weight") for name in preset.tensors if name.endswith(".lora_A.weight")
    ]
    halves = {name: [preset.tensors[f"{name}.lora_{half}.weight"] for half in "AB"] for name in names}
    return {name: Change(a, b, scale) for name, (a, b) in halves.items()}


def combined(parts: Sequence[tuple[AdaptedPreset, float]]) -> AdaptedPreset:
    """One preset that does what the given ones do together, each at its strength.

    Raises:
        PresetError: there is none, they were made for different bases, or a layer has two shapes.
    """
    if not parts:
        raise PresetError("No preset was chosen.", "Choose one, or restore without adapting.")
    first, strength = parts[0]
    if len(parts) == 1:  # a factor of the whole is a factor of alpha
        return first if strength == 1 else replace(first, alpha=first.alpha * strength)
    layers: dict[str, list[Change]] = {}
    for preset, strength in parts:
        _check_base(first, preset)
        for name, change in changes_of(preset, strength).items():
            layers.setdefault(name, []).append(change)
    tensors, rank, alpha = one_rank(layers)
    neighbours: dict[str, Neighbour] = {item.id: item for preset, _ in parts for item in preset.neighbours}
    return AdaptedPreset(
        name=" + ".join(preset.name for preset, _ in parts),
        prior=first.prior,
        prior_sha256=first.prior_sha256,
        rank=rank,
        alpha=alpha,
        tensors=tensors,
        neighbours=tuple(neighbours.values()),
        degradation=first.degradation,
        training={"combined": [_told(preset, strength) for preset, strength in parts]},
        created=max(preset.created for preset, _ in parts),
        thumbnail=first.thumbnail,
    )


def check_strengths(applied: Sequence[AppliedPreset]) -> None:
    """Raises RequestError: a strength is out of range."""
    low, high = STRENGTHS
    for each in applied:
        if not (math.isfinite(each.strength) and low <= each.strength <= high):
            raise RequestError(
                f"A preset cannot be applied with strength {each.strength:g}.",
                f"Choose {low:g} to {high:g}; 1 is as it was adapted.",
            )


def _check_base(first: AdaptedPreset, other: AdaptedPreset) -> None:
    if other.prior_sha256 != first.prior_sha256:
        raise PresetError(
            f"The presets '{first.name}' and '{other.name}' were made for different models: "
            f"'{first.prior}' and '{other.prior}'.",
            "Combine only presets of one model.",
        )


def _stacked(several: Sequence[Change], rank: int) -> tuple[Array, Array]:
    shapes = {(change.a.shape[1:], change.b.shape[0], change.b.shape[2:]) for change in several}
    if len(shapes) > 1:
        raise PresetError("The presets do not fit each other.", "Combine only presets of one model.")
    a = np.concatenate([change.a for change in several])
    b = np.concatenate([(change.scale * change.b.astype(np.float64)) for change in several], axis=1)
    short = rank - len(a)
    a = np.pad(a, [(0, short)] + [(0, 0)] * (a.ndim - 1))
    b = np.pad(b, [(0, 0), (0, short)] + [(0, 0)] * (b.ndim - 2))
    return a, b.astype(np.float32)


def _named(pairs: Mapping[str, tuple[Array, Array]]) -> dict[str, Array]:
    return {
        f"{name}.lora_{half}.weight": value
        for name, pair in pairs.items()
        for half, value in zip("AB", pair, strict=True)
    }


def _told(preset: AdaptedPreset, strength: float) -> dict[str, object]:
    return {"name": preset.name, "strength": strength, "training": dict(preset.training)}
