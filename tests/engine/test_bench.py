"""The benchmark: what is timed, what is counted, what is refused, and that it can be stopped."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing import Pipe
from pathlib import Path

import psutil
import pytest
import torch
from safetensors.torch import save_file
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from adir_desktop.__main__ import main
from adir_desktop.contract import LATENT_UPSCALE, PIXELS, Notice, Progress
from adir_desktop.engine.adapt import AdaptSettings
from adir_desktop.engine.bench import laps, parts, run, worker
from adir_desktop.engine.bench.report import Spread, Timing, processor
from adir_desktop.engine.bench.run import BenchSettings
from adir_desktop.engine.priors import UNetPrior, load_prior
from adir_desktop.engine.recipes import RECIPES
from adir_desktop.engine.record import peak_memory
from adir_desktop.errors import AdirError, MemoryShort, RequestError
from adir_desktop.interrupt import Interrupted, stopping_when
from tests.engine import tiny_sd
from tests.engine.guided_layout import drawn, tensors

CPU = torch.device("cpu")


def drained(work):
    events = []
    while True:
        try:
            events.append(next(work))
        except StopIteration as stop:
            return events, stop.value


def naps(*seconds: float, units: int = 1):
    for nap in seconds:
        time.sleep(nap)
        yield units


def test_the_first_lap_is_not_timed() -> None:
    told, (spread, flop) = drained(laps.timed(naps(0.3, 0.02, 0.04, 0.02), CPU, laps.Effort(3, 0.0, 3)))
    assert len(told) == 4
    assert flop == 0
    assert 0.02 <= spread.low <= spread.median < 0.035
    assert 0.04 <= spread.high < 0.2
    assert spread.rounds == 3


def test_laps_of_several_units_are_shared_out() -> None:
    _, (spread, _) = drained(laps.timed(naps(0, 0.08, 0.08, units=4), CPU, laps.Effort(2, 0.0, 2)))
    assert 0.02 <= spread.median < 0.04


def test_short_rounds_are_repeated_for_a_while_and_not_for_ever() -> None:
    _, (long, _) = drained(laps.timed(naps(*[0.01] * 99), CPU, laps.Effort(2, 0.1, 50)))
    assert 5 <= long.rounds <= 11
    _, (most, _) = drained(laps.timed(naps(*[0] * 99), CPU, laps.Effort(2, 60.0, 20)))
    assert most.rounds == 20


def test_the_matrix_rate_is_operations_over_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(100))
    monkeypatch.setattr(laps, "MATRIX_SIDES", {"cpu": (16, 8)})
    monkeypatch.setattr(laps.time, "perf_counter", lambda: next(clock))
    assert laps.matrix_rate(CPU, torch.float32) == 2 * 16**3


def test_what_follows_from_a_timing() -> None:
    timing = Timing("dps", Spread.of([2.0, 1.0, 4.0]), 10**12, 2e12, 5, 20)
    assert (timing.seconds.median, timing.seconds.low, timing.seconds.high) == (2.0, 1.0, 4.0)
    assert (timing.rate, timing.share, timing.job) == (5e11, 0.25, 40.0)
    record = json.loads(json.dumps(timing.record()))
    assert (record["per_second"], record["tflops"], record["share_of_matrix"]) == (0.5, 0.5, 0.25)
    assert record["seconds"]["rounds"] == 3


def test_the_processor_is_named(tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text("processor\t: 0\nmodel name\t: Some CPU: 3 GHz\n")
    assert processor(tmp_path / "cpuinfo") == "Some CPU: 3 GHz"
    assert processor(tmp_path / "nothing")


class Plain(nn.Module):
    """Two convolutions, whose operations can be counted by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.head = nn.Conv2d(8, 3, 1)

    def forward(self, sample, timestep, return_dict=True):
        return (self.head(self.conv(sample)),)


OF_PIXELS = {part: row for part, row in parts.PARTS.items() if PIXELS in row.families}
CONV, HEAD = 2 * 64**2 * 3 * 8 * 9, 2 * 64**2 * 8 * 3  # operations of the two for 64 x 64 pixels


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> parts.Setting:
    torch.manual_seed(0)
    net = Plain().requires_grad_(requires_grad=False)
    quick = {"cpu": AdaptSettings(40, 2, 64, rank=2, alpha=2, hold_out=True)}
    monkeypatch.setitem(RECIPES, "quick", replace(RECIPES["quick"], adapt=quick))
    prior = UNetPrior("plain", net, "0" * 64, pixel_alpha_bar(), 1)
    return parts.Setting(prior, CPU, torch.float32, 64, "quick", 4)


def pixel_alpha_bar() -> torch.Tensor:
    return torch.linspace(0.9999, 0.05, 1000, dtype=torch.float64)


