"""`python -m index_tools cluster-build`: as build, with several processes or machines."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from adir_desktop.cli_library import tell
from adir_desktop.cli_options import Events, wants_json
from adir_desktop.cli_output import Output
from adir_desktop.errors import RequestError
from index_tools.cli_build import At, Device, Name, Storage, Stored, check_name


def cluster_build(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Folders with photos.")],
    *,
    name: Name = None,
    at: At = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--scheduler", metavar="tcp://HOST:8786", help="A Dask scheduler, whose workers do the work."
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers", metavar="N", min=1, help="Processes of this machine; one a core by default."
        ),
    ] = None,
    encoder: Annotated[
        str | None,
        typer.Option("--encoder", help="The embedding model: starter, or another that all machines have."),
    ] = None,
    device: Device = "auto",
    storage: Stored = Storage.I8,
    events: Events = None,
) -> None:
    """Builds a library with Dask, or brings one up to date: on all cores, or on all machines of a scheduler.

    All machines must see the photos and the library's folder under the same paths.
    """
    from adir_desktop.engine import jobs, library
    from index_tools import cluster

    if scheduler is not None and workers is not None:
        raise RequestError("A scheduler has its own workers.", "Give --scheduler or --workers.")
    check_name(name, at)
    cluster.require()
    who = cluster.Workers(workers or os.cpu_count() or 1, scheduler or "")
    with Output(as_events=wants_json(events)) as output:
        work = library.index(
            folders,
            name if at is None else at.name,
            encoder,
            device,
            storage=storage.value,
            at=None if at is None else at.absolute(),
            merge=partial(cluster.merge, who),
        )
        tell(output, output.drain(jobs.finished(work)))
