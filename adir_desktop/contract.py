"""What the layers say to each other, frozen and numpy only: a `Request` goes down, `Event`s come up, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from adir_desktop.searches import Filters

Pixels = NDArray[np.float32]
Mask = NDArray[np.bool_]
AdaptTo = Literal["none", "neighbours", "self", "preset"]
TASKS = ("upscale", "deblur", "denoise", "inpaint", "colorize", "old", "edit")
PIXELS, LATENT_UPSCALE, LATENT_INPAINT = "pixels", "latent-upscale", "latent-inpaint"  # families of priors
STRENGTHS = (-2.0, 2.0)  # of an applied preset: 1 is as it was adapted, below 0 is away from it


@dataclass(frozen=True, eq=False)
class Photo:
    """A picture in memory: upright, sRGB, with what its file knew.

    pixels: (H, W, 3) float32 sRGB in [0, 1]; alpha: (H, W) float32 in [0, 1] or None.
    icc: the file's own colour profile (pixels are already sRGB); exif: its EXIF block with
    Orientation reset to 1. bit_depth: bits a channel in the file, 8 or 16.
    grey: the file had one channel of colour. format: Pillow's name ("JPEG"), "" if not from a file.
    """

    pixels: Pixels
    alpha: Pixels | None = None
    path: Path | None = None
    icc: bytes | None = None
    exif: bytes | None = None
    bit_depth: int = 8
    grey: bool = False
    format: str = ""

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])


@dataclass(frozen=True)
class Step:
    """One fault: a row of the engine's OPERATORS table and its values."""

    kind: str
    values: Mapping[str, int | float | str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Degradation:
    """What happened to the photo, in order: y = A x + e, with A the chain of `steps`.

    noise_std: of e, in 0..255 units. mask: (h, w) of the observed photo, True where it is missing
    and wanted back; needed by a step of kind "mask".
    """

    steps: tuple[Step, ...]
    noise_std: float = 0.0
    mask: Mask | None = None


@dataclass(frozen=True)
class Fading:
    """What age did to the colours: y = gain * x + offset for each channel, x and y sRGB in [0, 1]."""

    gain: tuple[float, float, float]
    offset: tuple[float, float, float]


@dataclass(frozen=True)
class Source:
    """A library to take similar photos from. weight: how much it counts against the others, above 0."""

    library: str
    weight: float = 1.0


@dataclass(frozen=True)
class Neighbour:
    """A photo near the query: of a library, or one that the person gave (library "").

    id: sha256 of the file's content. similarity: cosine of the embeddings. angle: the spherical
    distance in degrees, 2 arcsin(|a - b| / 2) (ADIR eq. 19). thumbnail: JPEG bytes. page: where it was
    published. weight: of its source; adapting draws from it that much more often.
    """

    id: str
    path: Path
    similarity: float
    angle: float
    author: str = ""
    licence: str = ""
    included: bool = True
    thumbnail: bytes = b""
    library: str = ""
    page: str = ""
    weight: float = 1.0


@dataclass(frozen=True)
class NeighbourSet:
    """The answer to one query, most similar first. encoder: id of the index's embedding model."""

    library: str
    encoder: str
    query: str
    items: tuple[Neighbour, ...]

    @property
    def included(self) -> tuple[Neighbour, ...]:
        return tuple(item for item in self.items if item.included)


@dataclass(frozen=True)
class LibraryInfo:
    """One photo library. failed: (file, reason) of files that could not be read at the last update."""

    name: str
    folders: tuple[Path, ...]
    encoder: str
    photos: int
    bytes_on_disk: int
    updated: str
    failed: tuple[tuple[Path, str], ...] = ()
    elsewhere: Path | None = None  # the folder in which it lies, where that is not the program's own


@dataclass(frozen=True, eq=False)
class AdaptedPreset:
    """LoRA tensors adapted to some photos, with all that is needed to know where they came from.

    tensors: peft names -> float32 arrays. prior_sha256: of the base weights it belongs to.
    training: iterations, learning rate, losses, seconds, prompt … as recorded by the adaptation; "remarks" of
    one that another program made. thumbnail: JPEG bytes of the photo it was adapted for.
    """

    name: str
    prior: str
    prior_sha256: str
    rank: int
    alpha: float
    tensors: Mapping[str, NDArray[np.float32]]
    neighbours: tuple[Neighbour, ...] = ()
    degradation: Mapping[str, Any] = field(default_factory=dict)
    training: Mapping[str, Any] = field(default_factory=dict)
    created: str = ""
    thumbnail: bytes = b""


@dataclass(frozen=True)
class AppliedPreset:
    """A preset's file and how strongly it is applied, within `STRENGTHS`."""

    path: Path
    strength: float = 1.0


@dataclass(frozen=True)
class Thrift:
    """How a run does with less memory, each for more time; as it stands here, nothing is saved.

    window: pixels a side of what goes through a network at once, 0 for the usual. checkpointing: what it keeps for
    its way back is computed again instead. part: pictures of a batch learnt from at once, 0 for the usual.
    singly: samples are made one after the other. offload: a latent prior's networks take turns on the device.
    """

    window: int = 0
    checkpointing: bool = False
    part: int = 0
    singly: bool = False
    offload: bool = False


@dataclass(frozen=True, eq=False)
class Request:
    """Everything a restoration needs. None means: as the recipe has it for this task and device.

    guidance is ADIR's s, or lambda of DiffPIR. options: more numbers of the sampler, by the names of its
    `Option`s. sources: the libraries to search, filters: for what. neighbours: K. found: neighbours chosen
    beforehand. presets: what to apply with adapt="preset", added up. precision: "auto", "float32" or "bfloat16".
    samples: how many seeds (seed, seed + 1, ...) are restored; the result is the first of them, or their mean with
    `average`, and their spread is told. feather: pixels inside the mask's edge over which a repair fades into the
    photo. prompt, negative_prompt: what the picture shows and what it does not, for priors that read.
    thrift: with what memory to begin to save; a run goes on from there as far as it must.
    """

    photo: Photo
    task: str
    degradation: Degradation
    prior: str = "starter"
    sampler: str | None = None
    recipe: str = "quick"
    steps: int | None = None
    guidance: float | None = None
    seed: int = 0
    adapt: AdaptTo = "none"
    sources: tuple[Source, ...] = ()
    filters: Filters = field(default_factory=Filters)
    neighbours: int | None = None
    found: NeighbourSet | None = None
    presets: tuple[AppliedPreset, ...] = ()
    iterations: int | None = None
    baseline: bool = False
    device: str = "auto"
    precision: str = "auto"
    samples: int = 1
    average: bool = False
    feather: float = 0.0
    options: Mapping[str, int | float | str] = field(default_factory=dict)
    prompt: str = ""
    negative_prompt: str = ""
    thrift: Thrift = field(default_factory=Thrift)


@dataclass(frozen=True, eq=False)
class Restoration:
    """What came out. baseline: the same seed without adaptation. record: how it was made (JSON-able).

    agreement: (h, w) of the observed photo, |A x - y| / sigma there, about 1 at the noise floor.
    spread: (H, W) of the result, standard deviation over the samples in 0..255 units; None of one sample.
    """

    photo: Photo
    request: Request
    record: Mapping[str, Any]
    seconds: float
    baseline: Photo | None = None
    preset: AdaptedPreset | None = None
    agreement: Pixels | None = None
    spread: Pixels | None = None


@dataclass(frozen=True)
class Option:
    """One more value of a method: a number from `low` to `high`, or one of `choices` where there are some.

    name: as `Request.options` has it. whole: no fractions. default: what the quick recipe has.
    ends: what low and high values lead to, in a word each, where it is a choice between two goods.
    """

    name: str
    title: str
    hint: str
    low: float = 0.0
    high: float = 1.0
    whole: bool = False
    choices: tuple[str, ...] = ()
    default: int | float | str = 0
    ends: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice:
    """One entry of a menu: the name that requests use, and words for a person.

    Of a method: guidance, whether it has one; adapts, whether it uses a prior that can be adapted;
    options, what else may be changed; draws, whether seeds differ. family: of a prior and of its methods.
    """

    name: str
    title: str
    hint: str = ""
    guidance: bool = True
    adapts: bool = True
    options: tuple[Option, ...] = ()
    draws: bool = True
    family: str = PIXELS


@dataclass(frozen=True)
class Ready:
    """The engine is loaded: what it offers on this machine."""

    device: str
    priors: tuple[Choice, ...]
    samplers: tuple[Choice, ...]
    recipes: tuple[Choice, ...]
    libraries: tuple[LibraryInfo, ...] = ()


@dataclass(frozen=True)
class Estimate:
    """What a request will cost on this machine. parts: seconds by stage. memory: bytes at the peak."""

    seconds: float
    memory: int
    parts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Helped:
    """Whether an adapted preset helps on similar photos that it has not seen.

    gains: PSNR in dB with it minus without, by photo. error: the standard error of their mean.
    verdict, advice: the same in words.
    """

    gains: tuple[float, ...]
    mean: float
    error: float
    verdict: str
    advice: str


@dataclass(frozen=True)
class NoiseLevel:
    """The noise found in a photo, sigma in 0..255 units."""

    sigma: float


@dataclass(frozen=True, eq=False)
class Marks:
    """What a search for scratches and dust proposes to repair: (h, w), True where damaged."""

    mask: Mask


@dataclass(frozen=True)
class References:
    """Photos that the person gave to adapt to, with their similarity to the open photo."""

    items: tuple[Neighbour, ...]


@dataclass(frozen=True)
class PresetInfo:
    """One preset of the store. problem: why it cannot be used, "" when it can. thumbnail: JPEG bytes.

    recipe: how it was adapted, in words. task: of the photo it was adapted for. prompt: what it was adapted
    with, of a base that is guided by words. forms: what it can be exported as.
    """

    name: str
    path: Path
    bytes_on_disk: int
    prior: str = ""
    rank: int = 0
    task: str = ""
    recipe: str = ""
    created: str = ""
    thumbnail: bytes = b""
    neighbours: tuple[Neighbour, ...] = ()
    problem: str = ""
    prompt: str = ""
    forms: tuple[str, ...] = ("adir", "peft")


@dataclass(frozen=True, eq=False)
class Progress:
    """Somewhere inside a stage ("index", "retrieve", "adapt", "sample", "baseline", …).

    seconds: since the stage began; eta: seconds left in the stage, None while unknown.
    loss: of the adaptation. consistency: |A x0 - y| / (sigma sqrt(m)), 1 at the noise floor.
    preview: (H, W, 3) uint8, at most five a second.
    """

    stage: str
    done: int
    total: int
    seconds: float = 0.0
    eta: float | None = None
    loss: float | None = None
    consistency: float | None = None
    preview: NDArray[np.uint8] | None = None


@dataclass(frozen=True)
class Notice:
    """A recoverable surprise that the person should know."""

    message: str
    remedy: str = ""


@dataclass(frozen=True)
class Found:
    """Neighbours found inside a longer job."""

    neighbours: NeighbourSet


@dataclass(frozen=True, eq=False)
class Finished:
    """The last event of a job: its result (Photo, NeighbourSet, LibraryInfo, Restoration, paths …)."""

    result: Any


Event = Ready | Progress | Notice | Found | Finished
