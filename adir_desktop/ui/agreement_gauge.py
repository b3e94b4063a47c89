"""How well a result explains the photo it was made from, as a small gauge."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

from PySide6.QtCore import QLineF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from adir_desktop.ui import words
from adir_desktop.ui.forms import column, quiet
from adir_desktop.ui.session import Session
from adir_desktop.ui.theme import ACCENT, ERROR, GRID, mixed

END = 3.0  # times the noise floor at the gauge's right end
CLOSE, NEAR, FAR = 0.8, 1.3, 2.5  # times the noise floor: where the words change


class Gauge(QWidget):
    """A bar from perfect agreement to `END`, with a mark at the noise floor."""

    def __init__(self) -> None:
        super().__init__()
        self.value = 0.0
        self.setFixedHeight(GRID + GRID // 2)

    def show_value(self, value: float) -> None:
        """value: |A x - y| / (sigma sqrt(m)), 1 at the noise floor."""
        self.value = value
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(16 * GRID, GRID + GRID // 2)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002  # Qt's own signature
        """The bar's length is the distance from the photo."""
        text = self.palette().color(QPalette.ColorRole.WindowText)
        ground = mixed(self.palette().color(QPalette.ColorRole.Window), text, 0.16)
        bar = QRectF(0, 3, self.width(), self.height() - 6)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(bar, 3, 3)
            painter.setBrush(QColor(ERROR if self.value > FAR else ACCENT))
            bar.setWidth(max(bar.width() * min(self.value / END, 1.0), 6.0))
            painter.drawRoundedRect(bar, 3, 3)
            painter.setPen(QPen(text, 2))
            floor = self.width() / END
            painter.drawLine(QLineF(floor, 0, floor, self.height()))


class AgreementGauge(QWidget):
    """The gauge of the result on show, and its meaning in one sentence; hidden while there is none."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.gauge, self.meaning, self.number = Gauge(), quiet(), QLabel()
        title = QLabel(self.tr("Agreement with the photo"))
        top = QHBoxLayout()
        top.setSpacing(GRID)
        top.addWidget(title)
        top.addWidget(self.gauge, 1)
        top.addWidget(self.number)
        whole = column(self)
        whole.setSpacing(GRID // 2)
        whole.addLayout(top)
        whole.addWidget(self.meaning)
        self.setToolTip(
            self.tr("Data consistency: |A x − y| / (σ √m); 1, the mark, is what the photo's noise explains")
        )
        self.gauge.setAccessibleName(title.text())

    def watch(self) -> None:
        """Follows the result on show."""
        self._session.result_changed.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        restored = self._session.restored
        value = restored.restoration.record.get("consistency") if restored is not None else None
        self.setVisible(value is not None)
        if restored is None or value is None:
            return
        noisy = restored.restoration.request.degradation.noise_std > 0
        self.gauge.show_value(float(value))
        self.number.setText(words.decimal(value, 2))
        self.meaning.setText(self._words(float(value), noisy=noisy))
        self.gauge.setAccessibleDescription(f"{self.number.text()}. {self.meaning.text()}")

    def _words(self, value: float, *, noisy: bool) -> str:
        if value < CLOSE and noisy:
            return self.tr("It follows the photo closer than its noise: some of the noise may be left.")
        if value <= NEAR:
            return self.tr("The result explains your photo as well as can be.")
        if value <= FAR:
            return self.tr("The result differs from your photo a little more than noise does.")
        return self.tr("The result strays from your photo: the blur or the noise may not be what you chose.")
