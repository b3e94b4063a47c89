"""A library built by several processes or machines on Dask distributed.

Lists of files are its tasks: each makes a part (see engine/parts), a file in a folder that all machines see, which
this process takes into the library as soon as it is there. Dask gives lists of lost workers to others. A list that
workers do not survive is cut up until the file is found that is to blame; that file is noted as failed.
"""

from __future__ import annotations

import hashlib
import logging
import math
import re
import shutil
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from adir_desktop import __version__
from adir_desktop.contract import Event, Notice
from adir_desktop.engine import indexing, parts
from adir_desktop.engine.catalogue import Catalogue, FileState
from adir_desktop.engine.encoder import STARTER
from adir_desktop.engine.finds import Finds
from adir_desktop.engine.pace import Pace
from adir_desktop.errors import (
    AdirError,
    BadInput,
    LibraryError,
    NetworkError,
    RequestError,
    StorageError,
    explain,
)
from adir_desktop.files import write_atomic
from adir_desktop.interrupt import check
from index_tools import cluster_worker as worker

LIST = 2000  # files of a part: some minutes of work, 15 MB
LISTS = 4  # for each worker at least, so that none is left alone with the last
AHEAD = 2  # lists that wait or are worked on, for each worker
PIECES = 8  # of a list that workers do not survive: 2000 files are four rounds
# of own workers over a list, after which it is cut up; a remote scheduler has a setting of its own
DEATHS = 1
RETRIES = 2  # of a list that ends in an error
PATIENCE = 300.0  # seconds without a file being done, until a worker gives up
HOPELESS = 5  # files to blame, and nothing done yet: then it is not the files
LOOK = 0.05  # seconds between two looks at what is done
COUNT = 2.0  # seconds between two counts of the workers
CONNECT = 10.0  # seconds to reach a scheduler
INSTALL = "Install it: pip install 'adir-desktop[cluster]'"

