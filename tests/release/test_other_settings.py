"""Every lesson runs with other seeds, and with each value that it invites the learner to try.

Too long for `make test`: `make release` runs it, before a release.
"""

import os
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from places import NOTEBOOKS

LESSONS = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
SEEDS = (1, 2, 3)
# What the text of a lesson invites to change, with values to try, smallest and largest too.
INVITED: dict[str, dict[str, tuple[object, ...]]] = {
    "00": {"STEPS": (200,)},
    "03": {"yours": ("rmrmrmrmrmrm",)},
    "04": {"SPOTTED_LOGIT": (-2.0, -12.0), "LEARNING_RATE": (0.2, 5.0)},
    "05": {"FACE_STEPS": (300,)},
    "06": {"FACE": (1, 20)},
}
TRIALS = [
    pytest.param(path, name, value, id=f"{path.stem}-{name}-{value}")
    for path in LESSONS
    for name, values in ({"SEED": SEEDS} | INVITED.get(path.stem[:2], {})).items()
    for value in values
]


def changed(path: Path, name: str, value: object) -> nbformat.NotebookNode:
    """The lesson with one setting changed, in the cell where it is set."""
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    settings = [cell for cell in cells if re.search(rf"^{name} = ", cell.source, re.MULTILINE)]
    assert len(settings) == 1, f"{path.stem} sets {name} in {len(settings)} cells"
    settings[0].source = re.sub(
        rf"^{name} = [^#\n]+", f"{name} = {value!r}  ", settings[0].source, flags=re.M
    )
    return notebook


@pytest.mark.parametrize(("path", "name", "value"), TRIALS)
def test_the_lesson_runs_with_another(path: Path, name: str, value: object, tmp_path: Path):
    notebook = changed(path, name, value)
    client = NotebookClient(
        notebook, kernel_name="python3", timeout=1200, resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute(env=os.environ | {"STABLEGEN_PROGRESS": str(tmp_path), "IPYTHONDIR": str(tmp_path)})
