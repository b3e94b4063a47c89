"""Getting one model: its licence to be accepted, then how far it is, to be paused, gone on with or cancelled."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from adir_desktop.contract import Progress
from adir_desktop.model_info import ModelInfo, ModelOffer
from adir_desktop.ui import words
from adir_desktop.ui.forms import push_button, quiet
from adir_desktop.ui.inline_question import InlineQuestion
from adir_desktop.ui.theme import GRID

FLOWING = "fetch"  # the stage in which bytes come over the network


class FetchStrip(QWidget):
    """What can be done about a model that is not installed; hidden for all others. Signals tell its name."""

    get_wanted = Signal(str)  # its licence was accepted
    pause_wanted = Signal(str)
    cancel_wanted = Signal(str)
    use_wanted = Signal(str)  # where it lies in a Hugging Face cache
    import_wanted = Signal(str)  # from files of this computer

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: ModelInfo | None = None
        self.state = quiet()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of fetching"))
        self.question = InlineQuestion(self.tr("Accept and get"), self.tr("Not now"))
        self.get_button = push_button(self.tr("Get …"))
        self.pause_button = push_button(self.tr("Pause"), self.tr("What has come is kept"), "pause")
        self.cancel_button = push_button(self.tr("Cancel"), self.tr("What has come is deleted"))
        self.use_button = push_button(self.tr("Use it in place"), self.tr("Nothing is fetched or copied"))
        self.import_button = push_button(
            self.tr("I have its files …"), self.tr("They move into the folder of models")
        )
        self._buttons = (
            *(self.get_button, self.pause_button, self.cancel_button),
            *(self.use_button, self.import_button),
        )
        self._lay_out()
        self._connect()
        self.hide()

    def show_model(self, model: ModelInfo | None, progress: Progress | None, *, busy: bool) -> None:
        """What there is to say of a model. progress: of its fetch, where one is under way (`busy`)."""
        if model is None or self._model is None or model.name != self._model.name or busy:
            self.question.withdraw()
        self._model = model
        offer = model.offer if model is not None else None
        self.setVisible(offer is not None)
        if model is None or offer is None:
            return
        begun = offer.fetched > 0 or busy
        self.get_button.setVisible(not busy)
        self.get_button.setText(self.tr("Go on") if offer.fetched and offer.accepted else self.tr("Get …"))
        self.pause_button.setVisible(busy)
        self.cancel_button.setVisible(begun)
        self.use_button.setVisible(offer.cached is not None and not busy)
        self.import_button.setVisible(not begun)
        self.bar.setVisible(begun)
        if busy:
            self._show_progress(progress)
        else:
            self._show_offer(offer)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.state)
        column.addWidget(self.bar)
        column.addWidget(self.question)
        row = QHBoxLayout()
        for button in self._buttons:
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)

    def _connect(self) -> None:
        self.get_button.clicked.connect(self._get)
        self.question.answered.connect(self._answer)
        for button, signal in (
            (self.pause_button, self.pause_wanted),
            (self.cancel_button, self.cancel_wanted),
            (self.use_button, self.use_wanted),
            (self.import_button, self.import_wanted),
        ):
            button.clicked.connect(lambda _=False, signal=signal: self._tell(signal))

    def _tell(self, signal: Signal) -> None:
        if self._model is not None:
            signal.emit(self._model.name)  # type: ignore[attr-defined]

    def _show_offer(self, offer: ModelOffer) -> None:
        self.bar.setRange(0, 1000)
        self.bar.setValue(round(1000 * offer.fetched / offer.bytes) if offer.bytes else 0)
        if offer.fetched:
            self.state.setText(self.tr("Paused; {0} are here.").format(words.bytes(offer.fetched)))
        elif offer.cached is not None:
            found = self.tr("It is on this computer already, in a Hugging Face cache: {0}")
            self.state.setText(found.format(offer.cached))
        elif offer.bytes:
            text = self.tr("Not on this computer: about {0} would come from {1}.")
            self.state.setText(text.format(words.bytes(offer.bytes), offer.source))
        else:
            self.state.setText(self.tr("Not on this computer: it would come from {0}.").format(offer.source))

    def _show_progress(self, progress: Progress | None) -> None:
        if progress is None:
            self.bar.setRange(0, 0)
            self.state.setText(self.tr("Waiting for its turn …"))
            return
        self.bar.setRange(0, 1000)
        self.bar.setValue(round(1000 * progress.done / max(progress.total, 1)))
        self.state.setText(progress_words(progress))

    @Slot()
    def _get(self) -> None:
        model = self._model
        if model is None or model.offer is None:
            return
        if model.offer.accepted:
            self.get_wanted.emit(model.name)
            return
        licence = model.licence.partition("\n")[0]
        question = self.tr("The limits above are those of the licence {0}; its text: {1}\nDo you accept it?")
        self.question.ask(question.format(licence, model.offer.licence_url))

    @Slot(bool)
    def _answer(self, yes: bool) -> None:
        if yes and self._model is not None:
            self.get_wanted.emit(self._model.name)
        self.get_button.setFocus()


def progress_words(progress: Progress) -> str:
    """What is being done and how far it is: "Fetching · 1.2 GB of 2.2 GB · 12 MB/s · about 2 min"."""
    parts = [words.stage_words(progress.stage)]
    left = progress.total - progress.done
    if progress.stage == FLOWING:
        parts.append(words.amount(progress.done, progress.total))
        if progress.eta and left > 0:
            parts += [words.speed(left / progress.eta), words.duration(progress.eta)]
    elif left > 0:
        parts.append(words.percent(progress.done / max(progress.total, 1)))
    return " · ".join(parts)
