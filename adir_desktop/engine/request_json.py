"""A request as JSON and back: pictures by file and sha256, the mask inside, all else as it is."""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Never

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from adir_desktop.contract import (
    TASKS,
    AppliedPreset,
    Degradation,
    Mask,
    Neighbour,
    NeighbourSet,
    Photo,
    Request,
    Source,
    Step,
    Thrift,
)
from adir_desktop.engine.photos import open_photo
from adir_desktop.errors import BadInput, PhotoError, RequestError, explain
from adir_desktop.files import sha256_file
from adir_desktop.searches import Filters

_TEXT, _WHOLE, _NUMBER = (str,), (int,), (int, float)
_NONE = type(None)
_PLAIN: dict[str, tuple[type, ...]] = {  # the fields of a request that JSON holds as they are
    "task": _TEXT,
    "prior": _TEXT,
    "sampler": (*_TEXT, _NONE),
    "recipe": _TEXT,
    "steps": (*_WHOLE, _NONE),
    "guidance": (*_NUMBER, _NONE),
    "seed": _WHOLE,
    "adapt": _TEXT,
    "neighbours": (*_WHOLE, _NONE),
    "iterations": (*_WHOLE, _NONE),
    "baseline": (bool,),
    "device": _TEXT,
    "precision": _TEXT,
}
_LATER: dict[str, tuple[type, ...]] = {  # the same, of fields that older sidecars lack
    "samples": _WHOLE,
    "average": (bool,),
    "feather": _NUMBER,
    "prompt": _TEXT,
    "negative_prompt": _TEXT,
}
_FILE = "file:"  # how a kernel names its picture


def request_to_json(request: Request, folder: Path) -> dict[str, Any]:
    """The request as JSON-able data; files are also named relative to `folder`.

    The photo is null where its file is not there or does not hold these pixels (any more): a picture
    from the clipboard, or an earlier result worked on further.
    """
    degradation = request.degradation
    return {name: getattr(request, name) for name in (*_PLAIN, *_LATER)} | {
        "sources": [{"library": each.library, "weight": each.weight} for each in request.sources],
        "filters": asdict(request.filters) | {"exclude": sorted(request.filters.exclude)},
        "photo": _photo_ref(request.photo, folder),
        "degradation": {
            "steps": [_step_to_json(step, folder) for step in degradation.steps],
            "noise_std": degradation.noise_std,
            "mask": None if degradation.mask is None else _mask_to_text(degradation.mask),
        },
        "options": dict(request.options),
        "thrift": asdict(request.thrift),
        "presets": [_ref(each.path, folder) | {"strength": each.strength} for each in request.presets],
        "found": None if request.found is None else _found_to_json(request.found, folder),
    }


def request_from(data: Mapping[str, Any], folder: Path, saved_preset: Any = None) -> Request:
    """The request of `request_to_json`; files are looked for from `folder` and where they were.

    saved_preset: the `file_ref` of what the request adapted, applied if it is there and unchanged.

    Raises:
        BadInput: a part is damaged; the photo, a neighbour, the kernel or the preset has gone or changed.
    """
    try:
        if data["adapt"] in ("neighbours", "self") and find_file(saved_preset, folder) is not None:
            data = {**data, "adapt": "preset", "presets": [{**saved_preset, "strength": 1.0}]}
        return _request(data, folder)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadInput("The sidecar is damaged.", "Use another copy, or restore the photo again.") from error
    except OSError as error:
        raise explain(error) from error


def file_ref(path: Path, folder: Path, sha256: str) -> dict[str, Any]:
    """A file by its place, its place seen from `folder`, and its content."""
    absolute = path.absolute()
    try:
        relative = Path(os.path.relpath(absolute, folder)).as_posix()
    except ValueError:  # another drive of Windows
        relative = None
    return {"path": str(absolute), "relative": relative, "sha256": sha256}


def find_file(ref: Any, folder: Path) -> Path | None:
    """The file that a `file_ref` means, if it is there with the same content; None of None."""
    if ref is None:
        return None
    places = _places(ref, folder)
    return next((path for path in places if path.is_file() and sha256_file(path) == ref.get("sha256")), None)


