"""The mask on disk: a journal of all that is done to it, which outlives a crash, and PNG files.

A journal is text, one JSON array a line: `["mask", 1, height, width]` first, then the operations in
order. A line is written in one piece the moment its operation is done; what a killed program left
unfinished is at most the last line, and that one has no line end.
"""

from __future__ import annotations

import base64
import io
import json
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, PngImagePlugin
from PySide6.QtCore import QObject, Signal, Slot

from adir_desktop.contract import Mask
from adir_desktop.errors import MaskError, explain
from adir_desktop.files import write_atomic
from adir_desktop.ui.mask import Began, Change, Extended, MaskPainting, Operation, Step

VERSION = 1
SYNC_SPACING = 1.0  # seconds; against a power cut, a killed program's writes are safe anyway
ENOUGH = 256 * 1024  # bytes: a smaller journal is replayed in no time
WASTE = 4  # a journal is rewritten when it is this many times as long as the state it began with
LONGEST = 64 * 1024 * 1024  # characters a line; even noise over 178 megapixels takes fewer


class DamagedJournal(MaskError):
    """Part of a journal cannot be read. mask: all that was done before that part."""

    def __init__(self, mask: MaskPainting) -> None:
        super().__init__(
            "Part of what was painted could not be read again.",
            "Look over the mask and paint what is missing.",
        )
        self.mask = mask


class Journal(QObject):
    """Writes down what is done to a mask. It never disturbs painting: a full disk ends it, with a signal."""

    failed = Signal(object)  # an AdirError: nothing is written any more

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._mask: MaskPainting | None = None
        self._file: io.FileIO | None = None
        self._written, self._most = 0, ENOUGH
        self._synced = 0.0

    def watch(self, mask: MaskPainting) -> None:
        """Writes the mask's state and history in place of the file, then all that is done to it."""
        self.close()
        mask.finish()
        self._mask = mask
        self._rewrite()
        mask.operated.connect(self._hear)

    @Slot()
    def close(self) -> None:
        """Stops watching; everything is on the disk."""
        if self._mask is not None:
            self._mask.operated.disconnect(self._hear)
            self._mask = None
        try:
            self._shut()
        except OSError as error:
            self._give_up(error)

    @Slot(object)
    def _hear(self, operation: Operation) -> None:
        if self._file is None:
            return
        try:
            self._append(_line(operation))
            if not isinstance(operation, Began | Extended):
                self._settle()
        except OSError as error:
            self._give_up(error)

    def _append(self, line: bytes) -> None:
        """Unbuffered: once written it is the system's, whatever becomes of this program."""
        if self._file is not None:
            rest = memoryview(line)
            while rest:
                rest = rest[self._file.write(rest) :]
            self._written += len(line)

    def _settle(self) -> None:
        """Between steps there is time for what takes some."""
        if self._written > self._most:
            self._rewrite()
        elif self._file is not None and time.monotonic() - self._synced > SYNC_SPACING:
            os.fsync(self._file.fileno())
            self._synced = time.monotonic()

    def _rewrite(self) -> None:
        """The state and its history, without how it came about; the old file stays until it is complete."""
        if self._mask is None:
            return
        changes, undone = self._mask.steps
        height, width = self._mask.pixels.shape
        head = json.dumps(["mask", VERSION, height, width]).encode() + b"\n"
        content = b"".join([head, *map(_line, changes), _line(Step.UNDO) * undone])
        try:
            self._shut()
            write_atomic(self._path, content)
            self._file = self._path.open("ab", buffering=0)
        except Exception as error:  # noqa: BLE001  # painting goes on, whatever the disk says
            self._give_up(error)
        self._written, self._synced = len(content), time.monotonic()
        self._most = max(ENOUGH, WASTE * len(content))

    def _give_up(self, error: Exception) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()
        self.failed.emit(explain(error))

    def _shut(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            with file:
                os.fsync(file.fileno())


def replay(path: Path, height: int, width: int) -> MaskPainting:
    """The mask that a journal tells of, for a photo of that size: the same pixels, the same undo and redo.

    An unfinished last line is left out, an unfinished stroke is finished.

    Raises:
        DamagedJournal: a line cannot be read; what was done before it is kept in the error.
        MaskError: it is no journal, or of a photo of another size.
        AdirError: the file cannot be read.
    """
    mask = MaskPainting(height, width)
    try:
        with path.open("rb") as stream:
            _check_head(path, stream.readline(200), height, width)
            while line := stream.readline(LONGEST):
                if not line.endswith(b"\n") and len(line) < LONGEST:
                    break
                _perform(mask, line)
    except OSError as error:
        raise explain(error) from error
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        mask.finish()
        raise DamagedJournal(mask) from error
    mask.finish()
    return mask


def mask_to_png(mask: Mask) -> bytes:
    """(H, W) -> a PNG file of one bit a pixel, white where marked."""
    stream = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(mask)).save(stream, "PNG")
    return stream.getvalue()


