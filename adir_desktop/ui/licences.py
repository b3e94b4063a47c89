"""The libraries that the program stands on, with their versions and licences, as they are installed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata

from adir_desktop import places

PROGRAM = "adir-desktop"
LONGEST = 60  # letters of a licence's name; some put its whole text there
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_ROOTS = (  # what the program asks for, where it runs from a checkout and nothing says so
    *("diffusers", "numpy", "open_clip_torch", "peft", "pillow", "platformdirs", "psutil", "rich"),
    *("PySide6-Essentials", "safetensors", "scikit-image", "tifffile", "tomli-w", "torch", "torchvision"),
    *("typer", "usearch"),
)
_OPTIONAL = ("pillow-heif", "lpips", "spandrel")


@dataclass(frozen=True)
class Library:
    """One installed distribution. licence: its name in a few words, "" where it says none."""

    name: str
    version: str
    licence: str


def libraries() -> tuple[Library, ...]:
    """All that is used, directly or by another, by name; what is not installed is left out."""
    found: dict[str, Library] = {}
    waiting = list(_OPTIONAL) + (_needs(PROGRAM) or list(_ROOTS))
    while waiting:
        name = waiting.pop()
        if _key(name) in found or _key(name) == PROGRAM:
            continue
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue
        found[_key(name)] = Library(about["Name"] or name, about["Version"] or "", _licence(about))
        waiting += _needs(name)
    return tuple(sorted(found.values(), key=lambda library: library.name.casefold()))


def licence_text(name: str) -> str:
    """The licence of a distribution in full, "" where it brings none."""
    try:
        distribution = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return ""
    files = distribution.metadata.get_all("License-File") or ["LICENSE", "LICENSE.txt", "LICENSE.md"]
    texts = [
        distribution.read_text(f"licenses/{file}") or distribution.read_text(str(file)) for file in files
    ]
    own = str(distribution.metadata["License"] or "") if "License" in distribution.metadata else ""
    return "\n\n".join(text for text in texts if text) or (own if "\n" in own else "")


def own_licence() -> str:
    """The program's own."""
    try:
        return (places.resource().parent / "LICENSE").read_text(encoding="utf-8")
    except OSError:
        return licence_text(PROGRAM)


def _needs(name: str) -> list[str]:
    """The distributions that one asks for, without its optional ones."""
    try:
        wanted = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []
    needed = (line for line in wanted if "extra ==" not in line)
    return [match[0] for line in needed if (match := _NAME.match(line))]


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _licence(about: metadata.PackageMetadata) -> str:
    """By the newest field that says it."""
    return next((text for text in _candidates(about) if text), "")


def _candidates(about: metadata.PackageMetadata) -> Iterator[str]:
    fields = set(about)
    for field in ("License-Expression", "License"):
        text = str(about[field]).strip() if field in fields else ""
        if text and text != "UNKNOWN" and "\n" not in text and len(text) <= LONGEST:
            yield text
    classifiers = about.get_all("Classifier") or []
    names = [str(line).rsplit(" :: ", 1)[-1] for line in classifiers if str(line).startswith("License")]
    yield ", ".join(name for name in names if name != "OSI Approved")
    if "License" in fields:
        yield str(about["License"]).strip().partition("\n")[0][:LONGEST]
