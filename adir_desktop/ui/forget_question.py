"""The question before something that was never saved is deleted, asked where it is asked for."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from adir_desktop.ui.forms import push_button, quiet
from adir_desktop.ui.theme import GRID


class ForgetQuestion(QWidget):
    """Asks in the strip itself before a result that was never saved is deleted."""

    answered = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = quiet()
        self.text.setMinimumWidth(20 * GRID)
        self.yes = push_button(self.tr("Delete"), self.tr("It cannot be brought back"), "clear")
        self.no = push_button(self.tr("Keep"))
        self.yes.clicked.connect(lambda: self.answered.emit(True))  # what the signal says
        self.no.clicked.connect(lambda: self.answered.emit(False))
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.text, 1)
        row.addWidget(self.yes)
        row.addWidget(self.no)
        self.hide()

    def ask(self, title: str) -> None:
        """Shows it, with the keyboard on the harmless answer."""
        self.text.setText(self.tr("Delete “{0}”? It was not saved.").format(title))
        self.show()
        self.no.setFocus()

    def event(self, event: QEvent) -> bool:
        """While it is open, Escape is its own and stops no restoration."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape keeps it."""
        if event.key() == Qt.Key.Key_Escape:
            self.answered.emit(False)
        else:
            super().keyPressEvent(event)
