"""The open photo and the request being composed: state that views observe."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, QRect, Signal, Slot

from adir_desktop.contract import (
    AdaptTo,
    Degradation,
    Event,
    Finished,
    Found,
    LibraryInfo,
    NeighbourSet,
    Ready,
    Request,
)
from adir_desktop.errors import AdirError, PresetError, RequestError
from adir_desktop.tasks import DEFAULT_KERNEL, degradation_for
from adir_desktop.ui.mask import MaskPainting
from adir_desktop.ui.ports import SavedAs
from adir_desktop.ui.qt_images import Picture, Restored

SMALL = 400  # pixels: a photo no longer than this is probably here to be enlarged
MANAGEABLE = 1024  # pixels a side of a result that a computer without a GPU makes in minutes
NEIGHBOURS = {"quick": 8, "paper": 20}  # K of a search made by hand, where the person left it to the recipe


@dataclass(frozen=True)
class Values:
    """Everything a person can choose. None: as the recipe has it, or the task's own default."""

    task: str = "upscale"
    scale: int = 4
    kernel: str = DEFAULT_KERNEL
    noise: float | None = None
    adapt: AdaptTo = "none"
    library: str | None = None
    preset: Path | None = None
    baseline: bool = False
    sampler: str | None = None
    recipe: str = "quick"
    steps: int | None = None
    guidance: float | None = None
    seed: int = 0
    neighbours: int | None = None
    iterations: int | None = None


