"""The researcher's values, one disclosure deeper, with the recipe's own as their defaults."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QSpinBox, QVBoxLayout, QWidget

from adir_desktop.contract import Choice
from adir_desktop.ui.fault_rows import NoiseRow
from adir_desktop.ui.forms import (
    add_row,
    choose_data,
    column,
    decimal,
    form,
    push_button,
    set_checked,
    set_number,
    tool_button,
    whole,
)
from adir_desktop.ui.jobs import Jobs
from adir_desktop.ui.option_rows import OptionRows, chosen_method
from adir_desktop.ui.remarks import said
from adir_desktop.ui.requests import families, family_of, reads
from adir_desktop.ui.seed_row import SeedRow
from adir_desktop.ui.session import Session, Values
from adir_desktop.ui.theme import icon
from adir_desktop.ui.word_fields import WordFields

OWN_NOISE = ("deblur", "denoise", "old")  # these show the noise among their own values
MOST_SAMPLES = 16


class MorePanel(QWidget):
    """Recipe, method, prior, steps, guidance, the method's own options, seed, samples, K, iterations; closed until asked for."""

    noise_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._kind = ("", "")  # of task and model, that the menus are filled for
        self.toggle = tool_button(self.tr("More"), "right", checkable=True)
        self.toggle.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.recipe, self.sampler, self.prior = QComboBox(), QComboBox(), QComboBox()
        own = self.tr("By the recipe")
        self.steps, self.guidance = _spin(1000, own), _fraction(100, own)
        self.words, self.options = WordFields(session), OptionRows(session)
        self.seed_row = SeedRow(session)
        self.samples = whole(1, MOST_SAMPLES)
        self.average = QCheckBox(self.tr("Average them"))
        self.neighbours, self.iterations = _spin(500, own), _spin(5000, own)
        self.noise = NoiseRow(session)
        self.reset = push_button(self.tr("Reset these"))
        self.body = QWidget()
        self._lay_out()
        self._explain()
        self._connect()

    def watch(self, jobs: Jobs) -> None:
        """Follows the session."""
        self._session.values_changed.connect(self._follow)
        self._session.engine_changed.connect(self._offer)
        self.noise.watch(jobs)
        self.words.watch()
        self.options.watch()
        self.seed_row.watch()
        self._offer()

    def _lay_out(self) -> None:
        outer: QVBoxLayout = column(self)
        outer.addWidget(self.toggle, 0, Qt.AlignmentFlag.AlignLeft)
        outer.addWidget(self.body)
        self.body.hide()
        self._form = form(self.body)
        for title, field in (
            (self.tr("Recipe"), self.recipe),
            (self.tr("Method"), self.sampler),
            (self.tr("Model"), self.prior),
            (self.tr("Steps"), self.steps),
            (self.tr("Guidance"), self.guidance),
        ):
            add_row(self._form, title, field)
        self._form.addRow(self.words)
        self._form.addRow(self.options)
        self._form.addRow(self.seed_row)
        add_row(self._form, self.tr("Samples"), self.samples)
        self._form.addRow("", self.average)
        add_row(self._form, self.tr("Similar photos"), self.neighbours)
        add_row(self._form, self.tr("Iterations"), self.iterations)
        self._form.addRow(self.noise)
        self._form.addRow(self.reset)

    def _explain(self) -> None:
        for field, hint in (
            (self.recipe, self.tr("Quick is for everyday; Paper takes the published values")),
            (self.sampler, self.tr("The sampler: how the model and the photo are brought together")),
            (self.prior, self.tr("The diffusion model that knows what photos look like (prior)")),
            (self.steps, self.tr("Denoising steps of the sampler")),
            (self.guidance, self.tr("How strongly the photo is held on to")),
            (
                self.samples,
                self.tr("More than one also shows how sure the result is: so many seeds are restored"),
            ),
            (
                self.average,
                self.tr("Smoother and closer on average (less distortion); one sample alone is crisper"),
            ),
            (self.neighbours, self.tr("How many are used (K)")),
            (self.iterations, self.tr("Training steps of the adaptation")),
        ):
            field.setToolTip(hint)

    def _connect(self) -> None:
        self.toggle.toggled.connect(self._disclose)
        self.reset.clicked.connect(self._reset)
        self.noise.noise_wanted.connect(self.noise_wanted)
        for box in (self.recipe, self.prior):
            box.activated.connect(self._choose)
        self.sampler.activated.connect(self._choose_method)
        for spin in (self.steps, self.guidance, self.samples, self.neighbours, self.iterations):
            spin.valueChanged.connect(self._choose)
        self.average.toggled.connect(self._choose)

    @Slot(bool)
    def _disclose(self, on: bool) -> None:
        self.toggle.setIcon(icon("down" if on else "right"))
        self.body.setVisible(on)

    @Slot()
    def _choose_method(self) -> None:
        """Another method: numbers that were chosen for the last one mean nothing to it."""
        values = self._session.values
        if self.sampler.currentData() != values.sampler:
            self._session.change(
                replace(values, sampler=self.sampler.currentData(), steps=None, guidance=None, options=())
            )

    @Slot()
    def _choose(self) -> None:
        self._session.change(
            replace(
                self._session.values,
                recipe=self.recipe.currentData(),
                sampler=self.sampler.currentData(),
                prior=self.prior.currentData(),
                steps=self.steps.value() or None,
                guidance=self.guidance.value() or None,
                samples=self.samples.value(),
                average=self.average.isChecked() and self.samples.value() > 1,
                neighbours=self.neighbours.value() or None,
                iterations=self.iterations.value() or None,
            )
        )

    @Slot()
    def _reset(self) -> None:
        """Everything here as it was at first; task and adaptation stay."""
        values, first = self._session.values, Values()
        self._session.change(
            replace(
                values,
                recipe=first.recipe,
                sampler=first.sampler,
                prior=first.prior,
                steps=first.steps,
                guidance=first.guidance,
                options=first.options,
                seed=first.seed,
                seed_locked=first.seed_locked,
                samples=first.samples,
                average=first.average,
                neighbours=first.neighbours,
                iterations=first.iterations,
                noise=values.noise if values.task in OWN_NOISE else None,
            )
        )

    @Slot()
    def _offer(self) -> None:
        """The engine's own tables, once they are known."""
        ready = self._session.ready
        until_then = (Choice("quick", self.tr("Quick")), Choice("paper", self.tr("Paper")))
        _fill(self.recipe, ready.recipes if ready else until_then)
        self._kind = ("", "")
        self._follow()

    def _offer_kind(self, task: str, prior: str) -> None:
        """Models that can do the task, and methods that go with the model."""
        ready, family = self._session.ready, family_of(prior, self._session.offered)
        if self._kind == (task, family):
            return
        self._kind = (task, family)
        starter = Choice(Values().prior, self.tr("Starter model"))
        able = [each for each in (ready.priors if ready else (starter,)) if each.family in families(task)]
        _fill(self.prior, tuple(able))
        methods = [each for each in (ready.samplers if ready else ()) if each.family == family]
        _fill(self.sampler, (Choice("", self.tr("As the recipe has it")), *methods))
        self.sampler.setItemData(0, None)

    @Slot()
    def _follow(self) -> None:
        """Without echo: the widgets are brought in line one by one, and speak for all of them."""
        values = self._session.values
        self._offer_kind(values.task, values.prior)
        choose_data(self.recipe, values.recipe)
        self.sampler.setCurrentIndex(max(self.sampler.findData(values.sampler), 0))
        _choose_or_add(self.prior, values.prior)
        set_number(self.steps, values.steps or 0)
        set_number(self.guidance, values.guidance or 0)
        set_number(self.samples, values.samples)
        set_checked(self.average, on=values.average)
        set_number(self.neighbours, values.neighbours or 0)
        set_number(self.iterations, values.iterations or 0)
        method = chosen_method(self._session)
        self._form.setRowVisible(self.words, reads(values, self._session.offered) and values.task != "edit")
        self._form.setRowVisible(self.guidance, method is None or method.guidance)
        self._form.setRowVisible(self.options, method is not None and bool(method.options))
        self._form.setRowVisible(self.average, values.samples > 1)
        self._form.setRowVisible(self.neighbours, values.adapt == "neighbours")
        self._form.setRowVisible(self.iterations, values.adapt in ("neighbours", "self"))
        self._form.setRowVisible(self.noise, values.task not in OWN_NOISE)


def _fill(box: QComboBox, choices: tuple[Choice, ...]) -> None:
    box.clear()
    for choice in choices:
        box.addItem(said(choice.title), choice.name)
        box.setItemData(box.count() - 1, said(choice.hint), Qt.ItemDataRole.ToolTipRole)


def _choose_or_add(box: QComboBox, name: str) -> None:
    """A model of a saved recipe that is not installed here is shown by its name, and refused later."""
    if box.findData(name) < 0:
        box.addItem(name, name)
    choose_data(box, name)


def _spin(most: int, own: str) -> QSpinBox:
    """0 stands for: as the recipe has it; the arrows lead straight to sensible numbers."""
    spin = whole(0, most)
    spin.setSpecialValueText(own)
    spin.setStepType(QSpinBox.StepType.AdaptiveDecimalStepType)
    return spin


def _fraction(most: float, own: str) -> QDoubleSpinBox:
    spin = decimal(0, most, 0.5, 2)
    spin.setSpecialValueText(own)
    return spin
