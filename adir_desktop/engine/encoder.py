"""Photos and words as unit vectors: open_clip models, from files of this machine only.

torch and open_clip are imported when a model is loaded, so that listing a library costs none of that.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from safetensors import SafetensorError

from adir_desktop import places
from adir_desktop.contract import Photo
from adir_desktop.engine import weights as installed
from adir_desktop.engine.glimpse import reduction
from adir_desktop.errors import ModelError
from adir_desktop.files import sha256_file

if TYPE_CHECKING:
    import torch

STARTER = "starter"
PIXELS = 32 * 64**2  # of one forward pass: 32 pictures of the starter encoder, 2 of 224 x 224
SMALL = 64  # pixels of a network's input up to which one thread is best
LONGEST = 16  # times the shorter side; the middle of a longer strip stands for it
_LOADING = (
    *(OSError, RuntimeError, ValueError, LookupError, TypeError, AttributeError, AssertionError),
    *(SafetensorError, pickle.UnpicklingError),
)

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class _Source:
    """Where a model's weights lie and how open_clip builds the network around them."""

    spec: str
    model: str
    weights: Path
    quick_gelu: bool = False
    preprocess: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, eq=False)
class Encoder:
    """One open_clip model, ready: pictures and texts -> (n, dimensions) float32 rows of length 1.

    id: the name and the first 12 hex digits of the weights' sha256. preprocessing: how pictures are
    prepared, as JSON. Vectors may be compared when both are equal. side: pixels of the network's input.
    """

    spec: str
    id: str
    preprocessing: str
    dimensions: int
    side: int
    device: str
    _model: Any = field(repr=False)
    _prepare: Callable[[Image.Image], torch.Tensor] = field(repr=False)

    @property
    def working_side(self) -> int:
        """A shorter side (pixels) that is ample for this model; larger pictures are averaged down to it."""
        return max(256, 2 * self.side)

    @property
    def batch(self) -> int:
        """How many pictures or texts go through the network at a time."""
        return max(1, PIXELS // self.side**2)

    def encode_images(self, images: Sequence[Image.Image | Photo]) -> Vectors:
        """Unit vectors (n, dimensions) of pictures of any size.

        Raises:
            ModelError: the network answers with something that is no direction.
        """
        import torch

        rows = []
        for start in range(0, len(images), self.batch):
            batch = [self._prepare(self._reduced(image)) for image in images[start : start + self.batch]]
            with torch.inference_mode(), _threads(self.side):
                rows.append(self._model.encode_image(torch.stack(batch).to(self.device)))
        return self._unit(rows)

    def encode_text(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors (n, dimensions) of texts; what exceeds the model's context is cut off.

        Raises:
            ModelError: the model knows no words, or its vocabulary is not on this machine.
        """
        import torch

        if not hasattr(self._model, "encode_text"):
            raise ModelError(f"The encoder {self.id} knows no words.", "Search with a photo.")
        rows = []
        for start in range(0, len(texts), self.batch):
            tokens = _tokenizer(self.spec)(list(texts[start : start + self.batch]))
            with torch.inference_mode(), _threads(self.side):
                rows.append(self._model.encode_text(tokens.to(self.device)))
        return self._unit(rows)

    def _reduced(self, image: Image.Image | Photo) -> Image.Image:
        """Whole-block means down to about `working_side`: large photos agree however they were decoded."""
        picture = as_image(image) if isinstance(image, Photo) else image.convert("RGB")
        picture = _middle(picture, LONGEST * min(picture.size))
        factor = reduction(min(picture.size), self.working_side)
        return picture.reduce(factor) if factor > 1 else picture

    def _unit(self, rows: list[torch.Tensor]) -> Vectors:
        if not rows:
            return np.empty((0, self.dimensions), np.float32)
        vectors = np.concatenate([row.float().cpu().numpy() for row in rows])
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.all(np.isfinite(lengths)) or not np.all(lengths > 0):
            raise ModelError(f"The encoder {self.id} gives no usable vectors.", "Check the models.")
        return np.asarray(vectors / lengths, np.float32)


def as_image(photo: Photo) -> Image.Image:
    """The photo's colours as an 8-bit RGB picture."""
    return Image.fromarray(np.rint(np.clip(photo.pixels, 0, 1) * 255).astype(np.uint8))


def load_encoder(spec: str = STARTER, device: str = "cpu") -> Encoder:
    """The encoder called `spec`, float32, kept in memory for the next call.

    spec: "starter", a model of the folder of models such as "clip-vit-b-32", or an open_clip
    "MODEL/PRETRAINED" whose weights are already on this machine;
    PRETRAINED is a tag of open_clip or the path of a weights file ("ViT-B-32//models/weights.safetensors").

    Raises:
        ModelError: an unknown model, or weights that are absent or damaged. Nothing is downloaded.
        DeviceError: `device` ("auto", "cpu" or "cuda") is not there.
    """
    from adir_desktop.engine.device import pick_device

    source = _starter() if spec == STARTER else _of_store(spec) or _installed(spec)
    try:
        stat = source.weights.stat()
    except OSError as error:
        raise ModelError(
            f"The encoder '{spec}' is not on this computer ({source.weights} is missing).",
            "Install the program again." if spec == STARTER else f"Use '{STARTER}', which comes with it.",
        ) from error
    return _load(source, str(pick_device(device)), stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=2)
def _load(source: _Source, device: str, _size: int, _mtime_ns: int) -> Encoder:
    """Keyed by the weights' size and time too, so that replaced weights are loaded anew."""
    open_clip = _open_clip()
    try:
        with _offline():
            model = open_clip.create_model(
                source.model,
                None if source.model.startswith("local-dir:") else str(source.weights),
                precision="fp32",
                force_quick_gelu=source.quick_gelu,
                force_preprocess_cfg=dict(source.preprocess),
                pretrained_text=False,
                require_pretrained=True,
            ).eval()
        prepared = open_clip.transform.PreprocessCfg(**model.visual.preprocess_cfg)
        digest = sha256_file(source.weights)
    except _LOADING as error:
        raise ModelError(
            f"The encoder '{source.spec}' cannot be loaded ({_first_line(error)}).",
            "Check the models." if source.spec == STARTER else f"Use '{STARTER}' instead.",
        ) from error
    size = prepared.size if isinstance(prepared.size, int) else min(prepared.size)
    return Encoder(
        spec=source.spec,
        id=f"{source.spec}@{digest[:12]}",
        preprocessing=json.dumps(asdict(prepared), sort_keys=True),
        dimensions=_dimensions(model),
        side=size,
        device=device,
        _model=model.to(device),
        _prepare=open_clip.transform.image_transform_v2(prepared, is_train=False),
    )


@lru_cache(maxsize=2)
def _tokenizer(spec: str) -> Callable[[list[str]], torch.Tensor]:
    open_clip = _open_clip()
    source = _starter() if spec == STARTER else _of_store(spec)
    name = source.model if source else spec.partition("/")[0]
    text = (open_clip.get_model_config(name) or {}).get("text_cfg", {})
    if "siglip" in name.lower() and source is None and not text.get("hf_tokenizer_name"):
        raise ModelError(f"The words of '{spec}' would have to be downloaded.", f"Use '{STARTER}' for text.")
    try:
        with _offline():
            tokenizer: Callable[[list[str]], torch.Tensor] = open_clip.get_tokenizer(name)
    except _LOADING as error:
        raise ModelError(
            f"The words of '{spec}' are not on this computer ({_first_line(error)}).",
            f"Search with a photo, or use '{STARTER}' for text.",
        ) from error
    return tokenizer


def _open_clip() -> Any:
    try:
        import open_clip
    except (ImportError, RuntimeError) as error:  # a torchvision built for another torch
        raise ModelError(f"open_clip does not start ({_first_line(error)}).", "See: adir doctor") from error
    return open_clip


def _folder() -> Path:
    return places.resource("starter", "encoder")


def _starter() -> _Source:
    return _Source(STARTER, f"local-dir:{_folder()}", _folder() / "open_clip_model.safetensors")


def _of_store(spec: str) -> _Source | None:
    """A model that was got or put into the folder of models, by its name there."""
    if not spec or Path(spec).name != spec:  # a path, or MODEL/PRETRAINED
        return None
    folder = installed.installed_dir(spec) or places.models_dir() / spec
    if not (folder / installed.OPEN_CLIP).is_file():
        return None
    return _Source(spec, f"local-dir:{folder}", folder / "open_clip_model.safetensors")


def _installed(spec: str) -> _Source:
    """An open_clip model by name, its weights looked up in the usual caches without any network.

    Giving open_clip the file instead of the tag keeps it from downloading; what the tag would have
    told it (activation, preprocessing) is handed over beside the file.
    """
    open_clip = _open_clip()
    model, _, tag = spec.partition("/")
    if model not in open_clip.list_models():
        raise ModelError(
            f"There is no encoder '{spec}'.",
            f"Use '{STARTER}', a model of: adir models list, or MODEL/PRETRAINED of open_clip.",
        )
    known = open_clip.get_pretrained_cfg(model, tag)
    weights = _cached_weights(known) if known else Path(tag)
    if weights is None or not weights.is_file():
        raise ModelError(
            f"The weights of the encoder '{spec}' are not on this computer.",
            f"Use '{STARTER}', or give a weights file: {model}//path/of/weights.safetensors",
        )
    keys = ("mean", "std", "interpolation", "resize_mode")
    preprocess = tuple((key, known[key]) for key in keys if key in known)
    return _Source(spec, model, weights, bool(known.get("quick_gelu", False)), preprocess)


def _cached_weights(known: dict[str, Any]) -> Path | None:
    """The tag's file in the Hugging Face cache, or where CLIP's own downloads go; safetensors first."""
    from huggingface_hub import try_to_load_from_cache

    repository, _, name = known.get("hf_hub", "").rpartition("/")
    names = (
        [Path(name).with_suffix(".safetensors").name, name]
        if name
        else ["open_clip_model.safetensors", "open_clip_pytorch_model.bin"]
    )
    for each in names if repository else ():
        path = try_to_load_from_cache(repository, each)
        if isinstance(path, str):
            return Path(path)
    return Path.home() / ".cache" / "clip" / Path(known["url"]).name if known.get("url") else None


@contextmanager
def _offline() -> Iterator[None]:
    """Some text towers ask the hub for configurations: what is not in its cache must fail, not download."""
    from huggingface_hub import constants

    before = constants.HF_HUB_OFFLINE
    constants.HF_HUB_OFFLINE = True
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before


@contextmanager
def _threads(side: int) -> Iterator[None]:
    """One thread for small networks: more gain nothing there, and on a busy machine they wait for each
    other (32 pictures of the starter encoder: 0.03 s with one thread, with two 0.03 s to 1.6 s).
    """
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1 if side <= SMALL else before)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _dimensions(model: Any) -> int:
    import torch

    height, width = (
        model.visual.image_size
        if isinstance(model.visual.image_size, tuple)
        else (model.visual.image_size,) * 2
    )
    with torch.inference_mode():
        return int(model.encode_image(torch.zeros(1, 3, height, width)).shape[1])


def _middle(picture: Image.Image, longest: int) -> Image.Image:
    """A panorama's middle: its shorter side made larger would otherwise need gigabytes."""
    if max(picture.size) <= longest:
        return picture
    width, height = min(picture.width, longest), min(picture.height, longest)
    left, top = (picture.width - width) // 2, (picture.height - height) // 2
    return picture.crop((left, top, left + width, top + height))


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
