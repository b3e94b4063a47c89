"""`adir degrade` and `adir compare`: making observations from clean photos, and measuring differences."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from adir_desktop.cli_options import (
    Json,
    Kernel,
    MaskPath,
    Noise,
    Overwrite,
    PhotoPath,
    Reduction,
    Scale,
    Seed,
    Task,
    read_degradation,
    read_mask,
    read_photo,
)
from adir_desktop.cli_output import Output
from adir_desktop.errors import RequestError
from adir_desktop.files import check_writable

_MEASURES = {
    "psnr": ("PSNR", "{:.2f} dB"),
    "ssim": ("SSIM", "{:.4f}"),
    "largest_difference": ("Largest difference", "{} of 255"),
    "lpips": ("LPIPS", "{:.4f}"),
}


def degrade(
    photo: PhotoPath,
    *,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="OUT", help="Where to save the picture.")],
    task: Task,
    scale: Scale = None,
    reduction: Reduction = "bicubic",
    kernel: Kernel = None,
    noise: Noise = None,
    mask: MaskPath = None,
    seed: Seed = 0,
    overwrite: Overwrite = False,
) -> None:
    """Makes a damaged picture from a clean photo.

    The damage is what the task would have to undo.
    """
    with Output() as output:
        check_output(out, (photo, mask), overwrite=overwrite)
        clean = read_photo(photo)
        factor = (scale or 4) if task == "upscale" else 1
        degradation = read_degradation(
            task=task,
            scale=scale,
            kernel=kernel,
            noise=noise,
            mask=None if mask is None else read_mask(mask, clean, factor),
            reduction=reduction,
        )
        from adir_desktop.engine.degrade import degrade as make_worse
        from adir_desktop.engine.photos import save_photo

        save_photo(make_worse(clean, degradation, seed), out, overwrite=overwrite)
        output.line(f"Saved {out}")


def compare(
    first: Annotated[Path, typer.Argument(metavar="A", help="A picture.")],
    second: Annotated[Path, typer.Argument(metavar="B", help="Another of the same size.")],
    *,
    as_json: Json = False,
) -> None:
    """Measures how different two pictures are.

    PSNR, SSIM, the largest difference, and LPIPS where its weights are present.
    """
    with Output(as_json=as_json) as output:
        photos = read_photo(first), read_photo(second)
        from adir_desktop.engine import metrics

        found = metrics.compare(*photos)
        if as_json:  # which has no infinity: the PSNR of equal pictures is null
            output.record({**found, "equal": found["largest_difference"] == 0})
        else:
            output.table(("Measure", ""), [_measure(name, found) for name in _MEASURES])


def _measure(name: str, found: Mapping[str, Any]) -> tuple[str, str]:
    title, form = _MEASURES[name]
    value = found[name]
    if value is None:
        return title, f"not measured: {found.get(f'{name}_missing', '')}"
    return title, "infinite: they are equal" if value == math.inf else form.format(value)


def check_output(out: Path, inputs: tuple[Path | None, ...], *, overwrite: bool) -> None:
    """Says before the work that `out` cannot be written, has no picture's suffix, or would replace an input.

    Raises:
        BadInput: any of these.
    """
    from adir_desktop.engine.picture_writers import format_for

    format_for(out, 1, 1)
    check_not_input(out, inputs)
    check_writable(out, overwrite=overwrite)


def check_not_input(out: Path, inputs: tuple[Path | None, ...]) -> None:
    """Raises RequestError: writing `out` would replace one of the files that the work starts from."""
    for path in inputs:
        if path is not None and path.exists() and out.exists() and out.samefile(path):
            raise RequestError(f"{out} is a file to read from.", "Choose another name for what is written.")
