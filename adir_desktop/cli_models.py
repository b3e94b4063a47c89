"""`adir models`: what is installed and whether it is whole, what can be fetched, and where it lies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from adir_desktop import places, settings
from adir_desktop.cli_checks import tell
from adir_desktop.cli_options import Events, Json, wants_json
from adir_desktop.cli_output import Output, megabytes
from adir_desktop.cli_process import uninterrupted
from adir_desktop.contract import Event
from adir_desktop.errors import ModelError, RequestError
from adir_desktop.model_info import ModelInfo

app = typer.Typer(help="Models: those that are installed, and those that can be fetched.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="A model's name, as `adir models list` has it.")]
FOLDER = settings.VARIABLES["models_folder"]


@app.command("list")
def show_all(*, as_json: Json = False) -> None:
    """Lists the models with their licences, the installed ones first."""
    from adir_desktop.engine import store_jobs, weights

    with Output(as_json=as_json) as output:
        everything = output.drain(store_jobs.list_models())
        offers = [_row(model) for model in everything if model.offer is not None]
        found = weights.list_models()
        if as_json:
            output.record({"models": [asdict(model) for model in found], "to_fetch": offers})
            return
        rows = [(model.name, megabytes(model.bytes), model.purpose, model.licence) for model in found]
        output.table(("Name", "Size", "For", "Licence"), rows)
        if offers:
            output.line("")
            output.table(
                ("To fetch", "Size", "For", "Licence"),
                [(row["name"], _size(row["bytes"]), row["purpose"], row["licence"]) for row in offers],
            )
        for row in offers:
            if row["fetched"]:
                output.notice(
                    f"{row['name']}: {megabytes(row['fetched'])} are here already.",
                    f"To go on: adir models fetch {row['name']}",
                )
            if row["cached"]:
                output.notice(
                    f"{row['name']} is in the Hugging Face cache.",
                    f"To use it there: adir models import {row['cached']}",
                )


@app.command()
def show(name: Name, *, as_json: Json = False) -> None:
    """Shows all there is to know of a model, its licence too."""
    with Output(as_json=as_json) as output:
        model = _find(output, name)
        if as_json:
            output.record({**_row(model), "terms": model.licence})
            return
        output.table(("About", ""), _lines(model))
        output.line("")
        output.line(model.licence)


@app.command()
def fetch(
    name: Name,
    *,
    accept: Annotated[
        bool, typer.Option("--accept-licence", help="You have read the licence and accept it.")
    ] = False,
    endpoint: Annotated[
        str,
        typer.Option("--endpoint", metavar="URL", help="A model server in place of https://huggingface.co."),
    ] = "",
    proxy: Annotated[
        str, typer.Option("--proxy", metavar="URL", help="A proxy in place of the environment's.")
    ] = "",
    as_json: Json = False,
    events: Events = None,
) -> None:
    """Fetches a model. Interrupted, the same command goes on where it was; `remove` forgets what has come."""
    from adir_desktop.engine import store_jobs

    with Output(as_json=as_json, as_events=wants_json(events)) as output:
        model = _find(output, name)
        if model.offer is not None and not (accept or model.offer.accepted) and not output.as_json:
            output.notice(f"{model.title}: {model.licence}\n")
        job = store_jobs.fetch_model(name, accepted=accept, endpoint=endpoint, proxy=proxy)
        _report(output, job, (name,), "Installed")


@app.command("import")
def take_in(
    path: Annotated[
        Path,
        typer.Argument(metavar="PATH", help="A checkpoint, a model's folder, or a Hugging Face cache."),
    ],
    *,
    name: Annotated[
        str, typer.Option("--as", metavar="NAME", help="Which model it is, where that is not recognised.")
    ] = "",
    keep: Annotated[bool, typer.Option("--copy", help="Copy the files; else they are moved.")] = False,
    as_json: Json = False,
    events: Events = None,
) -> None:
    """Installs files that are on this computer; those of a Hugging Face cache are used where they lie."""
    from adir_desktop.engine import store_jobs

    with Output(as_json=as_json, as_events=wants_json(events)) as output:
        before = {model.name for model in output.drain(store_jobs.list_models()) if model.offer is None}
        _report(output, store_jobs.import_model(path, name, keep=keep), (), "Installed", before)
        if not keep and not path.exists() and not output.as_json:
            output.notice(f"The files were moved there from {path}.", "Give --copy to leave them.")


@app.command()
def remove(name: Name, *, as_json: Json = False) -> None:
    """Deletes a model, or what an unfinished fetch has brought; of one used in a cache only the mention."""
    from adir_desktop.engine import store_jobs

    with Output(as_json=as_json) as output:
        model = _find(output, name)
        if model.offer is not None and not model.offer.fetched:
            raise RequestError(f"{model.title} is not installed.", "See: adir models list")
        work = store_jobs.cancel_fetch if model.offer is not None else store_jobs.remove_model
        output.drain(work(name))
        if as_json:
            output.record({"removed": name})
        else:
            output.line(f"Removed '{name}'.")


@app.command()
def verify(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="A model's name; all of them without.")] = "",
    *,
    as_json: Json = False,
) -> None:
    """Compares every file with its checksum; exit code 1 if one is missing or damaged."""
    from adir_desktop.engine import weights
    from adir_desktop.engine.jobs import finished

    with Output(as_json=as_json) as output:
        chosen = (weights.find_model(name),) if name else weights.list_models()
        problems = {model.name: list(output.drain(finished(weights.check(model)))) for model in chosen}
        if as_json:
            output.record({"ok": not any(problems.values()), "problems": problems})
        for one, found in () if as_json else problems.items():
            tell(output, "bad" if found else "good", f"{one}: {'; '.join(found) or 'whole'}")
    if any(problems.values()):
        if not as_json:
            ours = any(model.embedded and problems[model.name] for model in chosen)
            remedy = weights.REINSTALL if ours else "Remove what is damaged, and fetch it again."
            raise ModelError("Not all models are whole.", remedy)
        raise typer.Exit(1)


@app.command()
def move(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the models are to lie.")],
    *,
    as_json: Json = False,
    events: Events = None,
) -> None:
    """Moves the models to another folder and remembers it; killed in between, nothing is lost: start it again."""
    from adir_desktop.engine import store_jobs
    from adir_desktop.engine.store import moving

    with Output(as_json=as_json, as_events=wants_json(events)) as output:
        remembered, _ = settings.load()
        given = os.environ.get(FOLDER, "")
        if given and given != remembered.models_folder:
            raise RequestError(
                f"The variable {FOLDER} says where models are.",
                "Unset it, then move them; or change it by hand.",
            )
        target = folder.expanduser().absolute()
        if moving.unfinished() is None or target != places.models_dir().absolute():
            output.drain(store_jobs.copy_models(target))
            with uninterrupted():
                settings.save(replace(remembered, models_folder=str(target)))
                os.environ[FOLDER] = str(target)
        output.drain(store_jobs.remove_old_models(target))
        if output.as_json:
            output.record({"folder": target})
        else:
            output.line(f"The models are in {target}")


def _find(output: Output, name: str) -> ModelInfo:
    """Installed or not. Raises RequestError: there is no such model."""
    from adir_desktop.engine import store_jobs

    models = {model.name: model for model in output.drain(store_jobs.list_models())}
    if name not in models:
        raise RequestError(f"There is no model '{name}'.", f"Choose one of: {', '.join(models)}.")
    found: ModelInfo = models[name]
    return found


def _report(
    output: Output,
    job: Iterator[Event],
    names: tuple[str, ...],
    word: str,
    before: set[str] | None = None,
) -> None:
    """Runs the job and says what is installed now; with `before`, whatever was not there then."""
    models = output.drain(job)
    new = [
        model
        for model in models
        if model.offer is None and (model.name in names or (before is not None and model.name not in before))
    ]
    if output.as_json:
        output.record({"models": [_row(model) for model in new]})
        return
    for model in new:
        output.line(f"{word} '{model.name}' in {model.folder}")


def _row(model: ModelInfo) -> dict[str, Any]:
    """A model in plain values, without its licence's text."""
    row: dict[str, Any] = {
        "name": model.name,
        "title": model.title,
        "purpose": model.purpose,
        "installed": model.offer is None,
        "licence": model.licence.partition("\n")[0],
        "memory": model.memory,
        "problem": model.problem,
    }
    if model.offer is None:
        return row | {
            "folder": model.folder,
            "bytes": model.bytes_on_disk,
            "embedded": model.embedded,
            "in_place": model.in_place,
        }
    return row | asdict(model.offer)


def _lines(model: ModelInfo) -> list[tuple[str, Any]]:
    """The same for a person: what is there, in words."""
    sizes = {"bytes": _size, "memory": _size, "fetched": megabytes}
    told = {True: "yes", False: "no"}
    return [
        (key.replace("_", " "), sizes[key](value) if key in sizes else told.get(value, value))
        for key, value in _row(model).items()
        if value or key == "installed"
    ]


def _size(count: int) -> str:
    return f"about {count / 1e9:.1f} GB" if count else "not known"
