"""Makes sheets of pictures smaller: ``python tools/pack_sheets.py peeps images lines``.

Turns PNG files of a folder of data/ into lossless WebP, about half as large, compares every pixel, writes
SHA256SUMS, and removes the PNG files. ``node prepare.mjs`` draws them.
"""

import argparse
import hashlib
from pathlib import Path

import numpy as np
from PIL import Image

DATA = Path(__file__).resolve().parents[1] / "data"


def pack(sheet: Path) -> None:
    """Writes the WebP beside the PNG, and removes the PNG when the pixels are the same."""
    packed = sheet.with_suffix(".webp")
    with Image.open(sheet) as image:
        image.save(packed, lossless=True, quality=100, method=6, exact=True)  # slow, and half as large
        with Image.open(packed) as again:
            if not np.array_equal(np.array(again.convert(image.mode)), np.array(image)):
                raise SystemExit(f"{packed} does not hold the pixels of {sheet}; nothing was removed.")
    sheet.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", help="of data/, such as peeps")
    parser.add_argument("sheets", nargs="+", help="names without .png")
    arguments = parser.parse_args()
    folder = DATA / arguments.folder
    for name in arguments.sheets:
        pack(folder / f"{name}.png")
    files = sorted([*folder.glob("*.webp"), *folder.glob("*.csv")])
    sums = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files]
    (folder / "SHA256SUMS").write_text("".join(sums))


if __name__ == "__main__":
    main()
