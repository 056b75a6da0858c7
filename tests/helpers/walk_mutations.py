"""From one good argument to many hostile ones, and what each of them deserves."""

import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

REFUSED, EITHER, EQUAL = "refused", "either", "equal"
"""A sentence of ours; a sentence or a sound result; the very result of the good call."""


@dataclass(frozen=True)
class Mutation:
    name: str
    value: Any
    deserves: str


@dataclass(frozen=True)
class Argument:
    """One argument of a good call: its value, its annotation, and the dimensions that others have too."""

    name: str
    value: Any
    hint: Any
    shared: frozenset[str]

    @property
    def options(self) -> tuple[Any, ...]:
        """The parts of a union, or the annotation alone."""
        return typing.get_args(self.hint) if is_union(self.hint) else (self.hint,)

    @property
    def dims(self) -> list[str]:
        shapes = [option.dim_str.split() for option in self.options if hasattr(option, "dim_str")]
        return shapes[0] if shapes else []


def is_union(hint: Any) -> bool:
    return typing.get_origin(hint) is typing.Union or type(hint).__name__ == "UnionType"


def mutations(argument: Argument) -> Iterator[Mutation]:
    """Everything that is tried in place of this argument."""
    value = argument.value
    if argument.name == "*":
        yield from _each(EITHER, {"none": (), "unknown text": ("no such thing",), "twice": value * 2})
        yield from _each(REFUSED, {"None": (None,), "3": (3,), "NaN": (float("nan"),), "object": (object(),)})
        return
    if isinstance(value, Tensor):
        yield from _tensors(argument, value)
    elif isinstance(value, bool):
        yield from _each(REFUSED, {"2": 2, "text": "yes", "number": 0.5, "tensor": torch.ones(1)})
    elif isinstance(value, int):
        yield from _whole_numbers(argument, value)
    elif isinstance(value, float):
        yield from _numbers(argument, value)
    elif isinstance(value, str):
        yield from _each(EITHER, {"empty text": "", "unknown text": "no such thing"})
        yield from _each(REFUSED, {"whole number": 3, "bytes": b"text", "NaN": float("nan")})
    elif isinstance(value, list | tuple):
        yield from _lists(value)
    elif isinstance(value, dict):
        yield from _each(EITHER, {"empty": type(value)()})
        yield from _each(REFUSED, {"NaN inside": {key: float("nan") for key in value}, "list": list(value)})
    elif callable(value) and not isinstance(value, torch.nn.Module):
        outcomes = {"gives nothing": lambda *_, **__: None, "gives text": lambda *_, **__: "text"}
        yield from _each(EITHER, outcomes)
    yield from _of_another_kind(argument)


def _of_another_kind(argument: Argument) -> Iterator[Mutation]:
    if type(None) not in argument.options:
        yield Mutation("None", None, REFUSED)
    hint = f"{argument.hint}"
    if argument.hint is object:
        return
    if not isinstance(argument.value, int | float) and "int" not in hint and "float" not in hint:
        yield Mutation("3", 3, REFUSED)
    if not isinstance(argument.value, str) and not {str, Any} & set(argument.options):
        yield Mutation("text", "text", EITHER if "Path" in hint else REFUSED)
    yield Mutation("object", object(), REFUSED)


def _each(deserves: str, values: dict[str, Any]) -> Iterator[Mutation]:
    for name, value in values.items():
        yield Mutation(name, value, deserves)


def _whole_numbers(argument: Argument, value: int) -> Iterator[Mutation]:
    also_float, also_tensor = float in argument.options, bool(argument.dims)
    yield Mutation("NumPy's int64", np.int64(value), EQUAL)
    yield Mutation("NumPy's int16", np.int16(value), EQUAL)
    yield from _each(REFUSED, {"-1": -1, "-5": -5, "NaN": float("nan"), "infinity": float("inf"),
                               "-infinity": float("-inf"), "True": True, "list": [value],
                               "number as text": str(value), "complex": complex(value)})  # fmt: skip
    yield Mutation("float tensor", torch.tensor([1.5, 2.5]), EITHER if also_tensor else REFUSED)
    yield from _each(EITHER if also_float else REFUSED, {"1.5": 1.5, "as float": float(value),
                                                         "NumPy's 1.5": np.float64(1.5)})  # fmt: skip
    yield Mutation("0", 0, EITHER)
    if argument.name == "seed":
        yield Mutation("2**70", 2**70, REFUSED)
        yield Mutation("2**63 - 1", 2**63 - 1, EITHER)


