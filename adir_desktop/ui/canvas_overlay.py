"""What lies over a picture on the canvas: the mask as it is painted, and the legend of a map."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QLinearGradient, QPainter

from adir_desktop.contract import Mask
from adir_desktop.ui import colour_scale
from adir_desktop.ui.canvas_paint import chip
from adir_desktop.ui.mask import MaskPainting
from adir_desktop.ui.qt_images import HeatMap
from adir_desktop.ui.sampling import nearest
from adir_desktop.ui.showing import Overlay
from adir_desktop.ui.theme import GRID
from adir_desktop.ui.view import Frame

FACTORS = (16, 4, 1)  # photo pixels a side of a block of the mask's coarser versions
LEGEND = 288.0  # widget pixels
BAR = 10.0


def mask(painter: QPainter, painting: MaskPainting, frame: Frame, width: int, ink: QColor) -> None:
    """What is marked, inside what is seen; at most one sample a device pixel. width: of the photo."""
    seen = frame.seen
    if seen.isEmpty() or painting.empty:
        return
    step = frame.target.width() / width  # widget pixels a photo pixel
    factor = next(factor for factor in FACTORS if factor == 1 or step * frame.density * factor <= 1)
    cover = painting.coverage(factor)
    sampling = nearest(frame, cover.shape, step * factor, step * factor)
    marked = sampling.of(cover)
    if not marked.any():
        return
    image = _inked(marked, ink)
    painter.save()
    painter.setClipRect(seen, Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
    painter.drawImage(sampling.place, image)
    painter.restore()


def legend(painter: QPainter, window: QRectF, heat: HeatMap, overlay: Overlay) -> None:
    """The scale of a map and what it means, in the lower right corner of `window`: the result's side."""
    title, meaning, top = _words(heat, overlay)
    metrics = QFontMetricsF(painter.font())
    width = min(LEGEND, window.width() - 2 * GRID)
    inside = QRectF(0, 0, width - 2 * GRID, 1000)
    height = metrics.boundingRect(inside, Qt.TextFlag.TextWordWrap, meaning).height()
    line = metrics.height()
    box = QRectF(window.right() - width - GRID, 0, width, height + 2 * line + BAR + 3 * GRID)
    box.moveBottom(window.bottom() - GRID)
    chip(painter, box)
    inner = box.adjusted(GRID, GRID, -GRID, -GRID)
    painter.drawText(inner, Qt.AlignmentFlag.AlignLeft, title)
    bar = QRectF(inner.left(), inner.top() + line + GRID / 2, inner.width(), BAR)
    painter.fillRect(bar, _gradient(bar))
    ends = QRectF(inner.left(), bar.bottom(), inner.width(), line)
    painter.drawText(ends, Qt.AlignmentFlag.AlignLeft, "0")
    painter.drawText(ends, Qt.AlignmentFlag.AlignRight, top)
    rest = QRectF(inner.left(), ends.bottom() + GRID / 2, inner.width(), height)
    painter.drawText(rest, Qt.TextFlag.TextWordWrap, meaning)


def outside_words(outside: float) -> str:
    """The proof that nothing but the mask was touched, or by how much something was."""
    text = QCoreApplication.translate("Legend", "Largest difference outside the mask: {0} of 255.")
    return text.format(_figure(outside))


def _words(heat: HeatMap, overlay: Overlay) -> tuple[str, str, str]:
    """Title, meaning, and what stands at the bright end."""
    translate = QCoreApplication.translate  # the name that lupdate knows
    if overlay is Overlay.AGREEMENT:
        title = translate("Legend", "Agreement with the photo")
        meaning = translate(
            "Legend",
            "How far the result, put through the same fault, is from the photo. "
            "About 1 is noise; brighter is worse.",
        )
        return title, meaning, translate("Legend", "{0} or more").format(_figure(heat.top))
    if overlay is Overlay.SPREAD:
        title = translate("Legend", "Uncertainty")
        meaning = translate(
            "Legend", "How much several tries differ, of 255. Where it is bright, details are guesses."
        )
        return title, meaning, translate("Legend", "{0} or more").format(_figure(heat.top))
    title = translate("Legend", "Changes")
    if heat.outside is None:
        return (
            title,
            translate("Legend", "How much the result differs from the photo, of 255."),
            _figure(heat.top),
        )
    return title, outside_words(heat.outside), _figure(heat.top)


def _figure(value: float) -> str:
    """0 for nothing at all, and only for that."""
    return "0" if value == 0 else f"{value:.2g}" if value < 10 else f"{value:.0f}"


def _inked(marked: Mask, ink: QColor) -> QImage:
    """The marked pixels in the ink, the others clear; valid as long as `marked` is."""
    height, width = marked.shape
    image = QImage(marked.view(np.uint8).data, width, height, width, QImage.Format.Format_Indexed8)
    image.setColorTable([0, ink.rgba()])
    return image


def _gradient(bar: QRectF) -> QLinearGradient:
    gradient = QLinearGradient(bar.topLeft(), bar.topRight())
    table = colour_scale.colours()
    for at in np.linspace(0, len(table) - 1, 16).round().astype(int):
        gradient.setColorAt(at / (len(table) - 1), QColor(*(int(channel) for channel in table[at])))
    return gradient
