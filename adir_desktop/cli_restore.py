"""`adir restore` and `adir rerun`: from options to a request, its run, and what is saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from adir_desktop.cli_inspect import AUTO, damaged, faded, noise_level
from adir_desktop.cli_options import (
    Device,
    Events,
    FadingOrAuto,
    Kernel,
    Libraries,
    MaskOrAuto,
    NoiseOrAuto,
    Overwrite,
    PhotoPath,
    Reduction,
    Scale,
    Seed,
    Task,
    read_degradation,
    read_photo,
    read_sources,
    wants_json,
)
from adir_desktop.cli_output import Output, duration
from adir_desktop.cli_presets import ADAPTS, Presets, read_presets
from adir_desktop.cli_process import uninterrupted
from adir_desktop.cli_targets import Targets, targets_for
from adir_desktop.contract import Request, Restoration
from adir_desktop.errors import RequestError


def restore(
    photo: PhotoPath,
    *,
    task: Task,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="OUT", help="Where to save; PHOTO.restored.png by default."),
    ] = None,
    scale: Scale = None,
    reduction: Reduction = "bicubic",
    kernel: Kernel = None,
    noise: NoiseOrAuto = None,
    mask: MaskOrAuto = None,
    feather: Annotated[
        float,
        typer.Option(
            "--feather", metavar="PX", help="Pixels inside the mask over which a repair fades in.", min=0
        ),
    ] = 0.0,
    fading: FadingOrAuto = None,
    grey: Annotated[bool, typer.Option("--grey", help="The photo has lost its colours too.")] = False,
    prior: Annotated[
        str,
        typer.Option(
            "--prior", metavar="NAME", help="The diffusion prior: a name, or file:PATH of a checkpoint."
        ),
    ] = "starter",
    sampler: Annotated[
        str | None,
        typer.Option(
            "--sampler", metavar="NAME", help="The method, see adir methods; the recipe's by default."
        ),
    ] = None,
    steps: Annotated[
        int | None, typer.Option("--steps", metavar="N", help="Steps of the sampler.", min=1)
    ] = None,
    guidance: Annotated[
        float | None, typer.Option("--guidance", metavar="S", help="How strongly the photo is held to.")
    ] = None,
    option: Annotated[
        list[str] | None,
        typer.Option("--option", metavar="NAME=VALUE", help="A further number of the sampler; repeatable."),
    ] = None,
    prompt: Annotated[
        str,
        typer.Option("--prompt", metavar="WORDS", help="What the picture shows, for models that read."),
    ] = "",
    negative_prompt: Annotated[
        str, typer.Option("--negative-prompt", metavar="WORDS", help="What it is not to show.")
    ] = "",
    seed: Seed = 0,
    samples: Annotated[
        int,
        typer.Option(
            "--samples", metavar="N", help="How many seeds to restore with; their spread is told.", min=1
        ),
    ] = 1,
    average: Annotated[
        bool, typer.Option("--average", help="Save the mean of the samples instead of the first.")
    ] = False,
    recipe: Annotated[str, typer.Option("--recipe", metavar="NAME", help="quick or paper.")] = "quick",
    adapt: Annotated[
        str, typer.Option("--adapt", metavar="TO", help="none, neighbours, self, or a preset (file or name).")
    ] = "none",
    preset: Presets = None,
    library: Libraries = None,
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
        presets = read_presets(adapt, preset or ())
        adapting = "preset" if presets else adapt
        targets = targets_for(photo, out, adapting, baseline=baseline, save_preset=save_preset)
        mask_file = mask if str(mask) != AUTO else None
        targets.check((photo, mask_file, *(each.path for each in presets)), overwrite=overwrite)
        sources = read_sources(library or ())
        if adapting == "neighbours" and not sources:
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
            noise=noise_level(output, noise, observed),
            mask=damaged(output, mask, observed),
            fading=faded(output, fading, observed, task),
            grey=grey,
            reduction=reduction,
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
            adapt=ADAPTS.get(adapting, "preset"),
            sources=sources,
            neighbours=neighbours,
            presets=presets,
            iterations=iterations,
            baseline=baseline,
            device=device,
            samples=samples,
            average=average,
            feather=feather,
            options=_options(option or ()),
            prompt=prompt,
            negative_prompt=negative_prompt,
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
        targets = targets_for(out, out, request.adapt, baseline=request.baseline, save_preset=None)
        inputs = (sidecar, request.photo.path, *(each.path for each in request.presets))
        targets.check(inputs, overwrite=overwrite)
        restoration = _run(output, request, targets, overwrite=overwrite)
        _tell_differences(output, before, restoration)
        _tell(output, restoration, targets)


def _options(given: Sequence[str]) -> dict[str, str]:
    """NAME=VALUE each; what they may be is the sampler's business. Raises RequestError: no such form."""
    pairs = [text.partition("=") for text in given]
    for name, sign, _ in pairs:
        if not (name and sign):
            raise RequestError(f"'{name}' is not NAME=VALUE.", "Write --option zeta=0.5, for example.")
    return {name: value for name, _, value in pairs}


def _tell_differences(output: Output, before: Mapping[str, Any], restoration: Restoration) -> None:
    """Says what has changed since, libraries or the weights themselves: then the pixels may differ."""
    now, then = restoration.record, before.get("record")
    if not isinstance(then, Mapping):
        return
    versions = then.get("versions")
    if isinstance(versions, Mapping):
        changed = [
            f"{name} {versions[name]} -> {version}"
            for name, version in now["versions"].items()
            if versions.get(name, version) != version
        ]
        if changed:
            output.notice(f"Versions have changed since, so pixels may differ: {', '.join(changed)}.")
    if _weights(then) != _weights(now):
        output.notice("The model's file holds other weights than it did then, so the picture differs.")


def _weights(record: Mapping[str, Any]) -> tuple[object, object]:
    """The sha256 of the prior, and of the method's own checkpoint where it has one."""
    settings = record.get("settings")
    return record.get("prior_sha256"), settings.get("sha256") if isinstance(settings, Mapping) else None


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
