"""Finds the checkers of the exercises and judges answers, with the tools to write a checker.

`exercises/lesson_04.py` holds the checkers of lesson 04, and is loaded when one of them is first needed:

    @exercise("04.2", "the loss at the tie")
    def loss_at_the_tie(answer: object) -> str | None:
        if close(answer, math.log(2)):
            return "that is one of the two terms; D is asked about real *and* generated samples."
        return difference(answer, 2 * math.log(2))

A checker returns None when the answer is right, otherwise what is wrong and a hint that does not
give the answer away. Call the learner's function through `call`, at several points with several
results, so that a constant cannot pass. Nothing heavy is imported here at the top: the
environment check must run where torch is missing.
"""

import importlib
import importlib.util
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from stablegen_lib.course import exercises
from stablegen_lib.course.finding import look_up, origin
from stablegen_lib.course.outlasting import LEAVES, kernel_goes_on
from stablegen_lib.course.telling import described, kind, shape

Checker = Callable[[Any], str | None]


@dataclass(frozen=True)
class Exercise:
    """A checker with its number ("04.2": lesson 04, second exercise) and title."""

    number: str
    title: str
    checker: Checker


@dataclass(frozen=True)
class Verdict:
    """What `judge` found: `state` is "right", "wrong" or "not yet"; `message` says why."""

    state: str
    message: str = ""


class NotYet(Exception):
    """The learner has not answered yet."""


class Wrong(Exception):
    """The answer cannot be compared at all; the text says why, for the learner."""


_registry: dict[str, Exercise] = {}


def exercise(number: str, title: str) -> Callable[[Checker], Checker]:
    """Registers a checker under its number; use as a decorator.

    Raises:
        ValueError: If the number does not look like "04.2", another checker has it, or the
            checker stands in the file of another lesson, where it would not be found.
    """
    if not re.fullmatch(r"\d\d\.[1-9]\d*", number):
        raise ValueError(f"a number like '04.2' was needed, {number!r} came.")

    def register(checker: Checker) -> Checker:
        home = re.search(r"lesson_(\d\d)$", checker.__module__)
        if home and home[1] != number[:2]:
            raise ValueError(f"exercise {number} belongs into lesson_{number[:2]}.py, not into {home[0]}.py.")
        other = _registry.get(number)
        if other and origin(other.checker) != origin(checker):  # the same one again is a reload
            raise ValueError(f"exercise {number} is taken by {origin(other.checker)}: choose another number.")
        _registry[number] = Exercise(number, title, checker)
        return checker

    return register


def of_lesson(lesson: str) -> list[Exercise]:
    """The exercises of a lesson ("04") in order; empty when there is no such lesson."""
    name = f"{exercises.__name__}.lesson_{lesson}"
    if importlib.util.find_spec(name) is not None:
        importlib.import_module(name)
    found = [item for number, item in _registry.items() if number.startswith(f"{lesson}.")]
    return sorted(found, key=lambda item: int(item.number.split(".")[1]))


def find(number: str) -> Exercise:
    """The exercise with this number.

    Raises:
        ValueError: If there is none; the message lists the numbers of that lesson.
    """
    return look_up(number, of_lesson, "exercise", "course.check('04.2', answer)")


def judge(item: Exercise, answer: object) -> Verdict:
    """Runs the checker; whatever the answer is or does, this returns."""
    try:
        if _is_untouched(answer):
            return Verdict("not yet")
        with kernel_goes_on():
            problem = item.checker(answer)
    except NotYet as reason:
        return Verdict("not yet", str(reason))
    except Wrong as wrong:
        return Verdict("wrong", str(wrong))
    except SystemExit:
        return Verdict("wrong", LEAVES)
    except Exception as error:
        return Verdict(
            "wrong", f"{described(error)} That stopped the check. Is it the kind of answer asked for?"
        )
    return Verdict("right") if problem is None else Verdict("wrong", problem)


