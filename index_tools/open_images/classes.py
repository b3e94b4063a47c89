"""Photos of a kind: the classes of Open Images by name, and the photos that bear their labels."""

from __future__ import annotations

import csv
from array import array
from collections.abc import Generator, Sequence
from difflib import get_close_matches
from pathlib import Path

import numpy as np

from adir_desktop.contract import Event
from adir_desktop.engine.pace import Pace
from adir_desktop.errors import BadInput, RequestError, explain
from index_tools.open_images.facts import IMAGE_ID
from index_tools.open_images.sample import Ids
from index_tools.open_images.tables import Table, Values

COLUMNS = ("ImageID", "LabelName", "Confidence")


def labels_of(names: Sequence[str], path: Path) -> frozenset[str]:
    """The labels ("/m/01g317") of classes by their names ("Person", in any case) or labels, from the official list.

    Raises:
        BadInput: the list cannot be read, or is none. RequestError: there is no such class.
    """
    known = _read_names(path)
    found: set[str] = set()
    for name in names:
        labels = {label for label, words in known if name.casefold() in (words.casefold(), label)}
        if not labels:
            near = get_close_matches(name.casefold(), [words.casefold() for _, words in known], 3)
            like = [words for _, words in known if words.casefold() in near]
            raise RequestError(
                f"Open Images has no class '{name}'.",
                f"Perhaps {', '.join(like)}." if like else f"The names stand in {path}.",
            )
        found |= labels
    return frozenset(found)


def photos_with(
    labels: frozenset[str], confidence: float, tables: Sequence[Table]
) -> Generator[Event, None, Ids]:
    """Ids of the photos with one of these labels at this confidence or a higher one; sorted, each once.

    Raises:
        BadInput, StorageError: a list cannot be read. Interrupted: the person asked to stop.
    """
    ids = array("Q")
    pace, before = Pace("read", max(sum(table.size for table in tables), 1)), 0
    for table in tables:

        def take(values: Values, table: Table = table) -> None:
            image_id, label, certain = values
            if label not in labels:
                return
            try:
                sure = float(certain) >= confidence
            except ValueError:
                sure = False
                table.reject()
            if sure and IMAGE_ID.fullmatch(image_id):
                ids.append(int(image_id, 16))

        yield from table.walk(take, pace, before)
        before += table.size
    yield pace.at(max(before, 1))
    return np.unique(np.frombuffer(ids, np.uint64)) if ids else np.empty(0, np.uint64)


def _read_names(path: Path) -> list[tuple[str, str]]:
    """(label, name) of each class; some of the official files have a header and some have none."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            rows = [(row[0], row[1].strip()) for row in csv.reader(stream) if len(row) == 2]
    except OSError as error:
        raise explain(error) from error
    except csv.Error:
        rows = []
    named = [(label, words) for label, words in rows if label.startswith("/")]
    if not named:
        raise BadInput(f"{path} is no list of classes.", "Give an official class-descriptions.csv.")
    return named
