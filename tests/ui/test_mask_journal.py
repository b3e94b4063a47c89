"""The mask on disk: a journal gives back pixels and history wherever it was cut off; PNG files."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from masks import SHAPE, operate, painted
from PIL import Image

from adir_desktop.errors import AdirError, MaskError
from adir_desktop.ui import mask_journal
from adir_desktop.ui.mask import MaskPainting, Mode
from adir_desktop.ui.mask_journal import DamagedJournal, Journal, mask_from_png, mask_to_png, replay

ROOT = Path(__file__).parent.parent.parent


def same(one: MaskPainting, other: MaskPainting) -> bool:
    return np.array_equal(one.pixels, other.pixels) and one.steps == other.steps and one.count == other.count


@pytest.mark.parametrize("seed", range(4))
def test_a_journal_gives_back_the_pixels_and_the_history(tmp_path: Path, seed: int) -> None:
    random, path = np.random.default_rng(seed), tmp_path / "mask.journal"
    mask, journal = MaskPainting(*SHAPE), Journal(path)
    journal.watch(mask)
    for _ in range(30):
        operate(mask, random)
        assert same(replay(path, *SHAPE), mask)
    journal.close()
    again = replay(path, *SHAPE)
    while mask.can_undo:
        mask.undo()
        again.undo()
        assert np.array_equal(again.pixels, mask.pixels)
    while mask.can_redo:
        mask.redo()
        again.redo()
        assert np.array_equal(again.pixels, mask.pixels)


def test_wherever_a_journal_was_cut_off_it_gives_what_was_done_until_then(tmp_path: Path) -> None:
    path, cut = tmp_path / "mask.journal", tmp_path / "cut.journal"
    mask, journal = MaskPainting(60, 70), Journal(path)
    journal.watch(mask)
    states = [mask.pixels.copy()]
    mask.operated.connect(lambda _: states.append(mask.pixels.copy()))
    random = np.random.default_rng(2)
    for _ in range(25):
        operate(mask, random)
    journal.close()
    lines = path.read_bytes().splitlines(keepends=True)
    assert len(lines) == 1 + len(states) - 1
    for number, state in enumerate(states):
        whole, rest = b"".join(lines[: number + 1]), b"".join(lines[number + 1 :][:1])
        for part in {0, len(rest) // 2, max(len(rest) - 1, 0)}:
            cut.write_bytes(whole + rest[:part])
            assert np.array_equal(replay(cut, 60, 70).pixels, state)


def test_a_stroke_that_was_being_painted_is_kept_and_can_be_undone(tmp_path: Path) -> None:
    path = tmp_path / "mask.journal"
    mask, journal = MaskPainting(40, 40), Journal(path)
    journal.watch(mask)
    mask.begin((5, 5), 6)
    mask.extend((30, 20))
    again = replay(path, 40, 40)
    assert np.array_equal(again.pixels, mask.pixels)
    assert again.can_undo
    again.undo()
    assert again.empty
    journal.close()


KILLED = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from adir_desktop.ui.mask import MaskPainting
from adir_desktop.ui.mask_journal import Journal
app = QCoreApplication([])
mask, journal = MaskPainting(200, 200), Journal(Path(sys.argv[1]))
journal.watch(mask)
mask.begin((20, 20), 9)
mask.finish()
mask.begin((50.25, 60.5), 12)
mask.extend((150.125, 90.75))
os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_killed_in_the_middle_of_a_stroke_nothing_painted_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "mask.journal"
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(path)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    expected = MaskPainting(200, 200)
    expected.begin((20, 20), 9)
    expected.finish()
    expected.begin((50.25, 60.5), 12)
    expected.extend((150.125, 90.75))
    expected.finish()
    assert same(replay(path, 200, 200), expected)


def test_a_journal_begins_with_what_was_painted_before(tmp_path: Path) -> None:
    path, mask = tmp_path / "mask.journal", painted(7)
    mask.undo()
    for _ in range(2):  # the second time in place of a file
        journal = Journal(path)
        journal.watch(mask)
        assert same(replay(path, *SHAPE), mask)
        mask.redo()
        journal.close()
        mask.undo()  # not written any more
        assert not same(replay(path, *SHAPE), mask)


def test_a_journal_that_has_grown_far_beyond_its_state_is_rewritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mask_journal, "ENOUGH", 4000)
    path, mask = tmp_path / "mask.journal", MaskPainting(100, 100)
    journal = Journal(path)
    journal.watch(mask)
    longest = 0
    for _ in range(30):
        mask.begin((5, 5), 8)
        for step in range(40):
            mask.extend((5 + step, 50 + 40 * np.sin(step)))
        mask.finish()
        mask.clear()
        longest = max(longest, path.stat().st_size)
        assert same(replay(path, 100, 100), mask)
    assert longest < 40_000  # unshortened, it is several times as long
    journal.close()
    assert list(tmp_path.glob(".*")) == []


def test_a_brush_event_costs_one_short_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, mask = tmp_path / "mask.journal", MaskPainting(5000, 5000)
    journal = Journal(path)
    journal.watch(mask)
    mask.begin((100, 100), 20)
    before = path.stat().st_size
    monkeypatch.setattr(os, "fsync", lambda _: pytest.fail("synced inside a stroke"))
    tracemalloc.start()
    for step in range(100):
        mask.extend((100 + 3 * step, 100 + step / 7))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    monkeypatch.undo()
    assert (path.stat().st_size - before) / 100 < 60
    assert peak < 2_000_000
    journal.close()


def test_a_damaged_line_gives_what_came_before_it_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "mask.journal"
    mask, journal = MaskPainting(30, 30), Journal(path)
    journal.watch(mask)
    mask.begin((10, 10), 6)
    mask.finish()
    before = mask.pixels.copy()
    mask.grow(2)
    mask.invert()
    journal.close()
    lines = path.read_bytes().splitlines(keepends=True)
    damages = (
        *(b"\xff\x00\n", b"{}\n", b"[]\n", b'["paint",1,2]\n', b'["to","a",2,3]\n', b'["wipe"]\n'),
        *(b'["flip",[[0,0,"!!"]]]\n', b'["flip",[[7,0,"eJwDAAAAAAE="]]]\n', b'["flip",[[0,-1,""]]]\n'),
        *(b'["paint",NaN,1,5]\n', b'["paint",1,1,1e300]\n', b"[" * 100_000 + b"\n", lines[3][:20] + b"\n"),
    )
    for damage in damages:
        path.write_bytes(b"".join(lines[:3]) + damage + b"".join(lines[4:]))
        with pytest.raises(DamagedJournal) as caught:
            replay(path, 30, 30)
        assert np.array_equal(caught.value.mask.pixels, before), damage[:40]
        assert caught.value.remedy


@pytest.mark.parametrize(
    "content", [b"", b"hello\n", b"\xff\xfe\x00\n", b'["mask",99,30,30]\n', b'["mask",1,31,30]\n']
)
def test_what_is_no_journal_of_this_photo_is_refused_with_a_remedy(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mask.journal"
    path.write_bytes(content)
    with pytest.raises(MaskError) as caught:
        replay(path, 30, 30)
    assert caught.value.remedy
    assert not isinstance(caught.value, DamagedJournal)


def test_a_missing_journal_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(AdirError):
        replay(tmp_path / "none.journal", 30, 30)


def test_a_full_disk_ends_the_journal_not_the_painting(tmp_path: Path) -> None:
    mask, journal = MaskPainting(30, 30), Journal(tmp_path / "mask.journal")
    journal.watch(mask)
    failed: list[object] = []
    journal.failed.connect(failed.append)
    with open("/dev/full", "ab", buffering=0) as full:  # noqa: PTH123
        journal._file, file = full, journal._file
        file.close()
        mask.begin((10, 10), 6)
        mask.extend((20, 20))
        mask.finish()
    assert mask.count > 0
    assert len(failed) == 1
    assert isinstance(failed[0], AdirError)
    journal.close()


def test_a_folder_that_is_gone_is_told_not_raised(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "gone" / "mask.journal")
    failed: list[object] = []
    journal.failed.connect(failed.append)
    mask = MaskPainting(10, 10)
    journal.watch(mask)
    mask.invert()
    assert mask.count == 100
    assert len(failed) == 1
    journal.close()


def test_a_png_gives_the_mask_back(tmp_path: Path) -> None:
    path, mask = tmp_path / "mask.png", painted(2)
    path.write_bytes(mask_to_png(mask.pixels))
    with Image.open(path) as image:
        assert (image.mode, image.size) == ("1", SHAPE[::-1])
        assert np.array_equal(np.asarray(image), mask.pixels)
    assert np.array_equal(mask_from_png(path, *SHAPE), mask.pixels)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA", "P", "I;16"])
def test_masks_of_other_programs_are_read_in_any_kind_of_png(tmp_path: Path, mode: str) -> None:
    values = np.zeros((6, 8), np.uint8)
    values[1:3, 2:5] = 255
    values[4] = 127
    values[5] = 128
    if mode == "I;16":
        Image.fromarray(values.astype(np.uint16) * 257).save(tmp_path / "mask.png")
    else:
        Image.fromarray(values).convert(mode).save(tmp_path / "mask.png")
    expected = values >= 128
    assert np.array_equal(mask_from_png(tmp_path / "mask.png", 6, 8), expected)


def test_transparent_parts_are_not_marked(tmp_path: Path) -> None:
    values = np.full((4, 4, 4), 255, np.uint8)
    values[:2, :, 3] = 0
    Image.fromarray(values).save(tmp_path / "mask.png")
    assert mask_from_png(tmp_path / "mask.png", 4, 4).tolist() == [[False] * 4] * 2 + [[True] * 4] * 2


def bomb(width: int, height: int) -> bytes:
    """A PNG that claims to be far larger than it is."""
    stream = io.BytesIO()
    Image.new("1", (8, 8), 1).save(stream, "PNG")
    content = bytearray(stream.getvalue())
    content[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    import zlib

    content[29:33] = zlib.crc32(content[12:29]).to_bytes(4, "big")
    return bytes(content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture",
        mask_to_png(np.ones((5, 5), bool)),
        mask_to_png(np.zeros((8, 8), bool)),
        bomb(60_000, 60_000),
    ],
)
def test_unusable_pngs_are_refused_with_a_remedy(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mask.png"
    path.write_bytes(content)
    with pytest.raises(MaskError) as caught:
        mask_from_png(path, 8, 8)
    assert caught.value.remedy


def test_a_png_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mask.png"
    noise = np.random.default_rng(0).random((300, 300)) < 0.5
    path.write_bytes(mask_to_png(noise)[:3000])
    with pytest.raises(MaskError, match="damaged"):
        mask_from_png(path, 300, 300)


def test_a_mask_can_go_through_a_file_and_be_added(tmp_path: Path) -> None:
    path, mask = tmp_path / "mask.png", painted(4)
    path.write_bytes(mask_to_png(mask.pixels))
    other = MaskPainting(*SHAPE)
    other.invert()
    other.apply(mask_from_png(path, *SHAPE), Mode.SUBTRACT)
    assert np.array_equal(other.pixels, ~mask.pixels)
