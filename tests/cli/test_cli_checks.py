"""`adir doctor`."""

from __future__ import annotations

import pytest

from adir_desktop.engine import doctor
from adir_desktop.engine.doctor import Check


@pytest.mark.parametrize(("state", "code"), [("good", 0), ("note", 0), ("bad", 1)])
def test_the_doctors_verdict(adir, monkeypatch: pytest.MonkeyPatch, state: str, code: int) -> None:
    checks = (Check("torch", "good", "2.9"), Check("window", state, "no libEGL", "install libegl1"))
    monkeypatch.setattr(doctor, "examine", lambda: iter(checks))
    ran = adir("doctor")
    assert (ran.code, ran.err) == (code, "")
    assert "no libEGL" in ran.out
    assert "install libegl1" in ran.out
    ran = adir("doctor", "--json")
    assert ran.code == code
    (line,) = ran.lines
    assert line["ok"] is (code == 0)
    assert line["checks"][1] == {
        "name": "window",
        "state": state,
        "found": "no libEGL",
        "remedy": "install libegl1",
    }
