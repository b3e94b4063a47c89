"""Fetching models from a server that stalls, cuts off, lies and changes its mind; and from one that behaves."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import shutil
import socket
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import torch
import urllib3
from model_server import COMMIT, Served, Server, catalogue, serving
from safetensors.torch import load_file

from adir_desktop.contract import Finished, Notice, Progress
from adir_desktop.engine import store_jobs, weights
from adir_desktop.engine.store import fetch as fetching
from adir_desktop.engine.store import network, offers, transfer
from adir_desktop.engine.store.network import Patience
from adir_desktop.errors import ModelError, NetworkError, RequestError, StorageError
from adir_desktop.interrupt import Interrupted, stopping_when
from adir_desktop.places import models_dir

BIG = random.Random(0).randbytes(3_000_000)
CONFIG = b'{"kind": {"name": "pair"}}'
BIG_PATH = "org/pair/resolve/main/unet/big.safetensors"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The server with both models, the catalogue that names it, and little patience."""
    with serving() as server:
        single = Served(BIG, etag="v1", hub=False)
        server.files = {
            "org/pair/resolve/main/config.json": Served(CONFIG),
            BIG_PATH: Served(BIG),
            "net.pt": single,
            "mirror/net.pt": Served(BIG, etag="other", hub=False, always="404", head_status=404),
        }
        sheet = tmp_path / "resources" / "models.toml"
        sheet.parent.mkdir()
        sheet.write_text(catalogue(server.url, checksum=sha(BIG), size=len(BIG)))
        for module in (offers, weights):
            monkeypatch.setattr(module, "resource", sheet.parent.joinpath)
        monkeypatch.setattr(network, "PATIENCE", Patience(connect=2, stall=0.4, tries=5, first_wait=0.01))
        monkeypatch.setattr(transfer, "PROGRESS", 2**62)
        monkeypatch.setenv("ADIR_OFFLINE", "0")
        monkeypatch.setenv("ADIR_ENDPOINT", server.url)
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.delenv(name, raising=False)
        yield server


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def get(name: str = "single", **keywords) -> list:
    return list(fetching.fetch(name, accepted=True, **keywords))


def card(name: str) -> dict:
    return tomllib.loads((models_dir() / name / "model.toml").read_text())


def part(name: str = "single", file: str = "net.pt") -> Path:
    return models_dir() / ".fetching" / name / "parts" / f"{file}.part"


def test_a_model_appears_as_a_whole_with_its_card(server: Server) -> None:
    assert weights.installed_dir("pair") is None
    events = get("pair")
    folder = weights.installed_dir("pair")
    assert folder == models_dir() / "pair"
    assert (folder / "unet" / "big.safetensors").read_bytes() == BIG
    assert (folder / "config.json").read_bytes() == CONFIG
    told = card("pair")
    assert told["revision"] == COMMIT
    assert (told["source"], told["licence"], told["limits"]) == ("org/pair", "Careful", "no harm")
    assert told["accepted"]
    assert {f["path"]: (f["bytes"], f["sha256"]) for f in told["files"]} == {
        "config.json": (len(CONFIG), sha(CONFIG)),
        "unet/big.safetensors": (len(BIG), sha(BIG)),
    }
    assert all("X-Linked-Etag" in file["verified"] for file in told["files"])
    steps = [event for event in events if isinstance(event, Progress) and event.stage == "fetch"]
    assert steps[-1].done == steps[-1].total == len(BIG) + len(CONFIG)
    assert not (models_dir() / ".fetching" / "pair").exists()
    assert server.sent == len(BIG) + len(CONFIG)
    (info,) = [model for model in store_jobs_list() if model.name == "pair"]
    assert (info.offer, info.problem, info.memory) == (None, "", 1000)


def store_jobs_list() -> tuple:
    *_, done = store_jobs.list_models()
    assert isinstance(done, Finished)
    return done.result


def test_nothing_is_asked_before_the_licence_is_accepted(server: Server) -> None:
    with pytest.raises(RequestError, match="licence") as refusal:
        list(fetching.fetch("single"))
    assert "--accept-licence" in refusal.value.remedy
    assert "example.org" in refusal.value.remedy
    assert server.asked == []


