"""The bank of questions: `questions/lesson_NN.yaml`, checked against `questions/schema.json`."""

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from stablegen_class.computed import can_draw, computed_key, drawn
from stablegen_class.markup import as_html, escaped

FOLDER = Path(__file__).parent / "questions"
LETTERS = "ABCDEFGH"
STRANGERS = {"choice": {"number", "tolerance", "unit"}, "number": {"choices"}}  # what the other kind has


class BadQuestion(ValueError):
    """A question that breaks a rule of the bank."""


@dataclass(frozen=True)
class Choice:
    """One of the answers to choose from; a wrong one says which mistake leads to it."""

    text: str
    is_right: bool
    why: str = ""
    picture: str = ""


@dataclass(frozen=True)
class Question:
    """One question of the bank.

    Args:
        name: Unique, lesson first: "04-tie".
        kind: "choice" or "number".
        aim: "prediction", "diagnosis", "computation" or "definition".
        section: Heading of the lesson, word for word.
        difficulty: 1 (look again), 2 (think), 3 (compute or combine).
        number: The key of a number question; `tolerance` is its largest distance that counts as right.
    """

    name: str
    kind: str
    aim: str
    section: str
    difficulty: int
    text: str
    explanation: str
    choices: tuple[Choice, ...] = ()
    number: float = 0.0
    tolerance: float = 0.0
    unit: str = ""
    picture: str = ""

    @property
    def right(self) -> int:
        """Place of the right choice."""
        return next(place for place, choice in enumerate(self.choices) if choice.is_right)

    @property
    def key(self) -> str:
        """The right answer in words."""
        if self.kind == "number":
            digits = max(0, -math.floor(math.log10(self.tolerance))) if self.tolerance else 4
            number = f"{round(self.number, digits):,.10g}"  # no finer than the tolerance
            return f"{number}{' ' + self.unit if self.unit else ''} (± {self.tolerance:g})"
        return (
            f"{LETTERS[self.right]}: {self.choices[self.right].text or 'the picture ' + LETTERS[self.right]}"
        )


@cache
def _validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads((FOLDER / "schema.json").read_text(encoding="utf-8")))


def of_lesson(number: str, folder: Path = FOLDER) -> list[Question]:
    """The questions of one lesson, in the bank's order; [] if the lesson has none.

    Raises:
        BadQuestion: If the file breaks the schema or a rule; the message says where.
    """
    path = folder / f"lesson_{number}.yaml"
    if not path.exists():
        return []
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise BadQuestion(f"{path.name} is not YAML: {error}") from None
    problem = next(iter(sorted(_validator().iter_errors(content), key=lambda each: list(each.path))), None)
    if problem is not None:
        place = " → ".join(map(str, problem.path)) or "top"
        raise BadQuestion(f"{path.name}, {place}: {problem.message}")
    return [_question(entry, path.name) for entry in content["questions"]]


def _question(entry: dict[str, Any], file: str) -> Question:
    choices = tuple(
        Choice(each.get("text", ""), each.get("right", False), each.get("why", ""), each.get("picture", ""))
        for each in entry.get("choices", [])
    )
    wrong = f"{file}, {entry['name']}: "
    strangers = STRANGERS[entry["kind"]] & entry.keys()
    if strangers:
        raise BadQuestion(wrong + f"{min(strangers)} does not belong to a question of kind {entry['kind']}.")
    if choices and sum(choice.is_right for choice in choices) != 1:
        raise BadQuestion(wrong + "exactly one choice must be right.")
    if any(not choice.is_right and not choice.why for choice in choices):
        raise BadQuestion(wrong + "each wrong choice must say `why` somebody would choose it.")
    if len({(choice.text, choice.picture) for choice in choices}) != len(choices):
        raise BadQuestion(wrong + "two choices are the same.")
    key = computed_key(entry["name"]) if choices else None
    right = [choice.text for choice in choices if choice.is_right]
    if key is not None and right != [key]:
        raise BadQuestion(wrong + f"the right choice is {right[0]!r}, and the computed key {key!r}.")
    shown = [entry.get("picture", ""), *(choice.picture for choice in choices)]
    unknown = [name for name in shown if name and not can_draw(name)]
    if unknown:
        raise BadQuestion(wrong + f"nothing in computed/ draws the picture {unknown[0]!r}.")
    return Question(
        entry["name"],
        entry["kind"],
        entry["aim"],
        entry["section"],
        entry["difficulty"],
        entry["text"],
        entry["explanation"],
        choices,
        _number(entry, wrong),
        float(entry.get("tolerance", 0.0)),
        entry.get("unit", ""),
        entry.get("picture", ""),
    )


def _number(entry: dict[str, Any], wrong: str) -> float:
    """The key of a number question: said in the file or computed, not both."""
    if entry["kind"] != "number":
        return 0.0
    key = computed_key(entry["name"])
    if (key is None) == ("number" not in entry):
        raise BadQuestion(wrong + "the key must be said (`number`) or computed (computed/), one of the two.")
    if isinstance(key, str):
        raise BadQuestion(wrong + f"a number was needed as its computed key, and {key!r} came.")
    return float(entry["number"] if key is None else key)


def picture_html(name: str) -> str:
    """A picture of the bank, drawn by the library."""
    picture = drawn(name)
    return f"<img src='{picture.address}' alt='{escaped(picture.alt)}'>"


def choices_html(question: Question, *, marked: bool) -> str:
    """The choices as a lettered list; marked: the right one stands out."""
    items = []
    for choice in question.choices:
        content = picture_html(choice.picture) if choice.picture else as_html(choice.text)
        items.append(f"<li{' class=right' if marked and choice.is_right else ''}>{content}</li>")
    has_pictures = any(choice.picture for choice in question.choices)
    length = sum(len(choice.text) for choice in question.choices)
    look = "choices row" if has_pictures else "choices many" if length > 300 else "choices"
    return f"<ol class='{look}' type='A'>{''.join(items)}</ol>"


def as_slides(question: Question) -> list[tuple[str, str]]:
    """Title and body of two slides: the question, then the same with its answer."""
    asked = (picture_html(question.picture) if question.picture else "") + as_html(question.text)
    if question.kind == "number":
        answer = f"<p class='right'>{escaped(question.key)}</p>"
        return [("Question", asked), ("Answer", answer + as_html(question.explanation))]
    marked = choices_html(question, marked=True)
    return [
        ("Question", asked + choices_html(question, marked=False)),
        ("Answer", marked + f"<div class='small'>{as_html(question.explanation)}</div>"),
    ]
