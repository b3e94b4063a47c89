"""What the person's stores hold: adapted presets and installed models, as the engine last told it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from adir_desktop.contract import Finished, PresetInfo, Progress
from adir_desktop.model_info import ModelInfo


class Stock(QObject):
    """The two lists that the dialogs show. Jobs of the kinds `PRESETS` and `MODELS` end with a new list.

    An empty list looks the same for both, so that whoever starts a job says which of the two it brings:
    `hear(kind, event)`.
    """

    changed = Signal()
    checking = Signal(object)  # the Progress of work on the models of this computer
    fetching = Signal()  # a fetch began, went on or ended

    PRESETS = "presets"
    MODELS = "models"
    FETCH = "fetch:"  # and the name of the model

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.presets: tuple[PresetInfo, ...] = ()
        self.models: tuple[ModelInfo, ...] = ()
        self.fetches: dict[str, Progress | None] = {}  # by name; None: it has not begun yet

    def begin_fetch(self, name: str) -> None:
        """A model is being fetched, or waits for its turn."""
        self.fetches[name] = None
        self.fetching.emit()

    def hear_fetch(self, name: str, event: object) -> None:
        """Takes over how far it is, and the list that it ends with."""
        if isinstance(event, Progress) and name in self.fetches:
            self.fetches[name] = event
            self.fetching.emit()
        elif isinstance(event, Finished):
            self.hear(self.MODELS, event)

    def end_fetch(self, name: str) -> None:
        """It is not being fetched any more."""
        if self.fetches.pop(name, False) is not False:
            self.fetching.emit()

    def hear(self, kind: str, event: object) -> None:
        """Takes over what a job of that kind tells; all else is for others."""
        if kind == self.MODELS and isinstance(event, Progress):
            self.checking.emit(event)
        if not isinstance(event, Finished) or not isinstance(event.result, tuple):
            return
        if kind == self.PRESETS:
            self.take_presets(event.result)
        elif kind == self.MODELS:
            self.take_models(event.result)

    def take_presets(self, presets: tuple[PresetInfo, ...]) -> None:
        """The presets of the store as they are now."""
        if presets != self.presets:
            self.presets = presets
            self.changed.emit()

    def take_models(self, models: tuple[ModelInfo, ...]) -> None:
        """The models as they are now, with what a check found: news even where it found nothing."""
        self.models = models
        self.changed.emit()
