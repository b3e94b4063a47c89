"""The models that are installed: those of the catalogue, which came with the program, and what lies in the
folder of models; their sizes, checksums and licences, their check, their removal.
"""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adir_desktop.contract import Progress
from adir_desktop.engine.events import result_of
from adir_desktop.engine.pace import Pace
from adir_desktop.engine.store import offers
from adir_desktop.engine.store.copying import digest
from adir_desktop.errors import ModelError, RequestError, explain
from adir_desktop.model_info import ModelInfo
from adir_desktop.places import models_dir, resource

REINSTALL = offers.REINSTALL
# In a model's own folder: a row as the catalogue has them, without the folder; or with the key `place` for files
# that stay where they are and are used in place.
CARD = "model.toml"
OPEN_CLIP = "open_clip_config.json"  # marks a folder that open_clip reads by itself
_PRIORS = {"starter-denoiser": "starter"}  # models that the menu of priors has under a shorter name
_ENCODERS = {"starter-encoder": "starter"}  # and the same of encoders
MAX_LICENCE = 200_000  # characters shown of a licence
_LICENCES = ("LICENSE", "LICENCE", "LICENSE.txt", "LICENSE.md", "COPYING", "MODEL_CARD.md", "README.md")


@dataclass(frozen=True)
class ModelFile:
    """One file of a model. path: as installed; bytes: its size; sha256: hex, of its content, "" unknown."""

    path: Path
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Model:
    """One installed model. purpose and licence are words for a person, licence_file the licence's text.

    embedded: it came with the program. problem: its description cannot be read, "" when it can.
    card: the folder among the models, where the files themselves are used in place, in `folder`.
    """

    name: str
    title: str
    purpose: str
    licence: str
    folder: Path
    files: tuple[ModelFile, ...]
    licence_file: Path | None = None
    embedded: bool = True
    problem: str = ""
    card: Path | None = None

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
    """The catalogue, then the models of the folder by name.

    Raises:
        ModelError: the catalogue is missing or damaged.
    """
    catalogue = resource("models.toml")
    try:
        rows = tomllib.loads(catalogue.read_text(encoding="utf-8"))["models"]
        embedded = tuple(_embedded(row, catalogue.parent) for row in rows)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"The list of models {catalogue} is missing or damaged.", REINSTALL) from error
    taken = {model.name for model in embedded}
    return embedded + tuple(model for model in _installed() if model.name not in taken)


def describe(model: Model, problems: tuple[str, ...] = ()) -> ModelInfo:
    """A model as the window shows it; `problems` of a check, else what presence and sizes alone tell.

    licence: its first line is what a list shows, the text itself follows after an empty line.
    """
    found = problems or tuple(filter(None, (model.problem, *map(_glance, model.files))))
    return ModelInfo(
        name=model.name,
        title=model.title,
        purpose=model.purpose,
        licence=f"{model.licence}\n\n{_licence_text(model)}".strip(),
        folder=model.folder,
        bytes_on_disk=sum(file.path.stat().st_size for file in model.files if file.path.is_file()),
        embedded=model.embedded,
        problem="; ".join(found),
        in_place=model.card is not None,
        memory=next((offer.memory for offer in offers.offers() if offer.name == model.name), 0),
        encoder=_ENCODERS.get(model.name, model.name) if (model.folder / OPEN_CLIP).is_file() else "",
    )


def find_model(name: str) -> Model:
    """The model of that name. Raises RequestError: there is none; ModelError: as in `list_models`."""
    models = {model.name: model for model in list_models()}
    if name not in models:
        raise RequestError(f"There is no model '{name}'.", f"Choose one of: {', '.join(models)}.")
    return models[name]


def prior_name(name: str) -> str:
    """The prior that a model is, by the model's name in the list; any other name as it is."""
    return _PRIORS.get(name, name)


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


def installed_dir(name: str) -> Path | None:
    """The folder of a model that can be fetched, if it is complete on this machine, by presence and sizes.

    It lies among the models, or in a Hugging Face cache where a person agreed to have it used in place.
    Raises ModelError: the catalogue is damaged.
    """
    home = models_dir() / name
    if (home / CARD).is_file():
        model: Model | None = _with_card(home)
    else:
        model = next((_by_hand(home, offer) for offer in offers.offers() if offer.name == name), None)
    if model is None or model.problem or not model.files or any(map(_glance, model.files)):
        return None
    return model.folder


def verify(model: Model) -> Verdict:
    """Reads every file of a model and compares size and sha256 with what is known of them."""
    return Verdict(model, result_of(check(model)))


def check(model: Model) -> Generator[Progress, None, tuple[str, ...]]:
    """The same as events; returns the problems."""
    problems = [model.problem] if model.problem else []
    total, done = max(model.bytes, 1), 0
    pace = Pace("verify", total)
    yield pace.at(0)
    for file in model.files:
        problem = _glance(file) or (yield from _compare(file, pace, done))
        problems += [problem] if problem else []
        done += file.bytes
    yield pace.at(total)
    return tuple(problems)


