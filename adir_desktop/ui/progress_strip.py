"""What the engine is at: stage, count, time left, loss; and a way to stop it."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

import time

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from adir_desktop.contract import Event, Progress
from adir_desktop.ui import words
from adir_desktop.ui.forms import push_button
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.session import Session
from adir_desktop.ui.theme import ACCENT, GRID, mark

STOPPABLE = ("index", "find")  # restoring has a Stop button of its own
WEIGHT = 0.2  # of a new estimate of the time left against the old one, run down


class Countdown:
    """A time left that runs down smoothly instead of jumping with every estimate."""

    def __init__(self) -> None:
        self._end: float | None = None

    def restart(self) -> None:
        self._end = None

    def update(self, eta: float | None, now: float) -> float | None:
        """The time left to show at `now`, in seconds; None while unknown."""
        if eta is not None:
            new = now + eta
            self._end = new if self._end is None else (1 - WEIGHT) * self._end + WEIGHT * new
        return None if self._end is None else max(self._end - now, 0.0)


class LossCurve(QWidget):
    """The losses so far, as a line: falling is what one hopes to see."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: list[float] = []
        self.setFixedSize(QSize(12 * GRID, 3 * GRID))
        self.setAccessibleName(self.tr("Curve of the loss"))

    @property
    def values(self) -> tuple[float, ...]:
        return tuple(self._values)

    def add(self, loss: float) -> None:
        self._values.append(loss)
        self.setToolTip(self.tr("loss {0} at first, {1} now").format(f"{self._values[0]:.4f}", f"{loss:.4f}"))
        self.update()

    def clear(self) -> None:
        self._values.clear()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Means of equal stretches: a loss of single batches is noisy."""
        width = self.width()
        stretch = -(-len(self._values) // (width // 2)) if self._values else 1
        parts = [self._values[i : i + stretch] for i in range(0, len(self._values), stretch)]
        means = [sum(part) / len(part) for part in parts]
        if len(means) < 2:
            return
        low, high = min(means), max(means)
        area = QRectF(self.rect()).adjusted(1, 2, -1, -2)
        points = [
            QPointF(
                area.left() + area.width() * i / (len(means) - 1),
                area.bottom() - area.height() * (mean - low) / ((high - low) or 1.0),
            )
            for i, mean in enumerate(means)
        ]
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(ACCENT), 1.5))
            painter.drawPolyline(points)


class ProgressStrip(QWidget):
    """One line at the window's foot."""

    stop_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._countdown, self._kind, self._stage = Countdown(), "", ""
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(30 * GRID)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.loss = QLabel()
        mark(self.loss, "quiet", on=True)
        self.curve = LossCurve()
        self.stop = push_button(self.tr("Stop"), self.tr("Stop (Esc)"))
        self.stop.clicked.connect(self.stop_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, GRID // 2, 2 * GRID, GRID // 2)
        row.setSpacing(2 * GRID)
        row.addWidget(self.bar)
        row.addWidget(self.text, 1)
        row.addWidget(self.loss)
        row.addWidget(self.curve)
        row.addWidget(self.stop)
        self.setFixedHeight(5 * GRID)

    def watch(self, jobs: Jobs) -> None:
        """Hears the engine's events, and which job it is at."""
        self._jobs = jobs
        jobs.happened.connect(self._hear)
        jobs.changed.connect(self._follow)
        self._session.engine_changed.connect(self._follow)
        self._follow()

    @Slot(object)
    def _hear(self, event: Event) -> None:
        if not isinstance(event, Progress):
            return
        if event.stage != self._stage:
            self._start_stage(event.stage)
        left = self._countdown.update(event.eta, time.monotonic())
        self.bar.setRange(0, event.total)
        self.bar.setValue(event.done)
        self._say(event, left)
        if event.loss is not None:
            self.loss.setText(self.tr("loss {0}").format(f"{event.loss:.4f}"))
            self.curve.add(event.loss)
        elif event.consistency is not None:
            self.loss.setText(self.tr("agreement with the photo {0}").format(f"{event.consistency:.2f}"))
            self.loss.setToolTip(
                self.tr("Distance from the photo as a multiple of its noise; 1 is as close as makes sense")
            )

    def _start_stage(self, stage: str) -> None:
        self._stage = stage
        self._countdown.restart()
        self.loss.clear()
        self.loss.setToolTip("")
        self.curve.clear()

    def _say(self, event: Progress, left: float | None) -> None:
        parts = [words.stage_words(event.stage)]
        if event.total > 0:
            parts.append(self.tr("{0} of {1}").format(f"{event.done:,}", f"{event.total:,}"))
        if left is not None and event.done < event.total:
            parts.append(self.tr("{0} left").format(words.duration(left)))
        self.text.setText(" · ".join(parts))

    @Slot()
    def _follow(self) -> None:
        kind, stopping = self._jobs.engine, self._jobs.stopping
        if kind != self._kind:
            self._kind = kind
            self._start_stage("")
        self.bar.setVisible(bool(kind))
        self.stop.setVisible(self._jobs.has(*STOPPABLE))
        if stopping:
            self.text.setText(self.tr("Stopping …"))
        elif kind == "warm":
            self._start(
                self.tr("Loading the engine … Restoring starts when it is ready.")
                if self._jobs.has("restore")
                else self.tr("Loading the engine …")
            )
        elif kind and not self._stage:
            self._start(words.stage_words({"find": "retrieve", "restore": "load"}.get(kind, kind)) + " …")
        elif not kind:
            self._rest()

    def _start(self, text: str) -> None:
        self.bar.setRange(0, 0)
        self.text.setText(text)

    def _rest(self) -> None:
        """Idle: only what it runs on."""
        ready = self._session.ready
        self.text.setText(self.tr("Ready · {0}").format(ready.device) if ready else "")
