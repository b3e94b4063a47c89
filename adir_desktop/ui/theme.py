"""The look: Fusion in the system's light or dark, one accent colour, icons that follow the palette."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from adir_desktop import places

GRID = 8  # pixels; every gap is a multiple, half of it inside small controls
ACCENT = "#2b6cb0"  # white text on it: contrast 5.5 : 1
ERROR = "#c0392b"
LIGHT = {
    "window": "#f2f3f4",
    "base": "#ffffff",
    "alternate": "#f7f8f9",
    "button": "#fbfbfc",
    "text": "#1d2125",
    "link": ACCENT,  # 5.0 : 1 on the window
}
DARK = {
    "window": "#25282c",
    "base": "#1c1e21",
    "alternate": "#212327",
    "button": "#32363b",
    "text": "#e4e7ea",
    "link": "#6ea8e6",  # 5.9 : 1 on the window
}
_SCHEMES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}
PANEL_WIDTH = 352
LABEL_WIDTH = 13 * GRID  # the fields of all forms begin on one line


def apply(app: QApplication, scheme: str = "system") -> None:
    """Style, palette and sheet; called again with another scheme, it changes all that is on the screen.

    scheme: "light", "dark", or "system", which follows the system while the program runs.
    """
    look = app.findChild(_Look) or _Look(app)
    look.choose(scheme)


def is_dark(palette: QPalette) -> bool:
    """Light writing on a dark ground."""
    return palette.window().color().lightness() < palette.windowText().color().lightness()


def palette_of(colours: Mapping[str, str]) -> QPalette:
    """A whole palette of our own: the system's differs between desktops, and some have only one."""
    role, window, text = QPalette.ColorRole, QColor(colours["window"]), QColor(colours["text"])
    palette = QPalette(QColor(colours["button"]), window)  # Qt derives the shades of its frames from these
    for roles, colour in (
        ((role.Window, role.ToolTipBase), window),
        ((role.Base,), QColor(colours["base"])),
        ((role.AlternateBase,), QColor(colours["alternate"])),
        ((role.Button,), QColor(colours["button"])),
        ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText), text),
        ((role.PlaceholderText,), mixed(window, text, 0.6)),
        ((role.Link, role.LinkVisited), QColor(colours["link"])),
        ((role.Accent, role.Highlight), QColor(ACCENT)),
        ((role.HighlightedText, role.BrightText), QColor("white")),
    ):
        for each in roles:
            palette.setColor(each, colour)
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, mixed(window, text, 0.4))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, mixed(window, text, 0.3))
    return palette


def sheet(palette: QPalette) -> str:
    """The few rules that Fusion does not have, in the colours of `palette`."""
    text, window = palette.windowText().color(), palette.window().color()
    line, quiet = mixed(window, text, 0.16).name(), mixed(window, text, 0.66).name()
    hover, tint = mixed(window, text, 0.07).name(), mixed(window, QColor(ACCENT), 0.16).name()
    focus = palette.link().color().name()  # the accent, or its lighter sister on a dark ground
    return f"""
    QLabel[quiet="true"] {{ color: {quiet}; }}
    QLabel[heading="true"] {{ font-weight: 600; }}
    #panel, #strip, #toolbar, #gallery {{ background: {window.name()}; }}
    #panel {{ border-left: 1px solid {line}; }}
    #strip, #toolbar, #gallery {{ border-top: 1px solid {line}; }}
    #line {{ background: {line}; border: none; }}
    #welcome {{ border: 2px dashed {line}; border-radius: 16px; }}
    #welcome[over="true"] {{ border-color: {focus}; background: {tint}; }}
    #message {{ background: {tint}; border: 1px solid {line}; border-radius: 8px; }}
    #message[error="true"] {{ background: {mixed(window, QColor(ERROR), 0.14).name()}; }}
    QPushButton {{ padding: 6px 14px; border: 1px solid {line}; border-radius: 6px;
                   background: {palette.button().color().name()}; }}
    QPushButton:hover {{ background: {hover}; }}
    QPushButton:focus {{ border-color: {focus}; }}
    QPushButton:disabled {{ color: {mixed(window, text, 0.4).name()}; }}
    QPushButton[accent="true"] {{ background: {ACCENT}; border-color: {ACCENT}; color: white;
                                  font-weight: 600; }}
    QPushButton[accent="true"]:hover {{ background: {QColor(ACCENT).lighter(112).name()}; }}
    QPushButton[accent="true"]:focus {{ border-color: {text.name()}; }}
    QPushButton[accent="true"]:disabled {{ background: {line}; border-color: {line}; color: {quiet}; }}
    QToolButton {{ border: 1px solid transparent; border-radius: 6px; padding: 4px; }}
    QToolButton:hover {{ background: {hover}; }}
    QToolButton:focus {{ border-color: {focus}; }}
    QToolButton[tile="true"] {{ padding: 4px 0px; }}
    QToolButton:checked {{ background: {tint}; border-color: {focus}; }}
    QProgressBar {{ border: none; border-radius: 3px; background: {line}; max-height: 6px; }}
    QProgressBar::chunk {{ border-radius: 3px; background: {ACCENT}; }}
    """ + _fields(palette, line, quiet, focus)


