"""Asks the site's JavaScript, in Node.js, what it makes of something."""

import json
import shutil
import subprocess
from typing import Any

from places import ROOT


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
