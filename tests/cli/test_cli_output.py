"""How events are shown: bars on a terminal, lines in a log, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from adir_desktop.cli_output import Output, duration
from adir_desktop.contract import Event, Finished, Found, Neighbour, NeighbourSet, Notice, Progress

PREVIEW = np.zeros((2, 2, 3), np.uint8)


def job(closed: list[str] | None = None) -> Iterator[Event]:
    try:
        yield Progress("adapt", 3, 10, seconds=3, eta=70, loss=0.12345678)
        yield Progress("adapt", 10, 10, seconds=10, eta=0, loss=0.05)
        yield Found(
            NeighbourSet("album", "starter", "x", (Neighbour("id", Path("a.png"), 0.87654321, 10.0),))
        )
        yield Notice("One [photo] was left out.", "Look at it.")
        yield Progress("sample", 1, 2, consistency=float("nan"), preview=PREVIEW)
        yield Finished("the result")
    finally:
        if closed is not None:
            closed.append("closed")


def test_programs_get_an_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with Output(as_events=True) as output:
        assert output.drain(job()) == "the result"
    out, err = capsys.readouterr()
    assert err == ""
    first, _, found, notice, sample = map(json.loads, out.splitlines())
    assert first == {"stage": "adapt", "done": 3, "total": 10, "loss": 0.12346, "eta": 70, "seconds": 3}
    assert found["neighbours"][0]["similarity"] == 0.8765
    assert notice == {"notice": "One [photo] was left out.", "remedy": "Look at it."}
    assert (sample["consistency"], sample["eta"]) == (None, None)


def test_a_log_gets_a_line_a_stage(capsys: pytest.CaptureFixture[str]) -> None:
    with Output() as output:
        output.drain(job())
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "Adapting: 10 of 10, 10.0 s, loss 0.0500",
        "1 similar photos from 'album', the nearest 0.88.",
        "One [photo] was left out. Look at it.",
    ]


def test_a_terminal_gets_bars(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "200")
    with Output() as output:
        output.drain(job())
    err = capsys.readouterr().err
    for words in ("Adapting", "3 of 10", "about 1 min 10 s left", "loss 0.1235", "One [photo] was left out."):
        assert words in err


def test_photos_are_told_by_the_second(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "200")
    with Output() as output:
        output.drain(iter([Progress("index", 1000, 4000, seconds=10, eta=30)]))
    assert "100 a second" in capsys.readouterr().err


def test_one_document_alone_where_json_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with Output(as_json=True) as output:
        output.drain(job())
        output.record({"path": Path("x"), "number": np.float32(0.5), "nothing": float("inf")})
    out, err = capsys.readouterr()
    assert json.loads(out) == {"path": "x", "number": 0.5, "nothing": None}
    assert err == "One [photo] was left out. Look at it.\n"


def test_what_libraries_print_reaches_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    with Output(as_events=True) as output:
        print("Loading weights: 100%")
        output.line("ours")
    assert capsys.readouterr().out == "ours\n"


def test_the_job_is_closed_whatever_happens() -> None:
    closed: list[str] = []

    def burst(_event: Event) -> None:
        raise KeyboardInterrupt

    with Output(as_events=True) as output:
        output._show_json = burst  # type: ignore[method-assign]
        with pytest.raises(KeyboardInterrupt):
            output.drain(job(closed))
    assert closed == ["closed"]


def test_rows_are_never_folded_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    with Output() as output:
        output.table(("Name", "Path"), [("a", "x" * 500), ("[red]b", "y")])
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["Name    Path", f"a       {'x' * 500}", "[red]b  y"]


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "0 s"), (59, "59 s"), (200, "3 min 20 s"), (3900, "1 h 05 min")]
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words
