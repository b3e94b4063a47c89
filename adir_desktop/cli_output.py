"""What the command line prints: a job's events as bars or as JSON lines, results, and one-line errors."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, redirect_stdout
from types import TracebackType
from typing import Any, Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from adir_desktop import contract
from adir_desktop.errors import AdirError, LibraryError, ModelError
from adir_desktop.plain import plain

STAGES = {
    "scan": "Looking for photos",
    "index": "Reading photos",
    "unpack": "Unpacking",
    "merge": "Merging",
    "inspect": "Looking at the photo",
    "retrieve": "Finding similar photos",
    "encode": "Preparing the similar photos",
    "load": "Loading the model",
    "adapt": "Adapting",
    "sample": "Restoring",
    "baseline": "Restoring without adapting",
    "helped": "Trying it on other photos",
    "save": "Saving",
    "prepare": "Preparing photos",
    "plan": "Damaging photos",
    "evaluate": "Evaluating",
    "bench": "Measuring",
    "ask": "Asking the server",
    "read": "Reading the lists",
    "fetch": "Fetching",
    "credit": "Noting the licences",
    "photos": "Fetching photos",
    "verify": "Checking files",
    "convert": "Converting",
    "import": "Taking in",
    "move": "Moving",
    "check": "Checking",
    "mend": "Mending",
    "pairs": "Comparing photos",
}
IN_BYTES = ("read", "credit", "fetch", "verify", "convert", "import", "move")  # stages that count bytes
TOLD_RATES = ("index", "photos", "unpack")  # stages that count photos, perhaps millions
HINTS = {LibraryError: "See: adir library --help", ModelError: "See: adir models --help"}
ENDLESS = 10_000  # columns of a pipe: rows for other programs are never folded


class ReaderGone(Exception):
    """Whoever read standard output has closed it, as `head` does."""


class Output:
    """Where one command prints: results to standard output, progress and notices to standard error.

    as_json: the result is one JSON object on standard output. as_events: so is everything before it, a
    line each. What libraries print meanwhile reaches nobody.
    """

    def __init__(self, *, as_json: bool = False, as_events: bool = False) -> None:
        self.as_json = as_json or as_events
        self._as_events = as_events
        self._stdout: TextIO = sys.stdout
        self._console = Console(stderr=True, markup=False, emoji=False, highlight=False, soft_wrap=True)
        wide = None if self._stdout.isatty() else ENDLESS
        self._paper = Console(file=self._stdout, width=wide, emoji=False, highlight=False, soft_wrap=True)
        self._bars = _bars(self._console)
        self._tasks: dict[str, TaskID] = {}
        self._ended: set[str] = set()
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._open.enter_context(redirect_stdout(io.StringIO()))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def drain(self, events: Iterator[contract.Event]) -> Any:
        """Shows a job's events as they come and returns its result; the job is closed in any case."""
        result = None
        self._bars, self._tasks, self._ended = _bars(self._console), {}, set()
        try:
            for event in events:
                if isinstance(event, contract.Finished):
                    result = event.result
                elif self._as_events:
                    self._show_json(event)
                else:
                    self._show(event)
        finally:
            if self._bars.live.is_started:
                self._bars.stop()
            close = getattr(events, "close", None)
            if close is not None:
                close()
        return result

    def notice(self, message: str, remedy: str = "") -> None:
        """Something the person should know, on its own line."""
        if self._as_events:
            self.record({"notice": message, "remedy": remedy})
        else:
            self._console.print(Text(f"{message} {remedy}".strip()))

    def record(self, values: Mapping[str, Any]) -> None:
        """One JSON object as a line on standard output. Raises ReaderGone: nobody reads it any more."""
        _print(json.dumps(plain(values), allow_nan=False), self._stdout)

    def line(self, text: str, style: str = "") -> None:
        """A line on standard output, coloured on a terminal. Raises ReaderGone as `record`."""
        if self._paper.is_terminal:
            self._paper.print(Text(text, style))
        else:
            _print(text, self._stdout)

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Columns without a frame; in a pipe or a file, each row on one line however long."""
        table = Table(*heads, box=None, header_style="bold", pad_edge=False)
        for cells in rows:
            table.add_row(*(Text(str(cell)) for cell in cells))
        if self._paper.is_terminal:
            self._paper.print(table, soft_wrap=False)
            return
        with self._paper.capture() as text:
            self._paper.print(table, soft_wrap=False)
        for line in text.get().splitlines():
            _print(line.rstrip(), self._stdout)

    def _show_json(self, event: contract.Event) -> None:
        if isinstance(event, contract.Progress):
            self.record(_progress(event))
        elif isinstance(event, contract.Notice):
            self.notice(event.message, event.remedy)
        elif isinstance(event, contract.Found):
            self.record({"stage": "found", **neighbours(event.neighbours)})

    def _show(self, event: contract.Event) -> None:
        if isinstance(event, contract.Notice):
            self.notice(event.message, event.remedy)
        elif self.as_json:
            return
        elif isinstance(event, contract.Progress):
            self._show_progress(event)
        elif isinstance(event, contract.Found):
            items = event.neighbours.included
            best = f", the nearest {items[0].similarity:.2f}" if items else ""
            self.notice(f"{len(items)} similar photos from '{event.neighbours.library}'{best}.")

    def _show_progress(self, event: contract.Progress) -> None:
        """A bar a stage on a terminal; elsewhere one line when the stage has ended."""
        name = STAGES.get(event.stage, event.stage.capitalize())
        if self._console.is_interactive:
            if not self._bars.live.is_started:
                self._bars.start()
            if event.stage not in self._tasks:
                self._tasks[event.stage] = self._bars.add_task(name, total=event.total, amount="", rest="")
            self._bars.update(
                self._tasks[event.stage],
                completed=event.done,
                total=event.total,
                amount=_amount(event),
                rest=_rest(event),
                refresh=True,
            )
        elif event.done >= event.total and event.stage not in self._ended:
            self._ended.add(event.stage)
            figures = [_amount(event), f"{event.seconds:.1f} s", *_figures(event)]
            self.notice(f"{name}: {', '.join(figures)}")


def neighbours(found: contract.NeighbourSet) -> dict[str, Any]:
    """A search's answer as JSON has it, thumbnails left out."""
    items = [
        {
            "id": item.id,
            "path": item.path,
            "similarity": round(item.similarity, 4),
            "angle": round(item.angle, 2),
            "author": item.author,
            "licence": item.licence,
            "page": item.page,
            "included": item.included,
            "library": item.library,
            "weight": item.weight,
        }
        for item in found.items
    ]
    return {"library": found.library, "encoder": found.encoder, "query": found.query, "neighbours": items}


