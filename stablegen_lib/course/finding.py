"""From a number to the exercise or gap that has it, and the sentence when none has."""

import pkgutil
import re
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar, runtime_checkable

from stablegen_lib.course import exercises


@runtime_checkable
class Numbered(Protocol):
    """An exercise or a gap."""

    @property
    def number(self) -> str:
        """Lesson, and which of its own: "04.2", "02.a"."""


Item = TypeVar("Item", bound=Numbered)


def lessons() -> list[str]:
    """Numbers of the lessons that have exercises: ["00", "01", ...]."""
    found = [
        re.fullmatch(r"lesson_(\d\d)", module.name) for module in pkgutil.iter_modules(exercises.__path__)
    ]
    return sorted(match[1] for match in found if match)


def look_up(number: str, of_lesson: Callable[[str], Sequence[Item]], what: str, example: str) -> Item:
    """The exercise or gap with this number.

    Args:
        number: As the learner wrote it.
        of_lesson: All that a lesson has of the kind.
        what: "exercise" or "gap", for the message.
        example: How it is written rightly, for the message.

    Raises:
        ValueError: If there is none; the message lists the numbers of that lesson.
    """
    lesson = number.split(".")[0]
    known = {item.number: item for item in of_lesson(lesson)} if re.fullmatch(r"\d\d", lesson) else {}
    if number not in known:
        have = f"Lesson {lesson} has {', '.join(known)}." if known else f"Lessons: {', '.join(lessons())}."
        raise ValueError(f"there is no {what} {number!r}. {have} Write it like {example}.")
    return known[number]


def origin(function: Callable[..., Any]) -> str:
    """Where a function comes from: the same text again means that its file was loaded again."""
    return f"{function.__module__}.{function.__qualname__}"
