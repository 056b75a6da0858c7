"""Files that are either whole or not there: written beside the target, then renamed."""

import errno
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))  # Windows has no quota error
READ_ONLY = (errno.EACCES, errno.EPERM, errno.EROFS)


class FileProblem(ValueError):
    """A file that cannot be used: the message names it, says why, and what to do."""


def named(path: str | Path) -> Path:
    """A path that names a file.

    Raises:
        ValueError: If nothing, or something that cannot be a name, came.
    """
    fine = isinstance(path, str | os.PathLike) and "\0" not in str(path)
    if not fine or not str(path).strip() or Path(path).name in ("", "..", ".safetensors"):
        raise ValueError(f"the name of a file was needed, and {path!r:.80} came.")
    return Path(path)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Whoever else wants to change the file waits meanwhile; ``.lock`` beside it stays empty.

    Raises:
        OSError: If the folder cannot be written, or another program holds the lock for a minute.
    """
    from filelock import FileLock, Timeout  # late: the check of the environment must start without packages

    with _says_what_to_do(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(f"{path}.lock", timeout=60)
        try:
            lock.acquire()
        except Timeout:
            raise OSError(errno.EAGAIN, "Another program holds it") from None
    try:
        yield
    finally:
        lock.release()


def write_atomically(path: Path, content: bytes) -> None:
    """Writes beside the target and renames: a reader, or a crash, sees the old file or the new one.

    Raises:
        OSError: If the disk is full or the folder cannot be written; the old file stays.
    """
    with _says_what_to_do(path):
        _write_and_rename(path, content)


def _write_and_rename(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _beside(path)
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def require_writable(path: Path) -> None:
    """Fails now if ``write_atomically`` would fail later: a long run should not find out at its end.

    Raises:
        OSError: If the folder cannot be made or written, or the path is a folder itself.
    """
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder. Give the name of a file in it.")
    with _says_what_to_do(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        probe = _beside(path)
        probe.touch(exist_ok=False)
        probe.unlink()


@contextmanager
def _says_what_to_do(path: Path) -> Iterator[None]:
    """The same error, with the file's own name, what became of it, and what to do."""
    try:
        yield
    except OSError as error:
        cure = "Free some space" if error.errno in FULL else "Check the folder"
        cure = "Make the folder writable" if error.errno in READ_ONLY else cure
        problem = (f"{error.strerror or error}. Nothing was saved, and an earlier file is as it was. "
                   f"{cure}, or save elsewhere")  # fmt: skip
        raise OSError(error.errno, problem, str(path)) from error  # of the same class: it goes by the number


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")


def parse_description(text: str, path: Path) -> dict[str, Any]:
    """The JSON object in a text.

    Raises:
        FileProblem: If the text is anything else.
    """
    try:
        description = json.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError: also a number of too many digits
        raise FileProblem(
            f"{path}: its description is not JSON ({error}). Restore it, or save again."
        ) from None
    if not isinstance(description, dict):
        raise FileProblem(f"{path}: its description is not a JSON object. Restore it, or save again.")
    return description
