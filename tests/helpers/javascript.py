"""Asks the site's JavaScript, in Node.js, what it makes of something."""

import json
import shutil
import subprocess
from typing import Any

from places import ROOT
from torch import Tensor

ONE_IN = 2_000


def ask(what: str, **asked: Any) -> Any:
    """What `web/tests/answer.js` answers."""
    node = shutil.which("node")
    assert node, "node was not found: install Node.js 20 or newer"
    told = subprocess.run(
        [node, str(ROOT / "web" / "tests" / "answer.js")],
        input=json.dumps({"what": what, **asked}), capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)


def assert_same_bytes(found: Tensor, wanted: Tensor) -> int:
    """Returns how many bytes differ: by 1 at most, and hardly any.

    Both sides compute in single precision and sum in another order; a number that lies within a
    millionth of the border between two bytes can fall on either side.
    """
    apart = (found.int() - wanted.int()).abs()
    other = int((apart > 0).sum())
    assert int(apart.max()) <= 1
    assert other <= max(1, wanted.numel() // ONE_IN)
    return other
