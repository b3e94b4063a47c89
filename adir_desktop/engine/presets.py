"""Adapted presets: saved, loaded and verified; a person's store of them; other programs' forms, there and back."""

from __future__ import annotations

import re
import shutil
import tempfile
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from adir_desktop.contract import AdaptedPreset, AppliedPreset, PresetInfo
from adir_desktop.engine.lora_formats import diffusers, kohya, own, peft_folder
from adir_desktop.engine.lora_formats.modelspec import is_guided
from adir_desktop.engine.preset_format import (
    SUFFIX,
    decode,
    encode,
    neighbours_of,
    read_about,
    thumbnail_of,
)
from adir_desktop.engine.preset_mixing import combined
from adir_desktop.engine.weights import prior_name
from adir_desktop.errors import PresetError, RequestError, explain
from adir_desktop.files import check_writable, write_atomic
from adir_desktop.places import data_dir

FORMATS = ("adir", "peft", "diffusers", "kohya")
PIXEL_FORMATS = ("adir", "peft")  # those that a network of pixels has names for
MAX_NAME = 120  # bytes of a stored name: leaves room in a file name for a number and the suffix
_TASKS = {  # a step that tells the task, in the order in which it counts -> the task
    "fade": "old",
    "downscale": "upscale",
    "block-mean": "upscale",
    "grey": "colorize",
    "mask": "inpaint",
    "blur": "deblur",
}
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # device names of Windows


def save_preset(preset: AdaptedPreset, path: Path, *, overwrite: bool = False) -> None:
    """Writes the preset to one file, whole or not at all.

    Raises:
        PresetError: its tensors are not a LoRA of its rank, or hold numbers that are not finite.
        BadInput: `path` exists and may not be replaced, or is no place for a file.
        StorageError: the disk is full or read-only.
    """
    write_atomic(path, encode(preset), overwrite=overwrite)


def load_preset(path: Path) -> AdaptedPreset:
    """The preset in a file or folder that this program wrote, in whatever form, verified against its checksum.

    Raises:
        PresetError: there is no such file, it was not made by this program, or it is damaged.
    """
    return own.load(path)


def load_applied(applied: Sequence[AppliedPreset]) -> AdaptedPreset:
    """The presets of a request as one, each at its strength.

    Raises:
        PresetError: as in `load_preset` and `combined`.
    """
    return combined([(load_preset(each.path), each.strength) for each in applied])


def store_dir() -> Path:
    """The folder of the person's presets; it may not exist yet."""
    return data_dir() / "presets"


def add(preset: AdaptedPreset, thumbnail: bytes = b"") -> str:
    """Puts a preset into the store and returns its name there: its own, made free and safe for a file.

    thumbnail: JPEG bytes of the photo it was adapted for, if it has none of its own.

    Raises:
        PresetError, StorageError: as in `save_preset`.
    """
    folder = store_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explain(error) from error
    name = _free_name(folder, safe_name(preset.name))
    content = encode(replace(preset, name=name, thumbnail=preset.thumbnail or thumbnail))
    write_atomic(folder / f"{name}{SUFFIX}", content, overwrite=False)
    return name


def import_preset(path: Path, prior: str | None = None) -> str:
    """Reads a preset as `read_any` does, adds it to the store, and returns its name there.

    Raises:
        PresetError, RequestError, ModelError, StorageError: as in `read_any` and `save_preset`.
    """
    return add(read_any(path, prior))


def read_any(path: Path, prior: str | None = None) -> AdaptedPreset:
    """A preset of ours in whatever form, or the LoRA of another program: kohya, diffusers, a folder of peft.

    prior: the base of a LoRA that does not say it itself. What was left out of it is told in its training
    record under "remarks".

    Raises:
        BaseUnknown: nothing says which base it belongs to.
        PresetError: it cannot be read, or belongs to another base.
        RequestError, ModelError: there is no such prior, or it cannot be loaded.
    """
    if not own.is_own(path):
        from adir_desktop.engine.lora_formats import foreign  # loads torch, which nothing else here needs

        return foreign.read(path, prior)
    preset = load_preset(path)
    if prior is not None and preset.prior != prior_name(prior):
        raise PresetError(
            f"The preset '{preset.name}' was made for '{preset.prior}', not for '{prior}'.",
            "Take it in without naming a model.",
        )
    return preset


