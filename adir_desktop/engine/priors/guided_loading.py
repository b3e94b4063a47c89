"""Checkpoints of the guided-diffusion family: a file becomes a prior, or a reason why not."""

from __future__ import annotations

import pickle
import zipfile
from functools import lru_cache
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from adir_desktop import places
from adir_desktop.engine import weights
from adir_desktop.engine.priors.guided_diffusion import GuidedUNet, Layout, Shapes
from adir_desktop.engine.priors.unet import UNetPrior
from adir_desktop.engine.samplers.schedule import linear_alpha_bar
from adir_desktop.errors import ModelError
from adir_desktop.files import sha256_file

PUBLISHED = "256x256_diffusion_uncond.pt"  # Dhariwal, Nichol 2021: 2 211 383 297 bytes, float32
SUFFIXES = (".pt", ".pth", ".safetensors")
WANTED = (
    "Use a checkpoint of the guided-diffusion family that needs no class labels: colour pixels in, noise out."
)
_ZIP = b"PK\x03\x04"
_BEFORE_ZIP = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."  # torch.save's own beginning, until 2020


def published_file() -> Path:
    """Where the published ImageNet network lies, as safetensors where it was converted, or has to lie."""
    folder = weights.installed_dir("guided-diffusion") or places.models_dir() / "guided-diffusion"
    converted = (folder / PUBLISHED).with_suffix(".safetensors")
    return converted if converted.is_file() else folder / PUBLISHED


def load_published(name: str) -> UNetPrior:
    """The published ImageNet network as the prior of that name.

    Raises:
        ModelError: it is not installed, or as in `load_guided`.
    """
    path = published_file()
    if not path.is_file():
        raise ModelError(
            "The ImageNet model is not installed.",
            f"Get it in the models window (adir models fetch guided-diffusion), or put {PUBLISHED} into {path.parent}.",
        )
    return load_guided(name, path)


def load_guided(name: str, path: Path) -> UNetPrior:
    """Loads a checkpoint: plain tensors by name, as torch.save or safetensors writes them; kept until
    another is loaded or the file changes. float32 tensors stay in the file until they are used.

    Raises:
        ModelError: the file cannot be read, or holds something else.
        Interrupted: the person asked to stop.
    """
    try:
        stat = path.stat()
    except OSError as error:
        raise _unreadable(path, error) from error
    return load_checkpoint(name, path, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=1)
def load_checkpoint(name: str, path: Path, size: int, changed: int) -> UNetPrior:  # noqa: ARG001  they key the cache
    """See `load_guided`, which knows size and time of change."""
    tensors = read_tensors(path)
    net = _network(path, {key: tuple(value.shape) for key, value in tensors.items()})
    net.load_state_dict({key: value.float() for key, value in tensors.items()}, assign=True)
    return UNetPrior(
        name=name,
        net=net.eval().requires_grad_(requires_grad=False),
        sha256=sha256_file(path),
        alpha_bar=linear_alpha_bar(),
        multiple_of=net.multiple_of,
    )


def read_tensors(path: Path) -> dict[str, Tensor]:
    """The tensors of a checkpoint by name; no code of the file is ever run.

    Raises:
        ModelError: as in `load_guided`.
    """
    try:
        if path.suffix.lower() == ".safetensors":
            content = load_file(path)
        else:
            archive = _is_archive(path)
            content = torch.load(path, map_location="cpu", weights_only=True, mmap=archive)
    except SafetensorError as error:
        raise ModelError(f"{path} is damaged or no checkpoint.", "Get the file again.") from error
    except OSError as error:
        raise _unreadable(path, error) from error
    except (pickle.UnpicklingError, RuntimeError, ValueError, LookupError, EOFError, TypeError) as error:
        raise ModelError(
            f"{path} is damaged, or holds more than tensors: such files can run programs and are not opened.",
            "Get the file again, or save its tensors alone, best as safetensors.",
        ) from error
    if not isinstance(content, dict) or not content:
        raise ModelError(f"{path} does not hold a network's tensors.", WANTED)
    if not all(isinstance(key, str) and _usable(value) for key, value in content.items()):
        raise ModelError(f"{path} holds more than a network's tensors.", "Save the bare state dict.")
    return content


def _usable(value: object) -> bool:
    return isinstance(value, Tensor) and value.is_floating_point() and not value.is_sparse


def _is_archive(path: Path) -> bool:
    """Whether torch.save wrote it as the archive it writes today; False for its older form.

    Raises:
        ModelError: it is neither.
    """
    if zipfile.is_zipfile(path):
        return True
    with path.open("rb") as stream:
        start = stream.read(len(_BEFORE_ZIP))
    if start.startswith(_ZIP):
        raise ModelError(f"{path} is not complete: its end is missing.", "Get the file again.")
    if start != _BEFORE_ZIP:
        raise ModelError(f"{path} is not a checkpoint.", WANTED)
    return False


def _network(path: Path, shapes: Shapes) -> GuidedUNet:
    """A network without memory for its weights, which fits the tensors one by one."""
    if reason := _foreign(shapes):
        raise ModelError(f"{path} is {reason}.", WANTED)
    try:
        layout = Layout.of(shapes)
        with torch.device("meta"):
            net = GuidedUNet(layout)
    except (KeyError, IndexError, ValueError) as error:
        raise ModelError(f"{path} is not of the guided-diffusion family ({error}).", WANTED) from error
    wanted = {key: tuple(value.shape) for key, value in net.state_dict().items()}
    unlike = sorted(key for key in wanted.keys() | shapes.keys() if wanted.get(key) != shapes.get(key))
    if unlike:
        some = ", ".join(unlike[:3])
        raise ModelError(
            f"{path} does not fit the guided-diffusion family: {len(unlike)} tensors are missing, too many "
            f"or of another shape ({some}).",
            WANTED,
        )
    return net


def _foreign(shapes: Shapes) -> str:
    """Kinds of networks that are met in the same kind of file, "" for none of them."""
    if any(key.startswith("model.diffusion_model.") for key in shapes):
        return "a latent diffusion model, not one of pixels"
    if "label_emb.weight" in shapes:
        return "a network that needs class labels"
    first = shapes.get("input_blocks.0.0.weight", ())
    if len(first) == 4 and first[1] != 3:
        return f"a network of {first[1]} channels, a latent or an upscaling one, not of colour pixels"
    if len(first) == 4 and shapes.get("out.2.weight", (0,))[0] not in (3, 6):
        return "a network that does not give three channels of noise"
    return ""


def _unreadable(path: Path, error: OSError) -> ModelError:
    return ModelError(f"{path} cannot be read ({error.strerror or error}).", "Check the path and the drive.")
