"""`adir noise` and `adir scratches`, and the same answers for `adir restore --noise auto` and the like."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from adir_desktop.cli_options import Json, Overwrite, PhotoPath, read_mask, read_photo
from adir_desktop.cli_output import Output
from adir_desktop.cli_photos import check_not_input
from adir_desktop.contract import Fading, Mask, Photo
from adir_desktop.errors import MaskError, RequestError
from adir_desktop.files import atomic, check_writable

AUTO = "auto"


def noise(photo: PhotoPath, *, as_json: Json = False) -> None:
    """Measures how noisy a photo is.

    Prints the standard deviation of its noise, of 255.
    """
    with Output(as_json=as_json) as output:
        sigma = _measured(output, read_photo(photo))
        if as_json:
            output.record({"sigma": sigma})
        else:
            output.line(f"{sigma:.1f}")


def scratches(
    photo: PhotoPath,
    *,
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="MASK.png", help="Where to save the mask, a PNG file.")
    ],
    overwrite: Overwrite = False,
) -> None:
    """Looks for scratches and dust, and saves them as a mask for restore.

    It is a proposal: look at it before you use it. Hairs and wires can look just like scratches.
    """
    with Output() as output:
        if out.suffix.lower() != ".png":
            raise RequestError(f"{out} is no name for a mask.", "Give a name that ends in .png.")
        check_not_input(out, (photo,))
        check_writable(out, overwrite=overwrite)
        mask = _scratched(output, read_photo(photo))
        if not mask.any():
            raise MaskError("No scratches or dust were found.", "Nothing was saved; paint a mask yourself.")
        _save(mask, out, overwrite=overwrite)
        output.line(f"Saved {out}: {mask.mean():.2%} of the photo.")


def noise_level(output: Output, given: str | None, photo: Photo) -> float | None:
    """What `--noise` says, measured where it says auto. Raises RequestError: it says something else."""
    if given is None:
        return None
    if given == AUTO:
        sigma = _measured(output, photo)
        output.notice(f"Noise found: {sigma:.1f} of 255.")
        return sigma
    try:
        return float(given)
    except ValueError as error:
        raise RequestError(f"'{given}' is no noise level.", "Give --noise a number or auto.") from error


def damaged(output: Output, given: Path | None, photo: Photo) -> Mask | None:
    """The mask that `--mask` names, or the proposal where it says auto; None where there is none."""
    if given is None:
        return None
    if str(given) != AUTO:
        return read_mask(given, photo)
    mask = _scratched(output, photo)
    share = f"{mask.mean():.2%} of the photo" if mask.any() else "none"
    output.notice(f"Scratches and dust found: {share}.")
    return mask if mask.any() else None


def faded(output: Output, given: str | None, photo: Photo, task: str) -> Fading | None:
    """What `--fading` says: auto, which is usual for an old photo, or none. Raises RequestError."""
    if given not in (None, AUTO, "none"):
        raise RequestError(f"There is no fading '{given}'.", "Give --fading auto or none.")
    if given == "none" or (given is None and task != "old"):
        return None
    from adir_desktop.engine import inspection_jobs
    from adir_desktop.engine.fading import NEUTRAL

    found: Fading = output.drain(inspection_jobs.fading(photo))
    if found == NEUTRAL:
        output.notice("No fading was found.")
        return None
    gains = ", ".join(f"{gain:.0%}" for gain in found.gain)
    output.notice(f"Fading found: {gains} of the range of red, green and blue are left.")
    return found


def _measured(output: Output, photo: Photo) -> float:
    from adir_desktop.engine import inspection_jobs

    return float(output.drain(inspection_jobs.noise(photo)).sigma)


def _scratched(output: Output, photo: Photo) -> Mask:
    from adir_desktop.engine import inspection_jobs

    mask: Mask = output.drain(inspection_jobs.scratches(photo)).mask
    return mask


def _save(mask: Mask, out: Path, *, overwrite: bool) -> None:
    from PIL import Image

    with atomic(out, overwrite=overwrite) as temporary:
        Image.fromarray(mask).save(temporary, "PNG")
