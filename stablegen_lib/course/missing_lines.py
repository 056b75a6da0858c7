"""Gaps in the middle of a lesson: one to three lines that the learner writes where the idea appears.

`exercises/gaps_02.py` holds those of lesson 02. A gap is declared by the course's own version of the
function, with arguments to try it on and typical mistakes with their hints:

    @fills(
        "02.a",
        "weighted sums",
        cases=lambda: [(torch.randn(4, 3), torch.randn(3), torch.randn(4))],
        mistakes=((lambda W, x, b: W @ x, "the biases are missing: add b."),),
    )
    def weighted_sums(W: Tensor, x: Tensor, b: Tensor) -> Tensor:
        return W @ x + b

Right is what gives the same results as this version, however it is written, and of the same kind: the lesson
goes on with them (`fitting.py`).
"""

import copy
import importlib
import importlib.util
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from stablegen_lib.course import exercises
from stablegen_lib.course.checking import Exercise, NotYet, Wrong, call, close, difference
from stablegen_lib.course.finding import look_up, origin
from stablegen_lib.course.fitting import misfit

Function = Callable[..., Any]
F = TypeVar("F", bound=Function)


@dataclass(frozen=True)
class Gap:
    """A gap with its number ("02.a": lesson 02, the first gap) and the course's version, `solution`.

    `outcome(result, arguments)` is what is compared; without it, the result itself. With `any_type` its
    tensors may hold numbers of another type.
    """

    number: str
    title: str
    solution: Function
    cases: Callable[[], Sequence[tuple[Any, ...]]]
    mistakes: Sequence[tuple[Function, str]] = ()
    tolerance: float = 1e-4
    outcome: Callable[[Any, tuple[Any, ...]], Any] | None = None
    any_type: bool = False

    @property
    def exercise(self) -> Exercise:
        """For `checking.judge`."""
        return Exercise(self.number, self.title, self.problem)

    def problem(self, answer: object) -> str | None:
        """A checker as for exercises. The lesson's own random numbers stay as they are."""
        import torch

        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            for seed, arguments in enumerate(self.cases(), start=1):  # not the numbers the cases are made of
                result, right = self._tried(self.solution, arguments, seed)
                given_result, given = self._tried(lambda *given: call(answer, *given), arguments, seed)
                is_right = _same(given, right, self.tolerance)
                hint = None if is_right else self._hint(given, arguments, seed, right)
                if not hint and (is_right or self.outcome):
                    hint = _misfit(given_result, result, self.any_type)
                if hint or not is_right:
                    return hint or _unlike(given, right, self.tolerance)
        return None

    def _tried(self, function: Function, arguments: tuple[Any, ...], seed: int) -> tuple[Any, Any]:
        """The result, and what of it is compared."""
        import torch

        torch.manual_seed(seed)
        mine = _copied(arguments)  # nobody may spoil the arguments of the next
        result = function(*mine)
        return result, self.outcome(result, mine) if self.outcome else result

    def _hint(self, given: Any, arguments: tuple[Any, ...], seed: int, right: Any) -> str | None:
        for mistake, hint in self.mistakes:
            try:
                _, wrong = self._tried(mistake, arguments, seed)
                if _same(given, wrong, self.tolerance) and not _same(wrong, right, self.tolerance):
                    return hint
            except Exception:  # a mistake that cannot even be made with these arguments
                continue
        return None


_registry: dict[str, Gap] = {}


