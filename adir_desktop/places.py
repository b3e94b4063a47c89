"""Where things are kept: a person's data, caches and settings, and the program's own resources."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

import platformdirs

APP = "adir-desktop"


def _home(kind: str, default: str) -> Path:
    """`ADIR_HOME` puts everything under one folder (portable installs, tests)."""
    root = os.environ.get("ADIR_HOME")
    return Path(root) / kind if root else Path(default)


def config_dir() -> Path:
    """The settings file's folder."""
    return _home("config", platformdirs.user_config_dir(APP, appauthor=False))


def data_dir() -> Path:
    """Libraries and presets: what must not be lost."""
    return _home("data", platformdirs.user_data_dir(APP, appauthor=False))


def models_dir() -> Path:
    """Models that are installed later: the folder that `ADIR_MODELS` names, else beside the libraries."""
    chosen = os.environ.get("ADIR_MODELS")
    return Path(chosen) if chosen else data_dir() / "models"


def cache_dir() -> Path:
    """What can be made again."""
    return _home("cache", platformdirs.user_cache_dir(APP, appauthor=False))


def log_dir() -> Path:
    """Log files."""
    return _home("log", platformdirs.user_log_dir(APP, appauthor=False))


def resource(*parts: str) -> Path:
    """A file of the program's own, from an installed wheel or from a checkout.

    A wheel carries `resources` inside the package; a checkout keeps it beside the package.
    """
    package = Path(str(files("adir_desktop")))
    inside = package / "resources"
    root = inside if inside.is_dir() else package.parent / "resources"
    return root.joinpath(*parts)
