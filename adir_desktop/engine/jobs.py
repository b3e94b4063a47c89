"""The jobs that the window and the command line run: each a generator whose last event is Finished."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path

from adir_desktop.contract import (
    AdaptedPreset,
    Choice,
    Event,
    Finished,
    Photo,
    Ready,
    Request,
    Restoration,
    Source,
)
from adir_desktop.engine import keep as kept
from adir_desktop.engine import library, photos, presets, retrieve, sidecar
from adir_desktop.engine import references as given
from adir_desktop.searches import Filters, Search

Job = Generator[Event, None, None]


def finished(work: Generator[Event, None, object]) -> Job:
    """Passes a generator's events on and ends with `Finished` of what it returns."""
    yield Finished((yield from work))


def warm(device: str = "auto") -> Job:
    """Imports the engine, loads the default prior and times it; ends with what is on offer."""
    from adir_desktop.engine import pace_of_machine as pace
    from adir_desktop.engine.device import describe, pick_device
    from adir_desktop.engine.priors import PRIORS, load_prior, offered, pick_precision
    from adir_desktop.engine.recipes import RECIPES
    from adir_desktop.engine.samplers import SAMPLERS

    chosen = pick_device(device)
    prior = load_prior(next(iter(PRIORS)))
    pace.idle_memory()
    pace.measured(prior, chosen, pick_precision("auto", chosen))
    ready = Ready(
        device=describe(chosen),
        priors=tuple(Choice(name, row.title, row.hint, family=row.family) for name, row in offered().items()),
        samplers=tuple(
            Choice(
                name,
                row.title,
                row.hint,
                bool(row.guidance),
                row.adapts,
                row.offered(),
                row.draws,
                row.family,
            )
            for name, row in SAMPLERS.items()
        ),
        recipes=tuple(Choice(name, row.title, row.hint) for name, row in RECIPES.items()),
        libraries=library.list_libraries(),
    )
    yield ready
    yield Finished(ready)


def open_photo(path: Path) -> Job:
    """Reads a photo; ends with the `Photo`."""
    yield Finished(photos.open_photo(path))


def index(folders: Sequence[Path], name: str | None = None, encoder: str | None = None) -> Job:
    """Makes or extends a library; ends with its `LibraryInfo`."""
    return finished(library.index(folders, name, encoder, "auto"))


def update(name: str) -> Job:
    """Brings a library up to date with its folders; ends with its `LibraryInfo`."""
    return finished(library.update(name, "auto"))


def attach(folder: Path) -> Job:
    """Makes a library that lies elsewhere known; ends with its `LibraryInfo`."""
    yield Finished(library.attach(folder))


def remove_library(name: str) -> Job:
    """Forgets a library; its photos stay where they are. Ends with its name."""
    library.remove(name)
    yield Finished(name)


def find(
    query: Photo | str | Path | Search, sources: Sequence[Source], k: int, filters: Filters | None = None
) -> Job:
    """Finds the photos most like the query; ends with the `NeighbourSet`."""
    return finished(retrieve.find(query, sources, k, filters))


def references(photo: Photo, paths: Sequence[Path]) -> Job:
    """Compares photos that the person gave with the open one; ends with `References`."""
    return finished(given.references(photo, paths))


def estimate(request: Request) -> Job:
    """What a restoration will cost on this machine; ends with the `Estimate`."""
    from adir_desktop.engine.estimate import estimate as run

    yield Finished(run(request))


def restore(request: Request) -> Job:
    """Restores a photo; ends with the `Restoration`."""
    from adir_desktop.engine.restore import restore as run

    return finished(run(request))


def did_it_help(request: Request, preset: AdaptedPreset | None) -> Job:
    """Tries an adapted preset on similar photos that it has not seen; ends with `Helped`."""
    from adir_desktop.engine.helped import did_it_help as run

    return finished(run(request, preset))


def keep(restoration: Restoration, folder: Path) -> Job:
    """Writes a restoration so that `recall` brings it back; ends with the folder."""
    kept.keep(restoration, folder)
    yield Finished(folder)


def recall(folder: Path) -> Job:
    """Brings back what `keep` wrote; ends with the `Restoration`."""
    yield Finished(kept.recall(folder))


def save(
    restoration: Restoration, path: Path, *, overwrite: bool = False, preset_path: Path | None = None
) -> Job:
    """Writes picture, baseline, sidecar and preset; ends with the paths (`sidecar.Saved`)."""
    yield Finished(sidecar.save_restoration(restoration, path, overwrite=overwrite, preset_path=preset_path))


def save_preset(preset: AdaptedPreset, path: Path, *, overwrite: bool = False) -> Job:
    """Writes a preset file; ends with its path."""
    presets.save_preset(preset, path, overwrite=overwrite)
    yield Finished(path)
