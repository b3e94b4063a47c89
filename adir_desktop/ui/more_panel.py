"""The researcher's values, one disclosure deeper, with the recipe's own as their defaults."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from adir_desktop.contract import Choice
from adir_desktop.ui.forms import add_row, decimal, form, push_button, tool_button, whole
from adir_desktop.ui.session import Session, Values
from adir_desktop.ui.task_values import NoiseRow
from adir_desktop.ui.theme import GRID, icon

OWN_NOISE = ("deblur", "denoise")  # these show the noise among their own values
RECIPES = (Choice("quick", "Quick"), Choice("paper", "Paper"))  # until the engine says what it has


class MorePanel(QWidget):
    """Method, recipe, steps, seed, guidance, K, iterations; closed until it is asked for."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.toggle = tool_button(self.tr("More"), "right", checkable=True)
        self.toggle.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.recipe, self.sampler = QComboBox(), QComboBox()
        self.steps = _spin(1000)
        self.guidance = _fraction(100)
        self.seed = whole(0, 2**31 - 1)
        self.neighbours = _spin(500)
        self.iterations = _spin(5000)
        self.noise = NoiseRow(session)
        self.reset = push_button(self.tr("Reset these"))
        self.body = QWidget()
        self._lay_out()
        self.body.hide()
        self.toggle.toggled.connect(self._disclose)
        self.reset.clicked.connect(self._reset)
        self._connect_values()

    def watch(self) -> None:
        """Follows the session."""
        self._session.values_changed.connect(self._follow)
        self._session.engine_changed.connect(self._offer)
        self.noise.watch()
        self._offer()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.toggle, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.body)
        self._form = form(self.body)
        rows = (
            (
                self.tr("Recipe"),
                self.recipe,
                self.tr("Quick is for everyday; Paper takes the published values"),
            ),
            (self.tr("Method"), self.sampler, self.tr("The sampler")),
            (self.tr("Steps"), self.steps, self.tr("Denoising steps of the sampler")),
            (self.tr("Guidance"), self.guidance, self.tr("How strongly the photo is held on to")),
            (self.tr("Seed"), self.seed, self.tr("The same seed gives the same result")),
            (self.tr("Similar photos"), self.neighbours, self.tr("How many are used (K)")),
            (self.tr("Iterations"), self.iterations, self.tr("Training steps of the adaptation")),
        )
        for title, field, hint in rows:
            field.setToolTip(hint)
            add_row(self._form, title, field)
        self._form.addRow(self.noise)
        self._form.addRow(self.reset)

    def _connect_values(self) -> None:
        self.recipe.activated.connect(self._choose)
        self.sampler.activated.connect(self._choose)
        for spin in (self.steps, self.guidance, self.seed, self.neighbours, self.iterations):
            spin.valueChanged.connect(self._choose)

    @Slot(bool)
    def _disclose(self, on: bool) -> None:
        self.toggle.setIcon(icon("down" if on else "right"))
        self.body.setVisible(on)

    @Slot()
    def _choose(self) -> None:
        self._session.change(
            replace(
                self._session.values,
                recipe=self.recipe.currentData(),
                sampler=self.sampler.currentData(),
                steps=self.steps.value() or None,
                guidance=self.guidance.value() or None,
                seed=self.seed.value(),
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
                sampler=None,
                steps=None,
                guidance=None,
                seed=first.seed,
                neighbours=None,
                iterations=None,
                noise=values.noise if values.task in OWN_NOISE else None,
            )
        )

    @Slot()
    def _offer(self) -> None:
        """The engine's own tables, once they are known."""
        ready = self._session.ready
        self.recipe.clear()
        for choice in ready.recipes if ready else RECIPES:
            self._add(self.recipe, choice)
        self.sampler.clear()
        self.sampler.addItem(self.tr("As the recipe has it"), None)
        for choice in ready.samplers if ready else ():
            self._add(self.sampler, choice)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        """Without echo: the widgets are brought in line one by one, and speak for all of them."""
        values = self._session.values
        fields = (self.steps, self.guidance, self.seed, self.neighbours, self.iterations)
        blocked = [field.blockSignals(True) for field in fields]
        self.recipe.setCurrentIndex(self.recipe.findData(values.recipe))
        self.sampler.setCurrentIndex(max(self.sampler.findData(values.sampler), 0))
        self.steps.setValue(values.steps or 0)
        self.guidance.setValue(values.guidance or 0)
        self.seed.setValue(values.seed)
        self.neighbours.setValue(values.neighbours or 0)
        self.iterations.setValue(values.iterations or 0)
        for field, was in zip(fields, blocked, strict=True):
            field.blockSignals(was)
        self._form.setRowVisible(self.neighbours, values.adapt == "neighbours")
        self._form.setRowVisible(self.iterations, values.adapt in ("neighbours", "self"))
        self._form.setRowVisible(self.noise, values.task not in OWN_NOISE)

    def _add(self, box: QComboBox, choice: Choice) -> None:
        box.addItem(choice.title, choice.name)
        box.setItemData(box.count() - 1, choice.hint, Qt.ItemDataRole.ToolTipRole)


def _spin(most: int) -> QSpinBox:
    """0 stands for: as the recipe has it; the arrows lead straight to sensible numbers."""
    spin = whole(0, most)
    spin.setSpecialValueText(spin.tr("By the recipe"))
    spin.setStepType(QSpinBox.StepType.AdaptiveDecimalStepType)
    return spin


def _fraction(most: float) -> QDoubleSpinBox:
    spin = decimal(0, most, 0.5, 2)
    spin.setSpecialValueText(spin.tr("By the recipe"))
    return spin
