"""Where things stand in the repository, whatever folder a test lies in."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HELPERS = ROOT / "tests" / "helpers"
NOTEBOOKS = ROOT / "notebooks"
DATA = ROOT / "data"
