"""A finished restoration on disk, pixel for pixel, so that a crash does not lose it.

    kept.json             the request, the record, what the files knew of their pictures, and their sha256
    photo.npy …           pictures and maps as float32: photo, photo-alpha, baseline, agreement, spread
    observed.png          the photo that was restored, 8 bits, in case its own file goes away
    observed.npy          the same exactly, where it came from no file
    preset.safetensors    what was adapted

The folder is there as a whole or not at all. Nothing here imports torch: results of an earlier day are
back before the engine is.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from adir_desktop.contract import AdaptTo, AppliedPreset, NeighbourSet, Photo, Pixels, Request, Restoration
from adir_desktop.engine.preset_format import SUFFIX, decode, encode
from adir_desktop.engine.request_json import (
    applied_presets,
    file_ref,
    find_file,
    request_from,
    request_to_json,
)
from adir_desktop.errors import BadInput, explain
from adir_desktop.files import sha256_file
from adir_desktop.plain import plain

FORMAT, VERSION = "adir-kept", 1
ABOUT, PRESET, OBSERVED = "kept.json", f"preset{SUFFIX}", "observed.png"


def keep(restoration: Restoration, folder: Path) -> None:
    """Writes the restoration into `folder`, replacing what is there; a crash leaves all of it or nothing.

    Raises:
        StorageError: the disk is full or read-only.
    """
    folder = folder.absolute()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
        try:
            _write(restoration, temporary)
            _publish(temporary, folder)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        raise explain(error) from error


def recall(folder: Path) -> Restoration:
    """The restoration that `keep` put into `folder`: the same pixels, maps, request, record and preset.

    Where the restored photo's file has gone or changed meanwhile, the request holds the copy that was
    kept of it. Other files of the request are only named: they need not be there.

    Raises:
        BadInput: nothing is kept there, or it is damaged, or of a newer version.
        StorageError: it cannot be read.
    """
    try:
        about = _read_about(folder)
        pictures = {name: _picture(folder / name) for name in about["files"] if name.endswith(".npy")}
        preset = decode(folder / PRESET) if PRESET in about["files"] else None
        request = _request(about, folder, pictures.get("observed.npy"))
        baseline = about["baseline"]
        return Restoration(
            photo=_photo("photo", about["photo"], pictures),
            request=request,
            record=about["record"],
            seconds=float(about["seconds"]),
            baseline=None if baseline is None else _photo("baseline", baseline, pictures),
            preset=preset,
            agreement=pictures.get("agreement.npy"),
            spread=pictures.get("spread.npy"),
        )
    except BadInput as error:
        raise BadInput(error.problem, "Restore the photo again.") from error
    except OSError as error:
        raise explain(error) from error
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error) as error:
        raise _damaged(folder) from error


def _write(restoration: Restoration, folder: Path) -> None:
    observed = restoration.request.photo
    request = request_to_json(restoration.request, folder)
    pictures = {"agreement": restoration.agreement, "spread": restoration.spread}
    pictures["observed"] = observed.pixels if request["photo"] is None else None
    for name, photo in (("photo", restoration.photo), ("baseline", restoration.baseline)):
        if photo is not None:
            pictures |= {name: photo.pixels, f"{name}-alpha": photo.alpha}
    for name, pixels in pictures.items():
        if pixels is not None:
            np.save(folder / f"{name}.npy", pixels, allow_pickle=False)
    eight = np.round(observed.pixels * 255).astype(np.uint8)
    Image.fromarray(eight).save(folder / OBSERVED, compress_level=1)
    if restoration.preset is not None:
        (folder / PRESET).write_bytes(encode(restoration.preset))
    content = {
        "format": FORMAT,
        "version": VERSION,
        "seconds": restoration.seconds,
        "request": plain(request),
        "observed": _about_photo(observed),
        "thumbnails": _thumbnails(restoration.request.found),
        "record": plain(restoration.record),
        "photo": _about_photo(restoration.photo),
        "baseline": None if restoration.baseline is None else _about_photo(restoration.baseline),
        "files": {path.name: sha256_file(path) for path in sorted(folder.iterdir())},
    }
    (folder / ABOUT).write_text(json.dumps(content, allow_nan=False), encoding="utf-8")


def _publish(temporary: Path, folder: Path) -> None:
    """Everything is on the disk before it takes its name."""
    for path in temporary.iterdir():
        with path.open("rb+") as stream:
            os.fsync(stream.fileno())
    if not folder.exists():
        temporary.replace(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
    try:
        folder.replace(old / "old")
        try:
            temporary.replace(folder)
        except OSError:
            (old / "old").replace(folder)
            raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _read_about(folder: Path) -> dict[str, Any]:
    """What `keep` wrote about the files, every one of which is as it was."""
    if not (folder / ABOUT).is_file():
        raise BadInput(f"No result is kept in {folder}.")
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise BadInput(f"No result is kept in {folder}.")
    if about["version"] != VERSION:
        raise BadInput(f"The result kept in {folder} is of another version of this program.")
    for name, sha256 in about["files"].items():
        path = folder / name
        if path.parent != folder or not path.is_file() or sha256_file(path) != sha256:
            raise _damaged(folder)
    return about


def _picture(path: Path) -> Pixels:
    pixels: Pixels = np.load(path, allow_pickle=False)
    if pixels.dtype != np.float32:
        raise ValueError("a picture of another kind")
    return pixels


def _about_photo(photo: Photo) -> dict[str, Any]:
    """A photo but for its pixels."""
    return {
        "path": None if photo.path is None else str(photo.path),
        "icc": _text(photo.icc),
        "exif": _text(photo.exif),
        "bit_depth": photo.bit_depth,
        "grey": photo.grey,
        "format": photo.format,
    }


def _photo(name: str, about: Mapping[str, Any], pictures: Mapping[str, Pixels]) -> Photo:
    return Photo(
        pixels=pictures[f"{name}.npy"],
        alpha=pictures.get(f"{name}-alpha.npy"),
        path=None if about["path"] is None else Path(about["path"]),
        icc=_bytes(about["icc"]),
        exif=_bytes(about["exif"]),
        bit_depth=int(about["bit_depth"]),
        grey=bool(about["grey"]),
        format=str(about["format"]),
    )


def _request(about: Mapping[str, Any], folder: Path, exact: Pixels | None) -> Request:
    """The request; only the photo's file is looked for, all others are taken at their word."""
    data = about["request"]
    own = find_file(data["photo"], folder)
    photo = data["photo"]
    if own is None:
        photo = file_ref(folder / OBSERVED, folder, about["files"][OBSERVED])
    request = request_from({**data, "photo": photo, **_unasked(data)}, folder)
    adapt: AdaptTo = data["adapt"]
    request = replace(
        request,
        adapt=adapt,
        presets=tuple(AppliedPreset(Path(ref["path"]), strength) for ref, strength in applied_presets(data)),
        found=None if request.found is None else _as_found(request.found, data["found"], about["thumbnails"]),
    )
    if own is not None:
        return request
    pixels = request.photo.pixels if exact is None else exact
    stand_in = _photo("stand-in", about["observed"], {"stand-in.npy": pixels})
    return replace(request, photo=replace(stand_in, path=None if exact is not None else stand_in.path))


