"""`adir dirac`: networks for the method Dirac, trained on a person's own photos."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from adir_desktop.cli_options import Events, Json, wants_json
from adir_desktop.cli_output import Output, megabytes

if TYPE_CHECKING:
    from adir_desktop.engine.dirac.store import Installed

app = typer.Typer(help="Dirac: train its networks on your photos, and list them.")


@app.command()
def train(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Photos to learn from, at any depth.")],
    *,
    degradation: Annotated[
        str, typer.Option("--degradation", metavar="KIND", help="What to undo: blur (Gaussian) or inpaint.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            metavar="DIR",
            help="Where the network goes; by default among the models, where restoring finds it.",
        ),
    ] = None,
    steps: Annotated[int, typer.Option("--steps", help="Steps of the training.")] = 20_000,
    minutes: Annotated[
        float,
        typer.Option("--minutes", help="End after so many minutes, if the steps take longer; 0: never."),
    ] = 0.0,
    batch: Annotated[int, typer.Option("--batch", help="Crops in a step.")] = 8,
    crop: Annotated[int, typer.Option("--crop", help="Their side in pixels.")] = 96,
    rate: Annotated[float, typer.Option("--learning-rate", help="The highest rate of Adam.")] = 1e-3,
    dt: Annotated[
        float,
        typer.Option("--dt", help="How far the loss looks ahead: 1 the clean picture, 0 the sample's own t."),
    ] = 1.0,
    seed: Annotated[int, typer.Option("--seed", help="Of everything random.")] = 0,
    precision: Annotated[
        str, typer.Option("--precision", help="auto (the faster one), float32 or bfloat16.")
    ] = "auto",
    events: Events = None,
) -> None:
    """Trains a network; started again with the same numbers, it goes on where it was stopped."""
    from adir_desktop.engine.dirac import store
    from adir_desktop.engine.dirac import train as training
    from adir_desktop.engine.jobs import finished

    settings = training.TrainSettings(
        degradation=degradation,
        steps=steps,
        minutes=minutes,
        batch=batch,
        crop=crop,
        learning_rate=rate,
        loss_dt=dt,
        seed=seed,
        precision=precision,
    )
    with Output(as_events=wants_json(events)) as output:
        where = out if out is not None else training.usual_place(settings)
        done: Path = output.drain(finished(training.train(folder, where, settings)))
        found = store.read_config(done).training
        if output.as_json:
            output.record({"folder": str(done), "training": dict(found)})
        else:
            output.line(
                f"Trained {found['step']} steps on {found['photos']} photos: {found['given_db']} dB became "
                f"{found['restored_db']} dB on photos kept out. Saved in {done}"
            )


@app.command("list")
def show_all(*, as_json: Json = False) -> None:
    """Lists the networks on this computer; the first for a degradation is the one that is used."""
    from adir_desktop.engine.dirac import store

    with Output(as_json=as_json) as output:
        found = store.installed()
        if as_json:
            output.record({"networks": [_about(one) for one in found]})
            return
        for one in found:
            if one.problem:
                output.notice(one.problem, "Train it again, or delete its folder.")
        rows = [tuple(_about(one).values())[:-1] for one in found if one.config is not None]
        output.table(("Name", "Undoes", "Range", "Noise up to", "Steps", "Size", "Folder"), rows)


def _about(one: Installed) -> dict[str, Any]:
    config = one.config
    size = sum(file.stat().st_size for file in one.folder.iterdir() if file.is_file())
    values = config.severities.values if config is not None else ()
    return {
        "name": one.name,
        "undoes": config.degradation if config is not None else "",
        "range": f"{values[0]:g} to {values[-1]:g}" if values else "",
        "noise_up_to": f"{255 * config.sigma_max:g}" if config is not None else "",
        "steps": config.training.get("step", 0) if config is not None else 0,
        "size": megabytes(size),
        "folder": str(one.folder),
        "problem": one.problem,
    }
