"""Claims about files of runs: many writers lose nothing, and a damaged line is told and left out."""

import json
import subprocess
import sys

import pytest
from places import ROOT

from stablegen_experiments.records import append, read_records

ROWS = [{"key": str(number), "score": number / 7} for number in range(4)]
ADD = """
import sys
from pathlib import Path
from stablegen_experiments.records import append
for number in range(50):
    append(Path(sys.argv[1]), {"key": f"{sys.argv[2]} {number}", "long": "x" * 20_000})
"""
ANSWER = """
import sys
from stablegen_lib.course import remembering
for number in range(50):
    remembering.answered(f"{sys.argv[2]}.{number}", right=True)
"""


def at_once(program: str, *arguments: str) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", program, *arguments, str(n)], cwd=ROOT) for n in range(3)
    ]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0, 0]


def test_three_processes_lose_no_record(tmp_path):
    at_once(ADD, str(tmp_path / "r.jsonl"))
    assert len({record["key"] for record in read_records(tmp_path / "r.jsonl")}) == 150


def test_three_kernels_lose_no_answer(tmp_path, monkeypatch):
    monkeypatch.setenv("STABLEGEN_PROGRESS", str(tmp_path))
    at_once(ANSWER, "progress")
    assert len(json.loads((tmp_path / "progress.json").read_text())["right"]) == 150


@pytest.mark.parametrize(
    "line",
    [
        b'{"key":"1","sco',
        b'{"key":"1","score":NaN}',
        b'{"key":"1","key":"2"}',
        b"[1]",
        b"\xff",
        b'{"a":' * 20_000,
        b'{"key":"1","score":0.5,"crc32":"00000000"}',
        b'{"key":"1","score":0.5,"crc32":"0000000"}',
        b'{"key":"1","score":0.5,"crc32":"00000000000000"}',
        b'{"crc32":"00000000","key":"1","score":0.5}',
    ],
)
def test_a_damaged_line_is_told_by_its_number_and_the_rest_is_kept(tmp_path, line):
    for row in ROWS:
        append(tmp_path / "r.jsonl", row)
    lines = (tmp_path / "r.jsonl").read_bytes().splitlines()
    (tmp_path / "r.jsonl").write_bytes(b"\n".join([lines[0], line, *lines[2:]]))
    with pytest.warns(UserWarning, match=r"r\.jsonl: line 2 is damaged"):
        assert read_records(tmp_path / "r.jsonl") == [ROWS[0], *ROWS[2:]]


def test_a_changed_digit_is_told_and_lines_without_a_checksum_are_read(tmp_path):
    append(tmp_path / "r.jsonl", ROWS[1])
    content = (tmp_path / "r.jsonl").read_bytes()
    (tmp_path / "r.jsonl").write_bytes(content.replace(b"0.14", b"0.15"))
    with pytest.warns(UserWarning, match="its checksum differs"):
        assert read_records(tmp_path / "r.jsonl") == []
    (tmp_path / "r.jsonl").write_text(json.dumps(ROWS[1]))
    assert read_records(tmp_path / "r.jsonl") == [ROWS[1]]
