"""Every failure that reaches a person: a problem, a remedy, and an exit code."""

from __future__ import annotations

import errno


class AdirError(Exception):
    """A failure with words for the person: what went wrong and what to do about it."""

    exit_code = 1

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.problem} {self.remedy}".strip()


class BadInput(AdirError):
    """What the person gave cannot be used; nothing was started."""

    exit_code = 2


class PhotoError(BadInput):
    """A picture file that cannot be opened as a photo."""


class MaskError(BadInput):
    """A mask that does not fit the photo or the task."""


class RequestError(BadInput):
    """Values that do not make a job: an unknown name, an impossible number."""


class PresetError(BadInput):
    """A preset file that is damaged, foreign, or made for another prior."""


class BaseUnknown(PresetError):
    """A LoRA of another program that does not say which prior it belongs to."""


class DeviceError(BadInput):
    """The compute device asked for is not there."""


class LibraryError(BadInput):
    """A photo library that is missing, empty, damaged, or of another encoder."""


class ModelError(AdirError):
    """A model's files are missing or damaged."""


class NetworkError(AdirError):
    """A server cannot be reached, or does not give what it should."""


class StorageError(AdirError):
    """A file could not be written; whatever stood there before is untouched."""


class MemoryShort(AdirError):
    """The device ran out of memory."""


class Defect(AdirError):
    """An error nobody foresaw: ours to mend."""


# What torch's allocators say in a plain RuntimeError: of the processor, of cuBLAS and cuDNN, of Apple's and AMD's
_NO_MEMORY = (
    "can't allocate memory",
    "not enough memory",
    "out of memory",
    "_status_alloc_failed",
    "invalid buffer size",
)


def ran_out_of_memory(error: BaseException) -> bool:
    """Whether it says that memory could not be had.

    Knows torch's own error by its name, so that this module never imports torch.
    """
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    return isinstance(error, RuntimeError) and any(words in str(error).lower() for words in _NO_MEMORY)


def explain(error: Exception) -> AdirError:
    """Words for any exception; an AdirError is returned as it is."""
    if isinstance(error, AdirError):
        return error
    if ran_out_of_memory(error):
        return MemoryShort(
            "The computer ran out of memory.",
            "Close other programs, choose a smaller photo, or use the processor (device cpu).",
        )
    if isinstance(error, ImportError) or "torchvision::" in str(error):  # a broken torch/torchvision pair
        return AdirError(
            f"A library does not load ({error}).",
            "Collect diagnostics under Help; in a terminal: adir doctor",
        )
    if isinstance(error, OSError):
        return _explain_os(error)
    return Defect(
        f"Something unexpected happened ({type(error).__name__}: {error}).",
        "Nothing of yours was changed. Please report it with what Help, Collect diagnostics gathers (in a terminal: adir doctor).",
    )


def _explain_os(error: OSError) -> AdirError:
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageError(
            f"The disk is full{where}.", "Free some space or choose another place; nothing was lost."
        )
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return StorageError(f"No permission to write or read there{where}.", "Choose another folder or file.")
    if isinstance(error, FileNotFoundError):
        return BadInput(f"There is no such file or folder{where}.", "Check the path.")
    if isinstance(error, IsADirectoryError | NotADirectoryError):
        return BadInput(f"A file was expected, not a folder, or the reverse{where}.", "Check the path.")
    return StorageError(f"The file system refused{where}: {error.strerror or error}.", "Check the drive.")
