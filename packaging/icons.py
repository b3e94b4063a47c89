"""Makes the light and the dark icon theme of the icons in `resources/icons`: `python packaging/icons.py`.

An icon is drawn once, with `currentColor`; Qt shows it in the colour of the theme that is chosen.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from adir_desktop.ui.theme import DARK, LIGHT  # noqa: E402  # of this checkout, installed or not

ICONS = ROOT / "resources" / "icons"
THEMES = {"adir-light": LIGHT["text"], "adir-dark": DARK["text"]}
INDEX = """[Icon Theme]
Name={name}
Comment=Icons of ADIR Desktop
Directories=scalable

[scalable]
Size=24
MinSize=8
MaxSize=512
Type=Scalable
"""


def themed(out: Path) -> dict[Path, str]:
    """Every file of both themes below `out`, with what it holds."""
    files: dict[Path, str] = {}
    for name, colour in THEMES.items():
        files[out / name / "index.theme"] = INDEX.format(name=name)
        for icon in sorted(ICONS.glob("*.svg")):
            text = icon.read_text(encoding="utf-8").replace("currentColor", colour)
            files[out / name / "scalable" / f"adir-{icon.name}"] = text
    return files


def main() -> None:
    """Writes them, and removes those whose icon is gone."""
    out = ROOT / "resources" / "icon_themes"
    files = themed(out)
    for path in out.rglob("*.svg"):
        if path not in files:
            path.unlink()
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
