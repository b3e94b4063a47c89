"""The photos of libraries that are most like a query: ADIR's neighbours (Section 4.1, eq. 19).

Several libraries are searched as one. A photo's distance is its angle to the query divided by the weight
of its library, so that weight 2 makes a library's photos count as if they were half as far away.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from adir_desktop.contract import Event, Neighbour, NeighbourSet, Notice, Photo, Source
from adir_desktop.engine import library as libraries
from adir_desktop.engine import query as queries
from adir_desktop.engine import shelf, vector_index, words_search
from adir_desktop.engine.catalogue import Catalogue, StoredPhoto
from adir_desktop.engine.encoder import STARTER, Encoder
from adir_desktop.engine.filtering import checked
from adir_desktop.engine.indexing import open_encoder
from adir_desktop.engine.pace import Pace
from adir_desktop.engine.photos import open_photo
from adir_desktop.engine.query import Near
from adir_desktop.engine.ranking import Ranked, angle, cosine, rank
from adir_desktop.engine.vector_index import Searcher
from adir_desktop.errors import LibraryError, ModelError, RequestError
from adir_desktop.files import sha256_file
from adir_desktop.searches import Filters, Search

CHUNK = 256  # photos with the words in their names that are read at a time

Query = Photo | str | Path | Search


@dataclass(frozen=True, eq=False)
class _Library:
    """One of the libraries to search, open. photos: how many it has."""

    source: Source
    catalogue: Catalogue
    photos: int
    index: Searcher


@dataclass(frozen=True, eq=False)
class _Asked:
    """What is searched for. vector: None for words that the encoder does not know. own: the query's file."""

    vector: NDArray[np.float32] | None
    words: str = ""
    own: Path | None = None
    own_sha256: str = ""

    def means(self, photo: StoredPhoto) -> bool:
        """True for the photo that was asked about, wherever its content lies."""
        return self.own is not None and (photo.sha256 == self.own_sha256 or str(self.own) in photo.paths)


@dataclass(frozen=True, eq=False)
class _Candidate:
    """A photo that may be an answer. named: its name holds the words that were asked for."""

    similarity: float
    photo: StoredPhoto
    path: Path
    source: Source
    named: bool = False

    @property
    def order(self) -> tuple[bool, float, float, tuple[str, ...]]:
        distance = math.acos(self.similarity) / self.source.weight
        return not self.named, distance, -self.similarity, self.photo.paths


def find(
    query: Query, sources: Sequence[Source] | str, k: int, filters: Filters | None = None
) -> Generator[Event, None, NeighbourSet]:
    """The `k` photos of some libraries nearest to a photo, to a photo's file, or to words, nearest first.

    query: a photo as it is; a file is left out of its own answer ("more like this"); with words, photos that have
    them in their names come first; a `Search` knows of the photo's damage, or adds words to it. sources: libraries with their
    weights, by name or folder, or one name. filters: what answers must be. Equal distances are ordered by path, equal files are one
    photo, and photos whose files are gone are left out.

    Raises:
        LibraryError: there is no such library; all are empty; one is damaged, or of another encoder
            than the others.
        RequestError: k is below 1, there are no words, a weight is not above 0, or a filter asks for nonsense.
        PhotoError: the query's file cannot be opened.
        ModelError: the encoder is not on this machine.
    """
    _check(query, k)
    asking = None if filters in (None, Filters()) else checked(filters)
    pace = Pace("retrieve", 1)
    yield pace.at(0)
    with ExitStack() as stack:
        opened = yield from _opened(_as_sources(sources), stack)
        names = [each.source.library for each in opened]
        total = sum(each.photos for each in opened)
        if k > total:
            yield Notice(f"{_title(names)} {total} photos, not {k}; all of them are taken.")
        encoder = _shared_encoder(opened)
        asked = yield from _asked(query, encoder, partial(_thumbnails, opened))
        found: list[_Candidate] = []
        for each in opened:
            found += yield from _from_library(each, asked, k, asking)
    merged = _merged(found, k)
    if not merged and asking is not None:
        yield Notice(f"{_title(names)} no photo that passes the filters.", "Ask for less.")
    elif not merged and asked.vector is not None:
        raise LibraryError(f"{_title(names)} no other photo that is still there.", "Update the library.")
    if asked.words:
        yield from _about_words(merged, encoder, asked)
    yield pace.at(1)
    return NeighbourSet(", ".join(names), encoder.id, _words(query), _neighbours(merged, asked))


