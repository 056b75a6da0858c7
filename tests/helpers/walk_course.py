"""Rows of `walk_calls.py` about the course: what a learner has done, and where it goes."""

import contextlib
import io
import os
from pathlib import Path
from typing import Any

from walk_parts import Rows, a_file

from stablegen_lib import course
from stablegen_lib.course import remembering


def one_done(**arguments: Any) -> dict[str, Any]:
    """The arguments, after an exercise is done in a folder of the walk's own."""
    os.environ["STABLEGEN_PROGRESS"] = str(Path(a_file("progress")))
    remembering.answered("00.1", right=True)
    return arguments


def exported() -> str:
    one_done()
    with contextlib.redirect_stdout(io.StringIO()):  # the report of the walk stands there
        course.export_progress(a_file("exported.json"))
    return a_file("exported.json")


COURSE: Rows = {
    "course.certificate": lambda: one_done(name="Ada", path=a_file("certificate.html")),
    "course.export_progress": lambda: one_done(path=a_file("moving.json")),
    "course.import_progress": lambda: {"path": exported()},
    "course.progress": lambda: one_done(time=True),
}
