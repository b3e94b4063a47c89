"""One photo from the bucket into memory: tried patiently, and looked through before it counts."""

from __future__ import annotations

import base64
import hashlib
import re
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from adir_desktop.engine.store.network import TROUBLE, Refusal, Trouble, Wires, explain_trouble, host_of
from adir_desktop.engine.store.transfer import Stopped, check_status, look, patiently
from adir_desktop.errors import NetworkError
from index_tools.open_images.crowd import LONGEST_HOLD, Manners
from index_tools.open_images.facts import Picture
from index_tools.open_images.upright import NoPhoto, check_jpeg, turned

if TYPE_CHECKING:
    import requests

MOST_BYTES = 32 * 2**20  # of one photo; those of the bucket have a megabyte at most
CHUNK = 2**16
GONE = (404, 410)
_GOOGLE_MD5 = re.compile(r"md5=([A-Za-z0-9+/]{22}==)")


@dataclass(frozen=True)
class Outcome:
    """What became of a photo. content: the file to be, None where there is none; reason: why.

    gone: the server says that it has no such photo.
    """

    picture: Picture
    content: bytes | None = None
    reason: str = ""
    gone: bool = False


class Bucket:
    """The server of the photos. Used by many threads at once."""

    def __init__(self, wires: Wires, url: str, manners: Manners) -> None:
        self._wires, self._url, self._manners = wires, url, manners

    def fetch(self, session: requests.Session, picture: Picture) -> Outcome:
        """Raises Stopped: the job ends. NetworkError: the server wants to be left alone for long."""
        heard: list[Outcome] = []
        try:
            patiently(self._wires, lambda: heard.append(self._try(session, picture)), lambda: 0)
        except (Refusal, Trouble) as error:
            return Outcome(picture, reason=str(error))
        return heard[0]

    def size(self, session: requests.Session, picture: Picture) -> int:
        """Bytes that the server says of a photo; -1 where it says nothing. Raises Stopped: the job ends."""
        try:
            self._manners.before_request(self._wires.stop)
            return look(self._wires, session, self._address(picture)).size
        except (Refusal, Trouble):
            return -1

    def _try(self, session: requests.Session, picture: Picture) -> Outcome:
        self._manners.before_request(self._wires.stop)
        with closing(self._wires.ask(session, "GET", self._address(picture))) as answer:
            if answer.status_code in GONE:
                return Outcome(picture, reason="the server has no such photo", gone=True)
            try:
                check_status(answer, (200,))
            except Trouble as trouble:
                self._pause(trouble.wait or 0.0)
                raise
            content = self._read(answer)
            _check_sum(answer, content)
        try:
            check_jpeg(content)
            return Outcome(picture, turned(content, picture.rotation))
        except NoPhoto as error:
            raise (Refusal if error.foreign else Trouble)(str(error)) from error

    def _pause(self, seconds: float) -> None:
        """Raises NetworkError: the server wants to be left alone for long."""
        if seconds > LONGEST_HOLD:
            raise NetworkError(
                f"{host_of(self._url)} asks to be left alone for {seconds / 60:.0f} minutes.",
                "What has come stays. Give the same command again then.",
            )
        self._manners.hold(seconds)

    def _read(self, answer: requests.Response) -> bytes:
        told = answer.headers.get("Content-Length", "")
        length = int(told) if told.isdigit() else None
        if (length or 0) > MOST_BYTES:
            raise Refusal(f"it is larger than {MOST_BYTES >> 20} MB")
        content = bytearray()
        while length is None or len(content) < length:
            chunk = self._chunk(answer)
            if not chunk:
                break
            content += chunk
            if len(content) > MOST_BYTES:
                raise Refusal(f"it is larger than {MOST_BYTES >> 20} MB")
            self._manners.after_bytes(len(chunk), self._wires.stop)
        if length is not None and len(content) != length:
            raise Trouble("the connection was cut off")
        return bytes(content)

    def _chunk(self, answer: requests.Response) -> bytes:
        if self._wires.stop.is_set():
            raise Stopped
        try:
            return bytes(answer.raw.read1(CHUNK, decode_content=False))
        except TROUBLE as error:
            raise Trouble(explain_trouble(error)) from error

    def _address(self, picture: Picture) -> str:
        return f"{self._url.rstrip('/')}/{picture.subset}/{picture.id}.jpg"


def _check_sum(answer: requests.Response, content: bytes) -> None:
    """Against the MD5 where the server gives one: Google's own header, or S3's ETag of a file put in one piece.

    Raises Trouble: they differ. The list's OriginalMD5 is another file's, the author's original.
    """
    told = _GOOGLE_MD5.search(answer.headers.get("x-goog-hash", ""))
    etag = answer.headers.get("ETag", "").strip('"').lower()
    wanted = ""
    if told:
        wanted = base64.b64decode(told[1]).hex()
    elif (
        "x-amz-request-id" in answer.headers  # an ETag means this there only, and not of encrypted files
        and "kms" not in answer.headers.get("x-amz-server-side-encryption", "")
        and re.fullmatch(r"[0-9a-f]{32}", etag)
    ):
        wanted = etag
    if wanted and hashlib.md5(content, usedforsecurity=False).hexdigest() != wanted:
        raise Trouble("its checksum is another than the server says")
