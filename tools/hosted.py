"""Writes what the branch `hosted` holds, into build/hosted: `make hosted`.

The same notebooks, each with a line of buttons and one cell on top, which installs the library beside the
PyTorch that Colab or Kaggle has; the wheel that the cell installs; the data for the lessons after 06.
`.github/workflows/hosted.yml` pushes it.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import services
from services import ROOT

TARGET = ROOT / "build" / "hosted"
BADGE_ID, CELL_ID = "hosted-badges", "hosted-install"
LEFT_AS_THEY_ARE = ("torch", "jupyterlab", "voila")  # the service has a PyTorch, and a page of its own
MODULES = {"pillow": "PIL"}  # where the module is not called like its package
LAST_IN_THE_WHEEL = "06"  # setup.py: the wheel carries the data up to this lesson
DIFFUSION = ("13", "14")
CELL = """\
# Colab, and Kaggle with Internet on: run this first. It installs the library beside the PyTorch there.
# On your own computer you do not need it: there the notebooks of the branch `main` are for you.
import importlib
import importlib.util
import subprocess
import sys

pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
subprocess.run([*pip, "--no-deps", "@WHEEL@"], check=True)
light = {
@LIGHT@}
missing = [asked for module, asked in light.items() if importlib.util.find_spec(module) is None]
if missing:
    subprocess.run([*pip, *missing], check=True)
importlib.invalidate_caches()
"""
REST = """
# The wheel has the data up to lesson 06. Here is the rest.
import os
from pathlib import Path

rest = Path("stablegen_course").resolve()
if not rest.is_dir():
    clone = ["git", "clone", "--quiet", "--depth=1", "--branch=@BRANCH@", "@REPOSITORY@", str(rest)]
    subprocess.run(clone, check=True)
os.environ["STABLEGEN_DATA"] = str(rest / "data")
"""
MAKERS = shutil.ignore_patterns(
    "*.py", "*.mjs", "package.json", "train", "node_modules", "my_*", "__pycache__"
)


def build_wheel(folder: Path) -> Path:
    """Builds the library's wheel into a folder, from a copy: building leaves things behind."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "source"
        for package in ("stablegen_lib", "stablegen_experiments", "stablegen_class", "data"):
            shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
        for file in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
            shutil.copy(ROOT / file, copy)
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "wheel"]
        alone = ["--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder)]
        subprocess.run([*pip, *alone, str(copy)], check=True)
    (wheel,) = folder.glob("stablegen-*.whl")
    return wheel


def light(lesson: str) -> dict[str, str]:
    """Module -> what pip is asked for where it is missing, with the ranges of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extra = project["optional-dependencies"]["diffusion"] if lesson in DIFFUSION else []
    named = {re.split(r"[^\w-]", line)[0]: line for line in [*project["dependencies"], *extra]}
    return {MODULES.get(name, name): line for name, line in named.items() if name not in LEFT_AS_THEY_ARE}


def install_cell(lesson: str, where: str, wheel: str) -> str:
    """The source of the cell on top of a lesson."""
    address = f"https://github.com/{where}"
    pieces = {
        "WHEEL": f"{address}/raw/{services.BRANCH}/{wheel}",
        "LIGHT": "".join(f'    "{module}": "{line}",\n' for module, line in light(lesson).items()),
        "BRANCH": services.BRANCH,
        "REPOSITORY": address,
    }
    text = CELL + (REST if lesson > LAST_IN_THE_WHEEL else "")
    for name, piece in pieces.items():
        text = text.replace(f"@{name}@", piece)
    return text.strip()


def hosted(notebook: dict[str, Any], name: str, where: str, wheel: str) -> dict[str, Any]:
    """The notebook with two cells on top; everything else is as it was."""
    lines = install_cell(name[:2], where, wheel).splitlines(keepends=True)
    top = [
        {"cell_type": "markdown", "id": BADGE_ID, "metadata": {}, "source": [services.badges(where, name)]},
        {"cell_type": "code", "execution_count": None, "id": CELL_ID, "metadata": {}, "outputs": [],
         "source": lines},
    ]  # fmt: skip
    return notebook | {"cells": top + notebook["cells"]}


def readme(where: str, names: list[str]) -> str:
    """What the branch shows first: a line of buttons for each lesson."""
    rows = "".join(
        f"| [{name[:-6]}](notebooks/{name}) | {services.badges(where, name)} |\n" for name in names
    )
    return (
        f"# StableGen, to open with one click\n\nMade by `tools/hosted.py` from the [course](https://github.com/"
        f"{where}): change nothing here. In Colab and Kaggle run the first cell first; on Kaggle, switch "
        f"*Internet* on in the settings.\n\n| lesson | open in |\n|---|---|\n{rows}"
    )


def main() -> int:
    """Returns the exit status."""
    try:
        where = services.repository()
    except services.NoAddress as error:
        print(f"StableGen: {error}", file=sys.stderr)
        return 1
    shutil.rmtree(TARGET, ignore_errors=True)
    (TARGET / "notebooks").mkdir(parents=True)
    wheel = build_wheel(TARGET)
    lessons = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    for path in lessons:
        made = hosted(json.loads(path.read_text(encoding="utf-8")), path.name, where, wheel.name)
        text = json.dumps(made, indent=1, ensure_ascii=False) + "\n"
        (TARGET / "notebooks" / path.name).write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "data", TARGET / "data", ignore=MAKERS)
    shutil.copytree(ROOT / "docs", TARGET / "docs", ignore=shutil.ignore_patterns("*.md"))
    shutil.copy(ROOT / "LICENSE", TARGET)
    (TARGET / "README.md").write_text(readme(where, [path.name for path in lessons]), encoding="utf-8")
    size = sum(path.stat().st_size for path in TARGET.rglob("*") if path.is_file())
    print(f"{TARGET.relative_to(ROOT)}: {len(lessons)} lessons for {where}, {size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
