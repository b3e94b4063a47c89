"""Adapted presets: what was learnt for one photo, to be used for another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QListView,
    QStackedLayout,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from adir_desktop.contract import PresetInfo
from adir_desktop.ui import words
from adir_desktop.ui.forms import heading, push_button, quiet
from adir_desktop.ui.inline_question import InlineQuestion
from adir_desktop.ui.preset_sharing import BaseQuestion, ExportButton
from adir_desktop.ui.presets_list import PresetModel, PresetRow
from adir_desktop.ui.requests import chosen_too
from adir_desktop.ui.session import Session
from adir_desktop.ui.stock import Stock
from adir_desktop.ui.theme import GRID, mark


class PresetsDialog(QDialog):
    """A list on the left; on the right what the chosen one was adapted to, and what can be done with it."""

    rename_wanted = Signal(str, str)  # old, new
    export_wanted = Signal(str, str, bool)  # name, form, with the small picture of the photo
    import_wanted = Signal()
    delete_wanted = Signal(str)

    def __init__(self, session: Session, stock: Stock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Presets"))
        self.resize(112 * GRID, 64 * GRID)
        self._session, self._stock = session, stock
        self._known: tuple[PresetInfo, ...] = ()
        self._model = PresetModel(stock, self)
        self._model.renamed.connect(self.rename_wanted)
        self.list = self._make_list()
        self._title, self._detail, self._note = heading(""), quiet(), quiet()
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setWordWrap(True)
        self.photos = self._make_photos()
        self.question = InlineQuestion(self.tr("Delete"), self.tr("Keep"))
        self.apply_button = push_button(self.tr("Apply to this photo"))
        self.rename_button = push_button(self.tr("Rename"), self.tr("F2"))
        self.export_button = ExportButton()
        self.base_question = BaseQuestion()
        self.delete_button = push_button(self.tr("Delete …"), self.tr("Del"))
        self.import_button = push_button(
            self.tr("Import …"),
            self.tr("A preset, or a LoRA of another program: kohya, diffusers, peft"),
            "folder",
        )
        mark(self.apply_button, "accent", on=True)
        self._lay_out()
        self._connect()

    def watch(self) -> None:
        """Follows the stock, and the session: only an open photo can have a preset."""
        self._stock.changed.connect(self._follow)
        self._session.photo_changed.connect(self._show)
        self._session.values_changed.connect(self._show)
        self._follow()

    @property
    def chosen(self) -> PresetInfo | None:
        """The preset that the right side is about."""
        return self._model.item(self.list.currentIndex())

    def _make_list(self) -> QListView:
        view = QListView()
        view.setModel(self._model)
        view.setItemDelegate(PresetRow(view))
        view.setUniformItemSizes(True)
        view.setAccessibleName(self.tr("Presets"))
        view.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        mark(view, "framed", on=True)
        return view

    def _make_photos(self) -> QTreeWidget:
        table = QTreeWidget()
        table.setHeaderLabels(
            [self.tr("Similar photo"), self.tr("Similarity"), self.tr("Author"), self.tr("Licence")]
        )
        table.setRootIsDecorated(False)
        table.setAccessibleName(self.tr("The photos it was adapted to"))
        table.header().setStretchLastSection(False)
        table.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        mark(table, "framed", on=True)
        mark(table, "rows", on=True)
        return table

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(GRID)
        self._empty = quiet(
            self.tr(
                "There is no preset yet. Restore a photo with “Adapt to similar photos”, then keep what was "
                "learnt; or import a preset."
            )
        )
        self._pages = QStackedLayout()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self.list)
        left.addLayout(self._pages, 1)
        left.addWidget(self.base_question)
        left.addWidget(self.import_button)
        right = QVBoxLayout()
        right.setSpacing(GRID)
        for part in (self._title, self._detail):
            right.addWidget(part)
        right.addWidget(self.photos, 1)
        right.addWidget(self._note)
        right.addWidget(self.question)
        foot = QHBoxLayout()
        close = push_button(self.tr("Close"))
        close.clicked.connect(self.close)
        own = (self.apply_button, self.rename_button, self.export_button, self.delete_button)
        for button in own:
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(close)
        for button in (*own, self.import_button, close):
            button.setAutoDefault(False)
        right.addLayout(foot)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        whole.setSpacing(2 * GRID)
        whole.addLayout(left, 3)
        whole.addLayout(right, 5)

    def _connect(self) -> None:
        self.list.selectionModel().currentChanged.connect(self._choose)
        self.list.doubleClicked.connect(self._apply)
        self.apply_button.clicked.connect(self._apply)
        self.rename_button.clicked.connect(self._rename)
        self.delete_button.clicked.connect(self._ask)
        self.question.answered.connect(self._delete)
        self.export_button.wanted.connect(self._export)
        self.import_button.clicked.connect(self.import_wanted)
        delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.list)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)  # not while a name is typed
        delete.activated.connect(self._ask)

    @Slot()
    def _follow(self) -> None:
        """The new list, with the same preset chosen even under another name."""
        if self._stock.presets == self._known and self._model.rowCount() == len(self._known):
            return
        before, chosen = self._known, self.chosen
        self._known = self._stock.presets
        self._carry_over(before)
        self._model.follow()
        self.question.withdraw()
        self._pages.setCurrentIndex(1 if self._known else 0)
        path = _successor(before, self._known, chosen.path) if chosen else None
        row = next((row for row, item in enumerate(self._known) if item.path == path), 0)
        self.list.setCurrentIndex(self._model.index(row))
        self._show()

    def _carry_over(self, before: tuple[PresetInfo, ...]) -> None:
        """The photo's choice follows a preset that was renamed, and ends with one that was deleted."""
        used, known = self._session.values.presets, {item.path for item in before}
        moved = [(_successor(before, self._known, each.path), each) for each in used if each.path in known]
        places = {each.path: now for now, each in moved}
        after = tuple(
            replace(each, path=now) for each in used if (now := places.get(each.path, each.path)) is not None
        )
        if after != used:
            self._session.change(replace(self._session.values, presets=after))

    @Slot()
    def _choose(self) -> None:
        self.question.withdraw()  # it was about another one
        self._show()

    @Slot()
    def _show(self) -> None:
        item = self.chosen
        sound = item is not None and not item.problem
        self.rename_button.setEnabled(sound)
        self.export_button.offer(item)
        self.delete_button.setEnabled(item is not None)
        self.apply_button.setEnabled(sound and self._session.picture is not None)
        for part in (self._title, self._detail, self.photos, self._note):
            part.setVisible(item is not None)
        if item is None:
            return
        self._title.setText(item.name)
        self._detail.setText(item.problem or self._words(item))
        self._note.setText(self._state(item))
        self.photos.clear()
        for near in item.neighbours:
            row = QTreeWidgetItem(
                [near.path.name, words.decimal(near.similarity, 2), near.author, near.licence]
            )
            row.setToolTip(0, near.path.name)
            self.photos.addTopLevelItem(row)

    def _words(self, item: PresetInfo) -> str:
        count = len(item.neighbours)
        if count == 0:
            learnt = self.tr("adapted to the photo itself")
        elif count == 1:
            learnt = self.tr("adapted to one similar photo")
        else:
            learnt = self.tr("adapted to {0} similar photos").format(count)
        rank = self.tr("rank {0}").format(item.rank)
        prompt = f"“{item.prompt}”" if item.prompt else ""
        parts = (self._model.detail(item), learnt, item.recipe, rank, item.prior, prompt)
        return " · ".join(part for part in parts if part)

    def _state(self, item: PresetInfo) -> str:
        values = self._session.values
        if item.problem:
            return self.tr("It cannot be used. Import another copy of it, or delete it.")
        if values.adapt == "preset" and item.path in {each.path for each in values.presets}:
            return self.tr("Chosen for the open photo.")
        if self._session.picture is None:
            return self.tr("Open a photo to apply it.")
        return ""

    @Slot()
    def _apply(self) -> None:
        item = self.chosen
        if item is not None and self.apply_button.isEnabled():
            values = self._session.values
            already = values.presets if values.adapt == "preset" else ()
            chosen = chosen_too(already, item.path)
            self._session.change(replace(values, adapt="preset", presets=chosen))

    @Slot()
    def _rename(self) -> None:
        self.list.setFocus()
        self.list.edit(self.list.currentIndex())

    @Slot(str, bool)
    def _export(self, form: str, thumbnail: bool) -> None:
        if item := self.chosen:
            self.export_wanted.emit(item.name, form, thumbnail)

    @Slot()
    def _ask(self) -> None:
        if item := self.chosen:
            self.question.ask(
                self.tr("Delete the preset {0}? What was learnt is lost for good.").format(item.name)
            )

    @Slot(bool)
    def _delete(self, yes: bool) -> None:
        item = self.chosen
        if yes and item is not None:
            self.delete_wanted.emit(item.name)
        self.list.setFocus()


def _successor(before: tuple[PresetInfo, ...], after: tuple[PresetInfo, ...], path: Path) -> Path | None:
    """Where the preset that was at `path` is now: there, or renamed beside it; None once it is deleted."""
    paths = {item.path for item in before}
    old = next((item for item in before if item.path == path), None)
    if old is None or any(item.path == path for item in after):
        return path
    same = (
        item.path
        for item in after
        if item.path not in paths and (item.created, item.neighbours) == (old.created, old.neighbours)
    )
    return next(same, None)
