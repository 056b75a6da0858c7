"""tools/setup.sh says what is missing and repeats no work. Python is played by a stand-in."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from places import ROOT

PLAIN_TOOLS = ("sh", "cat", "cksum", "dirname", "pwd", "rm", "mkdir", "cp", "git")
FAKE_PYTHON = """#!/bin/sh
# Answers setup.sh's questions and writes down what it is asked to do.
case "$*" in
    *version_info*) echo {minor} ;;
    "-c import venv, ensurepip") exit {no_venv} ;;
    "-m venv --clear .venv") echo venv >>{log}; mkdir -p .venv/bin; rm -f .venv/ready-for-*
                             cp "$0" .venv/bin/python ;;
    "-m pip install"*) echo "$*" >>{log}; exit {pip_fails} ;;
esac
"""


class Sandbox:
    """A copy of the project's requirement files and a PATH with nothing but what a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.project, self.bin, self.log = folder / "a course", folder / "bin", folder / "log"
        (self.project / "tools").mkdir(parents=True)
        self.bin.mkdir()
        (self.project / "web").mkdir()
        for name in ("pyproject.toml", "constraints.txt", "tools/setup.sh", "web/package.json"):
            shutil.copy(ROOT / name, self.project / name)
        for tool in PLAIN_TOOLS:
            if where := shutil.which(tool):
                (self.bin / tool).symlink_to(where)

    def add_python(self, name="python3", *, minor=12, no_venv=0, pip_fails=0) -> None:
        text = FAKE_PYTHON.format(minor=minor, no_venv=no_venv, pip_fails=pip_fails, log=f"'{self.log}'")
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)

    def setup(self, what="course", **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.bin / "sh"), str(self.project / "tools" / "setup.sh"), what],
            env={"PATH": str(self.bin)} | variables,
            capture_output=True,
            text=True,
            timeout=30,
        )

    def done(self) -> list[str]:
        """What was asked of Python since the last call."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return lines


@pytest.fixture
def sandbox(tmp_path) -> Sandbox:
    if os.name != "posix":
        pytest.skip("make and tools/setup.sh are for Linux and macOS; Windows uses conda")
    return Sandbox(tmp_path)


COURSE = "-m pip install -c constraints.txt -e ."
DIFFUSION = "-m pip install -c constraints.txt -e .[diffusion]"
TEST = "-m pip install -c constraints.txt -e .[diffusion,test]"
SITE = "-m pip install -c constraints.txt -e .[diffusion,test,site]"


def refusal(result: subprocess.CompletedProcess[str]) -> str:
    """The one line that a failed set-up says."""
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    return line


def test_without_python_it_says_so(sandbox):
    assert "python3 was not found" in refusal(sandbox.setup())


def test_an_old_python_is_named_with_its_version(sandbox):
    sandbox.add_python(minor=9)
    assert "python3 is Python 3.9, but 3.11 or newer is needed" in refusal(sandbox.setup())
    assert sandbox.done() == []


def test_a_newer_python_beside_an_old_one_is_found(sandbox):
    sandbox.add_python(minor=9)
    sandbox.add_python("python3.12", minor=12)
    assert sandbox.setup().returncode == 0
    assert sandbox.done() == ["venv", COURSE]


def test_a_python_with_wheels_is_preferred_to_one_that_is_too_new(sandbox):
    sandbox.add_python(minor=15, pip_fails=1)
    sandbox.add_python("python3.13", minor=13)
    assert "python3.13" in sandbox.setup().stdout


def test_python_without_venv_names_the_package_to_install(sandbox):
    sandbox.add_python(no_venv=1)
    assert "python3-venv" in refusal(sandbox.setup())


def test_without_git_only_the_tests_refuse(sandbox):
    (sandbox.bin / "git").unlink()
    sandbox.add_python()
    assert "git was not found" in refusal(sandbox.setup("test"))
    assert sandbox.setup("course").returncode == 0


def add_browser(sandbox, name) -> None:
    (sandbox.bin / name).write_text("#!/bin/sh\n")
    (sandbox.bin / name).chmod(0o755)


def test_without_a_browser_the_tests_are_set_up_and_told_how_to_get_one(sandbox):
    if list(Path("/Applications").glob("*Chrom*.app")):
        pytest.skip("there is a browser, outside PATH")
    sandbox.add_python()
    result = sandbox.setup("test")
    (line,) = result.stderr.splitlines()
    assert "any of Chromium, Chrome and Edge was not found" in line
    assert "apt-get install chromium" in line
    assert 'PYTEST_ARGS="--ignore=tests/browser"' in line
    assert result.returncode == 0
    assert sandbox.done() == ["venv", TEST]
    assert "Chromium" in sandbox.setup("test").stderr  # also when there is nothing left to install


def test_without_a_browser_the_course_says_nothing(sandbox):
    sandbox.add_python()
    assert sandbox.setup("course").stderr == ""


def test_without_npm_only_the_web_pages_refuse(sandbox):
    sandbox.add_python()
    assert "npm was not found" in refusal(sandbox.setup("site"))
    assert sandbox.setup("course").returncode == 0


def test_npm_is_asked_once_and_again_when_its_list_has_changed(sandbox):
    sandbox.add_python()
    npm = sandbox.bin / "npm"
    npm.write_text(f"#!/bin/sh\necho npm \"$1\" >>'{sandbox.log}'\nmkdir -p node_modules\n")
    npm.chmod(0o755)
    assert sandbox.setup("site").returncode == 0
    assert sandbox.done() == ["npm install", "venv", SITE]
    assert sandbox.setup("site").returncode == 0
    assert sandbox.setup("test").returncode == 0  # the site's packages hold those of the tests
    assert sandbox.done() == []
    with open(sandbox.project / "web" / "package.json", "a") as listed:
        listed.write(" ")
    assert sandbox.setup("site").returncode == 0
    assert sandbox.done() == ["npm install"]


@pytest.mark.parametrize("name", ["chromium", "google-chrome", "msedge"])
def test_with_a_browser_the_tests_say_nothing(sandbox, name):
    sandbox.add_python()
    add_browser(sandbox, name)
    assert sandbox.setup("test").stderr == ""


def test_a_browser_can_be_named_and_the_name_must_be_right(sandbox):
    sandbox.add_python()
    add_browser(sandbox, "chromium")
    wrong = sandbox.setup("test", STABLEGEN_CHROMIUM="nowhere/brave")
    assert wrong.stderr.startswith("StableGen: nowhere/brave was not found")
    add_browser(sandbox, "brave")
    assert sandbox.setup("test", STABLEGEN_CHROMIUM=str(sandbox.bin / "brave")).stderr == ""


def test_the_script_the_tests_and_the_continuous_integration_look_for_the_same_browsers():
    folders = ("tools/setup.sh", ".ci/run", "tests/helpers/servers.py")
    names = [
        re.findall(r"chromium-browser|google-chrome(?:-stable)?|msedge", (ROOT / path).read_text())
        for path in folders
    ]
    assert names[0] == names[1] == names[2]
    assert len(names[0]) == 4


def test_nothing_is_reinstalled_until_the_requirements_change(sandbox):
    sandbox.add_python()
    assert sandbox.setup().returncode == 0
    assert sandbox.done() == ["venv", COURSE]
    assert sandbox.setup().returncode == 0
    assert sandbox.done() == []
    with (sandbox.project / "constraints.txt").open("a") as file:
        file.write("another==1.0\n")
    assert sandbox.setup().returncode == 0
    assert sandbox.done() == [COURSE]


def test_the_tests_add_to_the_same_environment(sandbox):
    sandbox.add_python()
    sandbox.setup("course")
    sandbox.done()
    assert sandbox.setup("test").returncode == 0
    assert sandbox.done() == [TEST]
    sandbox.setup("course")
    sandbox.setup("test")
    assert sandbox.done() == []


def test_diffusion_adds_its_extra_and_the_tests_hold_it_already(sandbox):
    sandbox.add_python()
    sandbox.setup("course")
    sandbox.done()
    assert sandbox.setup("diffusion").returncode == 0
    assert sandbox.done() == [DIFFUSION]
    sandbox.setup("course")
    sandbox.setup("diffusion")
    assert sandbox.done() == []
    sandbox.setup("test")
    assert sandbox.done() == [TEST]
    sandbox.setup("diffusion")
    assert sandbox.done() == []


def test_a_broken_off_installation_starts_again(sandbox):
    sandbox.add_python(pip_fails=1)
    assert "pip could not install" in refusal(sandbox.setup())
    sandbox.add_python()
    sandbox.done()
    assert sandbox.setup().returncode == 0
    assert sandbox.done() == ["venv", COURSE]


def test_a_moved_folder_is_installed_again(sandbox):
    sandbox.add_python()
    sandbox.setup()
    sandbox.done()
    sandbox.project = sandbox.project.rename(sandbox.project.with_name("elsewhere"))
    assert sandbox.setup().returncode == 0
    assert sandbox.done() == [COURSE]


def test_another_python_on_request_makes_another_environment(sandbox):
    sandbox.add_python(minor=12)
    sandbox.add_python("python3.13", minor=13)
    sandbox.setup()
    sandbox.done()
    assert sandbox.setup(PYTHON="python3.12x").returncode == 1
    assert sandbox.setup(PYTHON="python3.13").returncode == 0
    assert sandbox.done() == ["venv", COURSE]


def test_pip_arguments_are_passed_on(sandbox):
    sandbox.add_python()
    sandbox.setup(PIP_ARGS="--no-index --find-links=wheels")
    assert sandbox.done()[1] == COURSE.replace("install", "install --no-index --find-links=wheels")
