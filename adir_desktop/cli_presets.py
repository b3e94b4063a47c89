"""`adir presets`: adapted presets kept for other photos and other people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from adir_desktop.cli_options import Json, Overwrite
from adir_desktop.cli_output import Output, megabytes
from adir_desktop.contract import AdaptedPreset, AdaptTo, AppliedPreset, PresetInfo
from adir_desktop.errors import RequestError

app = typer.Typer(help="Adapted presets: kept, shown, shared.")

ADAPTS: dict[str, AdaptTo] = {"none": "none", "neighbours": "neighbours", "self": "self"}
Presets = Annotated[
    list[str] | None,
    typer.Option(
        "--preset",
        metavar="PRESET[=STRENGTH]",
        help="Apply an adapted preset, a file or a stored one's name, with a strength from -2 to 2 "
        "(1 if none is given). May be given several times: they add up.",
    ),
]
NameOrFile = Annotated[
    str, typer.Argument(metavar="PRESET", help="A stored preset's name, or a preset file.")
]


@app.command("list")
def show_all(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="FOLDER", help="Instead of the store, the presets saved beside pictures here."
        ),
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Lists the stored presets, or those in a folder of pictures."""
    from adir_desktop.engine import presets

    with Output(as_json=as_json) as output:
        found = presets.list_presets() if folder is None else presets.presets_in(folder)
        if as_json:
            output.record({"presets": [_row(item) for item in found]})
            return
        for item in found:
            if item.problem:
                remedy = f"Remove it with: adir presets remove '{item.name}'" if folder is None else ""
                output.notice(item.problem, remedy)
        rows = [
            (
                item.name,
                item.prior,
                item.rank,
                len(item.neighbours),
                megabytes(item.bytes_on_disk),
                item.created,
            )
            for item in found
            if not item.problem
        ]
        if rows:
            output.table(("Name", "Prior", "Rank", "Photos", "Size", "Made"), rows)
        elif not found and folder is not None:
            output.notice(f"There is no preset in {folder}.")
        elif not found:
            output.notice(
                "There is no preset yet.",
                "Import one with: adir presets import FILE; those beside pictures: adir presets list FOLDER",
            )


@app.command()
def show(preset: NameOrFile, *, as_json: Json = False) -> None:
    """Shows what a preset was adapted to and how."""
    from adir_desktop.engine import presets

    with Output(as_json=as_json) as output:
        about = _about(presets.load_preset(presets.resolve(preset)))
        if as_json:
            output.record(about)
            return
        credits_ = about.pop("neighbours")
        output.table(("About", ""), [(name.replace("_", " "), value) for name, value in about.items()])
        for item in credits_:
            output.line(
                f"{item['similarity']:.3f}  {item['file']}  {item['author']}  {item['licence']}".rstrip()
            )


@app.command("export")
def save_copy(
    preset: NameOrFile,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The file, or for peft the folder, to write.")],
    *,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="adir (one file), peft (a folder), diffusers (for load_lora_weights), or kohya (ComfyUI, A1111); "
            "the last two of Stable Diffusion only.",
        ),
    ] = "adir",
    thumbnail: Annotated[
        bool, typer.Option("--thumbnail", help="With the small picture of the photo it was adapted for.")
    ] = False,
    overwrite: Overwrite = False,
) -> None:
    """Writes a preset for others."""
    from adir_desktop.engine import presets

    with Output() as output:
        found = presets.load_preset(presets.resolve(preset))
        presets.export_preset(found, out, form, overwrite=overwrite, thumbnail=thumbnail)
        output.line(f"Saved {out}")


@app.command("import")
def take_in(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="A preset, a LoRA of kohya or diffusers (.safetensors), or a folder of peft."
        ),
    ],
    *,
    prior: Annotated[
        str | None,
        typer.Option("--prior", metavar="NAME", help="The model of a LoRA that does not say it itself."),
    ] = None,
) -> None:
    """Checks a preset, or a LoRA of another program, and puts it into the store."""
    from adir_desktop.engine import presets

    with Output() as output:
        preset = presets.read_any(file, prior)
        for remark in presets.remarks(preset):
            output.notice(remark)
        output.line(f"Stored as '{presets.add(preset)}'.")


@app.command()
def remove(name: Annotated[str, typer.Argument(metavar="NAME", help="A stored preset's name.")]) -> None:
    """Deletes a stored preset."""
    from adir_desktop.engine import presets

    with Output() as output:
        presets.remove(name)
        output.line(f"Removed the preset '{name}'.")


def read_presets(adapt: str, given: Sequence[str]) -> tuple[AppliedPreset, ...]:
    """The presets to apply: "beach", "folder/beach.safetensors=0.5"; `adapt` may be one more of them.

    Raises:
        PresetError: there is no such preset. RequestError: a strength is no number, or the photo is to be
            adapted to something else as well.
    """
    if adapt in ADAPTS:
        if given and adapt != "none":
            raise RequestError(
                f"--preset and --adapt {adapt} do not go together.",
                "Leave one out; what was adapted can be combined with others as a preset.",
            )
        return tuple(_applied(text) for text in given)
    return tuple(_applied(text) for text in (adapt, *given))


def _applied(text: str) -> AppliedPreset:
    from adir_desktop.engine import presets

    name, equals, strength = text.rpartition("=")
    if not equals or not name or Path(text).exists():
        return AppliedPreset(presets.resolve(text).absolute())
    try:
        value = float(strength)
    except ValueError as error:
        raise RequestError(
            f"'{strength}' is no strength of the preset '{name}'.",
            "Give a number from -2 to 2, as in --preset NAME=0.5.",
        ) from error
    return AppliedPreset(presets.resolve(name).absolute(), value)


def _row(item: PresetInfo) -> dict[str, Any]:
    """All but the picture, and the neighbours by their number."""
    return {
        "name": item.name,
        "path": item.path,
        "bytes_on_disk": item.bytes_on_disk,
        "prior": item.prior,
        "rank": item.rank,
        "task": item.task,
        "recipe": item.recipe,
        "neighbours": len(item.neighbours),
        "created": item.created,
        "problem": item.problem,
    }


def _about(preset: AdaptedPreset) -> dict[str, Any]:
    """All but the tensors."""
    neighbours = [
        {
            "file": item.path.name,
            "id": item.id,
            "similarity": item.similarity,
            "author": item.author,
            "licence": item.licence,
        }
        for item in preset.neighbours
    ]
    return {
        "name": preset.name,
        "prior": preset.prior,
        "prior_sha256": preset.prior_sha256,
        "rank": preset.rank,
        "alpha": preset.alpha,
        "layers": len(preset.tensors) // 2,
        "created": preset.created,
        "degradation": dict(preset.degradation),
        "training": dict(preset.training),
        "neighbours": neighbours,
    }