# Dask has the C library give memory back at once: 84 s of the processor for 2,520 photos of 2 megapixels, else 61 s
_OWN = {"distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None}
_ADDRESS = re.compile(r"(\w+://)?[^/\s]+:\d{1,5}")

T = TypeVar("T")
Progressing = Generator[Event, None, T]


@dataclass(frozen=True)
class Workers:
    """Who works: processes of this machine, or those of the scheduler at an address such as tcp://host:8786."""

    processes: int = 1
    scheduler: str = ""

    def __post_init__(self) -> None:
        """Raises RequestError: the address is none."""
        if self.scheduler and not _ADDRESS.fullmatch(self.scheduler):
            raise RequestError(
                f"'{self.scheduler}' is not the address of a scheduler.", "Write it as tcp://HOST:8786."
            )


def require() -> None:
    """Raises BadInput: Dask is not installed."""
    _distributed()


def merge(workers: Workers, catalogue: Catalogue, found: Finds, device: str) -> Progressing[None]:
    """As `indexing.merge`, the files being read and embedded by `workers`; parts that a killed build left are taken.

    Raises:
        BadInput: Dask is not installed.
        NetworkError: the scheduler cannot be reached, or goes away; what is done is kept.
        LibraryError, ModelError, StorageError: as `indexing.merge`; or workers differ in what they are.
    """
    folder = catalogue.path.parent / "parts"
    yield from _take_leftovers(catalogue, folder)
    with catalogue.transaction():
        catalogue.set_failed({})  # parts bring theirs
    total, done = len(found), found.compare(catalogue)
    pace = Pace("index", total, already=done)
    yield pace.at(done)
    if done < total:
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise explain(error) from error
        with ExitStack() as stack:
            client = yield from _aside(partial(_connect, workers, stack), pace, done)
            yield from _Build(client, catalogue, found, device, pace, done).run()
        found.failed.update(catalogue.failed())
    yield from indexing.settle(catalogue, found)
    shutil.rmtree(folder, ignore_errors=True)  # what cannot be removed now is taken or removed the next time


def agreed(greetings: Mapping[str, object], known: Mapping[str, str]) -> worker.Greeting:
    """What all workers are, by their greetings; those that went away meanwhile do not count.

    known: the library's `meta`.

    Raises:
        AdirError: one cannot work, or is not as this machine, the library or the others are.
    """
    mine = {name: known[name] for name in ("encoder", "preprocessing") if name in known}
    wanted = {"version": __version__, **mine}
    for address, said in sorted(greetings.items()):
        if not isinstance(said, dict):
            continue
        version = said.get("version", __version__)
        if version != __version__:
            raise BadInput(
                f"The worker {address} has version {version} of the program, this machine {__version__}.",
                "Install the same version on all machines.",
            )
        if "problem" in said:
            raise BadInput(f"The worker {address}: {said['problem']}", said["remedy"])
        if any(said[name] != value for name, value in wanted.items()):
            raise LibraryError(
                f"The worker {address} has the encoder '{said['encoder']}', not '{wanted['encoder']}'.",
                "Install the same weights on all machines; vectors of two encoders cannot be mixed.",
            )
        wanted = said
    if "encoder" not in wanted or not any(isinstance(said, dict) for said in greetings.values()):
        raise NetworkError("No worker answers.", "Look at what the workers themselves say, and build again.")
    return wanted


class _Build:
    """The lists of one build: handed out, taken in as parts, cut up where workers do not survive them."""

    def __init__(
        self, client: Any, catalogue: Catalogue, found: Finds, device: str, pace: Pace, done: int
    ) -> None:
        self._client, self._catalogue, self._found, self._device = client, catalogue, found, device
        self._pace, self._done = pace, done
        self._spec = catalogue.meta().get("spec", STARTER)
        self._folder = catalogue.path.parent / "parts"
        self._flying: dict[Any, worker.Order] = {}
        self._pieces = deque[list[FileState]]()
        self._blamed = self._taken = self._threads = 0
        self._counted = -math.inf

    def run(self) -> Progressing[None]:
        yield from self._some_workers()
        made_with = yield from self._greeted()
        lists = self._found.changed(self._size())
        try:
            while self._send(lists, made_with):
                yield from self._look()
                time.sleep(LOOK)
                check()
        finally:
            if self._client.status == "running":
                self._client.cancel(list(self._flying))

    def _some_workers(self) -> Progressing[None]:
        """Waits for the first worker."""
        if not self._count():
            yield Notice("No worker is connected yet; waiting.", "Start some: dask worker ADDRESS")
        while not self._count():
            yield self._pace.at(self._done)
            time.sleep(LOOK)

    def _greeted(self) -> Progressing[worker.Greeting]:
        seen = self._folder / ".seen"
        write_atomic(seen, b"")
        greet = worker.greeter(self._spec, self._device, seen)
        asked = partial(self._client.run, greet, on_error="return")
        greetings = yield from _aside(asked, self._pace, self._done)
        return agreed(greetings, self._catalogue.meta())

    def _count(self) -> int:
        """How many lists are worked on at a time; workers come and go."""
        if time.monotonic() - self._counted > COUNT or not self._threads:
            try:
                self._threads = sum(self._client.nthreads().values())
            except OSError as error:
                raise _gone() from error
            self._counted = time.monotonic()
        return self._threads

    def _size(self) -> int:
        left = len(self._found) - self._done
        return min(LIST, max(indexing.BATCH, math.ceil(left / (LISTS * self._count()))))

    def _send(self, lists: Iterator[list[FileState]], made_with: worker.Greeting) -> bool:
        """Hands out lists as far as there are workers for them; False when all are done."""
        while len(self._flying) < AHEAD * max(1, self._count()):
            files = self._pieces.popleft() if self._pieces else next(lists, None)
            if files is None:
                break
            at = self._folder / f"{_name(files, made_with)}.sqlite"
            order = worker.Order(
                tuple(files), at, self._spec, self._device, tuple(made_with.items()), PATIENCE
            )
            # another build's task of the same files must not be taken for this one's
            future = self._client.submit(worker.make, order, pure=False, retries=RETRIES)
            self._flying[future] = order
        return bool(self._flying)

    def _look(self) -> Progressing[None]:
        """Takes in what is done."""
        if self._pace.due():
            yield self._pace.at(self._done)
        for future in [each for each in self._flying if each.status not in ("pending", "lost")]:
            order = self._flying.pop(future)
            if future.status == "finished":
                yield from self._take(order)
            elif future.status == "error":
                self._fail(order, future.exception())
            else:
                raise _gone()
            yield self._pace.at(self._done)

    def _take(self, order: worker.Order) -> Progressing[None]:
        if not order.at.exists():
            raise StorageError(
                f"A worker has made a part that is not in {self._folder}.",
                "Library and photos must lie on a drive that all machines see under the same path.",
            )
        if not parts.is_whole(order.at):
            order.at.unlink()
            self._fail(
                order, StorageError(f"The drive of {self._folder} does not keep what is written to it.")
            )
            return
        for _ in parts.take(self._catalogue, order.at, part=True):
            yield self._pace.at(self._done)
        order.at.unlink()
        self._done += len(order.files)
        self._taken += 1

    def _fail(self, order: worker.Order, error: Exception) -> None:
        """Cuts a list up that cannot be done, or blames its only file."""
        from distributed import KilledWorker

        if isinstance(error, AdirError):
            raise error
        if len(order.files) > 1:
            step = math.ceil(len(order.files) / PIECES)
            files = list(order.files)
            self._pieces.extend(files[start : start + step] for start in range(0, len(files), step))
            return
        died = isinstance(error, KilledWorker)
        reason = (
            "The program that reads it stops, or does not come to an end." if died else explain(error).problem
        )
        self._found.failed[order.files[0].path] = reason
        self._done += 1
        self._blamed += 1
        if self._blamed >= HOPELESS and not self._taken:
            raise AdirError(
                f"The workers do not survive any photo ({reason})", "Look at what the workers themselves say."
            )


def _connect(workers: Workers, stack: ExitStack) -> Any:
    """A client of running workers; `stack` ends them, or only lets go of those of another's scheduler."""
    distributed = _distributed()
    import dask
    from distributed.utils import silence_logging_cmgr

    stack.enter_context(silence_logging_cmgr(logging.CRITICAL))
    if workers.scheduler:
        try:
            client = distributed.Client(workers.scheduler, timeout=CONNECT, set_as_default=False)
        except (OSError, ValueError) as error:
            raise NetworkError(
                f"The scheduler {workers.scheduler} cannot be reached.",
                "Start it with: dask scheduler; and on each machine: dask worker ADDRESS",
            ) from error
        return stack.enter_context(client)
    stack.enter_context(dask.config.set(_OWN))
    cluster = distributed.LocalCluster(
        n_workers=workers.processes,
        threads_per_worker=1,  # each reads ahead with threads of its own
        host="127.0.0.1",
        dashboard_address=None,
        preload=[worker.__name__],
        memory_limit=0,  # none: a worker's share is soon exceeded by a large photo, which the machine has room for
        silence_logs=logging.CRITICAL,
        scheduler_kwargs={"allowed_failures": DEATHS},
    )
    stack.enter_context(cluster)
    return stack.enter_context(distributed.Client(cluster, set_as_default=False))


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise BadInput("Building with several workers needs Dask.", INSTALL) from error
    return distributed


def _aside(work: Callable[[], T], pace: Pace, done: int) -> Progressing[T]:
    """Waits for something that takes seconds, with signs of life."""
    with ThreadPoolExecutor(1, thread_name_prefix="adir-cluster") as pool:
        working = pool.submit(work)
        while not wait([working], indexing.PATIENCE).done:
            yield pace.at(done)
        return working.result()


def _take_leftovers(catalogue: Catalogue, folder: Path) -> Progressing[None]:
    """Parts that were made for a build that was killed."""
    for part in sorted(folder.glob("[0-9a-f]*.sqlite")):
        if parts.is_whole(part):
            yield from parts.take(catalogue, part, part=True)
        part.unlink()


def _name(files: list[FileState], made_with: worker.Greeting) -> str:
    """A part's name: the same for the same files in the same state, read by the same."""
    return hashlib.sha256(repr((files, sorted(made_with.items()))).encode()).hexdigest()[:32]


def _gone() -> NetworkError:
    return NetworkError("The scheduler went away.", "Start it again, and build again: it goes on.")
