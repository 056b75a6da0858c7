"""An attack on share codes: whole ones, with a right checksum, whose content no explorer would write.

`python tests/helpers/code_attack.py` enters all of them into an explorer of a tiny model and counts what
happens. Each gets its own second: what takes longer hangs. Tests run a part of it.
"""

import base64
import collections
import json
import random
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any

import tiny

from stablegen_lib.widgets import LatentExplorer
from stablegen_lib.widgets.explorer import code as codes

SECONDS, MEGABYTES = 1.0, 50.0
OWN = (
    *("this share code was not made", "this is not a whole share code", "this code belongs"),
    *("this state needs", "this model has", "kind can be", "sliders and attributes must"),
    *("seed must", "truncation must", "basis must", "count must", "an offset must", "a choice must"),
)
HOSTILE: list[Any] = [
    *(None, True, False, -1, 0.5, 2**31, 2**63, 10**11, 10**400, 1e308, float("nan"), float("inf")),
    *("", "1", "sefa", "<script>alert(1)</script>", "a" * 5_000, "\ud800", "\0", "९"),
    *([], [[]], [0] * 5_000, [None], [-1], [1.5], ["0"], [True], [[0]], [2**70], [float("nan")]),
    *({}, {"0": 1e9}, {"0": None}, {"0": True}, {"0": "1"}, {"-1": 1}, {"1e1": 1}, {"９": 1}, {"00": 1}),
    *({"3": 1}, {"": 1}, {"0": [1]}, {"0": float("inf")}, {"99999999999": 1}, {"x" * 5_000: 1}),
]


def signed(text: str | bytes, model_id: str) -> str:
    """A code whose checksum is right, around any content."""
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    body = f"{model_id}.{base64.urlsafe_b64encode(raw).decode().rstrip('=')}"
    return f"{codes.PREFIX}.{codes._checksum(body)}.{body}"


def hostile_codes(model_id: str, seed: int = 0) -> Iterator[str]:
    """Each field with each hostile value; other shapes; odd texts; damaged ones."""
    sound: list[Any] = [7, 1.0, "raw", 3, {"1": 1.5}, [0], 1]
    for field in range(len(sound)):
        for value in HOSTILE:
            yield signed(json.dumps([*sound[:field], value, *sound[field + 1 :]]), model_id)
    shapes = [sound[:-1], [*sound, 1], dict(enumerate(sound)), [7] * 9_000]
    texts = ["", "null", "{}", "[]", "7", '"SG1"', "\x00", "[1,", "NaN", json.dumps(sound) + "x"]
    texts += ["[" * 5_000, "9" * 5_000, "[" * 900 + "]" * 900, *map(json.dumps, shapes)]
    texts += [f"[{'9' * 4_000},1.0,{'[' * 400 + ']' * 400},3,{{}},[0],1]"]
    yield from (signed(text, model_id) for text in texts)
    yield from (signed(raw, model_id) for raw in (b"\xff\xfe", b"\x80" * 100, b"[1]\xff", bytes(3_000)))
    whole = signed(json.dumps(sound), model_id)
    yield from (
        whole[:-1],
        whole + "=",
        whole + "é",
        whole.replace(".", ".."),
        whole * 2,
        "SG1" * 40_000,
        "\ud800" + whole,
    )
    yield from (signed(json.dumps(sound), other) for other in ("", "x" * 9_000, "<b>", "०" * 8))
    odd = random.Random(seed)
    for _ in range(60):
        letters = list(whole)
        letters[odd.randrange(len(letters))] = chr(odd.randrange(33, 0x3000))
        yield "".join(letters)


def outcome(explorer: LatentExplorer, code: str) -> str:
    """In which way an explorer takes a code."""
    start = time.perf_counter()
    tracemalloc.start()
    try:
        explorer.code = code
        answer = "accepted"
    except ValueError as error:
        answer = "own words" if str(error).startswith(OWN) else f"raw: {error!r:.200}"
    except Exception as error:
        answer = f"raw: {error!r:.200}"
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    if time.perf_counter() - start > SECONDS:
        return "hang"
    return "memory" if peak > MEGABYTES else answer


def attack(seed: int = 0) -> dict[str, list[str]]:
    """Outcome -> the codes that had it."""
    explorer = LatentExplorer(tiny.model(tiny.pictures()), sliders=3)
    found: dict[str, list[str]] = collections.defaultdict(list)
    for code in hostile_codes(explorer.code.split(".")[2], seed):
        before = explorer.state
        answer = outcome(explorer, code)
        if answer != "accepted" and explorer.state != before:
            answer = "refused, and yet it moved"
        found[answer].append(code)
    return found


if __name__ == "__main__":
    counted = attack()
    print(sum(map(len, counted.values())), "share codes")
    for answer, tried in counted.items():
        print(f"{len(tried):5} {answer}", "" if answer == "own words" else [code[:90] for code in tried[:3]])