def applied_presets(data: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], float]]:
    """The `file_ref` of each preset in a request's JSON, and its strength; older ones name at most one."""
    if "presets" not in data:
        return [] if data["preset"] is None else [(data["preset"], 1.0)]
    rows = _checked(data["presets"], (list,))
    return [(row, float(_checked(row["strength"], _NUMBER))) for row in rows]


def _request(data: Mapping[str, Any], folder: Path) -> Request:
    plain = {name: _checked(data[name], kinds) for name, kinds in _PLAIN.items()}
    plain |= {name: _checked(data[name], kinds) for name, kinds in _LATER.items() if name in data}
    if plain["task"] not in TASKS or plain["adapt"] not in ("none", "neighbours", "self", "preset"):
        raise ValueError("an unknown task or way to adapt")
    if data["photo"] is None:
        raise BadInput(
            "The restored photo was not a file, so it cannot be restored again from the sidecar.",
            "Save the photo first, and restore the saved file.",
        )
    photo = open_photo(_required(data["photo"], folder, "photo"))
    presets: tuple[AppliedPreset, ...] = ()
    if plain["adapt"] == "preset":
        rows = applied_presets(data)
        presets = tuple(AppliedPreset(_required(ref, folder, "preset"), strength) for ref, strength in rows)
    found = None
    if plain["adapt"] == "neighbours" and data["found"] is not None:
        found = _found_from_json(data["found"], folder)
    return Request(
        photo=photo,
        degradation=_degradation(data["degradation"], folder, photo),
        presets=presets,
        found=found,
        sources=_sources(data),
        filters=_filters(data),
        options=_options(data),
        thrift=_thrift(data),
        **plain,
    )


def _options(data: Mapping[str, Any]) -> dict[str, int | float | str]:
    """The sampler's further numbers; older sidecars name none."""
    options = _checked(data.get("options", {}), (dict,))
    return {str(name): _checked(value, (*_NUMBER, *_TEXT)) for name, value in options.items()}


def _thrift(data: Mapping[str, Any]) -> Thrift:
    """How memory was saved; older sidecars know nothing of it."""
    values = _checked(data.get("thrift", {}), (dict,))
    kinds = {each.name: type(each.default) for each in fields(Thrift)}
    return Thrift(**{name: _checked(value, (kinds[name],)) for name, value in values.items()})


def _sources(data: Mapping[str, Any]) -> tuple[Source, ...]:
    """The libraries; older sidecars name at most one, without a weight."""
    if "sources" not in data:
        library = _checked(data["library"], (*_TEXT, _NONE))
        return () if library is None else (Source(library),)
    return tuple(
        Source(_checked(each["library"], _TEXT), float(_checked(each["weight"], _NUMBER)))
        for each in data["sources"]
    )


def _filters(data: Mapping[str, Any]) -> Filters:
    """What answers had to be; older sidecars know nothing of it."""
    values = dict(_checked(data.get("filters", {}), (dict,)))
    exclude = frozenset(_checked(each, _TEXT) for each in values.pop("exclude", ()))
    kinds = {each.name: type(each.default) for each in fields(Filters)}
    return Filters(
        **{name: _checked(value, (kinds[name],)) for name, value in values.items()}, exclude=exclude
    )


def _checked(value: Any, kinds: tuple[type, ...]) -> Any:
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise TypeError("a value of another kind")
    return value


def _degradation(data: Mapping[str, Any], folder: Path, photo: Photo) -> Degradation:
    steps = tuple(_step_from_json(step, folder) for step in data["steps"])
    mask = None if data["mask"] is None else _mask_from_text(data["mask"], photo)
    return Degradation(steps, float(_checked(data["noise_std"], _NUMBER)), mask)


def _step_to_json(step: Step, folder: Path) -> dict[str, Any]:
    kernel = step.values.get("kernel")
    if isinstance(kernel, str) and kernel.startswith(_FILE):
        ref = _ref(Path(kernel.removeprefix(_FILE)), folder)
        return {"kind": step.kind, "values": dict(step.values), "kernel_file": ref}
    return {"kind": step.kind, "values": dict(step.values)}


