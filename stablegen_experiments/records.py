"""A file of finished runs: one line of JSON for each, only ever added to, safe against a cut-off end."""

import json
import os
import re
import warnings
import zlib
from pathlib import Path
from typing import Any, BinaryIO

from stablegen_lib.plumbing.files import locked, require_writable

Record = dict[str, Any]
LAST = re.compile(rb'(\{.*?),?"([^"]{0,8})":"(.{0,12})"\}')  # its checksum, or what is left of it


def append(results: Path, record: Record) -> Record:
    """Adds one line, and sees to it that it is on the disk.

    Raises:
        ValueError: If a number is not finite: JSON has no word for it.
        OSError: If the file cannot be written.
    """
    line = json.dumps(record, allow_nan=False, separators=(",", ":"))
    with locked(results), results.open("ab+") as file:
        cut_off = file.tell() and not _ends_with_newline(file)
        file.write(
            (b"\n" if cut_off else b"") + _with_sum(line.encode()) + b"\n"
        )  # a line that was cut off stays alone
        file.flush()
        os.fsync(file.fileno())
    written: Record = json.loads(line)  # as a later reading gives it: lists for tuples
    return written


def _ends_with_newline(file: BinaryIO) -> bool:
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


def read_records(results: Path) -> list[Record]:
    """The finished runs in a file; none if it does not exist. Damaged lines are left out with a warning.

    A line is damaged if it is no JSON object, has a name twice or a number that is not finite, or is not
    what its own checksum says; lines of version 0.1 have none.

    Raises:
        ValueError: If no line is a record: the file is one of another kind.
        OSError: If the file cannot be read.

    Warns:
        UserWarning: For each line that was cut off or changed; that run is done again.
    """
    records, damaged = [], {}
    lines = results.read_bytes().splitlines() if results.exists() else []
    for number, line in enumerate(lines, start=1):
        try:
            if line.strip():
                records.append(_parsed(line))
        except (ValueError, RecursionError) as error:
            damaged[number] = str(error)[:80]
    first = next((number for number in damaged if not lines[number - 1].startswith(b"{")), None)
    if first is not None and not records:
        raise ValueError(f"{results.name} holds something else than results (line {first}); "
                         "name another file.")  # fmt: skip
    for number, reason in damaged.items():
        warnings.warn(f"{results.name}: line {number} is damaged ({reason}) and is left out; its run "
                      "counts as not done.", stacklevel=2)  # fmt: skip
    return records


def _with_sum(line: bytes) -> bytes:
    """The object with its checksum as a last field."""
    comma = b"" if line == b"{}" else b","
    return line[:-1] + comma + f'"crc32":"{zlib.crc32(line):08x}"'.encode() + b"}"


def _parsed(line: bytes) -> Record:
    summed = LAST.fullmatch(line)
    if summed is not None:
        body, name, told = summed[1] + b"}", summed[2], summed[3]
        agrees = told == f"{zlib.crc32(body):08x}".encode()
        if (name == b"crc32") is not agrees:
            raise ValueError("its checksum differs")
        line = body if agrees else line
    record = json.loads(line, parse_constant=_no_number, object_pairs_hook=_once)
    if not isinstance(record, dict):
        raise ValueError("it is no JSON object")
    if "crc32" in record:
        raise ValueError("its checksum differs")
    return record


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _once(pairs: list[tuple[str, Any]]) -> Record:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a name stands there twice")
    return dict(pairs)


def by_key(results: Path) -> dict[str, Record]:
    """The finished runs in a file that can be added to, each under its own key.

    Better to hear of a folder that cannot be written before the first run than after it.

    Raises:
        ValueError: If the file holds something else than runs with a key.
        OSError: If it cannot be read or written.
    """
    require_writable(results)
    records = read_records(results)
    if any(not isinstance(record.get("key"), str) for record in records):
        raise ValueError(f"{results.name} holds results of another kind; name another file.")
    if results.exists():
        results.open("ab").close()
    return {record["key"]: record for record in records}
