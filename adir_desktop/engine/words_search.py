"""Words that photos carry: the names of files and folders, titles, authors and licences.

It finds what an encoder cannot know, such as "aunt mary 1962", and is all there is where an encoder
knows no words.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Generator, Sequence
from pathlib import PurePath

from adir_desktop.contract import Event
from adir_desktop.engine.catalogue import Catalogue
from adir_desktop.engine.folders import within
from adir_desktop.engine.pace import Pace

CHUNK = 2000  # files looked at between two events
_WORD = re.compile(r"[^\W\d_]+|\d+")  # IMG_0042b is "img", "0042", "b"


def matching(catalogue: Catalogue, words: str) -> Generator[Event, None, list[int]]:
    """The keys of photos that have every one of `words` at the beginning of some word of theirs, ascending.

    Case and accents do not count. Of a path only what lies within the library's folders is looked at,
    and these folders' own names: everything lies in "home".
    """
    wanted = words_of(words)
    found = set[int]()
    if not wanted:
        return []
    roots = catalogue.folders()
    pace = Pace("retrieve", 1)
    after = 0
    while rows := catalogue.texts(after, CHUNK):
        for row, key, path, said in rows:
            after = row
            if key not in found and holds(words_of(f"{_named(path, roots)} {said}"), wanted):
                found.add(key)
        if pace.due():
            yield pace.at(0)
    return sorted(found)


def words_of(text: str) -> tuple[str, ...]:
    """The words and numbers of a text without case and accents: "Été_2020.b" is ("ete", "2020", "b")."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return tuple(_WORD.findall("".join(c for c in plain if not unicodedata.combining(c))))


def holds(words: Sequence[str], wanted: Sequence[str]) -> bool:
    """True if each of `wanted` is the beginning of one of `words`."""
    return all(any(word.startswith(each) for word in words) for each in wanted)


def _named(path: str, roots: Sequence[str]) -> str:
    """What a person named: the folders from the library's own down, and the file without its suffix."""
    root = max((root for root in roots if within(path, root)), key=len, default="")
    inside = path[len(os.path.dirname(root)) :]  # noqa: PTH120 - a slice of the text is wanted
    return str(PurePath(inside).with_suffix(""))
