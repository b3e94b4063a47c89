"""The empty window: a large place to drop a photo, and two buttons."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from adir_desktop.ui.forms import push_button, quiet
from adir_desktop.ui.theme import GRID, icon, mark


class Welcome(QWidget):
    """Seen until the first photo is open."""

    open_wanted = Signal()
    sample_wanted = Signal()

    def __init__(self, *, sample: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame = QWidget()
        self._frame.setObjectName("welcome")
        self._frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.open_button = push_button(self.tr("Open a photo"), self.tr("Ctrl+O"))
        self.sample_button = push_button(self.tr("Try the sample"))
        self.sample_button.setVisible(sample)
        self.open_button.clicked.connect(self.open_wanted)
        self.sample_button.clicked.connect(self.sample_wanted)
        mark(self.open_button, "accent", on=True)
        self._lay_out()

    def drag_over(self, *, on: bool) -> None:
        """Shows that letting go here opens the photo."""
        mark(self._frame, "over", on=on)

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(4 * GRID, 4 * GRID, 4 * GRID, 4 * GRID)
        outer.addWidget(self._frame)
        column = QVBoxLayout(self._frame)
        column.setSpacing(2 * GRID)
        picture = QLabel()
        picture.setPixmap(icon("photo").pixmap(QSize(72, 72)))
        title = QLabel(self.tr("Drop a photo here"))
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.8)
        title.setFont(font)
        note = quiet(self.tr("It stays on this computer, and the file itself is never changed."))
        column.addStretch(1)
        for part in (picture, title, note):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(part)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addStretch(1)
        for button in (self.open_button, self.sample_button):
            button.setMinimumHeight(5 * GRID)
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addStretch(1)
