"""What the bank's questions need from the library: keys that are computed, and pictures that are drawn.

Each lesson has a file here, `lesson_NN.py`, whose functions are registered by `@answer` and `@picture`. So a
key cannot be wrong unless the library is, and a picture shows what the library really draws. `drawing.py`
holds what several lessons draw with.
"""

import importlib.util
import io
from collections.abc import Callable
from functools import cache

from matplotlib.figure import Figure

from stablegen_class.lessons import Picture

Answer = Callable[[], float | str]
_answers: dict[str, Answer] = {}
_pictures: dict[str, tuple[str, Callable[[], Figure]]] = {}


def answer(name: str) -> Callable[[Answer], Answer]:
    """Registers the function as the key of the question of this name.

    It returns the number, or for a choice the text of the right one. It takes less than a few seconds.
    """

    def register(function: Answer) -> Answer:
        if name in _answers:
            raise ValueError(f"the question {name} has two computed keys.")
        _answers[name] = function
        return function

    return register


def picture(name: str, alt: str) -> Callable[[Callable[[], Figure]], Callable[[], Figure]]:
    """Registers the function as what draws the picture of this name ("05-collapsed"); alt says what it shows.

    The alt text must not give the answer away.
    """

    def register(function: Callable[[], Figure]) -> Callable[[], Figure]:
        if name in _pictures:
            raise ValueError(f"there are two pictures {name}.")
        _pictures[name] = (alt, function)
        return function

    return register


@cache
def computed_key(name: str) -> float | str | None:
    """The key, computed now; None if this question's key is not computed."""
    _load(name[:2])
    return _answers[name]() if name in _answers else None


@cache
def drawn(name: str) -> Picture:
    """The picture, drawn now.

    Raises:
        KeyError: If no function draws it.
    """
    _load(name[:2])
    alt, draw = _pictures[name]
    target = io.BytesIO()
    draw().savefig(target, format="png", dpi=100, bbox_inches="tight")
    return Picture(target.getvalue(), alt)


def can_draw(name: str) -> bool:
    """Whether a function draws the picture of this name."""
    _load(name[:2])
    return name in _pictures


@cache
def _load(lesson: str) -> None:
    name = f"{__name__}.lesson_{lesson}"
    if importlib.util.find_spec(name) is not None:
        importlib.import_module(name)
