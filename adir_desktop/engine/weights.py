"""The models that are installed: a catalogue of files with sizes, checksums and licences, and their check."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adir_desktop.errors import ModelError, RequestError
from adir_desktop.files import sha256_file
from adir_desktop.places import resource

REINSTALL = "Install the program again: pip install --force-reinstall --no-deps adir-desktop"


@dataclass(frozen=True)
class ModelFile:
    """One file of a model. path: as installed; bytes: its size; sha256: hex, of its content."""

    path: Path
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Model:
    """One model of the catalogue. purpose and licence are words for a person."""

    name: str
    title: str
    purpose: str
    licence: str
    folder: Path
    files: tuple[ModelFile, ...]

    @property
    def bytes(self) -> int:
        """Size of all files together, as the catalogue has it."""
        return sum(file.bytes for file in self.files)


@dataclass(frozen=True)
class Verdict:
    """What a check found. problems: one line for every missing or damaged file, none when all is well."""

    model: Model
    problems: tuple[str, ...]


def list_models() -> tuple[Model, ...]:
    """The catalogue. Raises ModelError: it is missing or damaged."""
    catalogue = resource("models.toml")
    try:
        rows = tomllib.loads(catalogue.read_text(encoding="utf-8"))["models"]
        return tuple(_model(row, catalogue.parent) for row in rows)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"The list of models {catalogue} is missing or damaged.", REINSTALL) from error


def find_model(name: str) -> Model:
    """The model of that name. Raises RequestError: the catalogue has none; ModelError: as in `list_models`."""
    models = {model.name: model for model in list_models()}
    if name not in models:
        raise RequestError(f"There is no model '{name}'.", f"Choose one of: {', '.join(models)}.")
    return models[name]


def model_dir(name: str) -> Path:
    """The folder of an installed model; presence and sizes are checked, contents are for `verify`.

    Raises:
        RequestError: there is no such model.
        ModelError: a file is missing or has another size.
    """
    model = find_model(name)
    for file in model.files:
        if problem := _glance(file):
            raise ModelError(f"{model.title}: {problem}.", REINSTALL)
    return model.folder


def verify(model: Model) -> Verdict:
    """Reads every file of a model and compares size and sha256 with the catalogue."""
    problems = (_glance(file) or _compare(file) for file in model.files)
    return Verdict(model, tuple(problem for problem in problems if problem))


def _model(row: Mapping[str, Any], root: Path) -> Model:
    folder = root / row["folder"]
    files = [ModelFile(folder / file["path"], int(file["bytes"]), file["sha256"]) for file in row["files"]]
    return Model(row["name"], row["title"], row["purpose"], row["licence"], folder, tuple(files))


def _glance(file: ModelFile) -> str:
    """What presence and size alone tell, "" when they are right."""
    if not file.path.is_file():
        return f"{file.path} is missing"
    size = file.path.stat().st_size
    return "" if size == file.bytes else f"{file.path} has {size} bytes instead of {file.bytes}"


def _compare(file: ModelFile) -> str:
    try:
        found = sha256_file(file.path)
    except OSError as error:
        return f"{file.path} cannot be read ({error.strerror})"
    return "" if found == file.sha256 else f"{file.path} is damaged: its checksum does not match"