def test_offline_means_no_network_at_all(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADIR_OFFLINE", "1")
    with pytest.raises(NetworkError, match="offline"):
        get()
    monkeypatch.delenv("ADIR_OFFLINE")
    monkeypatch.setattr("adir_desktop.HUB_OFFLINE", "ON")
    with pytest.raises(NetworkError, match="offline"):
        get()
    assert server.asked == []


@pytest.mark.parametrize("address", ["ftp://x", "huggingface.co", "http://", "http://a:99999", "file:///etc"])
def test_an_address_that_is_none_is_refused(server: Server, address: str) -> None:
    with pytest.raises(RequestError, match="is not"):
        get(endpoint=address)
    with pytest.raises(RequestError, match="proxy"):
        get(proxy=address)
    assert server.asked == []


def test_no_token_and_no_password_leave_the_machine(server: Server, tmp_path, monkeypatch) -> None:
    (tmp_path / ".netrc").write_text("default login me password secret\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    get()
    for _, _, headers in server.asked:
        assert "authorization" not in {name.lower() for name in headers}
        assert "secret" not in str(headers)


def test_a_proxy_is_used_for_everything(server: Server) -> None:
    """A proxy is asked for whole addresses; the server can play its part."""
    host = server.url.removeprefix("http://")
    for path in list(server.files):
        server.files[f"http://elsewhere.invalid/{path}"] = server.files[path]
    get("pair", endpoint="http://elsewhere.invalid", proxy=f"http://{host}")
    assert all(path.startswith("http://elsewhere.invalid/") for _, path, _ in server.asked)
    assert weights.installed_dir("pair") is not None


# What a server may do wrong, and all is well in the end

MENDED = {
    "cut off": ["cut:1000000", "cut:500000"],
    "cut off at once": ["cut:0", "cut:0"],
    "stalls": ["stall:1000000"],
    "silent": ["silent"],
    "busy": ["429", "503"],
    "out of order": ["500"],
    "ignores ranges": ["cut:1000000", "ignores"],
    "lies about ranges": ["cut:1000000", "lies"],
    "sends another part in secret": ["cut:1000000", "secretly", "cut:1000000"],
    "sends more without a length": ["more"],
}


@pytest.mark.parametrize("case", MENDED)
def test_faults_are_mended(server: Server, case: str) -> None:
    server.files["net.pt"].faults = list(MENDED[case])
    get()
    assert (models_dir() / "single" / "net.pt").read_bytes() == BIG
    assert card("single")["files"][0]["sha256"] == sha(BIG)
    assert card("single")["files"][0]["verified"] == "the catalogue"


def test_a_cut_is_resumed_and_nothing_comes_twice(server: Server) -> None:
    server.files["net.pt"].faults = ["cut:1000000", "cut:700000"]
    get()
    assert [start for _, start in server.starts] == [0, 1_000_000, 1_700_000]
    assert server.sent == len(BIG)


def no_names(*_: object, **__: object) -> None:
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


def no_route(*_: object, **__: object) -> None:
    raise OSError(errno.ENETUNREACH, "Network is unreachable")


@pytest.mark.parametrize(
    ("where", "failure"),
    [((socket, "getaddrinfo"), no_names), ((urllib3.util.connection, "create_connection"), no_route)],
    ids=["name", "route"],
)
@pytest.mark.parametrize("model", ["pair", "single"])
def test_without_a_network_it_is_said_at_once(
    server: Server, where: tuple[object, str], failure: Callable, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A single wait would take longer than the whole test may."""
    monkeypatch.setattr(network, "PATIENCE", Patience(first_wait=60, longest_wait=60))
    monkeypatch.setattr(*where, failure)
    start = time.monotonic()
    with pytest.raises(NetworkError, match="no connection") as refusal:
        get(model)
    assert time.monotonic() - start < 20
    assert "import files" in refusal.value.remedy
    assert not server.asked


def test_a_network_that_goes_on_the_way_is_waited_for(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.files["net.pt"].faults = ["cut:1000000"]
    found, failures = socket.getaddrinfo, []

    def flaky(*given: object, **named: object) -> object:
        if server.starts and len(failures) < 2:
            failures.append(1)
            no_names()
        return found(*given, **named)

    monkeypatch.setattr(socket, "getaddrinfo", flaky)
    get()
    assert len(failures) == 2
    assert [start for _, start in server.starts] == [0, 1_000_000]
    assert server.sent == len(BIG)


def test_a_server_that_does_not_answer_is_told_while_it_is_asked_again(server: Server) -> None:
    server.files[BIG_PATH].head_silent = True
    asked_before: list[int] = []
    told: list[str] = []

    def follow() -> None:
        for event in store_jobs.fetch_model("pair", accepted=True):
            if isinstance(event, Notice):
                told.append(event.message)
                asked_before.append(len(server.asked))

    with pytest.raises(NetworkError, match="in time"):
        follow()
    again, mirror = told  # it is told once, then that another server is asked
    assert "does not answer in time" in again
    assert mirror.startswith("Pair: ")
    assert asked_before[0] < asked_before[1] - 1, "it was asked again after that, more than once"


REFUSED = {
    "wrong bytes": ("wrong", "checksum"),
    "another length": ("longer", "bytes where"),
    "not there": ("404", "does not have it"),
    "wants an account": ("401", "account"),
    "always cut off": ("cut:0", "cut off"),
    "never resumes": ("ignores+cut:1000000", "cannot resume"),
    "always silent": ("silent", "in time"),
    "always broken": ("500", "problem"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_mended_is_refused_and_nothing_appears(server: Server, case: str) -> None:
    server.files["net.pt"].always, words = REFUSED[case]
    with pytest.raises(NetworkError, match=words) as refusal:
        get()
    assert "net.pt" in refusal.value.problem
    assert refusal.value.remedy
    assert weights.installed_dir("single") is None
    assert not (models_dir() / "single").exists()


@pytest.mark.parametrize("fault", ["404", "wrong", "500", "redirect:http://other.invalid/net.pt"])
def test_a_mirror_helps(server: Server, fault: str) -> None:
    server.files["net.pt"].always = fault
    server.files["mirror/net.pt"] = Served(BIG, etag="other", hub=False)
    get()
    assert (models_dir() / "single" / "net.pt").read_bytes() == BIG


def test_a_repository_that_is_gone_is_replaced_by_its_mirror(server: Server) -> None:
    for path in ("config.json", "unet/big.safetensors"):
        server.files[f"mirror/pair/resolve/main/{path}"] = server.files.pop(f"org/pair/resolve/main/{path}")
    (notice,) = [event for event in get("pair") if isinstance(event, Notice)]
    assert "mirror/pair" in notice.remedy
    assert card("pair")["source"] == "mirror/pair"


def test_a_file_may_have_another_name(server: Server) -> None:
    server.files["org/pair/resolve/main/unet/other.safetensors"] = server.files.pop(BIG_PATH)
    get("pair")
    assert {file["path"] for file in card("pair")["files"]} == {"config.json", "unet/other.safetensors"}
    assert weights.installed_dir("pair") == models_dir() / "pair"


def test_a_hub_whose_file_changes_between_question_and_answer_is_refused(server: Server) -> None:
    server.files[BIG_PATH].always = "wrong"
    with pytest.raises(NetworkError, match="checksum"):
        get("pair")
    assert weights.installed_dir("pair") is None


def test_small_files_are_checked_as_git_would(server: Server) -> None:
    small = Served(CONFIG, etag=hashlib.sha1(b"blob %d\0" % len(CONFIG) + CONFIG).hexdigest())
    server.files["org/pair/resolve/main/config.json"] = small
    get("pair")
    assert "git" in card("pair")["files"][0]["verified"]
    weights.remove("pair")
    small.always = "wrong"
    with pytest.raises(NetworkError, match="checksum"):
        get("pair")


@pytest.mark.parametrize(
    ("target", "followed"),
    [("/moved.pt", True), ("http://other.invalid/x", False), ("ftp://x/y", False), ("/net.pt", False)],
)
def test_redirects(server: Server, target: str, followed: bool) -> None:
    server.files["moved.pt"] = Served(BIG, etag="v1", hub=False)
    server.files["net.pt"].always = f"redirect:{target}"
    if followed:
        get()
        assert (models_dir() / "single" / "net.pt").read_bytes() == BIG
    else:
        with pytest.raises(NetworkError, match="redirects"):
            get()


# Stopping and going on


def run_until(events: Iterator, enough: Callable[[], bool]) -> None:
    for _ in events:
        if enough():
            break
    start = time.monotonic()
    events.close()
    assert time.monotonic() - start < 1.0


def test_a_pause_keeps_what_has_come_and_needs_no_second_yes(server: Server) -> None:
    server.files["net.pt"].faults = ["stall:2000000"]
    run_until(fetching.fetch("single", accepted=True), lambda: server.sent >= 2_000_000)
    have = part().stat().st_size
    assert 0 < have <= 2_000_000
    assert not (models_dir() / ".fetching" / "single" / "busy").exists()
    info = next(model for model in store_jobs_list() if model.name == "single")
    assert (info.offer.fetched, info.offer.accepted) == (have, True)
    list(fetching.fetch("single"))
    assert server.starts == [("/net.pt", 0), ("/net.pt", have)]
    assert (models_dir() / "single" / "net.pt").read_bytes() == BIG


def test_a_changed_file_is_begun_anew(server: Server) -> None:
    """The same size under another ETag, and no checksum known: only the ETag can tell."""
    sheet = offers.resource("models.toml")
    sheet.write_text(catalogue(server.url))
    server.files["net.pt"].faults = ["stall:2000000"]
    run_until(fetching.fetch("single", accepted=True), lambda: server.sent >= 2_000_000)
    other = BIG[::-1]
    server.files["net.pt"] = Served(other, etag="v2", hub=False)
    get()
    assert (models_dir() / "single" / "net.pt").read_bytes() == other
    assert card("single")["files"][0]["verified"] == "its length alone"


def test_a_file_that_changes_within_a_run_is_begun_anew(server: Server) -> None:
    sheet = offers.resource("models.toml")
    sheet.write_text(catalogue(server.url))
    served = server.files["net.pt"]
    served.faults = ["cut:1000000"]
    events = fetching.fetch("single", accepted=True)
    while server.sent < 1_000_000:
        next(events)
        served.content, served.etag = BIG[::-1], "v2"
    list(events)
    assert (models_dir() / "single" / "net.pt").read_bytes() == BIG[::-1]


def test_a_spoilt_part_is_found_out_and_fetched_anew(server: Server) -> None:
    server.files["net.pt"].faults = ["stall:2000000"]
    run_until(fetching.fetch("single", accepted=True), lambda: server.sent >= 2_000_000)
    content = bytearray(part().read_bytes())
    content[100] ^= 1
    part().write_bytes(content)
    get()
    assert (models_dir() / "single" / "net.pt").read_bytes() == BIG


@pytest.mark.parametrize("damage", ["note", "longer part", "no part"])
def test_damaged_notes_cost_no_more_than_a_new_beginning(server: Server, damage: str) -> None:
    server.files["net.pt"].faults = ["stall:1000000"]
    run_until(fetching.fetch("single", accepted=True), lambda: server.sent >= 1_000_000)
    if damage == "note":
        part().with_suffix(".json").write_text("{")
    elif damage == "no part":
        part().unlink()
    else:
        part().write_bytes(BIG + b"x")
    get()
    assert (models_dir() / "single" / "net.pt").read_bytes() == BIG


@pytest.mark.parametrize("where", ["asking", "answer", "stall"])
def test_it_ends_within_a_second_whatever_the_server_does(server: Server, where: str, monkeypatch) -> None:
    monkeypatch.setattr(network, "PATIENCE", Patience(connect=2, stall=20, tries=3, first_wait=0.01))
    served = server.files["net.pt"]
    if where == "asking":
        served.head_silent = True
    else:
        served.always = "silent" if where == "answer" else "stall:500000"
    before = set(threading.enumerate())
    events = fetching.fetch("single", accepted=True)
    times = [time.monotonic()]
    for _ in events:
        times.append(time.monotonic())
        if times[-1] - times[0] > 0.6:
            break
    assert max(b - a for a, b in pairwise(times)) < 0.5
    start = time.monotonic()
    events.close()
    assert time.monotonic() - start < 1.0
    mine = [t for t in threading.enumerate() if t not in before and t.name.startswith("fetch")]
    for thread in mine:
        thread.join(1)
    assert not any(thread.is_alive() for thread in mine)


def test_a_person_may_stop_it_between_two_events(server: Server) -> None:
    server.files["net.pt"].always = "stall:500000"
    with pytest.raises(Interrupted), stopping_when(lambda: server.sent > 0):
        get()


def test_cancelling_removes_what_has_come(server: Server) -> None:
    server.files["net.pt"].faults = ["stall:1000000"]
    run_until(fetching.fetch("single", accepted=True), lambda: server.sent >= 1_000_000)
    *_, done = store_jobs.cancel_fetch("single")
    assert not (models_dir() / ".fetching" / "single").exists()
    info = next(model for model in done.result if model.name == "single")
    assert (info.offer.fetched, info.offer.accepted) == (0, False)


def test_two_fetches_of_one_model_do_not_meet(server: Server) -> None:
    server.files["net.pt"].always = "stall:500000"
    events = fetching.fetch("single", accepted=True)
    next(events)
    with pytest.raises(RequestError, match="already"):
        get()
    with pytest.raises(RequestError, match="already"):
        fetching.forget("single")
    events.close()
    sign = models_dir() / ".fetching" / "single" / "busy"
    sign.write_text(f"{os.getpid()} 17.00")  # the number of a process that is gone, used again
    server.files["net.pt"].always = ""
    get()
    assert weights.installed_dir("single") is not None


# Disk, folder, checkpoints


def test_room_is_made_sure_of_before_the_first_byte(server: Server, monkeypatch) -> None:
    free = shutil.disk_usage("/")._replace(free=fetching.MARGIN + len(BIG) - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: free)
    with pytest.raises(StorageError, match="free"):
        get()
    assert {method for method, _, _ in server.asked} == {"HEAD"}
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: free._replace(free=free.free + 1))
    get()


def test_a_disk_that_fills_up_meanwhile_keeps_what_has_come(server: Server, monkeypatch) -> None:
    whole = transfer.Download._write

    def full(self, write, chunk):
        if self.done > 1_000_000:

            def write(_view):
                raise OSError(28, "No space left on device")

        whole(self, write, chunk)

    monkeypatch.setattr(transfer.Download, "_write", full)
    with pytest.raises(StorageError, match="full"):
        get()
    have = part().stat().st_size
    assert have > 1_000_000
    monkeypatch.setattr(transfer.Download, "_write", whole)
    get()
    assert server.starts[-1] == ("/net.pt", have)


def test_what_lies_there_already_is_left_alone(server: Server) -> None:
    (models_dir() / "single").mkdir(parents=True)
    (models_dir() / "single" / "diary.txt").write_text("mine")
    with pytest.raises(RequestError, match="there already"):
        get()
    assert server.asked == []
    (models_dir() / "single" / "diary.txt").rename(models_dir() / "diary.txt")
    get()
    with pytest.raises(RequestError, match="installed already"):
        get()


def test_a_damaged_model_can_be_fetched_again(server: Server) -> None:
    get()
    (models_dir() / "single" / "net.pt").write_bytes(b"short")
    assert weights.installed_dir("single") is None
    get()
    assert weights.installed_dir("single") is not None
    assert sorted(path.name for path in models_dir().iterdir()) == [".fetching", "single"]


def offer_checkpoint(server: Server, path: Path) -> None:
    content = path.read_bytes()
    sheet = catalogue(server.url, checksum=sha(content), size=len(content), becomes="net.safetensors")
    offers.resource("models.toml").write_text(sheet)
    server.files["net.pt"] = Served(content, etag="c", hub=False)


def test_a_checkpoint_becomes_safetensors_once(server: Server, tmp_path: Path) -> None:
    tensors = {
        "a.weight": torch.randn(300, 70),
        "b": torch.tensor(3.0),
        "c": torch.randn(5).half(),
        "d": torch.randn(4, 4).bfloat16().t(),
        "e": torch.zeros(0, 3),
    }
    torch.save(tensors, tmp_path / "net.pt")
    offer_checkpoint(server, tmp_path / "net.pt")
    stages = {event.stage for event in get() if isinstance(event, Progress)}
    assert {"ask", "fetch", "convert", "verify"} <= stages
    found = load_file(models_dir() / "single" / "net.safetensors")
    assert found.keys() == tensors.keys()
    for name, value in tensors.items():
        assert found[name].dtype == value.dtype
        assert torch.equal(found[name], value)
    (file,) = card("single")["files"]
    assert file["sha256"] == sha((models_dir() / "single" / "net.safetensors").read_bytes())
    assert sha((tmp_path / "net.pt").read_bytes()) in file["verified"]
    assert sorted(path.name for path in (models_dir() / "single").iterdir()) == [
        "model.toml",
        "net.safetensors",
    ]
    assert weights.verify(weights.find_model("single")).problems == ()


def test_a_conversion_that_was_stopped_costs_no_second_fetch(server: Server, tmp_path: Path) -> None:
    torch.save({"a": torch.randn(1000)}, tmp_path / "net.pt")
    offer_checkpoint(server, tmp_path / "net.pt")
    events = fetching.fetch("single", accepted=True)
    assert any(isinstance(event, Progress) and event.stage == "verify" for event in events)
    events.close()
    assert weights.installed_dir("single") is None
    get()
    assert server.sent == (tmp_path / "net.pt").stat().st_size
    folder = weights.installed_dir("single")
    assert sorted(path.name for path in folder.iterdir()) == ["model.toml", "net.safetensors"]


class Evil:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (str(self.folder),)


def test_a_checkpoint_that_would_run_something_is_refused(server: Server, tmp_path: Path) -> None:
    torch.save({"a": torch.ones(2), "b": Evil(tmp_path / "made")}, tmp_path / "net.pt")
    offer_checkpoint(server, tmp_path / "net.pt")
    with pytest.raises(ModelError, match="can run programs"):
        get()
    assert not (tmp_path / "made").exists()
    assert weights.installed_dir("single") is None


def test_the_catalogue_of_the_program_is_sound() -> None:
    known = {offer.name: offer for offer in offers.offers()}
    assert list(known) == [
        "guided-diffusion",
        "stable-diffusion-x4-upscaler",
        "stable-diffusion-inpainting",
        "stable-diffusion-2-inpainting",
        "stable-diffusion-xl-inpainting",
        "clip-vit-b-32",
        "siglip2-vit-b-32-256",
        "mobileclip2-s0",
    ]
    for offer in known.values():
        assert all((offer.title, offer.purpose, offer.licence, offer.limits, offer.memory))
        assert offer.licence_url.startswith("https://")
        for file in offer.files:
            assert bool(file.urls) != bool(offer.repositories)
            assert all(url.startswith("https://") for url in file.urls)
            assert file.becomes or not file.path.endswith((".pt", ".bin", ".ckpt"))
            assert not Path(file.path).is_absolute()
            assert ".." not in file.path
    (guided,) = known["guided-diffusion"].files
    assert guided.bytes == 2_211_383_297
    assert len(guided.sha256) == 64
    assert "research" in known["guided-diffusion"].licence
    assert "amlr" in known["mobileclip2-s0"].licence


@pytest.mark.parametrize(
    "text", ["offers = 3", "[[offers]]\nname = 'x'", "[[offers", "[[offers]]\nname = []"]
)
def test_a_damaged_catalogue_is_named(server: Server, text: str) -> None:
    offers.resource("models.toml").write_text(text)
    with pytest.raises(ModelError, match=r"models\.toml"):
        offers.offers()
