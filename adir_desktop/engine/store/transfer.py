"""One file from a server onto the disk: resumed where an earlier try ended, and never trusted before its check.

What has come lies in a `.part` file; a note beside it says which version of which file it is a beginning of.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path

import requests

from adir_desktop.engine.store import network
from adir_desktop.engine.store.network import TROUBLE, Refusal, Trouble, Wires, explain_trouble, host_of
from adir_desktop.errors import NetworkError, explain
from adir_desktop.files import write_atomic

CHUNK = 2**18  # bytes at most between two writes: what a kill can lose
READ = 2**22  # bytes hashed at once of what is there already
RESTARTS = 3  # of one file from its beginning, before a source is given up
PROGRESS = 2**20  # bytes that make a try worth repeating without limit
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
_LASTING = (401, 402, 403, 404, 405, 406, 410, 451)


class Stopped(Exception):
    """The job ends; nothing went wrong."""


@dataclass(frozen=True)
class Remote:
    """What a server says of a file. etag: of this version, "" unknown; sha256: hex, "" unknown; git: its
    git blob id, "" unknown. commit: the repository's version. told_by: who knew the checksum.
    """

    url: str
    size: int
    etag: str = ""
    sha256: str = ""
    git: str = ""
    commit: str = ""
    told_by: str = ""

    def same_as(self, other: Remote) -> bool:
        """The same content, wherever it lies."""
        if self.size != other.size:
            return False
        if self.sha256 or other.sha256:
            return self.sha256 == other.sha256
        return bool(self.etag) and self.etag == other.etag

    def may_be(self, other: Remote) -> bool:
        """The same content, as far as is known before it is fetched: a checksum of ours decides in the end."""
        unknown = bool(self.sha256) and not other.sha256 and self.size == other.size
        return unknown or self.same_as(other)


def look(wires: Wires, session: requests.Session, url: str) -> Remote:
    """Asks for a file's size and version, not for the file.

    Raises:
        Refusal: it is not there, or its size is not told. Trouble: no answer now.
    """
    with closing(wires.ask(session, "HEAD", url)) as answer:
        told = answer.headers
        if "X-Linked-Etag" not in told:
            check_status(answer, (200,))
        size = told.get("X-Linked-Size") or told.get("Content-Length", "")
        if not size.isdigit():
            raise Refusal("it does not say how large the file is")
        commit = told.get("X-Repo-Commit", "")
        etag = _plain(told.get("X-Linked-Etag") or told.get("ETag", ""))
        known = etag.lower() if commit else ""  # elsewhere an ETag may mean anything
        sha256 = known if re.fullmatch(r"[0-9a-f]{64}", known) else ""
        git = known if re.fullmatch(r"[0-9a-f]{40}", known) else ""
        by = "the server (X-Linked-Etag)" if sha256 else "the server (git blob id)" if git else ""
        return Remote(url, int(size), etag, sha256, git, commit, by)


def patiently(
    wires: Wires,
    work: Callable[[], None],
    moved: Callable[[], int],
    tell: Callable[[Trouble], None] = lambda _: None,
) -> None:
    """Repeats `work` while it fails with `Trouble`, more and more slowly; `moved` counts the bytes it has brought.
    tell: hears of each failure that is not the last.

    Raises:
        Trouble: as often as patience lasts without progress. Stopped: the job ends.
    """
    failed, before = 0, moved()
    while True:
        try:
            return work()
        except Trouble as trouble:
            if wires.stop.is_set():
                raise Stopped from trouble
            failed = 1 if moved() - before >= PROGRESS else failed + 1
            before = moved()
            if failed >= network.PATIENCE.tries:
                raise
            tell(trouble)
            wait = min(network.PATIENCE.first_wait * 2 ** (failed - 1), network.PATIENCE.longest_wait)
            wait *= random.uniform(0.7, 1.3)  # noqa: S311  so that files that failed together do not return together
            if wires.stop.wait(max(wait, min(trouble.wait or 0.0, network.PATIENCE.longest_wait))):
                raise Stopped from trouble


class Download:
    """One file on its way. path: where it is to lie when it is whole; work: the name, beside which the part
    and the note of what it is a part of lie until then; others: sources of the same content.

    done: bytes that are on the disk, read by other threads; brought: bytes that came over the network.
    """

    def __init__(self, remote: Remote, path: Path, work: Path, others: tuple[str, ...] = ()) -> None:
        self.remote, self.path, self.others = remote, path, others
        self._part = work.with_name(work.name + ".part")
        self._note = work.with_name(work.name + ".json")
        self.brought = self._restarts = 0
        self.sha256 = ""
        self._served = ""  # the ETag that came with the beginning of the part
        self._source = ""  # the address whose one answer all of the part came from, "" where it was resumed
        self._digest = hashlib.sha256()
        self.done = self._recall()

    def run(self, wires: Wires) -> None:
        """Brings the file, on a thread of its own.

        Raises:
            NetworkError: no source gives the right file. StorageError: the disk is full. Stopped: the job ends.
        """
        if self.sha256:
            return None
        reasons = []
        with closing(wires.session()) as session:
            self._hash_part(wires)
            for url in (self.remote.url, *self.others):
                self._restarts = 0
                try:
                    return self._from(wires, session, url)
                except (Refusal, Trouble) as error:
                    reasons.append(f"{host_of(url)}: {error}")
        raise NetworkError(
            f"{self.path.name} could not be fetched ({'; '.join(reasons)}).",
            "What has come is kept: try again later, choose another server, or import files that you have.",
        )

    def _from(self, wires: Wires, session: requests.Session, url: str) -> None:
        """Brings the file from one source, if that has this very content."""
        if url != self.remote.url and not self.remote.may_be(look(wires, session, url)):
            raise Refusal("it has another version of the file")
        patiently(wires, lambda: self._try(wires, session, url), lambda: self.brought)

    def _recall(self) -> int:
        """What an earlier run left of this very version; anything else is forgotten."""
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
            before = Remote(**note["remote"])
            kept = before.same_as(self.remote)
            self._served, finished = str(note["served"]), str(note["finished"])
        except (OSError, ValueError, KeyError, TypeError):
            kept, finished = False, ""
        if kept and finished and self.path.is_file() and self.path.stat().st_size == self.remote.size:
            self.sha256 = finished
            return self.remote.size
        size = self._part.stat().st_size if kept and self._part.is_file() else 0
        if size > self.remote.size:
            size = 0
        if size == 0:
            self._part.unlink(missing_ok=True)
            self._served = ""
        return size

    def _hash_part(self, wires: Wires) -> None:
        """The checksum's beginning."""
        if not self.done:
            return self._restart()
        with self._part.open("rb") as stream:
            while chunk := stream.read(READ):
                if wires.stop.is_set():
                    raise Stopped
                self._digest.update(chunk)
        return None

    def _try(self, wires: Wires, session: requests.Session, url: str) -> None:
        """One request for what is missing, and the check of the whole."""
        if self.done < self.remote.size or self.remote.size == 0:
            self._receive(wires, session, url)
        if wires.stop.is_set():
            raise Stopped
        found = self._digest.hexdigest()
        right = found == self.remote.sha256 if self.remote.sha256 else self._git_right(wires)
        if right:
            return self._finish(found)
        pure = self._source == url
        self._restart()
        if pure:
            raise Refusal("it sends something else: the checksum does not match")
        raise Trouble("the checksum does not match")

    def _receive(self, wires: Wires, session: requests.Session, url: str) -> None:
        headers = {"Range": f"bytes={self.done}-"} if self.done else {}
        if self.done and self._served:
            headers["If-Range"] = self._served
        with closing(wires.ask(session, "GET", url, headers)) as answer:
            self._take_up(answer, url)
            with self._part.open("r+b", buffering=0) as stream:
                stream.seek(self.done)
                while self.done < self.remote.size:
                    self._write(stream.write, self._read(wires, answer, self.remote.size - self.done))
            if answer.headers.get("Content-Length") is None and self._read(wires, answer, 1, last=True):
                self._restart()
                raise Trouble("it sends more than it said")

    def _take_up(self, answer: requests.Response, url: str) -> None:
        """Decides whether the answer goes on where the part ends, begins anew, or cannot be used."""
        if answer.status_code == 416:
            self._restart()
            raise Trouble("it does not know that part of the file")
        check_status(answer, (200, 206))
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            raise Refusal("it sends the file packed, which cannot be resumed")
        served = answer.headers.get("ETag", "")
        if answer.status_code == 206:
            self._check_range(answer, served)
            self._source = ""
        else:
            if self.done:
                self._restart()
            self._source, self._served = url, "" if served.startswith("W/") else served
            self._remember()
        length = answer.headers.get("Content-Length")
        if length is not None and length != str(self.remote.size - self.done):
            raise Refusal(f"it offers {length} bytes where {self.remote.size - self.done} are missing")

    def _check_range(self, answer: requests.Response, served: str) -> None:
        """A part is only taken where it says it belongs, and of the version that was begun with."""
        told = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
        size = str(self.remote.size)
        fits = told and self.done and int(told[1]) == self.done and told[3] in ("*", size)
        if not fits or (self._served and served and served != self._served):
            self._restart()
            raise Trouble("it sends another part than it was asked for, or of another version")

    def _read(self, wires: Wires, answer: requests.Response, most: int, *, last: bool = False) -> bytes:
        if wires.stop.is_set():
            raise Stopped
        try:
            chunk: bytes = answer.raw.read1(min(CHUNK, most), decode_content=False)
        except TROUBLE as error:
            raise Trouble(explain_trouble(error)) from error
        if not chunk and not last:
            raise Trouble("the connection was cut off")
        return chunk

    def _write(self, write: Callable[[bytes], int | None], chunk: bytes) -> None:
        view = memoryview(chunk)
        while view:
            try:
                written = write(view) or 0  # type: ignore[arg-type]
            except OSError as error:
                raise explain(error) from error
            self._digest.update(view[:written])
            self.done += written
            self.brought += written
            view = view[written:]

    def _restart(self) -> None:
        """From the beginning."""
        self._restarts += self.done > 0
        try:
            self._part.parent.mkdir(parents=True, exist_ok=True)
            self._part.write_bytes(b"")
        except OSError as error:
            raise explain(error) from error
        self.done, self._digest, self._served, self._source = 0, hashlib.sha256(), "", ""
        if self._restarts > RESTARTS:
            raise Refusal("it cannot resume, and never gets to the end")

    def _git_right(self, wires: Wires) -> bool:
        """Git's own checksum of a file: sha1 over its length and content."""
        if not self.remote.git:
            return True
        digest = hashlib.sha1(b"blob %d\0" % self.remote.size)  # noqa: S324  git's, against accidents only
        with self._part.open("rb") as stream:
            while chunk := stream.read(READ):
                if wires.stop.is_set():
                    raise Stopped
                digest.update(chunk)
        return digest.hexdigest() == self.remote.git

    def _finish(self, found: str) -> None:
        """On the disk for good before it gets its name."""
        try:
            with self._part.open("rb+") as stream:
                os.fsync(stream.fileno())
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._part.replace(self.path)
        except OSError as error:
            raise explain(error) from error
        self.sha256 = found
        self._remember()

    def _remember(self) -> None:
        note = {"remote": asdict(self.remote), "served": self._served, "finished": self.sha256}
        write_atomic(self._note, json.dumps(note).encode())


def check_status(answer: requests.Response, right: tuple[int, ...]) -> None:
    """Passes the right statuses. Raises Refusal: it will not change its mind. Trouble: it may, later."""
    status = answer.status_code
    if status in right:
        return
    if status in (401, 403):
        raise Refusal("it wants an account: fetch it with a browser and import it", missing=True)
    if status in _LASTING:
        raise Refusal(f"it does not have it (status {status})", missing=True)
    if status in (408, 425, 429) or status >= 500:
        raise Trouble(
            "it is too busy" if status == 429 else f"it has a problem (status {status})",
            _wait_asked(answer.headers.get("Retry-After", "")),
        )
    raise Refusal(f"its answer is of no use (status {status})")


def _wait_asked(told: str) -> float | None:
    """Seconds of a Retry-After, which names a number of them or a date; None where it is neither."""
    if told.isascii() and told.isdigit():
        return float(told)
    try:
        return max(0.0, parsedate_to_datetime(told).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None


def _plain(etag: str) -> str:
    return etag.removeprefix("W/").strip('"')
