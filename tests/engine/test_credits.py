"""Credits beside photos: what is written is read again, and no such file can do harm."""

from __future__ import annotations

import csv
import os
import sys
import unicodedata
from pathlib import Path

import pytest

from adir_desktop.engine import credits as module
from adir_desktop.engine.credits import Credit, read, write
from adir_desktop.errors import BadInput, LibraryError

ANN = Credit("Ann Ó Dé", "CC BY 2.0", "https://example.org/p?a=1,2#x", 'A "big", red\tbarn')


def put(folder, text) -> None:
    (folder / "credits.csv").write_bytes(text if isinstance(text, bytes) else text.encode())


def test_what_is_written_is_read_again(tmp_path):
    given = {"b.jpg": ANN, "a, b.png": Credit(), "ü.jpg": Credit(title="-")}
    write(tmp_path, given)
    assert read(tmp_path) == {
        **given,
        "b.jpg": Credit(ANN.author, ANN.licence, ANN.page, 'A "big", red barn'),
    }
    with (tmp_path / "credits.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["file"] for row in rows] == sorted(given)
    assert rows[1]["licence"] == "CC BY 2.0"
    before = (tmp_path / "credits.csv").read_bytes()
    write(tmp_path, read(tmp_path))
    assert (tmp_path / "credits.csv").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["credits.csv"]


def test_a_folder_without_credits_has_none(tmp_path):
    assert read(tmp_path) == {}
    assert read(tmp_path / "nowhere") == {}
    (tmp_path / "credits.csv").mkdir()
    assert read(tmp_path) == {}


def test_columns_may_be_few_many_and_in_any_order(tmp_path):
    put(tmp_path, "\ufeffcolour,Author , FILE\r\nred,Ann,a.jpg\r\nblue,Bo\r\nblue,Cy,c.jpg,more\r\n")
    assert read(tmp_path) == {"a.jpg": Credit("Ann"), "c.jpg": Credit("Cy")}


def test_the_later_row_of_a_file_counts(tmp_path):
    put(tmp_path, "file,author\na.jpg,Ann\na.jpg,Bo\n")
    assert read(tmp_path) == {"a.jpg": Credit("Bo")}


@pytest.mark.parametrize("name", ["../a.jpg", "sub/a.jpg", "sub\\a.jpg", "/etc/a.jpg", "", ".", ".."])
def test_rows_of_files_elsewhere_are_passed_over(tmp_path, name):
    put(tmp_path, f"file,author\n{name},Eve\nmine.jpg,Ann\n")
    assert read(tmp_path) == {"mine.jpg": Credit("Ann")}


def test_texts_become_one_line_of_sensible_length(tmp_path):
    write(tmp_path, {"a.jpg": Credit("A\n\n B\x1b[31m\u202e", "x" * 5000, title="e\u0301" * 150)})
    found = read(tmp_path)["a.jpg"]
    assert found.author == "A B[31m"
    assert found.licence == "x" * module.MAX_TEXT
    assert found.title == unicodedata.normalize("NFC", "é") * 150


@pytest.mark.parametrize(
    "page",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://a.org/x",
        "http://",
        "http://[",
        "http://:80/",
        "https://example.org@evil.org/",
        "https://a b.org",
        "www.example.org",
        "https://a.org/\x07",
        "https://a.org/" + "x" * 2000,
    ],
)
def test_a_page_is_an_address_of_the_web(tmp_path, page):
    write(tmp_path, {"a.jpg": Credit("Ann", page=page), "b.jpg": Credit(page=" HTTP://a.org:80/é?x=[1] ")})
    assert read(tmp_path) == {"a.jpg": Credit("Ann"), "b.jpg": Credit(page="HTTP://a.org:80/é?x=[1]")}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "columns"),
        (b"name,author\na.jpg,Ann\n", "columns"),
        (b"file,author\na.jpg,\xff\xfe\n", "UTF-8"),
        (b"file,author\na.jpg," + b"x" * 200_000 + b"\n", "columns"),
        (bytes(range(256)) * 10, "UTF-8"),
    ],
)
def test_a_damaged_file_is_told(tmp_path, content, reason):
    put(tmp_path, content)
    with pytest.raises(LibraryError, match=reason) as told:
        read(tmp_path)
    assert "Mend or remove" in told.value.remedy


def test_a_giant_file_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_BYTES", 2 << 20)
    with (tmp_path / "credits.csv").open("wb") as stream:
        stream.truncate(1 << 40)
    with pytest.raises(LibraryError, match="larger than 2 MB"):
        read(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="no such files there")
def test_a_pipe_does_not_hang_the_reader(tmp_path):
    os.mkfifo(tmp_path / "credits.csv")
    assert read(tmp_path) == {}


def test_a_locked_file_is_told(tmp_path, monkeypatch):
    write(tmp_path, {"a.jpg": ANN})

    def locked(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", locked)
    with pytest.raises(LibraryError, match=r"cannot be read: Permission denied"):
        read(tmp_path)


def test_writing_needs_the_folder(tmp_path):
    with pytest.raises(BadInput, match="does not exist"):
        write(tmp_path / "nowhere", {})
