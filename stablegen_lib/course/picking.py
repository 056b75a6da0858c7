"""Judges answers that are one of a few words."""

import re
from collections.abc import Mapping


def picked(answer: object, right: str, hints: Mapping[str, str]) -> str | None:
    """Judges an answer that is one of a few words: None when right, else what speaks against the choice.

    Capital letters, spaces around and the American ending "-ized" do not matter.

    Args:
        answer: What the learner chose.
        right: The right choice, in small letters.
        hints: The other choices, each with what speaks against it.
    """
    said = re.sub(r"ized\b", "ised", answer.strip().lower()) if isinstance(answer, str) else ""
    if said == right:
        return None
    for choice, hint in hints.items():
        if said == choice.lower():
            return f"not this one: {hint}"
    words = sorted([right, *hints])
    return f"one of {', '.join(repr(word) for word in words[:-1])} and {words[-1]!r} was needed."
