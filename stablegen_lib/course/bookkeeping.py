"""Is an answer right, and how far am I? Right answers are remembered in progress.json."""

import json
import os
from pathlib import Path

from stablegen_lib.course import checking
from stablegen_lib.plumbing.files import locked, write_atomically

_FILE_NAME = "progress.json"
_BAR = 10  # characters


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


def progress() -> None:
    """Prints how many exercises of each lesson are done."""
    right = _read_right()
    width = max((len(_title(lesson)) for lesson in checking.lessons()), default=0)
    for lesson in checking.lessons():
        numbers = {item.number for item in checking.of_lesson(lesson)}
        done = len(numbers & right)
        filled = _BAR * done // len(numbers) if numbers else 0
        title = _title(lesson)
        print(f"{lesson} {title:<{width}} {'█' * filled}{'░' * (_BAR - filled)} {done}/{len(numbers)}")


def reset_progress() -> None:
    """Forgets which exercises are done."""
    try:
        with locked(_path()):
            _path().unlink(missing_ok=True)
    except OSError as error:
        print(f"Your progress could not be reset ({error.strerror}).")
    else:
        print("Your progress is reset: no exercise is done.")


def _path() -> Path:
    folder = os.environ.get("STABLEGEN_PROGRESS")
    return (Path(folder) if folder else Path(__file__).resolve().parents[2]) / _FILE_NAME


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
