"""From a picture file to a small square of colour, in memory that hardly depends on the picture.

Pillow decodes; `levels.py` puts right what it leaves wrong. Only the decoded picture is ever whole:
it is cropped, converted and made narrow in bands of rows, then made low.
"""

import io
import logging
import os
import struct
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import torch
from jaxtyping import UInt8
from PIL import ExifTags, Image, TiffImagePlugin
from torch import Tensor

from stablegen_lib.data.levels import Box, Content, Levels, Refused, prepared

MAX_PIXELS = 50_000_000  # about 7,000 x 7,000; 200 megabytes in colour
MAX_PIXELS_AT_ONCE = 16_000_000  # for decoders that hold the picture three or four times
BAND = 1_000_000  # pixels that are converted at a time
_AT_ONCE = {"AVIF", "JPEG2000", "WEBP"}

# To read EPS, Pillow would start another program; of the others it reads the header only.
_NOT_READ = {"EPS", "BUFR", "GRIB", "HDF5", "MPEG", "WMF"}
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PIXEL_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}

# Orientation in Exif -> what sets it upright. Pillow's exif_transpose does the same and then writes
# the notes anew, which fails for pictures whose other notes are broken.
_TURNS: dict[object, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def read_square(file: Path, size: int) -> UInt8[Tensor, "3 height width"]:
    """The centre square of a picture file, upright, in colour, on white.

    Raises:
        Refused: If the picture could be decoded, but not rightly, or not in reasonable memory.
        Exception: Whatever Pillow raises for a broken file, which is nearly everything there is.
    """
    with _quiet(), file.open("rb") as content:
        try:
            square = _decoded(content, size)
        except Exception as error:  # for a broken file the decoders raise nearly everything there is
            square = _decoded(_without_notes(content, error), size)
    return torch.from_numpy(np.array(square)).permute(2, 0, 1).contiguous()


def _decoded(content: Content, size: int) -> Image.Image:
    with ExitStack() as stack:
        image: Image.Image = stack.enter_context(Image.open(content, formats=_formats()))
        if _needs_libtiff(image):
            image = stack.enter_context(_through_libtiff(content))
        image.draft(None, (2 * size, 2 * size))  # lets JPEG decode at a fraction of its size
        _check_extent(image)
        levels = prepared(image, content)
        image.load()
        return _shrunk(image, levels, size)


def _formats() -> list[str]:
    Image.init()
    return sorted(set(Image.OPEN) - _NOT_READ)


def _check_extent(image: Image.Image) -> None:
    width, height = image.size  # from the header: nothing is decoded yet
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        tags = image.tag_v2
        width = max(width, tags.get(TiffImagePlugin.TILEWIDTH, 1))
        height = max(height, tags.get(TiffImagePlugin.TILELENGTH, 1))
    limit = MAX_PIXELS_AT_ONCE if image.format in _AT_ONCE else MAX_PIXELS
    if width * height > limit:
        raise Refused(f"too large: {width:,} x {height:,} pixels; at most {limit:,} are decoded")


def _needs_libtiff(image: Image.Image) -> bool:
    """Whether Pillow's own reader would take the bytes of an uncompressed TIFF for something else."""
    if not isinstance(image, TiffImagePlugin.TiffImageFile) or image.use_load_libtiff:
        return False
    tags = image.tag_v2
    planes = tags.get(TiffImagePlugin.PLANAR_CONFIGURATION) == 2
    luma_and_chroma = tags.get(TiffImagePlugin.PHOTOMETRIC_INTERPRETATION) == 6
    return bool(planes or luma_and_chroma)


def _through_libtiff(content: Content) -> Image.Image:
    before, TiffImagePlugin.READ_LIBTIFF = TiffImagePlugin.READ_LIBTIFF, True
    try:
        content.seek(0)
        return Image.open(content, formats=["TIFF"])
    finally:
        TiffImagePlugin.READ_LIBTIFF = before


def _orientation(image: Image.Image) -> object:
    try:
        return image.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # notes that cannot be read: the pixels are what counts
        return None


def _shrunk(image: Image.Image, levels: Levels, size: int) -> Image.Image:
    orientation = _orientation(image)
    turn = _TURNS.get(orientation)
    width, height = image.size if orientation not in (5, 6, 7, 8) else image.size[::-1]
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    narrow = Image.new("RGB", (size, side))
    rows = max(1, BAND // side)
    for start in range(0, side, rows):
        stop = min(start + rows, side)
        stored = _stored(orientation, image.size, (left, top + start, left + side, top + stop))
        band = levels.to_rgb(image, stored)
        upright = band if turn is None else band.transpose(turn)
        narrow.paste(upright.resize((size, stop - start), Image.Resampling.LANCZOS), (0, start))
    return narrow.resize((size, size), Image.Resampling.LANCZOS)


def _stored(orientation: object, size: tuple[int, int], upright: Box) -> Box:
    """Where a box of the upright picture lies in the picture as it is stored."""
    (width, height), (left, top, right, bottom) = size, upright
    if orientation in (5, 6, 7, 8):  # rows are stored as columns
        left, top, right, bottom = top, left, bottom, right
    if orientation in (2, 3, 7, 8):
        left, right = width - right, width - left
    if orientation in (3, 4, 6, 7):
        top, bottom = height - bottom, height - top
    return left, top, right, bottom


def _without_notes(content: Content, error: Exception) -> Content:
    """A PNG without the chunks that hold no pixels: one of them may be all that is broken."""
    content.seek(0)
    if isinstance(error, Refused) or content.read(8) != _SIGNATURE:
        raise error
    kept = io.BytesIO()
    kept.write(_SIGNATURE)
    while len(head := content.read(8)) == 8:
        length, kind = struct.unpack(">I4s", head)
        if kind in _PIXEL_CHUNKS:
            kept.write(head + content.read(length + 4))
        else:
            content.seek(length + 4, os.SEEK_CUR)
    kept.seek(0)
    return kept


@contextmanager
def _quiet() -> Iterator[None]:
    """Nothing that decoders remark reaches the page: it would not say which file they mean.

    Python's warnings, Pillow's log, and what libtiff writes to the standard error of the process.
    """
    log = logging.getLogger("PIL")
    silent = logging.NullHandler()
    with warnings.catch_warnings(), _no_standard_error():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        propagate, log.propagate = log.propagate, False
        log.addHandler(silent)
        try:
            yield
        finally:
            log.propagate = propagate
            log.removeHandler(silent)


@contextmanager
def _no_standard_error() -> Iterator[None]:
    try:
        before = os.dup(2)
    except OSError:  # it is closed: nothing can be written there
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(before, 2)
        os.close(before)
        os.close(nowhere)