def remarks(preset: AdaptedPreset) -> tuple[str, ...]:
    """What had to be left out of another program's LoRA, in words."""
    told = preset.training.get("remarks", ())
    return tuple(map(str, told)) if isinstance(told, list | tuple) else ()


def list_presets() -> tuple[PresetInfo, ...]:
    """Every preset of the store by name, known by its header alone; a damaged one comes with its problem."""
    found = [_stored(path) for path in store_dir().glob(f"*{SUFFIX}")]
    return tuple(sorted(found, key=lambda item: item.name.casefold()))


def presets_in(folder: Path) -> tuple[PresetInfo, ...]:
    """The presets of this program that lie in a folder, as it leaves them beside pictures, named by their files.

    Raises:
        BadInput: there is no such folder. StorageError: it may not be read.
    """
    try:
        files = sorted(path for path in folder.iterdir() if path.name.endswith(SUFFIX) and path.is_file())
    except OSError as error:
        raise explain(error) from error
    return tuple(replace(_stored(path), name=str(path)) for path in files if _is_ours(path))


def get(name: str) -> AdaptedPreset:
    """The stored preset of that name, verified. Raises PresetError: there is none, or it is damaged."""
    return decode(stored_path(name))


def rename(old: str, new: str) -> str:
    """Gives a stored preset another name and returns it, made safe for a file.

    Raises:
        PresetError: there is no preset `old`, it is damaged, or another one has the new name.
        RequestError: the new name is empty.
        StorageError: the disk is full or read-only; the preset keeps its name.
    """
    source = stored_path(old)
    if not new.strip():
        raise RequestError("A preset needs a name.", "Type at least one letter.")
    name = safe_name(new)
    others = _taken(store_dir()) - {old.casefold()}
    if name.casefold() in others:
        raise PresetError(f"There is a preset {name} already.", "Choose another name.")
    content = encode(replace(decode(source), name=name))
    write_atomic(source, content)  # under its old name first: a crash leaves one preset, never none or two
    try:
        source.rename(store_dir() / f"{name}{SUFFIX}")
    except OSError as error:
        raise explain(error) from error
    return name


def remove(name: str) -> None:
    """Deletes a stored preset, damaged or not. Raises PresetError: there is none of that name."""
    try:
        stored_path(name).unlink()
    except OSError as error:
        raise explain(error) from error


def stored_path(name: str) -> Path:
    """The file of the stored preset `name`. Raises PresetError: there is none of that name."""
    path = store_dir() / f"{name}{SUFFIX}"
    if "/" in name or "\\" in name or not path.is_file():  # names of the store only, no way out of it
        raise PresetError(f"There is no preset {name}.", "Give its file, or a name from: adir presets list")
    return path


def resolve(text: str) -> Path:
    """The preset file at a path, else of a name in the store. Raises PresetError: it is neither."""
    path = Path(text)
    return path if path.exists() else stored_path(text)


def safe_name(text: str) -> str:
    """`text` as a file name that is safe everywhere: no folders, no hidden or reserved names."""
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(
        character if character.isalnum() or character in " -_.()" else "-" for character in composed
    )
    name = kept.encode()[:MAX_NAME].decode(errors="ignore").strip(" .-") or "preset"
    return f"preset {name}" if _RESERVED.fullmatch(name) else name


