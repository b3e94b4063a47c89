"""The engine's own words in the person's language: it speaks English and knows no window.

Words without numbers and names in them are listed here for the translators. What is not listed is shown as the
engine said it, so that a message is never half in one language and half in another.
"""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

TEXTS = (
    QT_TRANSLATE_NOOP("engine", "Repairing needs a mask."),
    QT_TRANSLATE_NOOP("engine", "Paint over what is damaged, or give a mask file."),
    QT_TRANSLATE_NOOP("engine", "The mask is empty."),
    QT_TRANSLATE_NOOP("engine", "Paint over what is damaged (white in a mask file)."),
    QT_TRANSLATE_NOOP("engine", "The mask covers the whole photo."),
    QT_TRANSLATE_NOOP("engine", "Leave some of the photo to start from."),
    QT_TRANSLATE_NOOP("engine", "No fault of the old photo is chosen."),
    QT_TRANSLATE_NOOP("engine", "Mark scratches, or switch a fault on."),
    QT_TRANSLATE_NOOP("engine", "No preset is chosen."),
    QT_TRANSLATE_NOOP("engine", "Choose a preset file, or restore without adapting."),
    QT_TRANSLATE_NOOP("engine", "Adapting needs similar photos, and no photo library is chosen."),
    QT_TRANSLATE_NOOP("engine", "Add a folder of photos, or restore without adapting."),
    QT_TRANSLATE_NOOP("engine", "All similar photos are switched off."),
    QT_TRANSLATE_NOOP("engine", "Switch some on, or restore without adapting."),
    QT_TRANSLATE_NOOP("engine", "There is no photo yet."),
    QT_TRANSLATE_NOOP("engine", "Open one, or drop it on the window."),
    QT_TRANSLATE_NOOP("engine", "The computer ran out of memory."),
    QT_TRANSLATE_NOOP(
        "engine", "Close other programs, choose a smaller photo, or use the processor (device cpu)."
    ),
    QT_TRANSLATE_NOOP("engine", "Stopped early: the comparison without adapting was left out."),
    QT_TRANSLATE_NOOP(
        "engine", "These photos do not help this model: the picture is made as if without adapting."
    ),
    QT_TRANSLATE_NOOP("engine", "Choose photos of the same place or occasion, or more of them."),
    QT_TRANSLATE_NOOP("engine", "None of these files can be used as a reference."),
    QT_TRANSLATE_NOOP("engine", "Choose other photos."),
    QT_TRANSLATE_NOOP("engine", "None of the similar photos can be read."),
    QT_TRANSLATE_NOOP("engine", "Update the library, or choose others."),
    QT_TRANSLATE_NOOP("engine", "The blur kernel is larger than the photo."),
    QT_TRANSLATE_NOOP("engine", "Use a smaller kernel."),
    QT_TRANSLATE_NOOP("engine", "The preset's layers do not fit this prior."),
    QT_TRANSLATE_NOOP("engine", "Use the prior it was made with, or adapt again."),
    QT_TRANSLATE_NOOP("engine", "Quick"),
    QT_TRANSLATE_NOOP("engine", "A minute or two on a processor."),
    QT_TRANSLATE_NOOP("engine", "As in the paper"),
    QT_TRANSLATE_NOOP("engine", "ADIR's published numbers: 400 iterations on 20 photos, 1000 guided steps."),
    QT_TRANSLATE_NOOP("engine", "DiffPIR"),
    QT_TRANSLATE_NOOP(
        "engine", "Few steps; agrees with the photo in closed form at each. The everyday choice."
    ),
    QT_TRANSLATE_NOOP("engine", "Starter model"),
    QT_TRANSLATE_NOOP(
        "engine", "3.6 million parameters, built in: edges, tones and fine noise; it does not invent objects."
    ),
    QT_TRANSLATE_NOOP("engine", "ImageNet model"),
    QT_TRANSLATE_NOOP(
        "engine",
        "553 million parameters, trained on a million photos of a thousand kinds of things; wants a graphics card.",
    ),
    QT_TRANSLATE_NOOP("engine", "ADIR guidance"),
    QT_TRANSLATE_NOOP("engine", "Algorithm 1 of the ADIR paper: many small guided steps."),
)


def said(text: str) -> str:
    """A text of the engine in the language of the window; as it is, where nobody translated it."""
    return QCoreApplication.translate("engine", text) if text else ""


def said_both(problem: str, remedy: str) -> tuple[str, str]:
    """A problem and its remedy in one language: the window's, or else the engine's."""
    told = said(problem)
    return (told, said(remedy)) if problem in TEXTS else (problem, remedy)
