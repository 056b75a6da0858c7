"""Reads every file of a folder as a picture, and counts: `python tests/helpers/foreign_pictures.py FOLDER`.

Meant for the test pictures of other projects, which are not kept here. Where `pyvips` is installed (it is
in none of our lists), what was read is compared with what libvips makes of the same file.
"""

import argparse
import collections
import importlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from stablegen_lib.data.folder import _try_picture

SIDE = 64
SLOW = 2.5  # seconds

Found = collections.Counter[str]


def look(folder: Path, independent: Callable[[Path], Any] | None = None) -> tuple[Found, list[str]]:
    """How many files had which outcome, and a line for each that needs a second look."""
    counted, notes = Found(), []
    for file in sorted(one for one in folder.rglob("*") if one.is_file()):
        start = time.perf_counter()
        read = _try_picture(file, SIDE)
        if (spent := time.perf_counter() - start) > SLOW:
            counted["slow"] += 1
            notes.append(f"{spent:.0f} seconds: {file}")
        counted["files"] += 1
        counted["skipped" if isinstance(read, str) else "read"] += 1
        if isinstance(read, str) or independent is None:
            continue
        apart = _apart(read.numpy(), independent(file))
        kind = "lossy" if file.read_bytes()[:3] == b"\xff\xd8\xff" else "other"
        counted.update(_outcomes(kind, apart))
        if kind == "other" and apart is not None and apart > 1:
            notes.append(f"{apart} levels apart: {file}")
    return counted, notes


def _outcomes(kind: str, apart: int | None) -> Iterator[str]:
    """JPEG is counted for itself: ours is decoded at a fraction of its size."""
    if apart is not None:
        yield f"{kind}: compared"
        yield f"{kind}: {'identical' if apart == 0 else 'within 1 level' if apart == 1 else 'apart'}"


def _apart(ours: np.ndarray, theirs: np.ndarray | None) -> int | None:
    return None if theirs is None else int(np.abs(ours.astype(int) - theirs.astype(int)).max())


def by_libvips() -> Callable[[Path], np.ndarray | None] | None:
    """A reader that shares no code with Pillow; None if it is not installed."""
    try:
        vips = importlib.import_module("pyvips")
    except ModuleNotFoundError:
        return None

    def read(file: Path) -> np.ndarray | None:
        try:
            return square(_pixels(vips.Image.new_from_file(str(file), access="random")))
        except (vips.Error, ValueError):
            return None

    return read


def _pixels(image: Any) -> np.ndarray:
    """Colour and transparency of the first frame, 8 bits each, upright."""
    if "page-height" in image.get_fields():
        image = image.crop(0, 0, image.width, min(image.get("page-height"), image.height))
    image = image.autorot()
    if image.format not in ("uchar", "ushort") or image.interpretation in ("cmyk", "lab"):
        raise ValueError(image.format)
    if image.format == "ushort":
        image = (image * (255 / 65535)).rint().cast("uchar")
    pixels: np.ndarray = np.atleast_3d(image.numpy())
    if pixels.shape[2] < 3:  # grey
        pixels = np.concatenate([pixels[:, :, :1]] * 3 + [pixels[:, :, 1:]], axis=2)
    if pixels.shape[2] > 4:
        raise ValueError(pixels.shape)
    return pixels


def square(pixels: np.ndarray) -> np.ndarray:
    """The centre on white, made small."""
    image = Image.fromarray(np.ascontiguousarray(pixels))
    if pixels.shape[2] == 4:
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    cut = image.crop((left, top, left + side, top + side)).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    return np.asarray(cut).transpose(2, 0, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    counted, notes = look(parser.parse_args().folder, by_libvips())
    for outcome, number in sorted(counted.items()):
        print(f"{number:6} {outcome}")
    print(*notes, sep="\n")


if __name__ == "__main__":
    main()
