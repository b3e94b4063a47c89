"""The tools below the photo: what the pointer does, its values, and how the photo is shown."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSlider, QToolButton, QWidget

from adir_desktop.ui.mask_options import ActionTable, MaskOptions, action_button
from adir_desktop.ui.requests import MASKED
from adir_desktop.ui.session import Session
from adir_desktop.ui.showing import Showing
from adir_desktop.ui.theme import GRID, icon, mark
from adir_desktop.ui.tools import LARGEST, SMALLEST, Tool, Tools

TICKS = 200  # of the size slider, spaced by ratio: small brushes need finer steps than large ones
SHAPES = ("rectangle", "lasso", "polygon", "similar")
VIEWS = ("slider", "side_by_side", "after")
MAPS = ("no_map", "agreement_map", "spread_map", "changes_map")


@dataclass(eq=False)
class _Group:
    """Buttons that come and go together. actions: what the menu offers in their place."""

    widget: QWidget
    actions: tuple[QAction, ...] = ()
    wanted: bool = True


class CanvasBar(QWidget):
    """Buttons of the window's actions, each where it is of use.

    In a narrow window whole groups give way, the least needed first; a menu takes their place.
    """

    def __init__(
        self,
        session: Session,
        tools: Tools,
        showing: Showing,
        actions: ActionTable,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("toolbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session, self._tools, self._showing, self._actions = session, tools, showing, actions
        self.options = MaskOptions(session, tools, actions, self)
        self.brush_size = self._slider(self.tr("Brush size"), self.tr("Brush size ([ and ], Ctrl + wheel)"))
        self.brush_size.setRange(0, TICKS)
        self.tolerance = self._slider(
            self.tr("Tolerance"), self.tr("How far a colour may differ to count as similar (0 to 255)")
        )
        self.tolerance.setRange(0, 255)
        self._size_text, self._tolerance_text, self._zoom_text = _number(), _number(), _number()
        self.compare = action_button(actions["compare"])
        self.open_options = _menu_button("mask_options", self.tr("More about the mask: feather, grow, files"))
        self.open_maps = _menu_button("maps", self.tr("Maps over the result"))
        self.more = _menu_button("more", self.tr("More tools"))
        self._groups: dict[str, _Group] = {}
        self._row = QHBoxLayout(self)
        self._lay_out()

    def watch(self) -> None:
        """Follows the tools, the task and what is shown."""
        for signal in (
            self._tools.changed,
            self._showing.changed,
            self._session.photo_changed,
            self._session.values_changed,
            self._session.result_changed,
        ):
            signal.connect(self._follow)
        self.options.watch()
        self.brush_size.valueChanged.connect(self._choose_size)
        self.tolerance.valueChanged.connect(self._choose_tolerance)
        self.open_options.clicked.connect(self._open_options)
        self._follow()

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """What gives way does not keep a window wide."""
        return QSize(40 * GRID, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: ARG002, N802  # Qt's name
        """Shows what there is room for."""
        self._arrange()

    def _lay_out(self) -> None:
        row = self._row
        row.setContentsMargins(2 * GRID, GRID // 2, 2 * GRID, GRID // 2)
        row.setSpacing(GRID)
        self._add("hand", "hand")
        self._add("brush", "brush", "eraser")
        self._add("shapes", *SHAPES)
        self._add("scratches", "scratches")
        self._add_widgets("size", self.brush_size, self._size_text)
        self._add_widgets("similar", self.tolerance, self._tolerance_text)
        self._add("history", "undo", "redo")
        self._add("whole", "invert", "clear")
        self._add_widgets("options", self.open_options)
        row.addStretch(1)
        self._add("views", *VIEWS)
        self._add_widgets("maps", self.open_maps, actions=tuple(self._actions[name] for name in MAPS))
        self._add_widgets("compare", self.compare, actions=(self._actions["compare"],))
        self._add_widgets("zoom", self._zoom_text)
        self._add("fit", "fit", "actual")
        self._add_widgets("more", self.more)
        for button, names in ((self.open_maps, MAPS), (self.more, ())):
            menu = QMenu(button)
            menu.addActions([self._actions[name] for name in names])
            button.setMenu(menu)
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def _add(self, group: str, *names: str) -> None:
        actions = tuple(self._actions[name] for name in names)
        self._add_widgets(group, *map(action_button, actions), actions=actions)

    def _add_widgets(self, group: str, *widgets: QWidget, actions: tuple[QAction, ...] = ()) -> None:
        whole = QWidget()
        inner = QHBoxLayout(whole)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(GRID // 4)
        for widget in widgets:
            inner.addWidget(widget)
        self._row.addWidget(whole)
        self._groups[group] = _Group(whole, actions)

    def _slider(self, name: str, hint: str) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setFixedWidth(10 * GRID)
        slider.setAccessibleName(name)
        slider.setToolTip(hint)
        return slider

    @Slot(int)
    def _choose_size(self, tick: int) -> None:
        """Only for a tick that stands for another size: most sizes lie between two ticks."""
        if tick != _tick(self._tools.brush):
            self._tools.set_brush(SMALLEST * (LARGEST / SMALLEST) ** (tick / TICKS))

    @Slot(int)
    def _choose_tolerance(self, tolerance: int) -> None:
        self._tools.set_selecting(tolerance, contiguous=self._tools.contiguous)

    @Slot()
    def _open_options(self) -> None:
        self.options.open_above(self.open_options)

    @Slot()
    def _follow(self) -> None:
        tools, restored = self._tools, self._session.restored
        with QSignalBlocker(self.brush_size), QSignalBlocker(self.tolerance):
            self.brush_size.setValue(_tick(tools.brush))
            self.tolerance.setValue(round(tools.tolerance))
        self._size_text.setText(self.tr("{0} px").format(round(tools.brush)))
        self._tolerance_text.setText(f"{tools.tolerance:.0f}")
        self._zoom_text.setText(f"{100 * self._showing.zoom:.0f} %")
        masked = self._session.values.task in MASKED
        brush = tools.tool in (Tool.BRUSH, Tool.ERASER)
        wanted = dict.fromkeys(("brush", "shapes", "scratches", "history", "whole", "options"), masked)
        wanted |= {"size": masked and brush, "similar": masked and tools.tool is Tool.SIMILAR}
        wanted |= dict.fromkeys(("views", "maps"), restored is not None and not tools.painting)
        wanted["compare"] = restored is not None and restored.baseline is not None and not tools.painting
        for name, on in wanted.items():
            self._groups[name].wanted = on
        self._arrange()

    def _arrange(self) -> None:
        """Hides groups, the least needed first, until the rest fits."""
        least_needed = (
            "zoom",
            "whole",
            "fit",
            "scratches",
            "maps",
            "compare",
            "shapes",
            "size",
            "views",
            "hand",
        )
        shown = {name for name, group in self._groups.items() if group.wanted and name != "more"}
        dropped: list[str] = []
        for name in least_needed:
            if self._width(shown) <= self.width():
                break
            if name in shown:
                shown -= {name}
                shown |= {"more"}
                dropped.append(name)
        for name, group in self._groups.items():
            group.widget.setVisible(name in shown)
        menu = self.more.menu()
        menu.clear()
        menu.addActions([action for name in dropped for action in self._groups[name].actions])

    def _width(self, names: set[str]) -> int:
        margins = self._row.contentsMargins()
        hints = [self._groups[name].widget.sizeHint().width() for name in names]
        return sum(hints) + self._row.spacing() * len(hints) + margins.left() + margins.right()


def _number() -> QLabel:
    label = QLabel()
    mark(label, "quiet", on=True)
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    label.setMinimumWidth(5 * GRID)
    return label


def _menu_button(icon_name: str, name: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(icon_name))
    button.setIconSize(QSize(20, 20))
    button.setFixedHeight(4 * GRID)
    button.setToolTip(name)
    button.setAccessibleName(name)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _tick(size: float) -> int:
    return round(TICKS * math.log(size / SMALLEST) / math.log(LARGEST / SMALLEST))
