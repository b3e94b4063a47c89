"""`python -m index_tools`: large libraries of photos, built, looked after and measured."""

from __future__ import annotations

import sys

import typer

from adir_desktop import cli_runner
from adir_desktop.cli_process import ends_now
from index_tools import cli_benchmark, cli_build, cli_care
from index_tools.cli_open_images import open_images
from index_tools.recall import recall

app = typer.Typer(
    name="index_tools",
    help="Builds and looks after large libraries of photos, which `adir` and the window then search.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


app.command()(cli_build.build)
app.command()(cli_benchmark.benchmark)
app.command("open-images")(open_images)


@app.callback()
def _common() -> None:
    """Options before the command."""


app.command()(recall)
for command in (cli_care.check, cli_care.repair, cli_care.compact, cli_care.info, cli_care.duplicates):
    app.command()(command)


if __name__ == "__main__":
    code = cli_runner.run(app, "python -m index_tools", sys.argv[1:])
    ends_now()
    sys.exit(code)
