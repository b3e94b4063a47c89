"""The window's own words: tasks, stages, recipes, and quantities as a person says them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QLocale

from adir_desktop.contract import AppliedPreset, Fading
from adir_desktop.tasks import Kernel, parse_kernel
from adir_desktop.ui.requests import Values

translate = QCoreApplication.translate

DECADE = 1000  # units of storage go up by thousands, as on a drive's label


@dataclass(frozen=True)
class TaskWords:
    """A task in plain words, and the field's term for it."""

    title: str
    hint: str
    term: str


def task_words(task: str) -> TaskWords:
    """Words of one of `contract.TASKS`."""
    return {
        "upscale": TaskWords(
            translate("words", "Enlarge"),
            translate("words", "Makes a small photo larger, with detail that fits it."),
            translate("words", "Super-resolution"),
        ),
        "deblur": TaskWords(
            translate("words", "Sharpen"),
            translate("words", "Undoes the blur of a lens or of movement."),
            translate("words", "Deblurring"),
        ),
        "denoise": TaskWords(
            translate("words", "Clean"),
            translate("words", "Takes grain and noise away."),
            translate("words", "Denoising"),
        ),
        "inpaint": TaskWords(
            translate("words", "Repair"),
            translate("words", "Fills in what you paint over."),
            translate("words", "Inpainting"),
        ),
        "colorize": TaskWords(
            translate("words", "Colour"),
            translate("words", "Gives a grey photo its colours."),
            translate("words", "Colourisation"),
        ),
        "old": TaskWords(
            translate("words", "Old print"),
            translate("words", "Scratches, fading, blur and noise, all at once."),
            translate("words", "Several degradations in one operator"),
        ),
        "edit": TaskWords(
            translate("words", "Edit"),
            translate("words", "Makes of what you paint over what your words say."),
            translate("words", "Text-guided inpainting"),
        ),
    }[task]


def stage_words(stage: str) -> str:
    """What is being done; a stage without words of its own goes by its name."""
    return {
        "warm": translate("words", "Loading the engine"),
        "load": translate("words", "Loading the model"),
        "index": translate("words", "Looking through the library"),
        "retrieve": translate("words", "Finding similar photos"),
        "references": translate("words", "Looking at your photos"),
        "embed": translate("words", "Looking at the photo"),
        "encode": translate("words", "Preparing the similar photos"),
        "adapt": translate("words", "Adapting"),
        "sample": translate("words", "Restoring"),
        "baseline": translate("words", "Restoring without adapting"),
        "helped": translate("words", "Trying it on other photos"),
        "estimate": translate("words", "Estimating the time"),
        "noise": translate("words", "Measuring the noise"),
        "scratches": translate("words", "Looking for scratches"),
        "select": translate("words", "Selecting similar colours"),
        "fading": translate("words", "Measuring the fading"),
        "verify": translate("words", "Checking files"),
        "remove": translate("words", "Removing"),
        "ask": translate("words", "Asking the server"),
        "fetch": translate("words", "Fetching"),
        "convert": translate("words", "Converting"),
        "import": translate("words", "Taking in files"),
        "move": translate("words", "Moving the models"),
        "keep": translate("words", "Keeping the result"),
        "recall": translate("words", "Fetching the result"),
        "save": translate("words", "Saving"),
        "diagnose": translate("words", "Looking at the program"),
    }.get(stage, stage.capitalize())


def count(number: int) -> str:
    """A whole number, in groups of three as the language has it."""
    return QLocale().toString(number)


def decimal(number: float, places: int) -> str:
    """A number with so many places, with the language's own point or comma."""
    return QLocale().toString(float(number), "f", places)


def duration(seconds: float) -> str:
    """A time, no more exact than it is known."""
    if seconds < 5:
        return translate("words", "a few seconds")
    if seconds < 55:
        return translate("words", "about {0} s").format(5 * round(seconds / 5))
    if seconds < 3300:
        return translate("words", "about {0} min").format(max(round(seconds / 60), 1))
    return translate("words", "about {0} h").format(decimal(seconds / 3600, 1))


def percent(share: float) -> str:
    """A share of one, readable also when it is small."""
    return f"{decimal(100 * share, 1 if 0 < share < 0.1 else 0)} %"


def bytes(number: int) -> str:  # noqa: A001  # read as words.bytes
    """A size on disk or in memory, to two or three digits."""
    size, units = float(number), ("B", "kB", "MB", "GB", "TB")
    unit = 0
    while size >= DECADE and unit < len(units) - 1:
        size, unit = size / DECADE, unit + 1
    return f"{decimal(size, 1 if unit and size < 10 else 0)} {units[unit]}"


