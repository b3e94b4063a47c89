"""Which photos of the lists are chosen: recomputed independently, and whatever the rows look like."""

from __future__ import annotations

import csv
import hashlib
import io

import numpy as np
import pytest
from open_images_makers import CC_BY, HEADER, image_id, listed, row

from adir_desktop.contract import Notice, Progress
from adir_desktop.engine.credits import Credit
from adir_desktop.errors import BadInput, RequestError
from adir_desktop.interrupt import Interrupted, stopping_when
from index_tools.open_images import classes, tables
from index_tools.open_images.choosing import Lists, licence_words
from index_tools.open_images.facts import SUBSETS, Picture
from index_tools.open_images.importing import survey
from index_tools.open_images.order import Order
from index_tools.open_images.sample import TOP, Lowest, limit_of, rank_of
from index_tools.open_images.tables import Table


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    """Nothing here may ask a server."""
    monkeypatch.setenv("ADIR_OFFLINE", "1")


def drained(events):
    """What a job returns."""
    while True:
        try:
            next(events)
        except StopIteration as end:
            return end.value


def chosen(tmp_path, content: bytes, **wish):
    """(pictures, given by id, damaged rows) of one list."""
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    given = {}
    wish.setdefault("share", None if "count" in wish else 1)
    lists = Lists(Order(tmp_path / "to", lists=(path,), **wish), [path])
    found = drained(lists.choose())
    damaged = lists.damaged
    drained(lists.credit(found, lambda _, new: given.update(new)))
    assert lists.damaged == damaged
    return list(found.pictures()), given, damaged


def by_hash(ids, seed=0):
    """The definition, once more: BLAKE2b of 64 bits, salted with the seed."""
    salt = seed.to_bytes(16, "big")
    return sorted(ids, key=lambda one: hashlib.blake2b(one.encode(), digest_size=8, salt=salt).digest())


@pytest.mark.parametrize("seed", [0, 7])
def test_a_sample_is_the_lowest_hashes_and_nested(tmp_path, seed):
    ids = [image_id(number) for number in range(500)]
    content = listed(row(number) for number in range(500))
    largest = None
    for count in (1, 17, 499, 500, 600):
        pictures, given, _ = chosen(tmp_path, content, count=count, seed=seed)
        assert [one.id for one in pictures] == by_hash(ids, seed)[:count]
        assert set(given) == {one.id for one in pictures}
    largest = [one.id for one in pictures]
    shares = [[one.id for one in chosen(tmp_path, content, share=p, seed=seed)[0]] for p in (0.1, 0.5, 1)]
    assert all(part == largest[: len(part)] for part in shares)
    assert (20 < len(shares[0]) < 90, 200 < len(shares[1]) < 300) == (True, True)
    assert len(shares[2]) == 500


def test_another_order_of_rows_gives_the_same_sample(tmp_path):
    rows = [row(number) for number in range(60)]
    one = chosen(tmp_path, listed(rows), count=20)
    assert chosen(tmp_path, listed(rows[::-1] + rows[:30]), count=20) == one


def test_the_lowest_of_many_are_found_with_few_held():
    rng = np.random.default_rng(1)
    ranks = rng.integers(0, TOP, 30_000, np.uint64)
    lowest = Lowest(50)
    most = 0
    for rank in [*ranks, *ranks[:5000]]:
        lowest.add(int(rank), int(rank) ^ 5, 1, int(rank) % 4)
        most = max(most, len(lowest._held) + len(lowest._new.ids))
    found = lowest.chosen()
    assert np.array_equal(found.ranks, np.sort(ranks)[:50])
    assert np.array_equal(found.ids, found.ranks ^ np.uint64(5))
    assert np.array_equal(found.turns, found.ranks % np.uint64(4))
    assert (len(found), found.limit, set(found.subsets)) == (50, int(np.sort(ranks)[49]), {1})
    assert most <= 1100
    assert Lowest(3).chosen().limit == -1
    few = Lowest(3)
    for rank in (9, 4, 9):
        few.add(rank, rank, 0, 0)
    assert list(few.chosen().ranks) == [4, 9]


def test_ranks_are_evenly_spread_and_shares_end_at_all():
    ranks = np.array([rank_of(image_id(number), 0) for number in range(4000)], np.float64) / 2**64
    counts = np.histogram(ranks, 8, (0, 1))[0]
    assert abs(counts - 500).max() < 5 * np.sqrt(500)
    assert limit_of(1) == TOP
    assert limit_of(0.5) == 2**63 - 1


