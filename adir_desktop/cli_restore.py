"""`adir restore` and `adir rerun`: from options to a request, its run, and what is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from adir_desktop.cli_options import (
    Device,
    Events,
    Kernel,
    MaskPath,
    Noise,
    Overwrite,
    PhotoPath,
    Scale,
    Seed,
    Task,
    read_degradation,
    read_photo,
    wants_json,
)
from adir_desktop.cli_output import Output, duration
from adir_desktop.cli_photos import check_not_input, check_output
from adir_desktop.cli_process import uninterrupted
from adir_desktop.contract import AdaptTo, Request, Restoration
from adir_desktop.errors import RequestError
from adir_desktop.files import check_writable

_ADAPTS: dict[str, AdaptTo] = {"none": "none", "neighbours": "neighbours", "self": "self"}
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


def restore(
    photo: PhotoPath,
    *,
    task: Task,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="OUT", help="Where to save; PHOTO.restored.png by default."),
    ] = None,
    scale: Scale = None,
    kernel: Kernel = None,
    noise: Noise = None,
    mask: MaskPath = None,
    prior: Annotated[str, typer.Option("--prior", metavar="NAME", help="The diffusion prior.")] = "starter",
    sampler: Annotated[
        str | None,
        typer.Option("--sampler", metavar="NAME", help="diffpir or adir; the recipe's by default."),
    ] = None,
    steps: Annotated[
        int | None, typer.Option("--steps", metavar="N", help="Steps of the sampler.", min=1)
    ] = None,
    guidance: Annotated[
        float | None, typer.Option("--guidance", metavar="S", help="How strongly the photo is held to.")
    ] = None,
    seed: Seed = 0,
    recipe: Annotated[str, typer.Option("--recipe", metavar="NAME", help="quick or paper.")] = "quick",
    adapt: Annotated[
        str, typer.Option("--adapt", metavar="TO", help="none, neighbours, self, or a preset (file or name).")
    ] = "none",
    library: Annotated[
        str | None,
        typer.Option(
            "--library", metavar="NAME_OR_DIR", help="Where neighbours come from; a folder is indexed first."
        ),
    ] = None,
    neighbours: Annotated[
        int | None,
        typer.Option("--neighbours", metavar="K", help="How many similar photos to adapt to.", min=1),
    ] = None,
    iterations: Annotated[
        int | None, typer.Option("--iterations", metavar="N", help="Iterations of the adaptation.", min=1)
    ] = None,
    baseline: Annotated[
        bool, typer.Option("--baseline", help="Also save the same seed without adaptation.")
    ] = False,
    save_preset: Annotated[
        Path | None, typer.Option("--save-preset", metavar="FILE", help="Where to save what was adapted.")
    ] = None,
    device: Device = "auto",
    events: Events = None,
    overwrite: Overwrite = False,
) -> None:
    """Restores a photo.

    Beside it a JSON file tells how it was made; adir rerun repeats it.
    """
    with Output(as_events=wants_json(events)) as output:
        preset = _preset(adapt)
        adapting = adapt if adapt in _ADAPTS else "preset"
        targets = _targets(photo, out, adapting, baseline=baseline, save_preset=save_preset)
        targets.check((photo, mask, preset), overwrite=overwrite)
        if adapting == "neighbours" and library is None:
            raise RequestError(
                "Adapting to similar photos needs a library.",
                "Give --library with its name or a folder of photos.",
            )
        if baseline and adapting == "none":
            output.notice("Without adaptation the picture is its own baseline; none is saved beside it.")
        observed = read_photo(photo)
        degradation = read_degradation(
            task=task,
            scale=scale,
            kernel=kernel,
            noise=noise,
            mask=mask,
            size=(observed.height, observed.width),
        )
        request = Request(
            photo=observed,
            task=task,
            degradation=degradation,
            prior=prior,
            sampler=sampler,
            recipe=recipe,
            steps=steps,
            guidance=guidance,
            seed=seed,
            adapt=_ADAPTS.get(adapt, "preset"),
            library=library,
            neighbours=neighbours,
            preset=preset,
            iterations=iterations,
            baseline=baseline,
            device=device,
        )
        _tell(output, _run(output, request, targets, overwrite=overwrite), targets)


def rerun(
    sidecar: Annotated[
        Path, typer.Argument(metavar="SIDECAR.json", help="The JSON file beside a restored photo.")
    ],
    *,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="OUT", help="Where to save the picture.")],
    events: Events = None,
    overwrite: Overwrite = False,
) -> None:
    """Restores again as a sidecar describes.

    On the same machine, with the same versions, the pixels are the same.
    """
    with Output(as_events=wants_json(events)) as output:
        from adir_desktop.engine.sidecar import read_sidecar, request_from_json

        before = read_sidecar(sidecar)
        request = request_from_json(before)
        targets = _targets(out, out, request.adapt, baseline=request.baseline, save_preset=None)
        targets.check((sidecar, request.photo.path, request.preset), overwrite=overwrite)
        restoration = _run(output, request, targets, overwrite=overwrite)
        _tell_differences(output, before, restoration)
        _tell(output, restoration, targets)


def _preset(adapt: str) -> Path | None:
    """The preset file that `--adapt` names, if it names one. Raises PresetError: there is none."""
    if adapt in _ADAPTS:
        return None
    from adir_desktop.engine import presets

    return presets.resolve(adapt).absolute()


def _targets(
    photo: Path, out: Path | None, adapting: str, *, baseline: bool, save_preset: Path | None
) -> Targets:
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


def _tell_differences(output: Output, before: Mapping[str, Any], restoration: Restoration) -> None:
    """Says which libraries have changed since: then the pixels may differ a little."""
    now, record = restoration.record["versions"], before.get("record")
    then = record.get("versions") if isinstance(record, Mapping) else None
    if not isinstance(then, Mapping):
        return
    changed = [
        f"{name} {then[name]} -> {now[name]}" for name in now if name in then and then[name] != now[name]
    ]
    if changed:
        output.notice(f"Versions have changed since, so pixels may differ: {', '.join(changed)}.")


def _run(output: Output, request: Request, targets: Targets, *, overwrite: bool) -> Restoration:
    """Restores and saves."""
    from adir_desktop.engine import jobs

    restoration: Restoration = output.drain(jobs.restore(request))
    with uninterrupted():
        job = jobs.save(restoration, targets.picture, overwrite=overwrite, preset_path=targets.preset)
        output.drain(job)
    return restoration


def _tell(output: Output, restoration: Restoration, targets: Targets) -> None:
    """What was written and how it went; for programs the last line."""
    record, paths = restoration.record, targets.written(restoration)
    if output.as_json:
        output.record({"paths": {name: path.absolute() for name, path in paths.items()}, **record})
        return
    for name, path in paths.items():
        output.line(f"{name}: {path}")
    output.notice(
        f"Done in {duration(restoration.seconds)}: seed {record['seed']}, {record['steps']} steps, "
        f"{record['evaluations']} evaluations of the network."
    )
