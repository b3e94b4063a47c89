"""What the window asks of the outside: the engine, and a person's answers to dialogs."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from adir_desktop.contract import AdaptedPreset, Event, Photo, Request, Restoration, Source
from adir_desktop.searches import Filters, Search

Events = Generator[Event, None, None]
Query = Search | str | Path  # a photo in memory with what is known of it, words, or a photo's file


@dataclass(frozen=True)
class Files:
    """Photos and what is found in them; none of these needs the network, none waits for the engine.

    They end with `Finished` of: a `Photo`, what was written, what was written, a `NoiseLevel`, `Marks`,
    a `Fading`, the path that was written.
    """

    open_photo: Callable[[Path], Events]
    save: Callable[[Restoration, Path, bool], Events]  # the flag: may replace existing files
    save_preset: Callable[[AdaptedPreset, Path, bool], Events]
    noise: Callable[[Photo], Events]
    scratches: Callable[[Photo], Events]
    fading: Callable[[Photo], Events]
    diagnostics: Callable[[Path, bool], Events]


@dataclass(frozen=True)
class Libraries:
    """Photo libraries: index, update and attach (the folder of one that lies anywhere) end with a `LibraryInfo`,
    remove with the library's name, find with a `NeighbourSet`, references (the photo, files to compare it with)
    with `References`.
    """

    index: Callable[[Sequence[Path], str], Events]  # with which encoder, "" for the usual one
    update: Callable[[str], Events]
    attach: Callable[[Path], Events]
    remove: Callable[[str], Events]
    find: Callable[[Query, Sequence[Source], int, Filters], Events]
    references: Callable[[Photo, Sequence[Path]], Events]


@dataclass(frozen=True)
class Presets:
    """The store of adapted presets. Each ends with the tuple of all its `PresetInfo`s as they are then,
    export with the path that was written.
    """

    list: Callable[[], Events]
    add: Callable[[AdaptedPreset, bytes], Events]  # with the thumbnail of its photo, JPEG
    take_in: Callable[[Path, str | None], Events]  # the model of a LoRA that does not name it
    rename: Callable[[str, str], Events]
    remove: Callable[[str], Events]
    export: Callable[[str, Path, str, bool, bool], Events]  # name, where, form, may replace, with picture


@dataclass(frozen=True)
class Models:
    """The models of this machine and those that can be fetched; each ends with the tuple of all `ModelInfo`s,
    copy with the folder.

    verify reads every file. fetch is the only one that uses the network; closed in between, it goes on when
    it is asked for again, and forget removes what has come. To move all models: copy, change the setting,
    remove_old.
    """

    list: Callable[[], Events]
    verify: Callable[[str], Events]
    remove: Callable[[str], Events]
    fetch: Callable[[str, bool], Events]  # the flag: the licence is accepted
    forget: Callable[[str], Events]
    take_in: Callable[[Path, str], Events]  # which model it is, "" to recognise it
    use_cached: Callable[[str], Events]
    copy: Callable[[Path], Events]
    remove_old: Callable[[Path], Events]
    release: Callable[[], Events]  # from memory; ends with None


@dataclass(frozen=True)
class Engine:
    """Every call returns at once: the work happens while its events are asked for, on a worker.

    warm ends with `Ready`, estimate with an `Estimate`, restore and recall with a `Restoration`, did_it_help
    (the request and what was adapted for it) with `Helped`, keep with the folder, which it fills so that recall finds the restoration there, pixel for pixel.
    """

    warm: Callable[[], Events]
    estimate: Callable[[Request], Events]
    restore: Callable[[Request], Events]
    did_it_help: Callable[[Request, AdaptedPreset | None], Events]
    keep: Callable[[Restoration, Path], Events]
    recall: Callable[[Path], Events]
    files: Files
    libraries: Libraries
    presets: Presets
    models: Models


@dataclass(frozen=True)
class SavedAs:
    """A file was written. picture: it is the restored photo, not a preset."""

    path: Path
    picture: bool


class Dialogs(Protocol):
    """The questions that interrupt a person; None means they changed their mind."""

    def open_photos(self, folder: str) -> tuple[Path, ...]: ...

    def open_preset(self, folder: str) -> Path | None: ...

    def open_kernel(self, folder: str) -> Path | None: ...

    def open_folder(self, folder: str) -> Path | None: ...

    def open_library(self, folder: str) -> Path | None: ...

    def open_mask(self, folder: str) -> Path | None: ...

    def open_model(self) -> Path | None: ...

    def save_picture(self, suggestion: Path) -> Path | None: ...

    def save_preset(self, suggestion: Path) -> Path | None: ...

    def save_mask(self, suggestion: Path) -> Path | None: ...

    def save_diagnostics(self, suggestion: Path) -> Path | None: ...

    def name(self, question: str, suggestion: str) -> str | None:
        """Asks for a name, with one already there."""
        ...

    def confirm(self, question: str, detail: str, accept: str) -> bool:
        """Asks with two buttons: `accept`, and Cancel, which is the default."""
        ...
