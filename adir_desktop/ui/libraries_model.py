"""The libraries as a table, one of them perhaps being indexed, and the files that could not be read."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QDateTime,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)

from adir_desktop.contract import Event, LibraryInfo, Progress, Source
from adir_desktop.ui import words
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.session import Session

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
INDEX, REMOVE = "index", "remove"  # kinds of jobs
WEIGHTS = (0.1, 10.0)
TRADITIONAL = QLocale.DataSizeFormat.DataSizeTraditionalFormat  # "45.8 MB"
SHARE = Role.UserRole  # of a running job, 0 to 1, below 0 while unknown; None in rows that are at rest
MOST_FAILED = 10_000  # files that could not be read and are listed; there may be as many as photos
NEW = LibraryInfo("", (), "", 0, 0, "")  # the row of a folder whose library is only being made


class Column(IntEnum):
    """What the table tells of a library. The first column also says whether it is adapted to."""

    NAME = 0
    PHOTOS = 1
    SIZE = 2
    UPDATED = 3
    FAILED = 4
    WEIGHT = 5
    ENCODER = 6
    FOLDERS = 7


NUMBERS = frozenset({Column.PHOTOS, Column.SIZE, Column.FAILED, Column.WEIGHT})


class LibrariesModel(QAbstractTableModel):
    """The session's libraries. Checking one uses it for adapting; its weight can be edited then."""

    running_changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs: Jobs | None = None
        self._rows: tuple[LibraryInfo, ...] = ()
        self._expected = ""
        self._progress: Progress | None = None
        self._removing: frozenset[str] = frozenset()

    def watch(self, jobs: Jobs) -> None:
        """Follows the libraries, which of them are used, and what the jobs do to them."""
        self._jobs = jobs
        self._session.engine_changed.connect(self._follow)
        self._session.values_changed.connect(self._refresh)
        jobs.happened.connect(self._hear)
        jobs.changed.connect(self._follow_jobs)
        self._follow()

    @property
    def running(self) -> bool:
        """A library is being made or brought up to date."""
        return self._jobs is not None and self._jobs.has(INDEX)

    @Slot(str)
    def expect(self, name: str) -> None:
        """The next indexing job will be of this library; "" for a new one."""
        self._expected = name
        self._follow()

    @Slot(str)
    def expect_removal(self, name: str) -> None:
        """Of this library, which is shown at once."""
        self._removing |= {name}
        self._refresh()

    def library(self, row: int) -> LibraryInfo | None:
        """The library of a row; None for the row of one that is being made, and for no row."""
        known = 0 <= row < len(self._rows) and self._rows[row] is not NEW
        return self._rows[row] if known else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Role.ToolTipRole and section == Column.WEIGHT:
            return self.tr("How much it counts against the other libraries (sampling weight)")
        if role == Role.ToolTipRole and section == Column.ENCODER:
            return self.tr("What compares its photos; libraries that are searched together have the same one")
        if role != Role.DisplayRole:
            return None
        return {
            Column.NAME: self.tr("Library"),
            Column.PHOTOS: self.tr("Photos"),
            Column.SIZE: self.tr("On disk"),
            Column.UPDATED: self.tr("Last update"),
            Column.FAILED: self.tr("Not readable"),
            Column.WEIGHT: self.tr("Weight"),
            Column.ENCODER: self.tr("Encoder"),
            Column.FOLDERS: self.tr("Folders"),
        }[Column(section)]

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Names can be checked, the weights of checked ones edited."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        library = self.library(index.row())
        if library is None:
            return flags
        if index.column() == Column.NAME:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        if index.column() == Column.WEIGHT and self._source(library.name) is not None:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        """Words and numbers as a person says them; the check mark; a running job's share."""
        library, column = self._rows[index.row()], Column(index.column())
        if role in (Role.DisplayRole, Role.AccessibleTextRole):
            return self._text(library, column)
        if role == Role.ToolTipRole:
            return _hint(library, column)
        if role == Role.TextAlignmentRole and column in NUMBERS:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return self._state_of(library, column, role)

    def _state_of(self, library: LibraryInfo, column: Column, role: int) -> object:
        """Its check mark, its weight as a number, the share of its job."""
        if role == Role.CheckStateRole and column == Column.NAME and library is not NEW:
            used = self._source(library.name) is not None
            return Qt.CheckState.Checked if used else Qt.CheckState.Unchecked
        if role == Role.EditRole and column == Column.WEIGHT:
            source = self._source(library.name)
            return source.weight if source else None
        if role == SHARE and column == Column.UPDATED and self._is_running(library):
            return self._share()
        return None

    def setData(self, index: Index, value: object, role: int = Role.EditRole) -> bool:
        """Whether a library is used, and its weight."""
        library, values = self.library(index.row()), self._session.values
        if library is None:
            return False
        others = tuple(source for source in values.sources if source.library != library.name)
        if role == Role.CheckStateRole and index.column() == Column.NAME:
            used = Qt.CheckState(value) == Qt.CheckState.Checked
            sources = (*others, Source(library.name)) if used else others
        elif role == Role.EditRole and index.column() == Column.WEIGHT and isinstance(value, float):
            weight = round(min(max(value, WEIGHTS[0]), WEIGHTS[1]), 2)
            sources = tuple(
                replace(source, weight=weight) if source.library == library.name else source
                for source in values.sources
            )
        else:
            return False
        self._session.change(replace(values, sources=sources))
        return True

    def _source(self, name: str) -> Source | None:
        return next((source for source in self._session.values.sources if source.library == name), None)

    def _is_running(self, library: LibraryInfo) -> bool:
        return self.running and library.name == (self._expected if self._expected_known() else "")

    def _expected_known(self) -> bool:
        return any(library.name == self._expected for library in self._session.libraries)

    def _share(self) -> float:
        if self._progress is None or not self._progress.total:
            return -1.0
        return self._progress.done / self._progress.total

    def _text(self, library: LibraryInfo, column: Column) -> str:
        if column == Column.UPDATED:
            return self._state(library)
        if library is NEW:
            return self.tr("New library") if column == Column.NAME else ""
        if column == Column.WEIGHT:
            source = self._source(library.name)
            return QLocale().toString(source.weight, "g", 3) if source else "–"
        if column == Column.FAILED:
            return words.count(len(library.failed)) if library.failed and not problem(library) else ""
        return {
            Column.NAME: library.name,
            Column.PHOTOS: words.count(library.photos),
            Column.SIZE: words.bytes(library.bytes_on_disk),
            Column.ENCODER: library.encoder.partition("@")[0],
            Column.FOLDERS: ", ".join(str(folder) for folder in library.folders),
        }[column]

    def _state(self, library: LibraryInfo) -> str:
        if library.name in self._removing:
            return self.tr("Removing …")
        if problem(library) and not self._is_running(library):
            return self.tr("Cannot be opened")
        if not self._is_running(library):
            return ago(library.updated, datetime.now(UTC)) if library is not NEW else ""
        if self._progress is None or not self._progress.total:
            return self.tr("Looking through the folders …")
        done, total = words.count(self._progress.done), words.count(self._progress.total)
        return self.tr("{0} of {1} photos").format(done, total)

    @Slot()
    def _follow(self) -> None:
        """Other libraries, or a row more for the one that is being made."""
        libraries = self._session.libraries
        rows = (*libraries, NEW) if self.running and not self._expected_known() else libraries
        if [row.name for row in rows] != [row.name for row in self._rows]:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
        else:
            self._rows = rows
            self._refresh()
        self.running_changed.emit()

    @Slot()
    def _refresh(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(Column) - 1))

    @Slot(object)
    def _hear(self, event: Event) -> None:
        if isinstance(event, Progress) and event.stage == INDEX:
            self._progress = event
            self._refresh()

    @Slot()
    def _follow_jobs(self) -> None:
        if not self.running:
            self._expected, self._progress = "", None
        if self._jobs is not None and not self._jobs.has(REMOVE):
            self._removing = frozenset()
        self._follow()


