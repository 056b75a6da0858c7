"""From one computer to another: a file that carries the progress, and adds to what is there."""

import hashlib
import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from stablegen_lib.course import remembering
from stablegen_lib.course.remembering import Remembered
from stablegen_lib.plumbing.files import FileProblem, named, write_atomically

_LARGEST = 10_000_000  # bytes
_START = b'{\n "course": "StableGen"'


def export_progress(path: str | Path = "my_progress.json") -> None:
    """Writes what is done into a file, for `import_progress` on another computer.

    Args:
        path: Where to; its name ends in ".json". An earlier export there is replaced, nothing else is.

    Raises:
        ValueError: If the name cannot be, or another file has it.
        OSError: If the file cannot be written.
    """
    target = require_free(path, ".json", _START)
    state = remembering.read()
    kept = json.loads(remembering.as_json(replace(state, timed=False, computer="", last=0.0, more={})))
    content = {"course": "StableGen", **kept}
    write_atomically(target, (json.dumps({**content, "sha256": _sum(content)}, indent=1) + "\n").encode())
    print(f"Right answers in {target}: {len(state.right)}. Take it to the other computer, and run there")
    print(f"course.import_progress({target.name!r})")


def import_progress(path: str | Path) -> None:
    """Adds what an exported file holds, or the progress.json of another copy of the course.

    Nothing that is done here gets lost. Twice the same file adds nothing the second time.

    Args:
        path: The file.

    Raises:
        ValueError: If the file is not there, is damaged, or is something else; nothing is changed then.
        OSError: If the progress cannot be written.
    """
    source = named(path)
    came = _read(source)
    new = 0

    def add(old: Remembered) -> Remembered:
        nonlocal new
        new = len(came.right - old.right)
        return old.merged(came)

    remembering.change(add)
    print(f"Right answers in {source}: {len(came.right)}, of them new here: {new}.")


def require_free(path: str | Path, ending: str, start: bytes) -> Path:
    """The path, if we may write there: a lesson must not be replaced by a slip of the hand.

    Args:
        path: As it came.
        ending: What the name ends in.
        start: How a file begins that may be replaced.

    Raises:
        ValueError: If the name has another ending, or something else is there.
    """
    target = named(path)
    if target.suffix.lower() != ending:
        raise ValueError(f"a name that ends in {ending} was needed, and {str(target)!r:.80} came.")
    if os.path.lexists(target) and _beginning(target, len(start)) != start:
        raise ValueError(f"{target} is there already and holds something else. Choose another name.")
    return target


def _beginning(path: Path, size: int) -> bytes:
    if not os.path.isfile(path):
        return b""
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError:
        return b""


def _read(source: Path) -> Remembered:
    if not os.path.isfile(source):
        raise FileProblem(f"there is no file {source}. Write where you put it: 'folder/my_progress.json'.")
    try:
        too_large = source.stat().st_size > _LARGEST
        stored = None if too_large else json.loads(source.read_bytes())
    except OSError as error:
        raise FileProblem(f"{source} cannot be read ({error.strerror}). Copy it anew.") from None
    except (ValueError, RecursionError):
        raise FileProblem(f"{source} is damaged, or was not written by the course: export again.") from None
    problem = f"{source} holds no progress of this course: it comes from course.export_progress."
    if not isinstance(stored, dict):
        raise FileProblem(problem)
    told = stored.pop("sha256", None)
    if (told or "course" in stored) and told != _sum(stored):
        raise FileProblem(f"{source} is damaged: its checksum is another one. Export again.")
    try:
        state = remembering.from_json(stored)
    except ValueError:
        raise FileProblem(problem) from None
    if not all(re.fullmatch(remembering.NUMBER, number) for number in (*state.right, *state.days)):
        raise FileProblem(problem)
    return replace(state, more={})


def _sum(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
