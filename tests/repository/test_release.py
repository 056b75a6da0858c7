"""What stands around the code agrees with it: version, changelog, citation, workflow, issue templates."""

import re

import yaml
from places import ROOT

import stablegen_lib

GITHUB = ROOT / ".github"


def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_citation_and_changelog_name_the_version():
    citation = read(ROOT / "CITATION.cff")
    assert citation["version"] == stablegen_lib.__version__
    assert {"cff-version", "title", "message", "authors", "license", "date-released"} <= citation.keys()
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    first = re.search(r"^## \[([\d.]+)\] - (\S+)$", changelog, re.MULTILINE)
    assert first.groups() == (stablegen_lib.__version__, str(citation["date-released"]))


def test_the_workflow_runs_commands_that_exist():
    jobs = read(GITHUB / "workflows" / "test.yml")["jobs"]
    assert set(jobs) == {"linux", "macos", "windows"}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    targets = {command.split()[1] for command in commands if command.startswith("make ")}
    assert targets == {"check", "test"}
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)
    for name in re.findall(r"notebooks/\S+\.ipynb", "\n".join(commands)):
        assert (ROOT / name).is_file()


def test_the_issue_templates_ask_for_what_is_needed():
    forms = [read(path) for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml"]
    assert {form["name"] for form in forms} == {"A lesson is wrong", "Something does not run"}
    for form in forms:
        assert form["description"]
        assert all(field["attributes"]["label"] and field["id"] for field in form["body"])
