"""Is everything here that the program needs? One line a check, each with its remedy."""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psutil

from adir_desktop import __version__, places
from adir_desktop.engine import weights
from adir_desktop.engine.doctor_probes import (
    Imports,
    can_show_windows,
    explain_qt,
    try_imports,
    try_qt,
)
from adir_desktop.errors import AdirError

GIB = 2**30
LITTLE_MEMORY = 2 * GIB  # free; a 256-pixel restoration with adaptation stays below
LITTLE_DISK = GIB  # free, where libraries and presets are kept
NO_DISK = GIB // 10
PYTHON = (3, 11)

_LIBRARIES = {  # module -> distribution, in the order in which one breaks the next
    "numpy": "numpy",
    "PIL.Image": "pillow",
    "torch": "torch",
    "torchvision": "torchvision",
    "safetensors": "safetensors",
    "diffusers": "diffusers",
    "peft": "peft",
    "open_clip": "open_clip_torch",
    "usearch.index": "usearch",
    "skimage": "scikit-image",
    "tifffile": "tifffile",
}
_ON_TORCH = ("torchvision", "diffusers", "peft", "open_clip")
_OPTIONAL = {
    "pillow-heif": ("HEIC photos", "heic"),
    "lpips": ("LPIPS in comparisons", "evaluate"),
    "spandrel": ("networks of your own", "evaluate"),
}


@dataclass(frozen=True)
class Check:
    """One answer. state: "good", "note" (works, but know it) or "bad" (something needed is missing)."""

    name: str
    state: Literal["good", "note", "bad"]
    found: str
    remedy: str = ""


def examine() -> Iterator[Check]:
    """Every check, one by one; none of them changes anything."""
    yield _check_python()
    imports = try_imports(tuple(_LIBRARIES))
    for module in _LIBRARIES:
        yield _check_library(module, imports)
    yield _check_device(imports)
    yield _check_memory()
    yield _check_disk()
    yield from _check_models()
    yield _check_qt()
    for name, folder in _folders():
        yield check_folder(name, folder)
    for distribution, (purpose, extra) in _OPTIONAL.items():
        yield _check_optional(distribution, purpose, extra)


def _check_python() -> Check:
    found = f"ADIR Desktop {__version__}, Python {platform.python_version()}, {platform.platform()}"
    if sys.version_info < PYTHON:
        return Check("program", "bad", found, "Use Python 3.11 or newer.")
    return Check("program", "good", found)


def _check_library(module: str, imports: Imports) -> Check:
    distribution = _LIBRARIES[module]
    version = imports.versions.get(module) or _version(distribution)
    problem = imports.problems.get(module)
    if not problem:
        return Check(distribution, "good", version)
    if problem.startswith("ModuleNotFoundError") and not version:
        return Check(distribution, "bad", "not installed", f"pip install {distribution}")
    if module == "torchvision" and "torch" not in imports.problems:  # its operators are built for one torch
        pair = f"torch {imports.versions.get('torch')} and torchvision {version} do not belong together"
        return Check(
            distribution,
            "bad",
            f"{pair} ({problem})",
            "Install both at once, from the same index: pip install --force-reinstall torch torchvision",
        )
    culprit = next((name for name in ("torch", "torchvision") if name in imports.problems), module)
    if module in _ON_TORCH and culprit != module:
        return Check(
            distribution, "bad", f"{version} does not load without {culprit}", f"Mend {culprit} first."
        )
    return Check(
        distribution, "bad", f"{version} {problem}".strip(), f"pip install --force-reinstall {distribution}"
    )


def _check_device(imports: Imports) -> Check:
    device = imports.device
    if not device:
        return Check("device", "note", "unknown while torch does not load", "Mend torch first.")
    if device["cuda"]:
        found = ", ".join(f"{name} ({memory / GIB:.0f} GiB)" for name, memory in device["cuda"])
        return Check("device", "good", f"{found}, CUDA {device['built_for']}")
    processor = f"processor only, {device['threads']} threads"
    if shutil.which("nvidia-smi"):
        return Check(
            "device",
            "note",
            f"{processor}; an NVIDIA driver is installed but torch cannot use it",
            "Update the driver, or install a torch that was built for it.",
        )
    return Check("device", "good", processor)


def _check_memory() -> Check:
    memory = psutil.virtual_memory()
    found = f"{memory.available / GIB:.1f} of {memory.total / GIB:.1f} GiB free"
    if memory.available < LITTLE_MEMORY:
        return Check("memory", "note", found, "Close other programs before restoring large photos.")
    return Check("memory", "good", found)


def _check_disk() -> Check:
    place = _nearest(places.data_dir())
    try:
        free = shutil.disk_usage(place).free
    except OSError as error:
        return Check("disk", "bad", f"{place}: {error.strerror}", "Check the drive.")
    found = f"{free / GIB:.1f} GiB free in {place}"
    if free < LITTLE_DISK:
        return Check("disk", "bad" if free < NO_DISK else "note", found, "Free some space.")
    return Check("disk", "good", found)


def _check_models() -> Iterator[Check]:
    try:
        models = weights.list_models()
    except AdirError as error:
        yield Check("models", "bad", error.problem, error.remedy)
        return
    for model in models:
        problems = weights.verify(model).problems
        if problems:
            remedy = weights.REINSTALL if model.embedded else "Remove it, and install it again."
            yield Check(model.name, "bad", "; ".join(problems), remedy)
        else:
            yield Check(model.name, "good", f"{model.bytes / 1e6:.1f} MB, {_proof(model)}")


def _proof(model: weights.Model) -> str:
    return "checksums right" if all(file.sha256 for file in model.files) else "whole, no checksums known"


def _check_qt() -> Check:
    """Whether a window could open: Qt loads, and where there is a display it accepts it."""
    display = can_show_windows()
    # Elsewhere a trial window would flash up in the dock, and nothing of the system's can be missing.
    version, problem = try_qt(window=display and sys.platform.startswith("linux"))
    if problem:
        error = explain_qt(problem)
        return Check("window", "bad", error.problem, error.remedy)
    if not display:
        return Check(
            "window", "note", f"Qt {version}; no display here", "Use the command line: adir restore --help"
        )
    return Check("window", "good", f"Qt {version}")


def _folders() -> tuple[tuple[str, Path], ...]:
    return (
        ("settings", places.config_dir()),
        ("libraries", places.data_dir() / "libraries"),
        ("presets", places.data_dir() / "presets"),
        ("models folder", places.models_dir()),
        ("cache", places.cache_dir()),
    )


def check_folder(name: str, folder: Path) -> Check:
    """Whether files can be made in `folder`, or, while it does not exist, where it would be made."""
    place = _nearest(folder)
    try:
        with tempfile.TemporaryFile(dir=place):
            return Check(name, "good", str(folder))
    except OSError as error:
        found = f"{folder} cannot be written to ({error.strerror})"
        return Check(name, "bad", found, "Allow it, or choose another place with the variable ADIR_HOME.")


def _nearest(folder: Path) -> Path:
    """The folder itself, or the first of its parents that exists."""
    return next(place for place in (folder, *folder.absolute().parents) if place.exists())


def _check_optional(distribution: str, purpose: str, extra: str) -> Check:
    version = _version(distribution)
    if version:
        return Check(distribution, "good", version)
    return Check(distribution, "note", f"not installed: no {purpose}", f"pip install 'adir-desktop[{extra}]'")


def _version(distribution: str) -> str:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return ""
