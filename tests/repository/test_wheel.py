"""The wheel alone, in an empty environment: the README's example runs; lessons 00 to 06 have their data."""

import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest
from places import NOTEBOOKS, ROOT

(EXAMPLE,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that holds the wheel alone; what it asks for is that of the tests."""
    folder = tmp_path_factory.mktemp("wheel")
    code = (
        "import sys; from pathlib import Path; from hosted import build_wheel; build_wheel(Path(sys.argv[1]))"
    )
    subprocess.run([sys.executable, "-c", code, folder], cwd=ROOT / "tools", check=True, timeout=300)
    (wheel,) = folder.glob("stablegen-*.whl")
    venv.create(folder / "env")
    python = folder / "env" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "--python", python]
    subprocess.run([*pip, "install", "--no-index", "--no-deps", wheel], check=True, timeout=300)
    site = next((folder / "env").rglob("site-packages"))
    (site / "tests.pth").write_text(sysconfig.get_path("purelib") + "\n")  # after the wheel's own folder
    return python


def run(code: str, python: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """The environment's Python, far from the clone."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STABLEGEN", "PYTHON"))}
    told = kept | {"OMP_NUM_THREADS": "1", "PYTHONUTF8": "1"} | variables
    return subprocess.run(
        [python, "-c", code], cwd=python.parent, env=told, capture_output=True, text=True, timeout=300
    )


def test_the_readmes_example_runs(installed):
    where = "import stablegen_lib; print(stablegen_lib.__file__)\n"
    ended = run(where + EXAMPLE, installed)
    assert ended.returncode == 0, ended.stderr
    file, *steps = ended.stdout.splitlines()
    assert Path(file).is_relative_to(installed.parents[1])
    assert steps == ["1", "2"]


def test_it_carries_all_data_that_lessons_00_to_06_load(installed):
    calls, weights = set(), set()
    for path in sorted(NOTEBOOKS.glob("0[0-6]_*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        calls |= set(re.findall(r'data\.load_\w+\("\w+"\)', code))
        weights |= set(re.findall(r'(?:weights|"weights")\s*/\s*"([\w.]+)"', code))
    assert len(calls) >= 4  # three splits of faces, and digits
    assert {"faces", "faces_unconditional", "faces_run.safetensors"} <= weights
    program = (
        "from stablegen_lib import data\nfrom stablegen_lib.stablegen import StableGen\n"
        f"for call in {sorted(calls)}: eval(call)\n"
        f"for name in {sorted(weights)}:\n    path = data.data_dir() / 'weights' / name\n"
        "    assert path.suffix and path.is_file() or StableGen.load(path), name\n"
    )
    ended = run(program, installed)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize(
    "needs",
    [
        'data.load_peeps("train")',
        'StableGen.load(data.data_dir() / "weights" / "peeps")',
        'PromptedGenerator.load(data.data_dir() / "weights" / "latent_diffusion")',
    ],
)
def test_for_the_rest_one_sentence_says_where_to_get_it(installed, needs):
    imports = "from stablegen_lib import data\nfrom stablegen_lib.stablegen import StableGen\n"
    imports += "from stablegen_lib.latent_diffusion import PromptedGenerator\n"
    ended = run(imports + needs, installed)
    assert ended.returncode == 1
    (line,) = [line for line in ended.stderr.splitlines() if line.startswith("FileNotFoundError")]
    assert "clone the repository and name its data folder" in line
    assert run(imports + needs, installed, STABLEGEN_DATA=str(ROOT / "data")).returncode == 0


def test_its_environment_check_asks_for_no_page_and_finds_the_data(installed):
    ended = run("from stablegen_lib import course; course.check_environment()", installed)
    assert "✓ torch" in ended.stdout, ended.stderr
    assert "✓ data/digits, checksums agree\n✓ data/faces, checksums agree\n" in ended.stdout
    assert "jupyterlab" not in ended.stdout
    assert "voila" not in ended.stdout


def test_progress_is_kept_where_the_learner_works(installed):
    ended = run("from stablegen_lib.course import remembering; print(remembering.path())", installed)
    assert Path(ended.stdout.strip()) == installed.parent / "progress.json"
