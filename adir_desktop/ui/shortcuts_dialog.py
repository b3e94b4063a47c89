"""The sheet of shortcuts: every key of the window, to be searched, read and printed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from adir_desktop.ui.forms import push_button, quiet
from adir_desktop.ui.theme import GRID, mark

Row = tuple[str, str, str]  # group, title, keys


class ShortcutsDialog(QDialog):
    """Beside the window, not over it: keys can be tried while it is read."""

    def __init__(self, rows: Sequence[Row], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Shortcuts"))
        self.resize(60 * GRID, 78 * GRID)
        self._rows = tuple(rows)
        self._items: list[tuple[QTreeWidgetItem, list[QTreeWidgetItem]]] = []  # by group
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search for an action or a key"))
        self.search.setAccessibleName(self.tr("Search"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels([self.tr("Action"), self.tr("Keys")])
        self.tree.setRootIsDecorated(False)
        self.tree.setItemsExpandable(False)
        self.tree.setIndentation(2 * GRID)
        self.tree.setAccessibleName(self.tr("Shortcuts"))
        mark(self.tree, "framed", on=True)
        mark(self.tree, "rows", on=True)
        self.nothing = quiet(self.tr("No shortcut is called that."))
        self.nothing.hide()
        self._fill()
        self._lay_out()

    def text(self) -> str:
        """The sheet in plain text, a group under the other, fit for paper."""
        width = max((len(title) for _, title, _ in self._rows), default=0)
        lines = []
        for group in self._groups():
            lines += ["", group, "-" * len(group)]
            lines += [f"{title:<{width}}  {keys}" for name, title, keys in self._rows if name == group]
        return "\n".join(lines[1:]) + "\n"

    def _groups(self) -> list[str]:
        return list(dict.fromkeys(group for group, _, _ in self._rows))

    def _fill(self) -> None:
        for group in self._groups():
            heading = QTreeWidgetItem([group])
            font = heading.font(0)
            font.setBold(True)
            heading.setFont(0, font)
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.tree.addTopLevelItem(heading)
            items = [QTreeWidgetItem([title, keys]) for name, title, keys in self._rows if name == group]
            heading.addChildren(items)
            self._items.append((heading, items))
        self.tree.expandAll()
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.header().setStretchLastSection(False)

    def _lay_out(self) -> None:
        copy = push_button(self.tr("Copy as text"), self.tr("The whole sheet, to paste and print"))
        copy.clicked.connect(self._copy)
        close = push_button(self.tr("Close"))
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.addWidget(copy)
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        column.addWidget(self.search)
        column.addWidget(self.tree, 1)
        column.addWidget(self.nothing)
        column.addLayout(foot)
        for button in (copy, close):
            button.setAutoDefault(False)

    @Slot(str)
    def _filter(self, text: str) -> None:
        """Every word must be in the action, its group or its keys."""
        words = text.casefold().split()
        anything = False
        for heading, items in self._items:
            shown = 0
            for item in items:
                where = f"{heading.text(0)} {item.text(0)} {item.text(1)}".casefold()
                hidden = not all(word in where for word in words)
                item.setHidden(hidden)
                shown += not hidden
            heading.setHidden(shown == 0)
            anything |= shown > 0
        self.nothing.setVisible(not anything)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text())
