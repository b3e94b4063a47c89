"""What a text may tell others: names of photos, libraries, folders and the person are hidden."""

from __future__ import annotations

import getpass
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adir_desktop import places
from adir_desktop.engine.photos import PHOTO_SUFFIXES

SHORTEST = 3  # letters of a name that is worth hiding: shorter ones stand inside every other word
_PHOTO = re.compile(rf"(?:{'|'.join(map(re.escape, PHOTO_SUFFIXES))})\b", re.IGNORECASE)
_PATH = re.compile(r"(?<![\w.>/\\-])(?:~|[A-Za-z]:)?[\\/][^\s\"'<>|:,;()]+")


@dataclass(frozen=True)
class Discretion:
    """What stands for what. names: exact texts and words for them, the longest first. kept: where paths
    that may be told begin.
    """

    names: tuple[tuple[str, str], ...]
    user: str
    kept: tuple[str, ...]

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Discretion:
        """For this person, whose settings tell the photos and folders they used last."""
        names = {name: word for name, word in _names(settings) if len(name) >= SHORTEST}
        ordered = sorted(names.items(), key=lambda item: -len(item[0]))
        home = str(Path.home())
        kept = tuple(str(path).replace(home, "~") for path in (places.resource(), sys.prefix, "/usr"))
        return cls(tuple(ordered), _user(), kept)

    def hide(self, text: str) -> str:
        """The same text, fit to be passed on."""
        return "\n".join(self._line(line) for line in text.split("\n"))

    def _line(self, line: str) -> str:
        for name, word in self.names:
            line = line.replace(name, word)
        line = ": ".join(map(_without_photo, line.split(": "))) if _PHOTO.search(line) else line
        line = _PATH.sub(self._path, line)
        if len(self.user) >= SHORTEST:
            line = re.sub(rf"\b{re.escape(self.user)}\b", "<user>", line)
        return line

    def _path(self, found: re.Match[str]) -> str:
        path = found[0]
        return path if path.startswith(self.kept) or path.endswith(".py") else "<folder>"


def _names(settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Exact texts that stand in the way of discretion, and what to write instead of each."""
    for value in settings.get("recent", ()):
        path = Path(str(value))
        yield from ((str(value), "<photo>"), (path.name, "<photo>"), (path.stem, "<photo>"))
    for key, value in settings.items():
        if key.endswith("folder"):
            yield str(value), "<folder>"
    yield str(settings.get("library", "")), "<library>"
    for kind in ("libraries", "presets"):  # these are named after photos and folders, or by the person
        word = "<library>" if kind == "libraries" else "<preset>"
        folder = places.data_dir() / kind
        yield from ((path.stem, word) for path in (folder.iterdir() if folder.is_dir() else ()))
    yield str(places.config_dir()), "<settings>"
    yield str(places.data_dir()), "<data>"
    yield str(places.cache_dir()), "<cache>"
    yield str(places.log_dir()), "<log>"
    yield str(Path.home()), "~"


def _without_photo(words: str) -> str:
    """Names of photos hold spaces and quotes: all up to the last ending of one counts."""
    *_, last = [match.end() for match in _PHOTO.finditer(words)] or [0]
    return f"<photo>{words[last:]}" if last else words


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no name is known for this number
        return ""
