"""A question that stands where it belongs instead of in a dialog over the dialog."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from adir_desktop.ui.forms import push_button, quiet
from adir_desktop.ui.theme import GRID


class InlineQuestion(QWidget):
    """Hidden until it is asked something; Esc or the second button take it back."""

    answered = Signal(bool)

    def __init__(self, yes: str, no: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._words = quiet()
        self.yes, self.no = push_button(yes), push_button(no)
        self.yes.clicked.connect(lambda: self._answer(yes=True))
        self.no.clicked.connect(lambda: self._answer(yes=False))
        for button in (self.yes, self.no):
            button.setAutoDefault(False)
        row, self._said = QHBoxLayout(self), QVBoxLayout()
        row.setContentsMargins(GRID, GRID, GRID, GRID)
        row.setSpacing(GRID)
        self._said.setSpacing(GRID)
        self._said.addWidget(self._words)
        row.addLayout(self._said, 1)
        row.addWidget(self.no)
        row.addWidget(self.yes)
        self.hide()

    def put_in(self, widget: QWidget) -> None:
        """One more part, below the words."""
        self._said.addWidget(widget)

    def ask(self, words: str) -> None:
        """Shows the question; the harmless answer has the keyboard."""
        self._words.setText(words)
        self.setAccessibleName(words)
        self.show()
        self.no.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def withdraw(self) -> None:
        """The question has no object any more."""
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc answers no, and does not close the dialog."""
        if event.key() == Qt.Key.Key_Escape:
            self._answer(yes=False)
        else:
            super().keyPressEvent(event)

    def _answer(self, *, yes: bool) -> None:
        self.hide()
        self.answered.emit(yes)