def mask_from_png(path: Path, height: int, width: int) -> Mask:
    """(height, width), True where the picture is white (half or more); transparent parts count as black.

    Raises:
        MaskError: it is no PNG, is damaged, has another size, or nothing in it is white.
        AdirError: the file cannot be read.
    """
    try:
        # Opened directly: its size is compared before a pixel is decoded, so no bomb can go off.
        with path.open("rb") as stream, PngImagePlugin.PngImageFile(stream) as image:
            if image.size != (width, height):
                raise MaskError(
                    f"The mask is {image.width} x {image.height} pixels, the photo {width} x {height}.",
                    "Use a mask of the photo's size.",
                )
            mask = _white(image)
    except (SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise MaskError(f"{path.name} cannot be read as a PNG.", "Save the mask as PNG again.") from error
    except OSError as error:
        if error.errno is None:  # Pillow's own, about the file's content
            raise MaskError(f"{path.name} is damaged or incomplete.", "Save the mask again.") from error
        raise explain(error) from error
    if not mask.any():
        raise MaskError(f"The mask {path.name} is empty.", "Paint white over what is damaged.")
    return mask


def _white(image: Image.Image) -> Mask:
    if image.mode == "1":
        white: Mask = np.asarray(image)
    elif image.mode.startswith("I"):  # 16 bits
        white = np.asarray(image) >= 1 << 15
    elif image.mode == "L" and "transparency" not in image.info:
        white = np.asarray(image) >= 128
    else:
        colours = np.asarray(image.convert("RGBA"))
        white = colours[..., :3].sum(axis=-1, dtype=np.uint32) * colours[..., 3] >= 3 * 255 * 255 / 2
    return white


def _line(operation: Operation) -> bytes:
    if isinstance(operation, Began):
        parts: list[Any] = ["erase" if operation.erase else "paint", *operation.point, operation.size]
    elif isinstance(operation, Extended):
        parts = ["to", *operation.point, operation.size]
    elif isinstance(operation, Step):
        parts = [operation.value]
    else:
        tiles = [[*key, base64.b64encode(packed).decode()] for key, packed in operation.tiles]
        parts = ["flip", tiles]
    return json.dumps(parts, separators=(",", ":")).encode() + b"\n"


def _check_head(path: Path, line: bytes, height: int, width: int) -> None:
    try:
        parts = json.loads(line)
    except ValueError:
        parts = None
    if not isinstance(parts, list) or parts[:2] != ["mask", VERSION]:
        raise MaskError(f"{path.name} is not a journal of a mask.", "Paint the mask again, or load one.")
    if parts[2:] != [height, width]:
        raise MaskError("The mask on disk is of a photo of another size.", "Paint the mask again.")


def _perform(mask: MaskPainting, line: bytes) -> None:
    """Does what a line says; any of several exceptions where it says nothing that can be done."""
    word, *values = json.loads(line)
    if word in ("paint", "erase"):
        x, y, size = map(_number, values)
        mask.begin((x, y), size, erase=word == "erase")
    elif word == "to":
        x, y, size = map(_number, values)
        mask.extend((x, y), size)
    elif word == "flip":
        (tiles,) = values
        unpacked = (((int(row), int(column)), base64.b64decode(text)) for row, column, text in tiles)
        mask.flip(Change(tuple(unpacked)))
    else:
        step = {
            Step.FINISH: mask.finish,
            Step.CANCEL: mask.cancel,
            Step.UNDO: mask.undo,
            Step.REDO: mask.redo,
        }[Step(word)]
        step()


def _number(value: object) -> float:
    if not isinstance(value, int | float) or abs(value) > 1e9:
        raise ValueError(value)
    return float(value)
