"""What the engine learns of a person's settings: by the environment, since it knows no settings."""

from __future__ import annotations

import os

MODELS = "ADIR_MODELS"  # the folder of models that are installed later

_given = os.environ.get(
    MODELS
)  # by whoever started the program: a setting that was left empty falls back to it


def models_folder(folder: str) -> None:
    """Lets the engine look for models there; empty: where it would by itself."""
    wanted = folder or _given
    if wanted:
        os.environ[MODELS] = wanted
    else:
        os.environ.pop(MODELS, None)
