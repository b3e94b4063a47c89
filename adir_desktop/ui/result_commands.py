"""What is done with a result: shown, compared, saved, forgotten."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from adir_desktop.contract import Finished
from adir_desktop.ui.context import Context
from adir_desktop.ui.desk import Result, Sheet
from adir_desktop.ui.keeper import RESTORATION
from adir_desktop.ui.picture_files import WRITABLE
from adir_desktop.ui.ports import Events, SavedAs
from adir_desktop.ui.qt_images import Restored, pictured


class ResultCommands(QObject):
    """The results of the photo on the canvas."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._context = context

    @Slot(str)
    def show(self, result_id: str) -> None:
        """Shows a result, fetched from the disk where it was let go of; "" shows the photo."""
        sheet = self._context.desk.current
        if sheet is None:
            return
        self._context.jobs.drop("recall")  # one that was wanted before must not cover this one
        if not result_id:
            self._context.desk.show(None)
            return
        self._fetch(sheet, result_id, self._context.desk.show)

    @Slot(str)
    def compare(self, result_id: str) -> None:
        """Puts another result on the left of the slider."""
        sheet = self._context.desk.current
        if sheet is not None:
            self._fetch(sheet, result_id, self._on_the_left)

    @Slot(str, str)
    def compare_two(self, left: str, right: str) -> None:
        """One result on the left, another on the right."""
        sheet = self._context.desk.current
        if sheet is None:
            return

        def then(result: Result) -> None:
            self._context.desk.show(result)
            self.compare(left)

        self._fetch(sheet, right, then)

    @Slot(str)
    def use_recipe(self, result_id: str) -> None:
        """Takes the values that a result was made with."""
        sheet = self._context.desk.current
        result = sheet.result(result_id) if sheet is not None else None
        if result is not None and result.values is not None:
            session = self._context.session
            session.change(replace(session.values, task=result.values.task))  # first: it clears the noise
            out = session.values.filters.exclude  # what was left out since stays out
            session.change(replace(result.values, filters=replace(result.values.filters, exclude=out)))

    @Slot(str)
    def forget(self, result_id: str) -> None:
        """Deletes a result."""
        sheet = self._context.desk.current
        if sheet is not None:
            self._context.desk.forget(result_id)
            self._context.keeper.forget_result(sheet.id, result_id)

    @Slot()
    def save(self) -> None:
        """Saves the restored photo; asks before anything is written over."""
        if self._context.session.restored is not None and not self._context.jobs.has("save"):
            suggestion = self._suggested(self.tr("restored"), WRITABLE, ".png")
            answer = self._context.dialogs.save_picture(suggestion)
            if answer is not None:
                self._save_picture(answer)

    @Slot()
    def save_preset(self) -> None:
        """Saves what was learnt as a file."""
        if self._context.session.restored is not None and not self._context.jobs.has("save"):
            suggestion = self._suggested(self.tr("preset"), (), ".safetensors")
            answer = self._context.dialogs.save_preset(suggestion)
            if answer is not None:
                self._save_preset(answer)

    def may_leave(self) -> bool:
        """Asks when results would be lost; where the session is kept, they are there at the next start."""
        unsaved = self._context.desk.unsaved
        if not unsaved or self._context.keeper.on:
            return True
        names = ", ".join(sheet.name for sheet in unsaved)
        return self._context.dialogs.confirm(
            self.tr("Results are not saved: {0}.").format(names),
            self.tr("They are lost if you go on."),
            self.tr("Go on without saving"),
        )

    def _fetch(self, sheet: Sheet, result_id: str, then: Callable[[Result], None]) -> None:
        result = sheet.result(result_id)
        if result is None:
            return
        if result.restored is not None:
            then(result)
            return

        def arrived(restored: object) -> None:
            if isinstance(restored, Restored) and self._context.desk.current is sheet:
                result.restored = restored
                then(result)

        folder = self._context.keeper.result_folder(sheet.id, result_id) / RESTORATION
        make = partial(pictured, partial(self._context.engine.recall, folder))
        self._context.ask("recall", make, arrived)

    def _on_the_left(self, result: Result) -> None:
        if result.restored is not None:
            self._context.showing.compare_with(result.restored.after, result.title)

    def _save_picture(self, path: Path) -> None:
        context, restored = self._context, self._context.session.restored
        if restored is None:
            return
        path = path if path.suffix else path.with_suffix(".png")
        beside = [path.with_suffix(".json")]
        if restored.baseline is not None:
            beside.append(path.with_name(f"{path.stem}.baseline{path.suffix}"))
        existing = [file for file in (path, *beside) if file.exists()]
        if self._may_replace(existing):
            context.remember(replace(context.settings, save_folder=str(path.parent)))
            make = partial(context.engine.files.save, restored.restoration, path, bool(existing))
            self._start(make, SavedAs(path, picture=True))

    def _save_preset(self, path: Path) -> None:
        restored = self._context.session.restored
        if restored is None or restored.restoration.preset is None:
            return
        path = path if path.suffix else path.with_suffix(".safetensors")
        existing = [path] if path.exists() else []
        if self._may_replace(existing):
            preset = restored.restoration.preset
            make = partial(self._context.engine.files.save_preset, preset, path, bool(existing))
            self._start(make, SavedAs(path, picture=False))

    def _start(self, make: Callable[[], Events], saved: SavedAs) -> None:
        context = self._context
        context.began.emit()
        shown = context.desk.current.result(context.desk.current.shown) if context.desk.current else None

        def done(_: object) -> None:
            if saved.picture and shown is not None:
                context.desk.mark_saved(shown)

        context.ask("save", partial(_saved, make, saved), done, heard=True)

    def _may_replace(self, existing: list[Path]) -> bool:
        """Asks once for any file that exists; once more, and in other words, for the original."""
        if not existing:
            return True
        confirm = self._context.dialogs.confirm
        names = ", ".join(path.name for path in existing)
        if not confirm(
            self.tr("Replace {0}?").format(names),
            self.tr("There is a file of that name in {0} already.").format(existing[0].parent),
            self.tr("Replace"),
        ):
            return False
        picture = self._context.session.picture
        original = picture.photo.path if picture else None
        if original is None or not any(path.samefile(original) for path in existing if original.exists()):
            return True
        return confirm(
            self.tr("{0} is the original photo.").format(original.name),
            self.tr("Its pixels are lost for good if you write over it."),
            self.tr("Write over the original"),
        )

    def _suggested(self, word: str, suffixes: tuple[str, ...], otherwise: str) -> Path:
        """Beside what was saved last, else beside the photo: `name restored.jpg`."""
        picture, settings = self._context.session.picture, self._context.settings
        original = picture.photo.path if picture and picture.photo.path else Path.home() / "photo.png"
        folder = Path(settings.save_folder) if settings.save_folder else original.parent
        suffix = original.suffix if original.suffix.lower() in suffixes else otherwise
        return folder / f"{original.stem} {word}{suffix}"


def _saved(make: Callable[[], Events], saved: SavedAs) -> Events:
    """A saving job that ends with where it was saved, in the window's terms."""
    with closing(make()) as events:
        for event in events:
            yield Finished(saved) if isinstance(event, Finished) else event
