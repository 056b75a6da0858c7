"""Is an answer right, and how far am I? Right answers are remembered in progress.json."""

from collections.abc import Callable
from typing import Any, cast

from stablegen_lib.course import checking, mapping, missing_lines, remembering
from stablegen_lib.course.outlasting import running_shell
from stablegen_lib.plumbing.files import locked

_SIGNS = {"right": "✓", "wrong": "✗", "not yet": "…"}
_GOES_ON = "the course's version goes on"
_MEASURED = (
    "Time is measured from now on, on this computer: from one check or gap to the next. Pauses above "
    "10 minutes are left out. course.progress(time=False) stops it."
)
_NOT_MEASURED = "Time is not measured. What was measured before is kept."
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
    remembering.answered(number, right=verdict.state == "right")


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
        remembering.answered(number, right=True)
        return cast("Callable[..., Any]", function)
    if verdict.state == "wrong":
        print(f"gap {number} ✗ {verdict.message} ({_GOES_ON.capitalize()}.)")
    else:
        why = f" ({verdict.message})" if verdict.message else ""
        print(f"gap {number} is open – {item.title}{why}; {_GOES_ON}")
    remembering.answered(number, right=False)
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


def progress(time: bool | None = None) -> None:
    """Shows the map of the course: what is done of each lesson, and what comes next.

    Args:
        time: True measures the time spent from now on, from one `check` or `gap` to the next; pauses above
            10 minutes are left out. False stops that. None leaves it as it is; at first it is off.

    Raises:
        ValueError: If `time` is anything else.
        OSError: If that choice cannot be saved.
    """
    if not isinstance(time, bool | None):
        raise ValueError(f"time must be True, False or None, and {time!r:.80} came.")
    if time is not None:
        remembering.switch_time(time)
        print(_MEASURED if time else _NOT_MEASURED)
    state = remembering.read()
    course = mapping.lessons(state)
    text, shell = mapping.as_text(course, timed=state.timed), running_shell()
    if shell is None:
        print(text)
    else:
        page = mapping.as_html(course, timed=state.timed)
        shell.display_pub.publish({"text/html": page, "text/plain": text})


def reset_progress() -> None:
    """Forgets which exercises and gaps are done."""
    try:
        with locked(remembering.path()):
            remembering.path().unlink(missing_ok=True)
    except OSError as error:
        print(f"Your progress could not be reset ({error.strerror}).")
    else:
        print("Your progress is reset: no exercise is done.")
