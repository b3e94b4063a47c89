"""What the engine learns of a person's settings: by the environment, since it knows no settings."""

from __future__ import annotations

import os

from adir_desktop.settings import VARIABLES, Settings, variables

# By whoever started the program: a setting that was left empty falls back to it.
_given = {name: os.environ.get(name, "") for name in VARIABLES.values()}


def tell(settings: Settings) -> None:
    """Lets the engine know; what is not set is as it would be by itself."""
    for name, value in variables(settings).items():
        wanted = value or _given[name]
        if wanted:
            os.environ[name] = wanted
        else:
            os.environ.pop(name, None)
