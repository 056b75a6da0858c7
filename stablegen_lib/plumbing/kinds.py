"""From the annotation of an argument to what may stand there, checked when the function is called."""

import os
import types
import typing
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, Literal, Protocol, Union, runtime_checkable

from stablegen_lib.plumbing import checks
from stablegen_lib.plumbing.bounds import FREE, Bounds, at_least
from stablegen_lib.plumbing.shapes import Sizes, TensorKind


@runtime_checkable
class Kind(Protocol):
    """What one annotation allows."""

    needed: str
    """In a sentence: "a whole number of at least 1"."""

    def takes(self, value: object) -> bool:
        """Whether this is the sort of thing at all; its values are judged by ``check``."""

    def check(self, name: str, value: Any, sizes: Sizes) -> Any:
        """The value, as Python's own number where it was NumPy's; or a ValueError that says what is wrong."""


class Whole:
    def __init__(self, bounds: Bounds) -> None:
        self.bounds, self.needed = bounds, f"a whole number {bounds}".strip()

    def takes(self, value: object) -> bool:
        return checks.is_whole(value)

    def check(self, name: str, value: Any, sizes: Sizes) -> Any:
        return checks.whole(name, value, self.bounds)


class Number:
    """Any real number; where ``int`` stands beside ``float``, a whole one stays whole."""

    def __init__(self, bounds: Bounds, *, whole_too: bool) -> None:
        self.bounds, self.whole_too = bounds, whole_too
        self.needed = f"a finite number {bounds}".strip()

    def takes(self, value: object) -> bool:
        return checks.is_number(value)

    def check(self, name: str, value: Any, sizes: Sizes) -> Any:
        number = checks.number(name, value, self.bounds)
        return number if self.whole_too else float(number)


class Choice:
    def __init__(self, options: Sequence[object]) -> None:
        self.options, self.needed = options, f"one of {', '.join(map(repr, options))}"

    def takes(self, value: object) -> bool:
        return any(type(value) is type(option) and value == option for option in self.options)

    def check(self, name: str, value: Any, sizes: Sizes) -> Any:
        return value


class Instance:
    """Objects of a class, of ours or of Python's: text, paths, models, data sets."""

    def __init__(self, wanted: type, words: str = "") -> None:
        self.wanted = wanted
        self.needed = words or f"{'an' if wanted.__name__[0] in 'AEIOUaeiou' else 'a'} {wanted.__name__}"

    def takes(self, value: object) -> bool:
        return isinstance(value, self.wanted)

    def check(self, name: str, value: Any, sizes: Sizes) -> Any:
        return value


class Several:
    """Sequences and mappings; every entry is checked. A tuple is made of what stands where one is wanted.

    Args:
        wanted: tuple, list, Mapping, Sequence, Iterable.
        entries: For each place what may stand there; one for all places. Empty lists allow anything.
    """

    def __init__(self, wanted: Any, entries: Sequence[list[Kind]]) -> None:
        self.wanted, self.entries = wanted, entries
        words = "a dictionary" if issubclass(wanted, Mapping) else "a list"
        of = " or ".join(kind.needed for kind in entries[-1]) if entries else ""
        self.needed = f"{words} of {of}" if of else words

    def takes(self, value: object) -> bool:
        if isinstance(value, str | bytes):
            return False
        return isinstance(value, Sequence if self.wanted in (tuple, list) else self.wanted)

    def check(self, name: str, value: Any, sizes: Sizes) -> Any:
        if isinstance(value, Mapping):
            for key, entry in value.items():
                checked(f"{name}[{key!r:.40}]", entry, self.entries[-1], sizes)
            return value
        if not isinstance(value, Collection):
            return value  # an iterator is gone once it has been looked at
        kept = value if self._all_are(value) else self._each(name, value, sizes)
        return self.wanted(kept) if self.wanted in (tuple, list) and type(kept) is not self.wanted else kept

    def _all_are(self, values: Collection[object]) -> bool:
        """Quick: a data set has a hundred thousand words. Their types are few."""
        if len(self.entries) != 1 or not all(isinstance(kind, Instance) for kind in self.entries[0]):
            return not self.entries
        wanted = tuple(kind.wanted for kind in self.entries[0] if isinstance(kind, Instance))
        return all(isinstance(one, wanted) for one in {type(value): value for value in values}.values())

    def _each(self, name: str, values: Collection[Any], sizes: Sizes) -> list[Any]:
        entries = self.entries if len(self.entries) > 1 else [self.entries[0]] * len(values)
        if len(values) != len(entries):
            raise ValueError(f"{name} must have {len(entries)} entries, and {len(values)} came.")
        return [checked(f"{name}[{place}]", value, kinds, sizes)
                for place, (value, kinds) in enumerate(zip(values, entries, strict=True))]  # fmt: skip


