"""`adir doctor`: whether all that the program needs is there."""

from __future__ import annotations

from dataclasses import asdict

import typer

from adir_desktop.cli_options import Json
from adir_desktop.cli_output import Output

_SHOWN = {"good": ("ok  ", "green"), "note": ("note", "yellow"), "bad": ("BAD ", "red")}


def doctor(*, as_json: Json = False) -> None:
    """Checks that all the program needs is there.

    The exit code is 1 if something needed is missing or broken.
    """
    from adir_desktop.engine.doctor import Check, examine

    found: list[Check] = []
    with Output(as_json=as_json) as output:
        for check in examine():
            found.append(check)
            if not as_json:
                tell(output, check.state, f"{check.name}: {check.found}", check.remedy)
        bad = [check.name for check in found if check.state == "bad"]
        if as_json:
            output.record({"ok": not bad, "checks": [asdict(check) for check in found]})
        elif bad:
            output.line(f"To mend: {', '.join(bad)}.", "bold red")
        else:
            output.line("Everything needed is here.")
    if bad:
        raise typer.Exit(1)


def tell(output: Output, state: str, text: str, remedy: str = "") -> None:
    """One line of a check. state: "good", "note" or "bad"."""
    sign, style = _SHOWN[state]
    output.line(f"{sign}  {text}" + (f". {remedy}" if remedy else ""), style)
