"""The photo on the canvas and the request being composed for it: state that views observe."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QRect, Signal, Slot

from adir_desktop.contract import (
    Choice,
    Degradation,
    Estimate,
    Event,
    Fading,
    Finished,
    Found,
    LibraryInfo,
    Neighbour,
    NeighbourSet,
    NoiseLevel,
    Ready,
    References,
    Request,
    Source,
)
from adir_desktop.errors import AdirError, RequestError
from adir_desktop.searches import Filters
from adir_desktop.ui.mask import MaskPainting
from adir_desktop.ui.qt_images import Picture, Restored
from adir_desktop.ui.remarks import said_both
from adir_desktop.ui.requests import (
    Values,
    degradation_of,
    fitted,
    neighbours_wanted,
    reads,
    request_for,
)

__all__ = ["Session", "State", "Values", "first_values"]

SMALL = 400  # pixels: a photo no longer than this is probably here to be enlarged
NOISY = ("denoise", "deblur", "old")  # tasks whose result depends on how noisy the photo is
LEAST_NOISE = 0.5  # of 255: that of rounding
MANAGEABLE = 1024  # pixels a side of a result that a computer without a GPU makes in minutes


@dataclass(frozen=True, eq=False)
class State:
    """All that belongs to one photo, while another one is on the canvas."""

    values: Values
    mask: MaskPainting
    found: NeighbourSet | None = None
    restored: Restored | None = None
    saved: bool = True


class Session(QObject):
    """One photo: what is wanted of it, what was found for it, which result of it is shown."""

    photo_changed = Signal()
    values_changed = Signal()
    mask_changed = Signal(QRect)
    found_changed = Signal()
    result_changed = Signal()
    engine_changed = Signal()  # what the engine offers, or the libraries
    estimate_changed = Signal()

    def __init__(
        self, library: str = "", parent: QObject | None = None, *, left_out: Iterable[str] = ()
    ) -> None:
        super().__init__(parent)
        sources = (Source(library),) if library else ()
        self.values = Values(sources=sources, filters=Filters(exclude=frozenset(left_out)))
        self.photo_id = ""
        self.picture: Picture | None = None
        self.mask: MaskPainting | None = None
        self.found: NeighbourSet | None = None
        self.restored: Restored | None = None
        self.saved = True
        self.ready: Ready | None = None
        self.libraries: tuple[LibraryInfo, ...] = ()
        self.estimate: Estimate | None = None
        self.device = "auto"
        self._adapt_chosen = False
        self._measured: float | None = None  # sigma of the photo on the canvas

    @Slot(object)
    def hear(self, event: Event) -> None:
        """Takes over what jobs bring; every other event concerns only views."""
        if isinstance(event, Found):
            self._add_found(event.neighbours)
        if not isinstance(event, Finished):
            return
        result = event.result
        if isinstance(result, Ready):
            self._set_ready(result)
        elif isinstance(result, LibraryInfo):
            self._set_library(result)
        elif isinstance(result, NeighbourSet):
            self._add_found(result)
        elif isinstance(result, References):
            self.add_references(result.items)
        elif isinstance(result, NoiseLevel):
            self.change(replace(self.values, noise=round(result.sigma, 1)))
        elif isinstance(result, Fading):
            self.change(replace(self.values, fading=result))
        elif isinstance(result, Estimate):
            self.estimate = result
            self.estimate_changed.emit()

    def change(self, values: Values) -> None:
        """Takes over a person's choice; what no longer fits it is forgotten."""
        old, self.values = self.values, values
        if values == old:
            return
        self._adapt_chosen |= values.adapt != old.adapt
        if values.task != old.task and values.noise == old.noise:
            self.values = replace(values, noise=None)  # the noise of one task is no guess for another
            self._suppose_noise()
        self.values = fitted(self.values, old, self.offered)
        let_in = old.filters.exclude - values.filters.exclude
        if let_in or _searched(values) != _searched(old):
            self._set_found(None)
        else:
            self._set_found(self._without_left_out(self.found))
        self.values_changed.emit()

    def measure(self, sigma: float) -> None:
        """The photo's own noise: the first guess of the tasks that need it, until the person says better."""
        self._measured = max(round(sigma, 1), LEAST_NOISE)
        if self._suppose_noise():
            self.values_changed.emit()

    def settle(self) -> None:
        """The ways to adapt were chosen in an earlier session: no library changes them."""
        self._adapt_chosen = True

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

    def add_references(self, items: tuple[Neighbour, ...]) -> None:
        """Puts the person's own photos in front of those that were found."""
        found = self.found or NeighbourSet("", "", "", ())
        new = {item.id for item in items}
        rest = tuple(item for item in found.items if item.id not in new)
        self._set_found(replace(found, items=(*items, *rest)))
        self.change(replace(self.values, adapt="neighbours"))

    def request(self) -> Request:
        """Everything the engine needs, frozen.

        Raises:
            AdirError: something is missing; its words say what.
        """
        request = self.sketch()
        if request.degradation.mask is None:
            return request
        frozen = replace(request.degradation, mask=request.degradation.mask.copy())
        return replace(request, degradation=frozen)

    def sketch(self) -> Request:
        """The request with the mask as it is being painted, not copied: to see what it would cost.

        Raises:
            AdirError: as in `request`.
        """
        if self.picture is None:
            raise RequestError("There is no photo yet.", "Open one, or drop it on the window.")
        known = {library.name for library in self.libraries}
        sources = self.values.sources
        if self.ready is not None:
            sources = tuple(source for source in sources if source.library in known)
        painted = self.mask.pixels if self.mask is not None and not self.mask.empty else None
        values = replace(self.values, sources=sources)
        return request_for(
            self.picture.photo,
            values,
            painted,
            self.found,
            self.device,
            with_words=reads(values, self.offered),
        )

    def missing(self) -> str:
        """What keeps the photo from being restored, in one sentence or two; empty when nothing does."""
        try:
            self.sketch()
        except AdirError as error:
            return " ".join(said_both(error.problem, error.remedy))
        return ""

    @property
    def damage(self) -> Degradation | None:
        """What happened to the photo, as far as it is said by now; None where that is not enough."""
        painted = self.mask.pixels.copy() if self.mask is not None and not self.mask.empty else None
        try:
            return degradation_of(self.values, painted)
        except AdirError:
            return None

    @property
    def offered(self) -> tuple[Choice, ...]:
        """The models that are installed."""
        return self.ready.priors if self.ready else ()

    @property
    def neighbours_wanted(self) -> int:
        """K of a search made by hand."""
        return neighbours_wanted(self.values)

    @property
    def library(self) -> LibraryInfo | None:
        """The first of the chosen libraries, if it is there."""
        first = self.values.sources[0].library if self.values.sources else ""
        return next((known for known in self.libraries if known.name == first), None)

    @property
    def state(self) -> State | None:
        """What belongs to the photo, to be put back by `take`."""
        if self.mask is None:
            return None
        return State(self.values, self.mask, self.found, self.restored, self.saved)

    def take(self, photo_id: str, picture: Picture, state: State) -> None:
        """Puts a photo on the canvas, with all that belongs to it."""
        if self.mask is not None:
            self.mask.changed.disconnect(self.mask_changed)
        self.photo_id, self.picture, self.mask = photo_id, picture, state.mask
        self.mask.changed.connect(self.mask_changed)
        filters = replace(state.values.filters, exclude=self.values.filters.exclude)
        sources = state.values.sources or self.values.sources
        self.values = replace(state.values, sources=sources, filters=filters)
        self._measured = None
        self._set_found(self._without_left_out(state.found))
        self.show(None, saved=True)
        self.photo_changed.emit()
        self.values_changed.emit()
        if state.restored is not None:  # last: tools and views make way for a result
            self.show(state.restored, saved=state.saved)
        self.mask_changed.emit(QRect(0, 0, picture.photo.width, picture.photo.height))
        self.mask_changed.emit(QRect())

    def leave(self) -> None:
        """Empties the canvas: the last photo was closed."""
        if self.mask is not None:
            self.mask.changed.disconnect(self.mask_changed)
        self.photo_id, self.picture, self.mask = "", None, None
        self._set_found(None)
        self.show(None, saved=True)
        self.photo_changed.emit()

    def show(self, restored: Restored | None, *, saved: bool) -> None:
        """Shows one of the photo's results; None: the photo alone."""
        self.restored, self.saved = restored, saved
        self.result_changed.emit()

    def forget_library(self, name: str) -> None:
        """A library was removed."""
        self.libraries = tuple(known for known in self.libraries if known.name != name)
        sources = tuple(source for source in self.values.sources if source.library != name)
        self.engine_changed.emit()
        self.change(replace(self.values, sources=sources))

    def _set_ready(self, ready: Ready) -> None:
        self.ready, self.libraries = ready, ready.libraries
        names = {library.name for library in self.libraries}
        kept = tuple(source for source in self.values.sources if source.library in names)
        first = tuple(Source(library.name) for library in self.libraries[:1])
        self.values = replace(self.values, sources=kept or first)
        self._prefer_adapting()
        self.engine_changed.emit()
        self.values_changed.emit()

    def _set_library(self, library: LibraryInfo) -> None:
        """A new library is used at once; one that was only brought up to date stays as it was chosen."""
        is_new = library.name not in {known.name for known in self.libraries}
        others = tuple(known for known in self.libraries if known.name != library.name)
        self.libraries = tuple(sorted((*others, library), key=lambda known: known.name.casefold()))
        if is_new or not self.values.sources:
            self.values = replace(self.values, sources=(Source(library.name),))
            self._set_found(None)
        self._prefer_adapting()
        self.engine_changed.emit()
        self.values_changed.emit()

    def _suppose_noise(self) -> bool:
        wanted = self.values.noise is None and self.values.task in NOISY and self._measured is not None
        if wanted:
            self.values = replace(self.values, noise=self._measured)
        return wanted

    def _prefer_adapting(self) -> None:
        """With a library at hand, adapting to similar photos is what this program is for."""
        if not self._adapt_chosen and self.library is not None and self.library.photos:
            self.values = replace(self.values, adapt="neighbours")

    def _add_found(self, found: NeighbourSet) -> None:
        """What a search found, behind the photos that the person gave."""
        own = tuple(item for item in (self.found.items if self.found else ()) if not item.library)
        known = {item.id for item in own}
        this = self.picture.photo.path if self.picture is not None else None
        rest = tuple(
            replace(item, included=False) if item.path == this else item  # it cannot teach what it lacks
            for item in found.items
            if item.id not in known
        )
        self._set_found(self._without_left_out(replace(found, items=(*own, *rest))))

    def _without_left_out(self, found: NeighbourSet | None) -> NeighbourSet | None:
        """What was found, without what may not be found any more; a person's own photos stay."""
        out = self.values.filters.exclude
        if found is None or not any(item.library and item.id in out for item in found.items):
            return found
        return replace(
            found, items=tuple(item for item in found.items if not (item.library and item.id in out))
        )

    def _set_found(self, found: NeighbourSet | None) -> None:
        if found is not self.found:
            self.found = found
            self.found_changed.emit()


def _searched(values: Values) -> tuple[object, ...]:
    """What decides which photos are found, beside those that are left out one by one."""
    return values.sources, neighbours_wanted(values), replace(values.filters, exclude=frozenset())


def first_values(picture: Picture, last: Values) -> Values:
    """A guess at what a photo is here for: what was done last, unless it is grey or small."""
    photo = picture.photo
    side = max(photo.height, photo.width)
    task = last.task
    if photo.grey:
        task = "colorize"
    elif side <= SMALL:
        task = "upscale"
    elif task in ("upscale", "colorize"):
        task = "denoise"  # with the noise that was measured it harms no photo; a wrong blur would
    return replace(last, task=task, scale=4 if 4 * side <= MANAGEABLE else 2, noise=None, fading=None)
