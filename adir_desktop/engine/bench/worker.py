"""One part timed in a process of its own: its peak of memory is its own, and it ends at once when told to."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Generator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import torch

from adir_desktop.contract import Event
from adir_desktop.engine.bench.laps import Effort, matrix_rate, timed
from adir_desktop.engine.bench.parts import PARTS, Setting
from adir_desktop.engine.bench.report import Timing
from adir_desktop.engine.events import result_of
from adir_desktop.engine.priors import load_prior
from adir_desktop.engine.record import peak_memory
from adir_desktop.errors import AdirError, MemoryShort, explain
from adir_desktop.interrupt import check

ASK_EVERY = 0.2  # seconds
ENDING = 5.0  # seconds that a process has to end


@dataclass(frozen=True)
class Order:
    """What to time. precision: "float32" or "bfloat16". threads: of the processor."""

    prior: str
    part: str
    device: str
    precision: str
    size: int
    recipe: str
    threads: int
    effort: Effort


def measure(order: Order) -> Generator[None, None, Timing]:
    """Times one part in this process, yielding after each lap.

    Raises:
        AdirError: the prior cannot be loaded, or the work cannot be done.
    """
    device, dtype = torch.device(order.device), getattr(torch, order.precision)
    row = PARTS[order.part]
    laps = 1 + order.effort.most
    setting = Setting(load_prior(order.prior), device, dtype, order.size, order.recipe, laps)
    seconds, flop = yield from timed(row.laps(setting), device, order.effort)
    memory = peak_memory(order.device)
    return Timing(order.part, seconds, flop, matrix_rate(device, dtype), memory, row.units(setting))


def measure_apart(order: Order, waiting: Callable[[], Event]) -> Generator[Event, None, Timing]:
    """Times one part in a fresh process; yields `waiting()` a few times a second. Closed, it ends that process.

    Raises:
        AdirError: the part cannot be done, or its process died.
    """
    context = multiprocessing.get_context("spawn")
    pipe, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, order), daemon=True)
    process.start()
    theirs.close()
    try:
        while not pipe.poll(ASK_EVERY):
            check()
            yield waiting()
        answer: Timing | AdirError = pipe.recv()
    except (EOFError, OSError) as error:
        raise MemoryShort(
            "The process that was timed ended without a word; memory may have run out.",
            "Choose a smaller size, or close other programs.",
        ) from error
    finally:
        pipe.close()
        process.terminate()
        process.join(ENDING)
        if process.is_alive():
            process.kill()
            process.join()
        process.close()
    if isinstance(answer, AdirError):
        raise answer
    return answer


def _serve(pipe: Connection, order: Order) -> None:
    """Ctrl-C is the parent's to hear, and what libraries print is nobody's."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    torch.set_num_threads(order.threads)
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        try:
            pipe.send(result_of(measure(order)))
        except (AdirError, MemoryError, torch.OutOfMemoryError) as error:
            pipe.send(explain(error))