class Session(QObject):
    """One open photo: what is wanted of it, what was found for it, what came out."""

    photo_changed = Signal()
    values_changed = Signal()
    mask_changed = Signal(QRect)
    found_changed = Signal()
    result_changed = Signal()
    engine_changed = Signal()  # what the engine offers, or the libraries

    def __init__(self, library: str = "", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.values = Values(library=library or None)
        self.picture: Picture | None = None
        self.mask: MaskPainting | None = None
        self.found: NeighbourSet | None = None
        self.restored: Restored | None = None
        self.saved = True
        self.ready: Ready | None = None
        self.libraries: tuple[LibraryInfo, ...] = ()
        self._adapt_chosen = False

    @Slot(object)
    def hear(self, event: Event) -> None:
        """Takes over what jobs bring; every other event concerns only views."""
        if isinstance(event, Found):
            self._set_found(event.neighbours)
        if not isinstance(event, Finished):
            return
        result = event.result
        if isinstance(result, Ready):
            self._set_ready(result)
        elif isinstance(result, Picture):
            self._set_picture(result)
        elif isinstance(result, LibraryInfo):
            self._set_library(result)
        elif isinstance(result, NeighbourSet):
            self._set_found(result)
        elif isinstance(result, Restored):
            self._set_restored(result, saved=False)
        elif isinstance(result, SavedAs) and result.picture:
            self.saved = True
            self.result_changed.emit()

    def change(self, values: Values) -> None:
        """Takes over a person's choice; what no longer fits it is forgotten."""
        old, self.values = self.values, values
        if values == old:
            return
        self._adapt_chosen |= values.adapt != old.adapt
        if values.task != old.task and values.noise == old.noise:
            self.values = replace(values, noise=None)  # the noise of one task is no guess for another
        if (values.library, _wanted(values)) != (old.library, _wanted(old)):
            self._set_found(None)
        self.values_changed.emit()

    def include(self, neighbour: str, *, included: bool) -> None:
        """Switches one neighbour on or off, by its id."""
        if self.found is None:
            return
        items = tuple(
            replace(item, included=included) if item.id == neighbour else item for item in self.found.items
        )
        self._set_found(replace(self.found, items=items))

    def include_all(self, *, included: bool) -> None:
        """Switches all neighbours on or off."""
        if self.found is not None:
            items = tuple(replace(item, included=included) for item in self.found.items)
            self._set_found(replace(self.found, items=items))

    def request(self) -> Request:
        """Everything the engine needs, frozen.

        Raises:
            AdirError: something is missing; its words say what.
        """
        if self.picture is None:
            raise RequestError("There is no photo yet.", "Open one, or drop it on the window.")
        values = self.values
        self._check_adaptation()
        neighbours = values.adapt == "neighbours"
        return Request(
            photo=self.picture.photo,
            task=values.task,
            degradation=self._degradation(),
            sampler=values.sampler,
            recipe=values.recipe,
            steps=values.steps,
            guidance=values.guidance,
            seed=values.seed,
            adapt=values.adapt,
            library=values.library if neighbours else None,
            neighbours=values.neighbours if neighbours else None,
            found=self.found if neighbours else None,
            preset=values.preset if values.adapt == "preset" else None,
            iterations=values.iterations if values.adapt in ("neighbours", "self") else None,
            baseline=values.baseline and values.adapt != "none",
        )

    def missing(self) -> str:
        """What keeps the photo from being restored, in one sentence or two; empty when nothing does."""
        try:
            self.request()
        except AdirError as error:
            return str(error)
        return ""

    @property
    def neighbours_wanted(self) -> int:
        """K of a search made by hand."""
        return _wanted(self.values)

    @property
    def library(self) -> LibraryInfo | None:
        """The chosen library, if it is there."""
        return next((known for known in self.libraries if known.name == self.values.library), None)

    def _degradation(self) -> Degradation:
        values = self.values
        painted = self.mask.pixels.copy() if self.mask is not None and not self.mask.empty else None
        return degradation_for(
            values.task,
            scale=values.scale if values.task == "upscale" else None,
            kernel=values.kernel if values.task == "deblur" else None,
            noise=values.noise,
            mask=painted if values.task == "inpaint" else None,
        )

    def _check_adaptation(self) -> None:
        values = self.values
        if values.adapt == "neighbours":
            if self.ready is not None and self.library is None:
                raise RequestError(
                    "Adapting needs similar photos, and there is no photo library yet."
                    if not self.libraries
                    else "No photo library is chosen.",
                    "Add a folder of photos, or restore without adapting.",
                )
            if self.found is not None and not self.found.included:
                raise RequestError(
                    "All similar photos are switched off.",
                    "Switch some on, or restore without adapting.",
                )
        if values.adapt == "preset" and values.preset is None:
            raise PresetError("No preset is chosen.", "Choose a preset file, or restore without adapting.")

    def _set_ready(self, ready: Ready) -> None:
        self.ready, self.libraries = ready, ready.libraries
        names = [library.name for library in self.libraries]
        if self.values.library not in names:
            self.values = replace(self.values, library=names[0] if names else None)
        self._prefer_adapting()
        self.engine_changed.emit()
        self.values_changed.emit()

    def _set_library(self, library: LibraryInfo) -> None:
        others = tuple(known for known in self.libraries if known.name != library.name)
        self.libraries = tuple(sorted((*others, library), key=lambda known: known.name.casefold()))
        self.values = replace(self.values, library=library.name)
        self._set_found(None)
        self._prefer_adapting()
        self.engine_changed.emit()
        self.values_changed.emit()

    def _prefer_adapting(self) -> None:
        """With a library at hand, adapting to similar photos is what this program is for."""
        if not self._adapt_chosen and self.library is not None and self.library.photos:
            self.values = replace(self.values, adapt="neighbours")

    def _set_picture(self, picture: Picture) -> None:
        if self.mask is not None:
            self.mask.deleteLater()
        self.picture = picture
        self.mask = MaskPainting(picture.photo.height, picture.photo.width, self)
        self.mask.changed.connect(self.mask_changed)
        task, scale = _guess_task(picture, self.values.task), _guess_scale(picture)
        self.values = replace(self.values, task=task, scale=scale, noise=None)
        self._set_found(None)
        self._set_restored(None, saved=True)
        self.photo_changed.emit()
        self.values_changed.emit()
        self.mask_changed.emit(QRect(0, 0, picture.photo.width, picture.photo.height))

    def _set_found(self, found: NeighbourSet | None) -> None:
        if found is not self.found:
            self.found = found
            self.found_changed.emit()

    def _set_restored(self, restored: Restored | None, *, saved: bool) -> None:
        self.restored, self.saved = restored, saved
        self.result_changed.emit()


def _wanted(values: Values) -> int:
    """K: as chosen, or the recipe's."""
    return values.neighbours or NEIGHBOURS.get(values.recipe, NEIGHBOURS["quick"])


def _guess_task(picture: Picture, last: str) -> str:
    """A grey photo wants colour, a small one wants to be larger; else what was done last."""
    photo = picture.photo
    if photo.grey:
        return "colorize"
    if max(photo.height, photo.width) <= SMALL:
        return "upscale"
    return "deblur" if last in ("upscale", "colorize") else last


def _guess_scale(picture: Picture) -> int:
    """Four times, unless that would take very long."""
    side = max(picture.photo.height, picture.photo.width)
    return 4 if 4 * side <= MANAGEABLE else 2
