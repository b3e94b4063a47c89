"""`adir library`: folders of photos to search and to adapt to."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from adir_desktop.cli_options import (
    Events,
    Json,
    Libraries,
    read_mask,
    read_photo,
    read_sources,
    wants_json,
)
from adir_desktop.cli_output import Output, megabytes, neighbours
from adir_desktop.contract import LibraryInfo, NeighbourSet, Source
from adir_desktop.errors import LibraryError, RequestError
from adir_desktop.searches import Filters, Search

NAMED = 20  # files that could not be read

app = typer.Typer(help="Photo libraries: folders to search and to adapt to.")

OneName = Annotated[str, typer.Argument(metavar="NAME", help="A library's name.")]


@app.command()
def add(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Folders with photos.")],
    *,
    name: Annotated[
        str | None, typer.Option("--name", help="The library's name; the first folder's by default.")
    ] = None,
    encoder: Annotated[
        str | None, typer.Option("--encoder", help="The embedding model: starter, or an open_clip model.")
    ] = None,
    events: Events = None,
) -> None:
    """Makes a library of folders, or adds them to one; photos that it knows already are skipped."""
    from adir_desktop.engine import jobs, library

    with Output(as_events=wants_json(events)) as output:
        info = output.drain(jobs.finished(library.index(folders, name, encoder)))
        tell(output, info)


@app.command("open")
def open_there(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A library's folder, wherever it lies.")],
) -> None:
    """Makes a library that lies elsewhere known, such as one that index_tools built on another disk."""
    from adir_desktop.engine import library

    with Output() as output:
        info = library.attach(folder)
        output.line(f"The library '{info.name}' with {info.photos} photos is known now.")


@app.command()
def update(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="One library; all by default.")] = None,
    *,
    events: Events = None,
) -> None:
    """Brings libraries up to date with their folders."""
    from adir_desktop.engine import jobs, library

    with Output(as_events=wants_json(events)) as output:
        names = [name] if name else [info.name for info in library.list_libraries()]
        if not names:
            raise LibraryError("There is no library yet.", "Make one with: adir library add DIR")
        failed = []
        for one in names:
            try:
                tell(output, output.drain(jobs.update(one)))
            except LibraryError as error:  # the others have their turn all the same
                if name:
                    raise
                failed.append(one)
                output.notice(error.problem, error.remedy)
        if failed:
            raise LibraryError(f"Not updated: {', '.join(failed)}.", "The reasons are given above.")


@app.command("list")
def show_all(*, as_json: Json = False) -> None:
    """Lists the libraries."""
    from adir_desktop.engine import library

    with Output(as_json=as_json) as output:
        found = library.list_libraries()
        if as_json:
            output.record({"libraries": [asdict(info) for info in found]})
        elif found:
            heads = ("Name", "Photos", "On disk", "Encoder", "Updated", "Folders")
            output.table(heads, [_row(info) for info in found])
        else:
            output.notice("There is no library yet.", "Make one with: adir library add DIR")


@app.command()
def remove(name: OneName) -> None:
    """Forgets a library; the photos stay where they are."""
    from adir_desktop.engine import library

    with Output() as output:
        library.remove(name)
        output.line(f"Removed the library '{name}'; its photos are untouched.")


@app.command()
def search(
    *,
    image: Annotated[Path | None, typer.Option("--image", metavar="F", help="Photos like this one.")] = None,
    like: Annotated[
        Path | None,
        typer.Option("--like", metavar="F", help="More like this one, which is left out of the answer."),
    ] = None,
    text: Annotated[
        str | None,
        typer.Option(
            "--text",
            metavar="T",
            help="Photos with these words in their names, or that show them; with --image like it, but so.",
        ),
    ] = None,
    ignore: Annotated[
        Path | None,
        typer.Option(
            "--ignore", metavar="MASK", help="What of --image does not count: white in this picture."
        ),
    ] = None,
    count: Annotated[int, typer.Option("-k", "--count", metavar="K", help="How many.", min=1)] = 8,
    library: Libraries = None,
    min_side: Annotated[
        int, typer.Option("--min-side", metavar="N", help="Only photos of so many pixels a side.", min=0)
    ] = 0,
    licence: Annotated[
        str, typer.Option("--licence", metavar="T", help="Only photos whose licence says so.")
    ] = "",
    folder: Annotated[str, typer.Option("--in", metavar="DIR", help="Only photos of this folder.")] = "",
    since: Annotated[
        str, typer.Option("--since", metavar="DAY", help="Only from this day (or year) on.")
    ] = "",
    until: Annotated[str, typer.Option("--until", metavar="DAY", help="Only up to this day (or year).")] = "",
    as_json: Json = False,
) -> None:
    """Finds photos by a picture or by words, most similar first, in all libraries or in some."""
    if (like is not None and (image or text)) or not (image or like or text):
        raise RequestError(
            "A search needs a picture, or words, or both.",
            "Give --image FILE, --text WORDS or both, or --like FILE.",
        )
    if ignore is not None and image is None:
        raise RequestError("There is no picture to ignore a part of.", "Give it with --image FILE.")
    from adir_desktop.engine import jobs

    with Output(as_json=as_json) as output:
        sources = read_sources(library) if library else _all_libraries()
        query = like or _query(image, text or "", ignore)
        filters = Filters(min_side, licence, folder, since, until)
        found: NeighbourSet = output.drain(jobs.find(query, sources, count, filters))
        if as_json:
            output.record(neighbours(found))
            return
        heads = ("Similarity", "Photo", "Author", "Licence", "Library")
        rows = [
            (f"{item.similarity:.3f}", item.path, item.author, item.licence, item.library)
            for item in found.items
        ]
        output.table(
            heads if len(sources) > 1 else heads[:-1], [row[: 5 if len(sources) > 1 else 4] for row in rows]
        )


def _query(image: Path | None, words: str, ignore: Path | None) -> Search:
    photo = None if image is None else read_photo(image)
    ignored = None if ignore is None or photo is None else read_mask(ignore, photo)
    return Search(photo, words, ignored=ignored)


def _all_libraries() -> tuple[Source, ...]:
    from adir_desktop.engine import library

    sources = tuple(Source(info.name) for info in library.list_libraries())
    if not sources:
        raise LibraryError("There is no library yet.", "Make one with: adir library add DIR")
    return sources


def _row(info: LibraryInfo) -> tuple[object, ...]:
    folders = ", ".join(str(folder) for folder in info.folders)
    return info.name, info.photos, megabytes(info.bytes_on_disk), info.encoder, info.updated, folders


def tell(output: Output, info: LibraryInfo) -> None:
    """The library after a change, and the files that could not be read."""
    if output.as_json:
        output.record(asdict(info))
        return
    for path, reason in info.failed[:NAMED]:
        output.notice(f"Left out {path}: {reason}")
    if len(info.failed) > NAMED:
        output.notice(
            f"{len(info.failed) - NAMED} more were left out.", "All are named by: adir library list --json"
        )
    output.line(f"The library '{info.name}' has {info.photos} photos.")
