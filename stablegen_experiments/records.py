"""A file of finished runs: one line of JSON for each, only ever added to, safe against a cut-off end."""

import json
import os
from pathlib import Path
from typing import Any, BinaryIO

from stablegen_lib.plumbing.files import require_writable

Record = dict[str, Any]


def append(results: Path, record: Record) -> Record:
    """Adds one line, and sees to it that it is on the disk.

    Raises:
        ValueError: If a number is not finite: JSON has no word for it.
        OSError: If the file cannot be written.
    """
    line = json.dumps(record, allow_nan=False, separators=(",", ":")) + "\n"
    results.parent.mkdir(parents=True, exist_ok=True)
    with results.open("ab+") as file:
        if file.tell() and not _ends_with_newline(file):
            file.write(b"\n")  # a line that was cut off stays alone
        file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())
    written: Record = json.loads(line)  # as a later reading gives it: lists for tuples
    return written


def _ends_with_newline(file: BinaryIO) -> bool:
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


def read_records(results: Path) -> list[Record]:
    """The finished runs in a file; none if it does not exist. A line that was cut off is left out.

    Raises:
        ValueError: If a line cannot be the beginning of a record: the file is one of another kind.
        OSError: If the file cannot be read.
    """
    records = []
    lines = results.read_bytes().splitlines() if results.exists() else []
    for number, line in enumerate(lines, start=1):
        if line and not line.startswith(b"{"):
            raise ValueError(f"{results.name} holds something else than results (line {number}); "
                             "name another file.")  # fmt: skip
        try:
            records.append(json.loads(line))
        except (json.JSONDecodeError, UnicodeDecodeError):
            continue  # killed while writing: that run is done again
    return records


def by_key(results: Path) -> dict[str, Record]:
    """The finished runs in a file that can be added to, each under its own key.

    Better to hear of a folder that cannot be written before the first run than after it.

    Raises:
        ValueError: If the file holds something else than runs with a key.
        OSError: If it cannot be read or written.
    """
    require_writable(results)
    records = read_records(results)
    if any("key" not in record for record in records):
        raise ValueError(f"{results.name} holds results of another kind; name another file.")
    if results.exists():
        results.open("ab").close()
    return {record["key"]: record for record in records}