def remove(name: str) -> None:
    """Deletes a model that was installed later, with its folder; of files used in place only the mention.

    Raises:
        RequestError: there is no such model, or it came with the program.
        StorageError: the folder may not be deleted.
    """
    model = find_model(name)
    if model.embedded:
        raise RequestError(f"{model.title} belongs to the program and stays.", "Remove another model.")
    folder = model.card or model.folder
    try:
        if folder.is_symlink():
            folder.unlink()  # what it points to is somebody else's
        else:
            shutil.rmtree(folder)
    except OSError as error:
        raise explain(error) from error


def _embedded(row: Mapping[str, Any], root: Path) -> Model:
    folder = root / row["folder"]
    text = root / row["licence_file"] if "licence_file" in row else None
    return Model(row["name"], row["title"], row["purpose"], row["licence"], folder, _files(row, folder), text)


def _files(row: Mapping[str, Any], folder: Path) -> tuple[ModelFile, ...]:
    return tuple(
        ModelFile(folder / file["path"], int(file["bytes"]), str(file["sha256"])) for file in row["files"]
    )


def _installed() -> tuple[Model, ...]:
    """Every folder of models that has a card, is as the catalogue offers it or is open_clip's; in an
    unreadable place there are none.
    """
    try:
        folders = sorted(path for path in models_dir().iterdir() if path.is_dir() and path.name[0] != ".")
    except OSError:
        return ()
    carded = [_with_card(folder) for folder in folders if (folder / CARD).is_file()]
    known = {offer.name: offer for offer in offers.offers()}
    rest = [folder for folder in folders if not (folder / CARD).is_file()]
    by_hand = [_by_hand(folder, known[folder.name]) for folder in rest if folder.name in known]
    offered = [model for model in by_hand if model is not None]
    taken = {model.name for model in offered}
    encoders = [_encoder(path) for path in rest if path.name not in taken and (path / OPEN_CLIP).is_file()]
    return tuple(sorted([*carded, *offered, *encoders], key=lambda model: model.name.casefold()))


def _with_card(folder: Path) -> Model:
    """A model that says what it is and what its files should be."""
    try:
        row = tomllib.loads((folder / CARD).read_text(encoding="utf-8"))
        title, purpose, licence = (str(row[key]) for key in ("title", "purpose", "licence"))
        place = Path(row.get("place", folder))
        files = _files(row, place)
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = f"{CARD} in {folder} is damaged ({type(error).__name__})"
        return Model(folder.name, folder.name, "", "", folder, (), embedded=False, problem=problem)
    card = folder if place != folder else None
    return Model(
        folder.name, title, purpose, licence, place, files, _licence_file(place), embedded=False, card=card
    )


def _by_hand(folder: Path, offer: offers.Offer) -> Model | None:
    """A model of the catalogue that somebody put there without a card; None where files are missing."""
    found = offer.files_in(folder)
    if found is None:
        return None
    sums = {folder / file.path: file.sha256 for file in offer.files}
    files = tuple(ModelFile(path, path.stat().st_size, sums.get(path, "")) for path in found)
    text = _licence_file(folder)
    return Model(folder.name, offer.title, offer.purpose, offer.licence, folder, files, text, embedded=False)


def _encoder(folder: Path) -> Model:
    """A model as open_clip keeps it, put there by hand: nothing says what its files should be."""
    files = tuple(
        ModelFile(path, path.stat().st_size, "") for path in sorted(folder.iterdir()) if path.is_file()
    )
    text = _licence_file(folder)
    licence = f"see {text.name}" if text else "not stated: ask where the files came from"
    purpose = "finds similar photos in a library (open_clip)"
    return Model(folder.name, folder.name, purpose, licence, folder, files, text, embedded=False)


def _licence_file(folder: Path) -> Path | None:
    return next((folder / name for name in _LICENCES if (folder / name).is_file()), None)


def _licence_text(model: Model) -> str:
    if model.licence_file is None:
        return ""
    try:
        return model.licence_file.read_text(encoding="utf-8", errors="replace")[:MAX_LICENCE]
    except OSError:
        return ""


def _glance(file: ModelFile) -> str:
    """What presence and size alone tell, "" when they are right."""
    if not file.path.is_file():
        return f"{file.path} is missing"
    size = file.path.stat().st_size
    return "" if size == file.bytes else f"{file.path} has {size} bytes instead of {file.bytes}"


def _compare(file: ModelFile, pace: Pace, before: int) -> Generator[Progress, None, str]:
    """Reads the file to its end; before: bytes of the files already read."""
    try:
        found = yield from digest(file.path, pace, before)
    except OSError as error:
        return f"{file.path} cannot be read ({error.strerror})"
    if not file.sha256:
        return "" if file.path.suffix != ".safetensors" else _structure(file.path)
    return "" if found == file.sha256 else f"{file.path} is damaged: its checksum does not match"


def _structure(path: Path) -> str:
    """Where no checksum is known: the header of a safetensors file says how long the whole is."""
    damaged = f"{path} is damaged: its length does not fit its header"
    try:
        with path.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            header = json.loads(stream.read(min(length, path.stat().st_size)))
        ends = [value["data_offsets"][1] for name, value in header.items() if name != "__metadata__"]
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return damaged
    return "" if 8 + length + max(ends, default=0) == path.stat().st_size else damaged
