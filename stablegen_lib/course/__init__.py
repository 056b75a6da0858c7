"""Lesson 00, and around all the others: is everything installed, is an answer right, how far am I?

Open `bookkeeping.py` first; `environment.py` looks at the machine, `checking.py` judges answers by the
checkers in `exercises`, and `missing_lines.py` the lines that are written in the middle of a lesson;
`fitting.py` says whether the lesson can go on with what they give.
`remembering.py` keeps what is done, `mapping.py` draws the map, `moving.py` takes it to another computer
and `certifying.py` onto a page to print. Behind them: `finding.py` an exercise by its number, `picking.py`
for answers that choose among words, `telling.py` for words about what came, `outlasting.py` to keep the
kernel alive meanwhile. Nothing but Python's own library is imported at the top, so that `check_environment`
can say what is missing instead of failing on it. That is why arguments are judged by hand here: the doors
of other rooms need torch.
"""

from stablegen_lib.course.bookkeeping import check, gap, gaps, progress, require, reset_progress
from stablegen_lib.course.certifying import certificate
from stablegen_lib.course.checking import exercise
from stablegen_lib.course.environment import Environment, check_environment
from stablegen_lib.course.missing_lines import fills
from stablegen_lib.course.moving import export_progress, import_progress

__all__ = [
    "Environment",
    "certificate",
    "check",
    "check_environment",
    "exercise",
    "export_progress",
    "fills",
    "gap",
    "gaps",
    "import_progress",
    "progress",
    "require",
    "reset_progress",
]
