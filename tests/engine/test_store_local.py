"""Models from files of this machine: taken in, used in a Hugging Face cache, moved to another folder."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
import torch
from model_server import catalogue

from adir_desktop.contract import Finished, Notice
from adir_desktop.engine import store_jobs, weights
from adir_desktop.engine.store import cards, moving, offers, taking_in
from adir_desktop.errors import BadInput, ModelError, RequestError, StorageError
from adir_desktop.places import models_dir

BIG = random.Random(3).randbytes(300_000)
CONFIG = b'{"kind": {"name": "pair"}}'


@pytest.fixture(autouse=True)
def sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The catalogue of the tests, and an empty cache."""
    path = tmp_path / "resources" / "models.toml"
    path.parent.mkdir()
    path.write_text(catalogue("https://example.invalid"))
    for module in (offers, weights):
        monkeypatch.setattr(module, "resource", path.parent.joinpath)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return path


def pair(folder: Path, *, big: str = "big", config: bytes = CONFIG) -> Path:
    (folder / "unet").mkdir(parents=True)
    (folder / "config.json").write_bytes(config)
    (folder / "unet" / f"{big}.safetensors").write_bytes(BIG)
    return folder


def cache(root: Path, repository: str = "org--pair") -> Path:
    """The layout that the hub's library keeps: blobs by checksum, snapshots of links to them."""
    home = root / f"models--{repository}"
    (home / "blobs").mkdir(parents=True)
    (home / "refs").mkdir()
    (home / "refs" / "main").write_text("abc")
    folder = home / "snapshots" / "abc"
    for name, content, blob in (
        ("config.json", CONFIG, "1" * 40),
        ("unet/big.safetensors", BIG, hashlib.sha256(BIG).hexdigest()),
    ):
        (home / "blobs" / blob).write_bytes(content)
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(os.path.relpath(home / "blobs" / blob, path.parent))
    return folder


def take(path: Path, name: str = "", *, keep: bool = False) -> tuple[str, ...]:
    steps = taking_in.take_in(path, name, keep=keep)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def result(job):
    *_, done = job
    assert isinstance(done, Finished)
    return done.result


def info(name: str):
    return next(model for model in result(store_jobs.list_models()) if model.name == name)


def card(name: str) -> dict:
    return tomllib.loads((models_dir() / name / "model.toml").read_text())


# Taking in


def test_a_folder_is_recognised_and_moves_in(tmp_path: Path) -> None:
    given = pair(tmp_path / "downloads" / "something")
    (given / "diary.txt").write_text("mine")
    (given / "unet" / "big.bin").write_text("pickle")
    assert take(given) == ("pair",)
    folder = weights.installed_dir("pair")
    assert (folder / "unet" / "big.safetensors").read_bytes() == BIG
    assert sorted(path.name for path in folder.rglob("*")) == [
        "big.safetensors",
        "config.json",
        "model.toml",
        "unet",
    ]
    assert sorted(path.name for path in given.rglob("*")) == ["big.bin", "diary.txt", "unet"]
    assert all("as it was given" in file["verified"] for file in card("pair")["files"])
    assert weights.verify(weights.find_model("pair")).problems == ()
    assert info("pair").offer is None


def test_a_copy_leaves_everything_where_it_was(tmp_path: Path) -> None:
    given = pair(tmp_path / "given", big="other")
    take(given, keep=True)
    assert (given / "unet" / "other.safetensors").read_bytes() == BIG
    copied = models_dir() / "pair" / "unet" / "other.safetensors"
    assert copied.read_bytes() == BIG
    assert not copied.samefile(given / "unet" / "other.safetensors")


def test_a_folder_that_is_empty_afterwards_goes_and_its_sign_stands_for_it(
    tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(taking_in, "SIGNS", ("config.json",))
    given = pair(tmp_path / "given")
    take(given / "config.json")
    assert not given.exists()


def test_without_second_names_it_is_copied_and_then_removed(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError(18, "cross-device")))
    given = pair(tmp_path / "given")
    take(given)
    assert not given.exists()
    assert weights.installed_dir("pair") is not None


