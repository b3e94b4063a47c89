"""index_tools with a tiny encoder, in its workers too: they import the main module, as spawned processes do.

Files called kills, hangs or breaks do so to whoever reads them. `serve` in place of a command: a scheduler with one
worker, which the program may be HIDDEN from.
"""

from __future__ import annotations

import os
import signal
import sys
import time

from corners import Corners

from adir_desktop import cli_runner
from adir_desktop.engine import encoder as encoders
from adir_desktop.engine import indexing

look = indexing.look


def _look(path, content, side):
    if path.stem == "kills":
        os.kill(os.getpid(), signal.SIGKILL)
    if path.stem == "hangs":
        time.sleep(1000)
    if path.stem == "breaks":
        raise ZeroDivisionError("a defect")
    time.sleep(float(os.environ.get("SLOW", "0")))
    return look(path, content, side)


indexing.look = _look
encoders.load_encoder = lambda spec="starter", device="cpu": Corners()

if __name__ == "__mp_main__" and os.environ.get("WORKERS") == "HIDDEN":
    for name in [each for each in sys.modules if each.split(".")[0] == "adir_desktop"]:
        sys.modules[name] = None


def _serve() -> None:
    import logging

    from distributed import LocalCluster

    options = {"host": "127.0.0.1", "dashboard_address": None, "silence_logs": logging.CRITICAL}
    with LocalCluster(n_workers=1, threads_per_worker=1, **options) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        _serve()
        sys.exit()
    from index_tools import cluster
    from index_tools.__main__ import app

    cluster.PATIENCE = 3.0
    cluster.CONNECT = 1.5
    cluster.PIECES = 32
    cluster.DEATHS = int(os.environ.get("DEATHS", "1"))
    sys.exit(cli_runner.run(app, "index_tools", sys.argv[1:]))