def counted(setting: parts.Setting, part: str) -> int:
    work = parts.PARTS[part].laps(setting)
    try:
        with FlopCounterMode(display=False) as counter:
            units = next(work)
        return counter.get_total_flops() // units
    finally:
        work.close()


def test_an_evaluations_operations_are_those_of_the_network(setting: parts.Setting) -> None:
    assert counted(setting, "evaluation") == CONV + HEAD


def test_a_step_is_one_pass_or_goes_back_too(setting: parts.Setting) -> None:
    """The operator's own products come on top, the same for all; going back costs what going there does."""
    diffpir, adir, dps = (counted(setting, part) - CONV - HEAD for part in ("diffpir", "adir", "dps"))
    assert 0 < adir < CONV
    assert 0 < diffpir < CONV
    assert CONV + HEAD <= dps < 2 * CONV + HEAD


def test_an_iteration_has_its_batch_there_and_back(setting: parts.Setting) -> None:
    """Forward through both, back to the weights of both, back to the features between: the LoRA's share is small."""
    base = 2 * ((CONV + HEAD) + (CONV + HEAD) + HEAD)
    assert base <= counted(setting, "adaptation") < 1.2 * base


def test_jobs_are_the_recipes(setting: parts.Setting) -> None:
    units = {part: row.units(setting) for part, row in OF_PIXELS.items()}
    assert units == {"evaluation": 1, "diffpir": 20, "adir": 60, "dps": 20, "adaptation": 40}
    paper = replace(setting, recipe="paper")
    assert parts.PARTS["adaptation"].units(paper) == 400
    assert parts.PARTS["adir"].units(paper) == 1000


def test_every_part_runs_to_its_end(setting: parts.Setting) -> None:
    for row in OF_PIXELS.values():
        _, (spread, flop) = drained(laps.timed(row.laps(setting), CPU, laps.QUICK))
        assert spread.rounds in (1, 2)  # a lap of the adaptation may be all that is left of it
        assert 0 < spread.low < math.inf
        assert flop > CONV


