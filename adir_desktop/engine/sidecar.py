"""The sidecar: a JSON file beside a restored picture that says how it was made, and how to make it again.

    {"format", "version", "created", "seconds",
     "request": what was asked for, every choice settled,
     "record": how it went: settings, times, memory, versions,
     "outputs": {"photo" | "baseline": {"name", "sha256"}},
     "saved_preset": the adapted preset that was saved with it, or null}

Files are named by their absolute path, by their path from the sidecar's folder, and by their sha256:
a folder can be moved as a whole, and a file that has changed is not taken for the one it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from adir_desktop.contract import NeighbourSet, Request, Restoration
from adir_desktop.engine import presets
from adir_desktop.engine.photos import write_photo
from adir_desktop.engine.picture_writers import format_for
from adir_desktop.engine.request_json import file_ref, request_from, request_to_json
from adir_desktop.errors import BadInput, RequestError
from adir_desktop.files import atomic, check_writable, sha256_file
from adir_desktop.plain import plain

FORMAT = "adir-sidecar"
VERSION = 1


@dataclass(frozen=True)
class Saved:
    """The files that one restoration was saved as."""

    photo: Path
    sidecar: Path
    baseline: Path | None = None
    preset: Path | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        """All of them, the restored picture first."""
        paths = (self.photo, self.baseline, self.sidecar, self.preset)
        return tuple(path for path in paths if path is not None)


def save_restoration(
    restoration: Restoration, out: Path, *, overwrite: bool = False, preset_path: Path | None = None
) -> Saved:
    """Writes the picture to `out` and beside it `<stem>.baseline<suffix>` (if any) and `<stem>.json`.

    preset_path: where the adapted preset goes. All files are written in full before the first takes
    its name; on any error none does, and what stood there is as it was.

    Raises:
        BadInput: a file exists and may not be replaced, has no place to go, would replace one that the
            restoration was made from, or two have one name; there is no preset to save.
        PhotoError, RequestError: the suffix names no format, or one that cannot hold the picture.
        StorageError: the disk is full or read-only.
    """
    saved = _targets(restoration, out, preset_path)
    _check(saved, restoration, overwrite=overwrite)
    with ExitStack() as stack:  # left in reverse order: the picture takes its name first
        temporary = {
            path: stack.enter_context(atomic(path, overwrite=overwrite)) for path in reversed(saved.paths)
        }
        write_photo(restoration.photo, temporary[saved.photo])
        if saved.baseline and restoration.baseline:
            write_photo(restoration.baseline, temporary[saved.baseline])
        if saved.preset and restoration.preset:
            presets.save_preset(restoration.preset, temporary[saved.preset], overwrite=True)
        document = json.dumps(_document(restoration, saved, temporary), indent=1, allow_nan=False)
        temporary[saved.sidecar].write_text(document, encoding="utf-8")
    return saved


def read_sidecar(path: Path) -> dict[str, Any]:
    """The content of a sidecar file, and as "folder" where it lies.

    Raises:
        BadInput: there is no such file, it is no sidecar, damaged, or of a newer version.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BadInput(f"There is no file {path}.", "Check the name and the folder.") from error
    except OSError as error:
        raise BadInput(f"{path} cannot be read.", "Give the JSON file beside a restored photo.") from error
    except (ValueError, RecursionError) as error:
        raise BadInput(
            f"{path.name} is not a sidecar, or damaged.", "Give the JSON file beside a restored photo."
        ) from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise BadInput(f"{path.name} is not a sidecar.", "Give the JSON file beside a restored photo.")
    if document.get("version") != VERSION:
        raise BadInput(
            f"{path.name} is of version {document.get('version')}, this program knows {VERSION}.",
            "Update ADIR Desktop.",
        )
    return document | {"folder": str(path.absolute().parent)}


def request_from_json(sidecar: Mapping[str, Any]) -> Request:
    """The request that makes a sidecar's picture again; `sidecar` as `read_sidecar` gives it.

    Where the adapted preset was saved and is still as it was, it is applied (the pixels are the same,
    and minutes are saved); otherwise the adaptation is repeated, on the neighbours recorded.

    Raises:
        BadInput: a part is damaged; the photo, a neighbour, the kernel or the preset has gone or changed.
    """
    data = sidecar.get("request")
    if not isinstance(data, Mapping):
        raise BadInput("The sidecar says nothing of the request.", "Use another copy of it.")
    return request_from(data, Path(str(sidecar.get("folder", "."))), sidecar.get("saved_preset"))


def _targets(restoration: Restoration, out: Path, preset_path: Path | None) -> Saved:
    format_for(out, restoration.photo.width, restoration.photo.height)
    if preset_path is not None and restoration.preset is None:
        raise RequestError("Nothing was adapted, so there is no preset to save.", "Save without it.")
    baseline = out.with_name(f"{out.stem}.baseline{out.suffix}") if restoration.baseline else None
    return Saved(out, out.with_suffix(".json"), baseline, preset_path)


def _check(saved: Saved, restoration: Restoration, *, overwrite: bool) -> None:
    """Everything that can be known before the first file is touched."""
    if len({path.absolute() for path in saved.paths}) < len(saved.paths):
        raise RequestError("Two files would have the same name.", "Choose another name for the preset.")
    inputs = (restoration.request.photo.path, *(each.path for each in restoration.request.presets))
    for path in saved.paths:
        check_writable(path, overwrite=overwrite)
        if path.exists() and any(other and other.exists() and path.samefile(other) for other in inputs):
            raise RequestError(f"{path} is what the restoration was made from.", "Choose another name.")


def _document(restoration: Restoration, saved: Saved, temporary: Mapping[Path, Path]) -> dict[str, Any]:
    """The sidecar's content; the files it names have been written under temporary names."""
    folder = saved.sidecar.absolute().parent
    request = replace(restoration.request, found=_neighbours(restoration))
    pictures = {"photo": saved.photo, "baseline": saved.baseline}
    preset = None
    if saved.preset is not None:
        preset = file_ref(saved.preset, folder, sha256_file(temporary[saved.preset]))
    return {
        "format": FORMAT,
        "version": VERSION,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": restoration.seconds,
        "request": plain(request_to_json(request, folder)),
        "record": plain(restoration.record),
        "outputs": {
            kind: {"name": path.name, "sha256": sha256_file(temporary[path])}
            for kind, path in pictures.items()
            if path is not None
        },
        "saved_preset": preset,
    }


def _neighbours(restoration: Restoration) -> NeighbourSet | None:
    """The photos adapted to: chosen beforehand, or found on the way and noted in the preset."""
    request, preset = restoration.request, restoration.preset
    if request.adapt != "neighbours" or request.found is not None or preset is None:
        return request.found
    names = ", ".join(source.library for source in request.sources)
    return NeighbourSet(names, "", "", preset.neighbours)
