"""The files that `adir restore` and `adir rerun` write, checked before the work begins."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from adir_desktop.cli_photos import check_not_input, check_output
from adir_desktop.contract import Restoration
from adir_desktop.errors import RequestError
from adir_desktop.files import check_writable

_PRESET = ".preset.safetensors"


@dataclass(frozen=True)
class Targets:
    """Every file that a run will write. preset: only of a run that adapts."""

    picture: Path
    baseline: Path | None
    sidecar: Path
    preset: Path | None

    def written(self, restoration: Restoration) -> dict[str, Path]:
        """The files of a run that has ended, by what they hold."""
        baseline = self.baseline if restoration.baseline is not None else None
        found = {
            "picture": self.picture,
            "baseline": baseline,
            "sidecar": self.sidecar,
            "preset": self.preset,
        }
        return {name: path for name, path in found.items() if path is not None}

    def check(self, inputs: tuple[Path | None, ...], *, overwrite: bool) -> None:
        """Says before minutes of work that one of them cannot be written. Raises BadInput."""
        check_output(self.picture, inputs, overwrite=overwrite)
        others = [path for path in (self.baseline, self.sidecar, self.preset) if path is not None]
        for path in others:
            check_not_input(path, inputs)
            check_writable(path, overwrite=overwrite)
        if len({path.absolute() for path in (self.picture, *others)}) <= len(others):
            raise RequestError("Two files would have the same name.", "Choose another name for the preset.")


def targets_for(
    photo: Path, out: Path | None, adapting: str, *, baseline: bool, save_preset: Path | None
) -> Targets:
    """The targets of a run on `photo`. Raises RequestError: a preset is to be saved where none is made."""
    picture = out or photo.with_name(f"{photo.stem}.restored.png")
    adapts = adapting in ("neighbours", "self")
    if save_preset is not None and not adapts:
        raise RequestError(
            "Nothing is adapted, so there is no preset to save.", "Add --adapt neighbours or self."
        )
    return Targets(
        picture=picture,
        baseline=picture.with_name(f"{picture.stem}.baseline{picture.suffix}")
        if baseline and adapting != "none"
        else None,
        sidecar=picture.with_suffix(".json"),
        preset=(save_preset or picture.with_name(picture.stem + _PRESET)) if adapts else None,
    )
