"""Running one command line of ours: whatever goes wrong is told in words, and ends in an exit code."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import typer

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


def new_app(name: str, help_text: str) -> typer.Typer:
    """An empty command line of ours."""
    return typer.Typer(
        name=name,
        help=help_text,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def run(app: typer.Typer, name: str, arguments: Sequence[str]) -> int:
    """Runs one command line and returns its exit code; whatever happens, no traceback is printed.

    0 done, 1 failed, 2 usage or bad input, 130 interrupted.
    """
    as_json = _asks_for_json(arguments)
    forgive_characters()
    try:
        with quiet_libraries(), settings_told(), interruptible():
            try:
                return _run(app, name, arguments)
            except AdirError as error:
                print_error(error, as_json=as_json)
                return error.exit_code
            except KeyboardInterrupt:
                print_error(AdirError("Interrupted.", "Nothing was left half-written."), as_json=as_json)
                return INTERRUPTED
    except ReaderGone:
        drop_output()
        return FAILED


def _run(app: typer.Typer, name: str, arguments: Sequence[str]) -> int:
    """Runs the command; every failure leaves it as an AdirError or a KeyboardInterrupt."""
    try:
        code = app(args=list(arguments), prog_name=name, standalone_mode=False)
    except ReaderGone:
        raise
    except typer.TyperException as error:
        raise _usage(error, name) from error
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


def _usage(error: typer.TyperException, name: str) -> BadInput:
    """An unknown command, a missing option or a value of the wrong kind."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else name
    return BadInput(f"{error.format_message().rstrip('.')}.", f"See: {command} --help")


def _asks_for_json(arguments: Sequence[str]) -> bool:
    """Known before the options are parsed, so that a program hears of wrong options too."""
    pairs = zip(arguments, [*arguments[1:], ""], strict=True)
    return "--json" in arguments or "--events=json" in arguments or ("--events", "json") in pairs