def test_a_persons_word_counts_where_the_content_does_not_tell(tmp_path: Path) -> None:
    given = pair(tmp_path / "given", config=b"{}")
    with pytest.raises(RequestError, match="no model that the catalogue knows") as refusal:
        take(given)
    assert "--as" in refusal.value.remedy
    assert take(given, "pair") == ("pair",)


@pytest.mark.parametrize("name", ["", "pair"])
def test_what_is_missing_is_named(tmp_path: Path, name: str) -> None:
    given = pair(tmp_path / "given")
    (given / "unet" / "big.safetensors").unlink()
    with pytest.raises(RequestError, match=r"lacks files of Pair: unet/big\.safetensors"):
        take(given, name)
    assert (given / "config.json").exists()


def test_a_checkpoint_is_known_by_its_content(tmp_path: Path, sheet: Path) -> None:
    tensors = {"a": torch.arange(1000.0)}
    torch.save(tensors, tmp_path / "whatever it is called.bin")
    content = (tmp_path / "whatever it is called.bin").read_bytes()
    given = tmp_path / "my download (1).pt"
    given.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    sheet.write_text(
        catalogue("https://x.invalid", checksum=digest, size=len(content), becomes="net.safetensors")
    )
    assert take(given) == ("single",)
    assert not given.exists()
    assert (weights.installed_dir("single") / "net.safetensors").is_file()
    assert not (weights.installed_dir("single") / "net.pt").exists()
    weights.remove("single")
    given.write_bytes(content[:-1] + b"!")
    for name in ("single", ""):
        with pytest.raises((ModelError, RequestError), match=r"checksum|no model"):
            take(given, name)
    assert given.exists()


class Evil:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (str(self.folder),)


def test_a_checkpoint_with_code_in_it_is_refused_and_stays(tmp_path: Path, sheet: Path) -> None:
    given = tmp_path / "net.pt"
    torch.save({"a": torch.ones(2), "b": Evil(tmp_path / "made")}, given)
    content = given.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    sheet.write_text(
        catalogue("https://x.invalid", checksum=digest, size=len(content), becomes="net.safetensors")
    )
    with pytest.raises(ModelError, match="can run programs"):
        take(given)
    assert given.read_bytes() == content
    assert not (tmp_path / "made").exists()
    assert weights.installed_dir("single") is None


@pytest.mark.parametrize("what", ["nothing", "text", "folder", "unknown name", "installed", "several files"])
def test_what_cannot_be_taken_in_is_refused(tmp_path: Path, what: str) -> None:
    given, name = tmp_path / "given", ""
    if what == "text":
        given.write_text("hello")
    elif what == "folder":
        given.mkdir()
    elif what == "several files":
        given.write_text("hello")
        name = "pair"
    elif what != "nothing":
        pair(given)
        name = "no such model" if what == "unknown name" else ""
        if what == "installed":
            take(given, keep=True)
    with pytest.raises(BadInput) as refusal:
        take(given, name)
    assert refusal.value.remedy


def test_room_for_a_copy_is_made_sure_of(tmp_path: Path, monkeypatch) -> None:
    free = shutil.disk_usage("/")._replace(free=len(BIG))
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: free)
    with pytest.raises(StorageError, match="free"):
        take(pair(tmp_path / "given"), keep=True)
    assert take(tmp_path / "given") == ("pair",)


def test_a_model_put_there_by_hand_needs_no_card() -> None:
    folder = pair(models_dir() / "pair")
    assert weights.installed_dir("pair") == folder
    assert (info("pair").offer, info("pair").title) == (None, "Pair")
    (folder / "config.json").unlink()
    assert weights.installed_dir("pair") is None
    assert info("pair").offer is not None


# A Hugging Face cache


