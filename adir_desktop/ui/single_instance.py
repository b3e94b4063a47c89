"""One window a person: a second start hands its photos to the first and ends."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

import hashlib
import json
import logging
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QLockFile, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from adir_desktop import places

log = logging.getLogger(__name__)

PATIENCE = 3000  # ms for the first one's answer: it may be busy with a large photo for a moment
CONNECTING = 500  # ms
SPEAKING = 5000  # ms that a caller may take to say what it wants
LONGEST = 1_000_000  # bytes of a message; hundreds of photos
ANSWER = b"ok\n"
SOCKET_NAME = 100  # bytes that every system takes as the path of a socket


class SingleInstance(QObject):
    """The first to claim the name answers all who come later.

    opened tells the photos of a later start (or of the system's "open with"), and is heard without photos
    too: in either case the window should come to the front.
    """

    opened = Signal(object)  # tuple[Path, ...]

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)
        self._heard: dict[QLocalSocket, bytes] = {}
        app = QCoreApplication.instance()
        if sys.platform == "darwin" and app is not None:
            opens = FileOpens(self)
            opens.opened.connect(self.opened)
            app.installEventFilter(opens)

    def claim(self, paths: Sequence[Path] = ()) -> bool:
        """True: this is the only one, and it answers from now on. False: the running one took the photos.

        One that does not answer in time is passed over, so that a person always gets a window.
        """
        lock = QLockFile(str(_lock_path()))
        lock.setStaleLockTime(10_000)
        locked = lock.tryLock(2 * PATIENCE)  # two that start at once must not take each other for stale
        try:
            if _hand_over(paths):
                return False
            QLocalServer.removeServer(server_name())  # what a crash may have left
            if not self._server.listen(server_name()):
                log.warning("other starts cannot be heard: %s", self._server.errorString())
            return True
        finally:
            if locked:
                lock.unlock()

    def close(self) -> None:
        """Answers nobody from now on."""
        self._server.close()
        for socket in tuple(self._heard):
            self._leave(socket)

    @Slot()
    def _greet(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            self._heard[socket] = b""
            socket.readyRead.connect(partial(self._listen, socket))
            socket.disconnected.connect(partial(self._leave, socket))
            timer = QTimer(socket)  # one that connects and says nothing is not kept
            timer.setSingleShot(True)
            timer.timeout.connect(partial(self._tire, socket))
            timer.start(SPEAKING)
            self._listen(socket)

    def _listen(self, socket: QLocalSocket) -> None:
        if socket not in self._heard:
            return
        self._heard[socket] += bytes(socket.readAll().data())
        message, ended, _ = self._heard[socket].partition(b"\n")
        if len(message) > LONGEST:
            log.warning("a message that is too long was refused")
            socket.abort()
        elif ended:
            paths = read_message(message)
            if paths is None:
                log.warning("a message that makes no sense was refused")
                socket.abort()
                return
            self._heard[socket] = b""
            socket.write(ANSWER)
            socket.flush()
            socket.disconnectFromServer()
            self.opened.emit(paths)

    def _tire(self, socket: QLocalSocket) -> None:
        if socket in self._heard:
            socket.abort()

    def _leave(self, socket: QLocalSocket) -> None:
        if self._heard.pop(socket, None) is not None:
            socket.deleteLater()


class FileOpens(QObject):
    """An event filter for the application: how macOS says which files to open."""

    opened = Signal(object)  # tuple[Path, ...]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Takes these events, and no others."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self.opened.emit((Path(event.file()),))
            return True
        return super().eventFilter(watched, event)


def server_name() -> str:
    """One for each person and each place where the program keeps its data."""
    who = f"{os.getuid() if hasattr(os, 'getuid') else os.environ.get('USERNAME', '')}"
    digest = hashlib.sha256(f"{who} {places.data_dir().absolute()}".encode()).hexdigest()[:16]
    name = f"adir-desktop-{digest}"
    folder = os.environ.get("XDG_RUNTIME_DIR", "")  # nobody else can write there
    if os.name == "posix" and os.path.isdir(folder) and len(f"{folder}/{name}".encode()) < SOCKET_NAME:  # noqa: PTH112
        return f"{folder}/{name}"
    return name


def read_message(message: bytes) -> tuple[Path, ...] | None:
    """The absolute paths of a message; None where it is not one of ours."""
    try:
        paths = json.loads(message)["paths"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if not isinstance(paths, list) or not all(isinstance(path, str) and "\0" not in path for path in paths):
        return None
    found = tuple(map(Path, paths))
    return found if all(path.is_absolute() for path in found) else None


def _hand_over(paths: Sequence[Path]) -> bool:
    """Whether a running one took the photos."""
    socket = QLocalSocket()
    socket.connectToServer(server_name())
    if not socket.waitForConnected(CONNECTING):
        return False
    message = json.dumps({"paths": [str(path.absolute()) for path in paths]})
    socket.write(message.encode() + b"\n")
    answer = b""
    while len(answer) < len(ANSWER) and socket.waitForReadyRead(PATIENCE):
        answer += bytes(socket.readAll().data())
    socket.abort()
    return answer == ANSWER


def _lock_path() -> Path:
    """Beside the data; the folder is made, as the lock cannot."""
    folder = places.cache_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        log.warning("no lock in %s", folder)
    return folder / "starting.lock"
