"""Pipelines in float16 or bfloat16: what comes in and goes out is float32, the networks stay as they are."""

import copy
from typing import Any

import torch
from torch import Tensor

from stablegen_lib.plumbing.checks import came

PARTS = ("text_encoder", "unet", "vae")


def precision_of(pipeline: Any) -> torch.dtype:
    """The number type of the networks.

    Raises:
        ValueError: If they have different ones, or one that cannot hold fractions.
    """
    kinds = {name: next(getattr(pipeline, name).parameters()).dtype for name in PARTS}
    if len(set(kinds.values())) > 1:
        listed = ", ".join(f"{name} in {_name(kind)}" for name, kind in kinds.items())
        raise ValueError(
            f"one number type for all networks was needed, and the pipeline has {listed}. "
            "Choose one, for instance with pipeline.to(torch.float32)."
        )
    kind: torch.dtype = kinds["unet"]
    if not kind.is_floating_point or kind.itemsize < 2:
        raise ValueError(
            f"float32, float16 or bfloat16 was needed, and the pipeline is in {_name(kind)}. "
            "Use pipeline.to(torch.float32)."
        )
    return kind


def latent_maps(name: str, maps: Tensor, channels: int, count: int | None = None) -> Tensor:
    """The maps in float32.

    Args:
        name: Of the argument.
        maps: What came.
        channels: How many each must have.
        count: How many maps there must be; None is any number.

    Raises:
        ValueError: If they are no latent maps of such a shape.
    """
    fits = isinstance(maps, Tensor) and maps.is_floating_point() and maps.ndim == 4
    if not fits or maps.shape[1] != channels or count not in (None, len(maps)):
        raise ValueError(f"{name} must be latent maps of shape (count, {channels}, side, side), one for each "
                         f"prompt, and {came(maps)} came.")  # fmt: skip
    return maps.float()


def storable(pipeline: Any) -> Any:
    """A copy as it is stored: autoencoder and U-Net in float16, the text encoder in float32.

    The pipeline itself stays as it is, to the last bit.

    Raises:
        ValueError: If a weight is too large for float16, or is no number.
    """
    kinds = {"vae": torch.float16, "unet": torch.float16, "text_encoder": torch.float32}
    copies = {name: copy.deepcopy(getattr(pipeline, name)).to(kind) for name, kind in kinds.items()}
    for name, network in copies.items():
        for weight, tensor in network.state_dict().items():
            if not tensor.isfinite().all():
                raise ValueError(
                    f"the pipeline is not saved: {weight} of its {name} holds NaN, infinity or more than "
                    "65,504, the largest number of float16."
                )
    checked = pipeline.config.get("requires_safety_checker", False)
    return type(pipeline)(**{**pipeline.components, **copies}, requires_safety_checker=checked)


def _name(kind: torch.dtype) -> str:
    return str(kind).removeprefix("torch.")
