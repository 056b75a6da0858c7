"""How long a lesson takes: `python -m stablegen_class.minutes` writes two tables anew.

That of docs/teaching.md: words, lines, gaps and exercises are counted in the stored lessons; running times
are the measured ones of the README. The speeds below are what we plan with, not what we measured. And the map
of lesson 00, which repeats titles, questions and running times of the README.
"""

import re
import sys
from pathlib import Path

import nbformat

from stablegen_class.edition import FOLDED
from stablegen_class.lessons import ROOT, Lesson, all_lessons

PAGE = ROOT / "docs" / "teaching.md"
README = ROOT / "README.md"
START = ROOT / "notebooks" / "00_start_here.ipynb"
WORDS_A_MINUTE = 150  # of prose with formulas, by somebody to whom it is new
SECONDS_A_LINE = 4  # of code that is not folded away
A_GAP, AN_EXERCISE = 3, 6  # minutes
HEAD = (
    "| lesson | runs | reading | gaps | exercises | together |",
    "|---|---|---|---|---|---|",
)

MAP_HEAD = (
    "| lesson | the question | minutes on 2 cores |",
    "|---|---|---|",
)


def reading(lesson: Lesson) -> float:
    """Minutes to read prose and code, without folded solutions."""
    cells = lesson.notebook.cells
    prose = FOLDED.sub("", "\n".join(cell.source for cell in cells if cell.cell_type == "markdown"))
    shown = [
        cell.source
        for cell in cells
        if cell.cell_type == "code" and not cell.metadata.get("jupyter", {}).get("source_hidden")
    ]
    lines = sum(bool(line.strip()) for source in shown for line in source.splitlines())
    return len(prose.split()) / WORDS_A_MINUTE + lines * SECONDS_A_LINE / 60


def asked(lesson: Lesson) -> tuple[int, int]:
    """How many gaps and exercises it has."""
    code = "\n".join(cell.source for cell in lesson.notebook.cells if cell.cell_type == "code")
    return tuple(len(set(re.findall(rf'course\.{kind}\("(\S+?)"', code))) for kind in ("gap", "check"))  # type: ignore[return-value]


def running(number: str, readme: Path = README) -> float:
    """Minutes on two cores, as the README's table has them."""
    found = re.search(rf"^\| {number} \|[^|]*\|[^|]*\| ([\d.]+) \|", readme.read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise ValueError(f"README.md has no running time for lesson {number} in its table of lessons.")
    return float(found[1])


def table(lessons: list[Lesson]) -> str:
    """In Markdown; whole minutes, but for the running time."""
    rows = []
    for lesson in lessons:
        gaps, exercises = asked(lesson)
        runs, reads = running(lesson.number), reading(lesson)
        work = (gaps * A_GAP, exercises * AN_EXERCISE)
        counts = (f"{runs:.1f}", f"{reads:.0f}", *map(str, work), f"{runs + reads + sum(work):.0f}")
        rows.append(f"| {lesson.number} {lesson.title} | {' | '.join(counts)} |")
    return "\n".join((*HEAD, *rows))


def with_table(page: str) -> str:
    """The page with the table as it is now."""
    start = page.index(HEAD[0])
    end = page.index("\n\n", start)
    return page[:start] + table(all_lessons()) + page[end:]


def course_map(readme: Path = README) -> str:
    """The README's table of lessons as lesson 00 shows it; that lesson does not link to itself."""
    row = r"^\| (\d\d) \| \[(.*?)\]\(notebooks/(.*?)\) \| (.*?) \| ([\d.]+) \|"
    rows = list(MAP_HEAD)
    for number, title, file, question, minutes in re.findall(row, readme.read_text("utf-8"), re.MULTILINE):
        name = f"{number} {title}"
        rows.append(f"| {name if file == START.name else f'[{name}]({file})'} | {question} | {minutes} |")
    return "\n".join(rows)


def with_map(source: str) -> str:
    """A cell's Markdown with the map as it is now."""
    start = source.index(MAP_HEAD[0])
    return source[:start] + course_map() + source[source.index("\n\n", start) :]


def main() -> int:
    """Returns the exit status."""
    PAGE.write_text(with_table(PAGE.read_text("utf-8")), encoding="utf-8")
    notebook = nbformat.read(START, as_version=4)  # type: ignore[no-untyped-call]
    (cell,) = (cell for cell in notebook.cells if MAP_HEAD[0] in cell.source)
    cell.source = with_map(cell.source)
    nbformat.write(notebook, START)  # type: ignore[no-untyped-call]
    return 0


if __name__ == "__main__":
    sys.exit(main())
