"""The window's own words: tasks, stages, and times as a person says them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication


@dataclass(frozen=True)
class TaskWords:
    """A task in plain words, and the field's term for it."""

    title: str
    hint: str
    term: str


def translated(text: str) -> str:
    return QCoreApplication.translate("words", text)


def task_words(task: str) -> TaskWords:
    """Words of one of `contract.TASKS`."""
    title, hint, term = {
        "upscale": ("Enlarge", "Makes a small photo larger, with detail that fits it.", "Super-resolution"),
        "deblur": ("Sharpen", "Undoes the blur of a lens or of movement.", "Deblurring"),
        "denoise": ("Clean", "Takes grain and noise away.", "Denoising"),
        "inpaint": ("Repair", "Fills in what you paint over.", "Inpainting"),
        "colorize": ("Colour", "Gives a grey photo its colours.", "Colourisation"),
    }[task]
    return TaskWords(translated(title), translated(hint), translated(term))


def stage_words(stage: str) -> str:
    """What the engine is at; a stage without words of its own goes by its name."""
    return translated(
        {
            "warm": "Loading the engine",
            "load": "Loading the model",
            "index": "Looking through the library",
            "retrieve": "Finding similar photos",
            "embed": "Looking at the photo",
            "adapt": "Adapting",
            "sample": "Restoring",
            "baseline": "Restoring without adapting",
            "save": "Saving",
        }.get(stage, stage.capitalize())
    )


def duration(seconds: float) -> str:
    """A time left, no more exact than it is known."""
    if seconds < 5:
        return translated("a few seconds")
    if seconds < 55:
        return translated("about {0} s").format(5 * round(seconds / 5))
    if seconds < 3300:
        return translated("about {0} min").format(max(round(seconds / 60), 1))
    return translated("about {0} h").format(f"{seconds / 3600:.1f}")


def percent(share: float) -> str:
    """A share of one, readable also when it is small."""
    return f"{100 * share:.1f} %" if share < 0.1 else f"{100 * share:.0f} %"