def _numbers(argument: Argument, value: float) -> Iterator[Mutation]:
    yield Mutation("NumPy's float64", np.float64(value), EQUAL)
    yield Mutation("NumPy's float32", np.float32(value), EITHER)
    yield from _each(REFUSED, {"NaN": float("nan"), "infinity": float("inf"), "-infinity": float("-inf"),
                               "-1.0": -1.0, "True": True, "list": [value], "number as text": str(value),
                               "complex": complex(value), "NumPy's NaN": np.float32("nan")})  # fmt: skip
    yield Mutation("float tensor", torch.tensor([1.5, 2.5]), EITHER if argument.dims else REFUSED)
    yield from _each(EITHER, {"0.0": 0.0, "whole": 1})


def _lists(value: list[Any] | tuple[Any, ...]) -> Iterator[Mutation]:
    kind = type(value)
    yield from _each(EITHER, {"empty": kind(), "one fewer": value[:-1], "twice": value + value})
    yield from _each(REFUSED, {"None inside": kind([*value[:-1], None]), "object inside": kind([object()]),
                               "whole number": 7, "function": print})  # fmt: skip
    if value and isinstance(value[0], Tensor):
        yield Mutation("NaN inside", kind([torch.full_like(value[0], float("nan"))]), REFUSED)
    if value and isinstance(value[0], float):
        yield Mutation("NaN inside", kind([*value[:-1], float("nan")]), REFUSED)


def _tensors(argument: Argument, value: Tensor) -> Iterator[Mutation]:
    dims = argument.dims
    variadic = any(dim.startswith(("*", "...")) for dim in dims)
    picture = len(dims) >= 3 and dims[-3] in ("channel", "c", "1", "3") and value.is_floating_point()
    if value.is_floating_point():
        yield from _spoilt(value)
        yield Mutation("0 to 255", (value + 1) * 127.5, REFUSED if picture else EITHER)
        yield Mutation("float64", value.double(), EITHER)
        yield Mutation("bytes", value.to(torch.uint8), EITHER if "Shaped" in f"{argument.hint}" else REFUSED)
        yield Mutation("whole numbers", value.long(), EITHER if "Shaped" in f"{argument.hint}" else REFUSED)
        yield Mutation("complex", value.to(torch.complex64), REFUSED)
    else:
        yield Mutation("floats", value.float(), REFUSED)
    more = {"one axis more": value[None], "an axis more at the end": value[..., None]}
    yield from _each(EITHER if variadic else REFUSED, more)
    yield Mutation("NumPy array", value.detach().numpy(), REFUSED)
    yield Mutation("list", value.tolist(), EITHER if "Sequence" in f"{argument.hint}" else REFUSED)
    if not value.ndim:
        return
    yield Mutation("one axis less", value[0], EITHER if variadic else REFUSED)
    yield Mutation("empty", value[:0], EITHER if dims and dims[0].startswith("*") else REFUSED)
    is_fixed = lambda dim: dim in argument.shared or dim.isdecimal()  # noqa: E731
    for axis, dim in ((0, dims[0]), (-1, dims[-1])) if dims else ():
        deserves = REFUSED if is_fixed(dim) else EITHER
        longer = torch.cat([value, value.narrow(axis, 0, 1)], dim=axis)
        yield Mutation(f"one longer along {dim}", longer, deserves)
        if value.shape[axis] > 1:
            yield Mutation(f"only one along {dim}", value.narrow(axis, 0, 1), deserves)
    if picture and dims[-3] in ("channel", "c"):
        yield Mutation("two channels", value[:, :1].repeat(1, 2, 1, 1) if value.ndim == 4 else value, REFUSED)


def _spoilt(value: Tensor) -> Iterator[Mutation]:
    one = value.detach().clone()
    one.reshape(-1)[-1:] = float("nan")
    yield Mutation("one NaN", one, REFUSED)
    for name in ("nan", "inf", "-inf"):
        yield Mutation(f"all {name}", torch.full_like(value, float(name)), REFUSED)
