"""One person's settings: a frozen dataclass and the TOML file it is kept in."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import tomli_w

from adir_desktop import places
from adir_desktop.contract import Notice
from adir_desktop.errors import AdirError
from adir_desktop.files import write_atomic

RECENT = 10  # photos remembered
FILE = "settings.toml"
CHOICES = {  # settings that are one of a few words
    "theme": ("system", "light", "dark"),
    "device": ("auto", "cpu", "cuda"),
}


VARIABLES = {  # settings that the engine, which knows none, learns by the environment
    "models_folder": "ADIR_MODELS",
    "offline": "ADIR_OFFLINE",
    "endpoint": "ADIR_ENDPOINT",
    "proxy": "ADIR_PROXY",
}


@dataclass(frozen=True)
class Settings:
    """What the window remembers from one day to the next; an empty string means: not set.

    library: name of the library last used. open_folder, save_folder, library_folder: where each kind of
    dialog was last. geometry: the window's place and size, base64 of Qt's own form. recent: photo paths,
    newest first. left_out: ids of photos that are never to be found. language: a code such as "de", "" for the system's. theme and device: one of `CHOICES`.
    notify: say when a job ends behind other windows. models_folder: where models that are installed later
    lie, "" for the usual place. autosave: photos, masks and results are there again at the next start.
    offline: models are never fetched. endpoint, proxy: addresses of the model server and of what lies before it.
    """

    library: str = ""
    open_folder: str = ""
    save_folder: str = ""
    library_folder: str = ""
    geometry: str = ""
    recent: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    language: str = ""
    theme: str = "system"
    notify: bool = True
    device: str = "auto"
    models_folder: str = ""
    autosave: bool = True
    offline: bool = False
    endpoint: str = ""
    proxy: str = ""


def load(path: Path | None = None) -> tuple[Settings, Notice | None]:
    """The settings of `path` (by default the person's own file), and a notice if they were damaged.

    A damaged file is kept aside as `settings.toml.bad` and defaults take its place; keys that this version
    does not know are ignored.
    """
    path = path or settings_path()
    try:
        return _from_table(tomllib.loads(path.read_text(encoding="utf-8"))), None
    except FileNotFoundError:
        return Settings(), None
    except (ValueError, OSError) as error:  # TOMLDecodeError and UnicodeDecodeError are ValueErrors
        return Settings(), _set_aside(path, error)


def save(settings: Settings, path: Path | None = None) -> None:
    """Writes `settings` as a whole or not at all.

    Raises:
        AdirError: the folder cannot be made or written to, or the disk is full.
    """
    write_table(path or settings_path(), asdict(settings))


def write_table(path: Path, table: dict[str, Any]) -> None:
    """Writes a TOML file as a whole or not at all, in a folder that is made where it is missing.

    Raises:
        AdirError: as in `save`.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AdirError(
            f"The settings folder {path.parent} cannot be made ({error.strerror}).", "Check its permissions."
        ) from error
    write_atomic(path, tomli_w.dumps(table).encode())


def settings_path() -> Path:
    """The person's own settings file."""
    return places.config_dir() / FILE


def variables(settings: Settings) -> dict[str, str]:
    """What the engine learns of the settings, by the name of the variable; empty where nothing is set."""
    values = asdict(settings)
    return {
        variable: "1" if values[name] is True else str(values[name] or "")
        for name, variable in VARIABLES.items()
    }


def with_recent(recent: tuple[str, ...], photo: Path) -> tuple[str, ...]:
    """`recent` with `photo` in front, once, and no longer than `RECENT`."""
    return (str(photo), *(old for old in recent if old != str(photo)))[:RECENT]


def _from_table(table: dict[str, Any]) -> Settings:
    """Raises ValueError where a value has another type than the setting."""
    values: dict[str, Any] = {}
    for name, default in asdict(Settings()).items():
        value = table.get(name, default)
        if isinstance(default, tuple):
            value = _texts(name, value)
        elif type(value) is not type(default):
            raise ValueError(f"{name} should be a {type(default).__name__}")
        elif value not in CHOICES.get(name, (value,)):
            value = default  # a word of another version: no reason to lose all the rest
        values[name] = value
    return Settings(**values)


def _texts(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"{name} should be a list")  # noqa: TRY004  # one kind of error: a damaged file
    if not all(isinstance(item, str) for item in value):
        raise ValueError(f"{name} should be a list of texts")
    return tuple(value)


def _set_aside(path: Path, error: Exception) -> Notice:
    aside = path.with_name(path.name + ".bad")
    try:
        path.replace(aside)
    except OSError:
        return Notice(f"The settings in {path} cannot be read ({error}).", "Defaults are used for now.")
    return Notice(
        f"The settings file was damaged ({error}).", f"Defaults are used; the old file is kept as {aside}."
    )
