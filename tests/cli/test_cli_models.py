"""`adir models`: listed, fetched, taken in, checked, removed, moved."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from model_server import Served, Server, catalogue, serving

from adir_desktop import settings
from adir_desktop.engine import weights
from adir_desktop.engine.store import offers
from adir_desktop.places import models_dir, resource

BIG = bytes(range(256)) * 4000
CONFIG = b'{"kind": {"name": "pair"}}'


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server with a model of two files and one of a single file; the environment names no other."""
    with serving() as server:
        server.files = {
            "org/pair/resolve/main/config.json": Served(CONFIG),
            "org/pair/resolve/main/unet/big.safetensors": Served(BIG),
            "net.pt": Served(BIG, etag="v1", hub=False),
        }
        sheet = tmp_path / "catalogue" / "models.toml"
        sheet.parent.mkdir()
        sheet.write_text(catalogue(server.url, checksum=hashlib.sha256(BIG).hexdigest(), size=len(BIG)))
        for module in (offers, weights):
            monkeypatch.setattr(module, "resource", sheet.parent.joinpath)
        monkeypatch.setenv("ADIR_OFFLINE", "0")
        monkeypatch.delenv("HF_ENDPOINT", raising=False)
        monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
        yield server


@pytest.fixture
def damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "resources"
    shutil.copytree(resource("starter"), root / "starter")
    shutil.copy(resource("models.toml"), root)
    (root / "starter/encoder/open_clip_config.json").write_text("{}")
    monkeypatch.setattr(weights, "resource", root.joinpath)


def test_models_are_listed_with_their_licences(adir) -> None:
    ran = adir("models", "list")
    assert ran.code == 0
    for word in ("starter-denoiser", "starter-encoder", "non-commercial"):
        assert word in ran.out
    (line,) = adir("models", "list", "--json").lines
    assert {model["name"] for model in line["models"]} == {
        "starter-denoiser",
        "starter-encoder",
        "dirac-embedded-blur",
        "dirac-embedded-inpaint",
    }


def test_models_are_whole(adir) -> None:
    assert adir("models", "verify").code == 0
    (line,) = adir("models", "verify", "--json").lines
    assert line["ok"] is True


@pytest.mark.usefixtures("damaged")
def test_a_damaged_model_is_named(adir) -> None:
    ran = adir("models", "verify")
    assert ran.code == 1
    assert "open_clip_config.json" in ran.out
    assert "Install" in ran.problem
    ran = adir("models", "verify", "--json")
    assert ran.code == 1
    (line,) = ran.lines
    assert line["problems"]["starter-denoiser"] == []
    assert "open_clip_config.json" in line["problems"]["starter-encoder"][0]


def test_what_can_be_fetched_is_listed_and_shown(adir) -> None:
    ran = adir("models", "list")
    for word in (
        "guided-diffusion",
        "stable-diffusion-x4-upscaler",
        "weights for research only",
        "about 2.2 GB",
    ):
        assert word in ran.out
    (line,) = adir("models", "list", "--json").lines
    rows = {row["name"]: row for row in line["to_fetch"]}
    assert rows["mobileclip2-s0"]["installed"] is False
    assert rows["clip-vit-b-32"]["bytes"] == 605_000_000
    ran = adir("models", "show", "guided-diffusion")
    assert "not to be deployed commercially" in ran.out
    assert "model-card.md" in ran.out
    (line,) = adir("models", "show", "starter-denoiser", "--json").lines
    assert (line["installed"], line["embedded"]) == (True, True)
    assert "Use restriction" in line["terms"]
    assert "guided-diffusion" in adir("models", "show", "nothing").problem


def test_a_model_is_fetched_when_its_licence_is_accepted(adir, server: Server) -> None:
    ran = adir("models", "fetch", "pair", "--endpoint", server.url)
    assert ran.code == 2
    assert "no harm" in ran.err
    assert "--accept-licence" in ran.problem
    assert server.asked == []
    ran = adir("models", "fetch", "pair", "--endpoint", server.url, "--accept-licence")
    assert (ran.code, ran.out) == (0, f"Installed 'pair' in {models_dir() / 'pair'}\n")
    assert "Fetching: 1.0 of 1.0 MB" in ran.err
    assert adir("models", "verify", "pair").code == 0
    assert "installed already" in adir("models", "fetch", "pair", "--accept-licence").problem
    (line,) = adir("models", "remove", "pair", "--json").lines
    assert line == {"removed": "pair"}
    assert "not installed" in adir("models", "remove", "pair").problem


