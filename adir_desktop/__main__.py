"""`adir`: the window without arguments or with photos alone, the command line with anything else."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from adir_desktop.errors import AdirError, BadInput

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command line; returns the exit code. arguments: those after the program's name."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        if all(map(_like_a_path, arguments)):
            return _open(arguments)
        from adir_desktop import cli

        return cli.run(arguments)
    except KeyboardInterrupt:  # while the libraries of either were being imported
        return INTERRUPTED


def script() -> int:
    """The console script: `main`, and nothing that could be interrupted after it."""
    from adir_desktop.cli_process import ends_now

    code = main()
    ends_now()
    return code


def _open(photos: Sequence[str]) -> int:
    missing = next((photo for photo in photos if not Path(photo).is_file()), None)
    if missing is not None:
        return _refuse(BadInput(f"There is no photo {missing}.", "Check the path, or see: adir --help"))
    return window(photos)


def window(arguments: Sequence[str] | None = None) -> int:
    """The script without a console: opens the window, with the photos given; returns the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    _give_streams()
    from adir_desktop.engine.doctor_probes import can_show_windows, explain_qt

    if not can_show_windows():
        return _refuse(
            AdirError("There is no display to open a window on.", "Restore from here: adir restore --help")
        )
    try:
        from adir_desktop.ui import app
    except ImportError as error:
        return _refuse(explain_qt(str(error)))
    return app.run(list(arguments))


def _like_a_path(argument: str) -> bool:
    """No command and no option has a dot or a slash at its beginning or inside."""
    return not argument.startswith("-") and any(sign in argument for sign in (".", "/", os.sep))


def _give_streams() -> None:
    """Windows starts programs without a console with no streams at all, and libraries print to them."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  as long as the process


def _refuse(error: AdirError) -> int:
    print(f"adir: {error}", file=sys.stderr)
    return error.exit_code


if __name__ == "__main__":
    sys.exit(script())
