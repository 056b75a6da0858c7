"""``save`` and ``load`` for a network of one file: it only says what it is and how to build it again."""

from pathlib import Path
from typing import Any, ClassVar, TypeVar

from torch import Tensor, nn

from stablegen_lib.plumbing.blueprints import on_paper
from stablegen_lib.plumbing.header import Header
from stablegen_lib.plumbing.tensors import Precision, converted, read_tensors, tensor_file, write_tensors

Network = TypeVar("Network", bound="Stored")


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
            ValueError: If a weight is not finite, or not in ``dtype``; an earlier file stays.
            OSError: If the disk is full or the folder cannot be written; an earlier file stays.
        """
        target = tensor_file(path)
        kept = converted(self.weights().state_dict(), dtype)
        write_tensors(target, kept, {"format": self.FORMAT, **self.blueprint})
        return target

    @classmethod
    def load(cls: type[Network], path: str | Path) -> Network:
        """What ``save(path)`` wrote, ready to use.

        Raises:
            FileNotFoundError: If there is no such file.
            ValueError: If it is truncated, changed, or holds something else.
        """

        def needed(header: Header) -> dict[str, Tensor]:
            blueprint = header.description
            return on_paper(header.path, blueprint, lambda: cls(**blueprint).weights().state_dict())

        tensors, blueprint = read_tensors(tensor_file(path), kind=cls.KIND, format=cls.FORMAT, needed=needed)
        made = cls(**blueprint)
        made.weights().load_state_dict(tensors)
        made.weights().eval()
        if cls.FROZEN:
            made.weights().requires_grad_(False)
        return made