def amount(done: int, total: int) -> str:
    """So much of so much, in bytes."""
    return translate("words", "{0} of {1}").format(bytes(done), bytes(total))


def speed(rate: float) -> str:
    """Bytes a second."""
    return translate("words", "{0}/s").format(bytes(round(rate)))


def recipe_words(values: Values) -> str:
    """What a person chose, in one line: "Enlarge ×4 · adapted to similar photos · quick"."""
    parts = [_task_part(values), *_fault_parts(values), _adapt_part(values), _effort_part(values)]
    if values.samples > 1:
        several = (
            translate("words", "average of {0}") if values.average else translate("words", "{0} samples")
        )
        parts.append(several.format(values.samples))
    return " · ".join(part for part in parts if part)


def kernel_words(kernel: Kernel) -> str:
    """A blur in words: "even blur of 5 pixels"."""
    if kernel.shape == "box":
        return translate("words", "even blur of {0} pixels").format(f"{kernel.values[0]:g}")
    if kernel.shape == "gaussian":
        return translate("words", "soft blur of {0} pixels").format(f"{kernel.values[0]:g}")
    if kernel.shape == "motion":
        length, angle = kernel.values
        return translate("words", "movement of {0} pixels at {1}°").format(f"{length:g}", f"{angle:g}")
    if kernel.shape == "shake":
        return translate("words", "camera shake within {0} pixels").format(f"{kernel.values[0]:g}")
    return translate("words", "blur as in {0}").format(kernel.path.name if kernel.path else "")


def fading_words(fading: Fading) -> str:
    """What age did to the colours: "contrast 62 %, yellow cast, greyish blacks"."""
    contrast = sum(fading.gain) / 3
    parts = [translate("words", "contrast {0}").format(percent(contrast))]
    cast = _cast(fading)
    if cast:
        parts.append(cast)
    if min(fading.offset) > 0.06:  # of 1: from here on black looks grey
        parts.append(translate("words", "greyish blacks"))
    return ", ".join(parts)


def _cast(fading: Fading) -> str:
    """The tint that a middle grey got; empty when nobody would see one."""
    middle = [gain / 2 + offset for gain, offset in zip(fading.gain, fading.offset, strict=True)]
    mean = sum(middle) / 3
    apart = [value - mean for value in middle]
    strongest = max(range(3), key=lambda channel: abs(apart[channel]))
    if abs(apart[strongest]) < 0.02:  # of 1: five levels of 255
        return ""
    more = (
        translate("words", "red cast"),
        translate("words", "green cast"),
        translate("words", "blue cast"),
    )
    less = (
        translate("words", "cyan cast"),
        translate("words", "magenta cast"),
        translate("words", "yellow cast"),
    )
    return (more if apart[strongest] > 0 else less)[strongest]


def _task_part(values: Values) -> str:
    title = task_words(values.task).title
    return f"{title} ×{values.scale}" if values.task == "upscale" else title


def _fault_parts(values: Values) -> list[str]:
    parts = []
    if values.task == "deblur" or (values.task == "old" and values.blurred):
        parts.append(kernel_words(parse_kernel(values.kernel)))
    if values.task == "old" and values.fading is not None:
        parts.append(translate("words", "fading"))
    if values.noise:
        parts.append(translate("words", "noise {0}").format(f"{values.noise:g}"))
    if values.task == "old" and values.colourless:
        parts.append(translate("words", "colour"))
    return parts


def _adapt_part(values: Values) -> str:
    if values.adapt == "preset":
        names = ", ".join(_preset_words(each) for each in values.presets)
        if len(values.presets) > 1:
            return translate("words", "with the presets {0}").format(names)
        return translate("words", "with the preset {0}").format(names)
    return {
        "none": "",
        "neighbours": translate("words", "adapted to similar photos"),
        "self": translate("words", "adapted to the photo itself"),
    }[values.adapt]


def _preset_words(applied: AppliedPreset) -> str:
    if applied.strength == 1:
        return applied.path.stem
    return f"{applied.path.stem} {percent(applied.strength)}"


def _effort_part(values: Values) -> str:
    return {
        "quick": translate("words", "quick"),
        "paper": translate("words", "as in the paper"),
    }.get(values.recipe, values.recipe)


def photo_count(number: int) -> str:
    """So many photos."""
    if number == 1:
        return translate("words", "1 photo")
    return translate("words", "{0} photos").format(count(number))
