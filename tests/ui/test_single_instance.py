"""A second start hands its photos to the first, whatever else knocks at the socket."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from pytestqt.qtbot import QtBot

from adir_desktop.ui import single_instance
from adir_desktop.ui.single_instance import FileOpens, SingleInstance, read_message, server_name

ROOT = Path(single_instance.__file__).parents[2]
SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from adir_desktop.ui.single_instance import SingleInstance
app = QCoreApplication([])
print("mine" if SingleInstance().claim([Path(name) for name in sys.argv[1:]]) else "handed over", flush=True)
"""
CRASH = SECOND + "import os; os.kill(os.getpid(), 9)"


@pytest.fixture
def first(qtbot: QtBot) -> Iterator[SingleInstance]:
    """The one that runs already; heard holds what later starts wanted."""
    instance = SingleInstance()
    instance.heard = []
    instance.opened.connect(instance.heard.append)
    assert instance.claim()
    yield instance
    instance.close()


def second(script: str, *photos: str, cwd: Path) -> subprocess.Popen[str]:
    env = os.environ | {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", script, *photos]
    return subprocess.Popen(command, env=env, cwd=cwd, stdout=subprocess.PIPE, text=True)


def knock(first: SingleInstance, qtbot: QtBot, message: bytes) -> bytes:
    """Says something to the first one; its answer."""
    socket = QLocalSocket()
    socket.connectToServer(server_name())
    assert socket.waitForConnected(1000)
    socket.write(message)
    state = QLocalSocket.LocalSocketState.UnconnectedState
    qtbot.waitUntil(lambda: socket.state() == state, timeout=8000)
    return bytes(socket.readAll().data())


def test_a_second_start_hands_over_and_ends(first, qtbot: QtBot, tmp_path: Path) -> None:
    child = second(SECOND, "my photo.png", "/abs/b.jpg", cwd=tmp_path)
    qtbot.waitUntil(lambda: child.poll() is not None, timeout=20000)
    assert child.communicate()[0] == "handed over\n"
    assert first.heard == [(tmp_path / "my photo.png", Path("/abs/b.jpg"))]


def test_a_start_without_photos_raises_the_window(first, qtbot: QtBot, tmp_path: Path) -> None:
    child = second(SECOND, cwd=tmp_path)
    qtbot.waitUntil(lambda: child.poll() is not None, timeout=20000)
    child.communicate()
    assert first.heard == [()]


def test_what_a_crash_left_is_no_running_window(qtbot: QtBot, tmp_path: Path) -> None:
    child = second(CRASH, cwd=tmp_path)
    assert child.communicate(timeout=20)[0] == "mine\n"
    assert child.returncode == -9
    instance = SingleInstance()
    assert instance.claim()
    child = second(SECOND, "/x.png", cwd=tmp_path)
    with qtbot.waitSignal(instance.opened, timeout=20000) as heard:
        pass
    assert heard.args == [(Path("/x.png"),)]
    qtbot.waitUntil(lambda: child.poll() is not None, timeout=20000)
    child.communicate()
    instance.close()


def test_one_that_does_not_answer_is_passed_over(qtbot: QtBot, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(single_instance, "PATIENCE", 200)
    silent = QLocalServer()
    assert silent.listen(server_name())
    instance = SingleInstance()
    assert instance.claim([Path("/a.png")])
    instance.close()
    silent.close()


@pytest.mark.parametrize(
    "message",
    [
        *(b"\n", b"GET / HTTP/1.1\r\n\n", b'{"paths": 3}\n', b'{"paths": [1]}\n', b"[]\n", b"\xff\xfe\n"),
        *(b'{"paths": ["relative.png"]}\n', b'{"paths": ["/a\\u0000b"]}\n', b"[" * 90_000 + b"\n"),
    ],
)
def test_nonsense_is_refused(first, qtbot: QtBot, message: bytes) -> None:
    assert knock(first, qtbot, message) == b""
    assert first.heard == []
    assert knock(first, qtbot, b'{"paths": []}\n') == b"ok\n"


def test_an_endless_message_is_cut_off(first, qtbot: QtBot) -> None:
    assert knock(first, qtbot, b"x" * (single_instance.LONGEST + 10)) == b""
    assert first.heard == []


def test_one_that_says_nothing_is_let_go(first, qtbot: QtBot, monkeypatch) -> None:
    monkeypatch.setattr(single_instance, "SPEAKING", 200)
    assert knock(first, qtbot, b'{"paths": [') == b""


def test_every_person_and_every_home_has_its_own_name(monkeypatch, tmp_path: Path) -> None:
    before = server_name()
    monkeypatch.setenv("ADIR_HOME", str(tmp_path / "other"))
    assert server_name() != before
    monkeypatch.setattr(os, "getuid", lambda: 4242)
    assert len({before, server_name()}) == 2
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/tmp")
    assert server_name().startswith("/tmp/adir-desktop-")
    (tmp_path / ("x" * 90)).mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / ("x" * 90)))
    assert "/" not in server_name()  # too long for a socket


def test_messages_are_absolute_paths() -> None:
    assert read_message(b'{"paths": ["/a/b.png", "/c d.png"]}') == (Path("/a/b.png"), Path("/c d.png"))


def test_open_with_on_macos_arrives(qtbot: QtBot, qapp) -> None:
    opens = FileOpens()
    qapp.installEventFilter(opens)
    with qtbot.waitSignal(opens.opened) as heard:
        QCoreApplication.sendEvent(qapp, QFileOpenEvent("/photos/a.png"))
    assert heard.args == [(Path("/photos/a.png"),)]
    qapp.removeEventFilter(opens)
