"""`python -m index_tools build`: a library of folders, of a list of files, or of tar files."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from adir_desktop.cli_library import tell
from adir_desktop.cli_options import Events, wants_json
from adir_desktop.cli_output import Output
from adir_desktop.contract import Event, LibraryInfo
from adir_desktop.errors import RequestError


class Storage(StrEnum):
    F16 = "f16"
    I8 = "i8"


Name = Annotated[
    str | None, typer.Option("--name", help="The library's name; the first folder's by default.")
]
At = Annotated[
    Path | None,
    typer.Option(
        "--at", metavar="DIR", help="Where the library lies, a new folder; its name is the library's."
    ),
]
Device = Annotated[str, typer.Option("--device", help="auto, cpu or cuda.")]
Stored = Annotated[
    Storage,
    typer.Option("--storage", help="Numbers of the search index: i8 takes half the room of f16."),
]


@dataclass(frozen=True)
class _Wanted:
    folders: Sequence[Path]
    listing: Path | None
    tars: Sequence[Path]
    unpack_to: Path | None
    name: str | None
    at: Path | None
    encoder: str | None
    device: str
    storage: str


def build(
    folders: Annotated[
        list[Path] | None, typer.Argument(metavar="[DIR]...", help="Folders with photos.")
    ] = None,
    *,
    name: Name = None,
    at: At = None,
    listing: Annotated[
        Path | None,
        typer.Option(
            "--list", metavar="FILE", help="Files to take: a path a line, or CSV with a column path."
        ),
    ] = None,
    tars: Annotated[
        list[Path] | None,
        typer.Option(
            "--tar", metavar="FILE", help="A tar file of KEY.jpg and KEY.json (WebDataset). Repeatable."
        ),
    ] = None,
    unpack_to: Annotated[
        Path | None, typer.Option("--unpack-to", metavar="DIR", help="Where photos of tar files are put.")
    ] = None,
    encoder: Annotated[
        str | None,
        typer.Option("--encoder", help="The embedding model: starter, or another that is installed."),
    ] = None,
    device: Device = "auto",
    storage: Stored = Storage.I8,
    events: Events = None,
) -> None:
    """Builds a library, or brings one up to date: what it knows is not read again."""
    from adir_desktop.engine import jobs

    wanted = _Wanted(folders or [], listing, tars or [], unpack_to, name, at, encoder, device, storage.value)
    _check(wanted)
    with Output(as_events=wants_json(events)) as output:
        tell(output, output.drain(jobs.finished(_build(wanted))))


def _check(wanted: _Wanted) -> None:
    if not (wanted.folders or wanted.listing or wanted.tars):
        raise RequestError("Nothing to build from was given.", "Give folders, --list FILE or --tar FILE.")
    if wanted.tars and wanted.unpack_to is None:
        raise RequestError("Photos of tar files need a place.", "Give one with --unpack-to DIR.")
    check_name(wanted.name, wanted.at)
    if not (wanted.name or wanted.at or wanted.folders):
        raise RequestError("The library needs a name.", "Give one with --name NAME.")


def check_name(name: str | None, at: Path | None) -> None:
    """Raises RequestError: the two say different names."""
    if at is not None and name not in (None, at.name):
        raise RequestError("A library elsewhere has its folder's name.", "Leave --name out.")


def _build(wanted: _Wanted) -> Generator[Event, None, LibraryInfo]:
    from adir_desktop.engine import library
    from index_tools import lists, tars

    folders = list(wanted.folders)
    if wanted.unpack_to is not None:
        folders += yield from tars.unpack(wanted.tars, wanted.unpack_to)
    listed = () if wanted.listing is None else lists.paths_of(wanted.listing)
    name = wanted.at.name if wanted.at is not None else wanted.name
    return (
        yield from library.index(
            folders,
            name,
            wanted.encoder,
            wanted.device,
            listed=listed,
            storage=wanted.storage,
            at=None if wanted.at is None else wanted.at.absolute(),
        )
    )
