"""Fetching a model: the server is asked, room is made sure of, files come side by side, the whole appears at once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import replace
from functools import partial
from pathlib import Path

import requests

from adir_desktop import interrupt
from adir_desktop.contract import Event, Notice
from adir_desktop.engine import weights
from adir_desktop.engine.pace import Pace
from adir_desktop.engine.store import cards, network
from adir_desktop.engine.store.cards import Kept, Workshop
from adir_desktop.engine.store.conversion import convert
from adir_desktop.engine.store.copying import digest
from adir_desktop.engine.store.network import Refusal, Route, Trouble, Unreachable, Wires, host_of
from adir_desktop.engine.store.offers import Offer, OfferedFile, find_offer
from adir_desktop.engine.store.transfer import Download, Remote, look, patiently
from adir_desktop.errors import NetworkError, RequestError, StorageError
from adir_desktop.files import remove_leftovers
from adir_desktop.places import models_dir

PARALLEL = 3  # files at a time
TICK = 0.2  # seconds between two events
FAREWELL = 0.8  # seconds that a closed job waits for its threads
MARGIN = 64 * 2**20  # bytes that stay free on the disk

Work = Generator[Event, None, Path]


def fetch(name: str, *, accepted: bool = False, endpoint: str = "", proxy: str = "") -> Work:
    """Brings a model of the catalogue; returns its folder. Closed in between, the next call goes on.

    accepted: the person accepted the licence; noted, so that going on needs no second yes. endpoint and
    proxy: in place of the settings'.

    Raises:
        RequestError: no such model, it is here already, its licence was not accepted, a wrong address.
        NetworkError: offline, no source answers or gives the right files.
        StorageError: not enough room. ModelError: a checkpoint holds more than tensors.
    """
    offer = find_offer(name)
    if weights.installed_dir(name) is not None:
        raise RequestError(f"{offer.title} is installed already.", "Remove it first to fetch it anew.")
    way = network.route(endpoint, proxy)
    cards.check_free(name)
    workshop = Workshop(name)
    if not accepted and not workshop.accepted(offer):
        raise RequestError(
            f"{offer.title} may be fetched when its licence is accepted: {offer.licence}.",
            f"Read {offer.licence_url}, then accept it (adir models fetch {name} --accept-licence).",
        )
    with workshop.occupied():
        if accepted:
            workshop.accept(offer)
        return (yield from _bring(offer, workshop, way))


def forget(name: str) -> None:
    """Removes what an unfinished fetch has brought.

    Raises:
        RequestError: no such model, or it is being fetched. StorageError: it may not be removed.
    """
    workshop = Workshop(find_offer(name).name)
    if workshop.home.is_dir():
        with workshop.occupied():
            workshop.clear()


def _bring(offer: Offer, workshop: Workshop, way: Route) -> Work:
    found = yield from _ask(offer, way)
    downloads = [
        Download(found.remotes[path], workshop.files / path, workshop.parts / path, found.others[path])
        for path in found.remotes
    ]
    _check_room(offer, found.remotes, downloads)
    total = sum(remote.size for remote in found.remotes.values())
    pace = Pace("fetch", max(total, 1), sum(one.done for one in downloads))
    wires = Wires(way)
    yield pace.at(sum(one.done for one in downloads))
    for _ in _together(wires, [partial(one.run, wires) for one in downloads]):
        yield pace.at(min(sum(one.done for one in downloads), max(total, 1)))
    yield pace.at(max(total, 1))
    kept = yield from _finish(offer, workshop, downloads)
    first = next(iter(found.remotes.values()))
    source = found.repository or host_of(first.url)
    return workshop.publish(offer, kept, source=source, server=host_of(first.url), revision=first.commit)


class _Found:
    """What the servers have of a model: by path, what is to be fetched, and where else it may be had.

    trouble: what the first question met with that is asked again now, "" for nothing.
    """

    def __init__(self, repository: str) -> None:
        self.repository = repository
        self.trouble = ""
        self.remotes: dict[str, Remote] = {}
        self.others: dict[str, tuple[str, ...]] = {}

    @property
    def commit(self) -> str:
        return next((one.commit for one in self.remotes.values() if one.commit), "")

    def settle(self, offer: Offer) -> None:
        """In the catalogue's order, each from the same version of the repository. Raises Trouble: it is being changed."""
        if len({one.commit for one in self.remotes.values() if one.commit}) > 1:
            raise Trouble("the repository is being changed just now")
        order = [name for file in offer.files for name in (file.path, *file.instead)]
        moving, fixed = f"/resolve/{offer.revision}/", f"/resolve/{self.commit}/"
        self.remotes = {
            name: replace(one, url=one.url.replace(moving, fixed, 1)) if one.commit else one
            for name in dict.fromkeys(order)
            if (one := self.remotes.get(name)) is not None
        }


def _ask(offer: Offer, way: Route) -> Generator[Event, None, _Found]:
    """The first source that has all files, and what it says of them.

    Raises:
        NetworkError: none has.
    """
    reasons: list[str] = []
    for repository in offer.repositories or ("",):
        if reasons:
            yield Notice(f"{offer.title}: {reasons[-1]}.", f"The mirror {repository} is asked.")
        found, wires = _Found(repository), Wires(way)
        pace = Pace("ask", len(offer.files))
        yield pace.at(0)
        tasks = [partial(_look_for, offer, file, way, wires, found) for file in offer.files]
        try:
            told = False
            for _ in _together(wires, tasks):
                if found.trouble and not told:
                    yield Notice(f"{found.trouble}.", "It is asked again for a while.")
                    told = True
                yield pace.at(min(len(found.remotes), len(offer.files)))
            found.settle(offer)
        except (Refusal, Trouble) as error:
            reasons.append(str(error))
        else:
            return found
    raise NetworkError(
        f"{offer.title} cannot be fetched now ({'; '.join(reasons)}).",
        "Check the connection, choose another server (--endpoint, or in the settings), or import files that you have.",
    )


