"""Kills a library's build, the writing of its index, its compaction and its repair at random moments.

The work is done by forks of this process, which has imported everything but has no threads yet: a dozen kills
cost no dozen imports. Prints a JSON list of what was reached, one entry a kill.

    python kill_driver.py build ALBUM
    python kill_driver.py repair
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
import traceback
from contextlib import closing

import library_makers

from adir_desktop.engine import compaction, encoder, indexing, library, mending, shelf, vector_index
from adir_desktop.engine.care_rows import Rows, page_faults
from adir_desktop.engine.catalogue import Catalogue

SHARD = 64
KILLS = {"build": 8, "index": 5, "compact": 5, "repair": 8}
STEPS = {"build": 9, "index": 3, "compact": 5}  # of the work, at most, before the kill
END = 10**6
LONGEST = 0.02  # seconds between a step and the kill


def told(pipe: int) -> None:
    """Small batches and shards; each pass of the encoder and each file of the index is a word to the parent."""
    means, save = library_makers.Means(), vector_index._save
    encode = means.encode_images

    def encoded(images):
        os.write(pipe, b".")
        time.sleep(0.01)
        return encode(images)

    def saved(index, path):
        os.write(pipe, b".")
        time.sleep(0.01)
        save(index, path)

    means.encode_images, vector_index._save = encoded, saved
    encoder.load_encoder = lambda spec="starter", device="cpu": means
    vector_index.SHARD, vector_index.CHUNK, vector_index.LAG, indexing.BATCH = SHARD, 16, 100, 16


def work(what: str, album: str, pipe: int) -> None:
    told(pipe)
    if what == "read":
        vector_index.refresh = lambda _: iter(())
    os.write(pipe, b"begun")
    repairs = {"compact": compaction.compact, "repair": mending.repair}
    job = repairs[what](shelf.home_of("album")) if what in repairs else library.index([album], "album")
    for _ in job:
        pass


def killed(what: str, album: str, steps: int, after: float) -> bool:
    """Starts the work and kills it after so many steps and seconds; False if it was done before."""
    heard, pipe = os.pipe()
    child = os.fork()
    if not child:
        try:
            work(what, album, pipe)
        except BaseException:  # noqa: BLE001  whatever it is, the fork ends here
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    os.close(pipe)
    os.read(heard, 5)
    while steps and os.read(heard, 1):
        steps -= 1
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    os.close(heard)
    if status not in (0, signal.SIGKILL):
        sys.exit(f"{what} failed by itself")
    return os.WIFSIGNALED(status)


def there_are() -> tuple[int, int]:
    """Photos and index files of the library as it is."""
    if not shelf.is_library("album"):
        return 0, 0
    with closing(Catalogue(shelf.home_of("album"))) as catalogue:
        return catalogue.photos(), len(catalogue.shards())


def build(album: str) -> list[dict[str, object]]:
    """What each kill found and left."""
    draw = random.Random(7)
    reached = []
    for what, most in STEPS.items():
        for _ in range(KILLS[what]):
            hit = killed(what, album, draw.randrange(most), draw.random() * LONGEST)
            photos, shards = there_are()
            reached.append({"what": what, "killed": hit, "photos": photos, "shards": shards})
        killed("read" if what == "build" else what, album, END, 0)  # on to the end of this part
    return reached


def repair() -> list[str]:
    """What each kill left of a damaged catalogue: "old" for the very same, "new" for a sound one.

    The last one leaves the damaged one.
    """
    path = shelf.home_of("album") / "catalogue.sqlite"
    damaged, start = path.read_bytes(), time.perf_counter()
    killed("repair", "", END, 0)
    needed, reached = time.perf_counter() - start, []
    for each in range(KILLS["repair"]):
        path.write_bytes(damaged)
        killed("repair", "", 0 if each + 1 < KILLS["repair"] else END, needed * each / 6)
        if path.read_bytes() == damaged:
            reached.append("old")
        else:
            with closing(Rows(path)) as rows:
                assert page_faults(rows) == []
            reached.append("new")
    path.write_bytes(damaged)
    return reached


if __name__ == "__main__":
    print(json.dumps(build(sys.argv[2]) if sys.argv[1] == "build" else repair()))
