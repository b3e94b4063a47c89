"""Kills a library's build, the writing of its index and its compaction at random moments.

The work is done by forks of this process, which has imported everything but has no threads yet: a dozen kills
cost no dozen imports. Prints a JSON list of what was reached, one entry a kill.

    python kill_driver.py ALBUM SEED
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
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

import library_makers

from adir_desktop.engine import compaction, encoder, indexing, library, shelf, vector_index
from adir_desktop.engine.catalogue import Catalogue

SHARD = 64
KILLS = {"build": 8, "index": 5, "compact": 5}
WITHIN = {"build": 0.12, "index": 0.06, "compact": 0.08}  # seconds


class Slow(library_makers.Means):
    def encode_images(self, images):
        time.sleep(0.01)
        return super().encode_images(images)


def slowed(pipe: int) -> None:
    """Small batches and shards, that take their time, and a word to the parent when the index is begun."""
    means = Slow()
    encoder.load_encoder = lambda spec="starter", device="cpu": means
    vector_index.SHARD, vector_index.CHUNK, vector_index.LAG, indexing.BATCH = SHARD, 16, 100, 16
    refresh, save = vector_index.refresh, vector_index._save

    def told(*given):
        os.write(pipe, b"i")
        yield from refresh(*given)

    def saved(index, path):
        save(index, path)
        time.sleep(0.005)

    vector_index.refresh, vector_index._save = told, saved


def work(what: str, album: str, pipe: int) -> None:
    slowed(pipe)
    os.write(pipe, b"b")
    job = compaction.compact(shelf.home_of("album")) if what == "compact" else library.index([album], "album")
    for _ in job:
        pass


def killed(what: str, album: str, after: float | None) -> bool:
    """Starts the work and kills it after these seconds, or never; False if it was done before."""
    heard, pipe = os.pipe()
    child = os.fork()
    if not child:
        try:
            work(what, album, pipe)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    os.close(pipe)
    while (word := os.read(heard, 1)) and word != (b"i" if what == "index" else b"b"):
        pass
    if after is not None:
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


def main(album: str, seed: int) -> None:
    draw = random.Random(seed)
    reached = []
    for what, times in KILLS.items():
        for _ in range(times):
            hit = killed(what, album, draw.random() * WITHIN[what])
            photos, shards = there_are()
            reached.append({"what": what, "killed": hit, "photos": photos, "shards": shards})
        if what == "index":
            killed("build", album, None)
    print(json.dumps(reached))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
