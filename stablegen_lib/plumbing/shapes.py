"""The shapes that stand in a signature, checked when the function is called, in our own words.

jaxtyping's annotations say them already, and the tests check them through beartype. A reader's
notebook runs without those: there a wrong shape would end in an error from inside torch, or, worse, be
stretched to fit.
"""

from typing import Any

import torch
from torch import Tensor

from stablegen_lib.plumbing.bounds import FREE, Bounds
from stablegen_lib.plumbing.checks import LOUDEST, came, require_pictures, require_values

Sizes = dict[str, tuple[tuple[int, ...], str]]  # name of a dimension -> how large, and in which argument
MAY_BE_EMPTY = ("condition",)  # a model without a condition has rows of length 0
PIXELS = (("height", "width"), ("h", "w"), ("side", "side"), ("_", "_"))
COLOURS = ("channel", "c", "1", "3")
KINDS: dict[str, tuple[str, Any]] = {
    "Float": ("floating-point numbers", torch.is_floating_point),
    "UInt8": ("bytes from 0 to 255 (uint8)", lambda tensor: tensor.dtype == torch.uint8),
    "Bool": ("yes or no (bool)", lambda tensor: tensor.dtype == torch.bool),
    "Int64": ("whole numbers (int64)", lambda tensor: tensor.dtype == torch.int64),
    "Int": ("whole numbers", lambda tensor: tensor.dtype in (torch.int64, torch.int32, torch.int16)),
}


class TensorKind:
    """One annotation such as ``Float[Tensor, "count channel height width"]``.

    Args:
        annotation: From jaxtyping.
        bounds: What the values may be; None leaves it to the annotation: pictures lie in [-1, 1], all
            other numbers are free, but finite.
    """

    def __init__(self, annotation: Any, bounds: Bounds | None) -> None:
        self.dims: list[str] = annotation.dim_str.split()
        self.needed = f"a tensor of shape ({', '.join(self.dims)})"
        self.words, self.fits = KINDS.get(annotation.dtype.__name__, ("", None))
        tail = self.dims[-3:]
        self.pictures = bounds is None and len(tail) == 3 and tail[0] in COLOURS and tuple(tail[1:]) in PIXELS
        self.colours = len(tail) == 3 and tail[0] in ("channel", "c") and tuple(tail[1:]) in PIXELS
        self.shown_only = annotation.dtype.__name__ == "Shaped"
        self.bounds = bounds or FREE

    def takes(self, value: object) -> bool:
        return isinstance(value, Tensor)

    def check(self, name: str, value: Any, sizes: Sizes) -> Any:
        self._require_shape(name, value, sizes)
        if self.fits is not None and not self.fits(value):
            raise ValueError(f"{name} must be {self.words}, and {value.dtype} came.{_cure(self, value)}")
        if self.colours and value.shape[-3] not in (1, 3):
            raise ValueError(f"{name} must have 1 channel (grey) or 3 (colour), and {came(value)} came.")
        if value.is_complex():
            raise ValueError(f"{name} must be real numbers, and {value.dtype} came.")
        if not value.is_floating_point():
            return value
        if self.pictures:
            require_pictures(name, value, **({"brightest": LOUDEST} if self.shown_only else {}))
        else:
            require_values(name, value, self.bounds)
        return value

    def _require_shape(self, name: str, value: Tensor, sizes: Sizes) -> None:
        parts = _parts(self.dims, tuple(value.shape))
        if parts is None:
            raise ValueError(f"{name} must be {self.needed}, and {came(value)} came.")
        for dim, size in parts:
            known = dim.lstrip("*")
            if known.isdecimal():
                fits, other = size == (int(known),), None
            elif known in ("_", "...") or not known.isidentifier():
                fits, other = True, None
            else:
                wanted, other = sizes.setdefault(known, (size, name))
                fits = size == wanted
            if not fits:
                self._refuse(name, value, sizes, other)
            if 0 in size and known not in MAY_BE_EMPTY and not dim.startswith("*"):
                raise ValueError(f"{name} must not be empty, and {came(value)} came.")

    def _refuse(self, name: str, value: Tensor, sizes: Sizes, other: str | None) -> None:
        needed = ", ".join(
            ", ".join(map(str, sizes[known][0])) if known in sizes and sizes[known][1] != name else dim
            for dim, known in ((dim, dim.lstrip("*")) for dim in self.dims)
        )
        beside = f" to go with {other}" if other not in (None, name) else ""
        raise ValueError(f"{name} must be a tensor of shape ({needed}){beside}, and {came(value)} came.")


def _parts(dims: list[str], shape: tuple[int, ...]) -> list[tuple[str, tuple[int, ...]]] | None:
    """Each dimension with its size, the variadic one ("..." or "*name") with all that is left for it."""
    variadic = [place for place, dim in enumerate(dims) if dim == "..." or dim.startswith("*")]
    if not variadic:
        return (
            [(dim, (size,)) for dim, size in zip(dims, shape, strict=True)]
            if len(dims) == len(shape)
            else None
        )
    place, behind = variadic[0], len(dims) - variadic[0] - 1
    if len(shape) < place + behind:
        return None
    middle = shape[place : len(shape) - behind]
    before = [(dim, (size,)) for dim, size in zip(dims[:place], shape[:place], strict=True)]
    after = zip(dims[place + 1 :], shape[len(shape) - behind :], strict=True)
    return [*before, (dims[place], middle), *[(dim, (size,)) for dim, size in after]]


def _cure(kind: TensorKind, value: Tensor) -> str:
    if value.dtype == torch.uint8:
        return " Bytes from 0 to 255 become pixels by data.to_unit_range."
    return " Write tensor.float()." if kind.words.startswith("floating") and not value.is_complex() else ""
