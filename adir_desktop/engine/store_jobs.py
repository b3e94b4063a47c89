"""The jobs of the stores: adapted presets and installed models. None of them needs the network.

Each ends with the whole store as it is then, so that whoever shows it never has to guess.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

from adir_desktop.contract import AdaptedPreset, Event, Finished, Notice
from adir_desktop.engine import presets, weights

Job = Generator[Event, None, None]


def list_presets() -> Job:
    """Ends with the tuple of all `PresetInfo`s."""
    yield Finished(presets.list_presets())


def add_preset(preset: AdaptedPreset, thumbnail: bytes = b"") -> Job:
    """Keeps a preset, with the thumbnail (JPEG) of the photo it was adapted for; ends as `list_presets`."""
    presets.add(preset, thumbnail)
    yield Finished(presets.list_presets())


def take_in_preset(path: Path, prior: str | None = None) -> Job:
    """Keeps a preset, or the LoRA of another program for a prior; ends as `list_presets`.

    A LoRA of another program needs torch, and its prior.
    """
    preset = presets.read_any(path, prior)
    for remark in presets.remarks(preset):
        yield Notice(remark)
    presets.add(preset)
    yield Finished(presets.list_presets())


def rename_preset(old: str, new: str) -> Job:
    """Gives a preset another name; ends as `list_presets`."""
    presets.rename(old, new)
    yield Finished(presets.list_presets())


def remove_preset(name: str) -> Job:
    """Deletes a preset; ends as `list_presets`."""
    presets.remove(name)
    yield Finished(presets.list_presets())


def export_preset(
    name: str, path: Path, form: str, *, overwrite: bool = False, thumbnail: bool = False
) -> Job:
    """Writes a preset for others, in one of `presets.FORMATS`; ends with the path.

    thumbnail: with the small picture of its photo.
    """
    presets.export_preset(presets.get(name), path, form, overwrite=overwrite, thumbnail=thumbnail)
    yield Finished(path)


def list_models() -> Job:
    """Ends with the tuple of all `ModelInfo`s."""
    yield Finished(tuple(map(weights.describe, weights.list_models())))


def verify_model(name: str) -> Job:
    """Reads every file of one model and compares checksums; ends as `list_models`, with what was found."""
    model = weights.find_model(name)
    problems = yield from weights.check(model)
    others = weights.list_models()
    yield Finished(tuple(weights.describe(other, problems if other.name == name else ()) for other in others))


def remove_model(name: str) -> Job:
    """Deletes a model that was installed later; ends as `list_models`."""
    weights.remove(name)
    yield Finished(tuple(map(weights.describe, weights.list_models())))