def _unasked(data: Mapping[str, Any]) -> dict[str, Any]:
    """Parts of a request changed so that none of them asks for a file."""
    degradation = data["degradation"]
    steps = [{name: step[name] for name in ("kind", "values")} for step in degradation["steps"]]
    found = data["found"]
    if found is not None:
        found = {**found, "items": [{**item, "included": False} for item in found["items"]]}
    return {
        "degradation": {**degradation, "steps": steps},
        "adapt": "none" if found is None else "neighbours",
        "presets": [],
        "found": found,
    }


def _as_found(found: NeighbourSet, data: Mapping[str, Any], thumbnails: Mapping[str, str]) -> NeighbourSet:
    items = tuple(
        replace(item, included=bool(said["included"]), thumbnail=_bytes(thumbnails.get(item.id)) or b"")
        for item, said in zip(found.items, data["items"], strict=True)
    )
    return replace(found, items=items)


def _thumbnails(found: NeighbourSet | None) -> dict[str, str]:
    items = found.items if found else ()
    return {item.id: base64.b64encode(item.thumbnail).decode("ascii") for item in items if item.thumbnail}


def _text(content: bytes | None) -> str | None:
    return None if content is None else base64.b64encode(content).decode("ascii")


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text, validate=True)


def _damaged(folder: Path) -> BadInput:
    return BadInput(f"The result kept in {folder} is damaged.", "Restore the photo again.")
