"""`python -m index_tools open-images`: photos of Open Images into a folder."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adir_desktop.cli_options import Events, wants_json
from adir_desktop.cli_output import Output, megabytes

if TYPE_CHECKING:
    from index_tools.open_images.order import Imported, Survey


def open_images(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the photos go; made where needed.")],
    *,
    count: Annotated[
        int | None,
        typer.Option(
            "--count",
            metavar="N",
            help="So many photos. A larger number later adds to them.",
        ),
    ] = None,
    share: Annotated[
        float | None,
        typer.Option(
            "--share",
            metavar="P",
            help="This share of all photos that fit: 0.01 for one in a hundred, 1 for all.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Another seed, another choice.")] = 0,
    subset: Annotated[
        list[str] | None,
        typer.Option(
            "--subset",
            metavar="NAME",
            help="train (1,743,042 photos), validation (41,620; the usual one) or test (125,436); may be given several times.",
        ),
    ] = None,
    classes: Annotated[
        list[str] | None,
        typer.Option(
            "--class",
            metavar="NAME",
            help="Only photos of a class, such as Dog, by the official names; of any of them where given several times.",
        ),
    ] = None,
    confidence: Annotated[
        float,
        typer.Option(
            "--confidence",
            metavar="P",
            help="How sure the label is to be; people's are 1 (there) or 0 (not there).",
        ),
    ] = 0.5,
    licence: Annotated[
        list[str] | None,
        typer.Option(
            "--licence",
            metavar="TEXT",
            help="Only photos with this in their licence's address, such as licenses/by/2.0.",
        ),
    ] = None,
    csv: Annotated[
        list[Path] | None,
        typer.Option(
            "--csv",
            metavar="FILE",
            help="A list of photos that you have, in place of the official ones, which are fetched.",
        ),
    ] = None,
    labels: Annotated[
        list[str] | None,
        typer.Option(
            "--labels",
            metavar="FILE_OR_URL",
            help="Labels of photos, in place of those that people have confirmed.",
        ),
    ] = None,
    class_names: Annotated[
        str | None,
        typer.Option(
            "--class-names", metavar="FILE_OR_URL", help="The list of classes, in place of the official one."
        ),
    ] = None,
    metadata: Annotated[
        Path | None,
        typer.Option(
            "--metadata", metavar="DIR", help="Where fetched lists are kept, for several folders of photos."
        ),
    ] = None,
    metadata_url: Annotated[
        str | None, typer.Option("--metadata-url", metavar="URL", help="Another server of the lists.")
    ] = None,
    base_url: Annotated[
        str | None,
        typer.Option(
            "--base-url", metavar="URL", help="Another server of the photos, with SUBSET/ID.jpg under it."
        ),
    ] = None,
    threads: Annotated[int, typer.Option("--threads", metavar="N", help="Downloads at a time.")] = 8,
    requests: Annotated[
        float, typer.Option("--requests", metavar="N", help="Requests a second at most; 0 for any number.")
    ] = 50.0,
    rate: Annotated[
        float, typer.Option("--rate", metavar="MB", help="Megabytes a second at most; 0 for any number.")
    ] = 0.0,
    failures: Annotated[
        int, typer.Option("--failures", metavar="N", help="Stop when so many photos in a row do not come.")
    ] = 20,
    retry_gone: Annotated[
        bool, typer.Option("--retry-gone", help="Ask again for photos that the server did not have.")
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Say how many photos and bytes it would be; fetch the lists only."),
    ] = False,
    events: Events = None,
) -> None:
    """Brings photos of Open Images to a folder, with their authors and licences.

    Interrupted, the same command goes on where it was; nothing is fetched twice. The photos keep the licences of
    their authors (usually CC BY 2.0: name the author, the licence and the page wherever you show one).
    """
    from adir_desktop.engine import jobs
    from index_tools.open_images.facts import CLASS_NAMES_URL, IMAGES_URL, METADATA_URL
    from index_tools.open_images.importing import bring_photos, survey
    from index_tools.open_images.order import Order

    order = Order(
        folder,
        subsets=tuple(subset or ()),
        count=count,
        share=share,
        seed=seed,
        classes=tuple(classes or ()),
        confidence=confidence,
        licences=tuple(licence or ()),
        lists=tuple(csv or ()),
        labels=tuple(labels or ()),
        class_names=class_names or CLASS_NAMES_URL,
        metadata=metadata,
        metadata_url=metadata_url or METADATA_URL,
        images_url=base_url or IMAGES_URL,
        threads=threads,
        requests=requests,
        bytes_per_second=rate * 1e6,
        failures=failures,
        retry_gone=retry_gone,
    )
    with Output(as_events=wants_json(events)) as output:
        result = output.drain(jobs.finished(survey(order) if dry_run else bring_photos(order)))
        if output.as_json:
            output.record(asdict(result))
        elif dry_run:
            _tell_survey(output, result)
        else:
            _tell(output, result)


def _tell_survey(output: Output, found: Survey) -> None:
    size = "of unknown size" if found.bytes is None else f"about {megabytes(found.bytes)}"
    output.line(f"{found.photos} photos are as wanted; {found.already} are in {found.folder} already.")
    if found.gone:
        output.line(f"{found.gone} are not on the server any more.")
    output.line(f"{found.missing} would be fetched, {size}; {megabytes(found.free)} are free on the disk.")


def _tell(output: Output, done: Imported) -> None:
    output.line(
        f"{done.fetched} photos came ({megabytes(done.bytes)}), {done.already} were there already: "
        f"{done.fetched + done.already} of {done.photos} are in {done.folder}."
    )
    if done.gone:
        output.line(f"{done.gone} are not on the server; --retry-gone asks again.")
    if done.failed:
        output.line(f"{done.failed} did not come; the same command tries them again.")
    output.line("They keep their authors' licences, which stand in the credits.csv beside them.")
    output.notice(
        "To search them:",
        f"adir library add {done.folder}  (or, for very many: python -m index_tools build {done.folder} --name open-images)",
    )
