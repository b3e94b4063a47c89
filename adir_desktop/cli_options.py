"""Options that several commands share, and their words in the help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from adir_desktop.contract import TASKS, Degradation, Photo
from adir_desktop.errors import RequestError
from adir_desktop.tasks import degradation_for, parse_kernel

PhotoPath = Annotated[
    Path, typer.Argument(metavar="PHOTO", help="The photo: PNG, JPEG, TIFF, WebP, BMP or HEIC.")
]
Task = Annotated[str, typer.Option("--task", help=f"What to do: {', '.join(TASKS)}.", metavar="TASK")]
Scale = Annotated[
    int | None,
    typer.Option("--scale", metavar="2|4|8", help="How many times to enlarge (upscale; 4 by default)."),
]
Kernel = Annotated[
    str | None,
    typer.Option(
        "--kernel",
        help="The blur: box:5, gaussian:2.0, motion:15:30 (length, angle) or file:PSF.png.",
        metavar="KERNEL",
    ),
]
Noise = Annotated[
    float | None,
    typer.Option(
        "--noise", help="Standard deviation of the noise, 0 to 255 (25 for denoise, else 0).", metavar="SIGMA"
    ),
]
MaskPath = Annotated[
    Path | None,
    typer.Option(
        "--mask", help="A picture of the same size, white where the photo is damaged.", metavar="MASK.png"
    ),
]
Seed = Annotated[
    int,
    typer.Option("--seed", metavar="N", help="The same seed gives the same picture.", min=0, max=2**63 - 1),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace files that exist.")]
Device = Annotated[str, typer.Option("--device", help="auto, cpu or cuda.", metavar="DEVICE")]
Json = Annotated[bool, typer.Option("--json", help="JSON on standard output.")]
Events = Annotated[
    str | None,
    typer.Option("--events", help="json: one JSON object a line; the last is the result.", metavar="json"),
]


def wants_json(events: str | None) -> bool:
    """Whether `--events json` was given. Raises RequestError: another form of events."""
    if events not in (None, "json"):
        raise RequestError(f"There are no events of form '{events}'.", "Use --events json.")
    return events == "json"


def read_degradation(
    *,
    task: str,
    scale: int | None,
    kernel: str | None,
    noise: float | None,
    mask: Path | None,
    size: tuple[int, int],
) -> Degradation:
    """The degradation that the options describe. size: (height, width) of the observed photo.

    Raises:
        RequestError, MaskError, PhotoError: a value, the mask or the kernel's file cannot be used.
    """
    from adir_desktop.engine.photos import open_mask, open_psf

    if kernel is not None and (path := parse_kernel(kernel).path):
        open_psf(path)  # said now if it cannot be read
        kernel = f"file:{path.absolute()}"  # found again when the sidecar is run from another folder
    pixels = None if mask is None else open_mask(mask, size)
    return degradation_for(task, scale=scale, kernel=kernel, noise=noise, mask=pixels)


def read_photo(path: Path) -> Photo:
    """The photo at `path`, which it remembers as an absolute one. Raises PhotoError: it cannot be opened."""
    from adir_desktop.engine.photos import open_photo

    return open_photo(path.absolute())
