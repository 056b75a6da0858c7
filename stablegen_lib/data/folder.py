"""Reading your own pictures: any folder becomes an ImageSet, and nothing is left out in silence.

`stablegen_lib.data` re-exports `load_folder`; write `data.load_folder("holiday")`.
"""

import os
import stat
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from jaxtyping import UInt8
from PIL import ExifTags, Image, UnidentifiedImageError
from torch import Tensor

from stablegen_lib.data.image_set import ImageSet, Skipped

SIZES = (8, 16, 28, 32, 64)
MAX_PIXELS = 80_000_000  # about 9,000 x 9,000; a few hundred megabytes while it is decoded
MAX_FILE_BYTES = 500_000_000
NAMES_IN_WARNING = 10

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


def load_folder(path: str | Path, size: int = 32) -> ImageSet:
    """Read every picture in a folder and the folders inside it, cropped to a square, in colour.

    The order is that of the sorted names. Hidden files are left out. Pictures
    are turned as their camera noted, transparent parts become white, 16-bit
    grey is scaled down, an animation gives its first frame, and the centre
    square is resized. Colour profiles are ignored.

    A file that cannot be used does not stop the rest. It is named with the
    reason in one warning (the first ten) and in `.skipped` (all of them).

    Args:
        path: The folder. Links to other folders are not followed.
        size: Height and width of the result in pixels: 8, 16, 28, 32 or 64.

    Returns:
        Images without conditions (K = 0); `attributes["file"]` holds the names.

    Raises:
        FileNotFoundError: If the folder does not exist.
        NotADirectoryError: If the path is a file.
        ValueError: If the size is not offered, or no file could be used.
    """
    folder = Path(path).expanduser()
    _check_request(folder, size)
    images: list[Tensor] = []
    names: list[str] = []
    skipped: list[Skipped] = []
    for file, problem in _entries(folder):
        name = _printable(file.relative_to(folder).as_posix())
        picture = problem or _try_picture(file, size)
        if isinstance(picture, str):
            skipped.append(Skipped(name, picture))
        else:
            images.append(picture)
            names.append(name)
    if not images:
        raise ValueError(f"no usable picture in {folder}: {_summary(skipped) or 'the folder is empty'}")
    if skipped:
        warnings.warn(f"{_summary(skipped)}\nAll of them stand in .skipped", stacklevel=2)
    conditions = torch.zeros(len(images), 0)
    title = folder.resolve().name or "pictures"
    return ImageSet(torch.stack(images), conditions, (), title, {"file": tuple(names)}, tuple(skipped))


def _check_request(folder: Path, size: int) -> None:
    if size not in SIZES:
        raise ValueError(f"size must be one of {', '.join(map(str, SIZES))} pixels; it is {size!r}")
    if not folder.exists():
        raise FileNotFoundError(f"there is no folder {folder} (looked in {Path.cwd()})")
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is a file; name the folder it stands in: {folder.parent}")


def _entries(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every visible file below the folder in sorted order; folders only with the problem they have."""
    problems: list[OSError] = []
    for parent, folders, files in os.walk(folder, onerror=problems.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = [name for name in folders if os.path.islink(os.path.join(parent, name))]
        for name in links:
            yield Path(parent, name), "a link to a folder; links to folders are not followed"
        for name in sorted(name for name in files if not name.startswith(".")):
            yield Path(parent, name), ""
    for error in problems:
        yield Path(error.filename), f"the folder cannot be read: {error.strerror}"


def _try_picture(file: Path, size: int) -> Tensor | str:
    try:
        status = file.stat()
        if not stat.S_ISREG(status.st_mode):
            return "not a regular file"  # opening a pipe would wait for ever
        if status.st_size == 0:
            return "the file is empty"
        if status.st_size > MAX_FILE_BYTES:
            return f"too large: {status.st_size:,} bytes; at most {MAX_FILE_BYTES:,} are read"
        return _read_picture(file, size)
    except Exception as error:  # for a broken file the decoders raise nearly everything there is
        return _reason(file, error)


def _read_picture(file: Path, size: int) -> UInt8[Tensor, "3 height width"] | str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # remarks about odd metadata: the pixels are what counts
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with file.open("rb") as content, Image.open(content, formats=_formats()) as image:
            width, height = image.size  # from the header: nothing is decoded yet
            if width * height > MAX_PIXELS:
                return f"too large: {width:,} x {height:,} pixels; at most {MAX_PIXELS:,} are decoded"
            image.draft(None, (2 * size, 2 * size))  # lets JPEG decode at a fraction of its size
            image.load()
            square = _to_rgb(_centre(_upright(image))).resize((size, size), Image.Resampling.LANCZOS)
    return torch.from_numpy(np.array(square)).permute(2, 0, 1).contiguous()


def _formats() -> list[str]:
    Image.init()
    return sorted(set(Image.OPEN) - {"EPS"})  # to read EPS, Pillow would start another program


def _upright(image: Image.Image) -> Image.Image:
    turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation))
    return image if turn is None else image.transpose(turn)


def _centre(image: Image.Image) -> Image.Image:
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side))


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode == "F":
        raise ValueError("fractions as grey values, whose range is not known")
    if image.mode.startswith("I"):
        image = _from_16_bit(image)
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")


def _from_16_bit(image: Image.Image) -> Image.Image:
    values = np.asarray(image).astype(np.float64)
    if values.min() < 0 or values.max() > 65535:
        raise ValueError("32-bit grey values, whose range is not known")
    if image.info.get("transparency") is not None:
        values[values == image.info["transparency"]] = 65535
    return Image.fromarray((values / 257).round().astype(np.uint8))  # 65535 = 257 * 255


def _reason(file: Path, error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):
        if file.suffix.lower() in (".heic", ".heif"):
            return "HEIC is not read; save the picture as JPEG first"
        return "not a picture that Pillow can read"
    if isinstance(error, PermissionError):
        return "no permission to read it"
    if isinstance(error, FileNotFoundError):
        return "a link to a file that is not there"
    if isinstance(error, Image.DecompressionBombWarning | Image.DecompressionBombError):
        return f"too large: more than {MAX_PIXELS:,} pixels"
    return _printable(f"broken: {str(error) or type(error).__name__}")[:120]


def _summary(skipped: list[Skipped]) -> str:
    if not skipped:
        return ""
    lines = [f"skipped {len(skipped)} file{'s' if len(skipped) > 1 else ''}:"]
    lines += [f"  {item.name}: {item.reason}" for item in skipped[:NAMES_IN_WARNING]]
    if len(skipped) > NAMES_IN_WARNING:
        lines.append(f"  and {len(skipped) - NAMES_IN_WARNING} more")
    return "\n".join(lines)


def _printable(text: str) -> str:
    return text if text.isprintable() else repr(text)[1:-1]