def checked(name: str, value: object, kinds: Sequence[Kind], sizes: Sizes) -> Any:
    """The value, by the first of these kinds that takes it.

    Raises:
        ValueError: If none does, or it has a value that its kind cannot have.
    """
    for kind in kinds:
        if kind.takes(value):
            return kind.check(name, value, sizes)
    if not kinds:
        return value
    needed = " or ".join(dict.fromkeys(kind.needed for kind in kinds))
    raise ValueError(f"{name} must be {needed}, and {checks.came(value)} came.")


def kinds_of(
    annotation: Any, bounds: Bounds | None, *, seed: bool = False, beside: Sequence[Any] = ()
) -> list[Kind]:
    """What an annotation allows; an empty list is anything.

    Args:
        annotation: Of one argument.
        bounds: For numbers, or the values of a tensor. None: whole numbers of at least 1, other numbers of at
            least 0, pixels from -1 to 1, and whatever is finite.
        seed: Whether it is a seed: then whole numbers from 0.
        beside: The other parts of a union.
    """
    origin = typing.get_origin(annotation)
    if origin in (Union, types.UnionType):
        parts = typing.get_args(annotation)
        several = [kinds_of(part, bounds, seed=seed, beside=parts) for part in parts]
        return [kind for kinds in several for kind in kinds] if all(several) else []
    if annotation is int:
        return [Whole(bounds or (checks.SEEDS if seed else at_least(1)))]
    if annotation is float:
        return [Number(bounds or at_least(0), whole_too=int in beside)]
    if annotation in SIMPLE:
        return [SIMPLE[annotation]]
    if origin is Literal:
        return [Choice(typing.get_args(annotation))]
    if origin is Callable:
        return [Function(kinds_of(typing.get_args(annotation)[-1], FREE))]
    if hasattr(annotation, "dim_str"):
        return [TensorKind(annotation, bounds)]
    if isinstance(origin, type) and issubclass(origin, Iterable):
        several = [entry for entry in typing.get_args(annotation) if entry is not ...]
        return [Several(origin, [kinds_of(entry, bounds) for entry in several])]
    is_known = isinstance(annotation, type) and annotation not in (object, Any)
    if is_known and not (getattr(annotation, "_is_protocol", False) and not _is_runtime(annotation)):
        return [Instance(annotation)]
    return []


class Function:
    """Somebody's function. What it gives back is looked at as well, each time it is called."""

    needed = "a function"

    def __init__(self, result: Sequence[Kind]) -> None:
        self.result = result

    def takes(self, value: object) -> bool:
        return callable(value)

    def check(self, name: str, value: Any, sizes: Sizes) -> Any:
        if not self.result:
            return value

        @wraps(value, assigned=(), updated=())  # so that inspect.unwrap finds a network again
        def looked_at(*arguments: Any, **options: Any) -> Any:
            return checked(f"what {name} gives", value(*arguments, **options), self.result, {})

        return looked_at


SIMPLE: dict[Any, Kind] = {
    bool: Choice((True, False)),
    str: Instance(str, "text"),
    Path: Instance(os.PathLike, "a path"),
    bytes: Instance(bytes, "bytes"),
    type(None): Choice((None,)),
}


def _is_runtime(protocol: Any) -> bool:
    return bool(getattr(protocol, "_is_runtime_protocol", False))
