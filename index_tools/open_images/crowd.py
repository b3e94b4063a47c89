"""Many small requests side by side: at a polite pace, and ended at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from queue import Empty, Full, Queue
from typing import TYPE_CHECKING, TypeVar

from adir_desktop import interrupt
from adir_desktop.engine.store.network import Wires
from adir_desktop.engine.store.transfer import Stopped

if TYPE_CHECKING:
    import requests

TICK = 0.2  # seconds between two looks at what the person wants
FAREWELL = 0.8  # seconds that an ended job waits for its threads
LONGEST_HOLD = 600.0  # seconds: a server that asks for more is not waited for

Task = TypeVar("Task")
Result = TypeVar("Result")


class Manners:
    """How fast a server is asked, by all threads together. Rates of 0 know no limit."""

    def __init__(self, requests_per_second: float = 0.0, bytes_per_second: float = 0.0) -> None:
        self._request = 1 / requests_per_second if requests_per_second else 0.0
        self._byte = 1 / bytes_per_second if bytes_per_second else 0.0
        self._next_request = self._next_byte = self._untold = 0.0
        self._lock = threading.Lock()

    def before_request(self, stop: threading.Event) -> None:
        """Waits for this thread's turn. Raises Stopped: `stop` was set."""
        while True:
            with self._lock:
                now = time.monotonic()
                wait = self._next_request - now
                if wait <= 0:
                    self._next_request = now + self._request
                    return
            if stop.wait(min(wait, TICK)):
                raise Stopped

    def after_bytes(self, count: int, stop: threading.Event) -> None:
        """Waits as long as `count` bytes may take. Raises Stopped: `stop` was set."""
        with self._lock:
            now = time.monotonic()
            self._next_byte = max(self._next_byte, now) + count * self._byte
            wait = self._next_byte - now
        if self._byte and stop.wait(wait):
            raise Stopped

    def hold(self, seconds: float) -> None:
        """The server asked for a pause: nobody asks it anything for so long."""
        with self._lock:
            self._next_request = max(self._next_request, time.monotonic() + seconds)
            self._untold = max(self._untold, seconds)

    def news(self) -> float:
        """Seconds of the longest pause that the server has asked for since the last time."""
        with self._lock:
            told, self._untold = self._untold, 0.0
        return told


@dataclass(frozen=True)
class _Ended:
    """A thread's last word. error: what ended it before its time."""

    error: Exception | None = None


def together(
    wires: Wires, tasks: Iterable[Task], threads: int, do: Callable[[requests.Session, Task], Result]
) -> Generator[Result | None, None, None]:
    """Yields what `do` returns for each task, as it comes, and None every now and then; each thread has its
    own session. Closing hangs up at once. Whatever `do` raises ends it all and is raised here.

    Raises:
        Interrupted: the person asked to stop.
    """
    results: Queue[Result | _Ended] = Queue(threads)
    line, lock = iter(tasks), threading.Lock()

    def work() -> None:
        with closing(wires.session()) as session:
            for task in _shared(line, lock, wires.stop):
                try:
                    _put(results, do(session, task), wires.stop)
                except Stopped:
                    break
                except Exception as error:  # noqa: BLE001  raised again by whoever reads the results
                    _put(results, _Ended(error), wires.stop)
                    return
        _put(results, _Ended(), wires.stop)

    # Daemons: a name server or a connection that does not answer must not hold up the program's end
    crowd = [threading.Thread(target=work, name="open-images", daemon=True) for _ in range(threads)]
    try:
        for thread in crowd:
            thread.start()
        yield from _collected(results, threads)
    finally:
        wires.hang_up()
        end = time.monotonic() + FAREWELL
        for thread in crowd:
            if thread.is_alive():
                thread.join(max(0.0, end - time.monotonic()))


def _collected(results: Queue[Result | _Ended], threads: int) -> Generator[Result | None, None, None]:
    """Until every thread has said its last word."""
    while threads:
        interrupt.check()
        try:
            result = results.get(timeout=TICK)
        except Empty:
            yield None
            continue
        if not isinstance(result, _Ended):
            yield result
        elif result.error is not None:
            raise result.error
        else:
            threads -= 1


def _shared(line: Iterator[Task], lock: threading.Lock, stop: threading.Event) -> Iterator[Task]:
    """The tasks that nobody else has taken."""
    while not stop.is_set():
        with lock:
            try:
                task = next(line)
            except StopIteration:
                return
        yield task


def _put(results: Queue[Result | _Ended], result: Result | _Ended, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            results.put(result, timeout=TICK)
        except Full:
            continue
        return
