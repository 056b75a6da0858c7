"""How long a lesson takes, for docs/teaching.md: `python -m stablegen_class.minutes` writes its table anew.

Words, lines, gaps and exercises are counted in the stored lessons; running times are the measured ones of the
README. The speeds below are what we plan with, not what we measured.
"""

import re
import sys
from pathlib import Path

from stablegen_class.edition import FOLDED
from stablegen_class.lessons import ROOT, Lesson, all_lessons

PAGE = ROOT / "docs" / "teaching.md"
WORDS_A_MINUTE = 150  # of prose with formulas, by somebody to whom it is new
SECONDS_A_LINE = 4  # of code that is not folded away
A_GAP, AN_EXERCISE = 3, 6  # minutes
HEAD = (
    "| lesson | runs | reading | gaps | exercises | together |",
    "|---|---|---|---|---|---|",
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


def running(number: str, readme: Path = ROOT / "README.md") -> float:
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


def main() -> int:
    """Returns the exit status."""
    PAGE.write_text(with_table(PAGE.read_text("utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
