"""The doctor: sound where all is well, and plain about what is not."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from adir_desktop.engine import doctor, doctor_probes, weights
from adir_desktop.engine.doctor import Check
from adir_desktop.engine.doctor_probes import Imports
from adir_desktop.errors import ModelError
from adir_desktop.interrupt import Interrupted, stopping_when

FINE = Imports(
    versions=dict.fromkeys(doctor._LIBRARIES, "1.0"),
    device={"cuda": [], "built_for": "", "threads": 2},
)


def states(checks) -> dict[str, str]:
    return {check.name: check.state for check in checks}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The children replaced: each is tested by itself."""
    monkeypatch.setattr(doctor, "try_imports", lambda _modules: FINE)
    monkeypatch.setattr(doctor, "try_qt", lambda *, window: ("6.9", ""))
    monkeypatch.setattr(doctor, "can_show_windows", lambda: True)


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Makes a module that a child will import before the real one of that name."""

    def make(name: str, text: str) -> None:
        folder = tmp_path / "fake" / name
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text(text)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path / "fake"))

    return make


@pytest.mark.usefixtures("quick")
def test_all_is_well() -> None:
    checks = list(doctor.examine())
    assert [check for check in checks if check.state == "bad"] == []
    expected = {
        "program",
        "torch",
        "device",
        "memory",
        "disk",
        "starter-denoiser",
        "window",
        "libraries",
        "presets",
    }
    assert expected <= {check.name for check in checks}


@pytest.mark.usefixtures("quick")
def test_looking_changes_nothing(home: Path) -> None:
    list(doctor.examine())
    assert not home.exists()


@pytest.mark.slow
def test_a_broken_pair_is_told_in_plain_words(library) -> None:
    library("torchvision", 'raise RuntimeError("operator torchvision::nms does not exist")')
    imports = doctor_probes.try_imports(("torch", "torchvision"))
    assert set(imports.problems) == {"torchvision"}
    assert imports.device["threads"] >= 1  # torch alone still answers
    check = doctor._check_library("torchvision", imports)
    assert check.state == "bad"
    assert "do not belong together" in check.found
    assert "torch torchvision" in check.remedy


def test_what_stands_on_a_broken_pair_points_to_it() -> None:
    imports = Imports(
        FINE.versions, {"torchvision": "RuntimeError: x", "peft": "ModuleNotFoundError: BloomModel"}
    )
    check = doctor._check_library("peft", imports)
    assert (check.state, check.remedy) == ("bad", "Mend torchvision first.")


def test_a_library_that_kills_the_process_is_named(library) -> None:
    library("torchvision", "import os; os.abort()")
    library("peft", "__version__ = '7'")
    imports = doctor_probes.try_imports(("numpy", "torchvision", "peft"))
    assert "ended the process" in imports.problems["torchvision"]
    assert imports.versions["peft"] == "7"
    assert set(imports.problems) == {"torchvision"}


def test_a_missing_library_is_named() -> None:
    imports = doctor_probes.try_imports(("no_such_library_here",))
    assert "No module named" in imports.problems["no_such_library_here"]


def test_chatter_does_not_confuse_the_answers(library) -> None:
    library("peft", "print('hello'); import sys; print('warning', file=sys.stderr); __version__ = '7'")
    imports = doctor_probes.try_imports(("peft",))
    assert (imports.versions, imports.problems) == ({"peft": "7"}, {})


def test_a_process_that_hangs_is_given_up(library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_probes, "PATIENCE", 1)
    library("peft", "import time; time.sleep(60)")
    assert "no answer" in doctor_probes.try_imports(("peft",)).problems["peft"]


def test_a_graphics_processor_is_described() -> None:
    imports = Imports(device={"cuda": [["Some GPU", 24 * 2**30]], "built_for": "13.0", "threads": 2})
    check = doctor._check_device(imports)
    assert (check.state, check.found) == ("good", "Some GPU (24 GiB), CUDA 13.0")


# Qt


def test_qt_loads_here() -> None:
    version, problem = doctor_probes.try_qt(window=False)
    assert problem == ""
    assert version.startswith("6.")


@pytest.mark.parametrize(
    ("text", "problem", "remedy"),
    [
        ("ImportError: libEGL.so.1: cannot open shared object file: No such file", "libEGL.so.1", "libegl1"),
        (
            "ImportError: libstrange.so.7: cannot open shared object file",
            "libstrange.so.7",
            "libstrange.so.7",
        ),
        (
            "From 6.5.0, xcb-cursor0 or libxcb-cursor0 is needed to load the Qt xcb",
            "xcb-cursor",
            "libxcb-cursor0",
        ),
        ("ModuleNotFoundError: No module named 'PySide6'", "not installed", "PySide6-Essentials"),
        ("signal 6", "signal 6", "PySide6-Essentials"),
    ],
)
def test_qts_troubles_have_names(text: str, problem: str, remedy: str) -> None:
    error = doctor_probes.explain_qt(text)
    assert problem in error.problem
    assert remedy in error.remedy
    assert "\n" not in str(error)


@pytest.mark.usefixtures("quick")
def test_a_missing_system_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = "ImportError: libEGL.so.1: cannot open shared object file: No such file or directory"
    monkeypatch.setattr(doctor, "try_qt", lambda *, window: ("", gone))
    (check,) = [check for check in doctor.examine() if check.name == "window"]
    assert check.state == "bad"
    assert "libEGL.so.1" in check.found
    assert "libegl1" in check.remedy


@pytest.mark.usefixtures("quick")
def test_no_display_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "can_show_windows", lambda: False)
    (check,) = [check for check in doctor.examine() if check.name == "window"]
    assert check.state == "note"
    assert "adir restore" in check.remedy


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11 and Wayland only")
def test_a_display_is_known_by_its_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert not doctor_probes.can_show_windows()
    for name, value in (
        ("DISPLAY", ":0"),
        ("WAYLAND_DISPLAY", "wayland-0"),
        ("QT_QPA_PLATFORM", "offscreen"),
    ):
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            assert doctor_probes.can_show_windows()


# Files, memory, disk


@pytest.mark.usefixtures("quick")
def test_damaged_models_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def spoilt(model: weights.Model) -> weights.Verdict:
        return weights.Verdict(model, ("weights.safetensors is damaged",) if "denoiser" in model.name else ())

    monkeypatch.setattr(weights, "verify", spoilt)
    found = states(doctor.examine())
    assert (found["starter-denoiser"], found["starter-encoder"]) == ("bad", "good")


@pytest.mark.usefixtures("quick")
def test_a_missing_catalogue_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> tuple[weights.Model, ...]:
        raise ModelError("The list of models is missing.", "Install again.")

    monkeypatch.setattr(weights, "list_models", gone)
    assert states(doctor.examine())["models"] == "bad"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    check = doctor.check_folder("presets", tmp_path / "file" / "presets")
    assert check.state == "bad"
    assert "ADIR_HOME" in check.remedy
    assert doctor.check_folder("presets", tmp_path / "new" / "presets") == Check(
        "presets", "good", str(tmp_path / "new" / "presets")
    )
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(("free", "state"), [(50 * 2**30, "good"), (2**29, "note"), (2**20, "bad")])
def test_a_full_disk_is_noticed(free: int, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _place: type("Usage", (), {"free": free}))
    assert doctor._check_disk().state == state


@pytest.mark.parametrize(("free", "state"), [(8 * 2**30, "good"), (2**30, "note")])
def test_little_memory_is_noticed(free: int, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = type("Memory", (), {"available": free, "total": 16 * 2**30})
    monkeypatch.setattr(doctor.psutil, "virtual_memory", lambda: memory)
    assert doctor._check_memory().state == state


def test_optional_packages_say_what_they_are_for() -> None:
    check = doctor._check_optional("no-such-package", "HEIC photos", "heic")
    assert (check.state, check.remedy) == ("note", "pip install 'adir-desktop[heic]'")
    assert "HEIC" in check.found


def test_a_child_ends_when_the_job_is_stopped() -> None:
    started = time.monotonic()
    with pytest.raises(Interrupted), stopping_when(lambda: time.monotonic() > started + 0.3):
        doctor_probes._ask("import time; time.sleep(60)")
    assert time.monotonic() - started < 5


def test_a_child_that_never_answers_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_probes, "PATIENCE", 0.5)
    script = f"""print('{doctor_probes._MARK}{{"done": 1}}', flush=True); import time; time.sleep(60)"""
    answers, ending = doctor_probes._ask(script)
    assert answers == [{"done": 1}]
    assert "no answer" in ending
