"""What the site needs is pinned, and this is what it was built with."""

import importlib.metadata
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from places import ROOT

EXTRA = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["site"]


def needed() -> set[str]:
    """Every package that the site pulls in, directly or not."""
    found: set[str] = set()
    waiting = [Requirement(line) for line in EXTRA]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        if name not in found:
            found.add(name)
            waiting += [Requirement(line) for line in importlib.metadata.requires(name) or []]
    return found


def test_what_the_site_needs_is_pinned_and_installed_so():
    pins = dict(
        line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line
    )
    assert {"sphinx", "onnxruntime", "docutils"} <= needed()
    assert {name: importlib.metadata.version(name) for name in needed()} == {
        name: pins.get(name, "not pinned") for name in needed()
    }