def _look_for(offer: Offer, file: OfferedFile, way: Route, wires: Wires, found: _Found) -> None:
    """Asks for one file under each of its names, at each of its places; optional ones may be missing."""
    missing: Refusal | None = None
    with wires.session() as session:
        for name in (file.path, *file.instead):
            urls = _urls(offer, name, file, way, found.repository)
            for number, url in enumerate(urls):
                try:
                    remote = _asked(wires, session, url, found)
                    _check_known(file, name, remote)
                except Refusal as refusal:
                    missing = Refusal(f"{host_of(url)}, {name}: {refusal}", missing=refusal.missing)
                    continue
                except Trouble as trouble:
                    if number + 1 < len(urls):
                        continue
                    raise Trouble(f"{host_of(url)}: {trouble}") from trouble
                found.remotes[name] = _with_known(file, name, remote)
                found.others[name] = (*urls[number + 1 :], *_mirrored(offer, name, way, found.repository))
                return
            if missing is not None and not missing.missing:
                break
    if missing is not None and not (file.optional and missing.missing):
        raise missing


def _asked(wires: Wires, session: requests.Session, url: str, found: _Found) -> Remote:
    """With patience, but not for a network that is not there; asking brings no bytes."""
    heard: list[Remote] = []

    def ask() -> None:
        try:
            heard.append(look(wires, session, url))
        except Unreachable as error:
            raise Refusal(str(error)) from error

    def tell(trouble: Trouble) -> None:
        found.trouble = found.trouble or f"{host_of(url)}: {trouble}"

    patiently(wires, ask, lambda: 0, tell)
    return heard[0]


def _check_known(file: OfferedFile, name: str, remote: Remote) -> None:
    """A server with another file than the catalogue's is no source of it."""
    if name != file.path:
        return
    if file.bytes is not None and remote.size != file.bytes:
        raise Refusal(f"it has {remote.size} bytes instead of {file.bytes}")
    if file.sha256 and remote.sha256 and remote.sha256 != file.sha256:
        raise Refusal("it has another file of that name")


def _with_known(file: OfferedFile, name: str, remote: Remote) -> Remote:
    if name != file.path or not file.sha256:
        return remote
    return replace(remote, sha256=file.sha256, told_by="the catalogue")


def _urls(offer: Offer, name: str, file: OfferedFile, way: Route, repository: str) -> list[str]:
    own = list(file.urls) if name == file.path else []
    return own + ([_hub_url(offer, way.endpoint, repository, name)] if repository else [])


def _mirrored(offer: Offer, name: str, way: Route, repository: str) -> tuple[str, ...]:
    others = [one for one in offer.repositories if one != repository]
    return tuple(_hub_url(offer, way.endpoint, one, name) for one in others)


def _hub_url(offer: Offer, endpoint: str, repository: str, name: str) -> str:
    return f"{endpoint}/{repository}/resolve/{offer.revision}/{name}"


def _check_room(offer: Offer, remotes: dict[str, Remote], downloads: Sequence[Download]) -> None:
    """Before the first byte. Raises StorageError: the disk has less than what is missing."""
    converted = {file.path for file in offer.files if file.becomes}
    needed = sum(one.remote.size - one.done for one in downloads)
    needed += sum(remote.size for path, remote in remotes.items() if path in converted) + MARGIN
    place = next(path for path in (models_dir(), *models_dir().absolute().parents) if path.is_dir())
    free = shutil.disk_usage(place).free
    if free < needed:
        raise StorageError(
            f"{offer.title} needs {needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free in {place}.",
            "Free some space, or choose another folder for models.",
        )


def _finish(
    offer: Offer, workshop: Workshop, downloads: Sequence[Download]
) -> Generator[Event, None, list[Kept]]:
    """What is to be converted is, and the list of all files for the card."""
    becomes = {workshop.files / file.path: file.becomes for file in offer.files if file.becomes}
    kept = []
    for one in downloads:
        told = one.remote.told_by or "its length alone"
        if one.path not in becomes:
            name = one.path.relative_to(workshop.files).as_posix()
            kept.append(Kept(name, one.remote.size, one.sha256, told))
            continue
        kept.append(
            (yield from converted_file(workshop.files, one.path, becomes[one.path], one.sha256, told))
        )
    return kept


def converted_file(
    folder: Path, source: Path, becomes: str, sha256: str, told: str
) -> Generator[Event, None, Kept]:
    """Turns a checkpoint in `folder` into safetensors; where it came from is noted. The checkpoint itself
    goes when the model is published, so that a kill before that costs no second fetch.
    """
    target = folder / becomes
    remove_leftovers(target)
    yield from convert(source, target)
    size = target.stat().st_size
    pace = Pace("verify", max(size, 1))
    own = yield from digest(target, pace)
    yield pace.at(max(size, 1))
    return Kept(becomes, size, own, f"converted from {source.name}, sha256 {sha256}, known by {told}")


def _together(wires: Wires, tasks: Sequence[Callable[[], None]]) -> Generator[None, None, None]:
    """Runs tasks side by side, and comes back every now and then; closing hangs up at once.

    Raises whatever the first task raises.
    """
    pool = ThreadPoolExecutor(PARALLEL, "fetch")
    futures = [pool.submit(task) for task in tasks]
    left = set(futures)
    try:
        while left:
            done, left = wait(left, TICK, FIRST_EXCEPTION)
            for future in done:
                future.result()
            interrupt.check()
            yield
    finally:
        wires.hang_up()
        pool.shutdown(wait=False, cancel_futures=True)
        wait(futures, FAREWELL)