@pytest.mark.parametrize("make", [tiny_sd.upscaler, tiny_sd.inpainter, tiny_sd.xl_inpainter])
def test_every_part_of_stable_diffusion_runs(
    make: Callable[[Path], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    latent = {"cpu": AdaptSettings(4, 1, 64, rank=2, alpha=2)}
    monkeypatch.setitem(RECIPES, "quick", replace(RECIPES["quick"], latent=latent))
    prior = load_prior(f"file:{make(tmp_path / 'sd')}")
    asked = parts.Setting(prior, CPU, torch.float32, 64, "quick", 4)
    mine = {part: row for part, row in parts.PARTS.items() if prior.family in row.families}
    assert len(mine) == 4
    counted = {}
    for part, row in mine.items():
        _, (spread, counted[part]) = drained(laps.timed(row.laps(asked), CPU, laps.QUICK))
        assert 0 < spread.low < math.inf
        assert row.units(asked) >= 1
    step = counted["sd-upscale" if prior.family == LATENT_UPSCALE else "sd-inpaint"]
    assert step > 1.9 * counted["evaluation"]  # there and for guidance


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    """Of the published layout, narrow and shallow."""
    made = drawn(tensors(32, (1, 2), 1, 64, (32,)))
    save_file(made, tmp_path / "narrow.safetensors")
    return tmp_path / "narrow.safetensors"


def test_a_prior_in_a_process_of_its_own(checkpoint: Path) -> None:
    settings = BenchSettings((f"file:{checkpoint}",), ("evaluation",), 32, precision="float32", quick=True)
    events, report = drained(run.bench(settings))
    told = [event for event in events if isinstance(event, Notice)]
    assert told == events[:1], "that it begins"
    assert all(isinstance(event, Progress) for event in events[1:])
    assert (events[1].done, events[-1].done, events[-1].total) == (0, 1, 1)
    (measured,) = report.priors
    assert measured.parameters == sum(math.prod(shape) for _, shape in tensors(32, (1, 2), 1, 64, (32,)))
    (timing,) = measured.timings
    assert timing.part == "evaluation"
    assert 0 < timing.share < 1
    assert 100 * 2**20 < timing.memory < 4 * 2**30
    assert (report.machine.device, report.machine.precision) == ("cpu", "float32")
    assert report.machine.torch == torch.__version__
    assert json.loads(json.dumps(report.record()))["priors"][0]["problems"] == {}


def test_the_command(
    checkpoint: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Parts in this process; one of them runs out of memory."""

    def here(order: worker.Order, waiting):
        yield waiting()
        if order.part == "dps":
            raise MemoryShort("Too large.", "Choose a smaller one.")
        spread = Spread.of([0.5, 0.25, 1.0])
        return Timing(order.part, spread, 10**12, 4e12, 2**30, 8)

    monkeypatch.setattr(run, "measure_apart", here)
    command = ["bench", "--prior", str(checkpoint), "--part", "dps", "--part", "adir", "--size", "64"]
    command += ["--precision", "float32"]
    assert main(command) == 1
    out, err = capsys.readouterr()
    assert "dps: Too large. Choose a smaller one." in err
    told = [line for line in err.splitlines() if line.startswith("Timing ")]
    assert [line.split(", ")[-1] for line in told] == ["adir (1 of 2).", "dps (2 of 2)."]
    assert err.index(told[-1]) < err.index("Too large"), "before the part begins, in a pipe too"
    row = next(line for line in out.splitlines() if " adir " in line)
    for cell in ("500 ms (250 ms to 1e+03 ms)", "50 %", "1.00 GiB", "8 in 4 s"):
        assert cell in row
    assert main([*command, "--json"]) == 1
    record = json.loads(capsys.readouterr().out)
    (prior,) = record["priors"]
    assert prior["problems"] == {"dps": "Too large."}
    assert [part["part"] for part in prior["parts"]] == ["adir"]
    assert prior["parts"][0]["job_seconds"] == 4.0
    assert (record["size"], record["recipe"]) == (64, "quick")


@pytest.mark.parametrize(
    "wrong",
    [
        ("--prior", "nonsense"),
        ("--prior", "file:nowhere.pt"),
        ("--prior", "starter", "--prior", "file:nowhere.pt"),
        ("--part", "nonsense"),
        ("--size", "0"),
        ("--size", "100"),
        ("--size", "4096"),
        ("--size", "-32"),
        ("--size", "many"),
        ("--recipe", "nonsense"),
        ("--device", "nonsense"),
        ("--precision", "float64"),
    ],
)
def test_wrong_values_are_told_before_anything_is_timed(
    wrong: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "measure_apart", lambda *_: pytest.fail("it was timed"))
    assert main(["bench", *wrong]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("adir: ")
    assert len(err.splitlines()) == 1


def order(checkpoint: Path, **changes: object) -> worker.Order:
    usual = worker.Order(f"file:{checkpoint}", "evaluation", "cpu", "float32", 64, "quick", 1, laps.Effort())
    return replace(usual, **changes)


def test_stopping_ends_the_process_at_once(checkpoint: Path) -> None:
    for stop in (True, False):
        work = worker.measure_apart(order(checkpoint), lambda: Notice("at work"))
        assert next(work) == Notice("at work")
        (child,) = [p for p in psutil.Process().children() if "spawn_main" in " ".join(p.cmdline())]
        start = time.perf_counter()
        if stop:
            with stopping_when(lambda: True), pytest.raises(Interrupted):
                next(work)
        work.close()
        assert time.perf_counter() - start < 1
        assert not child.is_running()


@pytest.mark.parametrize("failure", [RequestError("No."), MemoryError(), torch.OutOfMemoryError()])
def test_a_failure_is_handed_over(
    failure: Exception, checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the process does, done in this one."""

    def fails(_: worker.Order):
        yield
        raise failure

    monkeypatch.setattr(worker, "measure", fails)
    monkeypatch.setattr(worker.signal, "signal", lambda *_: None)
    ours, theirs = Pipe()
    worker._serve(theirs, order(checkpoint, threads=torch.get_num_threads()))
    assert ours.poll(0)
    assert isinstance(ours.recv(), RequestError if isinstance(failure, RequestError) else MemoryShort)
    ours.close()
    theirs.close()


def test_a_failure_in_the_process_is_told(checkpoint: Path) -> None:
    with pytest.raises(RequestError, match="no prior 'nonsense'"):
        drained(worker.measure_apart(order(checkpoint, prior="nonsense"), lambda: Notice("")))


def test_a_process_that_dies_is_told(checkpoint: Path) -> None:
    work = worker.measure_apart(order(checkpoint), lambda: Notice(""))
    next(work)
    (child,) = [p for p in psutil.Process().children() if "spawn_main" in " ".join(p.cmdline())]
    child.kill()
    with pytest.raises(AdirError, match="ended without a word"):
        drained(work)


def test_the_peak_of_a_process_is_its_own(checkpoint: Path) -> None:
    """Not that of the one which started it, however much that has held."""
    ballast = torch.ones(400 * 2**20)
    assert ballast.sum() > 0
    settings = BenchSettings((f"file:{checkpoint}",), ("evaluation",), 32, precision="float32", quick=True)
    (measured,) = drained(run.bench(settings))[1].priors
    assert measured.timings[0].memory < 1.5 * 2**30 < peak_memory("cpu")
