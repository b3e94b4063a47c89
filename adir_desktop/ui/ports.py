"""What the window asks of the outside: the engine, and a person's answers to dialogs."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from adir_desktop.contract import AdaptedPreset, Event, Photo, Request, Restoration

Events = Generator[Event, None, None]


@dataclass(frozen=True)
class Engine:
    """Every call returns at once: the work happens while its events are asked for, on a worker.

    The last event of each is `Finished`: of `Ready`, a `Photo`, a `LibraryInfo` (index, update), a
    `NeighbourSet`, a `Restoration`, or of what was written.
    """

    warm: Callable[[], Events]
    open_photo: Callable[[Path], Events]
    index: Callable[[Sequence[Path]], Events]
    update: Callable[[str], Events]
    find: Callable[[Photo, str, int], Events]
    restore: Callable[[Request], Events]
    save: Callable[[Restoration, Path, bool], Events]  # the flag: may replace existing files
    save_preset: Callable[[AdaptedPreset, Path, bool], Events]


@dataclass(frozen=True)
class SavedAs:
    """A file was written. picture: it is the restored photo, not a preset."""

    path: Path
    picture: bool


class Dialogs(Protocol):
    """The questions that interrupt a person; None means they changed their mind."""

    def open_photo(self, folder: str) -> Path | None: ...

    def open_preset(self, folder: str) -> Path | None: ...

    def open_kernel(self, folder: str) -> Path | None: ...

    def open_folder(self, folder: str) -> Path | None: ...

    def save_picture(self, suggestion: Path) -> Path | None: ...

    def save_preset(self, suggestion: Path) -> Path | None: ...

    def confirm(self, question: str, detail: str, accept: str) -> bool:
        """Asks with two buttons: `accept`, and Cancel, which is the default."""
        ...
