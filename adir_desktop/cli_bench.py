"""`adir bench`: how fast this machine is with each prior."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from adir_desktop.cli_options import Device, Json
from adir_desktop.cli_output import Output, duration

if TYPE_CHECKING:
    from adir_desktop.engine.bench.report import Measured, Report, Timing

HEADS = ("Prior", "Part", "Time of one", "Rounds", "Per second", "TFLOP/s", "Of matrix peak", "Memory", "Job")


def bench(
    *,
    prior: Annotated[
        list[str] | None,
        typer.Option(
            "--prior", metavar="NAME", help="Of the menu, or file:PATH; may be given several times."
        ),
    ] = None,
    part: Annotated[
        list[str] | None,
        typer.Option(
            "--part",
            metavar="PART",
            help="evaluation, diffpir, adir, dps or adaptation; may be given several times; all by default.",
        ),
    ] = None,
    size: Annotated[int, typer.Option("--size", metavar="PX", help="Side of the pictures.")] = 256,
    recipe: Annotated[
        str, typer.Option("--recipe", help="Whose adaptation and whose numbers of steps: quick or paper.")
    ] = "quick",
    device: Device = "auto",
    precision: Annotated[
        str, typer.Option("--precision", help="auto (the faster one), float32 or bfloat16.")
    ] = "auto",
    quick: Annotated[bool, typer.Option("--quick", help="Two rounds of each part.")] = False,
    as_json: Json = False,
) -> None:
    """Times network evaluations, steps of the main methods and adapting, for each prior on this machine.

    Operations are counted; the matrix peak is that of a large matrix product, timed in the same
    precision. Memory is the peak of a process that does nothing else (on a graphics card: of its
    tensors). The exit code is 1 if a part could not be timed.
    """
    from adir_desktop.engine.bench.run import BenchSettings
    from adir_desktop.engine.bench.run import bench as run
    from adir_desktop.engine.jobs import finished

    settings = BenchSettings(tuple(prior or ()), tuple(part or ()), size, recipe, device, precision, quick)
    with Output(as_json=as_json) as output:
        report: Report = output.drain(finished(run(settings)))
        if as_json:
            output.record(report.record())
        else:
            _print(output, report)
    if any(measured.problems for measured in report.priors):
        raise typer.Exit(1)


def _print(output: Output, report: Report) -> None:
    machine = report.machine
    threads = f"{machine.threads} thread{'s' if machine.threads != 1 else ''}"
    output.line(f"{machine.name}, {threads}, torch {machine.torch}, {machine.precision}")
    output.line(f"Pictures of {report.size} x {report.size} pixels; jobs by the recipe {report.recipe}")
    rows = [_row(measured, timing) for measured in report.priors for timing in measured.timings]
    output.table(HEADS, rows)


def _row(measured: Measured, timing: Timing) -> tuple[str, ...]:
    seconds = timing.seconds
    return (
        measured.prior,
        timing.part,
        f"{_short(seconds.median)} ({_short(seconds.low)} to {_short(seconds.high)})",
        str(seconds.rounds),
        f"{1 / seconds.median:.3g}",
        f"{timing.rate / 1e12:.3g}",
        f"{100 * timing.share:.0f} %",
        f"{timing.memory / 2**30:.2f} GiB",
        f"{timing.units} in {duration(timing.job)}" if timing.units > 1 else "",
    )


def _short(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 10 else f"{1000 * seconds:.3g} ms"
