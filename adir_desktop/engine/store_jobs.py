"""The jobs of the stores: adapted presets and installed models. Only `fetch_model` reaches for the network.

Each ends with the whole store as it is then, so that whoever shows it never has to guess.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

from adir_desktop import places
from adir_desktop.contract import AdaptedPreset, Event, Finished, Notice
from adir_desktop.engine import presets, weights
from adir_desktop.engine.store import hub_cache, moving
from adir_desktop.engine.store.cards import Workshop
from adir_desktop.engine.store.fetch import fetch, forget
from adir_desktop.engine.store.network import host_of
from adir_desktop.engine.store.offers import Offer, offers
from adir_desktop.engine.store.taking_in import take_in
from adir_desktop.model_info import ModelInfo, ModelOffer

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
    """Ends with the tuple of all `ModelInfo`s, those that can be fetched behind the installed ones."""
    old = moving.unfinished()
    if old is not None:
        yield Notice(
            f"The models were moved; {old} still holds them too.",
            f"To finish: adir models move {places.models_dir()}",
        )
    yield Finished(everything())


def verify_model(name: str) -> Job:
    """Reads every file of one model and compares checksums; ends as `list_models`, with what was found."""
    problems = yield from weights.check(weights.find_model(name))
    yield Finished(
        tuple(
            replace(one, problem="; ".join(problems) or one.problem) if one.name == name else one
            for one in everything()
        )
    )


def remove_model(name: str) -> Job:
    """Deletes a model that was installed later; ends as `list_models`."""
    weights.remove(name)
    yield Finished(everything())


def fetch_model(name: str, *, accepted: bool = False, endpoint: str = "", proxy: str = "") -> Job:
    """Brings a model of the catalogue, as `fetch.fetch`; ends as `list_models`. Closed, it can be gone on with."""
    yield from fetch(name, accepted=accepted, endpoint=endpoint, proxy=proxy)
    yield Finished(everything())


def cancel_fetch(name: str) -> Job:
    """Removes what an unfinished fetch has brought; ends as `list_models`."""
    forget(name)
    yield Finished(everything())


def import_model(path: Path, name: str = "", *, keep: bool = False) -> Job:
    """Installs files of this machine, as `taking_in.take_in`; ends as `list_models`."""
    yield from take_in(path, name, keep=keep)
    yield Finished(everything())


def use_cached_model(name: str) -> Job:
    """Uses a model where it lies in the Hugging Face cache; ends as `list_models`."""
    yield from hub_cache.use(name)
    yield Finished(everything())


def copy_models(folder: Path) -> Job:
    """Brings all models into another folder; ends with it. The setting is then to be changed, the old removed."""
    yield Finished((yield from moving.copy_models(folder)))


def remove_old_models(folder: Path) -> Job:
    """Once `folder` is where models are: removes what was copied from the old one; ends as `list_models`."""
    yield from moving.remove_old(folder)
    yield Finished(everything())


def everything() -> tuple[ModelInfo, ...]:
    """The models of this machine, then those that can be fetched.

    Raises:
        ModelError: the catalogue is missing or damaged.
    """
    installed = tuple(map(weights.describe, weights.list_models()))
    here = {model.name for model in installed}
    return installed + tuple(_offered(offer) for offer in offers() if offer.name not in here)


def _offered(offer: Offer) -> ModelInfo:
    workshop = Workshop(offer.name)
    source = offer.repositories[0] if offer.repositories else host_of(offer.files[0].urls[0])
    return ModelInfo(
        name=offer.name,
        title=offer.title,
        purpose=offer.purpose,
        licence=offer.terms,
        folder=places.models_dir() / offer.name,
        bytes_on_disk=0,
        memory=offer.memory,
        offer=ModelOffer(
            bytes=offer.about,
            limits=offer.limits,
            licence_url=offer.licence_url,
            source=source,
            fetched=workshop.bytes,
            cached=hub_cache.snapshot(offer),
            accepted=bool(workshop.accepted(offer)),
        ),
    )
