"""`adir helped`: whether what was adapted for a photo helps on others like it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from adir_desktop.cli_options import Json
from adir_desktop.cli_output import Output
from adir_desktop.contract import Helped


def helped(
    sidecar: Annotated[
        Path, typer.Argument(metavar="SIDECAR.json", help="The JSON file beside a restored photo.")
    ],
    *,
    as_json: Json = False,
) -> None:
    """Tries a restoration's preset on similar photos that it has not seen.

    They are damaged as the photo was, and restored with the preset and without.
    """
    with Output(as_json=as_json) as output:
        from adir_desktop.engine import jobs
        from adir_desktop.engine.sidecar import read_sidecar, request_from_json

        found: Helped = output.drain(jobs.did_it_help(request_from_json(read_sidecar(sidecar)), None))
        if as_json:
            output.record(asdict(found))
            return
        for number, gain in enumerate(found.gains, 1):
            output.line(f"photo {number}: {gain:+.2f} dB")
        output.line(f"mean: {found.mean:+.2f} dB, standard error {found.error:.2f} dB")
        output.line(f"{found.verdict} {found.advice}")
