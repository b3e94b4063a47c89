"""What only a fresh process can tell: whether the libraries import and work here, and what they find.

A broken torch can end the whole process, and Qt aborts where it cannot open a window; so each is
tried in a child, which reports line by line and may die doing it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adir_desktop import interrupt
from adir_desktop.errors import AdirError

PATIENCE = 180  # seconds for a child: the first import from a cold disk is slow
ASKING = 0.2  # seconds between looks at whether the job was stopped
_MARK = "@adir "  # begins the lines that are the child's answers, whatever else the libraries print

_TRY_IMPORTS = f"""
import importlib, json, sys
def say(**answer): print("{_MARK}" + json.dumps(answer), flush=True)
for name in sys.argv[1:]:
    try:
        module = importlib.import_module(name)
        if name == "torchvision":
            import torch
            torch.ops.torchvision.nms(torch.zeros(1, 4), torch.zeros(1), 0.5)
        say(done=name, version=str(getattr(module, "__version__", "")), problem="")
    except BaseException as error:
        say(done=name, version="", problem=f"{{type(error).__name__}}: {{error}}")
torch = sys.modules.get("torch")
if hasattr(torch, "cuda"):
    cuda = [torch.cuda.get_device_properties(i) for i in range(torch.cuda.device_count())]
    say(cuda=[[gpu.name, gpu.total_memory] for gpu in cuda], built_for=torch.version.cuda or "",
        threads=torch.get_num_threads())
"""

_TRY_QT = f"""
import json, sys
from PySide6 import QtCore, QtGui, QtWidgets
version = QtCore.qVersion()
if sys.argv[1] == "window":
    QtGui.QGuiApplication([])
print("{_MARK}" + json.dumps({{"version": version}}), flush=True)
"""

_PACKAGES = {  # library that Qt loads -> its package on Debian and Ubuntu
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libOpenGL.so.0": "libopengl0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
}


@dataclass(frozen=True)
class Imports:
    """Which modules import. problems: by module, the error in one line; device: what torch sees."""

    versions: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    device: Mapping[str, Any] = field(default_factory=dict)


def try_imports(modules: tuple[str, ...]) -> Imports:
    """Imports the modules in this order in a child process; behind one that kills it, in another child."""
    versions: dict[str, str] = {}
    problems: dict[str, str] = {}
    device: dict[str, Any] = {}
    left = list(modules)
    while left:
        answers, ending = _ask(_TRY_IMPORTS, *left)
        for answer in answers:
            if "done" in answer:
                left.remove(answer["done"])
                versions[answer["done"]] = answer["version"]
                if answer["problem"]:
                    problems[answer["done"]] = one_line(answer["problem"])
            else:
                device = answer
        if left:
            problems[left.pop(0)] = f"importing it ended the process ({ending})"
    return Imports(versions, problems, device)


def try_qt(*, window: bool) -> tuple[str, str]:
    """Qt's version and the error that keeps it from loading, or with `window` from opening one; either is ""."""
    answers, ending = _ask(_TRY_QT, "window" if window else "import")
    return (answers[0]["version"], "") if answers else ("", ending)


def can_show_windows() -> bool:
    """Whether there is a display; only X11 and Wayland have a way to tell."""
    wanted = os.environ.get("QT_QPA_PLATFORM", "")
    if sys.platform in ("win32", "darwin") or wanted.partition(":")[0] in ("offscreen", "minimal", "vnc"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def explain_qt(text: str) -> AdirError:
    """Words for what Qt or its import printed when it failed."""
    needed = re.search(r"(lib[\w.+-]+\.so[\d.]*)", text)
    if "No module named" in text:
        return AdirError("PySide6 is not installed.", "Install it: pip install PySide6-Essentials")
    if needed:
        library = needed[1]
        package = _PACKAGES.get(library)
        install = f"sudo apt install {package}, or " if package else ""
        return AdirError(
            f"Qt needs the system library {library}, which is missing.",
            f"Install it: {install}the package of your system that holds {library}.",
        )
    if "xcb-cursor" in text:  # Qt's own words for it
        return AdirError("Qt needs the system library libxcb-cursor.so.0.", "sudo apt install libxcb-cursor0")
    return AdirError(
        f"Qt does not work here ({one_line(text) or 'it gave no reason'}).",
        "Install it again: pip install --force-reinstall PySide6-Essentials",
    )


def one_line(text: str, length: int = 300) -> str:
    """Text of a library on one line, and not too much of it."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"


def _ask(script: str, *arguments: str) -> tuple[list[dict[str, Any]], str]:
    """Runs a script in a child: its answers, and how it ended (its last words, or the signal)."""
    # -P keeps a stray torch.py of the current folder out of it
    command = [sys.executable, "-P", "-W", "ignore", "-c", script, *arguments]
    try:
        output, errors, status = _run(command)
    except subprocess.TimeoutExpired as error:
        return _answers(error.stdout or b""), f"no answer within {PATIENCE} s"
    except OSError as error:
        return [], f"no process could be started: {error}"
    words = errors.decode(errors="replace").strip()
    return _answers(output), one_line(words or _ending(status))


def _run(command: list[str]) -> tuple[bytes, bytes, int]:
    """What a child printed on both ways, and its status; it ends early when the job is stopped.

    Raises:
        TimeoutExpired: it took longer than `PATIENCE`; with what it had printed.
        Interrupted: the person asked to stop.
    """
    pipe = subprocess.PIPE
    deadline = time.monotonic() + PATIENCE
    with subprocess.Popen(  # noqa: S603  our own script
        command, stdout=pipe, stderr=pipe, stdin=subprocess.DEVNULL
    ) as child:
        while True:
            try:
                output, errors = child.communicate(timeout=ASKING)
            except subprocess.TimeoutExpired:
                try:
                    interrupt.check()
                    if time.monotonic() > deadline:
                        raise
                except (interrupt.Interrupted, subprocess.TimeoutExpired):
                    child.kill()
                    raise
            else:
                return output, errors, child.returncode


def _ending(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"exit status {status}"


def _answers(output: bytes) -> list[dict[str, Any]]:
    lines = output.decode(errors="replace").splitlines()
    return [json.loads(line[len(_MARK) :]) for line in lines if line.startswith(_MARK)]
