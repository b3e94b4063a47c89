"""`adir evaluate`: every method on every task over a folder of photos."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adir_desktop.cli_options import Device, Events, Libraries, read_sources, wants_json
from adir_desktop.cli_output import Output
from adir_desktop.errors import RequestError

if TYPE_CHECKING:
    from adir_desktop.engine.evaluation.run import Evaluated


def evaluate(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder of undamaged photos.")],
    *,
    out: Annotated[
        Path,
        typer.Option("-o", "--out", metavar="DIR", help="Where pictures and results go; made if missing."),
    ],
    tasks: Annotated[
        str | None,
        typer.Option(
            "--tasks",
            metavar="TASK[@SIZE],…",
            help="sr4, sr8, deblur-box, deblur-gauss, deblur-motion, inpaint, inpaint-box, scratches, colorize, denoise.",
        ),
    ] = None,
    methods: Annotated[
        str | None,
        typer.Option(
            "--methods",
            metavar="NAME[+ADAPT],…",
            help="Samplers, spandrel:FILE, or input (the damaged photo); ADAPT is none, neighbours, self, random or "
            "mse. As in the papers: gd is adir, ia is adir+self, ADIR is adir+neighbours.",
        ),
    ] = None,
    recipe: Annotated[str, typer.Option("--recipe", metavar="NAME", help="quick, paper or div2k.")] = "quick",
    seeds: Annotated[str, typer.Option("--seeds", metavar="N,…", help="A picture for each.")] = "0",
    size: Annotated[
        int | None, typer.Option("--size", metavar="PX", help="Pixels of the squares; 256 by default.")
    ] = None,
    count: Annotated[
        int | None, typer.Option("--count", metavar="N", help="The first N photos by name; 0 for all.", min=0)
    ] = None,
    library: Libraries = None,
    retrieval: Annotated[
        str | None,
        typer.Option(
            "--retrieval",
            metavar="WAY,…",
            help="Every adapting method once with each: none, random, mse, embedding.",
        ),
    ] = None,
    album: Annotated[
        bool, typer.Option("--album", help="Restore one part of each photo; its other parts are the library.")
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option("--workers", metavar="N", help="Processes; as many as fit by default.", min=1),
    ] = None,
    psnr_y: Annotated[
        bool, typer.Option("--psnr-y", help="Also PSNR of the luma, without a border as wide as the scale.")
    ] = False,
    prior: Annotated[
        str, typer.Option("--prior", metavar="NAME", help="The diffusion prior, or file:PATH.")
    ] = "starter",
    precision: Annotated[
        str, typer.Option("--precision", metavar="P", help="auto, float32 or bfloat16.")
    ] = "auto",
    device: Device = "auto",
    events: Events = None,
) -> None:
    """Compares methods on photos of your own.

    Each photo is damaged, restored by every method, and compared with what it was. The folder then has
    index.html, results.md, results.csv and all pictures. Started again, it goes on where it was.
    """
    with Output(as_events=wants_json(events)) as output:
        from adir_desktop.engine.evaluation.planning import Evaluation
        from adir_desktop.engine.evaluation.run import evaluate as job
        from adir_desktop.engine.jobs import finished

        asked = Evaluation(
            folder=folder.absolute(),
            out=out.absolute(),
            recipe=recipe,
            tasks=_listed(tasks),
            methods=_listed(methods),
            seeds=_seeds(seeds),
            side=size,
            count=count,
            sources=read_sources(library or ()),
            retrieval=_listed(retrieval),
            album=album,
            workers=workers,
            prior=prior,
            device=device,
            precision=precision,
            luma=psnr_y,
        )
        _tell(output, output.drain(finished(job(asked))))


def _listed(text: str | None) -> tuple[str, ...]:
    """The parts between commas. Raises RequestError: there is none."""
    if text is None:
        return ()
    parts = tuple(part.strip() for part in text.split(",") if part.strip())
    if not parts:
        raise RequestError(f"'{text}' names nothing.", "Give names with commas between them.")
    return parts


def _seeds(text: str) -> tuple[int, ...]:
    """Raises RequestError: something between the commas is no whole number."""
    parts = _listed(text)
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise RequestError(f"'{text}' is no list of seeds.", "Write --seeds 0,1,2, for example.")
    return tuple(int(part) for part in parts)


def _tell(output: Output, done: Evaluated) -> None:
    """Where the results are, and how it went; for programs the last line."""
    files = {"page": done.reports.page, "table": done.reports.table, "csv": done.reports.csv}
    if output.as_json:
        output.record({"paths": files, "worked": done.worked, "kept": done.kept, "failed": len(done.failed)})
        return
    for name, path in files.items():
        output.line(f"{name}: {path}")
    failed = f", {len(done.failed)} failed" if done.failed else ""
    output.notice(f"{done.worked} pictures made, {done.kept} kept{failed}.")
