"""The seed: which of the many possible results is made."""

from __future__ import annotations

import secrets
from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from adir_desktop.ui.forms import FIELD_HEIGHT, add_row, form, set_checked, set_number, tool_button, whole
from adir_desktop.ui.session import Session
from adir_desktop.ui.theme import icon

MOST = 2**31 - 1


def any_seed() -> int:
    """One of all that can be typed."""
    return secrets.randbelow(MOST + 1)


class SeedRow(QWidget):
    """Its number, a lock that keeps it, and a die."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.seed = whole(0, MOST)
        self.lock = tool_button("", "lock", checkable=True)
        self.dice = tool_button("", "dice")
        for button in (self.lock, self.dice):
            button.setFixedSize(FIELD_HEIGHT, FIELD_HEIGHT)
        add_row(form(self), self.tr("Seed"), self.seed, self.lock, self.dice)
        self.seed.setToolTip(self.tr("The same seed gives the same result"))
        self.lock.setAccessibleName(self.tr("Keep the seed"))
        self.dice.setAccessibleName(self.tr("Another seed"))
        self.dice.setToolTip(self.tr("Another seed"))
        self.seed.valueChanged.connect(self._choose)
        self.lock.toggled.connect(self._lock)
        self.dice.clicked.connect(self._throw)

    def watch(self) -> None:
        self._session.values_changed.connect(self._follow)
        self._follow()

    @Slot(int)
    def _choose(self, seed: int) -> None:
        self._session.change(replace(self._session.values, seed=seed))

    @Slot(bool)
    def _lock(self, on: bool) -> None:
        self._session.change(replace(self._session.values, seed_locked=on))

    @Slot()
    def _throw(self) -> None:
        self._session.change(replace(self._session.values, seed=any_seed()))

    @Slot()
    def _follow(self) -> None:
        values = self._session.values
        set_number(self.seed, values.seed)
        set_checked(self.lock, on=values.seed_locked)
        self.lock.setIcon(icon("lock" if values.seed_locked else "unlock"))
        self.lock.setToolTip(
            self.tr("Kept: every restoration takes this seed")
            if values.seed_locked
            else self.tr("Open: every restoration takes another seed")
        )
