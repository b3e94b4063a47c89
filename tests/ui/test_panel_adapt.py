"""What is adapted to: libraries with their weights, and presets of the store or from a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hosted_panel import ALBUM, HOLIDAYS, LEFT, PRESETS, Bench, choose, hosted
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from adir_desktop.contract import AppliedPreset, Finished, NeighbourSet, Source
from adir_desktop.ui.requests import chosen_too
from adir_desktop.ui.sources import SourceRow, notch_of, weight_of


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Bench:
    shown = hosted(qtbot, tmp_path)
    choose(shown.panel.adapt.choice, "neighbours")
    return shown


def rows(bench: Bench) -> dict[str, SourceRow]:
    return {row.name: row for row in bench.panel.adapt.sources.rows}


def press(row: SourceRow) -> None:
    QTest.mouseClick(row.check, LEFT, pos=QPoint(8, row.check.height() // 2))


def test_all_libraries_are_there_with_their_counts(bench: Bench) -> None:
    assert list(rows(bench)) == ["Album", "Holidays"]
    assert rows(bench)["Holidays"].check.text() == "Holidays · 12,431 photos"
    assert str(HOLIDAYS.folders[0]) in rows(bench)["Holidays"].check.toolTip()


def test_weights_are_shown_only_where_there_is_something_to_weigh(bench: Bench) -> None:
    album, holidays = rows(bench)["Album"], rows(bench)["Holidays"]
    assert album.check.isChecked()
    assert not album.slider.isVisible()
    press(holidays)
    assert bench.values.sources == (Source("Album"), Source("Holidays"))
    assert album.slider.isVisible()
    assert holidays.slider.isVisible()
    press(album)
    assert bench.values.sources == (Source("Holidays"),)
    assert not holidays.slider.isVisible()


def test_a_weight_goes_by_keys_into_the_request_and_back(bench: Bench) -> None:
    press(rows(bench)["Holidays"])
    slider = rows(bench)["Holidays"].slider
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_End)
    assert bench.session.request().sources == (Source("Album"), Source("Holidays", 10.0))
    assert rows(bench)["Holidays"].factor.text() == "× 10"
    QTest.keyClick(slider, Qt.Key.Key_Home)
    assert bench.values.sources[1].weight == 0.1
    bench.session.change(replace(bench.values, sources=(Source("Album", 3.0), Source("Holidays"))))
    assert rows(bench)["Album"].slider.value() == notch_of(3.0)


def test_the_scale_of_weights_is_logarithmic_and_its_own_inverse() -> None:
    assert (weight_of(0), weight_of(20), weight_of(-20)) == (1.0, 10.0, 0.1)
    assert weight_of(10) == pytest.approx(3.2)
    assert all(notch_of(weight_of(notch)) == notch for notch in range(-20, 21))


def test_switching_all_libraries_off_leads_to_words(bench: Bench) -> None:
    press(rows(bench)["Album"])
    assert bench.values.sources == ()
    assert not bench.panel.restore.isEnabled()
    assert "librar" in bench.panel.missing.text()


def test_another_library_forgets_the_neighbours_found(bench: Bench) -> None:
    bench.session.hear(Finished(NeighbourSet("Album", "starter", "photo", ())))
    press(rows(bench)["Holidays"])
    assert bench.session.found is None


def test_new_and_removed_libraries_appear_and_go(bench: Bench) -> None:
    bench.session.hear(Finished(replace(ALBUM, name="Zoo")))
    assert list(rows(bench)) == ["Album", "Holidays", "Zoo"]
    assert rows(bench)["Zoo"].check.isChecked()
    bench.session.forget_library("Zoo")
    assert list(rows(bench)) == ["Album", "Holidays"]


def test_folders_and_libraries_are_asked_for(bench: Bench, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bench.panel.folder_wanted):
        QTest.mouseClick(bench.panel.adapt.add_folder, LEFT)
    with qtbot.waitSignal(bench.panel.libraries_wanted):
        QTest.mouseClick(bench.panel.adapt.libraries, LEFT)


def pick(bench: Bench, name: str) -> None:
    """Takes one more of the stored presets."""
    box = bench.panel.adapt.presets
    box.setFocus()
    for _ in range(box.findText(name) - box.currentIndex()):
        QTest.keyClick(box, Qt.Key.Key_Down)


def test_a_stored_preset_is_chosen_and_a_broken_one_cannot_be(bench: Bench) -> None:
    adapt = bench.panel.adapt
    choose(adapt.choice, "preset")
    assert adapt.presets.currentIndex() == -1
    assert "damaged" in adapt.presets.itemData(1, Qt.ItemDataRole.ToolTipRole)
    pick(bench, "beach")
    assert bench.session.request().presets == (AppliedPreset(PRESETS[0].path),)
    assert adapt.presets.findText("beach") == -1, "it is chosen already"
    pick(bench, "broken")
    assert bench.values.presets == (AppliedPreset(PRESETS[0].path),)


def test_several_presets_each_have_a_strength_and_can_be_taken_away(bench: Bench) -> None:
    adapt = bench.panel.adapt
    hills = replace(PRESETS[0], name="hills", path=Path("/presets/hills.safetensors"))
    bench.stock.take_presets((PRESETS[0], hills))
    choose(adapt.choice, "preset")
    pick(bench, "beach")
    pick(bench, "hills")
    beach, hill = adapt.applied.rows
    assert (beach.title.text(), hill.title.text()) == ("beach", "hills")
    assert (hill.slider.value(), hill.share.text()) == (20, "100 %")
    hill.slider.setFocus()
    QTest.keyClick(hill.slider, Qt.Key.Key_End)
    assert hill.share.text() == "150 %"
    beach.slider.setFocus()
    QTest.keyClick(beach.slider, Qt.Key.Key_Home)
    QTest.keyClick(beach.slider, Qt.Key.Key_Right)
    expected = (AppliedPreset(PRESETS[0].path, 0.05), AppliedPreset(hills.path, 1.5))
    assert bench.session.request().presets == expected
    assert adapt.applied.rows == (beach, hill), "the keyboard stays where it was"
    QTest.mouseClick(beach.remove, LEFT)
    assert bench.values.presets == expected[1:]
    assert adapt.presets.findText("beach") == 0
    QTest.mouseClick(adapt.applied.rows[0].remove, LEFT)
    assert not bench.panel.restore.isEnabled()
    assert not adapt.applied.isVisible()


def test_a_strength_that_the_slider_cannot_show_is_not_changed_by_looking(bench: Bench) -> None:
    odd = (AppliedPreset(PRESETS[0].path, -1.0), AppliedPreset(Path("/x/b.safetensors"), 1.97))
    bench.session.change(replace(bench.values, adapt="preset", presets=odd))
    assert [row.share.text() for row in bench.panel.adapt.applied.rows] == ["-100 %", "197 %"]
    assert bench.session.request().presets == odd


def test_a_preset_from_a_file_joins_the_chosen_ones_once(bench: Bench, qtbot: QtBot, tmp_path: Path) -> None:
    adapt = bench.panel.adapt
    choose(adapt.choice, "preset")
    with qtbot.waitSignal(bench.panel.preset_wanted):
        QTest.mouseClick(adapt.preset_file, LEFT)
    path = tmp_path / "bears.safetensors"
    bench.session.change(replace(bench.values, presets=chosen_too(bench.values.presets, path)))
    assert [row.title.text() for row in adapt.applied.rows] == ["bears"]
    assert chosen_too(bench.values.presets, path) == bench.values.presets
    bench.stock.take_presets(PRESETS[:1])
    assert [row.title.text() for row in adapt.applied.rows] == ["bears"]
    assert adapt.presets.count() == 1


def test_without_adapting_the_request_holds_nothing_of_it(bench: Bench) -> None:
    choose(bench.panel.adapt.choice, "none")
    bench.session.change(replace(bench.values, iterations=10, neighbours=3, baseline=True))
    request = bench.session.request()
    assert (request.adapt, request.sources, request.neighbours) == ("none", (), None)
    assert (request.found, request.presets, request.iterations) == (None, (), None)
    assert not request.baseline
    assert not bench.panel.adapt.baseline.isVisible()
    assert not bench.panel.adapt.sources.isVisible()


def test_the_baseline_is_asked_for_beside_an_adaptation(bench: Bench) -> None:
    baseline = bench.panel.adapt.baseline
    QTest.mouseClick(baseline, LEFT, pos=QPoint(8, baseline.height() // 2))
    assert bench.session.request().baseline