class FailedModel(QAbstractTableModel):
    """The files of one library that could not be read, and why; the first `MOST_FAILED` of them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[Path, str], ...] = ()

    def show(self, failed: tuple[tuple[Path, str], ...]) -> None:
        """Other files."""
        rows = failed[:MOST_FAILED]
        if rows != self._rows:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 2

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return (self.tr("File"), self.tr("Why it could not be read"))[section]
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        """The name, with the whole path as the tooltip; the reason."""
        path, reason = self._rows[index.row()]
        if role == Role.ToolTipRole:
            return f"{path}\n{reason}"
        if role in (Role.DisplayRole, Role.AccessibleTextRole):
            return (path.name, reason)[index.column()]
        return None

    def text(self, rows: list[int]) -> str:
        """What is copied: a file a line, with its path."""
        return "\n".join(f"{path}: {reason}" for path, reason in (self._rows[row] for row in rows))


def problem(library: LibraryInfo) -> str:
    """Why it cannot be used; "" of one that can."""
    return library.failed[0][1] if library.failed and not library.encoder else ""


def _hint(library: LibraryInfo, column: Column) -> str | None:
    """What there is no room for in a cell."""
    return {
        Column.NAME: str(library.elsewhere or "") or None,
        Column.UPDATED: problem(library) or None,
        Column.ENCODER: library.encoder or None,
        Column.FOLDERS: "\n".join(map(str, library.folders)),
    }.get(column)


def ago(when: str, now: datetime) -> str:
    """An ISO time as a person says it: "5 minutes ago", "yesterday", a date; "" becomes "never"."""
    translate = QCoreApplication.translate
    try:
        past = datetime.fromisoformat(when)
    except ValueError:
        return translate("libraries", "never")
    past = past if past.tzinfo else past.replace(tzinfo=UTC)
    minutes = int((now - past).total_seconds() / 60)
    days = (now.astimezone().date() - past.astimezone().date()).days
    if minutes < 60 or days <= 0:
        return _today(minutes)
    if days == 1:
        return translate("libraries", "yesterday")
    if days < 14:
        return translate("libraries", "{0} days ago").format(days)
    moment = QDateTime.fromSecsSinceEpoch(int(past.timestamp()))
    return QLocale().toString(moment.date(), QLocale.FormatType.LongFormat)


def _today(minutes: int) -> str:
    translate = QCoreApplication.translate
    if minutes < 2:
        return translate("libraries", "just now")
    if minutes < 60:
        return translate("libraries", "{0} minutes ago").format(minutes)
    if minutes < 120:
        return translate("libraries", "an hour ago")
    return translate("libraries", "{0} hours ago").format(minutes // 60)
