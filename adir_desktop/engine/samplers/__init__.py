"""The samplers: each a free function over a denoiser and an operator."""

from __future__ import annotations

from adir_desktop.engine.samplers import (
    adir,
    admm_tv,
    bicubic,
    ddnm,
    ddpg,
    ddrm,
    deepred,
    diffpir,
    dirac,
    dps,
    one_pass,
    pnp_admm,
    repaint,
    scoreald,
    sd_inpaint,
    sd_upscale,
    sdedit,
)
from adir_desktop.engine.samplers.base import (
    Problem,
    Sample,
    Settings,
    Trajectory,
    noise_of_each,
    seeded_noise,
)
from adir_desktop.engine.samplers.row import SamplerRow, with_options
from adir_desktop.errors import RequestError

CHECKPOINT = "spandrel:"  # and a file: a network of the person's own
SAMPLERS: dict[str, SamplerRow] = {
    "diffpir": diffpir.ROW,
    "adir": adir.ROW,
    "dps": dps.ROW,
    "scoreald": scoreald.ROW,
    "sdedit": sdedit.ROW,
    "repaint": repaint.ROW,
    "ddrm": ddrm.ROW,
    "ddnm": ddnm.ROW,
    "ddpg": ddpg.ROW,
    "pnp-admm": pnp_admm.ROW,
    "one-pass": one_pass.ROW,
    "admm-tv": admm_tv.ROW,
    "deepred": deepred.ROW,
    "dirac": dirac.ROW,
    "bicubic": bicubic.ROW,
    "sd-upscale": sd_upscale.ROW,
    "sd-inpaint": sd_inpaint.ROW,
}


def find_sampler(name: str) -> SamplerRow:
    """The method of that name, or of the form spandrel:FILE the person's own network in that file.

    Raises:
        RequestError: there is none. ModelError: the file holds no network that can be used.
    """
    if name.startswith(CHECKPOINT):
        from adir_desktop.engine.single_pass import checkpoint_row  # it needs this package itself

        return checkpoint_row(name)
    if name not in SAMPLERS:
        raise RequestError(f"There is no sampler '{name}'.", f"Choose one of: {', '.join(SAMPLERS)}.")
    return SAMPLERS[name]


__all__ = [
    "CHECKPOINT",
    "SAMPLERS",
    "Problem",
    "Sample",
    "SamplerRow",
    "Settings",
    "Trajectory",
    "find_sampler",
    "noise_of_each",
    "seeded_noise",
    "with_options",
]