def print_error(error: AdirError, *, as_json: bool) -> None:
    """The problem and its remedy: one line on standard error and, for programs, a last JSON line.

    The engine's remedies serve the window too; here they also name the command that helps.
    """
    hint = "" if "adir " in error.remedy else HINTS.get(type(error), "")
    problem, remedy = (" ".join(text.split()) for text in (error.problem, f"{error.remedy} {hint}"))
    if as_json and sys.stdout is not None:
        _print(json.dumps({"error": problem, "remedy": remedy}), sys.stdout)
    if sys.stderr is not None:
        print(f"adir: {problem} {remedy}".rstrip(), file=sys.stderr, flush=True)


def duration(seconds: float) -> str:
    """Seconds in words: "40 s", "3 min 20 s", "1 h 05 min"."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def megabytes(count: int) -> str:
    """Bytes in MB, as file managers show them."""
    return f"{count / 1e6:.1f} MB"


def _bars(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[amount]}", markup=False),
        TextColumn("{task.fields[rest]}", markup=False),
        console=console,
        auto_refresh=False,
        redirect_stdout=False,  # what libraries print is caught already
        redirect_stderr=False,
    )


def _print(text: str, stream: TextIO) -> None:
    try:
        print(text, file=stream, flush=True)
    except BrokenPipeError as error:
        raise ReaderGone from error


def _progress(event: contract.Progress) -> dict[str, Any]:
    measured = {"loss": event.loss, "consistency": event.consistency}
    return {
        "stage": event.stage,
        "done": event.done,
        "total": event.total,
        **{name: round(value, 5) for name, value in measured.items() if value is not None},
        "eta": None if event.eta is None else round(event.eta, 2),
        "seconds": round(event.seconds, 2),
    }


def _amount(event: contract.Progress) -> str:
    if event.stage not in IN_BYTES:
        return f"{event.done:.0f} of {event.total:.0f}"
    return f"{event.done / 1e6:.1f} of {megabytes(event.total)}"


def _rest(event: contract.Progress) -> str:
    left = [] if event.eta is None or event.done >= event.total else [f"about {duration(event.eta)} left"]
    rate = (event.total - event.done) / event.eta if event.eta else 0.0
    speed = []
    if rate and event.stage == "fetch":
        speed = [f"{megabytes(round(rate))}/s"]
    elif rate and event.stage in TOLD_RATES:
        speed = [f"{rate:.0f} a second" if rate >= 10 else f"{rate:.1f} a second"]
    return ", ".join([*left, *speed, *_figures(event)])


def _figures(event: contract.Progress) -> list[str]:
    """How well it goes: the loss of an adaptation, or the agreement with the photo (1: the noise floor)."""
    loss = [] if event.loss is None else [f"loss {event.loss:.4f}"]
    agreement = [] if event.consistency is None else [f"misfit {event.consistency:.2f}"]
    return loss + agreement
