"""Photos from a server that stalls, cuts off, lies and refuses; and from one that behaves."""

from __future__ import annotations

import base64
import hashlib
import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from email.utils import formatdate
from itertools import pairwise
from pathlib import Path

import pytest
from model_server import Served, Server, serving
from open_images_makers import (
    LIST,
    image_id,
    jpeg,
    listed,
    offer,
    photos_in,
    row,
    s3,
)

from adir_desktop import files
from adir_desktop.contract import Event, Notice, Progress
from adir_desktop.engine import credits as beside
from adir_desktop.engine.store import network
from adir_desktop.engine.store.network import Patience
from adir_desktop.errors import BadInput, LibraryError, NetworkError, RequestError, StorageError
from adir_desktop.interrupt import Interrupted, stopping_when
from index_tools.open_images import folder as folders
from index_tools.open_images import importing, pictures
from index_tools.open_images.crowd import Manners
from index_tools.open_images.facts import Picture
from index_tools.open_images.folder import Folder
from index_tools.open_images.importing import bring_photos, survey
from index_tools.open_images.order import Order
from index_tools.open_images.sample import rank_of
from index_tools.open_images.upright import turned


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Whoever asks it has little patience."""
    monkeypatch.setattr(network, "PATIENCE", Patience(connect=2, stall=0.4, tries=3, first_wait=0.01))
    monkeypatch.setenv("ADIR_OFFLINE", "0")
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with serving() as server:
        yield server


@pytest.fixture
def order(server: Server, tmp_path: Path) -> Order:
    """All that the server has, as fast as it can."""
    return Order(
        tmp_path / "to",
        share=1,
        metadata_url=f"{server.url}/meta/",
        images_url=server.url,
        requests=0,
        threads=4,
    )


def drained(job) -> tuple[list[Event], object]:
    """(events, result)."""
    events = []
    while True:
        try:
            events.append(next(job))
        except StopIteration as end:
            return events, end.value


def bring(order: Order):
    return drained(bring_photos(order))[1]


def got(server: Server) -> Counter[str]:
    """GETs by photo."""
    return Counter(path for method, path, _ in server.asked if method == "GET" and path.endswith(".jpg"))


def name_of(number: int) -> str:
    return f"validation/{image_id(number)[:2]}/{image_id(number)}.jpg"


def url_of(number: int) -> str:
    return f"validation/{image_id(number)}.jpg"


def test_photos_come_with_their_credits_and_never_twice(server, order):
    rows = offer(server, 30)
    events, done = drained(bring_photos(replace(order, share=None, count=12)))
    assert (done.photos, done.already, done.fetched, done.gone, done.failed) == (12, 0, 12, 0, 0)
    first = photos_in(order.folder)
    pictures_there = {name: content for name, content in first.items() if name.endswith(".jpg")}
    assert len(pictures_there) == 12
    assert done.bytes == sum(map(len, pictures_there.values()))
    stages = [event.stage for event in events if isinstance(event, Progress)]
    assert list(dict.fromkeys(stages)) == ["fetch", "read", "ask", "credit", "photos"]
    assert (events[-1].done, events[-1].total) == (12, 12)

    bring(order)  # the others come too, and the list is not fetched again
    assert set(got(server).values()) == {1}
    assert len(got(server)) == 30
    assert sum(path == f"/{LIST}" and method == "GET" for method, path, _ in server.asked) == 1
    for number, one in enumerate(rows):
        name = one["ImageID"]
        place = order.folder / "validation" / name[:2]
        assert (place / f"{name}.jpg").read_bytes() == jpeg(number)
        credit = beside.read(place)[f"{name}.jpg"]
        assert (credit.author, credit.page) == (one["Author"], one["OriginalLandingURL"])
        assert credit.licence.startswith("CC BY 2.0 (https://")
        assert credit.title == f'Barn, "red" no. {number}'
    before = photos_in(order.folder)
    assert first.keys() <= before.keys()
    asked = len(server.asked)
    assert bring(order).already == 30
    assert photos_in(order.folder) == before
    assert server.asked[asked:] == [("HEAD", f"/{LIST}", server.asked[asked][2])]


def test_rotation_is_set_on_the_way(server, order):
    offer(server, 3)
    server.files[LIST] = Served(
        listed([row(0), row(1, Rotation="90.0"), row(2, Rotation="270.0")]), etag="turned", hub=False
    )
    bring(order)
    there = photos_in(order.folder)
    for number, rotation in ((0, 0), (1, 90), (2, 270)):
        assert there[name_of(number)] == turned(jpeg(number), rotation)


@pytest.mark.parametrize(
    "faults",
    [
        ["500"],
        ["503", "500"],
        ["429"],
        ["cut:1000"],
        ["cut:0", "cut:10"],
        ["stall:700"],
        ["silent"],
        ["wrong"],
        ["fewer"],
    ],
    ids=str,
)
def test_a_fault_that_passes_costs_nothing(server, order, faults):
    offer(server, 6)
    server.files[url_of(2)].faults = list(faults)
    server.files[LIST].faults = ["cut:300", "500"]
    done = bring(order)
    assert (done.fetched, done.failed) == (6, 0)
    there = photos_in(order.folder)
    assert all(there[name_of(number)] == jpeg(number) for number in range(6))
    assert got(server)[f"/{url_of(2)}"] == 1 + len(faults)
    assert got(server)[f"/{url_of(3)}"] == 1


@pytest.mark.parametrize(
    ("served", "reason"),
    [
        (Served(b"<html>Sign in</html>" * 50, hub=False), "no JPEG"),
        (Served(jpeg(1), hub=False, always="cut:500"), "cut off"),
        (Served(jpeg(1), hub=False, always="wrong"), "no JPEG"),
        (s3(jpeg(1), always="wrong"), "checksum"),
        (Served(jpeg(1), hub=False, always="fewer"), "damaged or cut off"),
        (Served(b"", hub=False), "no JPEG"),
        (Served(jpeg(1), hub=False, always="redirect:ftp://example.org/x.jpg"), "not secure"),
        (Served(jpeg(1), hub=False, always="redirect:file:///etc/passwd"), "not secure"),
        (Served(jpeg(1), hub=False, always="401"), "account"),
        (Served(jpeg(1), hub=False, always="500"), "status 500"),
        (Served(jpeg(1), hub=False, always="silent"), "in time"),
        (Served(b"\xff\xd8" + bytes(300_000), hub=False), "larger than"),
        (Served(b"\xff\xd8" + bytes(300_000), hub=False, always="more"), "larger than"),
    ],
)
def test_a_fault_that_stays_costs_one_photo(server, order, served, reason, monkeypatch):
    monkeypatch.setattr(pictures, "MOST_BYTES", 200_000)
    offer(server, 5)
    server.files[url_of(1)] = served
    events, done = drained(bring_photos(order))
    assert (done.fetched, done.failed, done.gone) == (4, 1, 0)
    ((name, why),) = done.reasons.items()
    assert name == f"validation/{image_id(1)}"
    assert reason in why
    assert any(isinstance(event, Notice) and reason in event.message for event in events)
    there = photos_in(order.folder)
    assert name_of(1) not in there
    assert all(there[name_of(number)] == jpeg(number) for number in (0, 2, 3, 4))
    server.files[url_of(1)] = s3(jpeg(1))
    again = bring(order)
    assert (again.already, again.fetched) == (4, 1)


def test_googles_checksum_is_asked_for_too(server, order):
    offer(server, 1)
    md5 = base64.b64encode(hashlib.md5(jpeg(0)).digest()).decode()
    right = Served(jpeg(0), hub=False, headers={"x-goog-hash": f"crc32c=AAAAAA==,md5={md5}"})
    other = base64.b64encode(hashlib.md5(b"else").digest()).decode()
    server.files[url_of(0)] = replace(right, headers={"x-goog-hash": f"md5={other}"})
    with pytest.raises(NetworkError, match=r"None of the 1 photos .*checksum"):
        bring(order)
    server.files[url_of(0)] = right
    assert bring(order).fetched == 1


def test_an_etag_elsewhere_means_nothing(server, order):
    offer(server, 2)
    server.files[url_of(0)] = Served(jpeg(0), etag="0" * 32, hub=False)
    kms = {"x-amz-request-id": "1", "x-amz-server-side-encryption": "aws:kms"}
    server.files[url_of(1)] = Served(jpeg(1), etag="0" * 32, hub=False, headers=kms)
    assert bring(order).fetched == 2


def test_redirects_within_the_server_are_followed(server, order):
    offer(server, 1)
    server.files["elsewhere.jpg"] = s3(jpeg(0))
    server.files[url_of(0)] = Served(b"", hub=False, always=f"redirect:{server.url}/elsewhere.jpg")
    assert bring(order).fetched == 1


def test_photos_that_are_gone_are_not_asked_for_again(server, order):
    offer(server, 8)
    kept = server.files.pop(url_of(3))
    done = bring(order)
    assert (done.fetched, done.gone, done.failed) == (7, 1, 0)
    assert got(server)[f"/{url_of(3)}"] == 1  # not a matter of patience
    server.files[url_of(3)] = kept
    assert drained(survey(order))[1].gone == 1
    assert (bring(order).gone, got(server)[f"/{url_of(3)}"]) == (1, 1)
    assert drained(survey(replace(order, retry_gone=True)))[1].missing == 1
    again = bring(replace(order, retry_gone=True))
    assert (again.gone, again.fetched, again.already) == (0, 1, 7)


def test_a_torn_note_of_what_is_gone_is_forgiven(server, order):
    offer(server, 2)
    hidden = order.folder / ".open-images"
    hidden.mkdir(parents=True)
    (hidden / "gone.txt").write_bytes(
        b"validation/xyz\n\xff\xfe\nvalidation/" + image_id(0).encode() + b"\nvalid"
    )
    assert (bring(order).gone, bring(order).already) == (1, 1)


def test_a_wrong_address_stops_early_and_nothing_counts_as_gone(server, order):
    offer(server, 30)
    order = replace(order, images_url=f"{server.url}/nothing", failures=5)
    with pytest.raises(NetworkError, match=r"5 photos in a row .* no such photo"):
        bring(order)
    assert sum(got(server).values()) < 15
    with pytest.raises(NetworkError, match=r"None of the 3 photos .* no such photo"):
        bring(replace(order, share=None, count=3))
    done = bring(replace(order, images_url=server.url))
    assert (done.fetched, done.gone) == (30, 0)


def test_a_server_that_dies_midway_stops_the_import_and_keeps_what_came(server, order):
    offer(server, 40)
    job = bring_photos(replace(order, failures=4, threads=2))
    with pytest.raises(NetworkError, match="in a row"):  # noqa: PT012  the server dies on the way
        for event in job:
            if isinstance(event, Progress) and event.stage == "photos":
                for number in range(40):
                    server.files[url_of(number)].always = "500"
    came = {name for name in photos_in(order.folder) if name.endswith(".jpg")}
    assert len(came) < 40
    for number in range(40):
        server.files[url_of(number)].always = ""
    done = bring(order)
    assert (done.already, done.fetched) == (len(came), 40 - len(came))


class Timed(list):
    """What a server was asked, and when."""

    def __init__(self) -> None:
        super().__init__()
        self.moments: list[float] = []

    def append(self, asked) -> None:
        self.moments.append(time.monotonic())
        super().append(asked)


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_server_that_asks_for_a_pause_gets_it_from_everybody(server, order, form):
    offer(server, 60)
    first = min(range(60), key=lambda number: rank_of(image_id(number), 0))
    server.files[url_of(first)].faults = ["429"]
    server.retry_after = "1" if form == "seconds" else formatdate(time.time() + 2.5, usegmt=True)
    server.asked = Timed()
    assert bring(replace(order, threads=3)).fetched == 60
    gets = [
        moment
        for moment, (method, path, _) in zip(server.asked.moments, server.asked, strict=True)
        if method == "GET" and path.endswith(".jpg")
    ]
    longest, begin = max((after - before, before) for before, after in pairwise(gets))
    assert longest > 0.6
    assert sum(moment <= begin for moment in gets) < 30  # nobody went on while it lasted


def test_a_pause_is_told_and_a_very_long_one_ends_it(server, order, monkeypatch):
    offer(server, 12)
    server.files[url_of(0)].faults = ["429"]
    server.retry_after = "1"
    monkeypatch.setattr(importing, "LONG", 1.0)
    events, done = drained(bring_photos(order))
    assert any(isinstance(event, Notice) and "pause of 1 seconds" in event.message for event in events)
    assert done.fetched == 12
    shutil.rmtree(order.folder)
    server.files[url_of(0)].faults = ["503"]
    server.retry_after = "3600"
    with pytest.raises(NetworkError, match="left alone for 60 minutes"):
        bring(order)
    assert bring(order).photos == 12


def test_requests_and_bytes_keep_to_their_rates(server, order):
    offer(server, 10)
    start = time.monotonic()
    bring(replace(order, requests=20))
    assert time.monotonic() - start >= 9 / 20 + 9 / 20  # the sizes are asked for, then the photos
    shutil.rmtree(order.folder)
    start = time.monotonic()
    done = bring(replace(order, bytes_per_second=40_000))
    assert time.monotonic() - start >= 0.8 * done.bytes / 40_000


def test_manners_wake_up_when_the_job_ends():
    stop = threading.Event()
    manners = Manners(0.01, 1)
    manners.before_request(stop)
    threading.Timer(0.1, stop.set).start()
    start = time.monotonic()
    for wait in (lambda: manners.before_request(stop), lambda: manners.after_bytes(1000, stop)):
        with pytest.raises(pictures.Stopped):
            wait()
    assert time.monotonic() - start < 1


@pytest.mark.parametrize("fault", ["silent", "stall:500"])
def test_stopping_takes_under_a_second_whatever_the_server_does(server, order, monkeypatch, fault):
    monkeypatch.setattr(network, "PATIENCE", Patience(stall=60))
    offer(server, 20)
    for number in range(20):
        server.files[url_of(number)].always = fault
    asked = [False]
    with stopping_when(lambda: asked[0]), pytest.raises(Interrupted):  # noqa: PT012
        for event in bring_photos(order):
            if isinstance(event, Progress) and event.stage == "photos" and got(server):
                asked[0], start = True, time.monotonic()
    assert time.monotonic() - start < 1
    while crowd := [thread for thread in threading.enumerate() if thread.name == "open-images"]:
        assert time.monotonic() - start < 5, crowd  # each was woken, though the server is silent
        time.sleep(0.01)
    assert all(name.endswith("credits.csv") for name in photos_in(order.folder))
    for number in range(20):
        server.files[url_of(number)].always = ""
    job = bring_photos(order)
    for event in job:
        if isinstance(event, Progress) and event.stage == "photos":
            break
    start = time.monotonic()
    job.close()
    assert time.monotonic() - start < 1
    done = bring(order)  # the lock was let go
    assert done.already + done.fetched == 20


def test_two_imports_into_one_folder_do_not_mix(server, order):
    offer(server, 5)
    job = bring_photos(order)
    next(job)
    with pytest.raises(LibraryError, match=r"being brought to .* already"):
        bring(order)
    job.close()
    assert bring(order).fetched == 5


def test_lists_in_one_folder_are_fetched_by_one(server, order, tmp_path):
    offer(server, 5)
    shared = replace(order, metadata=tmp_path / "lists")
    with (
        folders.locked(tmp_path / "lists", "busy"),
        pytest.raises(LibraryError, match=r"being fetched to .*lists already"),
    ):
        bring(shared)
    assert bring(shared).fetched == 5
    assert bring(replace(shared, folder=tmp_path / "other")).fetched == 5
    assert sum(path == f"/{LIST}" and method == "GET" for method, path, _ in server.asked) == 1


def test_a_new_list_is_noticed_and_an_old_one_serves_offline(server, order, monkeypatch):
    offer(server, 5)
    assert bring(order).photos == 5
    offer(server, 7)
    server.files[LIST].etag = "list-2"
    assert bring(order).photos == 7
    monkeypatch.setenv("ADIR_OFFLINE", "1")
    events, found = drained(survey(order))
    assert (found.photos, found.already, found.bytes) == (7, 7, 0)
    assert any(isinstance(event, Notice) and "earlier" in event.remedy for event in events)
    assert bring(order).already == 7
    with pytest.raises(NetworkError, match="offline"):
        bring(replace(order, subsets=("test",)))


def test_a_dry_run_says_what_it_would_be_and_brings_nothing(server, order):
    offer(server, 25)
    _, found = drained(survey(replace(order, share=None, count=20)))
    total = sum(len(jpeg(number)) for number in range(25))
    assert (found.photos, found.already, found.missing) == (20, 0, 20)
    assert found.bytes == pytest.approx(total * 20 / 25, rel=0.1)
    assert found.free == pytest.approx(shutil.disk_usage(order.folder).free, rel=0.1)
    assert photos_in(order.folder) == {}
    assert not got(server)
    for number in range(25):
        server.files[url_of(number)].head_status = 500
    assert drained(survey(order))[1].bytes is None


def test_room_is_made_sure_of_before_and_meanwhile(server, order, monkeypatch):
    offer(server, 10, side=150)
    usage = shutil.disk_usage(order.folder.parent)
    total = sum(len(jpeg(number, side=150)) for number in range(10))
    assert total > 20_000 > len(server.files[LIST].content)
    free = [folders.MARGIN + total // 2]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=free[0]))
    with pytest.raises(StorageError, match=r"10 photos\) needs .* free in"):
        bring(order)
    assert not got(server)
    free[0] = usage.free
    job = bring_photos(order)
    with pytest.raises(StorageError, match="The next photo"):  # noqa: PT012  it gets full on the way
        for event in job:
            if isinstance(event, Progress) and event.stage == "photos":
                free[0] = folders.MARGIN - 1
    free[0] = usage.free
    assert bring(order).photos == 10


def test_a_disk_that_fills_up_leaves_whole_photos_only(server, order, monkeypatch):
    offer(server, 10)
    sync, synced = files._sync, []

    def full(path: Path) -> None:
        synced.append(path)
        if path.suffix == ".jpg" and len([one for one in synced if one.suffix == ".jpg"]) > 3:
            raise OSError(28, "No space left on device", str(path))
        sync(path)

    monkeypatch.setattr(files, "_sync", full)
    with pytest.raises(StorageError, match="disk is full"):
        bring(order)
    there = {name: content for name, content in photos_in(order.folder).items() if name.endswith(".jpg")}
    assert len(there) == 3
    assert set(there.values()) <= {jpeg(number) for number in range(10)}
    monkeypatch.setattr(files, "_sync", sync)
    assert (bring(order).already, len(got(server))) == (3, 10)


def test_a_folder_that_cannot_be_used_is_told(server, order, tmp_path, monkeypatch):
    offer(server, 2)
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInput, match="is a file"):
        bring(replace(order, folder=tmp_path / "file"))
    with pytest.raises((BadInput, StorageError)):
        bring(replace(order, folder=tmp_path / "file" / "inside"))
    bad = order.folder / "validation" / image_id(0)[:2]
    bad.mkdir(parents=True)
    (bad / "credits.csv").write_bytes(b"\xff\xfe")
    with pytest.raises(LibraryError, match="UTF-8"):
        bring(order)
    assert (bad / "credits.csv").read_bytes() == b"\xff\xfe"

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(StorageError, match="No permission"):
        bring(replace(order, folder=tmp_path / "locked"))


def test_credits_of_others_stay(server, order):
    offer(server, 1)
    place = order.folder / "validation" / image_id(0)[:2]
    place.mkdir(parents=True)
    beside.write(place, {"mine.jpg": beside.Credit("Me")})
    bring(order)
    assert beside.read(place)["mine.jpg"] == beside.Credit("Me")
    assert len(beside.read(place)) == 2


def test_no_id_leads_out_of_the_folder(server, order, tmp_path):
    offer(server, 1)
    evil = [row(1, ImageID=name) for name in ("../../../evil", "/etc/evil", "..\\evil", "0123456789abcde/")]
    server.files[LIST] = Served(listed([row(0), *evil]), etag="evil", hub=False)
    done = bring(order)
    assert (done.photos, done.damaged) == (1, 4)
    assert not list(tmp_path.rglob("*evil*"))
    with pytest.raises(ValueError, match="no photo"):
        Folder(order.folder).put(Picture("validation", "../../../../evil0", 0), b"")


@pytest.mark.parametrize(
    "address", ["http:///x.csv", "https://example.org/", "ftp://example.org/x.csv", "http://a/.x"]
)
def test_lists_need_sound_addresses(order, address):
    with pytest.raises(RequestError):
        bring(replace(order, classes=("Dog",), labels=(address,)))


def test_lists_of_one_name_are_refused(server, order):
    offer(server, 1)
    twice = (f"{server.url}/a/labels.csv", f"{server.url}/b/labels.csv")
    with pytest.raises(RequestError, match="same name"):
        bring(replace(order, classes=("Dog",), labels=twice))


def test_photos_of_a_class_from_the_servers_labels(server, order):
    offer(server, 9)
    server.files["names.csv"] = Served(b"/m/1,Dog\n/m/2,Cat\n", etag="n", hub=False)
    lines = [f"{image_id(number)},verification,/m/{1 + number % 2},1" for number in range(9)]
    labels = "\n".join(["ImageID,Source,LabelName,Confidence", *lines]).encode()
    server.files["labels.csv"] = Served(labels, etag="l", hub=False)
    order = replace(
        order, classes=("cat",), labels=(f"{server.url}/labels.csv",), class_names=f"{server.url}/names.csv"
    )
    assert bring(order).fetched == 4
    assert {Path(path).stem for path in got(server)} == {image_id(number) for number in (1, 3, 5, 7)}


def test_what_a_killed_writer_left_is_removed(server, order):
    offer(server, 2)
    place = order.folder / "validation" / image_id(0)[:2]
    place.mkdir(parents=True)
    for left in (f".{image_id(0)}.jpg.abc123.jpg", ".credits.csv.abc123.csv"):
        (place / left).write_bytes(b"half")
    (place / ".mine").write_bytes(b"kept")
    bring(order)
    assert {path.name for path in place.glob(".*")} == {".mine"}
