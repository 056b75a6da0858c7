"""tools/hashes.py writes a list that pip takes, and takes for nothing but the very same files."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from places import ROOT

PROJECT = """
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "lessons"
version = "1"
dependencies = ["Small_Thing"]
[project.optional-dependencies]
diffusion = []
test = []
[tool.setuptools]
py-modules = []
"""


def wheel(folder: Path, version: str, content: str) -> None:
    """A package of one file."""
    folder.mkdir(exist_ok=True)
    notes = f"Small_Thing-{version}.dist-info"
    with zipfile.ZipFile(folder / f"small_thing-{version}-py3-none-any.whl", "w") as archive:
        archive.writestr("small_thing.py", content)
        archive.writestr(
            f"{notes}/METADATA", f"Metadata-Version: 2.1\nName: Small_Thing\nVersion: {version}\n"
        )
        archive.writestr(f"{notes}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{notes}/RECORD", "")


def python(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, timeout=300)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project with our tool, and two versions of what it needs in a folder beside it."""
    made = tmp_path / "project"
    (made / "tools").mkdir(parents=True)
    shutil.copy(ROOT / "tools" / "hashes.py", made / "tools")
    (made / "pyproject.toml").write_text(PROJECT)
    (made / "constraints.txt").write_text("small-thing==1.0\n")
    for version in ("1.0", "2.0"):
        wheel(tmp_path / "wheels", version, "sound = True")
    return made


def test_pip_installs_from_the_list_what_it_named_and_refuses_anything_else(project: Path) -> None:
    wheels, hashes = project.parent / "wheels", project / "hashes.txt"
    offline = ("--no-index", "--find-links", wheels)
    told = python(project / "tools" / "hashes.py", "--to", hashes, "--", *offline, "--no-build-isolation")
    assert told.returncode == 0, told.stderr
    assert hashes.read_text().startswith("small_thing==1.0 --hash=sha256:")
    assert len(hashes.read_text().splitlines()) == 1, "the project itself is a folder, which has no checksum"

    install = ("-m", "pip", "install", *offline, "--require-hashes", "-r", hashes, "--target")
    assert python(*install, project.parent / "first").returncode == 0
    assert (project.parent / "first" / "small_thing.py").read_text() == "sound = True"

    wheel(wheels, "1.0", "sound = False")
    refused = python(*install, project.parent / "second")
    assert refused.returncode == 1
    assert "DO NOT MATCH THE HASHES" in refused.stderr
    assert not (project.parent / "second").exists()


def test_when_pip_finds_nothing_no_list_is_written(project: Path) -> None:
    hashes = project / "hashes.txt"
    told = python(project / "tools" / "hashes.py", "--to", hashes, "--", "--no-index", "--no-build-isolation")
    assert told.returncode == 1
    assert "StableGen: pip found no set of packages" in told.stderr
    assert not hashes.exists()
