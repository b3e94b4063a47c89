"""The whole tree is formatted, linted and typed, and a wheel carries what the program needs."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("command", [("ruff", "check", "."), ("ruff", "format", "--check", ".")])
def test_ruff_finds_nothing(command: tuple[str, ...]) -> None:
    done = run(*command)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_types_are_strict_and_clean(tmp_path: Path) -> None:
    done = run("mypy", "--cache-dir", str(tmp_path / "mypy"))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_a_wheel_carries_the_resources(tmp_path: Path) -> None:
    """Built, unpacked elsewhere, and asked from there; the checkout is out of sight."""
    done = run("pip", "wheel", ".", "--no-deps", "--no-build-isolation", "-q", "-w", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = tmp_path.glob("adir_desktop-*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from adir_desktop import places\n"
        "from adir_desktop.engine import weights\n"
        "print(places.resource('samples', 'damaged', 'cat-small.png'))\n"
        "verdicts = [weights.verify(m) for m in weights.list_models()]\n"
        "assert verdicts and not any(v.problems for v in verdicts), verdicts\n"
    )
    asked = subprocess.run(
        [sys.executable, "-I", "-c", code, str(site)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    sample = Path(asked.stdout.strip())
    assert sample.is_file()
    assert sample.is_relative_to(site)


def test_the_readme_is_complete() -> None:
    """Every picture it shows is there, and no figure is left open."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    pictures = [part.split(")")[0] for part in text.split("](")[1:]]
    for link in pictures:
        if "://" not in link:
            assert (ROOT / link).exists(), link
    assert "FIGURES" not in text