def test_programs_follow_a_fetch(adir, server: Server) -> None:
    lines = adir(
        "models", "fetch", "pair", "--endpoint", server.url, "--accept-licence", "--events", "json"
    ).lines
    assert {line.get("stage") for line in lines} >= {"ask", "fetch"}
    (model,) = lines[-1]["models"]
    assert (model["name"], model["installed"], model["problem"]) == ("pair", True, "")
    (line,) = adir("models", "fetch", "nothing", "--accept-licence", "--json").lines
    assert "nothing" in line["error"]


def test_the_settings_of_the_window_count_here_too(adir, server: Server, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.delenv("ADIR_OFFLINE")
    before = dict(os.environ)
    settings.save(settings.Settings(offline=True, models_folder=str(tmp_path / "large"), endpoint=server.url))
    ran = adir("models", "fetch", "pair", "--accept-licence")
    assert ran.code == 1
    assert "offline" in ran.problem
    monkeypatch.setenv("ADIR_OFFLINE", "0")  # the environment before the settings
    assert adir("models", "fetch", "pair", "--accept-licence").code == 0
    assert (tmp_path / "large" / "pair" / "model.toml").is_file()
    assert {name: os.environ.get(name) for name in ("ADIR_MODELS", "ADIR_ENDPOINT")} == {
        name: before.get(name) for name in ("ADIR_MODELS", "ADIR_ENDPOINT")
    }


@pytest.mark.usefixtures("server")
def test_files_of_ones_own_are_taken_in(adir, here: Path) -> None:
    (here / "net (1).pt").write_bytes(BIG)
    ran = adir("models", "import", here / "net (1).pt", "--copy")
    assert (ran.code, (here / "net (1).pt").exists()) == (0, True)
    assert "'single'" in ran.out
    assert adir("models", "remove", "single").code == 0
    (line,) = adir("models", "import", here / "net (1).pt", "--as", "single", "--json").lines
    assert [model["name"] for model in line["models"]] == ["single"]
    assert not (here / "net (1).pt").exists()
    assert "no file" in adir("models", "import", here / "nowhere").problem
    assert "no model" in adir("models", "import", here, "--as", "nothing").problem
    (models_dir() / "single" / "net.pt").write_bytes(b"x" * len(BIG))
    ran = adir("models", "verify")
    assert (ran.code, "fetch it again" in ran.problem) == (1, True)
    assert "single: " in ran.out
    assert "'no'" in adir("models", "verify", "no").problem


@pytest.mark.usefixtures("server")
def test_the_models_move_and_the_setting_with_them(adir, here: Path, tmp_path: Path, monkeypatch) -> None:
    (here / "net.pt").write_bytes(BIG)
    adir("models", "import", here / "net.pt")
    old, new = models_dir(), tmp_path / "elsewhere"
    ran = adir("models", "move", new)
    assert (ran.code, ran.out) == (0, f"The models are in {new}\n")
    assert settings.load()[0].models_folder == str(new)
    assert not old.exists()
    assert adir("models", "verify", "single").code == 0
    assert "already" in adir("models", "move", new).problem
    monkeypatch.setenv("ADIR_MODELS", str(tmp_path / "third"))
    assert "ADIR_MODELS" in adir("models", "move", tmp_path / "fourth").problem


@pytest.mark.skipif(os.name != "posix", reason="signals of this kind are POSIX's")
def test_ctrl_c_pauses_and_the_same_command_goes_on(server: Server, tmp_path: Path, home: Path) -> None:
    """In a process of its own, as a person has it: the parts stay, the second run asks for the rest."""
    server.pause = 0.05
    code = (
        "import sys; from pathlib import Path\n"
        "from adir_desktop.engine import weights; from adir_desktop.engine.store import offers\n"
        "weights.resource = offers.resource = Path(sys.argv[1]).joinpath\n"
        "from adir_desktop.__main__ import main\n"
        "sys.exit(main(sys.argv[2:]))\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "catalogue"), "models", "fetch", "single"]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    accepted = [*command, "--accept-licence", "--events", "json"]
    process = subprocess.Popen(accepted, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while server.sent < 300_000:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "error" in json.loads(out.splitlines()[-1])
    server.pause = 0.0
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert (home / "data" / "models" / "single" / "net.pt").read_bytes() == BIG
    assert server.sent <= len(BIG) + 2**18