def _step_from_json(data: Mapping[str, Any], folder: Path) -> Step:
    values = {str(name): _checked(value, (*_NUMBER, *_TEXT)) for name, value in data["values"].items()}
    if "kernel_file" in data:
        values["kernel"] = f"{_FILE}{_required(data['kernel_file'], folder, 'blur kernel')}"
    return Step(_checked(data["kind"], _TEXT), values)


def _mask_to_text(mask: Mask) -> str:
    stream = io.BytesIO()
    Image.fromarray(mask.astype(np.uint8) * 255).convert("1", dither=Image.Dither.NONE).save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode("ascii")


def _mask_from_text(text: str, photo: Photo) -> Mask:
    try:
        with PngImageFile(io.BytesIO(base64.b64decode(text, validate=True))) as image:
            if image.size != (photo.width, photo.height):
                raise ValueError("a mask of another size")
            return np.asarray(image.convert("1"))
    except (OSError, SyntaxError) as error:
        raise ValueError("a damaged mask") from error


def _found_to_json(found: NeighbourSet, folder: Path) -> dict[str, Any]:
    items = [
        {
            **file_ref(item.path, folder, item.id),
            "similarity": item.similarity,
            "angle": item.angle,
            "author": item.author,
            "licence": item.licence,
            "included": item.included,
            "library": item.library,
            "page": item.page,
            "weight": item.weight,
        }
        for item in found.items
    ]
    return {"library": found.library, "encoder": found.encoder, "query": found.query, "items": items}


def _found_from_json(data: Mapping[str, Any], folder: Path) -> NeighbourSet:
    """Only neighbours that were adapted to must still be there."""
    library, encoder, query = (_checked(data[name], _TEXT) for name in ("library", "encoder", "query"))
    items = tuple(
        Neighbour(
            id=_checked(item["sha256"], _TEXT),
            path=_required(item, folder, "similar photo") if item["included"] else Path(item["path"]),
            similarity=float(item["similarity"]),
            angle=float(item["angle"]),
            author=_checked(item["author"], _TEXT),
            licence=_checked(item["licence"], _TEXT),
            included=_checked(item["included"], (bool,)),
            library=_checked(item.get("library", library), _TEXT),
            page=_checked(item.get("page", ""), _TEXT),
            weight=float(_checked(item.get("weight", 1.0), _NUMBER)),
        )
        for item in data["items"]
    )
    return NeighbourSet(library, encoder, query, items)


def _photo_ref(photo: Photo, folder: Path) -> dict[str, Any] | None:
    if photo.path is None:
        return None
    try:
        same = np.array_equal(open_photo(photo.path).pixels, photo.pixels)
    except PhotoError:
        return None
    return _ref(photo.path, folder) if same else None


def _ref(path: Path, folder: Path) -> dict[str, Any]:
    return file_ref(path, folder, sha256_file(path) if path.is_file() else "")


def _places(ref: Mapping[str, Any], folder: Path) -> list[Path]:
    """Where a file may be: as seen from the folder, where it was, or simply in the folder."""
    path, relative = Path(_checked(ref["path"], _TEXT)), ref.get("relative")
    nearby = [Path(os.path.normpath(folder / relative))] if isinstance(relative, str) else []
    return [*nearby, path, folder / path.name]


def _required(ref: Any, folder: Path, what: str) -> Path:
    found = find_file(_checked(ref, (dict,)), folder)
    return found if found is not None else _missing(ref, folder, what)


def _missing(ref: Mapping[str, Any], folder: Path, what: str) -> Never:
    name = ref["path"]
    if any(path.is_file() for path in _places(ref, folder)):
        raise RequestError(
            f"The {what} {name} is no longer what it was.", "Bring back the file as it was at the time."
        )
    raise RequestError(f"The {what} {name} is gone.", "Put it back, or into the sidecar's folder.")
