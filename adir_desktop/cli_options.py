"""Options that several commands share, and their words in the help."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from adir_desktop.contract import TASKS, Degradation, Fading, Mask, Photo, Source
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
Reduction = Annotated[
    str,
    typer.Option(
        "--reduction",
        help="How the photo got small (upscale): bicubic, or block for means of blocks.",
        metavar="bicubic|block",
    ),
]
Kernel = Annotated[
    str | None,
    typer.Option(
        "--kernel",
        help="The blur: box:5, gaussian:2.0, motion:15:30 (length, angle), shake:61:0.5:0 (size, intensity, "
        "seed) or file:PSF.png.",
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
NoiseOrAuto = Annotated[
    str | None,
    typer.Option(
        "--noise",
        help="Standard deviation of the noise, 0 to 255, or auto to measure it (25 for denoise, else 0).",
        metavar="SIGMA|auto",
    ),
]
MaskOrAuto = Annotated[
    Path | None,
    typer.Option(
        "--mask",
        help="A picture of the same size, white where the photo is damaged; auto looks for scratches and dust.",
        metavar="MASK.png|auto",
    ),
]
FadingOrAuto = Annotated[
    str | None,
    typer.Option(
        "--fading", help="auto: bring faded colours back (usual for the task old); none.", metavar="auto|none"
    ),
]
Libraries = Annotated[
    list[str] | None,
    typer.Option(
        "--library",
        metavar="NAME_OR_DIR[=WEIGHT]",
        help="Where similar photos come from; may be given several times. With a weight of 2 its photos count "
        "as if they were half as different.",
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
    mask: Mask | None,
    fading: Fading | None = None,
    grey: bool = False,
    reduction: str = "bicubic",
) -> Degradation:
    """The degradation that the options describe.

    Raises:
        RequestError, MaskError, PhotoError: a value or the kernel's file cannot be used.
    """
    from adir_desktop.engine.photos import open_psf

    if kernel is not None and (path := parse_kernel(kernel).path):
        open_psf(path)  # said now if it cannot be read
        kernel = f"file:{path.absolute()}"  # found again when the sidecar is run from another folder
    return degradation_for(
        task,
        scale=scale,
        kernel=kernel,
        noise=noise,
        mask=mask,
        fading=fading,
        grey=grey,
        reduction=reduction,
    )


def read_mask(path: Path, photo: Photo, factor: int = 1) -> Mask:
    """The mask at `path` for a photo `factor` times smaller than `photo`.

    Raises:
        MaskError, PhotoError: it cannot be opened, is empty, or of another size.
    """
    from adir_desktop.engine.photos import open_mask

    return open_mask(path, (photo.height // factor, photo.width // factor))


def read_sources(given: Sequence[str]) -> tuple[Source, ...]:
    """Libraries and folders with their weights: "album", "album=2.5", "folder/of/photos=0.5".

    A folder whose name really ends in "=2.5" is taken as it is.

    Raises:
        RequestError: a weight is not a number above 0.
    """
    return tuple(_source(text) for text in given)


def _source(text: str) -> Source:
    name, equals, weight = text.rpartition("=")
    if not equals or not name or Path(text).is_dir():
        return Source(text)
    try:
        value = float(weight)
    except ValueError:
        value = 0.0
    if not (math.isfinite(value) and value > 0):
        raise RequestError(
            f"'{weight}' is no weight of the library '{name}'.",
            "Give a number above 0, as in --library NAME=2.5.",
        )
    return Source(name, value)


def read_photo(path: Path) -> Photo:
    """The photo at `path`, which it remembers as an absolute one. Raises PhotoError: it cannot be opened."""
    from adir_desktop.engine.photos import open_photo

    return open_photo(path.absolute())
