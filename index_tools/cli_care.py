"""`python -m index_tools check|repair|compact|info|duplicates`: looking after a library."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from adir_desktop.cli_options import Events, Json, wants_json
from adir_desktop.cli_output import Output, megabytes
from adir_desktop.errors import AdirError

if TYPE_CHECKING:
    from adir_desktop.engine.care import Report
    from adir_desktop.engine.compaction import Info, Sizes
    from adir_desktop.engine.duplicates import Group

Library = Annotated[
    str, typer.Argument(metavar="NAME_OR_FOLDER", help="A library's name, or the folder that it lies in.")
]


def check(library: Library, *, as_json: Json = False, events: Events = None) -> None:
    """Looks over a library: its catalogue, its index, the photos' files. Exit code 1 if something is to be repaired."""
    from adir_desktop.engine import care, shelf
    from adir_desktop.engine.jobs import finished

    with Output(as_json=as_json, as_events=wants_json(events)) as output:
        report: Report = output.drain(finished(care.check(shelf.located(library))))
        if output.as_json:
            output.record(_report(report))
        else:
            _tell(output, report)
    if not report.sound:
        if output.as_json:
            raise typer.Exit(1)
        raise AdirError(
            f"The library '{report.home.name}' is damaged.",
            f"Mend it with: python -m index_tools repair {library}",
        )


def repair(library: Library, *, as_json: Json = False, events: Events = None) -> None:
    """Mends a library: what does not fit is forgotten and indexed at the next update, bad index files are made anew."""
    from adir_desktop.engine import mending, shelf
    from adir_desktop.engine.jobs import finished

    with Output(as_json=as_json, as_events=wants_json(events)) as output:
        home = shelf.located(library)
        done: mending.Repaired = output.drain(finished(mending.repair(home)))
        if output.as_json:
            output.record(asdict(done))
            return
        if done.kept is not None:
            output.line(
                f"The catalogue was damaged; it was saved into a new one. The old one is {done.kept}."
            )
        told = {
            "photos lost from the catalogue": done.lost,
            "photos forgotten that were not complete": done.forgotten,
            "rows removed that belonged to no photo": done.strays,
            "index files made anew": done.shards,
        }
        for what, count in told.items():
            if count:
                output.line(f"{count} {what}")
        output.line(
            f"The library '{home.name}' is mended." if done.anything else "There was nothing to mend."
        )
        if done.lost or done.forgotten:
            output.line(f"Update the library to index their files anew: adir library update {home.name}")


def compact(
    library: Library,
    *,
    storage: Annotated[
        str, typer.Option("--storage", metavar="f16|i8", help="Numbers of the index; as they are by default.")
    ] = "",
    as_json: Json = False,
    events: Events = None,
) -> None:
    """Makes a library as small as it can be: few and full index files, and a catalogue without gaps."""
    from adir_desktop.engine import compaction, shelf
    from adir_desktop.engine.jobs import finished

    with Output(as_json=as_json, as_events=wants_json(events)) as output:
        work = compaction.compact(shelf.located(library), storage)
        done: compaction.Compacted = output.drain(finished(work))
        if output.as_json:
            output.record(asdict(done))
            return
        output.table(
            ("", "Catalogue", "Index", "Index files"),
            [_size("before", done.before), _size("after", done.after)],
        )


def info(library: Library, *, as_json: Json = False, events: Events = None) -> None:
    """Prints the figures of a library: what it holds, and what it takes on the disk."""
    from adir_desktop.engine import compaction, shelf
    from adir_desktop.engine.jobs import finished

    with Output(as_json=as_json, as_events=wants_json(events)) as output:
        found: Info = output.drain(finished(compaction.info(shelf.located(library))))
        if output.as_json:
            output.record(asdict(found))
        else:
            output.table(("", found.name), _figures(found))


def duplicates(
    library: Library,
    *,
    threshold: Annotated[
        float | None,
        typer.Option("--threshold", metavar="S", help="Similarity from which on photos look alike (0.98)."),
    ] = None,
    as_json: Json = False,
    events: Events = None,
) -> None:
    """Lists files of equal content, and photos that look alike."""
    from adir_desktop.engine import duplicates as twins
    from adir_desktop.engine import shelf
    from adir_desktop.engine.jobs import finished

    with Output(as_json=as_json, as_events=wants_json(events)) as output:
        wanted = twins.ALIKE if threshold is None else threshold
        work = twins.duplicates(shelf.located(library), wanted)
        found: twins.Duplicates = output.drain(finished(work))
        if output.as_json:
            output.record(asdict(found))
            return
        for group in found.equal:
            _show(output, "Equal content", group)
        for group in found.alike:
            _show(output, f"Alike, similarity {group.similarity:.3f} or more", group)
        output.line(
            f"{len(found.equal)} groups of equal files, {len(found.alike)} of photos that look alike."
        )


def _report(report: Report) -> dict[str, Any]:
    return {
        "library": report.home.name,
        "home": report.home,
        "sound": report.sound,
        "photos": report.photos,
        "files": report.files,
        "findings": [
            asdict(finding) | {"what": finding.what, "remedy": finding.remedy} for finding in report.findings
        ],
    }


def _tell(output: Output, report: Report) -> None:
    if report.findings:
        rows = [(each.count, each.what, each.remedy, ", ".join(each.examples)) for each in report.findings]
        output.table(("Count", "What", "Remedy", "Such as"), rows)
    if report.sound:
        counted = f"{report.photos} photos in {report.files} files"
        output.line(f"The library '{report.home.name}' is sound: {counted}.")


def _figures(found: Info) -> list[tuple[str, object]]:
    waiting = f", {found.waiting} photos not in one yet" if found.waiting else ""
    dead = f", {found.dead} of photos that are gone" if found.dead else ""
    return [
        ("Folder", found.home),
        ("Photos of", ", ".join(found.folders) or "a list of files"),
        ("Photos", found.photos),
        ("Files", found.files),
        ("Files that cannot be read", found.failed),
        ("Encoder", f"{found.encoder}, {found.dimensions} numbers, {found.storage} in the index"),
        (
            "Index",
            f"{found.sizes.shards} files, {found.indexed} vectors, {megabytes(found.sizes.index)}{waiting}{dead}",
        ),
        ("Catalogue", f"{megabytes(found.sizes.catalogue)}, {megabytes(found.thumbnails)} of it thumbnails"),
        ("Updated", found.updated),
        *(
            ("Licence" if not number else "", f"{name} ({count})")
            for number, (name, count) in enumerate(found.licences)
        ),
    ]


def _size(when: str, size: Sizes) -> tuple[object, ...]:
    return when, megabytes(size.catalogue), megabytes(size.index), size.shards


def _show(output: Output, what: str, group: Group) -> None:
    output.line(f"{what}:")
    for path in group.paths:
        output.line(f"  {Path(path)}")
