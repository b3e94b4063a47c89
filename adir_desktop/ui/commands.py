"""What a person can ask for, from menus, buttons and drops: each command starts or stops jobs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from adir_desktop import places
from adir_desktop.contract import Finished, Notice
from adir_desktop.errors import AdirError, BadInput
from adir_desktop.settings import Settings, with_recent
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.ports import Dialogs, Engine, Events, SavedAs
from adir_desktop.ui.qt_images import pictured
from adir_desktop.ui.session import Session

OF_THE_PHOTO = ("open", "find", "restore")  # jobs whose results belong to the photo that is open
STOPPABLE = ("index", "find", "restore")
WRITABLE = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp"})


class Commands(QObject):
    """The verbs of the window. settings is what will be remembered."""

    refused = Signal(object)  # an AdirError: nothing was started
    noted = Signal(object)  # a Notice
    began = Signal()  # something new: what was said before belongs to the past

    def __init__(self, session: Session, jobs: Jobs, engine: Engine, settings: Settings) -> None:
        super().__init__(session)
        self._session, self._jobs, self._engine = session, jobs, engine
        self.settings = settings
        self.dialogs: Dialogs | None = None

    def warm(self) -> None:
        """Loads the engine, so that the first restoration does not have to."""
        self._jobs.start("warm", self._engine.warm)

    @Slot()
    def choose_photo(self) -> None:
        self._with_answer(lambda ask: ask.open_photo(self.settings.open_folder), self.open_photos)

    def open_photos(self, *paths: Path) -> None:
        """Opens the first, if what is there may be left."""
        if not paths or not self.may_leave():
            return
        path = paths[0].absolute()
        if path.is_dir():
            self.refused.emit(
                BadInput(f"{path.name} is a folder.", "Drop a photo; folders are added under Library.")
            )
            return
        self.began.emit()
        if len(paths) > 1:
            self.noted.emit(Notice(self.tr("One photo at a time: {0} is opened.").format(path.name)))
        self._jobs.drop(*OF_THE_PHOTO)
        self._jobs.start("open", partial(pictured, partial(self._engine.open_photo, path)))
        recent = with_recent(self.settings.recent, path)
        self.settings = replace(self.settings, open_folder=str(path.parent), recent=recent)

    @Slot()
    def restore(self) -> None:
        """Starts restoring; when it runs already, stops it."""
        if self._jobs.has("restore"):
            self._jobs.stop("restore")
            return
        try:
            request = self._session.request()
        except AdirError as error:
            self.refused.emit(error)
            return
        self.began.emit()
        self._jobs.start("restore", partial(pictured, partial(self._engine.restore, request)))

    @Slot()
    def stop(self) -> None:
        self._jobs.stop(*STOPPABLE)

    @Slot()
    def find(self) -> None:
        """Searches the chosen library for photos like the open one."""
        picture, library = self._session.picture, self._session.library
        if picture is None or library is None or self._jobs.has("find", "restore"):
            return
        self.began.emit()
        wanted = self._session.neighbours_wanted
        self._jobs.start("find", partial(self._engine.find, picture.photo, library.name, wanted))

    @Slot()
    def add_folder(self) -> None:
        """Makes a library of a folder."""
        self._with_answer(lambda ask: ask.open_folder(self.settings.library_folder), self._index)

    @Slot()
    def update_library(self) -> None:
        """Looks for new, changed and removed photos in the chosen library."""
        if self._session.library is not None and not self._jobs.has("index"):
            self.began.emit()
            make = partial(self._engine.update, self._session.library.name)
            self._jobs.start("index", partial(_noting_failed, make))

    @Slot()
    def choose_preset(self) -> None:
        def take(path: Path) -> None:
            self._session.change(replace(self._session.values, preset=path, adapt="preset"))

        self._with_answer(lambda ask: ask.open_preset(str(places.data_dir() / "presets")), take)

    @Slot()
    def choose_kernel(self) -> None:
        def take(path: Path) -> None:
            self._session.change(replace(self._session.values, kernel=f"file:{path}"))

        self._with_answer(lambda ask: ask.open_kernel(self.settings.open_folder), take)

    @Slot()
    def save(self) -> None:
        """Saves the restored photo; asks before anything is written over."""
        if self._session.restored is not None and not self._jobs.has("save"):
            suggestion = self._suggested("restored", WRITABLE, ".png")
            self._with_answer(lambda ask: ask.save_picture(suggestion), self._save_picture)

    @Slot()
    def save_preset(self) -> None:
        """Saves what was learnt."""
        if self._session.restored is not None and not self._jobs.has("save"):
            suggestion = self._suggested("preset", frozenset(), ".safetensors")
            self._with_answer(lambda ask: ask.save_preset(suggestion), self._save_preset)

    def may_leave(self) -> bool:
        """Asks when a result would be lost."""
        if self._session.saved or self.dialogs is None:
            return True
        return self.dialogs.confirm(
            self.tr("The restored photo is not saved."),
            self.tr("It is lost if you go on."),
            self.tr("Go on without saving"),
        )

    def _with_answer(self, ask: Callable[[Dialogs], Path | None], then: Callable[[Path], None]) -> None:
        answer = ask(self.dialogs) if self.dialogs is not None else None
        if answer is not None:
            then(answer)

    def _index(self, folder: Path) -> None:
        self.began.emit()
        self.settings = replace(self.settings, library_folder=str(folder.parent))
        self._jobs.start("index", partial(_noting_failed, partial(self._engine.index, [folder])))

    def _save_picture(self, path: Path) -> None:
        restored = self._session.restored
        if restored is None:
            return
        path = path if path.suffix else path.with_suffix(".png")
        beside = [path.with_suffix(".json")]
        if restored.baseline is not None:
            beside.append(path.with_name(f"{path.stem}.baseline{path.suffix}"))
        existing = [file for file in (path, *beside) if file.exists()]
        if self._may_replace(existing):
            self.settings = replace(self.settings, save_folder=str(path.parent))
            make = partial(self._engine.save, restored.restoration, path, bool(existing))
            self._start_saving(make, SavedAs(path, picture=True))

    def _save_preset(self, path: Path) -> None:
        restored = self._session.restored
        if restored is None or restored.restoration.preset is None:
            return
        path = path if path.suffix else path.with_suffix(".safetensors")
        existing = [path] if path.exists() else []
        if self._may_replace(existing):
            make = partial(self._engine.save_preset, restored.restoration.preset, path, bool(existing))
            self._start_saving(make, SavedAs(path, picture=False))

    def _start_saving(self, make: Callable[[], Events], saved: SavedAs) -> None:
        self.began.emit()
        self._jobs.start("save", partial(_saved, make, saved))

    def _may_replace(self, existing: list[Path]) -> bool:
        """Asks once for any file that exists; once more, and in other words, for the original."""
        if not existing or self.dialogs is None:
            return not existing
        names = ", ".join(path.name for path in existing)
        if not self.dialogs.confirm(
            self.tr("Replace {0}?").format(names),
            self.tr("There is a file of that name in {0} already.").format(existing[0].parent),
            self.tr("Replace"),
        ):
            return False
        picture = self._session.picture
        original = picture.photo.path if picture else None
        if original is None or not any(path.samefile(original) for path in existing if original.exists()):
            return True
        return self.dialogs.confirm(
            self.tr("{0} is the original photo.").format(original.name),
            self.tr("Its pixels are lost for good if you write over it."),
            self.tr("Write over the original"),
        )

    def _suggested(self, word: str, suffixes: frozenset[str], otherwise: str) -> Path:
        """Beside what was saved last, else beside the photo: `name restored.jpg`."""
        picture = self._session.picture
        original = picture.photo.path if picture and picture.photo.path else Path.home() / "photo.png"
        folder = Path(self.settings.save_folder) if self.settings.save_folder else original.parent
        suffix = original.suffix if original.suffix.lower() in suffixes else otherwise
        return folder / f"{original.stem} {word}{suffix}"


def _saved(make: Callable[[], Events], saved: SavedAs) -> Events:
    """A saving job that ends with where it was saved, in the window's terms."""
    with closing(make()) as events:
        for event in events:
            yield Finished(saved) if isinstance(event, Finished) else event


def _noting_failed(make: Callable[[], Events]) -> Events:
    """An indexing job that says which files could not be read."""
    with closing(make()) as events:
        for event in events:
            failed = getattr(event.result, "failed", ()) if isinstance(event, Finished) else ()
            if failed:
                path, reason = failed[0]
                more = f" and {len(failed) - 1} more" if len(failed) > 1 else ""
                yield Notice(f"{path.name}{more} could not be read and is left out.", reason)
            yield event
