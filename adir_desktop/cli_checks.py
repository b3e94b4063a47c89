"""`adir doctor` and `adir models`: what is installed, and whether it is whole."""

from __future__ import annotations

from dataclasses import asdict

import typer

from adir_desktop.cli_options import Json
from adir_desktop.cli_output import Output, megabytes
from adir_desktop.errors import ModelError

models = typer.Typer(help="The models that are installed.")

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
                _tell(output, check.state, f"{check.name}: {check.found}", check.remedy)
        bad = [check.name for check in found if check.state == "bad"]
        if as_json:
            output.record({"ok": not bad, "checks": [asdict(check) for check in found]})
        elif bad:
            output.line(f"To mend: {', '.join(bad)}.", "bold red")
        else:
            output.line("Everything needed is here.")
    if bad:
        raise typer.Exit(1)


@models.command("list")
def show_all(*, as_json: Json = False) -> None:
    """Lists the models with their licences."""
    from adir_desktop.engine import weights

    with Output(as_json=as_json) as output:
        found = weights.list_models()
        if as_json:
            output.record({"models": [asdict(model) for model in found]})
            return
        rows = [(model.name, megabytes(model.bytes), model.purpose, model.licence) for model in found]
        output.table(("Name", "Size", "For", "Licence"), rows)


@models.command()
def verify(*, as_json: Json = False) -> None:
    """Compares every file of the models with its checksum; exit code 1 if one is missing or damaged."""
    from adir_desktop.engine import weights

    with Output(as_json=as_json) as output:
        verdicts = [weights.verify(model) for model in weights.list_models()]
        problems = {verdict.model.name: list(verdict.problems) for verdict in verdicts}
        if as_json:
            output.record({"ok": not any(problems.values()), "problems": problems})
        for name, found in () if as_json else problems.items():
            _tell(output, "bad" if found else "good", f"{name}: {'; '.join(found) or 'whole'}")
    if any(problems.values()):
        if not as_json:
            raise ModelError("Not all models are whole.", weights.REINSTALL)
        raise typer.Exit(1)


def _tell(output: Output, state: str, text: str, remedy: str = "") -> None:
    sign, style = _SHOWN[state]
    output.line(f"{sign}  {text}" + (f". {remedy}" if remedy else ""), style)
