"""The official lists: files that the person has, or addresses that are fetched once and kept."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from adir_desktop.contract import Event, Notice
from adir_desktop.engine.pace import Pace
from adir_desktop.engine.store import network
from adir_desktop.engine.store.network import Refusal, Trouble, Wires, check_address, host_of
from adir_desktop.engine.store.transfer import Download, Remote, look, patiently
from adir_desktop.errors import BadInput, NetworkError, RequestError
from index_tools.open_images.crowd import together
from index_tools.open_images.folder import check_room, locked

if TYPE_CHECKING:
    import requests


def is_address(text: str) -> bool:
    """An address of the web rather than a file."""
    return "://" in text


def bring(given: Sequence[str], folder: Path) -> Generator[Event, None, list[Path]]:
    """The files that are meant, in the same order. An address is fetched into `folder`, unless that has the
    server's present version already; an interrupted fetch is resumed by the next. Where the server cannot be
    asked, the version that is there serves.

    Raises:
        BadInput: there is no such file. RequestError: no address, or two that would be one file.
        NetworkError: a list cannot be fetched. StorageError: no room. LibraryError: another process fetches there.
    """
    paths = [_path(text, folder) for text in given]
    fetched = [path for text, path in zip(given, paths, strict=True) if is_address(text)]
    if len(set(fetched)) < len(fetched):
        raise RequestError("Two of the lists have the same name.", "Fetch one of them yourself, as a file.")
    if fetched:
        with locked(folder, f"Lists are being fetched to {folder} already."):
            for text, path in zip(given, paths, strict=True):
                if is_address(text):
                    yield from _bring_one(text, path)
    return paths


def _path(text: str, folder: Path) -> Path:
    if not is_address(text):
        path = Path(text).expanduser()
        if not path.is_file():
            raise BadInput(f"There is no file {path}.", "Check its name, or give an address (https://...).")
        return path
    check_address(text, ("http", "https"), "an address of a list", "https://example.org/list.csv")
    name = PurePosixPath(unquote(urlsplit(text).path)).name
    if not name or name.startswith(".") or not name.isprintable() or "\\" in name:
        raise RequestError(f"'{text}' names no file.", "Give the address of a CSV file.")
    return folder / name


def _bring_one(url: str, path: Path) -> Generator[Event, None, None]:
    try:
        yield from _fetch(url, path)
    except NetworkError as error:
        if not path.is_file():
            raise
        yield Notice(f"{path.name}: {error.problem}", "The one that was fetched earlier is used.")


def _fetch(url: str, path: Path) -> Generator[Event, None, None]:
    wires, begun = Wires(network.route()), list[Download]()

    def work(session: requests.Session, _: str) -> None:
        remote = _asked(wires, session, url)
        begun.append(Download(remote, path, path))
        check_room(path.parent, remote.size - begun[0].done, f"The list {path.name}")
        begun[0].run(wires)

    pace = None
    for _ in together(wires, [url], 1, work):
        if begun and pace is None:
            pace = Pace("fetch", max(begun[0].remote.size, 1), begun[0].done)
        if begun and pace is not None:
            yield pace.at(begun[0].done)


def _asked(wires: Wires, session: requests.Session, url: str) -> Remote:
    heard: list[Remote] = []
    try:
        patiently(wires, lambda: heard.append(look(wires, session, url)), lambda: 0)
    except (Refusal, Trouble) as error:
        raise NetworkError(
            f"{url} cannot be fetched ({host_of(url)}: {error}).",
            "Try again later, check the address, or give lists that you have as files.",
        ) from error
    return heard[0]
