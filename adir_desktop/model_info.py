"""What the engine tells of a model: installed, or to be got. Base layer, as the contract."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ModelOffer:
    """How a model can be got. bytes: to fetch, rounded, 0 unknown. fetched: bytes of them that an earlier
    try has brought. limits: of its use, in words; licence_url: its text. source: where it comes from.
    cached: where a Hugging Face cache of this machine has it already. accepted: its licence was.
    """

    bytes: int
    limits: str
    licence_url: str
    source: str
    fetched: int = 0
    cached: Path | None = None
    accepted: bool = False


@dataclass(frozen=True)
class ModelInfo:
    """One model. problem: what a check found, "" when all is well or nothing was checked yet.

    embedded: it came with the program and cannot be removed. in_place: its files lie in a Hugging Face
    cache and are used there. memory: bytes it needs in work, estimated, 0 unknown. offer: it is not
    installed (`folder` is where it would be), and this is how to get it. encoder: by which name libraries are
    made with it, "" where it is none.
    """

    name: str
    title: str
    purpose: str
    licence: str
    folder: Path
    bytes_on_disk: int
    embedded: bool = False
    problem: str = ""
    in_place: bool = False
    memory: int = 0
    offer: ModelOffer | None = None
    encoder: str = ""
