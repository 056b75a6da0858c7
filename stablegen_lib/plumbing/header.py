"""What a safetensors file says about itself, read and judged before any tensor is made."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from stablegen_lib.plumbing import shipped
from stablegen_lib.plumbing.files import FileProblem, parse_description

LONGEST = 4_000_000  # bytes of a header: about 40,000 tensors
TYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I64": torch.int64,
    "I32": torch.int32,
    "I16": torch.int16,
    "I8": torch.int8,
    "U8": torch.uint8,
    "BOOL": torch.bool,
}


@dataclass(frozen=True)
class Header:
    """The names, types and shapes of the tensors in a file, and its description.

    Attributes:
        path: Of the file.
        tensors: On the meta device: they have a shape and a type, and take no memory.
        description: As it was given to ``write_tensors``, with its checksum.
    """

    path: Path
    tensors: dict[str, Tensor]
    description: dict[str, Any]

    def require(self, needed: dict[str, Tensor]) -> None:
        """Raises FileProblem unless the file has exactly tensors of these names, shapes and kinds of number.

        Weights may be kept with fewer digits; whole numbers and bytes must be what they are.
        """
        wrong = sorted(name for name in needed.keys() | self.tensors.keys()
                       if not _fits(self.tensors.get(name), needed.get(name)))  # fmt: skip
        if wrong:
            raise FileProblem(f"{self.path}: these weights do not fit this model: {len(wrong)} names, shapes "
                              f"or types differ, first {wrong[0]!r}. Restore it, or save again.")  # fmt: skip


def _fits(came: Tensor | None, needed: Tensor | None) -> bool:
    if came is None or needed is None or came.shape != needed.shape:
        return False
    return came.dtype == needed.dtype or (came.is_floating_point() and needed.is_floating_point())


def read_header(path: Path) -> Header:
    """The header of a file written by ``write_tensors``.

    Raises:
        FileNotFoundError: If there is no such file.
        FileProblem: If it cannot be read, is truncated or foreign, or its header is damaged.
    """
    content = _parsed(path, _text(path))
    metadata = content.pop("__metadata__", None)
    tensors = {name: _on_paper(path, name, entry) for name, entry in content.items()}
    if not isinstance(metadata, dict) or not isinstance(metadata.get("stablegen"), str):
        raise FileProblem(
            f"{path} is a safetensors file that StableGen did not write: it has no description."
        )
    return Header(path, tensors, parse_description(metadata["stablegen"], path))


def not_whole(path: Path, reason: object) -> FileProblem:
    """The sentence for a file that is cut off or foreign."""
    return FileProblem(f"{path} is not a whole safetensors file ({reason}). Restore it, or save it again.")


def _text(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise FileNotFoundError(f"{path} is a folder. Give the name of a file in it.")
        if not path.is_file():
            hint = shipped.how_to_get(path, "Check the name, or save one first.")
            raise FileNotFoundError(f"{path} does not exist. {hint}")
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if length > LONGEST:
                raise not_whole(path, f"its header would have {length:,} bytes")
            text = file.read(length)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise FileProblem(f"{path} cannot be read ({error.strerror}). Check its permissions.") from None
    if not text or len(text) < length:
        raise not_whole(path, "it ends in its header")
    return text


def _parsed(path: Path, text: bytes) -> dict[str, Any]:
    try:
        content = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise not_whole(path, f"its header is not JSON: {error}") from None
    if not isinstance(content, dict):
        raise not_whole(path, "its header is not a JSON object")
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a name stands there twice")
    return dict(pairs)


def _on_paper(path: Path, name: str, entry: Any) -> Tensor:
    try:
        shape, kind = entry["shape"], TYPES[entry["dtype"]]
        if not all(type(size) is int and size >= 0 for size in shape):
            raise ValueError("a size is no whole number")
        return torch.empty(shape, dtype=kind, device="meta")
    except (KeyError, TypeError, ValueError, RuntimeError, OverflowError) as error:
        raise not_whole(path, f"its header does not say what {name[:60]!r} is: {error!r:.80}") from None
