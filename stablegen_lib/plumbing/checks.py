"""What a call must bring along: one place for the checks, so that every model says the same."""

import torch
from torch import Tensor


def require_rows(name: str, rows: Tensor, width: int) -> None:
    """Raises ValueError unless these are finite numbers, so many in each row."""
    if rows.ndim != 2 or rows.shape[1] != width:
        raise ValueError(f"{name} must have shape (count, {width}), and {tuple(rows.shape)} came.")
    if not bool(torch.isfinite(rows).all()):
        raise ValueError(f"{name} must be finite numbers, and infinity or NaN came.")


def one_count(count: int | None, **given: int | None) -> int:
    """The one number of samples that is asked for, however it was said.

    Args:
        count: As the caller said it; None leaves it to the others.
        given: How many rows each other argument has; None for those that were left out.

    Raises:
        ValueError: If two of them differ, nothing says how many, or it is less than 1.
    """
    numbers = {number for number in (count, *given.values()) if number is not None}
    if len(numbers) != 1 or min(numbers) < 1:
        *most, last = ("count", *given)
        raise ValueError(f"one number of samples, at least 1, was needed from {', '.join(most)} and {last}, "
                         f"and {sorted(numbers) or 'nothing'} came.")  # fmt: skip
    return numbers.pop()


def sample_inputs(
    count: int | None,
    conditions: Tensor | None,
    z: Tensor | None,
    *,
    condition_size: int,
    latent_dim: int,
    seed: int,
) -> tuple[Tensor, Tensor]:
    """X and z for as many samples as one of the three asks for; z is drawn where it is left out.

    Raises:
        ValueError: If counts or sizes do not fit together, a value is not finite, or x is missing.
    """
    for name, rows, width in (("conditions", conditions, condition_size), ("z", z, latent_dim)):
        if rows is not None:
            require_rows(name, rows, width)
    number = one_count(
        count,
        conditions=None if conditions is None else len(conditions),
        z=None if z is None else len(z),
    )
    if conditions is None and condition_size:
        raise ValueError(f"this model needs conditions of shape ({number}, {condition_size}), e.g. "
                         f"conditions=faces.conditions[:{number}], and none came.")  # fmt: skip
    x = torch.zeros(number, 0) if conditions is None else conditions
    if z is None:
        z = torch.randn(number, latent_dim, generator=torch.Generator().manual_seed(seed))
    return x, z
