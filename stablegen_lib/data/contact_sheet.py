"""Reading the picture sets of this repository: one contact sheet, one table, their checksums.

A set is a folder of `data/` with images.png or images.webp (all pictures, row by row),
attributes.csv (one line for each picture, in the same order) and SHA256SUMS.
Some sets have further sheets: the lines of the peeps, the edited twins of the faces.
"""

import csv
import hashlib
import io
import os
from pathlib import Path

import numpy as np
import torch
from jaxtyping import UInt8
from PIL import Image
from torch import Tensor

from stablegen_lib.plumbing import shipped
from stablegen_lib.plumbing.sums import read_sums

SPLITS = ("train", "validation", "test")


def data_dir() -> Path:
    """Find the repository's data folder; without the repository, what the wheel carries of it.

    The environment variable STABLEGEN_DATA names another one.

    Raises:
        FileNotFoundError: If the folder is not there.
    """
    chosen = os.environ.get("STABLEGEN_DATA")
    carried = shipped.FOLDER.is_dir()
    own = shipped.FOLDER if carried else Path(__file__).resolve().parents[2] / "data"
    folder = Path(chosen) if chosen else own
    if not folder.is_dir():
        raise FileNotFoundError(
            f"the data folder is missing: {folder}. Clone the whole repository and install it with "
            "`pip install -e .`, or set the environment variable STABLEGEN_DATA to the data folder"
        )
    return folder


def read_contact_sheet(
    name: str,
    *,
    size: int,
    rebuild: str,
    images: str | tuple[str, ...] = "images.png",
    table: str = "attributes.csv",
    grey: bool = False,
) -> tuple[UInt8[Tensor, "count channel height width"], dict[str, tuple[str, ...]]]:
    """Read all pictures of a set and its table, after comparing both files with their checksums.

    Args:
        name: Folder inside `data_dir()`.
        size: Height and width of one picture in pixels.
        rebuild: Command that makes the set anew in that folder, for the error message.
        images: File with the pictures, or several, one after the other. Tiles after
            the last line of the table are left out.
        table: File with one line for each picture.
        grey: One channel, although the file has three equal ones (WebP knows no grey).

    Returns:
        The pictures, 0 to 255, and column of the table -> one value for each picture.

    Raises:
        FileNotFoundError: If a file is missing.
        ValueError: If a file is not the one that SHA256SUMS describes.
    """
    header, *rows = csv.reader(io.StringIO(_read_checked(name, table, rebuild).decode("utf-8")))
    columns = dict(zip(header, zip(*rows, strict=True), strict=True))
    tiles = []
    for file in (images,) if isinstance(images, str) else images:
        with Image.open(io.BytesIO(_read_checked(name, file, rebuild))) as sheet:
            tiles.append(_cut(np.array(sheet.convert("L") if grey else sheet), size))
    return torch.cat(tiles)[: len(rows)].contiguous(), columns


def _cut(pixels: np.ndarray, size: int) -> UInt8[Tensor, "count channel height width"]:
    height, width = pixels.shape[:2]
    tiles = torch.from_numpy(pixels).reshape(height // size, size, width // size, size, -1)
    return tiles.permute(0, 2, 4, 1, 3).flatten(0, 1)  # row, column, channel, y, x -> count, channel, y, x


def _read_checked(name: str, file: str, rebuild: str) -> bytes:
    restore = (
        f"Restore it with `git checkout -- data/{name}/{file}`, "
        f"or make it anew with `{rebuild}` (see data/{name}/README.md)"
    )
    path = data_dir() / name / file
    expected = _checksums(name).get(file)
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing. {shipped.how_to_get(path, restore)}")
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise ValueError(
            f"{path} is not the published file: its sha256 should be {expected or 'in SHA256SUMS'}, "
            f"it is {found}. {restore}"
        )
    return content


def _checksums(name: str) -> dict[str, str]:
    path = data_dir() / name / "SHA256SUMS"
    if not path.is_file():
        restore = f"Restore it with `git checkout -- data/{name}/SHA256SUMS`"
        raise FileNotFoundError(f"{path} is missing. {shipped.how_to_get(path, restore)}")
    return read_sums(path.parent)
