"""The lists of Open Images, row by row: memory does not depend on how many there are."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path

from adir_desktop import interrupt
from adir_desktop.contract import Event
from adir_desktop.engine.pace import Pace
from adir_desktop.errors import BadInput, explain

ROWS = 2000  # between two looks at the clock: some milliseconds

Values = tuple[str, ...]


class Table:
    """One CSV file with a header. columns: those that are wanted, of which the first `needed` must be there.

    size: bytes of the file. damaged: rows of the last walk that could not be used; `reject` counts one more.
    """

    def __init__(self, path: Path, columns: Sequence[str], needed: int) -> None:
        """Reads the header.

        Raises:
            BadInput: there is no such file, it may not be read, or it lacks a column.
        """
        self.path, self._columns = path, tuple(columns)
        self.damaged = 0
        try:
            self.size = path.stat().st_size
            with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
                self._header = [name.strip() for name in next(csv.reader(stream), [])]
        except OSError as error:
            raise explain(error) from error
        except csv.Error:
            self._header = []
        missing = [name for name in self._columns[:needed] if name not in self._header]
        if missing:
            raise BadInput(
                f"{path} has no column {', '.join(missing)}.",
                f"Give an official file of Open Images; its columns are {','.join(self._columns)}.",
            )

    def has(self, column: str) -> bool:
        return column in self._header

    def reject(self) -> None:
        """The row that was given last makes no sense."""
        self.damaged += 1

    def walk(self, take: Callable[[Values], None], pace: Pace, before: int = 0) -> Generator[Event]:
        """Hands each row's values of the wanted columns to `take`, "" for a column that the file lacks.

        Rows that are no CSV or of another length than the header are counted as damaged. pace: counts bytes,
        `before` of which were read earlier.

        Raises:
            BadInput, StorageError: the file cannot be read any more. Interrupted: the person asked to stop.
        """
        self.damaged = 0
        places = [self._header.index(name) if name in self._header else None for name in self._columns]
        try:
            with self.path.open("rb") as stream:
                text = io.TextIOWrapper(stream, "utf-8-sig", "replace", newline="")
                for number, row in enumerate(self._rows(csv.reader(text))):
                    take(tuple("" if place is None else row[place] for place in places))
                    if number % ROWS == 0:
                        interrupt.check()
                        if pace.due():
                            yield pace.at(before + stream.tell())
        except OSError as error:
            raise explain(error) from error

    def _rows(self, reader: Iterator[list[str]]) -> Iterator[list[str]]:
        """The rows after the header that are as long as it; the others are counted."""
        width, header = len(self._header), True
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                self.damaged += 1
                continue
            if header:
                header = False
            elif len(row) == width:
                yield row
            elif row:
                self.damaged += 1
