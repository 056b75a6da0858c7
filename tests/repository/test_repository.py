"""What is in the repository: small files, nobody's machine, no pickle, nothing fetched by a hook."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from lesson_rules import FORBIDDEN_TEXT
from places import ROOT

BIGGEST_FILE = 10_000_000  # bytes
ALL_DATA = 80_000_000
PICKLES = {"pickle", "cloudpickle", "dill", "joblib", "shelve", "marshal"}


def project_files() -> list[Path]:
    """What git has, and what it would take: ignored files are left out."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return [ROOT / name for name in listing.split("\0") if name and (ROOT / name).is_file()]


def unsafe_lines(source: str) -> Iterator[int]:
    """Lines that read or write pickle."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            names = []
        if any(name.split(".")[0] in PICKLES for name in names):
            yield node.lineno
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("torch.load", "torch.save"):
            yield node.lineno
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            yield node.value.lineno


def test_the_listing_sees_this_very_file():
    assert Path(__file__).resolve() in project_files()


def test_files_stay_small():
    sizes = {path.relative_to(ROOT): path.stat().st_size for path in project_files()}
    assert {path: size for path, size in sizes.items() if size > BIGGEST_FILE} == {}
    assert sum(size for path, size in sizes.items() if path.parts[0] == "data") < ALL_DATA


def test_no_file_names_a_machine_path_or_a_package_registry():
    found = {}
    for path in project_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or weights
        if match := FORBIDDEN_TEXT.search(text):
            found[str(path.relative_to(ROOT))] = match.group()
    assert found == {}


@pytest.mark.parametrize("text", ["/ro" + "ot/x", "see '/tm" + "p/y'", "https://py" + "pi.org/simple"])
def test_machine_paths_and_registries_are_recognised(text: str):
    assert FORBIDDEN_TEXT.search(text)


@pytest.mark.parametrize(
    "text", ["https://arxiv.org/abs/1406.2661", "tests/tmp/x", "a/" + "root/b", "/ work/"]
)
def test_ordinary_text_is_left_alone(text: str):
    assert not FORBIDDEN_TEXT.search(text)


def test_the_library_reads_and_writes_no_pickle():
    files = sorted((ROOT / "stablegen_lib").rglob("*.py"))
    assert files
    assert {path.name: list(unsafe_lines(path.read_text(encoding="utf-8"))) for path in files} == {
        path.name: [] for path in files
    }


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from joblib import load",
        "import torch; torch.load('x')",
        "np.load(f, allow_pickle=True)",
    ],
)
def test_pickle_is_recognised(source: str):
    assert list(unsafe_lines(source)) == [1]


def test_hooks_are_local():
    configuration = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    assert [repository["repo"] for repository in configuration["repos"]] == ["local"]
    hooks = configuration["repos"][0]["hooks"]
    assert {hook["language"] for hook in hooks} == {"system"}
