"""The look: Fusion in the system's light or dark, one accent colour, icons that follow the palette."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QObject, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget

from adir_desktop import places

GRID = 8  # pixels; every gap is a multiple, half of it inside small controls
ACCENT = "#2b6cb0"  # white text on it: contrast 5.5 : 1
ERROR = "#c0392b"
PANEL_WIDTH = 352
LABEL_WIDTH = 13 * GRID  # the fields of all forms begin on one line


def apply(app: QApplication) -> None:
    """Style, accent and sheet; the system's own light or dark palette stays underneath."""
    app.setStyle("Fusion")
    palette = QPalette()
    for role in (QPalette.ColorRole.Accent, QPalette.ColorRole.Highlight):
        palette.setColor(role, QColor(ACCENT))
    palette.setColor(QPalette.ColorRole.HighlightedText, QColor("white"))
    app.setPalette(palette)
    app.setStyleSheet(sheet(app.palette()))
    app.setWindowIcon(QIcon(str(places.resource("icons", "adir.svg"))))
    watcher = _SchemeWatcher(app)
    app.styleHints().colorSchemeChanged.connect(watcher.restyle)


def sheet(palette: QPalette) -> str:
    """The few rules that Fusion does not have, in the colours of `palette`."""
    text, window = palette.windowText().color(), palette.window().color()
    line, quiet = mixed(window, text, 0.16).name(), mixed(window, text, 0.66).name()
    hover, tint = mixed(window, text, 0.07).name(), mixed(window, QColor(ACCENT), 0.16).name()
    return f"""
    QLabel[quiet="true"] {{ color: {quiet}; }}
    QLabel[heading="true"] {{ font-weight: 600; }}
    #panel, #strip, #toolbar, #gallery {{ background: {window.name()}; }}
    #panel {{ border-left: 1px solid {line}; }}
    #strip, #toolbar, #gallery {{ border-top: 1px solid {line}; }}
    #line {{ background: {line}; border: none; }}
    #welcome {{ border: 2px dashed {line}; border-radius: 16px; }}
    #welcome[over="true"] {{ border-color: {ACCENT}; background: {tint}; }}
    #message {{ background: {tint}; border: 1px solid {line}; border-radius: 8px; }}
    #message[error="true"] {{ background: {mixed(window, QColor(ERROR), 0.14).name()}; }}
    QPushButton {{ padding: 6px 14px; border: 1px solid {line}; border-radius: 6px;
                   background: {palette.button().color().name()}; }}
    QPushButton:hover {{ background: {hover}; }}
    QPushButton:focus {{ border-color: {ACCENT}; }}
    QPushButton:disabled {{ color: {mixed(window, text, 0.4).name()}; }}
    QPushButton[accent="true"] {{ background: {ACCENT}; border-color: {ACCENT}; color: white;
                                  font-weight: 600; }}
    QPushButton[accent="true"]:hover {{ background: {QColor(ACCENT).lighter(112).name()}; }}
    QPushButton[accent="true"]:focus {{ border-color: {text.name()}; }}
    QPushButton[accent="true"]:disabled {{ background: {line}; border-color: {line}; color: {quiet}; }}
    QToolButton {{ border: 1px solid transparent; border-radius: 6px; padding: 4px; }}
    QToolButton:hover {{ background: {hover}; }}
    QToolButton:focus {{ border-color: {ACCENT}; }}
    QToolButton[tile="true"] {{ padding: 4px 0px; }}
    QToolButton:checked {{ background: {tint}; border-color: {ACCENT}; }}
    QProgressBar {{ border: none; border-radius: 3px; background: {line}; max-height: 6px; }}
    QProgressBar::chunk {{ border-radius: 3px; background: {ACCENT}; }}
    """


def mixed(under: QColor, over: QColor, share: float) -> QColor:
    """`share` of `over` laid on `under`."""
    parts = [
        round(a + (b - a) * share)
        for a, b in zip(under.getRgb()[:3], over.getRgb()[:3], strict=True)  # type: ignore[index]
    ]
    return QColor(*parts)


def icon(name: str) -> QIcon:
    """An icon of `resources/icons` in the palette's text colour, at any size."""
    return QIcon(_PaletteIcon(name))


def mark(widget: QWidget, name: str, *, on: bool) -> None:
    """Sets a property that the sheet speaks of, and lets the widget follow."""
    if bool(widget.property(name)) != on:
        widget.setProperty(name, on)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class _SchemeWatcher(QObject):
    """Rebuilds the sheet when the system turns light or dark."""

    def restyle(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.setStyleSheet(sheet(app.palette()))


class _PaletteIcon(QIconEngine):
    """Paints an SVG whose strokes are `currentColor` in the text colour of the moment."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:  # noqa: ARG002
        """Qt's own signature; the state makes no difference."""
        disabled = mode == QIcon.Mode.Disabled
        group = QPalette.ColorGroup.Disabled if disabled else QPalette.ColorGroup.Active
        colour = QGuiApplication.palette().color(group, QPalette.ColorRole.WindowText)
        svg = _svg(self._name).replace("currentColor", colour.name())
        QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The picture on a transparent ground."""
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        return pixmap

    def clone(self) -> QIconEngine:
        """Qt copies icons that it changes."""
        return _PaletteIcon(self._name)


@lru_cache(maxsize=64)
def _svg(name: str) -> str:
    return places.resource("icons", f"{name}.svg").read_text(encoding="utf-8")
