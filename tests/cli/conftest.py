"""The command line, run in this process as a shell would run it, and small photos for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from small_photos import make_photo

from adir_desktop.__main__ import main
from adir_desktop.engine import plan


@dataclass(frozen=True)
class Ran:
    """code: the exit code. out, err: what was printed."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines; fails if anything else is among them."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def problem(self) -> str:
        """The one line of an error, the last there is; fails if there are more, or a traceback."""
        assert self.code in (1, 2, 130), f"exit code {self.code}"
        assert "Traceback" not in self.err
        lines = self.err.splitlines()
        assert [line.startswith("adir: ") for line in lines] == [False] * (len(lines) - 1) + [True]
        return lines[-1].removeprefix("adir: ")


Adir = Callable[..., Ran]


@pytest.fixture
def adir(capsys: pytest.CaptureFixture[str]) -> Adir:
    """Runs one command line: `adir("restore", photo, "--task", "upscale")`."""

    def run(*arguments: object) -> Ran:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return run


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder that is the current one."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def photo(here: Path) -> Path:
    return make_photo(here / "photo.png")


@pytest.fixture
def album(here: Path) -> Path:
    """A folder of five photos."""
    for seed in range(1, 6):
        make_photo(here / "album" / f"{seed}.png", 64, 56, seed)
    return here / "album"


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on no file can be finished."""

    def fail(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One precision (else both are timed first) and one thread: they only wait for each other on few pixels."""
    monkeypatch.setattr(plan, "pick_precision", lambda *_: torch.float32)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
