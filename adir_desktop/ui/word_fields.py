"""What a picture shows and what it does not, in words, for the models that read."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from adir_desktop.ui.forms import FIELD_HEIGHT, add_row, form
from adir_desktop.ui.session import Session

LONGEST = 1000  # letters; the models read some seventy words


class WordFields(QWidget):
    """The prompt and the negative prompt; changes go into the session as they are typed."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.prompt, self.negative = QLineEdit(), QLineEdit()
        rows = form(self)
        add_row(rows, self.tr("Show"), self.prompt)
        add_row(rows, self.tr("Avoid"), self.negative)
        self.prompt.setPlaceholderText(self.tr("a red kite in the sky"))
        self.prompt.setToolTip(self.tr("What the picture is to show there, best in English (prompt)"))
        self.negative.setToolTip(self.tr("What it is not to show (negative prompt)"))
        for field, name in ((self.prompt, self.tr("Show")), (self.negative, self.tr("Avoid"))):
            field.setMaxLength(LONGEST)
            field.setMinimumHeight(FIELD_HEIGHT)
            field.setAccessibleName(name)
            field.textEdited.connect(self._choose)

    def watch(self) -> None:
        """Follows the session."""
        self._session.values_changed.connect(self._follow)
        self._follow()

    @Slot()
    def _choose(self) -> None:
        self._session.change(
            replace(self._session.values, prompt=self.prompt.text(), negative_prompt=self.negative.text())
        )

    @Slot()
    def _follow(self) -> None:
        values = self._session.values
        for field, text in ((self.prompt, values.prompt), (self.negative, values.negative_prompt)):
            if field.text() != text:  # else the cursor would jump
                field.setText(text)
