"""The data that the wheel carries: what lessons 00 to 06 need. In the repository the folder is not there.

`setup.py` copies them into the wheel.
"""

from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "shipped"
REST = (
    "StableGen was installed without its repository and has the data of lessons 00 to 06 only: for the rest, "
    "clone the repository and name its data folder in the environment variable STABLEGEN_DATA."
)


def how_to_get(path: Path, otherwise: str) -> str:
    """The sentence for a file that is missing: in the wheel's folder, where the rest is."""
    return REST if path.is_relative_to(FOLDER) else otherwise
