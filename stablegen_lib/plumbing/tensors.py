"""Tensors with a description in one safetensors file: weights that say how to build their network.

safetensors holds numbers only. Unlike pickle, opening a stranger's file runs no code.
"""

import hashlib
import json
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeVar

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn
from torch.optim import Adam

from stablegen_lib.plumbing.files import FileProblem, parse_description, write_atomically

Precision = Literal["float32", "float16"]
Network = TypeVar("Network", bound="Stored")


def tensor_file(path: str | Path) -> Path:
    """The name with ".safetensors" at its end, given or added."""
    return Path(f"{str(Path(path)).removesuffix('.safetensors')}.safetensors")


def write_tensors(path: Path, tensors: dict[str, Tensor], description: dict[str, Any]) -> None:
    """One safetensors file; the description travels in its header, as JSON."""
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


def read_tensors(path: Path, *, kind: str = "", format: str = "") -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The tensors and the description of a file written by ``write_tensors``.

    Args:
        path: With its ending.
        kind: What the file should hold, for the message when it does not.
        format: The description's "format", which is then taken out of it; any when left out.

    Raises:
        FileNotFoundError: If there is no such file.
        FileProblem: If it is truncated, foreign, of another format, or has no description of ours.
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
    description = parse_description(metadata["stablegen"], path)
    kept = description.pop("sha256", None)  # files of version 0.1 have none
    if kept is not None and kept != _digest(tensors, description):
        raise FileProblem(f"{path} was changed after it was saved: its checksum differs. Restore it.")
    if format and description.pop("format", None) != format:
        raise FileProblem(f"{path} holds no {kind} (format {format!r} was needed).")
    return tensors, description


def part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Those whose names begin with the prefix and a dot, without both."""
    start = f"{prefix}."
    return {name.removeprefix(start): tensor for name, tensor in tensors.items() if name.startswith(start)}


def moments(optimizer: Adam) -> dict[str, Tensor]:
    """What Adam remembers, by number of the weight and name: ``0.exp_avg``."""
    kept = optimizer.state_dict()["state"].items()
    return {f"{index}.{name}": tensor for index, of_one in kept for name, tensor in of_one.items()}


def remember(optimizer: Adam, remembered: dict[str, Tensor]) -> None:
    """Gives Adam back what ``moments`` found.

    Raises:
        ValueError: If a shape is not that of the weight.
    """
    content: dict[str, Any] = optimizer.state_dict()
    for name, tensor in remembered.items():
        index, moment = name.split(".")
        parameter = optimizer.param_groups[0]["params"][int(index)]
        if moment != "step":  # Adam needs the parameter's own memory layout
            if tensor.shape != parameter.shape:
                raise ValueError(f"these moments do not fit this model: {name!r} has another shape.")
            tensor = torch.empty_like(parameter, requires_grad=False).copy_(tensor)
        content["state"].setdefault(int(index), {})[moment] = tensor
    optimizer.load_state_dict(content)


class Stored:
    """Gives a network ``save`` and ``load``; it only says what it is and how to build it again."""

    KIND: ClassVar[str]
    """What one is called in a sentence."""
    FORMAT: ClassVar[str]
    """Stands in the file; a new one for each change that old files do not survive."""
    FROZEN: ClassVar[bool] = False
    """Whether a loaded one is only to be used: gradients pass through it, but it does not learn."""
    blueprint: dict[str, Any]
    """The arguments that build it again: plain values, fit for JSON."""

    def weights(self) -> nn.Module:
        """The module whose weights are kept: the network itself, unless it is more than one."""
        assert isinstance(self, nn.Module)
        return self

    def save(self, path: str | Path, dtype: Precision = "float32") -> Path:
        """Writes ``path.safetensors``: the weights, and in its header how to build the network.

        Args:
            path: With or without the ending; missing folders are made.
            dtype: "float16" halves the file and keeps three digits of each weight: enough to use it.

        Raises:
            OSError: If the disk is full or the folder cannot be written; an earlier file stays.
        """
        kept = {
            name: tensor.to(getattr(torch, dtype)) for name, tensor in self.weights().state_dict().items()
        }
        write_tensors(tensor_file(path), kept, {"format": self.FORMAT, **self.blueprint})
        return tensor_file(path)

    @classmethod
    def load(cls: type[Network], path: str | Path) -> Network:
        """What ``save(path)`` wrote, ready to use.

        Raises:
            FileNotFoundError: If there is no such file.
            ValueError: If it is truncated or holds something else.
        """
        tensors, blueprint = read_tensors(tensor_file(path), kind=cls.KIND, format=cls.FORMAT)
        made = cls(**blueprint)
        made.weights().load_state_dict(tensors)
        made.weights().eval()
        if cls.FROZEN:
            made.weights().requires_grad_(False)
        return made