def export_preset(
    preset: AdaptedPreset, out: Path, form: str = "adir", *, overwrite: bool = False, thumbnail: bool = False
) -> None:
    """Writes a preset for others; all forms come back through `read_any`, with the whole history.

    form: "adir", one file; "peft", a folder; "diffusers", a file for `load_lora_weights`, or one of its usual
    name in `out` where that is a folder; "kohya", a file for ComfyUI, A1111 and kohya's scripts.
    thumbnail: with the small picture of the person's photo, which is left out unless asked for.

    Raises:
        RequestError: an unknown format.
        PresetError: as in `save_preset`; or the form is one of Stable Diffusion and the preset is not.
        BadInput, StorageError: as in `save_preset`.
    """
    if form not in FORMATS:
        raise RequestError(f"There is no export format '{form}'.", f"Choose one of: {', '.join(FORMATS)}.")
    preset = preset if thumbnail else replace(preset, thumbnail=b"")
    if form == "peft":
        _export_folder(out, peft_folder.files(preset), overwrite=overwrite)
    elif form == "diffusers":
        target = out / diffusers.WEIGHTS if out.is_dir() else out
        write_atomic(target, diffusers.encode(preset), overwrite=overwrite)
    else:
        content = encode(preset) if form == "adir" else kohya.encode(preset)
        write_atomic(out, content, overwrite=overwrite)


def _export_folder(out: Path, files: dict[str, bytes], *, overwrite: bool) -> None:
    if not out.is_dir():
        _write_folder(out, files)
        return
    for name in files:
        check_writable(out / name, overwrite=overwrite)
    for name, content in files.items():
        write_atomic(out / name, content, overwrite=overwrite)


def _is_ours(path: Path) -> bool:
    """Weights of other programs, and what cannot be read, are no presets of this one."""
    try:
        return own.is_own(path)
    except PresetError:
        return False


def _stored(path: Path) -> PresetInfo:
    name, size = path.name.removesuffix(SUFFIX), path.stat().st_size
    try:
        about = read_about(path)
        return PresetInfo(
            name,
            path,
            size,
            prior=str(about["prior"]),
            rank=int(about["rank"]),
            task=_task(about["degradation"]),
            recipe=_recipe(about["training"]),
            created=str(about["created"]),
            thumbnail=thumbnail_of(about),
            neighbours=neighbours_of(about, path),
            prompt=str(about["training"].get("prompt") or ""),
            forms=FORMATS
            if is_guided(str(about["prior"]), map(str, about.get("modules", ())))
            else PIXEL_FORMATS,
        )
    except PresetError as error:
        return PresetInfo(name, path, size, problem=error.problem)
    except (KeyError, TypeError, ValueError, AttributeError):
        return PresetInfo(name, path, size, problem=f"The preset {path} is damaged.")


def _task(degradation: Any) -> str:
    """The task that the faults of a photo belong to, "" where they tell none."""
    kinds = {step["kind"] for step in degradation.get("steps", ())}
    for kind, task in _TASKS.items():
        if kind in kinds:
            return task
    return "denoise" if degradation.get("noise_std", 0) else ""


def _recipe(training: Any) -> str:
    iterations = training.get("iterations")
    return f"{iterations} iterations" if isinstance(iterations, int) else ""


def _taken(folder: Path) -> set[str]:
    """The names of the store, in lower case: some file systems know no other."""
    return {path.name.removesuffix(SUFFIX).casefold() for path in folder.glob(f"*{SUFFIX}")}


def _free_name(folder: Path, name: str) -> str:
    """`name`, or with the first number that no preset of the store has, in whatever case."""
    taken = _taken(folder)
    candidate, number = name, 1
    while candidate.casefold() in taken:
        number += 1
        candidate = f"{name}-{number}"
    return candidate


def _write_folder(out: Path, files: dict[str, bytes]) -> None:
    """A new folder with these files: made beside its place and moved there whole."""
    check_writable(out, overwrite=False)
    try:
        temporary = Path(tempfile.mkdtemp(prefix=f".{out.name[:80]}.", dir=out.parent))
    except OSError as error:
        raise explain(error) from error
    try:
        for name, content in files.items():
            write_atomic(temporary / name, content)
        temporary.chmod(0o755)
        temporary.rename(out)
    except OSError as error:
        raise explain(error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
