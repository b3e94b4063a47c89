"""Adapted presets; diagnostics."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QObject, Signal, Slot
from PySide6.QtGui import QImage, QImageWriter

from adir_desktop.contract import Helped
from adir_desktop.errors import AdirError, BaseUnknown
from adir_desktop.ui.context import Context
from adir_desktop.ui.jobs import Job
from adir_desktop.ui.model_commands import ModelCommands
from adir_desktop.ui.ports import Events
from adir_desktop.ui.remarks import said
from adir_desktop.ui.stock import Stock


class StoreCommands(QObject):
    """What is done in the presets dialog."""

    base_wanted = Signal(object, object)  # a LoRA's file, and the models it may belong to

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._context = context
        self.models = ModelCommands(context)

    @Slot()
    def refresh(self) -> None:
        """Reads both lists anew."""
        self._store(Stock.PRESETS, self._context.engine.presets.list)
        self.models.refresh()

    @Slot()
    def keep_preset(self) -> None:
        """Puts what was learnt for the result in sight into the store, to be used for other photos."""
        context, restored = self._context, self._context.session.restored
        if restored is None or restored.restoration.preset is None or context.desk.current is None:
            return
        thumbnail = _jpeg(context.desk.current.thumbnail)
        preset = restored.restoration.preset
        self._store(Stock.PRESETS, partial(context.engine.presets.add, preset, thumbnail))
        context.note(self.tr("The preset {0} is kept under Library › Presets.").format(preset.name))

    @Slot()
    def ask_if_it_helped(self) -> None:
        """Tries what was learnt for the result in sight on similar photos that it has not seen."""
        restored = self._context.session.restored
        if restored is not None and restored.restoration.preset is not None:
            made = restored.restoration
            make = partial(self._context.engine.did_it_help, made.request, made.preset)
            self._context.ask("helped", make, self._tell_if_it_helped)

    def _tell_if_it_helped(self, found: object) -> None:
        assert isinstance(found, Helped)
        better = sum(gain > 0 for gain in found.gains)
        figures = self.tr("{0:+.2f} ± {1:.2f} dB on {2} photos, {3} of them better.").format(
            found.mean, found.error, len(found.gains), better
        )
        self._context.note(f"{said(found.verdict)} {figures}", said(found.advice))

    @Slot()
    def import_preset(self) -> None:
        """Takes a preset, or the LoRA of another program, into the store."""
        answer = self._context.dialogs.open_preset(self._context.settings.save_folder)
        if answer is not None:
            self.import_for(answer, None)

    @Slot(object, str)
    def import_for(self, path: Path, prior: str | None) -> None:
        """The same for a file, and for the model that a person has named."""
        make = partial(self._context.engine.presets.take_in, path, prior)
        job = self._store(Stock.PRESETS, make, refuse=partial(self._not_imported, path))
        job.happened.connect(self._context.pass_on)

    def _not_imported(self, path: Path, error: AdirError) -> None:
        ready = self._context.session.ready
        if isinstance(error, BaseUnknown) and ready is not None:
            self.base_wanted.emit(path, ready.priors)
        else:
            self._context.refuse(error)

    @Slot(str, str, bool)
    def export_preset(self, name: str, form: str, thumbnail: bool) -> None:
        """Writes a stored preset to a file, or a folder for `peft`; with the small picture of its photo or not."""
        suffix = "" if form == "peft" else ".safetensors"
        folder = Path(self._context.settings.save_folder or str(Path.home()))
        answer = self._context.dialogs.save_preset(folder / f"{name}{suffix}")
        if answer is None:
            return
        question = self.tr("Replace {0}?").format(answer.name)
        replace_it = answer.exists()
        if replace_it and not self._context.dialogs.confirm(question, "", self.tr("Replace")):
            return
        make = partial(self._context.engine.presets.export, name, answer, form, replace_it, thumbnail)
        self._context.ask("save", make, lambda _: self._context.note(self.tr("Saved: {0}").format(answer)))

    def rename_preset(self, old: str, new: str) -> None:
        self._store(Stock.PRESETS, partial(self._context.engine.presets.rename, old, new))

    def remove_preset(self, name: str) -> None:
        self._store(Stock.PRESETS, partial(self._context.engine.presets.remove, name))

    @Slot()
    def collect_diagnostics(self) -> None:
        """Writes what a helper would ask for into one file, without photos or their names."""
        name = time.strftime("adir-diagnostics-%Y%m%d-%H%M.zip")
        answer = self._context.dialogs.save_diagnostics(Path.home() / name)
        if answer is not None:
            make = partial(self._context.engine.files.diagnostics, answer, answer.exists())
            done = self.tr("Diagnostics are in {0}.").format(answer)
            self._context.ask("diagnostics", make, lambda _: self._context.note(done))

    def _store(
        self, kind: str, make: Callable[[], Events], refuse: Callable[[AdirError], None] | None = None
    ) -> Job:
        job = self._context.jobs.start(kind, make, heard=False)
        job.happened.connect(partial(self._context.stock.hear, kind))
        job.failed.connect(refuse or self._context.refuse)
        return job


def _jpeg(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"jpeg"))
    writer.write(image)
    return bytes(buffer.data().data())
