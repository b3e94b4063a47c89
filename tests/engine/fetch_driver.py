"""Fetches one model in a process of its own, to be killed: `fetch_driver.py CATALOGUE`."""

from __future__ import annotations

import sys
from pathlib import Path

from adir_desktop.engine.store import offers
from adir_desktop.engine.store.fetch import fetch

if __name__ == "__main__":
    offers.resource = Path(sys.argv[1]).joinpath  # type: ignore[assignment]
    print("ready", flush=True)
    for _ in fetch(sys.argv[2], accepted=True):
        pass
    print("done", flush=True)
