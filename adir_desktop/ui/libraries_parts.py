"""What the dialog of the photo libraries is made of."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QGuiApplication, QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from adir_desktop.contract import LibraryInfo
from adir_desktop.ui.forms import decimal, heading, push_button, quiet
from adir_desktop.ui.libraries_model import MOST_FAILED, SHARE, WEIGHTS, FailedModel, problem
from adir_desktop.ui.stock import Stock
from adir_desktop.ui.theme import ACCENT, GRID

Index = QModelIndex | QPersistentModelIndex
BAR = 3  # pixels


class StateCell(QStyledItemDelegate):
    """When a library was brought up to date; while it is, a bar below the words."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The words as ever, and the bar."""
        super().paint(painter, option, index)
        share = index.data(SHARE)
        if not isinstance(share, float):
            return
        area = QRectF(option.rect).adjusted(4, 0, -4, -2)
        bar = QRectF(area.left(), area.bottom() - BAR, area.width(), BAR)
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(128, 128, 128, 90))
        painter.drawRoundedRect(bar, BAR / 2, BAR / 2)
        chosen = option.state & QStyle.StateFlag.State_Selected
        painter.setBrush(option.palette.highlightedText() if chosen else QColor(ACCENT))
        bar.setWidth(bar.width() * max(share, 0.0))
        painter.drawRoundedRect(bar, BAR / 2, BAR / 2)
        painter.restore()


class WeightCell(QStyledItemDelegate):
    """A weight, edited in a field that knows its bounds."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:  # noqa: ARG002
        spin = decimal(*WEIGHTS, 0.5, 2)
        spin.setParent(parent)
        spin.setFrame(False)
        spin.setAccessibleName(self.tr("Weight"))
        return spin

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """What was typed."""
        if isinstance(editor, QDoubleSpinBox):
            editor.interpretText()
            model.setData(index, editor.value())


class RemovalQuestion(QFrame):
    """Asks in the dialog itself, so that no dialog lies on another."""

    agreed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self._name = ""
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.yes, self.no = push_button(self.tr("Remove")), push_button(self.tr("Keep"))
        self.yes.setAutoDefault(False)  # Enter keeps the library, wherever the keyboard is
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        row.addWidget(self.words, 1)
        row.addWidget(self.yes)
        row.addWidget(self.no)
        self.yes.clicked.connect(self._agree)
        self.no.clicked.connect(self.hide)
        self.hide()

    def ask(self, library: LibraryInfo) -> None:
        """About one library; keeping it is what Enter does."""
        self._name = library.name
        words = self.tr("Remove the library “{0}”? Your photos stay where they are.")
        if library.elsewhere is not None:
            words = self.tr(
                "Remove the library “{0}” from the list? It stays in {1}, and can be opened again."
            )
        self.words.setText(words.format(library.name, library.elsewhere))
        self.show()
        self.no.setFocus()

    @Slot()
    def _agree(self) -> None:
        self.hide()
        self.agreed.emit(self._name)


class EncoderChoice(QWidget):
    """The encoder of a new library; there only where more than the usual one is installed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stock: Stock | None = None
        label = QLabel(self.tr("New libraries compare photos by"))
        self.box = QComboBox()
        self.box.setAccessibleName(label.text())
        self.box.setToolTip(self.tr("A library keeps the encoder that it was made with (embedding model)"))
        label.setBuddy(self.box)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, GRID, 0, 0)
        row.addWidget(label)
        row.addWidget(self.box)
        row.addStretch(1)
        self.hide()

    def watch(self, stock: Stock) -> None:
        """Follows the models of this computer."""
        self._stock = stock
        stock.changed.connect(self._follow)
        self._follow()

    @property
    def chosen(self) -> str:
        """Its name, "" for the usual one."""
        return str(self.box.currentData() or "")

    @Slot()
    def _follow(self) -> None:
        """The usual one first; what was chosen stays chosen while it is there."""
        models = self._stock.models if self._stock is not None else ()
        usable = [model for model in models if model.encoder and not model.problem and model.offer is None]
        usable.sort(key=lambda model: not model.embedded)
        before = self.chosen
        self.box.clear()
        for model in usable:
            self.box.addItem(model.title, "" if model.embedded else model.encoder)
        self.box.setCurrentIndex(max(0, self.box.findData(before)))
        self.setVisible(len(usable) > 1)


class FailedFiles(QWidget):
    """The files of a library that could not be read, or why it cannot be opened; there only if there is something."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = heading("")
        self.model = FailedModel(self)
        self.table = library_table(self.model, self.tr("Files that could not be read"))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.copy = push_button(self.tr("Copy"), self.tr("The selected lines, or all of them (Ctrl+C)"))
        self.copy.setAutoDefault(False)
        self.more, self.reason = quiet(), quiet()
        self.reason.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.reason.setAlignment(Qt.AlignmentFlag.AlignTop)
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(top)
        column.addWidget(self.reason, 1)
        column.addWidget(self.table, 1)
        column.addWidget(self.more)
        self.copy.clicked.connect(self._copy)
        keys = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.table)
        keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        keys.activated.connect(self._copy)

    def show_of(self, library: LibraryInfo | None) -> None:
        """Those of another library."""
        failed = library.failed if library is not None else ()
        unusable = library is not None and bool(problem(library))
        self.setVisible(bool(failed))
        self.model.show(() if unusable else failed)
        for part in (self.table, self.copy):
            part.setVisible(not unusable)
        self.reason.setVisible(unusable)
        self.more.setVisible(len(failed) > MOST_FAILED)
        more = self.tr("{0} more are not listed.")
        self.more.setText(more.format(QLocale().toString(len(failed) - MOST_FAILED)))
        if library is not None:
            self.title.setText(self._title(library))
            self.reason.setText(problem(library))

    def _title(self, library: LibraryInfo) -> str:
        count = len(library.failed)
        words = self.tr("{0}: {1} files could not be read and are left out")
        if count == 1:
            words = self.tr("{0}: {1} file could not be read and is left out")
        if problem(library):
            words = self.tr("{0} cannot be opened")
        return words.format(library.name, QLocale().toString(count))

    @Slot()
    def _copy(self) -> None:
        chosen = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        rows = chosen or list(range(self.model.rowCount()))
        QGuiApplication.clipboard().setText(self.model.text(rows))


def library_table(model: QAbstractItemModel, name: str) -> QTableView:
    """Whole rows are chosen; Tab goes on to the next field."""
    table = QTableView()
    table.setModel(model)
    table.setAccessibleName(name)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setStyleSheet(f"QTableView::item {{ padding: 0px {GRID}px; }}")
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(4 * GRID)
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setStretchLastSection(True)
    header.setHighlightSections(False)
    return table