def test_rows_are_read_as_they_are(tmp_path):
    rows = [row(1), row(2, Title='a,b"c\r\nd', Author="é, è", Rotation="90.0"), row(3, Rotation="nan")]
    pictures, given, damaged = chosen(tmp_path, listed(rows, bom=True))
    assert damaged == 0
    assert {one.id: one.rotation for one in pictures} == {image_id(1): 0, image_id(2): 90, image_id(3): 0}
    assert given[image_id(2)] == Credit(
        "é, è", f"CC BY 2.0 ({CC_BY})", rows[1]["OriginalLandingURL"], 'a,b"c\r\nd'
    )


def test_damaged_rows_are_counted_and_cost_only_themselves(tmp_path):
    good = listed([row(1)]).splitlines(keepends=True)
    bad = [
        b"\n",  # an empty line is nothing
        b"only,three,cells\n",
        listed([row(2, ImageID="../../etc/passwd")]).split(b"\n", 1)[1],
        listed([row(3, ImageID="ABCDEF0123456789")]).split(b"\n", 1)[1],
        listed([row(4, ImageID="0123")]).split(b"\n", 1)[1],
        listed([row(5, Subset="secret")]).split(b"\n", 1)[1],
        listed([row(6, Rotation="45.0")]).split(b"\n", 1)[1],
        b"x" * 300_000 + b"\n",
        b"\xff\xfe\x00,\x00\n",
    ]
    last = listed([row(7)]).split(b"\n", 1)[1]
    pictures, given, damaged = chosen(tmp_path, b"".join([*good, *bad, last]))
    assert {one.id for one in pictures} == {image_id(1), image_id(7)} == set(given)
    assert damaged == len(bad) - 1


def test_missing_columns(tmp_path):
    few = listed([row(1), row(2)], columns=["Rotation", "ImageID"])
    pictures, given, _ = chosen(tmp_path, few, subsets=("test",))
    assert {one.subset for one in pictures} == {"test"}
    assert set(given.values()) == {Credit()}
    with pytest.raises(BadInput, match="of which subset"):
        chosen(tmp_path, few)
    with pytest.raises(BadInput, match="no column ImageID") as told:
        chosen(tmp_path, b"a,b\n1,2\n")
    assert "ImageID,Subset" in told.value.remedy
    with pytest.raises(BadInput, match="no column ImageID"):
        chosen(tmp_path, b"")
    with pytest.raises(BadInput):
        Table(tmp_path / "nowhere.csv", HEADER, 1)


def test_subsets_and_licences_are_kept_apart(tmp_path):
    rows = [row(number, Subset=SUBSETS[number % 3]) for number in range(30)]
    rows += [row(number, License="https://example.org/all-rights") for number in range(30, 40)]
    content = listed(rows)
    assert len(chosen(tmp_path, content)[0]) == 40
    assert {one.subset for one in chosen(tmp_path, content, subsets=("train", "test"))[0]} == {
        "train",
        "test",
    }
    assert len(chosen(tmp_path, content, licences=("Licenses/BY/2.0",))[0]) == 30
    assert len(chosen(tmp_path, content, licences=("nowhere", "all-RIGHTS"), count=4)[0]) == 4


def test_one_id_in_two_subsets_is_two_photos(tmp_path):
    pictures, _, _ = chosen(tmp_path, listed([row(1), row(1, Subset="train"), row(1)]))
    assert pictures == [Picture("train", image_id(1), 0), Picture("validation", image_id(1), 0)]


def test_licences_get_their_names():
    assert licence_words(CC_BY) == f"CC BY 2.0 ({CC_BY})"
    long = "http://creativecommons.org/licenses/by-nc-sa/4.0"
    assert licence_words(long) == f"CC BY-NC-SA 4.0 ({long})"
    assert licence_words("ask me") == "ask me"


def names_and_labels(tmp_path):
    names, labels = tmp_path / "names.csv", tmp_path / "labels.csv"
    names.write_text('/m/1,Dog\n/m/2,"Cat, domestic"\n/m/3,Dogfish\n')
    lines = [f"{image_id(n)},verification,/m/{n % 3 + 1},{('1', '0', '0.7')[n % 4 % 3]}" for n in range(40)]
    labels.write_text("\n".join(["ImageID,Source,LabelName,Confidence", *lines, "x,y,/m/1,high", "torn"]))
    return names, labels