def test_a_cached_model_is_found_and_used_in_place(tmp_path: Path) -> None:
    snapshot = cache(tmp_path / "hub")
    assert weights.installed_dir("pair") is None  # nobody has agreed yet
    assert info("pair").offer.cached == snapshot
    models = {model.name: model for model in result(store_jobs.use_cached_model("pair"))}
    assert (models["pair"].folder, models["pair"].in_place, models["pair"].problem) == (snapshot, True, "")
    assert weights.installed_dir("pair") == snapshot
    assert [path.name for path in (models_dir() / "pair").iterdir()] == ["model.toml"]
    assert weights.verify(weights.find_model("pair")).problems == ()
    assert {file["sha256"] for file in card("pair")["files"]} == {
        hashlib.sha256(c).hexdigest() for c in (BIG, CONFIG)
    }
    blob = (snapshot / "unet" / "big.safetensors").resolve()
    blob.write_bytes(b"x" * len(BIG))
    assert "checksum" in weights.verify(weights.find_model("pair")).problems[0]
    blob.unlink()
    assert weights.installed_dir("pair") is None
    weights.remove("pair")
    assert (snapshot / "config.json").is_file()
    assert not (models_dir() / "pair").exists()


@pytest.mark.parametrize("which", ["hub", "hub/models--org--pair", "hub/models--org--pair/snapshots/abc"])
def test_importing_a_cache_uses_it_in_place(tmp_path: Path, which: str) -> None:
    snapshot = cache(tmp_path / "hub")
    assert take(tmp_path / which) == ("pair",)
    assert weights.installed_dir("pair") == snapshot
    assert (snapshot / "config.json").is_file()


def test_a_mirrors_cache_serves_and_an_incomplete_one_does_not(tmp_path: Path) -> None:
    snapshot = cache(tmp_path / "hub", "mirror--pair")
    assert info("pair").offer.cached == snapshot
    (snapshot / "unet" / "big.safetensors").resolve().unlink()
    assert info("pair").offer.cached is None
    with pytest.raises(RequestError, match="not in the cache"):
        result(store_jobs.use_cached_model("pair"))


@pytest.mark.parametrize("variable", ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME"])
def test_the_cache_is_where_the_hubs_library_has_it(tmp_path: Path, variable: str, monkeypatch) -> None:
    below = {"HF_HOME": "hub", "XDG_CACHE_HOME": "huggingface/hub"}.get(variable, "")
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, str(tmp_path / "place"))
    snapshot = cache(tmp_path / "place" / below)
    assert info("pair").offer.cached == snapshot


# Another folder


def switch(monkeypatch: pytest.MonkeyPatch, target: Path) -> list:
    """What a caller does once everything is there."""
    monkeypatch.setenv("ADIR_MODELS", str(target))
    return list(store_jobs.remove_old_models(target))


@pytest.mark.parametrize("one_drive", [True, False])
def test_the_models_move_and_nothing_else(tmp_path: Path, monkeypatch, one_drive: bool) -> None:
    if not one_drive:
        monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError(18, "cross-device")))
    old, new = tmp_path / "old", tmp_path / "new" / "deep"
    monkeypatch.setenv("ADIR_MODELS", str(old))
    take(pair(tmp_path / "given"))
    (old / "mine").mkdir()
    (old / "mine" / "net.safetensors").write_bytes(b"weights")
    (old / "photos").mkdir()
    (old / "photos" / "a.txt").write_text("not a model")
    (tmp_path / "elsewhere").mkdir()
    (old / "linked").symlink_to(tmp_path / "elsewhere")
    parts = old / cards.WORK / "single" / "parts"
    parts.mkdir(parents=True)
    (parts / "net.pt.part").write_bytes(b"half")
    assert result(store_jobs.copy_models(new)) == new
    assert weights.installed_dir("pair") == old / "pair"  # until the setting changes
    *_, done = switch(monkeypatch, new)
    assert weights.installed_dir("pair") == new / "pair"
    assert "pair" in {model.name for model in done.result if model.offer is None}
    assert sorted(path.name for path in old.iterdir()) == ["photos"]
    assert (new / "linked").resolve() == tmp_path / "elsewhere"
    assert info("single").offer.fetched == 4
    assert not (new / moving.MARKER).exists()
    assert weights.verify(weights.find_model("pair")).problems == ()


