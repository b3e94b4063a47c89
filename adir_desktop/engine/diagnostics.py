"""One zip that says how the program fares on this machine, and nothing about the person or their photos."""

from __future__ import annotations

import io
import json
import platform
import tomllib
import zipfile
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import psutil

from adir_desktop import __version__, interrupt, places
from adir_desktop.contract import Event, Finished, Progress
from adir_desktop.engine import doctor, weights
from adir_desktop.engine.discretion import Discretion
from adir_desktop.errors import AdirError
from adir_desktop.files import check_writable, write_atomic

LOG_BYTES = 400_000  # of the end of each log file
CHECKS = 24  # about as many as the doctor makes
_LIBRARIES = (
    *("torch", "torchvision", "numpy", "pillow", "diffusers", "peft", "transformers", "open_clip_torch"),
    *("usearch", "safetensors", "scikit-image", "tifffile", "pillow-heif", "lpips", "PySide6-Essentials"),
)
_TOLD = {"language", "theme", "notify", "device", "autosave"}  # settings that tell nothing about a person
_README = """ADIR Desktop {version}: diagnostics of {when}

What is in here, in text that you can read before you pass it on:

  checks.txt     what the program needs, and whether it is there (the same as: adir doctor)
  versions.json  the versions of the program and its libraries, the system, processor and memory
  models.json    the installed models, and whether their files are whole
  settings.json  the settings; of names and paths only whether they are set
  logs/          the end of the log files

What is not in here: photos, masks, results and their file names, names of libraries and folders. The home
folder is written as ~, the user's name as <user>, and names like <photo> or <folder> stand for the rest.
"""


def collect(path: Path, overwrite: bool = False) -> Generator[Event, None, None]:
    """Looks at everything and writes it to `path`; ends with `Finished` of the path. Nothing is sent.

    Raises:
        BadInput: `path` exists and may not be replaced, or is no place for a file.
        StorageError: the disk is full or read-only.
    """
    check_writable(path, overwrite=overwrite)
    table = _settings()
    discretion = Discretion.of(table)
    lines: list[str] = []
    yield Progress("diagnose", 0, CHECKS)
    for check in doctor.examine():
        lines.append(f"{check.state:5} {check.name}: {check.found} {check.remedy}".rstrip())
        yield Progress("diagnose", len(lines), max(CHECKS, len(lines)))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("checks.txt", discretion.hide("\n".join(lines)) + "\n")
        for name, text in _files(table, discretion):
            archive.writestr(name, text)
            interrupt.check()
    write_atomic(path, content.getvalue(), overwrite=overwrite)
    yield Finished(path)


def _files(table: dict[str, Any], discretion: Discretion) -> Iterator[tuple[str, str]]:
    """The names and texts of all but the checks."""
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    yield "README.txt", _README.format(version=__version__, when=when)
    yield "versions.json", _json(_versions())
    yield "settings.json", _json({name: _told(name, value) for name, value in sorted(table.items())})
    yield "models.json", _json(_models(discretion))
    for log in sorted(places.log_dir().glob("*.log*")):
        try:
            text = log.read_bytes()[-LOG_BYTES:].decode("utf-8", errors="replace")
        except OSError as error:
            text = f"cannot be read ({error.strerror})"
        yield f"logs/{log.name}", discretion.hide(text)


def _settings() -> dict[str, Any]:
    """The person's settings file as it is; empty where there is none or it is damaged."""
    try:
        return tomllib.loads((places.config_dir() / "settings.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _told(name: str, value: Any) -> Any:
    """A setting, or only how much of it there is."""
    if name in _TOLD or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list):
        return f"{len(value)} set"
    return "set" if value else "not set"


def _versions() -> dict[str, Any]:
    memory = psutil.virtual_memory()
    return {
        "adir-desktop": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "cores": psutil.cpu_count(logical=False),
        "threads": psutil.cpu_count(),
        "memory_bytes": memory.total,
        "free_memory_bytes": memory.available,
        "libraries": {name: _version(name) for name in _LIBRARIES},
    }


def _version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def _models(discretion: Discretion) -> list[dict[str, Any]]:
    """Presence and sizes are looked at here; the checksums stand among the checks."""
    try:
        models = weights.list_models()
    except AdirError as error:
        return [{"problem": discretion.hide(error.problem)}]
    rows = [weights.describe(model) for model in models]
    return [
        {
            "name": row.name,
            "bytes": row.bytes_on_disk,
            "embedded": row.embedded,
            "folder": discretion.hide(str(row.folder)),
            "problem": discretion.hide(row.problem),
        }
        for row in rows
    ]


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