def fills(
    number: str,
    title: str,
    *,
    cases: Callable[[], Sequence[tuple[Any, ...]]],
    mistakes: Sequence[tuple[Function, str]] = (),
    tolerance: float = 1e-4,
    outcome: Callable[[Any, tuple[Any, ...]], Any] | None = None,
    any_type: bool = False,
) -> Callable[[F], F]:
    """Registers the course's version of a gap; use as a decorator.

    Args:
        number: Lesson and letter, such as "02.a".
        title: What it is, in a few words.
        cases: Makes lists of arguments to try the function on. Take several, with unlike results, so that
            a constant cannot pass. Each call gets its own copy, and starts from the same random numbers.
        mistakes: Functions that make a typical mistake, each with a hint that does not give the answer away.
        tolerance: As for `checking.close`.
        outcome: For functions that change their arguments, such as a training step: from the result and
            the arguments afterwards, what is to be compared.
        any_type: Whether a tensor may hold numbers of another type than in the course's version.

    Raises:
        ValueError: If the number does not look like "02.a", another gap has it, or it stands in the file of
            another lesson.
    """
    if not re.fullmatch(r"\d\d\.[a-z]", number):
        raise ValueError(f"a number like '02.a' was needed, {number!r} came.")

    def register(solution: F) -> F:
        home = re.search(r"gaps_(\d\d)$", solution.__module__)
        if home and home[1] != number[:2]:
            raise ValueError(f"gap {number} belongs into gaps_{number[:2]}.py, not into {home[0]}.py.")
        other = _registry.get(number)
        if other and origin(other.solution) != origin(solution):  # the same one again is a reload
            raise ValueError(f"gap {number} is taken by {origin(other.solution)}: choose another letter.")
        _registry[number] = Gap(number, title, solution, cases, mistakes, tolerance, outcome, any_type)
        return solution

    return register


def of_lesson(lesson: str) -> list[Gap]:
    """The gaps of a lesson ("02") in order; empty when it has none."""
    name = f"{exercises.__name__}.gaps_{lesson}"
    if importlib.util.find_spec(name) is not None:
        importlib.import_module(name)
    return [_registry[number] for number in sorted(_registry) if number.startswith(f"{lesson}.")]


def find(number: str) -> Gap:
    """The gap with this number.

    Raises:
        ValueError: If there is none; the message lists the gaps of that lesson.
    """
    return look_up(number, of_lesson, "gap", "course.gap('02.a', function)")


def _copied(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """A deep copy, in which networks keep the gradients that they have."""
    import torch

    copied = copy.deepcopy(arguments)
    for old, new in zip(arguments, copied, strict=True):
        if isinstance(old, torch.nn.Module):
            for weight, its_copy in zip(old.parameters(), new.parameters(), strict=True):
                its_copy.grad = None if weight.grad is None else weight.grad.clone()
    return copied


def _same(given: Any, right: Any, tolerance: float) -> bool:
    if isinstance(right, tuple):
        return len(_several(given, right)) == len(right) and all(
            _same(one, other, tolerance) for one, other in zip(given, right, strict=True)
        )
    return close(given, right, tolerance)


def _unlike(given: Any, right: Any, tolerance: float) -> str:
    if isinstance(right, tuple):
        pairs = enumerate(zip(_several(given, right), right, strict=True), start=1)
        number, pair = next((number, pair) for number, pair in pairs if not _same(*pair, tolerance))
        return f"result {number} of {len(right)}: {_unlike(*pair, tolerance)}"
    return difference(given, right, tolerance) or "not quite."


def _misfit(given: Any, right: Any, any_type: bool) -> str | None:
    """None when the lesson can go on with the result, whose numbers are right."""
    if not isinstance(right, tuple):
        return misfit(given, right, any_type=any_type)
    pairs = enumerate(zip(_several(given, right), right, strict=True), start=1)
    found = ((number, _misfit(*pair, any_type)) for number, pair in pairs)
    return next((f"result {number} of {len(right)}: {problem}" for number, problem in found if problem), None)


def _several(given: Any, right: tuple[Any, ...]) -> Sequence[Any]:
    if not isinstance(given, tuple | list):
        raise Wrong(f"{len(right)} results were needed, separated by commas; one came.")
    if any(part is None or part is ... for part in given):
        raise NotYet
    if len(given) != len(right):
        raise Wrong(f"{len(right)} results were needed, {len(given)} came.")
    return given
