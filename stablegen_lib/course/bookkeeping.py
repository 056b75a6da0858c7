"""Is an answer right, and how far am I? Right answers are remembered in progress.json."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from stablegen_lib.course import checking, finding, missing_lines
from stablegen_lib.plumbing.files import locked, write_atomically

_FILE_NAME = "progress.json"
_BAR = 10  # characters
_SIGNS = {"right": "✓", "wrong": "✗", "not yet": "…"}
_GOES_ON = "the course's version goes on"
_seen: dict[str, str] = {}  # gaps tried since this notebook was started, each with its latest verdict


def check(number: str, answer: object) -> None:
    """Prints whether the answer to an exercise is right, and if not, why, with a hint.

    An untouched stub (`...`, None, or a function that returns them) is "not yet". Whatever the
    answer is or does, nothing is raised for it. Right answers are remembered for `progress`.

    Args:
        number: Lesson and exercise, such as "04.2".
        answer: What the exercise asks for: a number, a tensor, or a function (not its result).

    Raises:
        ValueError: If there is no such exercise; the message lists those of the lesson.
    """
    item = checking.find(number)
    verdict = checking.judge(item, answer)
    if verdict.state == "not yet":
        print(f"{number} not yet – {item.title}" + (f" ({verdict.message})" if verdict.message else ""))
    elif verdict.state == "wrong":
        print(f"{number} ✗ {verdict.message}")
    else:
        print(f"{number} ✓ right – {item.title}")
        _remember(number)


def require(number: str, answer: object) -> None:
    """Like `check`, and silent when the answer is right: for graders that look for an error.

    Args:
        number: Of an exercise ("04.2") or of a gap ("02.a").
        answer: As for `check`.

    Raises:
        AssertionError: If the answer is wrong or missing, with the hint.
        ValueError: If there is no such exercise.
    """
    is_gap = number.rpartition(".")[2].isalpha()
    item = missing_lines.find(number).exercise if is_gap else checking.find(number)
    verdict = checking.judge(item, answer)
    if verdict.state != "right":
        raise AssertionError(f"{number} {verdict.message or 'is not answered yet'}")


def gap(number: str, function: object) -> Callable[..., Any]:
    """Looks at the lines that the learner has written, says what it finds, and lets the lesson go on.

    Args:
        number: Lesson and letter, such as "02.a".
        function: The function with the gap; untouched while it returns `...`.

    Returns:
        The learner's function if it is right, otherwise the course's own, so that the next cells work.

    Raises:
        ValueError: If there is no such gap; the message lists those of the lesson.
    """
    item = missing_lines.find(number)
    verdict = checking.judge(item.exercise, function)
    _seen[number] = verdict.state
    if verdict.state == "right":
        print(f"gap {number} ✓ right – {item.title}")
        _remember(number)
        return cast("Callable[..., Any]", function)
    if verdict.state == "wrong":
        print(f"gap {number} ✗ {verdict.message} ({_GOES_ON.capitalize()}.)")
    else:
        why = f" ({verdict.message})" if verdict.message else ""
        print(f"gap {number} is open – {item.title}{why}; {_GOES_ON}")
    return item.solution


def gaps(lesson: str) -> None:
    """Prints which gaps of a lesson ("02") are filled since the notebook was started, and which are open.

    Raises:
        ValueError: If the lesson has no gaps.
    """
    items = missing_lines.of_lesson(lesson)
    if not items:
        raise ValueError(f"lesson {lesson!r} has no gaps. Write it like course.gaps('02').")
    states = [_seen.get(item.number, "not yet") for item in items]
    print(f"gaps of lesson {lesson}: {states.count('right')} of {len(items)} filled")
    for item, state in zip(items, states, strict=True):
        print(f"{_SIGNS[state]} {item.number} {item.title}")


def progress() -> None:
    """Prints how many exercises and gaps of each lesson are done."""
    right = _read_right()
    width = max((len(_title(lesson)) for lesson in finding.lessons()), default=0)
    for lesson in finding.lessons():
        numbers = {item.number for item in checking.of_lesson(lesson)}
        done = len(numbers & right)
        filled = _BAR * done // len(numbers) if numbers else 0
        title = _title(lesson)
        bar = f"{'█' * filled}{'░' * (_BAR - filled)} {done}/{len(numbers)}"
        holes = {item.number for item in missing_lines.of_lesson(lesson)}
        also = f", gaps {len(holes & right)}/{len(holes)}" if holes else ""
        print(f"{lesson} {title:<{width}} {bar}{also}")


def reset_progress() -> None:
    """Forgets which exercises and gaps are done."""
    try:
        with locked(_path()):
            _path().unlink(missing_ok=True)
    except OSError as error:
        print(f"Your progress could not be reset ({error.strerror}).")
    else:
        print("Your progress is reset: no exercise is done.")


def _path() -> Path:
    folder = os.environ.get("STABLEGEN_PROGRESS")
    repository = Path(__file__).resolve().parents[2]
    own = repository if (repository / "notebooks").is_dir() else Path.cwd()
    return (Path(folder) if folder else own) / _FILE_NAME


def _title(lesson: str) -> str:
    """From the file name of the notebook: 04_log_loss.ipynb is "log loss"."""
    notebooks = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob(f"{lesson}_*.ipynb"))
    return notebooks[0].stem[3:].replace("_", " ") if notebooks else ""


def _read_right() -> set[str]:
    """Numbers of the exercises done; a file that cannot be read is set aside, and said so."""
    path = _path()
    try:
        right = json.loads(path.read_text(encoding="utf-8"))["right"]
        if not isinstance(right, list) or not all(isinstance(number, str) for number in right):
            raise ValueError
    except FileNotFoundError:
        return set()
    except OSError as error:
        print(f"Your progress could not be read ({error.strerror}).")
        return set()
    except (ValueError, KeyError, TypeError, RecursionError):
        _set_aside(path)
        return set()
    return set(right)


def _set_aside(path: Path) -> None:
    names = (f"{path.name}.broken{number or ''}" for number in range(1_000))
    aside = next(aside for name in names if not (aside := path.with_name(name)).exists())
    try:
        path.replace(aside)
    except OSError as error:
        print(f"{path.name} is damaged and could not be set aside ({error.strerror}).")
    else:
        print(f"{path.name} was damaged and is now {aside.name}; the progress starts anew.")


def _remember(number: str) -> None:
    try:
        with locked(_path()):  # other notebooks answer too: none may write what it read before
            right = _read_right()
            if number not in right:
                content = json.dumps({"right": sorted(right | {number})}, indent=1) + "\n"
                write_atomically(_path(), content.encode())
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        print(f"(Your progress could not be saved: {reason}. Name a folder in STABLEGEN_PROGRESS.)")
