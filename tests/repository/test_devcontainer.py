"""The container for Codespaces is made of files that are there, and of what Binder has."""

import json

from places import ROOT

CONTAINER = ROOT / ".devcontainer"


def test_what_it_names_is_there():
    told = json.loads((CONTAINER / "devcontainer.json").read_text(encoding="utf-8"))
    assert (CONTAINER / told["build"]["dockerfile"]).is_file()
    assert (CONTAINER / told["build"]["context"]).resolve() == ROOT
    assert (ROOT / told["postCreateCommand"].removeprefix("bash ")).is_file()
    assert all((ROOT / name).is_file() for name in told["customizations"]["codespaces"]["openFiles"])


def test_it_copies_binders_environment():
    lines = (CONTAINER / "Dockerfile").read_text(encoding="utf-8").splitlines()
    (copied,) = [line.split()[1] for line in lines if line.startswith("COPY ")]
    assert copied == ".binder/environment.yml"
    assert (ROOT / copied).is_file()
