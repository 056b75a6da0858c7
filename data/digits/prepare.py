"""Writes the handwritten digits: images.png, attributes.csv and SHA256SUMS.

    pip install scikit-learn && python prepare.py

scikit-learn carries the digits inside its package; the course itself does not
need it. The same version always gives the same files.
"""

import csv
import hashlib
import random
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits

COLUMNS = 50  # digits in one row of the contact sheet
SIZE = 8
HELD_OUT = 18  # pictures of each digit in the validation split, and in the test split
HERE = Path(__file__).resolve().parent


def main() -> None:
    digits = load_digits()
    levels = digits.images.astype(np.uint16)  # 0 to 16: dark pixels counted in a block of 4x4
    write_sheet((levels * 255 + 8) // 16)  # to 0 to 255; (value * 16 + 127) // 255 gives the level back
    write_table(digits.target, choose_splits(digits.target))
    sums = [
        f"{hashlib.sha256((HERE / n).read_bytes()).hexdigest()}  {n}\n"
        for n in ("images.png", "attributes.csv")
    ]
    (HERE / "SHA256SUMS").write_bytes("".join(sums).encode())


def write_sheet(images: np.ndarray) -> None:
    rows = -(-len(images) // COLUMNS)
    tiles = np.zeros((rows * COLUMNS, SIZE, SIZE), dtype=np.uint8)  # the last places stay empty
    tiles[: len(images)] = images
    sheet = tiles.reshape(rows, COLUMNS, SIZE, SIZE).swapaxes(1, 2).reshape(rows * SIZE, COLUMNS * SIZE)
    Image.fromarray(sheet).save(HERE / "images.png", optimize=True)


def choose_splits(targets: np.ndarray) -> list[str]:
    splits = ["train"] * len(targets)
    for digit in range(10):
        chosen = random.Random(digit).sample(np.flatnonzero(targets == digit).tolist(), 2 * HELD_OUT)
        for place, index in enumerate(chosen):
            splits[index] = "validation" if place < HELD_OUT else "test"
    return splits


def write_table(targets: np.ndarray, splits: list[str]) -> None:
    with (HERE / "attributes.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["index", "split", "digit"])
        table.writerows(zip(range(len(splits)), splits, targets.tolist(), strict=True))


if __name__ == "__main__":
    main()
