"""The real engine behind its port; each call imports what it needs itself, on its own worker.

This is the window's only door to the engine. Photos are opened, saved and looked into without torch, so that
none of it has to wait for torch's import.
"""

from __future__ import annotations

import atexit
import gc
from collections.abc import Sequence
from pathlib import Path

from adir_desktop.contract import AdaptedPreset, Finished, Photo, Request, Restoration, Source
from adir_desktop.searches import Filters
from adir_desktop.ui.ports import Engine, Events, Files, Libraries, Models, Presets, Query


def real_engine() -> Engine:
    """The engine of this computer."""
    return Engine(
        warm=_warm,
        estimate=_estimate,
        restore=_restore,
        did_it_help=_did_it_help,
        keep=_keep,
        recall=_recall,
        files=Files(_open_photo, _save, _save_preset, _noise, _scratches, _fading, _diagnostics),
        libraries=Libraries(_index, _update, _attach, _remove, _find, _references),
        presets=Presets(
            _list_presets, _add_preset, _take_in_preset, _rename_preset, _remove_preset, _export_preset
        ),
        models=Models(
            list=_list_models,
            verify=_verify_model,
            remove=_remove_model,
            fetch=_fetch_model,
            forget=_forget_model,
            take_in=_take_in_model,
            use_cached=_use_cached_model,
            copy=_copy_models,
            remove_old=_remove_old_models,
            release=_release_models,
        ),
    )


def _warm() -> Events:
    from adir_desktop.engine import jobs

    for event in jobs.warm():
        if isinstance(event, Finished):
            _settle()
        yield event


def _settle() -> None:
    """Takes the objects of the loaded libraries out of the garbage collector's rounds.

    There are a million of them: each full round held the window for 0.3 s. They are given back at exit,
    or some libraries would report them as leaks.
    """
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)


def _estimate(request: Request) -> Events:
    from adir_desktop.engine import jobs

    yield from jobs.estimate(request)


def _restore(request: Request) -> Events:
    from adir_desktop.engine import jobs

    yield from jobs.restore(request)


def _did_it_help(request: Request, preset: AdaptedPreset | None) -> Events:
    from adir_desktop.engine import jobs

    yield from jobs.did_it_help(request, preset)


def _keep(restoration: Restoration, folder: Path) -> Events:
    from adir_desktop.engine import jobs

    yield from jobs.keep(restoration, folder)


def _recall(folder: Path) -> Events:
    from adir_desktop.engine import jobs

    yield from jobs.recall(folder)


def _open_photo(path: Path) -> Events:
    from adir_desktop.engine.photos import open_photo

    yield Finished(open_photo(path))


def _save(restoration: Restoration, path: Path, overwrite: bool) -> Events:  # the port's order
    from adir_desktop.engine import jobs

    yield from jobs.save(restoration, path, overwrite=overwrite)


def _save_preset(preset: AdaptedPreset, path: Path, overwrite: bool) -> Events:  # the port's order
    from adir_desktop.engine import jobs

    yield from jobs.save_preset(preset, path, overwrite=overwrite)


def _noise(photo: Photo) -> Events:
    from adir_desktop.engine import inspection_jobs

    yield from inspection_jobs.noise(photo)


def _scratches(photo: Photo) -> Events:
    from adir_desktop.engine import inspection_jobs

    yield from inspection_jobs.scratches(photo)


def _fading(photo: Photo) -> Events:
    from adir_desktop.engine import inspection_jobs

    yield from inspection_jobs.fading(photo)


def _diagnostics(path: Path, overwrite: bool) -> Events:  # the port's order
    from adir_desktop.engine import diagnostics

    yield from diagnostics.collect(path, overwrite)


def _index(folders: Sequence[Path], encoder: str) -> Events:
    from adir_desktop.engine import jobs

    yield from jobs.index(folders, encoder=encoder or None)


def _update(library: str) -> Events:
    from adir_desktop.engine import jobs

    yield from jobs.update(library)


def _attach(folder: Path) -> Events:
    from adir_desktop.engine import jobs

    yield from jobs.attach(folder)


def _remove(library: str) -> Events:
    from adir_desktop.engine import jobs

    yield from jobs.remove_library(library)


def _find(query: Query, sources: Sequence[Source], k: int, filters: Filters) -> Events:
    from adir_desktop.engine import jobs

    yield from jobs.find(query, sources, k, filters)


def _references(photo: Photo, paths: Sequence[Path]) -> Events:
    from adir_desktop.engine import jobs

    yield from jobs.references(photo, paths)


def _list_presets() -> Events:
    from adir_desktop.engine import store_jobs

    yield from store_jobs.list_presets()


def _add_preset(preset: AdaptedPreset, thumbnail: bytes) -> Events:
    from adir_desktop.engine import store_jobs

    yield from store_jobs.add_preset(preset, thumbnail)


def _take_in_preset(path: Path, prior: str | None) -> Events:
    from adir_desktop.engine import store_jobs

    yield from store_jobs.take_in_preset(path, prior)


def _rename_preset(old: str, new: str) -> Events:
    from adir_desktop.engine import store_jobs

    yield from store_jobs.rename_preset(old, new)


def _remove_preset(name: str) -> Events:
    from adir_desktop.engine import store_jobs

    yield from store_jobs.remove_preset(name)


def _export_preset(name: str, path: Path, form: str, overwrite: bool, thumbnail: bool) -> Events:
    from adir_desktop.engine import store_jobs

    yield from store_jobs.export_preset(name, path, form, overwrite=overwrite, thumbnail=thumbnail)


def _list_models() -> Events:
    from adir_desktop.engine import store_jobs

    yield from store_jobs.list_models()


def _verify_model(name: str) -> Events:
    from adir_desktop.engine import store_jobs

    yield from store_jobs.verify_model(name)


def _remove_model(name: str) -> Events:
    from adir_desktop.engine import store_jobs

    yield from store_jobs.remove_model(name)


def _fetch_model(name: str, accepted: bool) -> Events:  # the port's order
    from adir_desktop.engine import store_jobs

    yield from store_jobs.fetch_model(name, accepted=accepted)


def _forget_model(name: str) -> Events:
    from adir_desktop.engine import store_jobs

    yield from store_jobs.cancel_fetch(name)


def _take_in_model(path: Path, name: str) -> Events:
    from adir_desktop.engine import store_jobs

    yield from store_jobs.import_model(path, name)


def _use_cached_model(name: str) -> Events:
    from adir_desktop.engine import store_jobs

    yield from store_jobs.use_cached_model(name)


def _copy_models(folder: Path) -> Events:
    from adir_desktop.engine import store_jobs

    yield from store_jobs.copy_models(folder)


def _remove_old_models(folder: Path) -> Events:
    from adir_desktop.engine import store_jobs

    yield from store_jobs.remove_old_models(folder)


def _release_models() -> Events:
    from adir_desktop.engine import warm

    warm.release()
    yield Finished(None)
