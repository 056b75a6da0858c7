"""What the course remembers of a learner, in progress.json: written whole, by one kernel after the other.

    {"right": ["00.1", "02.a"], "days": {"00.1": "2026-11-28"}, "time": {...}}

Versions up to 0.2 wrote `right` alone, and read it still. What a newer version may add is kept.
"""

import json
import os
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from stablegen_lib.plumbing.files import locked, write_atomically

_FILE_NAME = "progress.json"
_KNOWN = ("right", "days", "time", "course", "sha256")  # the last two stand in exported files
PAUSE = 600  # seconds; who answers nothing for longer was away
NUMBER = r"\d\d\.(?:[1-9]\d*|[a-z])"  # of an exercise, "04.2", or a gap, "02.a"
_ANSWER = re.compile(rf'"({NUMBER})"(?:\s*:\s*"(\d{{4}}-\d\d-\d\d)")?')
Seconds = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Remembered:
    """What is done, since when, and how long it took.

    Args:
        right: Numbers of exercises and gaps.
        days: When each was first right ("2026-11-28"); unknown for answers of older versions.
        seconds: Time spent, for each computer and lesson. Apart, so that merging twice counts nothing twice.
        timed: Whether time is measured.
        computer: The name of this one in `seconds`, drawn by lot.
        last: When something was last answered, in seconds since 1970.
        more: What newer versions wrote.
    """

    right: frozenset[str] = frozenset()
    days: Mapping[str, str] = field(default_factory=dict)
    seconds: Seconds = field(default_factory=dict)
    timed: bool = False
    computer: str = ""
    last: float = 0.0
    more: Mapping[str, Any] = field(default_factory=dict)

    def spent(self, lesson: str) -> float:
        """Seconds, on all computers together."""
        return sum((lessons.get(lesson, 0.0) for lessons in self.seconds.values()), 0.0)

    def merged(self, other: "Remembered") -> "Remembered":
        """Both together: earlier days win, and of one computer's time the longer."""
        both = [*self.days.items(), *other.days.items()]
        days = {number: min(day for one, day in both if one == number) for number, _ in both}
        seconds = {name: dict(lessons) for name, lessons in self.seconds.items()}
        for name, lessons in other.seconds.items():
            mine = seconds.setdefault(name, {})
            mine.update({lesson: max(spent, mine.get(lesson, 0.0)) for lesson, spent in lessons.items()})
        return replace(self, right=self.right | other.right, days=days, seconds=seconds)


def path() -> Path:
    folder = os.environ.get("STABLEGEN_PROGRESS")
    repository = Path(__file__).resolve().parents[2]
    own = repository if (repository / "notebooks").is_dir() else Path.cwd()
    return (Path(folder) if folder else own) / _FILE_NAME


def read() -> Remembered:
    """What is remembered; a file that cannot be read counts as empty, and that is said."""
    try:
        return _parsed(path().read_bytes())
    except ValueError:
        try:
            with locked(path()):
                return _read_or_mended()
        except OSError as error:
            print(f"{_FILE_NAME} is damaged and could not be set aside ({os.strerror(error.errno or 0)}).")
    except FileNotFoundError:
        pass
    except OSError as error:
        print(f"Your progress could not be read ({error.strerror}).")
    return Remembered()


def change(update: Callable[[Remembered], Remembered]) -> Remembered:
    """Reads, updates and writes, while other notebooks wait: none may write what it read before.

    Raises:
        OSError: If that is impossible; the file stays as it was.
    """
    with locked(path()):
        old = _read_or_mended()
        new = update(old)
        if new != old:
            write_atomically(path(), as_json(new))
    return new


def answered(number: str, *, right: bool) -> None:
    """Remembers a right answer, and the time since the last one if the learner wants that."""
    if not right and not read().timed:
        return
    try:
        change(lambda old: _with_answer(_with_time(old, number.split(".")[0]), number, right))
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        print(f"(Your progress could not be saved: {reason}. Name a folder in STABLEGEN_PROGRESS.)")


def switch_time(on: bool) -> None:
    """Raises OSError if the file cannot be written."""
    change(
        lambda old: replace(old, timed=on, last=time.time(), computer=old.computer or secrets.token_hex(4))
    )


def as_json(state: Remembered) -> bytes:
    """As it is stored."""
    stored: dict[str, Any] = {**state.more, "right": sorted(state.right)}
    if state.days:
        stored["days"] = dict(sorted(state.days.items()))
    if state.timed or state.seconds:
        stored["time"] = {"on": state.timed, "computer": state.computer, "last": state.last,
                          "seconds": state.seconds}  # fmt: skip
    return (json.dumps(stored, indent=1) + "\n").encode()


def from_json(stored: Any) -> Remembered:
    """From what `json.loads` found.

    Raises:
        ValueError: If it is anything else than `as_json` writes, or older versions wrote.
    """
    try:
        right, days, clock = stored["right"], stored.get("days", {}), stored.get("time", {})
        seconds = {str(name): {str(lesson): float(spent) for lesson, spent in lessons.items()}
                   for name, lessons in clock.get("seconds", {}).items()}  # fmt: skip
        days = {number: date.fromisoformat(day).isoformat() for number, day in days.items()}
        last = float(clock.get("last", 0.0))
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError("not what the course writes") from error
    times = [last, *(spent for lessons in seconds.values() for spent in lessons.values())]
    texts = isinstance(right, list) and all(isinstance(number, str) for number in right)
    if not texts or not all(0 <= each < 1e12 for each in times):
        raise ValueError("not what the course writes")
    more = {name: value for name, value in stored.items() if name not in _KNOWN}
    on, computer = clock.get("on") is True, str(clock.get("computer", ""))
    return Remembered(frozenset(right), days, seconds, on, computer, last, more)


def _parsed(content: bytes) -> Remembered:
    try:
        return from_json(json.loads(content))
    except RecursionError as error:
        raise ValueError("too deep") from error


def _read_or_mended() -> Remembered:
    """With the lock held. Of a damaged file what can still be read; the file itself is set aside."""
    try:
        content = path().read_bytes()
    except FileNotFoundError:
        return Remembered()
    try:
        return _parsed(content)
    except ValueError:
        found = dict(_ANSWER.findall(content.decode("utf-8", "replace")))
    days = {number: day for number, day in found.items() if _is_day(day)}
    rescued = Remembered(frozenset(found), days)
    names = (f"{_FILE_NAME}.broken{number or ''}" for number in range(1_000))
    aside = next(aside for name in names if not (aside := path().with_name(name)).exists())
    path().replace(aside)
    if found:
        write_atomically(path(), as_json(rescued))
    rest = f"{len(found)} answers could be read from it" if found else "the progress starts anew"
    print(f"{_FILE_NAME} was damaged and is now {aside.name}; {rest}.")
    return rescued


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _with_answer(old: Remembered, number: str, right: bool) -> Remembered:
    if not right or number in old.right:
        return old
    return replace(old, right=old.right | {number}, days={**old.days, number: date.today().isoformat()})


def _with_time(old: Remembered, lesson: str) -> Remembered:
    if not old.timed:
        return old
    now = time.time()
    here = old.seconds.get(old.computer, {})
    spent = now - old.last if 0 < now - old.last <= PAUSE else 0.0
    seconds = {**old.seconds, old.computer: {**here, lesson: round(here.get(lesson, 0.0) + spent, 1)}}
    return replace(old, seconds=seconds, last=now)
