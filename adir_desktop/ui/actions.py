"""Every action of the window: its name, words, shortcut and icon; menus, toolbars and the sheet of
shortcuts are made of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from adir_desktop.ui.canvas import Canvas
from adir_desktop.ui.commands import Commands
from adir_desktop.ui.context import Context
from adir_desktop.ui.showing import Mode, Overlay
from adir_desktop.ui.theme import icon
from adir_desktop.ui.tools import Tool
from adir_desktop.ui.windows import Windows

TOOLS = tuple(tool.value for tool in Tool)
MODES = {"slider": Mode.SLIDER, "side_by_side": Mode.SIDE_BY_SIDE, "after": Mode.AFTER}
OVERLAYS = {
    "no_map": Overlay.NONE,
    "agreement_map": Overlay.AGREEMENT,
    "spread_map": Overlay.SPREAD,
    "changes_map": Overlay.CHANGES,
}


@dataclass(frozen=True)
class Row:
    """One action of the table. shortcuts: the first is shown in menus and tooltips."""

    name: str
    title: str
    shortcuts: tuple[str, ...]
    icon: str
    run: Callable[[], object]


class Actions(QObject):
    """The actions by name."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._actions: dict[str, QAction] = {}
        self._groups: list[QActionGroup] = []

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def fill(self, context: Context, commands: Commands, canvas: Canvas, windows: Windows) -> None:
        """Makes them all."""
        for group_words, rows in (
            (self.tr("File"), self._file_rows(commands)),
            (self.tr("Edit"), self._edit_rows(context, commands)),
            (self.tr("Tools"), self._tool_rows(context)),
            (self.tr("View"), self._view_rows(context, canvas)),
            (self.tr("Restoring"), self._photo_rows(commands)),
            (self.tr("Libraries and help"), self._window_rows(commands, windows)),
        ):
            self._add(group_words, rows)
        for names in (TOOLS, tuple(MODES), tuple(OVERLAYS)):
            group = QActionGroup(self)
            for name in names:
                self._actions[name].setCheckable(True)
                group.addAction(self._actions[name])
            self._groups.append(group)
        for name in ("compare", "hide_mask"):
            self._actions[name].setCheckable(True)

    def sheet(self) -> tuple[tuple[str, str, str], ...]:
        """(group, title, keys) of every action that has a shortcut."""
        rows: list[tuple[str, str, str]] = []
        for action in self._actions.values():
            if action.shortcut().isEmpty():
                continue
            keys = ", ".join(
                one.toString(QKeySequence.SequenceFormat.NativeText) for one in action.shortcuts()
            )
            rows.append((str(action.property("group")), _plain(action.text()), keys))
        return tuple(rows)

    def _file_rows(self, commands: Commands) -> tuple[Row, ...]:
        photos, results = commands.photos, commands.results
        return (
            Row("open", self.tr("&Open a photo …"), ("Ctrl+O",), "photo", photos.choose),
            Row("paste", self.tr("Open from the clip&board"), ("Ctrl+V",), "", photos.paste),
            Row("batch", self.tr("Restore a &folder …"), (), "folder", commands.runs.choose_batch),
            Row("save", self.tr("&Save image …"), ("Ctrl+S",), "save", results.save),
            Row("save_preset", self.tr("Save &preset …"), ("Ctrl+Shift+S",), "", results.save_preset),
            Row("keep_preset", self.tr("&Keep preset for other photos"), (), "", commands.store.keep_preset),
            Row("bring_back", self.tr("Brin&g back the last session"), (), "", commands.sessions.bring_back),
            Row("close", self.tr("&Close the photo"), ("Ctrl+W",), "", photos.close_current),
            Row("quit", self.tr("&Quit"), ("Ctrl+Q",), "", self._window.close),
        )

    def _edit_rows(self, context: Context, commands: Commands) -> tuple[Row, ...]:
        masks = commands.masks

        def on_mask(name: str) -> Callable[[], object]:
            return lambda: getattr(context.session.mask, name)() if context.session.mask else None

        return (
            Row("undo", self.tr("&Undo"), ("Ctrl+Z",), "undo", on_mask("undo")),
            Row("redo", self.tr("Re&do"), ("Ctrl+Shift+Z", "Ctrl+Y"), "redo", on_mask("redo")),
            Row("copy", self.tr("&Copy picture"), ("Ctrl+C",), "", commands.photos.copy),
            Row("clear", self.tr("Clear the mas&k"), ("Ctrl+Backspace",), "clear", on_mask("clear")),
            Row("invert", self.tr("&Invert the mask"), ("X",), "invert", on_mask("invert")),
            Row("grow", self.tr("&Grow the mask"), ("G",), "grow", masks.grow),
            Row("shrink", self.tr("Shri&nk the mask"), ("Shift+G",), "shrink", masks.shrink),
            Row("scratches", self.tr("&Find scratches"), ("F",), "scratches", masks.find_scratches),
            Row("load_mask", self.tr("L&oad a mask …"), (), "load_mask", masks.load),
            Row("save_mask", self.tr("Sa&ve the mask …"), (), "save_mask", masks.save),
        )

    def _tool_rows(self, context: Context) -> tuple[Row, ...]:
        tools = context.tools
        words = {
            Tool.HAND: (self.tr("&Hand"), "H"),
            Tool.BRUSH: (self.tr("&Brush"), "B"),
            Tool.ERASER: (self.tr("&Eraser"), "E"),
            Tool.RECTANGLE: (self.tr("&Rectangle"), "M"),
            Tool.LASSO: (self.tr("&Lasso"), "L"),
            Tool.POLYGON: (self.tr("&Polygon"), "P"),
            Tool.SIMILAR: (self.tr("&Similar colours"), "W"),
        }
        rows = [
            Row(tool.value, title, (key,), tool.value, partial(tools.choose, tool))
            for tool, (title, key) in words.items()
        ]
        return (
            *rows,
            Row("smaller", self.tr("S&maller brush"), ("[", ","), "", tools.smaller),
            Row("larger", self.tr("L&arger brush"), ("]", "."), "", tools.larger),
            Row("hide_mask", self.tr("Hide &the mask"), ("T",), "", tools.toggle_overlay),
        )

    def _view_rows(self, context: Context, canvas: Canvas) -> tuple[Row, ...]:
        showing = context.showing
        modes = {
            "slider": (self.tr("&Slider"), "Ctrl+1"),
            "side_by_side": (self.tr("Side &by side"), "Ctrl+2"),
            "after": (self.tr("&Result alone"), "Ctrl+3"),
        }
        maps = {
            "no_map": (self.tr("&No map"), "Ctrl+4"),
            "agreement_map": (self.tr("Map: &agreement with the photo"), "Ctrl+5"),
            "spread_map": (self.tr("Map: how s&ure it is"), "Ctrl+6"),
            "changes_map": (self.tr("Map: what chan&ged"), "Ctrl+7"),
        }
        return (
            Row("fit", self.tr("&Whole photo"), ("0",), "fit", canvas.fit),
            Row("actual", self.tr("&100 %"), ("1",), "actual", canvas.actual_size),
            Row("zoom_in", self.tr("Zoom &in"), ("Ctrl++", "Ctrl+="), "", canvas.zoom_in),
            Row("zoom_out", self.tr("Zoom &out"), ("Ctrl+-",), "", canvas.zoom_out),
            Row(
                "compare",
                self.tr("&Compare without adapting"),
                ("C",),
                "compare",
                lambda: showing.compare_baseline(self._actions["compare"].isChecked()),
            ),
            *(
                Row(name, *_with_keys(words), name, partial(showing.choose_mode, MODES[name]))
                for name, words in modes.items()
            ),
            *(
                Row(name, *_with_keys(words), "", partial(showing.choose_overlay, OVERLAYS[name]))
                for name, words in maps.items()
            ),
        )

    def _photo_rows(self, commands: Commands) -> tuple[Row, ...]:
        runs = commands.runs
        return (
            Row("restore", self.tr("&Restore"), ("Ctrl+Return", "Ctrl+Enter"), "", runs.restore),
            Row("queue", self.tr("Add to the &queue"), ("Ctrl+Shift+Return",), "", runs.queue),
            Row("again", self.tr("A&gain with another seed"), ("Ctrl+R",), "dice", runs.again),
            Row("helped", self.tr("Did adapting &help?"), (), "", commands.store.ask_if_it_helped),
            Row("pause", self.tr("&Pause or go on"), ("Ctrl+P",), "", runs.pause),
            Row("stop", self.tr("S&top"), ("Esc",), "", runs.stop),
            Row("next", self.tr("&Next photo"), ("Ctrl+Tab",), "", partial(commands.photos.step, 1)),
            Row(
                "previous",
                self.tr("Pre&vious photo"),
                ("Ctrl+Shift+Tab",),
                "",
                partial(commands.photos.step, -1),
            ),
        )

    def _window_rows(self, commands: Commands, windows: Windows) -> tuple[Row, ...]:
        libraries = commands.libraries
        return (
            Row("find", self.tr("&Find similar photos"), ("Ctrl+F",), "search", libraries.find),
            Row("add_folder", self.tr("&Add a folder …"), (), "folder", libraries.add_folder),
            Row("open_library", self.tr("&Open a library …"), (), "", libraries.open_library),
            Row("update", self.tr("&Look for new photos"), (), "", libraries.update_chosen),
            Row("libraries", self.tr("L&ibraries …"), ("Ctrl+L",), "", windows.libraries),
            Row("presets", self.tr("&Presets …"), ("Ctrl+Shift+P",), "", windows.presets),
            Row("models", self.tr("&Models on this computer …"), (), "", windows.models),
            Row("release", self.tr("&Release models from memory"), (), "", commands.store.models.release),
            Row("settings", self.tr("Se&ttings …"), ("Ctrl+,",), "", windows.settings),
            Row("shortcuts", self.tr("&Shortcuts"), ("F1",), "", windows.shortcuts),
            Row("diagnostics", self.tr("Collect &diagnostics …"), (), "", commands.store.collect_diagnostics),
            Row("about", self.tr("&About ADIR Desktop"), (), "", windows.about),
        )

    def _add(self, group: str, rows: tuple[Row, ...]) -> None:
        for row in rows:
            action = QAction(row.title, self)
            action.setProperty("group", group)
            if row.icon:
                action.setIcon(icon(row.icon))
            action.setShortcuts([QKeySequence(one) for one in row.shortcuts])
            plain = _plain(row.title)
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{plain} ({keys})" if keys else plain)
            action.triggered.connect(partial(_call, row.run))
            self._window.addAction(action)
            self._actions[row.name] = action


def _with_keys(words: tuple[str, str]) -> tuple[str, tuple[str, ...]]:
    return words[0], (words[1],)


def _plain(title: str) -> str:
    return title.replace("&", "").removesuffix(" …")


def _call(what: Callable[[], object], *_checked: bool) -> None:
    """Qt tells a slot whether the action is checked, if the slot would listen."""
    what()
