"""A small picture of the blur kernel, so that a person sees what will be undone."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from adir_desktop.errors import AdirError, PhotoError, RequestError
from adir_desktop.kernels import shake_kernel
from adir_desktop.tasks import MAX_KERNEL, Kernel, parse_kernel
from adir_desktop.ui import words
from adir_desktop.ui.forms import quiet
from adir_desktop.ui.theme import GRID, mixed

SIDE = 8 * GRID
FRAMES = (9, 17, 33, 65, 129, 257)  # pixels shown: a small kernel looks smaller than a large one
FINE = 16  # samples a pixel along a stroke of movement


class KernelPicture(QWidget):
    """The kernel's weights in grey, the largest white."""

    def __init__(self) -> None:
        super().__init__()
        self._image: QImage | None = None
        self.setFixedSize(SIDE, SIDE)

    def show_weights(self, weights: NDArray[np.float64] | None) -> None:
        """(k, k) weights, k odd; None: nothing can be shown."""
        self._image = None if weights is None else _image(weights)
        self.update()

    def sizeHint(self) -> QSize:
        """Square."""
        return QSize(SIDE, SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002  # Qt's own signature
        """Pixels stay squares while they are large enough to be seen."""
        ground = self.palette().color(QPalette.ColorRole.Window)
        line = mixed(ground, self.palette().color(QPalette.ColorRole.WindowText), 0.3)
        with QPainter(self) as painter:
            painter.setPen(line)
            painter.setBrush(QColor("black") if self._image else ground)
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
            if self._image is not None:
                small = self._image.width() > SIDE
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=small)
                painter.drawImage(QRectF(self.rect()).adjusted(1, 1, -1, -1), self._image)


class KernelPreview(QWidget):
    """The picture, and its size or what is wrong with it in words."""

    def __init__(self) -> None:
        super().__init__()
        self.picture = KernelPicture()
        self.words = quiet()
        self.words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._shown = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 1)

    def show_kernel(self, text: str) -> None:
        """A kernel as `tasks.parse_kernel` spells it; a file is read once, when it is chosen."""
        if text == self._shown:
            return
        self._shown = text
        try:
            kernel = parse_kernel(text)
            weights = kernel_weights(kernel)
        except AdirError as error:
            self.picture.show_weights(None)
            self._say(str(error))
            return
        self.picture.show_weights(weights)
        side = weights.shape[0]
        self._say(self.tr("{0} (kernel of {1} × {1})").format(_capital(words.kernel_words(kernel)), side))

    def _say(self, text: str) -> None:
        self.words.setText(text)
        self.picture.setAccessibleName(self.tr("Picture of the blur kernel"))
        self.picture.setAccessibleDescription(text)
        self.picture.setToolTip(text)


def kernel_weights(kernel: Kernel) -> NDArray[np.float64]:
    """(k, k), k odd: the kernel's weights, summing to 1.

    Raises:
        AdirError: a file that is no picture, too large, or all black.
    """
    if kernel.path is not None:
        return _from_file(kernel.path)
    side = kernel.side
    if kernel.shape == "box":
        weights = np.ones((side, side))
    elif kernel.shape == "gaussian":
        along = np.arange(side) - side // 2
        profile = np.exp(-(along**2) / (2 * kernel.values[0] ** 2))
        weights = np.outer(profile, profile)
    elif kernel.shape == "shake":
        weights = shake_kernel(side, kernel.values[1], int(kernel.values[2]))
    else:
        weights = _stroke(kernel.values[0], kernel.values[1], side)
    weights /= weights.sum()
    return weights


def _stroke(length: float, angle: float, side: int) -> NDArray[np.float64]:
    """A straight line, anticlockwise from the horizontal, spread over the pixels it passes between."""
    count = FINE * math.ceil(length)
    along = ((np.arange(count) + 0.5) / count - 0.5) * max(length - 1, 0)
    x = side // 2 + along * math.cos(math.radians(angle))
    y = side // 2 - along * math.sin(math.radians(angle))
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    weights = np.zeros((side + 1, side + 1))
    for dx in (0, 1):
        for dy in (0, 1):
            share = (1 - abs(x - left - dx)) * (1 - abs(y - top - dy))
            np.add.at(weights, (top + dy, left + dx), share)
    return weights[:side, :side]


def _from_file(path: Path) -> NDArray[np.float64]:
    """A picture's greys, laid in the middle of an odd square; its size is checked before it is decoded."""
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    size = reader.size()
    if max(size.width(), size.height()) > MAX_KERNEL:
        raise RequestError(
            f"The blur kernel {path.name} is {size.width()} x {size.height()} pixels.",
            f"Cut it to at most {MAX_KERNEL} pixels a side.",
        )
    image = reader.read() if size.isValid() else QImage()
    if image.isNull():
        raise PhotoError(f"{path.name} cannot be shown as a picture.", "Choose another file.")
    grey = image.convertToFormat(QImage.Format.Format_Grayscale16)
    rows = np.frombuffer(grey.constBits(), np.uint16).reshape(grey.height(), grey.bytesPerLine() // 2)
    values = rows[:, : grey.width()].astype(np.float64)
    if not values.any():
        raise RequestError(
            f"The blur kernel {path.name} is all black.", "Use a picture of the blurred point."
        )
    side = max(values.shape) | 1
    weights = np.zeros((side, side))
    top, left = side // 2 - values.shape[0] // 2, side // 2 - values.shape[1] // 2
    weights[top : top + values.shape[0], left : left + values.shape[1]] = values
    weights /= values.sum()
    return weights


def _image(weights: NDArray[np.float64]) -> QImage:
    """Greys in the middle of the smallest frame that holds them with a margin."""
    side = weights.shape[0]
    frame = next((size for size in FRAMES if size >= side), FRAMES[-1])
    greys = np.zeros((frame, frame), np.uint8)
    start = (frame - side) // 2
    greys[start : start + side, start : start + side] = np.rint(255 * weights / weights.max())
    image = QImage(greys.tobytes(), frame, frame, frame, QImage.Format.Format_Grayscale8)
    return image.copy()  # of its own: the array goes


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
