"""`python -m index_tools merge`: several libraries become one."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Annotated

import typer

from adir_desktop.cli_library import tell
from adir_desktop.cli_options import Events, wants_json
from adir_desktop.cli_output import Output
from adir_desktop.contract import Event, LibraryInfo
from adir_desktop.errors import LibraryError, RequestError


def merge(
    into: Annotated[
        str, typer.Argument(metavar="INTO", help="The library that takes in the others; made if it is new.")
    ],
    sources: Annotated[
        list[str], typer.Argument(metavar="FROM...", help="Libraries, by their names or folders.")
    ],
    *,
    at: Annotated[
        Path | None,
        typer.Option(
            "--at", metavar="DIR", help="Where a new library lies, a new folder of the library's name."
        ),
    ] = None,
    events: Events = None,
) -> None:
    """Adds all that libraries have to one; they stay as they are. Doing it again changes nothing."""
    from adir_desktop.engine import jobs

    if at is not None and at.name != into:
        raise RequestError("A library elsewhere has its folder's name.", f"Call the folder '{into}'.")
    with Output(as_events=wants_json(events)) as output:
        tell(output, output.drain(jobs.finished(_merged(into, sources, at))))


def _merged(into: str, sources: list[str], at: Path | None) -> Generator[Event, None, LibraryInfo]:
    from adir_desktop.engine import library, parts, shelf

    others = [shelf.located(source) for source in sources]  # before anything is made
    home = _target(into, at)
    yield from parts.merge(home, others)
    if home.parent != shelf.place_of(home.name).parent:
        shelf.link(home)
    return next(info for info in library.list_libraries() if info.name == home.name)


def _target(into: str, at: Path | None) -> Path:
    """The folder of the library INTO, which may not be there yet."""
    from adir_desktop.engine import shelf

    if at is not None:
        if shelf.is_library(into) and shelf.home_at(shelf.place_of(into)) != at.absolute():
            raise LibraryError(
                f"There is a library '{into}' elsewhere.", "Leave --at out, or use another name."
            )
        shelf.place_of(into)  # whether it can be a name
        return at.absolute()
    if shelf.is_library(into) or not _is_home(Path(into)):
        return shelf.home_at(shelf.place_of(into))
    return Path(into).resolve()


def _is_home(folder: Path) -> bool:
    from adir_desktop.engine.schema import CATALOGUE

    return (folder / CATALOGUE).is_file()
