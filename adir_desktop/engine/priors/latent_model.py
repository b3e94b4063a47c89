"""Stable Diffusion at work: pictures to latents and back, and what the U-Net says of noisy latents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from adir_desktop.engine.tiles import Window, blended
from adir_desktop.interrupt import check

OVERLAP = 16  # latents by which windows overlap at least
TOKENS = 77  # of a text
LOOK = 32  # latents a side of a quick look


@dataclass(frozen=True, eq=False)
class Text:
    """Words as a U-Net hears them. states: (2, tokens, D), first those against the picture. pooled: (2, D) of
    networks that want a summary too (SDXL).
    """

    states: Tensor
    pooled: Tensor | None

    def on(self, device: torch.device) -> Text:
        """The same on a device."""
        return Text(self.states.to(device), None if self.pooled is None else self.pooled.to(device))


@dataclass(frozen=True, eq=False)
class Shown:
    """What a U-Net is shown with the latents: channels (B, C, h, w), of their size; a level of noise."""

    channels: Tensor
    text: Text
    level: int | None = None


@dataclass(frozen=True, eq=False)
class LatentModel:
    """The networks of one Stable Diffusion model on a device, ready to compute.

    scaling: of latents against the VAE's own. factor: pixels a side of a latent. window: latents a side of
    what goes through a network at once, overlapping, so that large pictures need no more memory.
    """

    unet: Any
    vae: Any
    scheduler: Any
    low_res: Any
    scaling: float
    factor: int
    multiple_of: int
    native: int
    window: int
    dtype: torch.dtype

    def predict(self, z_t: Tensor, t: int, shown: Shown, guidance: float = 1.0) -> Tensor:
        """The U-Net's output for z_t (B, 4, h, w), float32: eps or v, as the scheduler has it.

        guidance: of the words (Ho, Salimans 2022); 1 is none, and half the work.
        """
        given = self._conditions(shown, len(z_t), *z_t.shape[-2:], guided=guidance != 1)

        def ask(window: Window) -> Tensor:
            check()
            seen = torch.cat([z_t[window], shown.channels[window]], 1).to(self.dtype)
            if guidance == 1:
                return self._run(seen, t, given)
            against, words = self._run(torch.cat([seen, seen]), t, given).chunk(2)
            return against + guidance * (words - against)

        height, width = z_t.shape[-2:]
        return blended(height, width, self.window, self.multiple_of, ask, overlap=self._overlap)

    def _conditions(
        self, shown: Shown, batch: int, height: int, width: int, *, guided: bool
    ) -> dict[str, Any]:
        """For a batch; with guidance for twice as many, those against first."""

        def each(value: Tensor) -> Tensor:
            chosen = value if guided else value[1:]
            return chosen.to(shown.channels.device, self.dtype).repeat_interleave(batch, 0)

        pooled = None if shown.text.pooled is None else each(shown.text.pooled)
        return conditions(
            each(shown.text.states), pooled, shown.level, height * self.factor, width * self.factor
        )

    def _run(self, seen: Tensor, t: int, given: dict[str, Any]) -> Tensor:
        seen = seen.contiguous(memory_format=torch.channels_last)
        output: Tensor = self.unet(seen, t, return_dict=False, **given)[0]
        return output.float()

    def probe(self, side: int) -> None:
        """One evaluation without guidance of a square picture, to be timed."""
        device = next(self.unet.parameters()).device
        latents, config = side // self.factor, self.unet.config
        z = torch.zeros(1, 4, latents, latents, device=device)
        shown = torch.zeros(1, config.in_channels - 4, latents, latents, device=device)
        self.predict(z, 500, Shown(shown, silence(config, 2).on(device), level_of(config)))

    def encode(self, x: Tensor) -> Tensor:
        """Latents (B, 4, h, w) of pictures (B, 3, factor h, factor w) in [-1, 1]: the mean of the posterior."""

        def ask(window: Window) -> Tensor:
            check()
            _, rows, columns = window
            part = x[..., _times(rows, self.factor), _times(columns, self.factor)]
            latents: Tensor = self.vae.encode(part.float()).latent_dist.mode()
            return latents * self.scaling

        height, width = (n // self.factor for n in x.shape[-2:])
        return blended(height, width, self.window, self.multiple_of, ask, overlap=self._overlap)

    def decode(self, z: Tensor) -> Tensor:
        """Pictures (B, 3, H, W) of latents, float32, about [-1, 1]."""

        def ask(window: Window) -> Tensor:
            check()
            picture: Tensor = self.vae.decode(z[window].float() / self.scaling, return_dict=False)[0]
            return picture

        height, width = z.shape[-2:]
        return blended(
            height,
            width,
            self.window,
            self.multiple_of,
            ask,
            overlap=self._overlap,
            scale=self.factor,
        )

    def look(self, z: Tensor, height: int, width: int) -> Tensor:
        """A quick look at latents: the picture of their means over squares, enlarged to (B, 3, height, width)."""
        shrink = -(-max(z.shape[-2:]) // LOOK)
        small = nn.functional.avg_pool2d(z, shrink, ceil_mode=True)
        grown = (0, -small.shape[-1] % self.multiple_of, 0, -small.shape[-2] % self.multiple_of)
        picture = self.decode(nn.functional.pad(small, grown, mode="replicate"))
        rows, columns = (n * self.factor // shrink for n in z.shape[-2:])
        seen = picture[..., :rows, :columns]
        return nn.functional.interpolate(seen, size=(height, width), mode="bilinear", align_corners=False)

    @property
    def _overlap(self) -> int:
        return min(OVERLAP, self.window // 2)


def silence(config: Any, rows: int) -> Text:
    """Zeros of the shape that a U-Net of that configuration hears, where only the work matters."""
    pooled = None
    if config.addition_embed_type == "text_time":
        width = config.projection_class_embeddings_input_dim - 6 * config.addition_time_embed_dim
        pooled = torch.zeros(rows, width)
    return Text(torch.zeros(rows, TOKENS, config.cross_attention_dim), pooled)


def level_of(config: Any) -> int | None:
    """A level of noise for a U-Net that wants one."""
    return 0 if config.num_class_embeds else None


def conditions(
    states: Tensor, pooled: Tensor | None, level: int | None, height: int, width: int
) -> dict[str, Any]:
    """The further inputs of a U-Net by name, for pictures of (height, width) pixels.

    states: (N, tokens, D). pooled: (N, D) or None. level: of the noise in what is shown, or None.
    """
    found: dict[str, Any] = {"encoder_hidden_states": states}
    if level is not None:
        found["class_labels"] = torch.full((len(states),), level, device=states.device)
    if pooled is not None:
        ids = states.new_tensor([height, width, 0, 0, height, width])  # nothing was cut off
        found["added_cond_kwargs"] = {"text_embeds": pooled, "time_ids": ids.repeat(len(states), 1)}
    return found


def _times(stretch: slice, factor: int) -> slice:
    return slice(stretch.start * factor, stretch.stop * factor)
