"""What is wanted of Open Images, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from adir_desktop.engine.store.network import check_address
from adir_desktop.errors import RequestError
from index_tools.open_images.facts import CLASS_NAMES_URL, IMAGES_URL, LABELS, LISTS, METADATA_URL, SUBSETS


@dataclass(frozen=True)
class Order:
    """Photos to be brought to `folder`.

    subsets: none for validation, or for all that `lists` speak of. count or share (0, 1]: how many, the lowest
    by the hash of their ids and `seed`. classes: any of these, by the official names, with a label of at least
    `confidence` (0, 1]. licences: texts of which the licence's address has one, in any case.
    lists: CSV files in place of the official ones. labels, class_names: files or addresses in place of the
    official ones. metadata: the folder for fetched lists, None for a hidden one in `folder`.
    threads: downloads at a time. requests, bytes_per_second: at most so many, 0 for any number.
    failures: how many photos in a row may fail. retry_gone: ask again for those that the server did not have.
    """

    folder: Path
    subsets: tuple[str, ...] = ()
    count: int | None = None
    share: float | None = None
    seed: int = 0
    classes: tuple[str, ...] = ()
    confidence: float = 0.5
    licences: tuple[str, ...] = ()
    lists: tuple[Path, ...] = ()
    labels: tuple[str, ...] = ()
    class_names: str = CLASS_NAMES_URL
    metadata: Path | None = None
    metadata_url: str = METADATA_URL
    images_url: str = IMAGES_URL
    threads: int = 8
    requests: float = 50.0
    bytes_per_second: float = 0.0
    failures: int = 20
    retry_gone: bool = False

    def __post_init__(self) -> None:
        """Raises RequestError: a value makes no sense."""
        unknown = [name for name in self.subsets if name not in SUBSETS]
        if unknown:
            raise RequestError(
                f"Open Images has no subset '{unknown[0]}'.", f"Choose from: {', '.join(SUBSETS)}."
            )
        if (self.count is None) == (self.share is None):
            raise RequestError(
                "How many photos are wanted?",
                "Give either a number (--count 10000) or a share (--share 0.01; 1 for all).",
            )
        for name, value, low, high in (
            ("count", self.count, 1, 10**8),
            ("share", self.share, 1e-9, 1),
            ("seed", self.seed, 0, 2**64 - 1),
            ("confidence", self.confidence, 1e-9, 1),
            ("threads", self.threads, 1, 64),
            ("requests", self.requests, 0, 1e6),
            ("bytes per second", self.bytes_per_second, 0, 1e12),
            ("failures", self.failures, 1, 10**8),
        ):
            if value is not None and not low <= value <= high:
                raise RequestError(f"{value} is out of range for {name}.", f"Give {low:g} to {high:g}.")
        for url in (self.metadata_url, self.images_url):
            check_address(url, ("http", "https"), "an address of a server", IMAGES_URL)

    @property
    def wanted(self) -> tuple[str, ...]:
        """The subsets that are meant."""
        return tuple(dict.fromkeys(self.subsets)) or (SUBSETS if self.lists else ("validation",))

    @property
    def list_sources(self) -> tuple[str, ...]:
        """Files or addresses of the lists of photos."""
        official = tuple(f"{self.metadata_url.rstrip('/')}/{LISTS[subset]}" for subset in self.wanted)
        return tuple(str(path) for path in self.lists) or official

    @property
    def label_sources(self) -> tuple[str, ...]:
        return self.labels or tuple(LABELS[subset] for subset in self.wanted)


@dataclass(frozen=True)
class Survey:
    """What an order would do. photos: chosen, of which so many are here `already` and so many are known to be
    `gone`; `missing` would be fetched. bytes: what they would take, None where no server says. free: bytes free on
    the disk. damaged: rows of the lists that could not be used.
    """

    folder: Path
    photos: int
    already: int
    gone: int
    missing: int
    bytes: int | None
    free: int
    damaged: int


@dataclass(frozen=True)
class Imported:
    """What an order did. photos: chosen, of which `already` were here, `fetched` came now as `bytes` bytes, the server
    did not have `gone`, and `failed` did not come; reasons: of the first of them, by SUBSET/ID.
    """

    folder: Path
    photos: int
    already: int
    fetched: int
    bytes: int
    gone: int
    failed: int
    damaged: int
    reasons: Mapping[str, str] = field(default_factory=dict)
