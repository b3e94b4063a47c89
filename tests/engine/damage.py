"""Spoiling a library's catalogue as a failing disk does."""

from __future__ import annotations

import random
from pathlib import Path


def spoil(path: Path, seed: int, pages: int) -> None:
    """Overwrites some of a catalogue's pages, those of its first tables' roots left out."""
    content = bytearray(path.read_bytes())
    draw = random.Random(seed)
    for page in draw.sample(range(14, len(content) // 4096), pages):
        content[page * 4096 : (page + 1) * 4096] = draw.randbytes(4096)
    path.write_bytes(content)
