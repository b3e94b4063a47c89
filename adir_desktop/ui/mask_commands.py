"""What is done with the mask beyond painting, and what is measured in the photo."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from adir_desktop.contract import Finished, Marks, Mask, NoiseLevel
from adir_desktop.files import write_atomic
from adir_desktop.ui.context import Context
from adir_desktop.ui.mask import MaskPainting, Mode
from adir_desktop.ui.mask_journal import mask_from_png, mask_to_png
from adir_desktop.ui.mask_select import select_events
from adir_desktop.ui.ports import Events, SavedAs


class MaskCommands(QObject):
    """The mask of the photo on the canvas."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._context = context
        context.session.photo_changed.connect(self._look_at_noise)

    @Slot()
    def _look_at_noise(self) -> None:
        """A new photo's noise is measured unasked: how much to clean is nothing to be guessed at."""
        session = self._context.session
        if session.picture is None or session.values.noise is not None:
            return
        make = partial(self._context.engine.files.noise, session.picture.photo)

        def take(level: object) -> None:
            if isinstance(level, NoiseLevel):
                session.measure(level.sigma)

        self._context.ask("noise", make, take)

    @Slot()
    def find_scratches(self) -> None:
        """Proposes scratches and dust; they are added to what is marked, as one step of undo."""
        picture, mask = self._context.session.picture, self._context.session.mask
        if picture is not None and mask is not None and not self._context.jobs.has("scratches"):
            self._context.began.emit()
            make = partial(self._context.engine.files.scratches, picture.photo)
            job = self._context.ask("scratches", make, partial(self._marked, mask), heard=False)
            job.happened.connect(self._context.jobs.happened)

    def select(self, seed: tuple[int, int], mode: Mode) -> None:
        """Marks what has the colour of that pixel (row, column)."""
        picture, mask, tools = self._context.session.picture, self._context.session.mask, self._context.tools
        if picture is None or mask is None:
            return
        self._context.jobs.drop("select")
        make = partial(select_events, picture.photo.pixels, seed, tools.tolerance, tools.contiguous)
        self._context.ask("select", make, lambda marks: self._marked(mask, marks, mode))

    @Slot()
    def estimate_noise(self) -> None:
        """Measures the noise of the photo and takes it over."""
        picture = self._context.session.picture
        if picture is not None and not self._context.jobs.has("noise"):
            self._context.jobs.start("noise", partial(self._context.engine.files.noise, picture.photo))

    @Slot()
    def estimate_fading(self) -> None:
        """Measures what age did to the colours and takes it over."""
        picture = self._context.session.picture
        if picture is not None and not self._context.jobs.has("fading"):
            self._context.jobs.start("fading", partial(self._context.engine.files.fading, picture.photo))

    @Slot()
    def load(self) -> None:
        """Takes a mask from a file."""
        mask = self._context.session.mask
        answer = self._context.dialogs.open_mask(self._context.settings.open_folder)
        if mask is not None and answer is not None:
            height, width = mask.pixels.shape
            make = partial(_read, answer, height, width)
            self._context.ask("mask", make, partial(self._marked, mask, mode=Mode.REPLACE))

    @Slot()
    def save(self) -> None:
        """Writes the mask to a file: white is marked."""
        mask, picture = self._context.session.mask, self._context.session.picture
        if mask is None or picture is None:
            return
        original = picture.photo.path or Path.home() / "photo.png"
        answer = self._context.dialogs.save_mask(original.with_name(f"{original.stem} mask.png"))
        if answer is None:
            return
        path = answer if answer.suffix else answer.with_suffix(".png")
        confirm = self._context.dialogs.confirm
        if path.exists() and not confirm(self.tr("Replace {0}?").format(path.name), "", self.tr("Replace")):
            return
        make = partial(_write, mask.pixels.copy(), path)
        self._context.ask("mask", make, lambda _: self._context.note(self.tr("Saved: {0}").format(path)))

    @Slot()
    def grow(self) -> None:
        if self._context.session.mask is not None:
            self._context.session.mask.grow(self._context.tools.margin)

    @Slot()
    def shrink(self) -> None:
        if self._context.session.mask is not None:
            self._context.session.mask.shrink(self._context.tools.margin)

    def _marked(self, mask: MaskPainting, marks: object, mode: Mode = Mode.ADD) -> None:
        if not isinstance(marks, Marks):
            return
        if marks.mask.any():
            mask.apply(marks.mask, mode)
        else:
            self._context.note(self.tr("Nothing was found to mark."))


def _read(path: Path, height: int, width: int) -> Events:
    yield Finished(Marks(mask_from_png(path, height, width)))


def _write(mask: Mask, path: Path) -> Events:
    write_atomic(path, mask_to_png(mask))
    yield Finished(SavedAs(path, picture=False))
