"""A model server on this machine that misbehaves as it is told, and counts every byte it sends."""

from __future__ import annotations

import hashlib
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "c" * 40
PIECE = 2**16


@dataclass
class Served:
    """One file. faults: what the next GETs do wrong, one each; always: what all others do.

    hub: it is described as Hugging Face describes its large files. headers: further ones of its answers.
    """

    content: bytes
    etag: str = ""
    hub: bool = True
    faults: list[str] = field(default_factory=list)
    always: str = ""
    head_status: int = 200
    head_silent: bool = False
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.etag = self.etag or hashlib.sha256(self.content).hexdigest()


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, Served] = {}
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.starts: list[tuple[str, int]] = []
        self.sent = 0
        self.lock = threading.Lock()
        self.ending = threading.Event()
        self.pause = 0.0  # seconds between two pieces
        self.retry_after = "0"  # told with 429 and 503
        self.buffer = 0  # bytes that the system may hold back for the sender, 0 as it likes

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request, client_address) -> None:
        """A client that hangs up is no error."""


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # an answer's head and body are two writes: the second would wait

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def find(self) -> Served | None:
        path = self.path.lstrip("/").replace(f"/resolve/{COMMIT}/", "/resolve/main/")
        return self.server.files.get(path)

    def do_HEAD(self) -> None:
        self.note()
        served = self.find()
        if served is None or served.head_status != 200:
            self.plain(404 if served is None else served.head_status)
            return
        if served.head_silent:
            self.wait()
            return
        self.send_response(302 if served.hub else 200)
        if served.hub:
            self.send_header("X-Linked-Size", str(len(served.content)))
            self.send_header("X-Linked-Etag", f'"{served.etag}"')
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("Location", "http://nowhere.invalid/signed")
            self.send_header("Content-Length", "0")
        else:
            self.send_header("ETag", f'"{served.etag}"')
            self.send_header("Content-Length", str(len(served.content)))
        self.end_headers()

    def do_GET(self) -> None:
        self.note()
        served = self.find()
        if served is None:
            self.plain(404)
            return
        fault = served.faults.pop(0) if served.faults else served.always
        if fault in ("401", "404", "429", "500", "503"):
            self.plain(int(fault))
            return
        if fault.startswith("redirect:"):
            self.send_response(302)
            self.send_header("Location", fault.removeprefix("redirect:"))
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if fault == "silent":
            self.wait()
            return
        self.answer(served, fault)

    def answer(self, served: Served, fault: str) -> None:
        content = served.content
        if fault == "wrong":
            content = bytes(len(content))
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(asked[1]) if asked and "ignores" not in fault else 0
        condition = self.headers.get("If-Range")
        if condition is not None and condition != f'"{served.etag}"':
            start = 0
        if start > len(content):
            self.plain(416)
            return
        part = asked is not None and start > 0
        body = content[start:]
        self.server.starts.append((self.path, start))
        length = len(body)
        if fault == "more":
            body += b"more" * 100
        if fault == "longer":
            body += b"more" * 100
            length = len(body)
        self.send_response(206 if part else 200)
        if part:
            told = start + 1000 if fault == "lies" else start
            self.send_header("Content-Range", f"bytes {told}-{len(content) - 1}/{len(content)}")
        if fault == "lies" and part:
            body = content[: len(body)]  # the beginning, where the rest was asked for
        if fault == "secretly" and part:
            body = content[: len(body)]  # the same, and the header says the right thing
        if fault == "fewer":
            length //= 2
        self.send_header("ETag", f'"{served.etag}"')
        for name, value in served.headers.items():
            self.send_header(name, value)
        if fault == "more":
            self.send_header("Connection", "close")
            self.close_connection = True
        else:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        self.send(body, fault)

    def send(self, body: bytes, fault: str) -> None:
        end = len(body)
        kind, _, number = fault.rpartition("+")[2].partition(":")
        if kind in ("cut", "stall"):
            end = min(end, int(number))
        if self.server.buffer:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, self.server.buffer)
        for at in range(0, end, PIECE):
            piece = body[at : min(at + PIECE, end)]
            self.wfile.write(piece)
            with self.server.lock:
                self.server.sent += len(piece)
            if self.server.pause:
                time.sleep(self.server.pause)
        if kind == "cut":
            self.close_connection = True
        if kind == "stall":
            self.wait()

    def wait(self) -> None:
        self.server.ending.wait(20)
        self.close_connection = True

    def note(self) -> None:
        self.server.asked.append((self.command, self.path, dict(self.headers)))

    def plain(self, status: int) -> None:
        self.send_response(status)
        if status in (429, 503):
            self.send_header("Retry-After", self.server.retry_after)
        self.send_header("Content-Length", "0")
        self.end_headers()


@contextmanager
def serving() -> Iterator[Server]:
    """The server, until the block ends."""
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.ending.set()
        server.shutdown()
        server.server_close()
        thread.join()


def catalogue(server: str, *, checksum: str = "", size: int = 0, becomes: str = "") -> str:
    """A catalogue that offers a model of a hub, `pair`, and a single file of another server, `single`."""
    known = f'bytes = {size}\nsha256 = "{checksum}"\n' if checksum else ""
    turned = f'becomes = "{becomes}"\n' if becomes else ""
    words = 'licence = "Careful"\nlicence_url = "https://example.org/licence"\nlimits = "no harm"\nmemory = 1000\n'
    return (
        "models = []\n"
        f'[[offers]]\nname = "pair"\ntitle = "Pair"\npurpose = "for tests"\n{words}about = 3000000\n'
        'repository = "org/pair"\nmirrors = ["mirror/pair"]\n'
        'files = [\n{ path = "config.json" },\n{ path = "unet/big.safetensors", instead = ["unet/other.safetensors"] },\n'
        '{ path = "README.md", optional = true },\n]\n'
        'marks = [{ file = "config.json", key = "kind.name", value = "pair" }]\n'
        f'[[offers]]\nname = "single"\ntitle = "Single"\npurpose = "for tests"\n{words}'
        f'[[offers.files]]\npath = "net.pt"\nurls = ["{server}/net.pt", "{server}/mirror/net.pt"]\n{known}{turned}'
    )
