"""Settings: what is written is read back; damage is told and kept aside."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from adir_desktop import settings
from adir_desktop.errors import AdirError
from adir_desktop.settings import RECENT, Settings, with_recent

FULL = Settings(
    library="Ferien «1972»",
    open_folder="/photos",
    save_folder='/out "x"',
    library_folder="/lib",
    geometry="AdnQywAD",
    recent=("/photos/ä.jpg", "/photos/b.png"),
    language="de",
    theme="dark",
    notify=False,
    device="cpu",
    models_folder="/models",
    autosave=False,
)


def test_what_is_saved_is_loaded() -> None:
    settings.save(FULL)
    assert settings.load() == (FULL, None)


def test_without_a_file_there_are_defaults_and_nothing_to_say() -> None:
    assert settings.load() == (Settings(), None)


def test_unknown_keys_are_ignored_and_missing_ones_have_their_default(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text('library = "L"\nfrom_the_future = 3\n[table]\nx = 1\n')
    assert settings.load(path) == (Settings(library="L"), None)


def test_a_word_of_another_version_is_no_reason_to_lose_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text('library = "L"\ntheme = "sepia"\ndevice = "abacus"\n')
    assert settings.load(path) == (Settings(library="L"), None)


@pytest.mark.parametrize(
    "damage",
    [
        b"library = ",
        b"\xff\xfe\x00",
        b"library = 3",
        b"recent = 'x'",
        b"recent = [1, 2]",
        b"geometry = []",
        b"notify = 1",
    ],
)
def test_a_damaged_file_is_kept_aside_and_told(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(damage)
    loaded, notice = settings.load(path)
    assert loaded == Settings()
    assert notice is not None
    assert "damaged" in notice.message
    assert (tmp_path / "settings.toml.bad").read_bytes() == damage
    assert not path.exists()


def test_a_folder_in_the_files_place_is_told_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.mkdir()
    loaded, notice = settings.load(path)
    assert loaded == Settings()
    assert notice is not None


def test_a_failed_write_leaves_the_old_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings.toml"
    settings.save(FULL, path)

    def full_disk(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(AdirError, match="full"):
        settings.save(Settings(), path)
    monkeypatch.undo()
    assert settings.load(path) == (FULL, None)
    assert [file.name for file in tmp_path.iterdir() if "settings" in file.name] == ["settings.toml"]


def test_a_folder_that_cannot_be_made_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file")
    with pytest.raises(AdirError) as caught:
        settings.save(FULL, tmp_path / "config" / "settings.toml")
    assert caught.value.remedy


def test_recent_photos_are_newest_first_once_and_few() -> None:
    recent: tuple[str, ...] = ()
    for number in range(RECENT + 5):
        recent = with_recent(recent, Path(f"/{number}.jpg"))
    recent = with_recent(recent, Path(f"/{RECENT}.jpg"))
    assert recent[0] == f"/{RECENT}.jpg"
    assert len(recent) == len(set(recent)) == RECENT
