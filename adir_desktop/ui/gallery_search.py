"""The line above the similar photos: what is shown, a search by words, and what concerns all of them."""

# ruff: noqa: N802  # methods that Qt calls have Qt's names

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from adir_desktop.contract import NeighbourSet
from adir_desktop.ui.forms import push_button, tool_button
from adir_desktop.ui.gallery_filter import FilterButton
from adir_desktop.ui.gallery_model import asked_by_photo, sources_of, words_beside
from adir_desktop.ui.gallery_tile import Elided
from adir_desktop.ui.session import Session
from adir_desktop.ui.theme import GRID, icon, mark

WIDE = 90 * GRID  # from here on the buttons have words
NARROWEST = 64 * GRID
FIELD = 12 * GRID  # the least width of the search field; where there is room it is twice as wide


class GallerySearch(QWidget):
    """Title, count, words to search for, and buttons."""

    find_wanted = Signal()
    words_wanted = Signal(str)
    both_wanted = Signal(str)  # words together with the open photo
    references_file_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.title, self.origin, self.count = Elided(), Elided(), QLabel()
        mark(self.title, "heading", on=True)
        for label in (self.origin, self.count):
            mark(label, "quiet", on=True)
        self.words = QLineEdit()
        self.with_photo = tool_button("", "photo", checkable=True)
        self.filter = FilterButton(session)
        self.find_button = push_button("", icon_name="search")
        self.add_button = push_button("", icon_name="folder")
        self.all_on, self.all_off = tool_button(self.tr("All")), tool_button(self.tr("None"))
        self._name_parts()
        self._name_words()
        self._lay_out()
        self.with_photo.toggled.connect(self._name_words)
        self.words.returnPressed.connect(self._search)
        self.find_button.clicked.connect(self.find_wanted)
        self.add_button.clicked.connect(self.references_file_wanted)
        self.all_on.clicked.connect(self._all_on)
        self.all_off.clicked.connect(self._all_off)

    def follow(self, *, looking: bool, busy: bool) -> None:
        """Shows what the session found. looking: a search is under way; busy: none can begin."""
        session, found = self._session, self._session.found
        ready = session.picture is not None and session.library is not None and not busy
        self.find_button.setEnabled(ready)
        self.words.setEnabled(ready)
        self.with_photo.setEnabled(ready)
        self.add_button.setEnabled(session.picture is not None)
        for button in (self.all_on, self.all_off):
            button.setVisible(found is not None and bool(found.items))
        self.title.setText(self._title(found))
        self._tell_count(found, looking=looking)
        self._label_buttons()
        self.filter.follow()

    def minimumSizeHint(self) -> QSize:
        """The words on the buttons ask for no room: they give way."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), NARROWEST), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the buttons have no words and stand closer, so that the title has room."""
        super().resizeEvent(event)
        self._label_buttons()

    def _label_buttons(self) -> None:
        found, wide = self._session.found, self.width() >= WIDE
        again = found is not None and not self._by_photo(found)
        find = self.tr("Similar to the photo") if again else self.tr("Find")
        for button, text in ((self.find_button, find), (self.add_button, self.tr("Add photos …"))):
            button.setText(text if wide else "")
            button.setStyleSheet("" if wide else "padding: 6px 8px")
            button.setAccessibleName(text)
        self._row.setSpacing(GRID if wide else GRID // 2)
        self.words.setMaximumWidth(2 * FIELD if wide else FIELD + 3 * GRID)

    def _name_parts(self) -> None:
        self.words.setAccessibleName(self.tr("Search the libraries by words"))
        self.with_photo.setAccessibleName(self.tr("With the photo"))
        self.with_photo.setToolTip(
            self.tr("With the photo: finds photos like this one that also show the words (sum of embeddings)")
        )
        self.words.setClearButtonEnabled(True)
        self.words.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.find_button.setToolTip(
            self.tr("Finds the similar photos now; restoring finds them by itself (nearest neighbours)")
        )
        self.add_button.setToolTip(
            self.tr("Adapts to photos of your own choice too; they can also be dropped here (references)")
        )
        self.all_on.setToolTip(self.tr("Switch all on"))
        self.all_off.setToolTip(self.tr("Switch all off"))

    def _lay_out(self) -> None:
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.origin.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # what is left
        self.words.setMinimumWidth(FIELD)
        row.addWidget(self.title)
        row.addWidget(self.origin, 1)
        row.addWidget(self.count)
        fields = self.words, self.with_photo, self.filter
        for part in (self.all_on, self.all_off, *fields, self.find_button, self.add_button):
            row.addWidget(part)

    def _title(self, found: NeighbourSet | None) -> str:
        if found is None or self._by_photo(found):
            return self.tr("Similar photos")
        beside = words_beside(found, self._session.picture.photo) if self._session.picture else ""
        if beside:
            return self.tr("Photos like this one, but “{0}”").format(beside)
        like = Path(found.query)
        words = self.tr("Photos like {0}") if like.is_absolute() else self.tr("Photos for “{0}”")
        shown = like.name if like.is_absolute() else found.query
        return words.format(shown)

    def _tell_count(self, found: NeighbourSet | None, *, looking: bool) -> None:
        """Where they are from, and how many are on; only the former gives way where there is no room."""
        some = found is not None and bool(found.items) and not looking
        self.origin.setText(self.tr("from {0}").format(sources_of(found)) if found and some else "")
        self.count.setText(self.tr("Looking …") if looking else "")
        if found and some:
            words = self.tr("{0} of {1} on")
            self.count.setText(words.format(len(found.included), len(found.items)))

    def _by_photo(self, found: NeighbourSet) -> bool:
        picture = self._session.picture
        return picture is None or asked_by_photo(found, picture.photo)

    @Slot()
    def _name_words(self) -> None:
        """What the words will be searched together with."""
        both = self.with_photo.isChecked()
        self.words.setPlaceholderText(self.tr("But with …") if both else self.tr("Search by words …"))
        hint = self.tr("Says what the photos should show, then Enter (text search)")
        if both:
            hint = self.tr("This photo, but as the words say, such as: at night; then Enter")
        self.words.setToolTip(hint)

    @Slot()
    def _search(self) -> None:
        words = self.words.text().strip()
        if words:
            (self.both_wanted if self.with_photo.isChecked() else self.words_wanted).emit(words)

    @Slot()
    def _all_on(self) -> None:
        self._session.include_all(included=True)

    @Slot()
    def _all_off(self) -> None:
        self._session.include_all(included=False)
