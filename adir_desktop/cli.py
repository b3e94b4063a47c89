"""The command line: `adir restore`, `degrade`, `compare` …"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from adir_desktop import (
    __version__,
    cli_bench,
    cli_checks,
    cli_dirac,
    cli_evaluate,
    cli_helped,
    cli_inspect,
    cli_library,
    cli_methods,
    cli_models,
    cli_photos,
    cli_presets,
    cli_restore,
    cli_runner,
)

app = cli_runner.new_app(
    "adir",
    "Restores photos with a diffusion prior that can adapt to photos like them. Without a command: the window.",
)
app.command()(cli_restore.restore)
app.command()(cli_photos.degrade)
app.command()(cli_photos.compare)
app.command()(cli_methods.methods)
app.command()(cli_inspect.noise)
app.command()(cli_inspect.scratches)
app.command()(cli_evaluate.evaluate)
app.add_typer(cli_library.app, name="library")
app.add_typer(cli_presets.app, name="presets")
app.add_typer(cli_models.app, name="models")
app.add_typer(cli_dirac.app, name="dirac")
app.command()(cli_restore.rerun)
app.command()(cli_helped.helped)
app.command()(cli_bench.bench)
app.command()(cli_checks.doctor)


def _print_version(value: bool) -> None:
    if value:
        print(f"adir-desktop {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and end."),
    ] = False,
) -> None:
    """Options before the command."""


def run(arguments: Sequence[str]) -> int:
    """Runs one command line and returns its exit code; whatever happens, no traceback is printed.

    0 done, 1 failed, 2 usage or bad input, 130 interrupted.
    """
    return cli_runner.run(app, "adir", arguments)
