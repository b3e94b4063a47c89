"""What can be told from a photo alone, as jobs that end with `Finished`; none of them needs torch."""

from __future__ import annotations

from collections.abc import Generator

from adir_desktop.contract import Event, Finished, Photo, Progress
from adir_desktop.engine import fading as colours
from adir_desktop.engine import inspect_noise, inspect_scratches

Job = Generator[Event, None, None]


def noise(photo: Photo) -> Job:
    """Ends with the photo's `NoiseLevel`."""
    yield Progress("inspect", 0, 1)
    yield Finished(inspect_noise.noise(photo))


def scratches(photo: Photo) -> Job:
    """Ends with `Marks`: what seems scratched or dusty."""
    yield Finished((yield from inspect_scratches.scratches(photo)))


def fading(photo: Photo) -> Job:
    """Ends with the `Fading` that best explains the photo's range of colours."""
    yield Progress("inspect", 0, 1)
    yield Finished(colours.fading(photo))
