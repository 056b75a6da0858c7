"""Run notebooks from top to bottom in a fresh kernel and store their outputs.

    python tools/run_notebooks.py                          # all lessons
    python tools/run_notebooks.py notebooks/01_data.ipynb  # one

Each starts as a newcomer's would: no progress yet, no IPython start-up files of one's own.
A notebook that raises is left as it was. Widget state, timings and the editor's metadata
are not stored: they differ from run to run and would hide real changes.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

LESSONS = Path(__file__).resolve().parent.parent / "notebooks"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def run(path: Path) -> float:
    """Execute one notebook in place and return the seconds it took."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=600,
        store_widget_state=False,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as empty:
        client.execute(env=os.environ | {"STABLEGEN_PROGRESS": empty, "IPYTHONDIR": empty})
    seconds = time.perf_counter() - start
    notebook.metadata = nbformat.from_dict(METADATA)
    nbformat.write(notebook, path)
    return seconds


if __name__ == "__main__":
    chosen = [Path(name).resolve() for name in sys.argv[1:]] or sorted(LESSONS.glob("*.ipynb"))
    if not chosen:
        sys.exit(f"no notebooks in {LESSONS.name}/: nothing to run")
    for path in chosen:
        print(f"{path.name}: {run(path):.1f} s", flush=True)
