"""Which files are pictures, and which files a drop or a clipboard brings."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QMimeData

WRITABLE = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp")
READABLE = (*WRITABLE, ".heic", ".heif")


def patterns(suffixes: Iterable[str]) -> str:
    """As file dialogs want them: "*.png *.jpg"."""
    return " ".join(f"*{suffix}" for suffix in suffixes)


def local_files(data: QMimeData | None) -> tuple[Path, ...]:
    """The files and folders of this computer in what is dropped or was copied."""
    urls = data.urls() if data is not None else []
    return tuple(Path(url.toLocalFile()) for url in urls if url.isLocalFile())
