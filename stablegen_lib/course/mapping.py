"""The map of the course: what each lesson holds, what of it is done, and what comes next."""

import html
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stablegen_lib.course import checking, finding, missing_lines
from stablegen_lib.course.checking import Exercise
from stablegen_lib.course.remembering import Remembered

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
_BAR = 10  # characters
_CELL = 'style="text-align: left"'  # JupyterLab sets tables to the right


@dataclass(frozen=True)
class Lesson:
    """A lesson with what it asks for, in the order of its notebook, and what of it is done."""

    number: str
    title: str
    notebook: Path | None
    gaps: Sequence[Exercise]
    exercises: Sequence[Exercise]
    right: frozenset[str]
    seconds: float

    @property
    def open(self) -> list[Exercise]:
        return [item for item in (*self.gaps, *self.exercises) if item.number not in self.right]

    @property
    def state(self) -> str:
        """In a word: "done", "begun" or "not begun"."""
        return ("begun" if self.right else "not begun") if self.open else "done"

    @property
    def bar(self) -> str:
        total = len(self.gaps) + len(self.exercises)
        filled = _BAR * (total - len(self.open)) // max(total, 1)
        return "█" * filled + "░" * (_BAR - filled)

    def done(self, items: Sequence[Exercise]) -> int:
        return sum(item.number in self.right for item in items)


def lessons(state: Remembered) -> list[Lesson]:
    """All lessons that have exercises."""
    found = []
    for number in finding.lessons():
        gaps = [gap.exercise for gap in missing_lines.of_lesson(number)]
        exercises = checking.of_lesson(number)
        right = state.right & {item.number for item in (*gaps, *exercises)}
        notebook = next(iter(sorted(NOTEBOOKS.glob(f"{number}_*.ipynb"))), None)
        title = notebook.stem[3:].replace("_", " ").capitalize() if notebook else f"Lesson {number}"
        found.append(Lesson(number, title, notebook, gaps, exercises, right, state.spent(number)))
    return found


def following(course: Sequence[Lesson]) -> Lesson | None:
    """Where to go on: the furthest lesson that is begun, else the next one, else the first with a hole."""
    if not any(lesson.right for lesson in course):
        return next(iter(course), None)
    furthest = max(place for place, lesson in enumerate(course) if lesson.right)
    return next((lesson for lesson in (*course[furthest:], *course) if lesson.open), None)


def as_text(course: Sequence[Lesson], *, timed: bool) -> str:
    """A line for each lesson, and what comes next."""
    width = max((len(lesson.title) for lesson in course), default=0)
    lines = []
    for lesson in course:
        counts = f"exercises {lesson.done(lesson.exercises)}/{len(lesson.exercises)}"
        if lesson.gaps:
            counts += f", gaps {lesson.done(lesson.gaps)}/{len(lesson.gaps)}"
        if timed:
            counts += f", {duration(lesson.seconds)}"
        lines.append(f"{lesson.number} {lesson.title:<{width}} {lesson.bar} {counts}")
    return "\n".join([*lines, _advice(following(course))])


def as_html(course: Sequence[Lesson], *, timed: bool) -> str:
    """The same as a table with links to the notebooks; it sets no colour, so any theme will do."""
    heads = ("Lesson", "", "Exercises", "Gaps", *(("Time",) if timed else ()), "State")
    head = "".join(f'<th scope="col" {_CELL}>{name}</th>' if name else "<td></td>" for name in heads)
    rows = "\n".join(_row(lesson, timed=timed) for lesson in course)
    place = following(course)
    advice = html.escape(_advice(place))
    if place and place.notebook:
        name = f"{place.number} {place.title}"
        advice = advice.replace(html.escape(name), _link(place), 1)
    caption = f"<caption>The map of the course: {html.escape(summary(course))}</caption>"
    body = f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>"
    return f"<table>\n{caption}\n{body}\n</table>\n<p>{advice}</p>"


def summary(course: Sequence[Lesson]) -> str:
    """In words: 3 of 44 exercises and 1 of 95 gaps are done."""
    done = [sum(lesson.done(lesson.exercises) for lesson in course), sum(map(_gaps_done, course))]
    all_of = [sum(len(lesson.exercises) for lesson in course), sum(len(lesson.gaps) for lesson in course)]
    return f"{done[0]} of {all_of[0]} exercises and {done[1]} of {all_of[1]} gaps are done"


def duration(seconds: float) -> str:
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"


def _gaps_done(lesson: Lesson) -> int:
    return lesson.done(lesson.gaps)


def _row(lesson: Lesson, *, timed: bool) -> str:
    cells = [
        f'<span aria-hidden="true">{lesson.bar}</span>',
        f"{lesson.done(lesson.exercises)} of {len(lesson.exercises)}",
        f"{lesson.done(lesson.gaps)} of {len(lesson.gaps)}" if lesson.gaps else "none",
        *([duration(lesson.seconds)] if timed else []),
        lesson.state,
    ]
    row = "".join(f"<td {_CELL}>{cell}</td>" for cell in cells)
    return f'<tr><th scope="row" {_CELL}>{_link(lesson)}</th>{row}</tr>'


def _link(lesson: Lesson) -> str:
    name = html.escape(f"{lesson.number} {lesson.title}")
    if lesson.notebook is None:
        return name
    try:
        address = os.path.relpath(lesson.notebook).replace(os.sep, "/")
    except ValueError:  # another drive of Windows
        address = ""
    if os.path.exists(lesson.notebook.name):  # somebody works in a copy of the folder
        address = lesson.notebook.name
    if not address:
        return name
    return f'<a href="{html.escape(address)}">{name}</a>'


def _advice(lesson: Lesson | None) -> str:
    if lesson is None:
        return 'Everything is done. course.certificate("your name") writes a page to print.'
    if not lesson.right:
        return f"Next: lesson {lesson.number} {lesson.title}."
    item = lesson.open[0]
    kind = "gap" if item.number[-1].isalpha() else "exercise"
    return f"Next: {kind} {item.number}, {item.title}, in lesson {lesson.number} {lesson.title}."
