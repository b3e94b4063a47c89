"""The first page: a large place to drop a photo, and the ways to begin."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from adir_desktop.ui.forms import push_button, quiet, tool_button
from adir_desktop.ui.theme import GRID, icon, mark

SHOWN = 5  # recent photos
NAME = 22  # letters of a photo's name


class Welcome(QWidget):
    """Seen until the first photo is open."""

    open_wanted = Signal()
    sample_wanted = Signal()
    folder_wanted = Signal()
    recent_wanted = Signal(object)  # Path
    session_wanted = Signal()
    discard_wanted = Signal()

    def __init__(self, *, sample: Path | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame = QWidget()
        self._frame.setObjectName("welcome")
        self._frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.open_button = push_button(self.tr("Open a photo"), self.tr("Ctrl+O"))
        self.sample_button = push_button(
            self.tr("Try the sample"), self.tr("A damaged photo that came with the program")
        )
        self.folder_button = push_button(
            self.tr("Add your photo folder"),
            self.tr("Photos of yours that resemble a damaged one make its restoration truer"),
            "folder",
        )
        self.sample_button.setVisible(sample is not None)
        self.open_button.clicked.connect(self.open_wanted)
        self.sample_button.clicked.connect(self.sample_wanted)
        self.folder_button.clicked.connect(self.folder_wanted)
        mark(self.open_button, "accent", on=True)
        self._picture = QLabel()
        self._session = self._make_session()
        self._recent = QHBoxLayout()
        self._recent_row = self._make_recent()
        self._lay_out()
        self._paint_picture()

    def drag_over(self, *, on: bool) -> None:
        """Shows that letting go here opens the photo."""
        mark(self._frame, "over", on=on)

    def set_recent(self, paths: Sequence[str | Path]) -> None:
        """Offers the photos opened last, newest first; those that are gone are left out."""
        while item := self._recent.takeAt(0):
            if widget := item.widget():
                widget.deleteLater()
        known = [path for path in map(Path, paths) if path.is_file()][:SHOWN]
        for path in known:
            self._recent.addWidget(self._recent_button(path))
        self._recent_row.setVisible(bool(known))

    def offer_session(self, words: str) -> None:
        """Offers to bring back what was open at a crash; words: "3 photos". Nothing to offer: ""."""
        self.session_button.setText(self.tr("Bring back your last session ({0})").format(words))
        self._session.setVisible(bool(words))

    def changeEvent(self, event: QEvent) -> None:
        """The picture follows light and dark."""
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_picture()
        super().changeEvent(event)

    def _make_session(self) -> QWidget:
        row = QWidget()
        self.session_button = push_button("", self.tr("Photos, masks, values and finished results"), "undo")
        self.discard_button = push_button(
            self.tr("Discard"), self.tr("Forgets that session; the photos themselves stay where they are")
        )
        self.session_button.clicked.connect(self.session_wanted)
        self.discard_button.clicked.connect(self.discard_wanted)
        _centred(row, self.session_button, self.discard_button)
        row.hide()
        return row

    def _make_recent(self) -> QWidget:
        row = QWidget()
        column = QVBoxLayout(row)
        column.setContentsMargins(0, GRID, 0, 0)
        column.setSpacing(GRID // 2)
        title = quiet(self.tr("Recent photos"))
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(title)
        centred = QHBoxLayout()
        centred.addStretch(1)
        centred.addLayout(self._recent)
        centred.addStretch(1)
        column.addLayout(centred)
        row.hide()
        return row

    def _recent_button(self, path: Path) -> QWidget:
        name = path.name if len(path.name) <= NAME else f"{path.name[: NAME - 1]}…"
        button = tool_button(name.replace("&", "&&"), "photo")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setToolTip(str(path))
        button.setAccessibleName(self.tr("Open {0}").format(path.name))
        button.clicked.connect(partial(self._choose_recent, path))
        return button

    def _choose_recent(self, path: Path, *_checked: bool) -> None:
        self.recent_wanted.emit(path)

    def _paint_picture(self) -> None:
        self._picture.setPixmap(icon("photo").pixmap(QSize(72, 72), self.devicePixelRatioF()))

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(4 * GRID, 4 * GRID, 4 * GRID, 4 * GRID)
        area = QScrollArea()  # a small window at 200 % must not cut anything off
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self._frame)
        outer.addWidget(area)
        column = QVBoxLayout(self._frame)
        column.setSpacing(2 * GRID)
        title = QLabel(self.tr("Drop a photo here"))
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.8)
        title.setFont(font)
        note = quiet(self.tr("It stays on this computer, and the file itself is never changed."))
        later = quiet(self.tr("Larger models can be added later under Models."))
        buttons, folder = QWidget(), QWidget()
        _centred(buttons, self.open_button, self.sample_button)
        _centred(folder, self.folder_button)
        column.addStretch(1)
        for label in (self._picture, title, note, later):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for part in (self._session, self._picture, title, note, buttons, folder, later, self._recent_row):
            column.addWidget(part)
        column.addStretch(1)


def _centred(row: QWidget, *buttons: QPushButton) -> None:
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GRID)
    layout.addStretch(1)
    for button in buttons:
        button.setMinimumHeight(5 * GRID)
        layout.addWidget(button)
    layout.addStretch(1)
