"""Which photos of the libraries may be found: a button, and the panel that it opens."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from adir_desktop.searches import Filters
from adir_desktop.ui import words
from adir_desktop.ui.forms import add_row, form, heading, push_button, quiet, set_number, tool_button, whole
from adir_desktop.ui.gallery_tile import Elided
from adir_desktop.ui.popover import Popover
from adir_desktop.ui.session import Session
from adir_desktop.ui.theme import GRID, icon

LARGEST = 20_000  # pixels a side
WIDTH = 44 * GRID
DOT = 7  # pixels across
LONGEST = 100  # letters of a licence


class FilterPanel(QWidget):
    """The fields. What is chosen goes into the session when a field is left, so that it is one choice."""

    folder_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.side = whole(0, LARGEST, 100, self.tr(" pixels"))
        self.side.setSpecialValueText(self.tr("any"))
        self.side.setKeyboardTracking(False)
        self.licence, self.since, self.until = QLineEdit(), QLineEdit(), QLineEdit()
        self._days = {"since": self.since, "until": self.until}
        self.folder = push_button("", icon_name="folder")
        self.any_folder = tool_button("", "close")
        self.wrong_day = quiet(self.tr("Write a day as 2019-05-31, 2019-05 or 2019."))
        self.reset = push_button(self.tr("Reset"), self.tr("All photos may be found again"))
        self.left_out = Elided()
        self.let_in = push_button(self.tr("Let them back in"))
        self._lay_out()
        self._connect()
        self.follow()

    @Slot()
    def follow(self) -> None:
        """Shows what the session has."""
        filters = self._session.values.filters
        set_number(self.side, filters.min_side)
        for field, text in (
            (self.licence, filters.licence),
            (self.since, filters.since),
            (self.until, filters.until),
        ):
            if not field.isModified() and field.text() != text:  # else somebody is in the middle of typing
                field.setText(text)
        self.folder.setText(Path(filters.folder).name or filters.folder or self.tr("Choose …"))
        self.folder.setToolTip(filters.folder or self.tr("Only photos in this folder, at any depth"))
        self.any_folder.setVisible(bool(filters.folder))
        self.reset.setEnabled(asks(filters))
        count = len(filters.exclude)
        told = self.tr("{0} photos are left out for good")
        self.left_out.setText(
            told.format(words.count(count)) if count != 1 else self.tr("1 photo is left out for good")
        )
        for part in (self.left_out, self.let_in):
            part.setVisible(bool(count))

    def _lay_out(self) -> None:
        rows_of = QWidget()
        rows = form(rows_of)
        add_row(rows, self.tr("Smallest side"), self.side)
        add_row(rows, self.tr("Licence"), self.licence)
        add_row(rows, self.tr("Folder"), self.folder, self.any_folder)
        add_row(rows, self.tr("From day"), self.since)
        add_row(rows, self.tr("To day"), self.until)
        self.side.setToolTip(self.tr("Width and height are at least this (resolution)"))
        self.licence.setToolTip(self.tr("A part of its name, such as CC BY"))
        self.licence.setPlaceholderText(self.tr("any"))
        self.licence.setMaxLength(LONGEST)
        self.any_folder.setToolTip(self.tr("Any folder"))
        self.any_folder.setAccessibleName(self.tr("Any folder"))
        for field in (self.since, self.until):
            field.setPlaceholderText(self.tr("any, or 2019-05-31"))
            field.setToolTip(self.tr("When the photo was taken; 2019-05 or 2019 will do (date)"))
        self.let_in.setToolTip(self.tr("They may be found again (exclusion list)"))
        out, foot = QHBoxLayout(), QHBoxLayout()
        out.addWidget(self.left_out, 1)
        out.addWidget(self.let_in)
        foot.addStretch(1)
        foot.addWidget(self.reset)
        whole_panel = QVBoxLayout(self)
        whole_panel.setContentsMargins(0, 0, 0, 0)
        whole_panel.setSpacing(GRID)
        whole_panel.addWidget(heading(self.tr("Only find photos with")))
        whole_panel.addWidget(rows_of)
        whole_panel.addWidget(self.wrong_day)
        whole_panel.addLayout(out)
        whole_panel.addLayout(foot)
        self.wrong_day.hide()
        self.setFixedWidth(WIDTH)
        self.setFocusProxy(self.side)

    def _connect(self) -> None:
        self.side.valueChanged.connect(self._choose_side)
        self.licence.editingFinished.connect(self._choose_licence)
        self.since.editingFinished.connect(self._choose_days)
        self.until.editingFinished.connect(self._choose_days)
        self.folder.clicked.connect(self.folder_wanted)
        self.any_folder.clicked.connect(self._choose_any_folder)
        self.reset.clicked.connect(self._reset)
        self.let_in.clicked.connect(self._let_in)

    def _change(self, filters: Filters) -> None:
        self._session.change(replace(self._session.values, filters=filters))

    @Slot(int)
    def _choose_side(self, pixels: int) -> None:
        self._change(replace(self._session.values.filters, min_side=pixels))

    @Slot()
    def _choose_licence(self) -> None:
        self.licence.setModified(False)
        self._change(replace(self._session.values.filters, licence=self.licence.text().strip()))

    @Slot()
    def _choose_days(self) -> None:
        """A day that is none stays in its field to be mended, and what held before holds on."""
        days = {name: field.text().strip() for name, field in self._days.items()}
        right = {name: day for name, day in days.items() if not day or is_day(day)}
        for name in right:
            self._days[name].setModified(False)
        self.wrong_day.setVisible(len(right) < len(days))
        held = self._session.values.filters
        since, until = right.get("since", held.since), right.get("until", held.until)
        self._change(replace(held, since=since, until=until))

    @Slot()
    def _choose_any_folder(self) -> None:
        self._change(replace(self._session.values.filters, folder=""))
        self.folder.setFocus()

    @Slot()
    def _reset(self) -> None:
        for field in (self.licence, self.since, self.until):
            with QSignalBlocker(field):
                field.clear()
            field.setModified(False)
        self.wrong_day.hide()
        self._change(Filters(exclude=self._session.values.filters.exclude))

    @Slot()
    def _let_in(self) -> None:
        self._change(replace(self._session.values.filters, exclude=frozenset()))
        self.side.setFocus()


class FilterButton(QToolButton):
    """Opens the panel; tells by its look and its tooltip that not all photos may be found."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setIcon(icon("filter"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Filter"))
        self.panel = FilterPanel(session)
        self.popover = Popover(self, self.panel)
        self.clicked.connect(self._toggle)
        self.follow()

    @Slot()
    def follow(self) -> None:
        """Shows what the session has."""
        self.panel.follow()
        told = self._told(self._session.values.filters)
        self.setToolTip(told or self.tr("Which photos may be found: size, licence, folder, day (filters)"))
        self.setAccessibleDescription(told)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """With a dot where filters are on."""
        super().paintEvent(event)
        if asks(self._session.values.filters):
            with QPainter(self) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self.palette().link())
                painter.drawEllipse(self.width() - DOT - 3, 3, DOT, DOT)

    def _told(self, filters: Filters) -> str:
        """What is asked for, a line each; empty where nothing is."""
        lines = (
            (filters.min_side, self.tr("at least {0} pixels a side").format(words.count(filters.min_side))),
            (filters.licence, self.tr("licence “{0}”").format(filters.licence)),
            (filters.folder, self.tr("in {0}").format(filters.folder)),
            (filters.since, self.tr("from {0} on").format(filters.since)),
            (filters.until, self.tr("until {0}").format(filters.until)),
            (filters.exclude, self.tr("{0} left out for good").format(words.count(len(filters.exclude)))),
        )
        told = [text for wanted, text in lines if wanted]
        return "\n".join([self.tr("Filters are on:"), *told]) if told else ""

    @Slot()
    def _toggle(self) -> None:
        if self.popover.isHidden():
            self.popover.open(focus=True)
        else:
            self.popover.close_down()


def asks(filters: Filters) -> bool:
    """Something is asked of all photos; those that are left out one by one are another matter."""
    return replace(filters, exclude=frozenset()) != Filters()


def is_day(text: str) -> bool:
    """A day of the calendar, a month or a year, as the engine takes it."""
    forms = {10: "%Y-%m-%d", 7: "%Y-%m", 4: "%Y"}
    if len(text) not in forms or not re.fullmatch(r"[0-9-]+", text):
        return False
    try:
        datetime.strptime(text, forms[len(text)])  # noqa: DTZ007  # a day has no time of day
    except ValueError:
        return False
    return True
