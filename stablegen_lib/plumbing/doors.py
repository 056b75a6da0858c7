"""The door of every public function: arguments are judged there, before anything is computed.

What an argument may be stands in its annotation, shapes included; the decorator reads it. So a wrong
argument gets a sentence of ours that names it, instead of an error from inside torch, or a number
that means nothing. What the annotation cannot say, the range of a number, stands in the decorator:

    @door(steps=at_least(0), learning_rate=above(0))
    def train(model: VAE, images: ImageSet, *, steps: int, learning_rate: float = 2e-3) -> ...

The networks and the losses in the innermost loop have checks of shapes of their own, which cost nothing.
"""

import inspect
import typing
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from stablegen_lib.plumbing.bounds import Bounds
from stablegen_lib.plumbing.kinds import Kind, checked, kinds_of
from stablegen_lib.plumbing.shapes import Sizes

Target = TypeVar("Target", bound=Callable[..., Any])
Kinds = dict[str, list[Kind]]


def door(**bounds: Bounds) -> Callable[[Target], Target]:
    """Checks every argument of a function, a method or the constructor of a dataclass.

    Without another word whole numbers are at least 1, seeds and other numbers at least 0, tensors have the
    shape of their annotation, are finite and not empty, and pictures lie in [-1, 1]. Dimensions of one name
    are of one size: nothing is stretched to fit.

    Args:
        bounds: What else a number, or the numbers in a tensor, may be, by the argument's name.

    Raises:
        ValueError: When the function is called: the message names the argument.
    """

    def decorate(target: Any) -> Any:
        if isinstance(target, type):
            target.__init__ = door(**bounds)(target.__init__)  # type: ignore[misc]
            return target
        signature, kinds = inspect.signature(target), Kinds()
        if unknown := bounds.keys() - signature.parameters.keys():
            raise TypeError(f"{target.__qualname__} has no argument {sorted(unknown)}.")

        @wraps(target)
        def entered(*arguments: Any, **options: Any) -> Any:
            try:
                given = signature.bind(*arguments, **options)
            except TypeError:
                return target(*arguments, **options)  # Python's own words for a missing or unknown name
            if not kinds:
                kinds.update(_kinds(target, signature, bounds))
            sizes = Sizes()
            for name, value in given.arguments.items():
                if kinds[name]:
                    given.arguments[name] = _judged(signature.parameters[name], value, kinds[name], sizes)
            return target(*given.args, **given.kwargs)

        return entered

    return decorate


def _kinds(target: Any, signature: inspect.Signature, bounds: dict[str, Bounds]) -> Kinds:
    """Late, at the first call: an annotation may name a class that comes further down."""
    hints = typing.get_type_hints(target)
    return {name: kinds_of(hints[name], bounds.get(name), seed=name == "seed") if name in hints else []
            for name in signature.parameters}  # fmt: skip


def _judged(parameter: inspect.Parameter, value: Any, kinds: list[Kind], sizes: Sizes) -> Any:
    name = parameter.name
    if parameter.kind is parameter.VAR_POSITIONAL:
        return tuple(checked(f"{name}[{place}]", each, kinds, sizes) for place, each in enumerate(value))
    if parameter.kind is parameter.VAR_KEYWORD:
        return {key: checked(key, each, kinds, sizes) for key, each in value.items()}
    return checked(name, value, kinds, sizes)
