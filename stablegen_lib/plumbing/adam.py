"""What Adam remembers, as tensors with names: kept in a file, given back, and complete."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor
from torch.optim import Adam

MOMENTS = ("step", "exp_avg", "exp_avg_sq")


def moments(optimizer: Adam) -> dict[str, Tensor]:
    """What Adam remembers, by number of the weight and name: ``0.exp_avg``."""
    kept = optimizer.state_dict()["state"].items()
    return {f"{index}.{name}": tensor for index, of_one in kept for name, tensor in of_one.items()}


def needed_moments(
    prefix: str, parameters: Iterable[Tensor], names: Iterable[str], *, may_miss: bool
) -> dict[str, Tensor]:
    """The names and shapes that ``moments`` must have in a file.

    Args:
        prefix: Before each name, with a dot.
        parameters: The optimiser's, in its order.
        names: Those in the file.
        may_miss: Whether a weight that never had a gradient may stand without moments. Never with some
            of its three only.
    """
    there = {name.removeprefix(f"{prefix}.").split(".")[0] for name in names if name.startswith(f"{prefix}.")}
    return {
        f"{prefix}.{index}.{moment}": torch.empty(
            () if moment == "step" else parameter.shape, dtype=torch.float32, device="meta"
        )
        for index, parameter in enumerate(parameters)
        if not may_miss or str(index) in there
        for moment in MOMENTS
    }


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