def call(function: object, *arguments: object, **named: object) -> Any:
    """Calls the learner's function and returns its result.

    Raises:
        NotYet: If it is still a stub: it returns None or `...`, raises NotImplementedError, or
            stumbles over its own `...`.
        Wrong: If it is no function, or raises anything else.
    """
    if not callable(function):
        raise Wrong(f"a function was needed, {kind(function)} came. Pass its name without calling it.")
    try:
        result = function(*arguments, **named)
    except NotImplementedError:
        raise NotYet from None
    except SystemExit:
        raise Wrong(f"your function calls exit(): {LEAVES}") from None
    except Exception as error:
        if isinstance(error, TypeError | AttributeError) and "ellipsis" in str(error):
            raise NotYet from None
        raise Wrong(f"your function raised {described(error)} Call it yourself to see where.") from error
    if _is_untouched(result):
        raise NotYet("your function returns None" if result is None else "")
    return result


def close(answer: object, expected: object, tolerance: float = 1e-4) -> bool:
    """True when the answer has the expected shape and every number in it is near the expected one.

    Args:
        answer: A number, a tensor, an array, or nested lists of numbers. Where one number is
            expected, a tensor that holds one number will do, whatever its shape.
        expected: The same.
        tolerance: Largest difference allowed where the expected number is at most 1 in size;
            for larger ones relative to it. Pass 0.0 for counts.

    Raises:
        NotYet: If the answer is still None or `...`, or holds one.
        Wrong: If the answer holds no numbers, with a sentence for the learner.
    """
    given, right = _numbers(answer), _numbers(expected)
    if given.shape != right.shape:
        return False
    return bool(_near(given, right, tolerance).all())


def difference(answer: object, expected: object, tolerance: float = 1e-4) -> str | None:
    """None when `close`; otherwise what differs, without giving the expected numbers away."""
    if close(answer, expected, tolerance):
        return None
    given, right = _numbers(answer), _numbers(expected)
    if given.shape != right.shape:
        return f"{shape(right)} was needed, {shape(given)} came."
    if given.isnan().any():
        return "NaN came, which is not a number: look for log(0), 0/0 or infinity minus infinity."
    if given.ndim == 0:
        return f"{given.item():.6g} came, which is too {'small' if given < right else 'large'}."
    wrong = ~_near(given, right, tolerance)
    first = tuple(wrong.nonzero()[0].tolist())
    size = "small" if given[first] < right[first] else "large"
    return (
        f"{int(wrong.sum())} of {wrong.numel()} numbers are off; the first is {given[first].item():.6g} "
        f"at [{', '.join(map(str, first))}], which is too {size}."
    )


def _is_untouched(answer: object) -> bool:
    """Whether a None or `...` is in it, however deep; a list may hold itself."""
    waiting, seen = [answer], set[int]()
    while waiting:
        part = waiting.pop()
        if part is None or part is ...:
            return True
        if isinstance(part, tuple | list | dict) and id(part) not in seen:
            seen.add(id(part))
            waiting.extend(part.values() if isinstance(part, dict) else part)
    return False


def _numbers(value: object) -> Any:
    """As a float64 tensor; one number loses its dimensions."""
    import torch

    if _is_untouched(value):
        raise NotYet
    if isinstance(value, bool | str | bytes | complex) or callable(value):
        hint = " Call it first." if callable(value) else ""
        raise Wrong(f"a number or a tensor was needed, {kind(value)} came.{hint}")
    try:
        tensor = torch.as_tensor(value).detach().cpu()
    except (TypeError, ValueError, RuntimeError):
        raise Wrong(f"a number or a tensor was needed, {kind(value)} came.") from None
    if tensor.is_complex():
        raise Wrong("complex numbers came, where real ones were needed.")
    tensor = tensor.to(torch.float64)
    return tensor.reshape(()) if tensor.numel() == 1 else tensor


def _near(given: Any, right: Any, tolerance: float) -> Any:
    """For each number; where infinity is right, nothing else is near it."""
    near = (given - right).abs() <= tolerance * right.abs().clamp(min=1.0)
    return near.where(right.isfinite(), given == right)
