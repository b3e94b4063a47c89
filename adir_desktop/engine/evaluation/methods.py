"""What is compared: NAME or NAME+ADAPT, and the names that the papers use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adir_desktop.engine.samplers import SamplerRow, find_sampler
from adir_desktop.errors import RequestError

INPUT = "input"  # the damaged photo itself, enlarged where it is smaller
ADAPTS = {
    "none":       "as the model is",
    "neighbours": "adapted to the photos of a library that are most like the damaged one, by their embeddings",
    "self":       "adapted to the damaged photo itself",
    "random":     "adapted to photos of a library drawn at random",
    "mse":        "adapted to the photos of a library nearest in their pixels",
}  # fmt: skip
FROM_LIBRARY = ("neighbours", "random", "mse")
SPELLINGS = {"embedding": "neighbours"}  # the ablation's word for it
NAMED = {
    # as papers write it  sampler  adapted to      where
    "gd":                ("adir", "none"),       # ADIR, tables 2 and 4 to 6: Algorithm 1 without adapting
    "GD":                ("adir", "none"),
    "ia":                ("adir", "self"),       # ADIR v1, table 1: IA-GD
    "IA":                ("adir", "self"),
    "adir-full":         ("adir", "neighbours"),
    "ADIR":              ("adir", "neighbours"),
}  # fmt: skip


@dataclass(frozen=True)
class Method:
    """sampler: a name of the samplers' table, or `INPUT`. adapt: one of `ADAPTS`."""

    name: str
    sampler: str
    adapt: str = "none"

    @property
    def spelling(self) -> str:
        """The one name of it that no other method has."""
        return self.sampler if self.adapt == "none" else f"{self.sampler}+{self.adapt}"

    @property
    def row(self) -> SamplerRow | None:
        """Its row of the samplers' table; none of the damaged photo itself."""
        return None if self.sampler == INPUT else find_sampler(self.sampler)

    @property
    def described(self) -> str:
        """In words, for the legend of tables."""
        if self.row is None:
            return "the damaged photo itself, enlarged by bicubic interpolation where it is smaller"
        return f"{self.row.title} ({self.row.source}), {ADAPTS[self.adapt]}"

    @property
    def baseline(self) -> Method | None:
        """The same without adapting, for methods that adapt."""
        return None if self.adapt == "none" else Method(self.sampler, self.sampler)


def methods(names: Sequence[str], retrieval: Sequence[str] = ()) -> tuple[Method, ...]:
    """The methods of these names, each once.

    A method that adapts is preceded by the same without adapting, as what it gains is told against
    that. retrieval: of every method that could adapt and does not say to what, one for each of these.

    Raises:
        RequestError: an unknown method or way to adapt; a method that cannot adapt is to.
    """
    if not names:
        raise RequestError("No method was given.", "Name some, such as input,diffpir,adir.")
    ways = [_way(text) for text in retrieval]
    given = [_method(name) for name in names]
    if ways and not any(_open(name, method) for name, method in zip(names, given, strict=True)):
        raise RequestError(
            "None of these methods leaves open what to adapt to.", "Name one without '+', such as adir."
        )
    written = {method.spelling: method for method in reversed(given)}
    found: dict[str, Method] = {}
    for name, method in zip(names, given, strict=True):
        for each in _ablated(method, ways) if _open(name, method) else [method]:
            if each.baseline is not None:
                found.setdefault(each.baseline.spelling, written.get(each.baseline.spelling, each.baseline))
            found.setdefault(each.spelling, each)
    return tuple(found.values())


def _ablated(method: Method, ways: Sequence[str]) -> list[Method]:
    if not ways:
        return [method]
    return [Method(_joined(method.sampler, way), method.sampler, way) for way in ways]


def _open(name: str, method: Method) -> bool:
    """It could adapt, and does not say to what."""
    return name == method.sampler and method.row is not None and method.row.adapts


def _method(text: str) -> Method:
    if text in NAMED:
        return Method(text, *NAMED[text])
    name, plus, way = text.rpartition("+")
    if not plus or SPELLINGS.get(way, way) not in ADAPTS:
        name, way = text, "none"  # a file's name may hold a plus
    if name == INPUT:
        if way != "none":
            raise RequestError("The damaged photo itself adapts to nothing.", f"Write {INPUT} alone.")
        return Method(INPUT, INPUT)
    row = find_sampler(name)
    way = SPELLINGS.get(way, way)
    if way != "none" and not row.adapts:
        raise RequestError(
            f"{row.title} does not use the diffusion model, so adapting it changes nothing.",
            f"Write {name} alone.",
        )
    return Method(_joined(name, way), name, way)


def _joined(sampler: str, way: str) -> str:
    return sampler if way == "none" else f"{sampler}+{way}"


def _way(text: str) -> str:
    way = SPELLINGS.get(text, text)
    if way not in ADAPTS:
        raise RequestError(
            f"There is no retrieval '{text}'.", "Choose some of: none, random, mse, embedding, self."
        )
    return way
