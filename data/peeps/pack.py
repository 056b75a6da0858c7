"""Makes the sheets that `node prepare.mjs` has drawn smaller: ``python data/peeps/pack.py``.

Writes images.webp and lines.webp, lossless and less than half as large, compares every pixel, writes
SHA256SUMS, and removes the PNG files.
"""

import hashlib
from pathlib import Path

import numpy as np
from PIL import Image

HERE = Path(__file__).parent


def pack(name: str) -> None:
    with Image.open(HERE / f"{name}.png") as sheet:
        sheet.save(HERE / f"{name}.webp", lossless=True, quality=100, method=6, exact=True)
        with Image.open(HERE / f"{name}.webp") as packed:
            if not np.array_equal(np.array(packed.convert(sheet.mode)), np.array(sheet)):
                raise SystemExit(f"{name}.webp does not hold the pixels of {name}.png; nothing was removed.")
    (HERE / f"{name}.png").unlink()


def main() -> None:
    for name in ("images", "lines"):
        pack(name)
    files = ("images.webp", "lines.webp", "attributes.csv")
    sums = [f"{hashlib.sha256((HERE / file).read_bytes()).hexdigest()}  {file}\n" for file in files]
    (HERE / "SHA256SUMS").write_text("".join(sums))


if __name__ == "__main__":
    main()
