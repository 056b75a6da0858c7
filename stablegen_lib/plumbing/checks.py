"""What a call must bring along: one place for the checks, so that every model says the same.

`doors.py` puts them in front of every public function.
"""

import math
import operator
from numbers import Real
from typing import SupportsIndex, TypeGuard

import torch
from torch import Tensor

from stablegen_lib.plumbing.bounds import FREE, Bounds, at_least

LARGEST_SEED = 2**63 - 1  # torch takes no more
BRIGHTEST = 1 + 1e-3  # of a pixel: rounding in 16 bits may pass 1 by so much
LOUDEST = 10.0  # of a picture that is only shown: noise passes 1, and bytes pass this
SEEDS = at_least(0, LARGEST_SEED)


def came(value: object) -> str:
    """What somebody gave, in a few words."""
    if isinstance(value, Tensor):
        return f"a tensor of shape {tuple(value.shape)}"
    if value is None or isinstance(value, str | Real | complex):
        return f"{value!r:.80}"
    return f"{'an' if type(value).__name__[0] in 'AEIOUaeiou' else 'a'} {type(value).__name__}"


def whole(name: str, value: object, bounds: Bounds = FREE) -> int:
    """The whole number; NumPy's are welcome, True and 1.0 are not.

    Raises:
        ValueError: If it is something else, or out of its bounds.
    """
    if is_whole(value):
        number = operator.index(value)
        if bounds.least <= number <= bounds.most:
            return number
    raise ValueError(f"{name} must be a whole number {bounds}, and {came(value)} came.".replace(" ,", ","))


def is_whole(value: object) -> TypeGuard[SupportsIndex]:
    """Whether it can be an index, as NumPy's whole numbers can; True and False are none."""
    if isinstance(value, bool | Tensor) or not hasattr(value, "__index__"):
        return False
    try:
        operator.index(value)
    except TypeError:
        return False
    return True


def number(name: str, value: object, bounds: Bounds = FREE) -> float | int:
    """The number itself, as Python's own.

    Raises:
        ValueError: If it is no number, not finite, or out of its bounds.
    """
    if is_number(value) and bounds.hold(float(value), float(value)):
        return value if isinstance(value, int | float) else float(value)
    raise ValueError(f"{name} must be a finite number {bounds}, and {came(value)} came.".replace(" ,", ","))


def is_number(value: object) -> TypeGuard[Real]:
    """Whether it is a real number; True and False are none."""
    return isinstance(value, Real) and not isinstance(value, bool)


def extent(values: Tensor) -> tuple[float, float]:
    """The smallest and the largest value; both NaN if one is NaN. One look at the memory, no copy."""
    if not values.numel():
        return 0.0, 0.0
    low, high = torch.aminmax(values.detach())
    return float(low), float(high)


def require_values(name: str, values: Tensor, bounds: Bounds = FREE) -> None:
    """Raises ValueError unless all of these are finite and inside the bounds."""
    low, high = extent(values)
    if not bounds.hold(low, high):
        if not (math.isfinite(low) and math.isfinite(high)):
            raise ValueError(f"{name} must be finite numbers, and infinity or NaN came. "
                             "Look at the step before: what made it?")  # fmt: skip
        raise ValueError(f"{name} must be numbers {bounds}, and {low:.4g} to {high:.4g} came.")


def require_pictures(name: str, images: Tensor, *, brightest: float | int = BRIGHTEST) -> None:
    """Raises ValueError unless these are finite pixels from -1 to 1."""
    low, high = extent(images)
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError(f"{name} must be finite pixels from -1 to 1, and infinity or NaN came. "
                         "Look at the step before: what made it?")  # fmt: skip
    if not -brightest <= low <= high <= brightest:
        raise ValueError(f"{name} must be pixels from -1 to 1, and {low:.4g} to {high:.4g} came. Bytes from "
                         "0 to 255 become that by data.to_unit_range.")  # fmt: skip


def require_rows(name: str, rows: Tensor, width: int) -> None:
    """Raises ValueError unless these are finite numbers, so many in each row."""
    require_width(name, rows, width)
    require_values(name, rows)


def require_width(name: str, rows: object, width: int) -> None:
    """The same for the shape alone: it costs nothing, and waits for no GPU."""
    if not isinstance(rows, Tensor) or rows.ndim != 2 or rows.shape[1] != width:
        shape = f"{tuple(rows.shape)}" if isinstance(rows, Tensor) else came(rows)
        raise ValueError(f"{name} must have shape (count, {width}), and {shape} came.")


def require_input(name: str, values: object, *sizes: int | None, like: Tensor) -> None:
    """Raises ValueError unless a network can take this: looks at shape and type only, for innermost loops.

    Args:
        name: Of the argument.
        values: What came.
        sizes: Of each dimension; None is any but 0.
        like: A weight of the network. Other types of numbers are fine under autocast alone, which makes
            them equal; it leaves float64 as it is.
    """
    if isinstance(values, Tensor) and values.ndim == len(sizes):
        shape = tuple(values.shape)
        fits = shape == sizes or (None in sizes and 0 not in shape and all(
            wanted is None or size == wanted for size, wanted in zip(shape, sizes, strict=True)))  # fmt: skip
        if fits and (values.dtype == like.dtype or _made_equal(values)):
            return
    needed = ", ".join("…" if size is None else str(size) for size in sizes)
    what = f"{came(values)} of {values.dtype}" if isinstance(values, Tensor) else came(values)
    raise ValueError(f"{name} must be a tensor of shape ({needed}) of {like.dtype}, and {what} came.")


def _made_equal(values: Tensor) -> bool:
    small = values.is_floating_point() and values.dtype != torch.float64
    return small and torch.is_autocast_enabled(values.device.type)


def require_levels(t: object, count: int) -> None:
    """Raises ValueError unless these are noise levels, one for each of so many samples."""
    if not isinstance(t, Tensor) or t.shape != (count,) or t.dtype != torch.int64:
        raise ValueError(f"t must be {count} noise levels, whole numbers (int64), and {came(t)} came.")


def require_floats(**tensors: object) -> None:
    """Raises ValueError unless all of these are tensors of floating-point numbers; looks at no value."""
    for name, values in tensors.items():
        if not isinstance(values, Tensor) or not values.is_floating_point():
            what = f"{values.dtype}" if isinstance(values, Tensor) else came(values)
            raise ValueError(f"{name} must be a tensor of floating-point numbers, and {what} came.")


def require_same_shape(**tensors: Tensor) -> None:
    """Raises ValueError unless all of these have one shape: nothing is stretched in silence."""
    require_floats(**tensors)
    if len({tensor.shape for tensor in tensors.values()}) > 1:
        shapes = ", ".join(f"{name} {tuple(tensor.shape)}" for name, tensor in tensors.items())
        raise ValueError(f"tensors of one shape were needed, and these came: {shapes}.")


def require_parts(name: str, thing: object, *parts: str) -> None:
    """Raises ValueError unless the thing has all of these, as the components of diffusers have them."""
    missing = [part for part in parts if not hasattr(thing, part)]
    if missing:
        raise ValueError(f"{name} must be of diffusers, with {', '.join(parts)}; {came(thing)} came, without "
                         f"{missing[0]}.")  # fmt: skip


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
