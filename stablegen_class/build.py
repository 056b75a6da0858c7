"""Makes the whole kit in build/class: `python -m stablegen_class.build`, which `make class` calls."""

import argparse
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from stablegen_class import edition, grading, handout, qti, questions, selftest, slides, variants, vendored
from stablegen_class.lessons import ROOT, Lesson, all_lessons
from stablegen_class.markup import as_html
from stablegen_class.pages import template
from stablegen_class.questions import Question

PAGES = Path(__file__).parent / "pages"
TARGET = ROOT / "build" / "class"
STYLES = ("deck.css", "selftest.css", "selftest.js")


def build(
    target: Path = TARGET, lessons: Sequence[Lesson] | None = None, seed: int | None = None
) -> list[Path]:
    """Writes every file of the kit, and returns their paths.

    Args:
        target: A folder, which is emptied first.
        lessons: All stored ones, unless they are given.
        seed: Also write a notebook for nbgrader with exercises whose numbers come from this seed.

    Raises:
        vendored.MissingPackages: If npm's packages are not there; the message says what to run.
        questions.BadQuestion: If the bank breaks a rule.
    """
    chosen = all_lessons() if lessons is None else list(lessons)
    shutil.rmtree(target, ignore_errors=True)
    written: list[Path] = []
    for lesson in chosen:
        asked = questions.of_lesson(lesson.number)
        for name, content in _files(lesson, asked).items():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            written.append(path)
    if seed is not None:
        path = target / "nbgrader" / "source" / f"fresh_{seed}" / f"fresh_{seed}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(edition.written(variants.notebook(seed)), encoding="utf-8")
        written.append(path)
    for folder in ("slides", "selftests", "handouts", "key"):
        vendored.vendor(target / folder / "shared")
        for style in STYLES:
            shutil.copyfile(PAGES / style, target / folder / "shared" / style)
    (target / "nbgrader" / "nbgrader_config.py").write_text(grading.CONFIGURATION, encoding="utf-8")
    (target / "index.html").write_text(template("index.html").render(lessons=chosen), encoding="utf-8")
    return written


def _files(lesson: Lesson, asked: Sequence[Question]) -> dict[str, str | bytes]:
    stem = lesson.path.stem
    return {
        f"slides/{stem}.html": slides.page(lesson, asked),
        f"notebooks/{stem}.ipynb": edition.written(edition.without_solutions(lesson)),
        f"nbgrader/source/{stem}/{stem}.ipynb": edition.written(grading.source_notebook(lesson)),
        f"handouts/{stem}.html": handout.page(lesson, asked),
        f"selftests/{stem}.html": selftest.page(lesson, asked),
        f"key/{stem}.html": _key(lesson, asked),
        f"qti/{stem}.zip": qti.package(lesson, asked),
    }


def _key(lesson: Lesson, asked: Sequence[Question]) -> str:
    solved = [(number, as_html(text)) for number, text in edition.solutions(lesson)]
    return template("key.html").render(lesson=lesson, solutions=solved, questions=asked)


def main() -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=TARGET, help="where the kit goes (it is emptied first)")
    parser.add_argument("--seed", type=int, help="also exercises with other numbers, from this seed")
    arguments = parser.parse_args()
    target = arguments.to
    began = time.monotonic()
    try:
        files = build(target, seed=arguments.seed)
    except (vendored.MissingPackages, questions.BadQuestion) as error:
        print(f"StableGen: {error}", file=sys.stderr)
        return 1
    megabytes = sum(path.stat().st_size for path in target.rglob("*") if path.is_file()) / 1e6
    seconds = time.monotonic() - began
    print(f"{target}: {len(files)} files, {megabytes:.1f} MB, {seconds:.0f} s. Open index.html.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
