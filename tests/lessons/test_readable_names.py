"""Claims about all notebooks: what a learner reads calls attributes and colours by words."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted([*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("demo/*.ipynb")])
CAMEL = re.compile(r"hairColor|skinColor|primaryBackgroundColor|clothingColor|facialHair|headContrastColor")
BARE = re.compile(r"=#?[0-9a-f]{6}\b|(?:Color|colour)=\"#")  # hairColor=#bd1700, hair_colour="#bd1700"
EXCEPTIONS: dict[str, str] = {}  # notebook: why it may show a raw name (the columns of a CSV file, say)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_cell_holds_a_raw_name(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    lines = [line for cell in cells for line in "".join(cell["source"]).splitlines()]
    raw = [line for line in lines if CAMEL.search(line) or BARE.search(line)]
    assert path.stem in EXCEPTIONS or not raw


def test_no_exception_is_out_of_date():
    assert EXCEPTIONS.keys() <= {path.stem for path in NOTEBOOKS}