def _fields(palette: QPalette, line: str, quiet: str, focus: str) -> str:
    """Rules for what is typed, ticked and scrolled; on a dark ground Fusion's own edges can hardly be seen."""
    text, window, base = (
        colour.color() for colour in (palette.windowText(), palette.window(), palette.base())
    )
    edge = mixed(window, text, 0.34).name()
    tick = places.resource("icons", "ticked.svg").as_posix()
    return f"""
    QLineEdit {{ border: 1px solid {edge}; border-radius: 6px; padding: 4px 8px; background: {base.name()}; }}
    QLineEdit:focus {{ border-color: {focus}; }}
    QAbstractSpinBox QLineEdit, QComboBox QLineEdit {{ border: none; padding: 0px; background: transparent; }}
    QCheckBox, QRadioButton {{ spacing: 8px; }}
    QCheckBox::indicator, QRadioButton::indicator {{ width: 14px; height: 14px; border: 1px solid {edge};
                                                     background: {base.name()}; }}
    QCheckBox::indicator {{ border-radius: 4px; }}
    QRadioButton::indicator {{ border-radius: 8px; }}
    QCheckBox::indicator:focus, QRadioButton::indicator:focus {{ border-color: {focus}; }}
    QCheckBox::indicator:checked {{ background: {ACCENT}; border-color: {ACCENT}; image: url("{tick}"); }}
    QCheckBox::indicator:checked:focus {{ border-color: {text.name()}; }}
    QCheckBox::indicator:checked:disabled {{ background: {quiet}; border-color: {quiet}; }}
    QRadioButton::indicator:checked {{ border: 5px solid {ACCENT}; width: 6px; height: 6px; }}
    QRadioButton::indicator:checked:disabled {{ border-color: {quiet}; }}
    QHeaderView::section {{ background: {window.name()}; border: none; border-bottom: 1px solid {line};
                            padding: 6px 8px; font-weight: 600; }}
    QToolTip {{ background: {base.name()}; color: {text.name()}; border: 1px solid {line}; padding: 4px 6px; }}
    QAbstractScrollArea[framed="true"] {{ border: 1px solid {line}; border-radius: 6px;
                                          background: {base.name()}; }}
    QAbstractScrollArea[framed="true"]:focus {{ border-color: {focus}; }}
    QAbstractItemView[rows="true"]::item {{ padding: 5px 6px; }}
    QScrollBar {{ background: transparent; border: none; margin: 0px; }}
    QScrollBar:vertical {{ width: 12px; }}
    QScrollBar:horizontal {{ height: 12px; }}
    QScrollBar::handle {{ background: {line}; border-radius: 4px; margin: 2px; min-width: 32px;
                          min-height: 32px; }}
    QScrollBar::handle:hover {{ background: {edge}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0px; height: 0px; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: none; }}
    """


def mixed(under: QColor, over: QColor, share: float) -> QColor:
    """`share` of `over` laid on `under`."""
    parts = [
        round(a + (b - a) * share)
        for a, b in zip(under.getRgb()[:3], over.getRgb()[:3], strict=True)  # type: ignore[index]
    ]
    return QColor(*parts)


def icon(name: str) -> QIcon:
    """An icon of `resources/icons` in the text colour of light or dark, at any size; it follows a change."""
    return QIcon.fromTheme(f"adir-{name}")


def mark(widget: QWidget, name: str, *, on: bool) -> None:
    """Sets a property that the sheet speaks of, and lets the widget follow."""
    if bool(widget.property(name)) != on:
        widget.setProperty(name, on)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class _Look(QObject):
    """The application's look: what the person chose, and what the system says where they left it to that."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._scheme = "system"
        self._system_dark = is_dark(app.palette())  # before ours: where the system only has a palette
        app.setStyle("Fusion")
        QIcon.setThemeSearchPaths([str(places.resource("icon_themes")), *QIcon.themeSearchPaths()])
        app.setWindowIcon(QIcon(str(places.resource("icons", "adir.svg"))))
        app.styleHints().colorSchemeChanged.connect(self._restyle)

    def choose(self, scheme: str) -> None:
        """Takes over a choice; the frames of windows follow where the system can do that."""
        self._scheme = scheme
        self._app.styleHints().setColorScheme(_SCHEMES[scheme])
        self._restyle()

    @Slot()
    def _restyle(self) -> None:
        dark = self._dark()
        QIcon.setThemeName("adir-dark" if dark else "adir-light")
        palette = palette_of(DARK if dark else LIGHT)
        self._app.setPalette(palette)
        self._app.setStyleSheet(sheet(palette))

    def _dark(self) -> bool:
        if self._scheme != "system":
            return self._scheme == "dark"
        said = self._app.styleHints().colorScheme()
        return self._system_dark if said == Qt.ColorScheme.Unknown else said == Qt.ColorScheme.Dark
