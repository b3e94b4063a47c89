"""One library's work in a process of its own, with pixel means in place of the network.

    python library_process.py SECONDS index|update|check NAME [FOLDER]

SECONDS: how long each pass of the encoder takes longer.
Prints "begun" as it begins to embed, and at last "done" or the error in words.
"""

from __future__ import annotations

import sys
import time

import library_makers

from adir_desktop.engine import care, encoder, library, shelf
from adir_desktop.errors import AdirError


class Slow(library_makers.Means):
    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds

    def encode_images(self, images):
        print("begun", flush=True)
        time.sleep(self.seconds)
        return super().encode_images(images)


def main(seconds: str, what: str, name: str, *folders: str) -> None:
    means = Slow(float(seconds))
    encoder.load_encoder = lambda spec="starter", device="cpu": means
    try:
        if what == "index":
            job = library.index(folders, name)
        else:
            job = library.update(name) if what == "update" else care.check(shelf.home_of(name))
        for _ in job:
            pass
    except AdirError as error:
        print(f"{type(error).__name__}: {error}", flush=True)
    else:
        print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
