"""The only way to the network: plain requests without any token, on sockets that another thread can close.

Nothing here runs unless a person asked for a model.
"""

from __future__ import annotations

import errno
import os
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

import adir_desktop
from adir_desktop import __version__
from adir_desktop.errors import NetworkError, RequestError

HUB = "https://huggingface.co"
OFFLINE, ENDPOINT, PROXY = "ADIR_OFFLINE", "ADIR_ENDPOINT", "ADIR_PROXY"
HOPS = 5  # redirects followed
REDIRECTS = (301, 302, 303, 307, 308)
NO_WAY = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN)
OFF = ("", "0", "off", "no", "false")
TROUBLE = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError)


@dataclass(frozen=True)
class Patience:
    """Seconds to wait for a connection and for its next bytes; tries without any progress, and the
    seconds between them, which double from the first to the longest.
    """

    connect: float = 10.0
    stall: float = 30.0
    tries: int = 6
    first_wait: float = 0.5
    longest_wait: float = 30.0


PATIENCE = Patience()


class Trouble(Exception):
    """A try failed, another may not. wait: seconds that the server asked for, None for nothing."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class Unreachable(Trouble):
    """There is no way to the server now: its name is not found, or no network leads there."""


class Refusal(Exception):
    """A source does not give what it should; no further try would change that. missing: it has no such file."""

    def __init__(self, reason: str, *, missing: bool = False) -> None:
        super().__init__(reason)
        self.missing = missing


@dataclass(frozen=True)
class Route:
    """How the network is reached: the hub's address, and a proxy, "" for what the environment names."""

    endpoint: str = HUB
    proxy: str = ""


def route(endpoint: str = "", proxy: str = "") -> Route:
    """What was given, else the settings (`ADIR_ENDPOINT`, `ADIR_PROXY`), else `HF_ENDPOINT` and the hub itself.

    Raises:
        NetworkError: the program is to stay offline.
        RequestError: an address that is none.
    """
    if _is_on(os.environ.get(OFFLINE) or adir_desktop.HUB_OFFLINE):
        raise NetworkError(
            "The program is set to stay offline, so nothing is fetched.",
            f"Switch it off in the settings (variables {OFFLINE}, HF_HUB_OFFLINE), or import files that you have.",
        )
    chosen = endpoint or os.environ.get(ENDPOINT) or os.environ.get("HF_ENDPOINT") or HUB
    through = proxy or os.environ.get(PROXY, "")
    check_address(chosen, ("http", "https"), "an address of a model server", HUB)
    if through:
        check_address(through, ("http", "https", "socks5", "socks5h"), "a proxy", "http://proxy.example:3128")
    return Route(chosen.rstrip("/"), through)


class Wires:
    """The open connections of one job, to be closed at once by whoever ends it."""

    def __init__(self, way: Route) -> None:
        self._way = way
        self._sockets: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.stop = threading.Event()

    def session(self) -> requests.Session:
        """For one thread; each has its own."""
        session = requests.Session()
        session.auth = _no_token  # or a .netrc would be consulted
        session.headers.update({"User-Agent": f"adir-desktop/{__version__}", "Accept-Encoding": "identity"})
        for scheme in ("http://", "https://"):
            session.mount(scheme, _Watched(self._keep))
        return session

    def ask(
        self, session: requests.Session, method: str, url: str, headers: Mapping[str, str] | None = None
    ) -> requests.Response:
        """The last answer after all redirects, its body unread; of HEAD the first that describes the file.

        Only https is followed, or the same plain server that was asked.

        Raises:
            Refusal: a redirect to a place that is not followed. Trouble: no connection, no answer in time.
        """
        for _ in range(HOPS + 1):
            answer = self._send(session, method, url, headers)
            target = answer.headers.get("Location")
            known = method == "HEAD" and "X-Linked-Etag" in answer.headers
            if answer.status_code not in REDIRECTS or not target or known:
                return answer
            answer.close()
            url = _next(url, target)
        raise Refusal("it redirects in circles")

    def hang_up(self) -> None:
        """Ends every connection; whoever waits for it wakes up with an error."""
        self.stop.set()
        with self._lock:
            for sock in self._sockets:
                try:
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)  # of TLS too, without its farewell
                except OSError:
                    continue  # it has ended already
            self._sockets.clear()

    def _send(
        self, session: requests.Session, method: str, url: str, headers: Mapping[str, str] | None
    ) -> requests.Response:
        proxies = {"http": self._way.proxy, "https": self._way.proxy} if self._way.proxy else None
        try:
            return session.request(
                method,
                url,
                headers=dict(headers or {}),
                stream=True,
                allow_redirects=False,
                proxies=proxies,
                timeout=(PATIENCE.connect, PATIENCE.stall),
            )
        except TROUBLE as error:
            kind = Unreachable if _no_way(error) else Trouble
            raise kind(explain_trouble(error)) from error

    def _keep(self, sock: socket.socket) -> None:
        with self._lock:
            self._sockets = {one for one in self._sockets if one.fileno() >= 0} | {sock}


class _Watched(HTTPAdapter):
    """Tells of every socket that it opens."""

    def __init__(self, keep: Any) -> None:
        self._keep = keep
        super().__init__(max_retries=0)

    def get_connection_with_tls_context(self, *args: Any, **keywords: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*args, **keywords)
        if not hasattr(pool.ConnectionCls, "told"):
            pool.ConnectionCls = _telling(pool.ConnectionCls, self._keep)
        return pool


def _telling(kind: Any, keep: Any) -> Any:
    class Telling(kind):  # type: ignore[misc]
        told = True

        def connect(self) -> None:
            super().connect()
            keep(self.sock)

    return Telling


def explain_trouble(error: Exception) -> str:
    """A network library's error in words."""
    if _no_way(error):
        return "it cannot be reached; this computer seems to have no connection, or the address is wrong"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not trusted"
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy does not answer"
    if isinstance(error, requests.exceptions.Timeout | urllib3.exceptions.TimeoutError):
        return "it does not answer in time"
    if isinstance(error, requests.exceptions.InvalidSchema):
        return "this kind of proxy needs a further library (pip install pysocks)"
    return "the connection failed or was cut off"


def _no_way(error: BaseException | None) -> bool:
    """What a network library's error comes from in the end."""
    while error is not None:
        if isinstance(error, socket.gaierror) or (isinstance(error, OSError) and error.errno in NO_WAY):
            return True
        error = error.__cause__ or error.__context__
    return False


def host_of(url: str) -> str:
    """The server's name, for a person."""
    return urlsplit(url).netloc.rpartition("@")[2]


def _next(url: str, target: str) -> str:
    target = urljoin(url, target)
    before, after = urlsplit(url), urlsplit(target)
    if after.scheme == "https" or (after.scheme == "http" and (before.scheme, before.netloc) == after[:2]):
        return target
    raise Refusal(f"it redirects to a place that is not secure ({host_of(target) or target[:60]})")


def _no_token(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _is_on(value: str) -> bool:
    return value.strip().lower() not in OFF


def check_address(text: str, schemes: tuple[str, ...], what: str, example: str) -> None:
    """Raises RequestError: `text` is no address with one of these schemes."""
    try:
        parts = urlsplit(text)
        right = parts.scheme in schemes and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        right = False
    if not right:
        raise RequestError(f"'{text}' is not {what}.", f"Give one such as {example}")