def test_an_unfinished_move_is_told_and_can_be_ended(tmp_path: Path, monkeypatch) -> None:
    old, new = models_dir(), tmp_path / "new"
    take(pair(tmp_path / "given"))
    result(store_jobs.copy_models(new))
    assert not [event for event in store_jobs.list_models() if isinstance(event, Notice)]
    monkeypatch.setenv("ADIR_MODELS", str(new))
    (notice,) = [event for event in store_jobs.list_models() if isinstance(event, Notice)]
    assert str(old) in notice.message
    (old / "pair" / "config.json").unlink()
    (old / "pair" / "config.json").write_bytes(b"changed meanwhile")
    (notice,) = [event for event in store_jobs.remove_old_models(new) if isinstance(event, Notice)]
    assert "stays" in notice.message
    assert (old / "pair" / "config.json").read_bytes() == b"changed meanwhile"
    assert weights.installed_dir("pair") == new / "pair"


def test_a_folder_that_will_not_do_is_refused(tmp_path: Path, monkeypatch) -> None:
    take(pair(tmp_path / "given"))
    (tmp_path / "file").write_text("x")
    (tmp_path / "taken" / "pair").mkdir(parents=True)
    for target in (
        models_dir(),
        models_dir() / "below",
        models_dir().parent,
        tmp_path / "file",
        tmp_path / "taken",
    ):
        with pytest.raises(BadInput) as refusal:
            result(store_jobs.copy_models(target))
        assert refusal.value.remedy
    assert list((tmp_path / "taken").rglob("*")) == [tmp_path / "taken" / "pair"]
    work = cards.Workshop("single")
    with work.occupied(), pytest.raises(RequestError, match="single"):
        result(store_jobs.copy_models(tmp_path / "new"))
    assert weights.installed_dir("pair") is not None


@pytest.mark.parametrize(
    "place",
    [
        "file/below",
        pytest.param("/proc/models", marks=pytest.mark.skipif(sys.platform != "linux", reason="Linux's own")),
    ],
)
def test_a_place_that_holds_no_folders_is_named(tmp_path: Path, place: str) -> None:
    take(pair(tmp_path / "given"))
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError, match="cannot be made") as refusal:
        result(store_jobs.copy_models(tmp_path / place))
    assert Path(place).name in refusal.value.problem
    assert "another folder" in refusal.value.remedy
    assert weights.installed_dir("pair") is not None


@pytest.mark.slow
def test_a_move_killed_at_any_moment_loses_nothing(tmp_path: Path, monkeypatch) -> None:
    chance = random.Random(1)
    old, new, setting = tmp_path / "old", tmp_path / "new", tmp_path / "setting"
    big = chance.randbytes(25_000_000)
    digest = hashlib.sha256(big).hexdigest()
    folder = pair(old / "pair")
    (folder / "unet" / "big.safetensors").write_bytes(big)
    driver = Path(__file__).with_name("move_driver.py")
    env = os.environ | {
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "ADIR_MODELS": str(old),
    }
    stages = set()
    for moment in (0.0, 0.05, 0.1, 0.2, 30):
        process = subprocess.Popen([sys.executable, str(driver), str(new), str(setting)], env=env, stdout=subprocess.PIPE, text=True)  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        end = time.monotonic() + moment
        while time.monotonic() < end and process.poll() is None:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        where = Path(setting.read_text()) if setting.exists() else old
        stages.add(where.name)
        found = (where / "pair" / "unet" / "big.safetensors").read_bytes()
        assert hashlib.sha256(found).hexdigest() == digest
        if where == new:
            break
    monkeypatch.setenv("ADIR_MODELS", str(new))
    result(store_jobs.remove_old_models(new))
    assert stages == {"old", "new"}
    assert not (old / "pair").exists()
    assert not list(new.rglob(".big*"))
    assert weights.installed_dir("pair") == new / "pair"


def test_a_card_that_points_nowhere_is_told(tmp_path: Path) -> None:
    snapshot = cache(tmp_path / "hub")
    result(store_jobs.use_cached_model("pair"))
    shutil.rmtree(snapshot)
    assert "missing" in info("pair").problem
    assert weights.installed_dir("pair") is None
    assert card("pair")["place"] == str(snapshot)
