"""Files that are either whole or not there: tensors with a description, written atomically.

safetensors holds numbers only. Unlike pickle, opening a stranger's file runs no code.
"""

import errno
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))  # Windows has no quota error
READ_ONLY = (errno.EACCES, errno.EPERM, errno.EROFS)


class FileProblem(ValueError):
    """A file that cannot be used: the message names it, says why, and what to do."""


def write_atomically(path: Path, content: bytes) -> None:
    """Writes beside the target and renames: a reader, or a crash, sees the old file or the new one.

    Raises:
        OSError: If the disk is full or the folder cannot be written; the old file stays.
    """
    with _says_what_to_do(path):
        _write_and_rename(path, content)


def _write_and_rename(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _beside(path)
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def require_writable(path: Path) -> None:
    """Fails now if ``write_atomically`` would fail later: a long run should not find out at its end.

    Raises:
        OSError: If the folder cannot be made or written, or the path is a folder itself.
    """
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder. Give the name of a file in it.")
    with _says_what_to_do(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        probe = _beside(path)
        probe.touch(exist_ok=False)
        probe.unlink()


@contextmanager
def _says_what_to_do(path: Path) -> Iterator[None]:
    """The same error, with the file's own name, what became of it, and what to do."""
    try:
        yield
    except OSError as error:
        cure = "Free some space" if error.errno in FULL else "Check the folder"
        cure = "Make the folder writable" if error.errno in READ_ONLY else cure
        problem = (f"{error.strerror or error}. Nothing was saved, and an earlier file is as it was. "
                   f"{cure}, or save elsewhere")  # fmt: skip
        raise OSError(error.errno, problem, str(path)) from error  # of the same class: it goes by the number


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")


def write_tensors(path: Path, tensors: dict[str, Tensor], description: dict[str, Any]) -> None:
    """One safetensors file; the description travels in its header, as JSON."""
    # Copies, because safetensors refuses tensors that share memory, as tied weights do.
    kept = {
        name: tensor.detach().cpu().clone(memory_format=torch.contiguous_format)
        for name, tensor in tensors.items()
    }
    write_atomically(path, save(kept, metadata={"stablegen": json.dumps(description)}))


def read_tensors(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The tensors and the description of a file written by ``write_tensors``.

    Raises:
        FileNotFoundError: If there is no such file.
        FileProblem: If it is truncated, foreign, or has no description of ours.
    """
    if not path.is_file():
        raise FileNotFoundError(f"{path} does not exist. Check the name, or save one first.")
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            # Copies: without them the tensors are windows into the file, and change when it does.
            tensors = {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118 (no iterator)
    except (SafetensorError, OSError) as error:
        problem = f"{path} is not a whole safetensors file ({error}). Restore it, or save it again."
        raise FileProblem(problem) from None
    if "stablegen" not in metadata:
        raise FileProblem(
            f"{path} is a safetensors file that StableGen did not write: it has no description."
        )
    return tensors, parse_description(metadata["stablegen"], path)


def parse_description(text: str, path: Path) -> dict[str, Any]:
    """The JSON object in a text.

    Raises:
        FileProblem: If the text is anything else.
    """
    try:
        description = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise FileProblem(
            f"{path}: its description is not JSON ({error}). Restore it, or save again."
        ) from None
    if not isinstance(description, dict):
        raise FileProblem(f"{path}: its description is not a JSON object. Restore it, or save again.")
    return description
