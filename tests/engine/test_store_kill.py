"""A fetch in its own process, killed at random moments: it goes on where it was, and fetches nothing twice."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from model_server import PIECE, Served, catalogue, serving

from adir_desktop.engine import weights
from adir_desktop.engine.store import offers
from adir_desktop.engine.store.transfer import CHUNK
from adir_desktop.places import models_dir

KILLS = 10
SIZE = 16_000_000


def start(root: Path, name: str) -> subprocess.Popen:
    driver = Path(__file__).with_name("fetch_driver.py")
    env = os.environ | {"ADIR_OFFLINE": "0", "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    command = [sys.executable, str(driver), str(root), name]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_ten_kills_cost_at_most_a_chunk_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(7)
    content = chance.randbytes(SIZE)
    with serving() as server:
        server.buffer, server.pause = PIECE, 0.006
        server.files["net.pt"] = Served(content, etag="v1", hub=False)
        sheet = catalogue(server.url, checksum=hashlib.sha256(content).hexdigest(), size=SIZE)
        (tmp_path / "models.toml").write_text(sheet)
        monkeypatch.setattr(offers, "resource", tmp_path.joinpath)
        part = models_dir() / ".fetching" / "single" / "parts" / "net.pt.part"
        written = []
        for kill in range(KILLS):
            process = start(tmp_path, "single")
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            before = server.sent
            wanted = chance.uniform(0.02, 0.08) * SIZE if kill else 0  # the first before any byte has come
            while server.sent - before < wanted:
                time.sleep(0.001)
            time.sleep(chance.uniform(0, 0.02))
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
            written.append(part.stat().st_size if part.exists() else 0)
        process = start(tmp_path, "single")
        out, _ = process.communicate(timeout=60)
        assert out.endswith("done\n")
        target = models_dir() / "single" / "net.pt"
        assert hashlib.sha256(target.read_bytes()).digest() == hashlib.sha256(content).digest()
        assert weights.installed_dir("single") == models_dir() / "single"
        assert written == sorted(written)
        assert written[-1] > SIZE // 10
        begun = [at for _, at in server.starts]
        assert set(begun[1:]) <= {0, *written}  # every byte that was on the disk was used
        again = server.sent - SIZE
        print(f"{KILLS} kills, {again} bytes of {SIZE} were sent twice")
        assert again <= KILLS * CHUNK
