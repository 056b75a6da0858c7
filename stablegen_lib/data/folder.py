"""Reading your own pictures: any folder becomes an ImageSet, and nothing is left out in silence.

`stablegen_lib.data` re-exports `load_folder`; write `data.load_folder("holiday")`.
"""

import os
import stat
import tarfile
import warnings
import zipfile
from collections.abc import Iterator
from numbers import Integral
from pathlib import Path

import torch
from PIL import Image, UnidentifiedImageError
from torch import Tensor

from stablegen_lib.data.decoding import read_square
from stablegen_lib.data.image_set import ImageSet, Skipped
from stablegen_lib.data.levels import Refused

SIZES = (8, 16, 28, 32, 64)
MAX_FILE_BYTES = 500_000_000
NAMES_IN_WARNING = 10


def load_folder(path: str | Path, size: int = 32) -> ImageSet:
    """Read every picture in a folder and the folders inside it, cropped to a square, in colour.

    The order is that of the sorted names. Hidden files are left out. Pictures
    are turned as their camera noted, transparent parts become white, every bit
    depth is scaled to 0..255, an animation gives its first frame, and the centre
    square is resized. Colour profiles are ignored. Of a picture only the decoded
    pixels are held, at most 50 million (16 million of WebP, AVIF and JPEG 2000).

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
    if isinstance(size, bool) or not isinstance(size, Integral) or size not in SIZES:
        raise ValueError(f"size must be one of {', '.join(map(str, SIZES))} pixels; it is {size!r}")
    if not folder.exists():
        raise FileNotFoundError(f"there is no folder {folder} (looked in {Path.cwd()})")
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is a file; {_advice(folder)}")


def _advice(file: Path) -> str:
    kind = "zip" if zipfile.is_zipfile(file) else "tar" if tarfile.is_tarfile(file) else ""
    if not kind:
        return f"name the folder it stands in: {file.parent}"
    target = str(file.with_name(f"{file.name.partition('.')[0]}_unpacked"))
    call = f'shutil.unpack_archive({str(file)!r}, {target!r}, "{kind}")'
    return f"unpack it first, with `import shutil; {call}`, then name {target!r}"


def _entries(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every visible file below the folder in sorted order; folders only with the problem they have."""
    waiting = [folder]
    while waiting:  # no recursion: folders may be nested deeper than Python calls
        parent = waiting.pop()
        try:
            with os.scandir(parent) as listing:
                visible = [one for one in listing if not one.name.startswith(".")]
        except OSError as error:
            yield parent, f"the folder cannot be read: {error.strerror}"
            continue
        found = sorted(visible, key=lambda one: one.name)
        folders = [one for one in found if _is_folder(one)]
        for one in folders:
            if one.is_symlink():
                yield parent / one.name, "a link to a folder; links to folders are not followed"
        for one in found:
            if one not in folders:
                yield parent / one.name, ""
        waiting.extend(parent / one.name for one in reversed(folders) if not one.is_symlink())


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads in a circle
        return False


def _try_picture(file: Path, size: int) -> Tensor | str:
    try:
        status = file.stat()
        if not stat.S_ISREG(status.st_mode):
            return "not a regular file"  # opening a pipe would wait for ever
        if status.st_size == 0:
            return "the file is empty"
        if status.st_size > MAX_FILE_BYTES:
            return f"too large: {status.st_size:,} bytes; at most {MAX_FILE_BYTES:,} are read"
        return read_square(file, size)
    except Exception as error:  # for a broken file the decoders raise nearly everything there is
        return _reason(file, error)


def _reason(file: Path, error: Exception) -> str:
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, UnidentifiedImageError):
        if file.suffix.lower() in (".heic", ".heif"):
            return "HEIC is not read; save the picture as JPEG first"
        return "not a picture that Pillow can read"
    if isinstance(error, PermissionError):
        return "no permission to read it"
    if isinstance(error, FileNotFoundError):
        return "a link to a file that is not there"
    if isinstance(error, Image.DecompressionBombWarning | Image.DecompressionBombError):
        return f"too large: more than {Image.MAX_IMAGE_PIXELS:,} pixels"
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