def _check(query: Query, k: int) -> None:
    if k < 1:
        raise RequestError(f"{k} neighbours cannot be found.", "Ask for at least 1.")
    words = query.words if isinstance(query, Search) and query.photo is None else query
    if isinstance(words, str) and not words.strip():
        raise RequestError("The words to search for are empty.", "Say what the photos should show.")


def _as_sources(sources: Sequence[Source] | str) -> tuple[Source, ...]:
    """Sources by the libraries' own names, each library once, as first given."""
    given = (Source(sources),) if isinstance(sources, str) else tuple(sources)
    if not given:
        raise LibraryError("No photo library was chosen.", "Add a folder of photos as a library.")
    named: dict[str, Source] = {}
    for source in given:
        if not (math.isfinite(source.weight) and source.weight > 0):
            raise RequestError(f"A weight of {source.weight} cannot be used.", "Give a number above 0.")
        name = libraries.resolve(source.library)
        if not shelf.is_library(name):
            raise LibraryError(
                f"The folder {source.library} is not indexed yet.", "Add it as a photo library first."
            )
        named.setdefault(name, Source(name, source.weight))
    return tuple(named.values())


def _opened(sources: Sequence[Source], stack: ExitStack) -> Generator[Event, None, list[_Library]]:
    """The libraries that have photos; the stack closes them."""
    found: list[_Library] = []
    for source in sources:
        catalogue = stack.enter_context(closing(Catalogue(shelf.home_of(source.library))))
        photos = catalogue.photos()
        if photos:
            index = yield from vector_index.opened(catalogue)
            found.append(_Library(source, catalogue, photos, index))
        elif len(sources) > 1:
            yield Notice(f"The library '{source.library}' is empty and was passed over.")
    if not found:
        raise LibraryError(
            f"{_title([source.library for source in sources])} no photos: it is empty.",
            "Put photos into its folders and update it.",
        )
    return found


def _shared_encoder(opened: Sequence[_Library]) -> Encoder:
    """The encoder of all the libraries: angles of two encoders cannot be compared."""
    made_with = {each.source.library: _made_with(each.catalogue) for each in opened}
    if len(set(made_with.values())) > 1:
        listed = ", ".join(f"'{name}' with {encoder}" for name, (encoder, _) in made_with.items())
        raise LibraryError(
            f"The libraries were indexed with different encoders ({listed}).",
            "Search them one at a time, or index one of them anew with the encoder of the other.",
        )
    return open_encoder(opened[0].catalogue)


def _made_with(catalogue: Catalogue) -> tuple[str, str]:
    meta = catalogue.meta()
    return meta.get("encoder", ""), meta.get("preprocessing", "")


def _asked(query: Query, encoder: Encoder, near: Near) -> Generator[Event, None, _Asked]:
    if isinstance(query, Path):
        vector = queries.of(Search(open_photo(query)), encoder)
        return _Asked(vector, own=query.resolve(), own_sha256=sha256_file(query))
    search = _as_search(query)
    named = "" if search.photo is not None else search.words  # beside a photo they say what it should show
    try:
        return _Asked(queries.of(search, encoder, near), named)
    except ModelError as error:
        if search.photo is not None:
            raise
        yield Notice(
            f"Only names of files and folders, authors and licences were searched: {error.problem}",
            "To search what photos show, index their folder with an encoder that knows words.",
        )
        return _Asked(None, named)


def _as_search(query: Photo | str | Search) -> Search:
    if isinstance(query, Search):
        return query
    return Search(query) if isinstance(query, Photo) else Search(words=query)


def _thumbnails(opened: Sequence[_Library], vector: NDArray[np.float32], count: int) -> list[bytes]:
    """Of the photos nearest to a vector, whether their files are still there or not."""
    ranked = [pair for each in opened for pair in rank(each.catalogue, each.index, vector, count)]
    ranked.sort(key=lambda pair: (-pair[0], pair[1].paths))
    return [photo.thumbnail for _, photo in ranked[:count]]


def _from_library(
    each: _Library, asked: _Asked, k: int, filters: Filters | None
) -> Generator[Event, None, list[_Candidate]]:
    """The best of one library, at least `k` of them as far as it has so many."""
    found: list[_Candidate] = []
    gone = 0
    if asked.words:
        keys = yield from words_search.matching(each.catalogue, asked.words)
        keys = keys if filters is None else each.catalogue.passing(filters, keys)
        named, gone = _named(each, asked, keys, k)
        found += named
    if asked.vector is not None:
        nearest, gone = _nearest(each, asked, k, filters)
        found += nearest
    if gone:
        yield Notice(
            f"{gone} photos of the library '{each.source.library}' are no longer there and were left out.",
            "Update the library.",
        )
    return found


