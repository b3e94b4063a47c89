"""`python packaging/screenshots/methods.py EVALUATION OUT.jpg`: the pictures of an evaluation side by side.

EVALUATION is the folder that `adir evaluate` wrote; of each task the photo named in SHOWN is taken.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SHOWN = {"sr4@128": "cat", "deblur-box@128": "cat", "inpaint@128": "coffee"}
COLUMNS, SIDE, GAP, LABEL = 7, 184, 6, 20


def pictures(evaluation: Path, task: str, photo: str) -> list[tuple[str, Image.Image]]:
    """The original, what was given, and what each method made of it, in the order of the report."""
    folder = evaluation / "pictures"
    found = {
        "original": folder / f"clean@{task.partition('@')[2]}" / f"{photo}.png",
        "given": folder / task / "observed" / f"{photo}.png",
    }
    with (evaluation / "results.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            path = folder / task / row["method"] / f"{photo}.s0.png"
            if f"{row['task']}@{row['size']}" == task and row["method"] != "input" and path.is_file():
                found[row["method"]] = path
    return [(name, Image.open(path).convert("RGB")) for name, path in found.items()]


def sheet(evaluation: Path) -> Image.Image:
    """All tasks below each other, COLUMNS pictures a row, each with its method's name below."""
    rows: list[list[tuple[str, Image.Image]]] = []
    for task, photo in SHOWN.items():
        every = pictures(evaluation, task, photo)
        rows += [every[start : start + COLUMNS] for start in range(0, len(every), COLUMNS)]
    whole = Image.new("RGB", (COLUMNS * (SIDE + GAP) + GAP, len(rows) * (SIDE + LABEL + GAP) + GAP), "white")
    draw, font = ImageDraw.Draw(whole), ImageFont.load_default(13)
    for i, row in enumerate(rows):
        for j, (name, picture) in enumerate(row):
            left, top = GAP + j * (SIDE + GAP), GAP + i * (SIDE + LABEL + GAP)
            whole.paste(picture.resize((SIDE, SIDE), Image.Resampling.NEAREST), (left, top))
            draw.text((left + SIDE / 2, top + SIDE + 2), name, "black", font, anchor="ma")
    return whole


def main() -> None:
    evaluation, out = map(Path, sys.argv[1:])
    sheet(evaluation).save(out, quality=90)


if __name__ == "__main__":
    main()
