"""Finding similar photos, and keeping the libraries they come from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from adir_desktop.contract import Finished, Notice
from adir_desktop.searches import Search
from adir_desktop.ui.context import Context
from adir_desktop.ui.ports import Events, Query

BUSY = ("find", "restore", "references")


class LibraryCommands(QObject):
    """Libraries, and what is looked for in them."""

    updating = Signal(str)  # the name of the library that is about to be brought up to date

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._context = context

    @Slot()
    def find(self) -> None:
        """Searches the chosen libraries for photos like the open one, as it was before its damage."""
        self.by_photo_and_words("")

    @Slot(str)
    def by_photo_and_words(self, text: str) -> None:
        """Searches for photos like the open one that also show what the words say."""
        session = self._context.session
        if session.picture is not None:
            self._find(Search(session.picture.photo, text, degradation=session.damage))

    def like(self, path: Path) -> None:
        """Searches for photos like one that was found."""
        self._find(path)

    def by_words(self, text: str) -> None:
        """Searches by words."""
        self._find(text)

    def add_references(self, paths: Sequence[Path]) -> None:
        """Takes the person's own photos to adapt to."""
        picture = self._context.session.picture
        if picture is not None and paths:
            self._context.began.emit()
            make = partial(self._context.engine.libraries.references, picture.photo, tuple(paths))
            self._context.jobs.start("references", make)

    @Slot()
    def choose_references(self) -> None:
        """Asks for such photos."""
        self.add_references(self._context.dialogs.open_photos(self._context.settings.library_folder))

    @Slot()
    def add_folder(self) -> None:
        """Makes a library of a folder."""
        self.add_folder_with("")

    @Slot(str)
    def add_folder_with(self, encoder: str) -> None:
        """Makes a library of a folder with one of the installed encoders, "" for the usual one."""
        answer = self._context.dialogs.open_folder(self._context.settings.library_folder)
        if answer is not None:
            self.index(answer, encoder)

    def index(self, folder: Path, encoder: str = "") -> None:
        """Makes a library of that folder."""
        context = self._context
        context.began.emit()
        context.remember(replace(context.settings, library_folder=str(folder.parent)))
        context.jobs.start(
            "index", partial(_noting_failed, partial(context.engine.libraries.index, [folder], encoder))
        )

    @Slot()
    def open_library(self) -> None:
        """Makes a library known that lies elsewhere, such as one that index_tools built."""
        context = self._context
        answer = context.dialogs.open_library(context.settings.library_folder)
        if answer is not None:
            context.began.emit()
            context.remember(replace(context.settings, library_folder=str(answer.parent)))
            context.jobs.start("attach", partial(context.engine.libraries.attach, answer))

    @Slot()
    def update_chosen(self) -> None:
        """Looks for new, changed and removed photos in the chosen library."""
        if self._context.session.library is not None:
            self.update(self._context.session.library.name)

    def update(self, name: str) -> None:
        """Looks for new, changed and removed photos in a library."""
        if not self._context.jobs.has("index"):
            self._context.began.emit()
            self.updating.emit(name)
            make = partial(self._context.engine.libraries.update, name)
            self._context.jobs.start("index", partial(_noting_failed, make))

    def remove(self, name: str) -> None:
        """Forgets a library; its photos stay where they are."""
        make = partial(self._context.engine.libraries.remove, name)
        self._context.ask("remove", make, lambda _: self._context.session.forget_library(name))

    def look(self, path: Path, then: Callable[[Path, object], None]) -> None:
        """Loads a photo of a library, to be seen large."""
        self._context.jobs.drop("look")
        self._context.ask("look", self._context.reading(path), partial(then, path))

    def _find(self, query: Query) -> None:
        context, session = self._context, self._context.session
        known = {library.name for library in session.libraries}
        sources = tuple(source for source in session.values.sources if source.library in known)
        if not sources or context.jobs.has(*BUSY):
            return
        context.began.emit()
        wanted, filters = session.neighbours_wanted, session.values.filters
        make = partial(context.engine.libraries.find, query, sources, wanted, filters)
        context.jobs.start("find", make)


def _noting_failed(make: Callable[[], Events]) -> Events:
    """An indexing job that says which files could not be read."""
    with closing(make()) as events:
        for event in events:
            failed = getattr(event.result, "failed", ()) if isinstance(event, Finished) else ()
            if failed:
                path, reason = failed[0]
                name = path.name
                if len(failed) > 1:
                    more = QCoreApplication.translate("LibraryCommands", "{0} and {1} more")
                    name = more.format(path.name, len(failed) - 1)
                words = QCoreApplication.translate(
                    "LibraryCommands", "{0} could not be read and is left out."
                )
                yield Notice(words.format(name), reason)
            yield event
