"""About: what this is, its version, and the licences of all that it is made of."""

from __future__ import annotations

import platform

from PySide6.QtCore import QSize, Qt, Slot, qVersion
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from adir_desktop import __version__, places
from adir_desktop.ui import licences
from adir_desktop.ui.forms import push_button, quiet
from adir_desktop.ui.stock import Stock
from adir_desktop.ui.theme import GRID, mark

TEXT = Qt.ItemDataRole.UserRole  # a licence in full, where it is known without asking
DISTRIBUTION = Qt.ItemDataRole.UserRole + 1  # else whose licence it is


class AboutDialog(QDialog):
    """A table of the program, its models and its libraries; the chosen one's licence can be read below."""

    def __init__(self, stock: Stock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About ADIR Desktop"))
        self.resize(88 * GRID, 76 * GRID)
        self._stock = stock
        self._libraries = licences.libraries()
        self.table = QTreeWidget()
        self.table.setHeaderLabels([self.tr("Part"), self.tr("Version"), self.tr("Licence")])
        self.table.setRootIsDecorated(False)
        self.table.setIndentation(2 * GRID)
        self.table.setItemsExpandable(False)
        self.table.setAccessibleName(self.tr("The parts of the program and their licences"))
        self.table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.table.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.table.currentItemChanged.connect(self._read)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("The licence in full"))
        for part in (self.table, self.text):
            mark(part, "framed", on=True)
        mark(self.table, "rows", on=True)
        self._lay_out()

    def watch(self) -> None:
        """Follows the models, whose licences are listed too."""
        self._stock.changed.connect(self._fill)
        self._fill()

    def versions(self) -> str:
        """The versions of everything, as text for a report."""
        lines = [
            f"ADIR Desktop {__version__}",
            f"Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}",
        ]
        return "\n".join(lines + [f"{library.name} {library.version}" for library in self._libraries]) + "\n"

    def _lay_out(self) -> None:
        picture = QLabel()
        drawn = QIcon(str(places.resource("icons", "adir.svg")))
        picture.setPixmap(drawn.pixmap(QSize(64, 64), self.devicePixelRatioF()))
        title = QLabel(self.tr("ADIR Desktop {0}").format(__version__))
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        title.setFont(font)
        words = quiet(
            self.tr(
                "Restores photos on this computer, with a diffusion model that adapts to the photos most "
                "like yours. Nothing you open leaves this computer."
            )
        )
        beside = QVBoxLayout()
        beside.addWidget(title)
        beside.addWidget(words)
        head = QHBoxLayout()
        head.setSpacing(2 * GRID)
        head.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(beside, 1)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(self.table)
        parts.addWidget(self.text)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 2)
        parts.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addLayout(head)
        column.addWidget(parts, 1)
        column.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        copy = push_button(self.tr("Copy versions"), self.tr("For a report of something that went wrong"))
        copy.clicked.connect(self._copy)
        close = push_button(self.tr("Close"))
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.addWidget(copy)
        foot.addStretch(1)
        foot.addWidget(close)
        for button in (copy, close):
            button.setAutoDefault(False)
        return foot

    @Slot()
    def _fill(self) -> None:
        """The program, the models, the libraries."""
        self.table.clear()
        own = self._item(self.tr("ADIR Desktop"), __version__, "MIT")
        own.setData(0, TEXT, licences.own_licence())
        self._group(self.tr("Program"), [own])
        models = []
        for model in (one for one in self._stock.models if one.offer is None):
            short, _, text = model.licence.partition("\n\n")
            item = self._item(model.title, "", short)
            item.setData(0, TEXT, text or short)
            models.append(item)
        self._group(self.tr("Models"), models)
        libraries = []
        for library in self._libraries:
            item = self._item(library.name, library.version, library.licence or self.tr("not stated"))
            item.setData(0, DISTRIBUTION, library.name)
            libraries.append(item)
        self._group(self.tr("Libraries"), libraries)
        self.table.expandAll()
        self.table.setCurrentItem(own)

    def _group(self, words: str, items: list[QTreeWidgetItem]) -> None:
        if not items:
            return
        heading = QTreeWidgetItem([words])
        font = heading.font(0)
        font.setBold(True)
        heading.setFont(0, font)
        heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
        heading.addChildren(items)
        self.table.addTopLevelItem(heading)

    def _item(self, name: str, version: str, licence: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem([name, version, licence])
        item.setToolTip(2, licence)
        return item

    @Slot()
    def _read(self) -> None:
        """A library's licence is read when it is wanted."""
        item = self.table.currentItem()
        if item is None:
            return
        name = item.data(0, DISTRIBUTION)
        text = item.data(0, TEXT) or (licences.licence_text(name) if name else "")
        self.text.setPlainText(text or self.tr("It brings no text of its own: {0}").format(item.text(2)))

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.versions())
