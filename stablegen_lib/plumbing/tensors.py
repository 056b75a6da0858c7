"""Tensors with a description in one safetensors file: weights that say how to build their network.

safetensors holds numbers only. Unlike pickle, opening a stranger's file runs no code.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, get_args

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from stablegen_lib.plumbing.files import FileProblem, named, write_atomically
from stablegen_lib.plumbing.header import Header, not_whole, read_header
from stablegen_lib.plumbing.sums import require_listed

Precision = Literal["float32", "float16"]
PATIENCE = 20  # readings, while somebody else saves to the same name


def tensor_file(path: str | Path) -> Path:
    """The name with ".safetensors" at its end, given or added.

    Raises:
        ValueError: If there is no name of a file in it.
    """
    stem = str(named(path)).removesuffix(".safetensors")
    return named(f"{named(stem)}.safetensors")


def write_tensors(path: Path, tensors: dict[str, Tensor], description: dict[str, Any]) -> None:
    """One safetensors file; the description travels in its header, as JSON, with a checksum of everything.

    Raises:
        ValueError: If a number is not finite; an earlier file stays.
        OSError: If the disk is full or the folder cannot be written; an earlier file stays.
    """
    for name in _not_finite(tensors):
        raise ValueError(f"{name} has values that are not finite, so nothing was saved to {path}.")
    # Copies, because safetensors refuses tensors that share memory, as tied weights do.
    kept = {
        name: tensor.detach().cpu().clone(memory_format=torch.contiguous_format)
        for name, tensor in tensors.items()
    }
    # In one entry with the rest: several would stand in the header in any order.
    whole = {**description, "sha256": _digest(kept, description)}
    write_atomically(path, save(kept, metadata={"stablegen": json.dumps(whole)}))


def _digest(tensors: dict[str, Tensor], description: dict[str, Any]) -> str:
    """Of everything that was saved: a flipped bit, or a header changed by hand, gives another one."""
    digest = hashlib.sha256(json.dumps(description, sort_keys=True).encode())
    for name in sorted(tensors):
        tensor = tensors[name].contiguous()
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def read_tensors(
    path: Path,
    *,
    kind: str = "",
    format: str = "",
    needed: Callable[[Header], dict[str, Tensor]] | None = None,
) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The tensors and the description of a file written by ``write_tensors``.

    Args:
        path: With its ending.
        kind: What the file should hold, for the message when it does not.
        format: The description's "format", which is then taken out of it; any when left out.
        needed: From the header (without checksum and format) to the tensors that the file must have, on the
            meta device. Whatever differs is refused before it takes memory.

    Raises:
        FileNotFoundError: If there is no such file.
        FileProblem: If it is truncated, changed, foreign, of another format, does not have what is needed, or
            has a number that is not finite.
    """
    for _ in range(PATIENCE):
        before = _version(path)
        try:
            found = _read(path, kind, format, needed)
        except FileProblem:
            if _version(path) == before:
                raise
        else:
            if _version(path) == before:
                return found
    raise FileProblem(f"{path} is saved anew while it is being read, again and again. Wait, then load it.")


def _version(path: Path) -> tuple[int, ...] | None:
    """Another one after each save: it puts a new file in the place of the old."""
    try:
        now = path.stat()
    except OSError:
        return None
    return now.st_ino, now.st_mtime_ns, now.st_size


def _read(
    path: Path, kind: str, format: str, needed: Callable[[Header], dict[str, Tensor]] | None
) -> tuple[dict[str, Tensor], dict[str, Any]]:
    header = read_header(path)
    description = header.description
    kept = description.pop("sha256", None)  # files of version 0.1 have none
    whole = dict(description)
    if format and description.pop("format", None) != format:
        raise FileProblem(f"{path} holds no {kind} (format {format!r} was needed).")
    if needed is not None:
        header.require(needed(header))
    if kept is None:
        require_listed(path)
    tensors = _tensors(path)
    if kept is not None and kept != _digest(tensors, whole):
        raise FileProblem(f"{path} was changed after it was saved: its checksum differs. Restore it.")
    for name in _not_finite(tensors):
        raise FileProblem(f"{path}: {name} has values that are not finite. Restore it, or save again.")
    return tensors, description


def _tensors(path: Path) -> dict[str, Tensor]:
    try:
        with safe_open(path, framework="pt") as file:
            # Copies: without them the tensors are windows into the file, and change when it does.
            return {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118 (no iterator)
    except (SafetensorError, OSError, ValueError, RuntimeError) as error:
        raise not_whole(path, error) from None


def _not_finite(tensors: dict[str, Tensor]) -> list[str]:
    return [name for name, tensor in tensors.items() if not bool(torch.isfinite(tensor).all())]


def converted(tensors: dict[str, Tensor], dtype: Precision) -> dict[str, Tensor]:
    """The same with as many digits as asked for; whole numbers stay what they are.

    Raises:
        ValueError: If there is no such precision, or a finite number becomes infinite in it.
    """
    if dtype not in get_args(Precision):
        raise ValueError(f"dtype must be one of {get_args(Precision)}, and {dtype!r} came.")
    kept = {name: tensor.to(getattr(torch, dtype)) if tensor.is_floating_point() else tensor
            for name, tensor in tensors.items()}  # fmt: skip
    for name in _not_finite(kept):
        if bool(torch.isfinite(tensors[name]).all()):
            raise ValueError(f"{name} has values too large for {dtype}, so nothing was saved. Use float32.")
    return kept


def part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Those whose names begin with the prefix and a dot, without both."""
    start = f"{prefix}."
    return {name.removeprefix(start): tensor for name, tensor in tensors.items() if name.startswith(start)}
