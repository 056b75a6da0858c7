"""Descriptions of networks, judged and built on paper: shapes without memory, before weights are read."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import torch

from stablegen_lib.plumbing.files import FileProblem

LARGEST = 65_536  # of any size in a description
DEEPEST = 64  # of a number of layers
Built = TypeVar("Built")


def on_paper(path: Path, blueprint: dict[str, Any], build: Callable[[], Built]) -> Built:
    """What ``build`` makes, on the meta device: with every name and shape, without memory or time.

    Args:
        path: Of the file that the blueprint comes from, for the message.
        blueprint: The values that ``build`` uses.
        build: Makes the networks.

    Raises:
        FileProblem: If a value is none that a size, a switch or a list of names can have, or nothing can be
            built of them.
    """
    for name, value in blueprint.items():
        if not _is_plain(name, value):
            raise FileProblem(f"{path}: its description has {name!r:.60} = {value!r:.60}, which no network "
                              "has. Restore it, or save again.")  # fmt: skip
    try:
        with torch.device("meta"):
            return build()
    except Exception as error:  # whatever a network says about sizes that it cannot have
        problem = f"{path}: no network of this version fits its description ({str(error)[:200]}). "
        raise FileProblem(f"{problem}Restore it, or save again.") from None


def _is_plain(name: str, value: object) -> bool:
    if name == "condition_names":
        return isinstance(value, list) and all(isinstance(entry, str) for entry in value)
    if name == "kind":
        return value in ("images", "points")
    if name == "spectral_norm":
        return isinstance(value, bool)
    if name == "deviation":
        return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= LARGEST
    most = DEEPEST if name in ("depth", "halvings") else LARGEST
    return type(value) is int and 0 <= value <= most
