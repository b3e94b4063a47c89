"""The similar photos below the canvas: which of them are used, and others to use instead."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QHideEvent,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QVBoxLayout, QWidget

from adir_desktop.contract import Neighbour
from adir_desktop.ui.forms import quiet
from adir_desktop.ui.gallery_filter import asks
from adir_desktop.ui.gallery_model import NeighbourModel, story
from adir_desktop.ui.gallery_search import GallerySearch
from adir_desktop.ui.gallery_tile import DropSign, Elided, NeighbourList
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.neighbour_view import NeighbourView, has_page, open_page, show_in_folder
from adir_desktop.ui.picture_files import local_files
from adir_desktop.ui.requests import leaving_out
from adir_desktop.ui.session import Session
from adir_desktop.ui.theme import GRID, mark

LOOKING = ("find", "references")  # jobs that bring neighbours
BUSY = (*LOOKING, "restore")  # while one of these runs, no search begins


class ItemMenu(QMenu):
    """What can be done with one similar photo."""

    toggle_wanted = Signal(object)  # the Neighbour, here and below
    like_wanted = Signal(object)
    large_wanted = Signal(object)
    without_wanted = Signal(object)
    leave_out_wanted = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setToolTipsVisible(True)
        self._item: Neighbour | None = None
        self.use = self._add(self.tr("Do not use"), "Space", self.toggle_wanted.emit)
        self.without = self._add(self.tr("Restore without this one"), "Del", self.without_wanted.emit)
        self.leave_out = self._add(self.tr("Leave out for good"), "", self.leave_out_wanted.emit)
        self.leave_out.setToolTip(
            self.tr("It is never found again, until Filter lets it back in (exclusion list)")
        )
        self.addSeparator()
        self.like = self._add(self.tr("More like this"), "Ctrl+Return", self.like_wanted.emit)
        self.large = self._add(self.tr("Open large"), "Return", self.large_wanted.emit)
        self.addSeparator()
        self.folder = self._add(self.tr("Show in folder"), "", show_in_folder)
        self.page = self._add(self.tr("Open its page"), "", open_page)

    def about(self, item: Neighbour, where: QPoint) -> None:
        """Opens for one photo."""
        self._item = item
        self.use.setText(self.tr("Do not use") if item.included else self.tr("Use"))
        self.leave_out.setVisible(bool(item.library))
        self.page.setVisible(has_page(item))
        self.page.setToolTip(item.page)
        self.popup(where)

    def _add(self, text: str, keys: str, do: Callable[[Neighbour], None]) -> QAction:
        """keys: those that the list itself understands; the menu only tells them."""

        def act() -> None:
            if self._item is not None:
                do(self._item)

        action = self.addAction(text)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(act)
        return action


class Gallery(QWidget):
    """One row of similar photos, more where there is room; there only when adapting to similar photos."""

    find_wanted = Signal()  # photos like the open one
    like_wanted = Signal(object)  # the Path of the photo that others should be like
    words_wanted = Signal(str)
    both_wanted = Signal(str)  # words together with the open photo
    references_wanted = Signal(object)  # a tuple of Paths
    references_file_wanted = Signal()
    restore_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gallery")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        self._session = session
        self._jobs: Jobs | None = None
        self.model = NeighbourModel(session, self)
        self.list = NeighbourList(self.model)
        self.search = GallerySearch(session)
        self.details = Elided()
        mark(self.details, "quiet", on=True)
        self.hint = quiet()
        self.menu = ItemMenu(self)
        self.large = NeighbourView(session, self)
        self._sign = DropSign(self)
        self._lay_out()
        self._connect()

    def watch(self, jobs: Jobs) -> None:
        """Follows what was found, and whether finding is possible."""
        self._jobs = jobs
        session = self._session
        session.found_changed.connect(self.model.follow)
        for signal in (
            session.found_changed,
            session.values_changed,
            session.photo_changed,
            session.engine_changed,
            jobs.changed,
        ):
            signal.connect(self._follow)
        self.large.watch(jobs)
        self.model.follow()
        self._follow()

    # Drops

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Photos of this computer are welcome; folders are for the window."""
        if self._session.picture is None or not dropped_photos(event):
            event.ignore()
            return
        event.acceptProposedAction()
        self._sign.setGeometry(self._drop_area())
        self._sign.show()
        self._sign.raise_()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Anywhere in it."""
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: ARG002
        self._sign.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Asks for them to be looked at."""
        self._sign.hide()
        event.acceptProposedAction()
        self.references_wanted.emit(dropped_photos(event))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The sign covers all but the margins."""
        super().resizeEvent(event)
        self._sign.setGeometry(self._drop_area())

    def hideEvent(self, event: QHideEvent) -> None:
        """What was opened from here goes too, unless the window is only minimised."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.large.close()
            self._sign.hide()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID // 2)
        column.setSpacing(GRID // 2)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addWidget(self.hint, 1)
        column.addWidget(self.details)
        self.hint.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.hint.setMinimumHeight(self.list.minimumHeight())  # so that the photo above does not move
        self.details.setMinimumHeight(self.details.fontMetrics().height())

    def _connect(self) -> None:
        search, tiles, menu = self.search, self.list, self.menu
        search.find_wanted.connect(self._find)
        search.words_wanted.connect(self.words_wanted)
        search.both_wanted.connect(self.both_wanted)
        search.references_file_wanted.connect(self.references_file_wanted)
        tiles.menu_wanted.connect(menu.about)
        tiles.current_changed.connect(self._tell_details)
        menu.toggle_wanted.connect(self._toggle)
        menu.leave_out_wanted.connect(self._leave_out)
        for source in (tiles, menu):
            source.large_wanted.connect(self.large.open)
            source.without_wanted.connect(self._restore_without)
            source.like_wanted.connect(self._find_like)
        self.large.like_wanted.connect(self._find_like)

    def _drop_area(self) -> QRect:
        return self.rect().adjusted(GRID, GRID // 2, -GRID, -GRID // 2)

    @Slot()
    def _find(self) -> None:
        self.search.words.clear()
        self.find_wanted.emit()

    @Slot(object)
    def _find_like(self, item: Neighbour) -> None:
        self.search.words.clear()
        self.like_wanted.emit(item.path)

    @Slot(object)
    def _toggle(self, item: Neighbour) -> None:
        self._session.include(item.id, included=not item.included)

    @Slot(object)
    def _leave_out(self, item: Neighbour) -> None:
        self._session.change(leaving_out(self._session.values, item.id))

    @Slot(object)
    def _restore_without(self, item: Neighbour) -> None:
        self._session.include(item.id, included=False)
        self.restore_wanted.emit()

    @Slot()
    def _follow(self) -> None:
        session = self._session
        looking = self._jobs is not None and self._jobs.has(*LOOKING)
        busy = self._jobs is not None and self._jobs.has(*BUSY)
        has_items = session.found is not None and bool(session.found.items)
        there, away = (self.list, self.hint) if has_items else (self.hint, self.list)
        away.hide()  # first: room for both would make the window higher
        there.show()
        self.hint.setText(self._hint())
        self.search.follow(looking=looking, busy=busy)
        self._tell_details()
        self.setVisible(session.picture is not None and session.values.adapt == "neighbours")

    def _hint(self) -> str:
        session = self._session
        if session.found is not None and asks(session.values.filters):
            return self.tr("No photo passes the filters. Asking for less under Filter may find more.")
        if session.found is not None:
            return self.tr("Nothing like that was found. Other words may find more.")
        if session.ready is not None and session.library is None:
            return self.tr(
                "No library is chosen yet. Add a folder of photos under Library, or drop photos here."
            )
        return self.tr(
            "The photos of your library most like this one will be shown here. Others can be dropped here."
        )

    @Slot()
    def _tell_details(self) -> None:
        item = self.list.current
        self.details.setText(" · ".join(story(item)) if item is not None else "")


def dropped_photos(event: QDropEvent) -> tuple[Path, ...]:
    """The files of this computer that are being dropped, without folders."""
    return tuple(path for path in local_files(event.mimeData()) if not path.is_dir())
