"""What is evaluated: the tasks with the papers' numbers, and the recipes of whole evaluations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from adir_desktop.contract import Degradation, Mask
from adir_desktop.engine.operators.masks import box_mask, freeform, scratches
from adir_desktop.errors import RequestError
from adir_desktop.tasks import degradation_for

SIDES = (16, 4096)  # pixels of a square that is evaluated
Fit = Literal["crop", "resize"]


def _box(height: int, width: int, seed: int) -> Mask:
    """Half the side, a sixteenth from the edges: 128 and 16 of 256 pixels (Chung et al. 2023)."""
    side = min(height, width)
    return box_mask(height, width, side // 2, seed, side // 16)


@dataclass(frozen=True)
class TaskRow:
    """task: the engine's. scale, kernel, noise: as `degradation_for` has them. mask: (h, w, seed) -> holes."""

    title: str
    task: str
    scale: int | None = None
    kernel: str | None = None
    noise: float = 0.0
    mask: Callable[[int, int, int], Mask] | None = None


TASKS: dict[str, TaskRow] = {
    # name                  title                          task        scale kernel            noise     source
    "sr4":           TaskRow("Enlarge x4",                 "upscale",  4),                             # ADIR, tables 2 and 3
    "sr8":           TaskRow("Enlarge x8",                 "upscale",  8),                             # ADIR, table 2
    "deblur-box":    TaskRow("Sharpen, box 5 x 5",         "deblur",   None, "box:5",        10.0),    # ADIR, table 4
    "deblur-gauss":  TaskRow("Sharpen, Gaussian 2",        "deblur",   None, "gaussian:2.0", 10.0),    # ADIR, table 4
    "deblur-motion": TaskRow("Sharpen, motion 15 at 30",   "deblur",   None, "motion:15:30", 10.0),    # ours, noise as table 4
    "inpaint":       TaskRow("Repair, brush strokes 20 %", "inpaint",  mask=freeform),                 # ours
    "inpaint-box":   TaskRow("Repair, a box",              "inpaint",  mask=_box),                     # DPS, section 4
    "scratches":     TaskRow("Repair, scratches",          "inpaint",  mask=scratches),                # ours
    "colorize":      TaskRow("Colour",                     "colorize"),                                # ADIR, table 5
    "denoise":       TaskRow("Clean, noise 25",            "denoise",  noise=25.0),                    # ours
}  # fmt: skip


@dataclass(frozen=True)
class Trial:
    """One task at one size. side: pixels of the clean square."""

    name: str
    side: int

    @property
    def row(self) -> TaskRow:
        return TASKS[self.name]

    @property
    def label(self) -> str:
        """As it is written in tables, in names of folders, and to ask for it."""
        return f"{self.name}@{self.side}"

    @property
    def scale(self) -> int:
        return self.row.scale or 1

    def degradation(self, height: int, width: int, seed: int) -> Degradation:
        """What happens to a clean picture of (height, width); the holes are of `seed`.

        Raises:
            RequestError, MaskError: it cannot happen to so small a picture.
        """
        row = self.row
        mask = row.mask(height, width, seed) if row.mask else None
        return degradation_for(row.task, scale=row.scale, kernel=row.kernel, noise=row.noise, mask=mask)


@dataclass(frozen=True)
class Protocol:
    """A whole evaluation. recipe: the engine's. fit: how a photo becomes a square, the middle of it as it
    is, or the largest square in its middle made smaller. count: photos, 0 for all.
    """

    title: str
    recipe: str
    fit: Fit
    side: int
    count: int
    tasks: tuple[str, ...]
    methods: tuple[str, ...]


PROTOCOLS: dict[str, Protocol] = {
    "quick": Protocol(
        "The everyday recipes on squares cut from the middle",
        "quick", "crop", 256, 0,
        ("sr4", "deblur-box", "denoise"),
        ("input", "diffpir", "adir"),
    ),
    "paper": Protocol(
        "The papers' own numbers on squares cut from the middle",
        "paper", "crop", 256, 0,
        ("sr4", "deblur-box", "denoise"),
        ("input", "diffpir", "adir"),
    ),
    # ADIR, section 5 and tables 2, 4 and 5: the first 50 validation images of DIV2K. The paper does not say how
    # they become squares of 256 and 512 pixels: here by the middle square of the short side, reduced.
    "div2k": Protocol(
        "The protocol of ADIR on DIV2K: the first 50 photos, middle squares reduced by antialiased bicubic",
        "paper", "resize", 256, 50,
        ("sr4@512", "sr8@512", "deblur-box@256", "deblur-box@512", "deblur-gauss@256", "colorize@256"),
        ("input", "gd", "ADIR"),
    ),
}  # fmt: skip


def find_protocol(name: str) -> Protocol:
    """The protocol of that name. Raises RequestError: there is none."""
    if name not in PROTOCOLS:
        raise RequestError(
            f"There is no recipe '{name}' of an evaluation.", f"Choose one of: {', '.join(PROTOCOLS)}."
        )
    return PROTOCOLS[name]


def trials(names: Sequence[str], side: int) -> tuple[Trial, ...]:
    """The trials named NAME or NAME@SIDE, each once; side: where none is given.

    Raises:
        RequestError: an unknown task, or a side out of range.
    """
    if not names:
        raise RequestError("No task was given.", f"Choose some of: {', '.join(TASKS)}.")
    return tuple(dict.fromkeys(_trial(name, side) for name in names))


def _trial(text: str, side: int) -> Trial:
    name, at, given = text.partition("@")
    if name not in TASKS:
        raise RequestError(f"There is no task '{text}' to evaluate.", f"Choose some of: {', '.join(TASKS)}.")
    if at and not (given.isascii() and given.isdigit()):
        raise RequestError(f"'{text}' is no task at a size.", f"Write {name}@256, for example.")
    chosen = int(given) if at else side
    if not SIDES[0] <= chosen <= SIDES[1]:
        raise RequestError(
            f"A size of {chosen} pixels cannot be evaluated.", f"Choose {SIDES[0]} to {SIDES[1]}."
        )
    return Trial(name, chosen)
