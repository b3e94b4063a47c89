"""What a worker of a cluster does: it makes parts of a library, and says beforehand whether it can."""

from __future__ import annotations

import faulthandler
import os
import signal
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from adir_desktop import __version__
from adir_desktop.contract import Progress
from adir_desktop.engine import encoder as encoders
from adir_desktop.engine import parts
from adir_desktop.engine.catalogue import FileState
from adir_desktop.errors import LibraryError, explain

Greeting = dict[str, str]


@dataclass(frozen=True)
class Order:
    """A part to be made: of which files, at which place that all machines see, with the encoder `spec`.

    made_with: what all workers greeted with. patience: seconds without a file being done until the worker gives up.
    """

    files: tuple[FileState, ...]
    at: Path
    spec: str
    device: str
    made_with: tuple[tuple[str, str], ...]
    patience: float


def dask_setup(_worker: object) -> None:
    """Called by Dask in each process of a cluster of ours, which preloads this module.

    A terminal's Ctrl-C reaches the whole group of processes; they are ended by the one that started them.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def make(order: Order) -> None:
    """Makes the part, on a worker. One that stands still ends itself, so that the file it hangs in is found like one
    that kills it; its nanny starts another.

    Raises:
        LibraryError: this worker came later and is not as the others.
        ModelError, StorageError: as `make_part`.
    """
    from distributed import get_worker

    encoder = encoders.load_encoder(order.spec, order.device)
    mine = {"version": __version__, "encoder": encoder.id, "preprocessing": encoder.preprocessing}
    if mine != dict(order.made_with):
        raise LibraryError(
            "A worker that joined has another version of the program or of its encoder.",
            "Install the same on all machines, and build again: it goes on.",
        )
    best = -1.0
    scratch = Path(get_worker().local_directory)  # which Dask clears away after workers that died
    with ExitStack() as stack:
        nowhere = stack.enter_context(Path(os.devnull).open("w"))
        stack.callback(faulthandler.cancel_dump_traceback_later)
        try:
            for event in parts.make_part(order.files, order.at, order.spec, order.device, scratch):
                if isinstance(event, Progress) and event.done > best:
                    best = event.done
                    # its clock runs in C: a decoder that never returns cannot hold it up
                    faulthandler.dump_traceback_later(order.patience, exit=True, file=nowhere)
        except OSError as error:  # of this machine, so no reason to suspect a file
            raise explain(error) from error


def greeter(spec: str, device: str, seen: Path) -> Callable[[], Greeting]:
    """What to ask a worker first: a function that is sent as a whole, since this program may be missing there.

    It answers with `version`, `encoder` and `preprocessing`, or with a `problem` and its `remedy`. seen: a file that
    the worker must see.
    """

    def greet() -> Greeting:
        import pathlib

        try:
            from adir_desktop import __version__
            from adir_desktop.engine import encoder as encoders
            from adir_desktop.errors import AdirError
        except ImportError as error:
            return {
                "problem": f"adir-desktop is not installed there ({error}).",
                "remedy": "Install the same version on every machine.",
            }
        if not pathlib.Path(seen).exists():
            return {
                "problem": f"it does not see the folder {pathlib.Path(seen).parent}.",
                "remedy": "Library and photos must lie on a drive that all machines see under the same path.",
            }
        try:
            encoder = encoders.load_encoder(spec, device)
        except AdirError as error:
            return {"problem": error.problem, "remedy": error.remedy, "version": __version__}
        return {"version": __version__, "encoder": encoder.id, "preprocessing": encoder.preprocessing}

    return greet
