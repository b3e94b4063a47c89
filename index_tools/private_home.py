"""Measuring without seeing or touching anybody's own libraries."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def private_home(folder: Path) -> Iterator[None]:
    """Within this block, libraries are kept in that folder."""
    before = os.environ.get("ADIR_HOME")
    os.environ["ADIR_HOME"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["ADIR_HOME"]
        else:
            os.environ["ADIR_HOME"] = before
