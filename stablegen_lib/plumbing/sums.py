"""SHA256SUMS: one line "checksum  name" for each file of a folder, as the program sha256sum writes them."""

import hashlib
import re
from pathlib import Path

from stablegen_lib.plumbing.files import FileProblem

NAME = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64}) [ *](\S.*)")


def read_sums(folder: Path) -> dict[str, str]:
    """Name -> checksum for the files that the folder's SHA256SUMS lists.

    Raises:
        FileNotFoundError: If there is no such file.
        FileProblem: If a line is anything else, or the file cannot be read.
    """
    path, sums = folder / NAME, {}
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing. Restore it with git checkout.")
    try:
        lines = path.read_bytes().decode("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise FileProblem(f"{path} cannot be read ({error}). Restore it with git checkout.") from None
    for number, line in enumerate(lines, start=1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise FileProblem(f"{path}: line {number} is damaged. Restore it with git checkout.")
        sums[match[2]] = match[1]
    return sums


def written_sums(folder: Path) -> str:
    """The text of a SHA256SUMS for everything that lies in the folder and below it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != NAME)
    return "".join(f"{_sum(path)}  {path.relative_to(folder).as_posix()}\n" for path in files)


def require_listed(path: Path) -> None:
    """Raises FileProblem if a SHA256SUMS beside the file lists another checksum for it."""
    if (path.parent / NAME).exists():
        _require(path, read_sums(path.parent).get(path.name))


def require_all(folder: Path) -> None:
    """Raises FileProblem unless each file that the folder's SHA256SUMS (if it has one) lists is as it was."""
    if (folder / NAME).exists():
        for name, expected in read_sums(folder).items():
            _require(folder / name, expected)


def _require(path: Path, expected: str | None) -> None:
    if not path.is_file():
        raise FileProblem(f"{path} is missing, and {NAME} lists it. Restore it, or save again.")
    if expected is not None and _sum(path) != expected:
        raise FileProblem(f"{path} was changed after it was saved: {NAME} has another checksum. Restore it.")


def _sum(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FileProblem(f"{path} cannot be read ({error.strerror}). Check its permissions.") from None
