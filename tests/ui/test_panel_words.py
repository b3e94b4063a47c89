"""Models that read: which of them go with a task, what is typed for them, and editing by words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from adir_desktop.contract import LATENT_INPAINT, LATENT_UPSCALE, Choice, Finished, Ready
from adir_desktop.errors import MaskError
from tests.ui.hosted_panel import ALBUM, LEFT, Bench, choose, hosted

PRIORS = (
    Choice("starter", "Starter"),
    Choice("sd-x4", "SD x4", family=LATENT_UPSCALE),
    Choice("sd-fill", "SD fill", family=LATENT_INPAINT),
)
METHODS = (
    Choice("diffpir", "DiffPIR"),
    Choice("adir", "ADIR"),
    Choice("sd-upscale", "SD", family=LATENT_UPSCALE),
    Choice("sd-inpaint", "SD", family=LATENT_INPAINT),
)


def offer(bench: Bench, priors: tuple[Choice, ...] = PRIORS) -> None:
    bench.session.hear(Finished(Ready("CPU", priors, METHODS, (Choice("quick", "Quick"),), (ALBUM,))))


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Bench:
    shown = hosted(qtbot, tmp_path, height=1300)
    offer(shown)
    QTest.mouseClick(shown.panel.more.toggle, LEFT)
    return shown


def names(box: QComboBox) -> list[str | None]:
    return [box.itemData(row) for row in range(box.count())]


def test_a_task_offers_the_models_that_can_do_it(bench: Bench) -> None:
    more = bench.panel.more
    for task, able in (
        ("upscale", ["starter", "sd-x4"]),
        ("inpaint", ["starter", "sd-fill"]),
        ("edit", ["sd-fill"]),
        ("deblur", ["starter"]),
    ):
        bench.choose_task(task)
        assert names(more.prior) == able
        assert bench.values.prior == able[0]


def test_a_model_offers_its_own_methods_and_forgets_the_others_numbers(bench: Bench) -> None:
    more = bench.panel.more
    bench.choose_task("upscale")
    assert names(more.sampler) == [None, "diffpir", "adir"]
    choose(more.sampler, "adir")
    bench.session.change(replace(bench.values, steps=44, scale=8))
    choose(more.prior, "sd-x4")
    assert names(more.sampler) == [None, "sd-upscale"]
    assert (bench.values.sampler, bench.values.steps, bench.values.scale) == (None, None, 4)


def test_words_reach_the_request_of_a_model_that_reads_and_no_other(bench: Bench) -> None:
    more = bench.panel.more
    bench.choose_task("upscale")
    assert not more.words.isVisible()
    choose(more.prior, "sd-x4")
    assert more.words.isVisible()
    QTest.keyClicks(more.words.prompt, "a cat")
    QTest.keyClicks(more.words.negative, "blur")
    request = bench.session.request()
    assert (request.prompt, request.negative_prompt) == ("a cat", "blur")
    choose(more.prior, "starter")
    assert bench.session.request().prompt == ""
    assert bench.values.prompt == "a cat"  # kept for when it is wanted again


def test_editing_wants_a_mask_and_words(bench: Bench) -> None:
    bench.choose_task("edit")
    own = bench.panel.values.words
    assert own.isVisible()
    assert not bench.panel.more.words.isVisible()
    with pytest.raises(MaskError, match="mask") as refused:
        bench.session.request()
    assert refused.value.remedy
    bench.mark()
    assert "words" in bench.session.missing()
    QTest.keyClicks(own.prompt, "a lake")
    request = bench.session.request()
    assert (request.task, request.prompt, request.prior) == ("edit", "a lake", "sd-fill")
    assert request.degradation.mask is not None


def test_without_such_a_model_the_engine_is_asked_all_the_same(qtbot: QtBot, tmp_path: Path) -> None:
    """It knows best what is missing, and says where to get it."""
    bench = hosted(qtbot, tmp_path)
    offer(bench, PRIORS[:1])
    bench.choose_task("edit")
    assert bench.values.prior == "starter"
    bench.choose_task("deblur")
    assert bench.values.prior == "starter"
