"""`python -m index_tools`: large libraries of photos, built, looked after and measured."""

from __future__ import annotations

import sys
from collections.abc import Callable

from adir_desktop import cli_runner
from adir_desktop.cli_process import ends_now
from index_tools import cli_benchmark, cli_build, cli_care
from index_tools.cli_cluster import cluster_build
from index_tools.cli_merge import merge
from index_tools.cli_open_images import open_images
from index_tools.recall import recall

app = cli_runner.new_app(
    "index_tools",
    "Builds and looks after large libraries of photos, which `adir` and the window then search.",
)


COMMANDS: dict[str, Callable[..., None]] = {
    "open-images": open_images,
    "build": cli_build.build,
    "cluster-build": cluster_build,
    "merge": merge,
    "check": cli_care.check,
    "repair": cli_care.repair,
    "compact": cli_care.compact,
    "info": cli_care.info,
    "duplicates": cli_care.duplicates,
    "benchmark": cli_benchmark.benchmark,
    "recall": recall,
}
for name, command in COMMANDS.items():
    app.command(name)(command)


@app.callback()
def _common() -> None:
    """Options before the command."""


if __name__ == "__main__":
    code = cli_runner.run(app, "python -m index_tools", sys.argv[1:])
    ends_now()
    sys.exit(code)
