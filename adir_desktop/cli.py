"""The command line: `adir restore`, `degrade`, `compare` … and how every failure of theirs is told."""

from __future__ import annotations

import logging
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
)
from adir_desktop.cli_output import ReaderGone, print_error
from adir_desktop.cli_process import (
    drop_output,
    forgive_characters,
    interruptible,
    quiet_libraries,
    settings_told,
)
from adir_desktop.errors import AdirError, BadInput, explain

DONE, FAILED, INTERRUPTED = 0, 1, 130  # 2, bad input, is the errors' own

log = logging.getLogger(__name__)
app = typer.Typer(
    name="adir",
    help="Restores photos with a diffusion prior that can adapt to photos like them. Without a command: the window.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
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
    as_json = _asks_for_json(arguments)
    forgive_characters()
    try:
        with quiet_libraries(), settings_told(), interruptible():
            try:
                return _run(arguments)
            except AdirError as error:
                print_error(error, as_json=as_json)
                return error.exit_code
            except KeyboardInterrupt:
                print_error(AdirError("Interrupted.", "Nothing was left half-written."), as_json=as_json)
                return INTERRUPTED
    except ReaderGone:
        drop_output()
        return FAILED


def _run(arguments: Sequence[str]) -> int:
    """Runs the command; every failure leaves it as an AdirError or a KeyboardInterrupt."""
    try:
        code = app(args=list(arguments), prog_name="adir", standalone_mode=False)
    except ReaderGone:
        raise
    except typer.TyperException as error:
        raise _usage(error) from error
    except SystemExit as ending:  # typer's answer to a closed pipe
        raise ReaderGone from ending
    except Exception as error:
        told = explain(error)
        if told is not error:
            log.exception("a command failed")
        raise told from error
    if code == INTERRUPTED:  # typer's answer to KeyboardInterrupt
        raise KeyboardInterrupt
    return code if isinstance(code, int) else DONE


def _usage(error: typer.TyperException) -> BadInput:
    """An unknown command, a missing option or a value of the wrong kind."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "adir"
    return BadInput(f"{error.format_message().rstrip('.')}.", f"See: {command} --help")


def _asks_for_json(arguments: Sequence[str]) -> bool:
    """Known before the options are parsed, so that a program hears of wrong options too."""
    pairs = zip(arguments, [*arguments[1:], ""], strict=True)
    return "--json" in arguments or "--events=json" in arguments or ("--events", "json") in pairs