@pytest.mark.parametrize("floor", [0.5, 0.7, 0.9])
def test_photos_of_a_class_are_those_with_its_label(tmp_path, floor):
    names, labels = names_and_labels(tmp_path)
    path = tmp_path / "list.csv"
    path.write_bytes(listed(row(number) for number in range(40)))
    order = Order(
        tmp_path / "to",
        share=1,
        lists=(path,),
        classes=("dog", "/m/2"),
        confidence=floor,
        labels=(str(labels),),
        class_names=str(names),
    )
    with labels.open() as stream:
        expected = {
            cells["ImageID"]
            for cells in csv.DictReader(io.StringIO(stream.read().replace("torn", "").replace("high", "0")))
            if cells["LabelName"] in ("/m/1", "/m/2") and float(cells["Confidence"]) >= floor
        }
    events = list_until_result(survey(order))
    assert events[-1].photos == len(expected) > 5
    assert any(isinstance(one, Notice) and "2 rows of the labels" in one.message for one in events)
    assert events[-1].bytes is None
    assert not (tmp_path / "to").exists()


def list_until_result(job) -> list:
    events = []
    while True:
        try:
            events.append(next(job))
        except StopIteration as end:
            return [*events, end.value]


def test_classes_that_are_not_there(tmp_path):
    names, labels = names_and_labels(tmp_path)
    assert classes.labels_of(["DOG", "cat, domestic"], names) == {"/m/1", "/m/2"}
    with pytest.raises(RequestError, match="no class 'Dgo'") as told:
        classes.labels_of(["Dgo"], names)
    assert "Dog" in told.value.remedy
    with pytest.raises(RequestError, match="no class 'Zebra'"):
        classes.labels_of(["Zebra"], names)
    with pytest.raises(BadInput, match="no list of classes"):
        classes.labels_of(["Dog"], labels)
    with pytest.raises(BadInput):
        classes.labels_of(["Dog"], tmp_path / "nowhere.csv")
    with_header = tmp_path / "header.csv"
    with_header.write_text("\ufeffLabelName,DisplayName\n/m/1,Dog\n")
    assert classes.labels_of(["dog"], with_header) == {"/m/1"}


def test_a_long_walk_tells_how_far_it_is_and_can_be_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "ROWS", 10)
    monkeypatch.setattr("adir_desktop.engine.pace.EVERY", 0.0)
    path = tmp_path / "list.csv"
    path.write_bytes(listed(row(number) for number in range(3000)))
    order = Order(tmp_path / "to", lists=(path,), count=5)
    steps = [event for event in survey(order) if isinstance(event, Progress) and event.stage == "read"]
    assert len(steps) > 100
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert steps[-1].done == steps[-1].total == path.stat().st_size
    with stopping_when(lambda: True), pytest.raises(Interrupted):
        drained(survey(order))


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({}, "How many"),
        ({"count": 1, "share": 0.5}, "How many"),
        ({"count": 0}, "count"),
        ({"share": 0.0}, "share"),
        ({"share": 1.5}, "share"),
        ({"share": float("nan")}, "share"),
        ({"count": 1, "seed": -1}, "seed"),
        ({"count": 1, "confidence": 0.0}, "confidence"),
        ({"count": 1, "threads": 0}, "threads"),
        ({"count": 1, "threads": 1000}, "threads"),
        ({"count": 1, "requests": -1.0}, "requests"),
        ({"count": 1, "bytes_per_second": float("inf")}, "bytes per second"),
        ({"count": 1, "failures": 0}, "failures"),
        ({"count": 1, "subsets": ("trian",)}, "no subset 'trian'"),
        ({"count": 1, "images_url": "ftp://a.org"}, "not an address"),
        ({"count": 1, "metadata_url": "a.org/x"}, "not an address"),
    ],
)
def test_orders_that_make_no_sense(tmp_path, wish, words):
    with pytest.raises(RequestError, match=words):
        Order(tmp_path, **wish)


def test_a_choice_of_nothing_is_told(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(listed([row(1)]))
    with pytest.raises(RequestError, match="No photo is as wanted"):
        drained(survey(Order(tmp_path / "to", share=1, lists=(path,), subsets=("train",))))
    with pytest.raises(BadInput, match="no file"):
        drained(survey(Order(tmp_path / "to", share=1, lists=(tmp_path / "nowhere.csv",))))
    messages = [e for e in survey(Order(tmp_path / "to", count=3, lists=(path,))) if isinstance(e, Notice)]
    assert "Only 1 photos" in messages[0].message
