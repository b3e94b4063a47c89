"""Cells worked on side by side: processes with one thread each, or this process where one is enough."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

import psutil
import torch

from adir_desktop.engine.activations import learning, predicting
from adir_desktop.engine.evaluation.cells import FAILED, Cell, work
from adir_desktop.engine.events import result_of
from adir_desktop.engine.lessons import PART_PIXELS
from adir_desktop.engine.memory_plan import OVERHEAD, PICTURE
from adir_desktop.engine.plan import TILE_SIDE
from adir_desktop.engine.priors import load_prior
from adir_desktop.errors import AdirError
from adir_desktop.interrupt import check

IDLE = 700 * 2**20  # bytes of a process with its libraries, measured
ASK_EVERY = 0.2  # seconds
ENDING = 5.0  # seconds that a worker has to end

Answer = tuple[Cell, dict[str, Any]]


def worker_count(asked: int | None, device: str, cells: Sequence[Cell]) -> int:
    """As many as asked for, never more than there are cells; else as processor and memory allow.

    A graphics card has one.
    """
    most = max(1, len(cells))
    if asked is not None:
        return min(asked, most)
    if device != "cpu" or not cells:
        return 1
    prior = load_prior(cells[0].common.prior)
    weights = sum(p.numel() * p.element_size() for p in prior.net.parameters())
    side = max(cell.trial.side for cell in cells)
    passing = predicting(prior, torch.float32).at(min(side, TILE_SIDE["cpu"]) ** 2)
    working = OVERHEAD["cpu"] * passing + side**2 * PICTURE
    if any(cell.method.adapt != "none" for cell in cells):
        working = max(
            working, OVERHEAD["cpu"] * learning(prior, torch.float32, checkpointing=False).at(PART_PIXELS)
        )
    need = IDLE + 2 * weights + round(working)
    free = int(psutil.virtual_memory().available)
    return max(1, min(most, _cores(), free // need))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def here(cells: Iterable[Cell], wanted: Sequence[str]) -> Generator[Answer | None, None, None]:
    """One cell after the other in this process; None between two steps of one."""
    for cell in cells:
        task = work(cell, wanted)
        try:
            while True:
                try:
                    with _one_thread(cell.common.device):
                        next(task)
                except StopIteration as stop:
                    yield cell, stop.value
                    break
                yield None
        finally:
            task.close()


def side_by_side(
    cells: Iterable[Cell], wanted: Sequence[str], count: int
) -> Generator[Answer | None, None, None]:
    """`count` processes; None while all are at work. A process that dies costs the cell it was at."""
    left = iter(cells)
    crew = [_Worker(wanted) for _ in range(count)]
    try:
        for worker in crew:
            worker.take(left)
        while busy := [worker for worker in crew if worker.cell is not None]:
            ready = wait([worker.pipe for worker in busy], ASK_EVERY)
            for worker in busy:
                if worker.pipe in ready:
                    yield worker.answer()
                    worker.take(left)
            check()
            if not ready:
                yield None
    finally:
        for worker in crew:
            worker.end()


class _Worker:
    """A process, the pipe to it, and the cell it is at."""

    def __init__(self, wanted: Sequence[str]) -> None:
        self._wanted = wanted
        self.cell: Cell | None = None
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process: SpawnProcess = context.Process(
            target=_serve, args=(theirs, list(self._wanted)), daemon=True
        )
        self._process.start()
        theirs.close()

    def take(self, cells: Iterator[Cell]) -> None:
        """Starts on the next cell, if there is one."""
        self.cell = next(cells, None)
        if self.cell is not None:
            self.pipe.send(self.cell)

    def answer(self) -> Answer:
        """The cell that is done and its record. Raises StorageError: it could not be kept."""
        assert self.cell is not None
        try:
            record = self.pipe.recv()
        except (EOFError, OSError):
            self.end()
            self._start()
            message = "The process that worked on it ended without a word; memory may have run out."
            remedy = "Use fewer --workers."
            return self.cell, {"status": FAILED, "message": message, "remedy": remedy, "measures": {}}
        if isinstance(record, AdirError):
            raise record
        return self.cell, record

    def end(self) -> None:
        """At once: what it was at is not kept, and what was written is whole."""
        self.pipe.close()
        self._process.terminate()
        self._process.join(ENDING)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()


def _serve(pipe: Connection, wanted: Sequence[str]) -> None:
    """A worker's life: cells in, records out, until the pipe is closed. Ctrl-C is the parent's to hear, and
    what libraries print is nobody's.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        while True:
            try:
                cell: Cell = pipe.recv()
            except EOFError:
                return
            with _one_thread(cell.common.device):
                try:
                    pipe.send(result_of(work(cell, wanted)))
                except AdirError as error:  # for the parent to raise
                    pipe.send(error)


@contextmanager
def _one_thread(device: str) -> Iterator[None]:
    """Pixels must not depend on how many workers there are."""
    before = torch.get_num_threads()
    if device == "cpu":
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
