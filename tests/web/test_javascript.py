"""The site's JavaScript: its own unit tests, its linter and its types. package.json names exact versions."""

import json
import re
import shutil
import subprocess

import pytest
from places import ROOT

WEB = ROOT / "web"


@pytest.mark.parametrize("script", ["test", "lint"])
def test_npm_run(script):
    npm = shutil.which("npm")
    assert npm, "npm was not found: install Node.js with npm"
    told = subprocess.run([npm, "run", script], cwd=WEB, capture_output=True, text=True, timeout=300)
    assert told.returncode == 0, told.stdout + told.stderr


def test_versions_are_exact():
    package = json.loads((WEB / "package.json").read_text())
    versions = [*package["dependencies"].values(), *package["devDependencies"].values()]
    assert versions
    assert [version for version in versions if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
