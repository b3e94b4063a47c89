"""Presets and models for tests of the dialogs."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from adir_desktop.contract import Neighbour, Photo, PresetInfo
from adir_desktop.model_info import ModelInfo, ModelOffer
from adir_desktop.ui.qt_images import Picture, levels_of

STORE = Path("/store")


def jpeg(grey: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), (grey,) * 3).save(buffer, "JPEG")
    return buffer.getvalue()


def preset(name: str, grey: int = 200, made: str = "2026-05-01T10:00:00+00:00") -> PresetInfo:
    near = Neighbour(f"id{name}", Path("beach.jpg"), 0.914, 12.0, "A. Person", "CC BY 2.0")
    return PresetInfo(
        name=name,
        path=STORE / f"{name}.safetensors",
        bytes_on_disk=2_000_000,
        prior="starter",
        rank=16,
        task="upscale",
        recipe="40 iterations",
        created=made,
        thumbnail=jpeg(grey),
        neighbours=(near,),
    )


BROKEN = PresetInfo("broken", STORE / "broken.safetensors", 9, problem="The preset is damaged.")
EMBEDDED = ModelInfo(
    "base", "Base", "the prior", "research\n\n# Card\n\nUse it well.", STORE, 7_000_000, True
)
ADDED = ModelInfo("big", "Big", "more detail", "MIT\n\nPermission is granted.", STORE / "big", 900_000_000)

OFFER = ModelOffer(2_000_000_000, "Do no harm.", "https://example.org/licence", "org/far")
ABSENT = ModelInfo(
    "far",
    "Far",
    "even more detail",
    "Careful 1.0\n\nDo no harm.\n\nhttps://example.org/licence",
    STORE / "far",
    0,
    memory=4_500_000_000,
    offer=OFFER,
)


def picture() -> Picture:
    photo = Photo(np.full((20, 30, 3), 0.5, np.float32), path=Path("/photos/a.png"))
    return Picture(photo, levels_of(photo))


def show(qtbot: QtBot, widget: QWidget) -> None:
    """Shown, and closed by the end of the test."""
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()