def _merged(found: Sequence[_Candidate], k: int) -> list[_Candidate]:
    """The first `k` by order, of equal contents the first one only."""
    merged: dict[str, _Candidate] = {}
    for candidate in sorted(found, key=lambda each: each.order):
        merged.setdefault(candidate.photo.sha256, candidate)
    return list(merged.values())[:k]


def _about_words(merged: Sequence[_Candidate], encoder: Encoder, asked: _Asked) -> Iterator[Event]:
    """How words were understood, since similarity alone does not tell."""
    named = sum(candidate.named for candidate in merged)
    if asked.vector is None:
        if not merged:
            yield Notice(f"No name holds '{asked.words}'.", "Try fewer words, or the beginning of one.")
    elif named == 0 and encoder.spec == STARTER:
        yield Notice(
            f"No name holds '{asked.words}', and the starter encoder knows few words: these photos may show it.",
            "Searching with a photo is surer.",
        )
    elif 0 < named < len(merged):
        yield Notice(f"Names hold '{asked.words}' in the first {named}; the others may show it.")


def _neighbours(merged: Sequence[_Candidate], asked: _Asked) -> tuple[Neighbour, ...]:
    return tuple(as_neighbour(c.photo, c.path, c.source, asked.vector, c.similarity) for c in merged)


def as_neighbour(
    photo: StoredPhoto, path: Path, source: Source, query: NDArray[np.float32] | None, similarity: float
) -> Neighbour:
    """A photo of a library beside a query's unit vector, None for words that the encoder does not know."""
    return Neighbour(
        id=photo.sha256,
        path=path,
        similarity=similarity,
        angle=90.0 if query is None else angle(query, photo.vector),
        author=photo.author,
        licence=photo.licence,
        thumbnail=photo.thumbnail,
        library=source.library,
        page=photo.page,
        weight=source.weight,
    )


def _nearest(each: _Library, asked: _Asked, k: int, filters: Filters | None) -> tuple[list[_Candidate], int]:
    """The `k` nearest photos that still have a file, as far as there are so many; how many have none."""
    assert asked.vector is not None
    wanted = k
    while True:
        ranked = rank(each.catalogue, each.index, asked.vector, wanted, filters)
        found, gone = _present(ranked, each, asked, limit=k)
        if len(found) == k or wanted >= each.index.vectors:
            return found, gone
        wanted *= 2


def _named(each: _Library, asked: _Asked, keys: Sequence[int], k: int) -> tuple[list[_Candidate], int]:
    """The best `k` of the photos whose names hold the words; few are in memory at a time."""
    best: list[_Candidate] = []
    gone = 0
    for start in range(0, len(keys), CHUNK):
        photos = each.catalogue.stored(keys[start : start + CHUNK])
        ranked = [(0.0 if asked.vector is None else cosine(asked.vector, one.vector), one) for one in photos]
        found, missing = _present(ranked, each, asked, named=True)
        best = sorted([*best, *found], key=lambda candidate: candidate.order)[:k]
        gone += missing
    return best, gone


def _present(
    ranked: Ranked, each: _Library, asked: _Asked, *, limit: int | None = None, named: bool = False
) -> tuple[list[_Candidate], int]:
    """The first photos, up to `limit`, that still have a file, and how many were passed over on the way."""
    found: list[_Candidate] = []
    gone = 0
    for similarity, photo in ranked:
        if asked.means(photo):
            continue
        path = next((Path(path) for path in photo.paths if Path(path).is_file()), None)
        if path is None:
            gone += 1
            continue
        found.append(_Candidate(similarity, photo, path, each.source, named))
        if len(found) == limit:
            break
    return found, gone


def _title(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"The library '{names[0]}' has"
    return f"The libraries {', '.join(repr(name) for name in names)} together have"


def _words(query: Query) -> str:
    if isinstance(query, Search):
        words = [] if query.photo is None else [_words(query.photo)]
        return ", ".join([*words, *([query.words] if query.words else [])])
    if isinstance(query, Photo):
        return str(query.path) if query.path else f"a photo of {query.width} x {query.height} pixels"
    return str(query)
