"""A share code: numbers as a short text that travels. Nothing that comes back is believed unseen."""

import base64
import binascii
import json
import re
import reprlib
import zlib
from typing import Any, Literal, NoReturn, get_args

Basis = Literal["sefa", "pca", "raw", "own"]
Names = tuple[tuple[str, int, str], ...]  # of directions: basis, number of the slider, name
PREFIX = "SG1"
LONGEST = 50_000  # letters; 1,000 sliders take about 35,000
MOST = 1_000  # sliders, or attributes
FIELDS = ("seed", "truncation", "basis", "number of sliders", "sliders", "choices", "count")
_WHOLE = "this is not a whole share code. Copy it once more, from the first SG1 to the last letter."
_FOREIGN = "this share code was not made by an explorer"


def pack(
    model_id: str,
    seed: int,
    truncation: float,
    basis: str,
    offsets: tuple[float, ...],
    choices: tuple[int, ...],
    count: int,
    names: Names = (),
) -> str:
    """The code of a state; ``unpack`` turns it back. Sliders in the middle take no letters."""
    moved = {index: offset for index, offset in enumerate(offsets) if offset}
    fields = [seed, truncation, basis, len(offsets), moved, choices, count, *([names] if names else [])]
    body = base64.urlsafe_b64encode(json.dumps(fields, separators=(",", ":")).encode()).decode()
    body = f"{model_id}.{body.rstrip('=')}"
    return f"{PREFIX}.{_checksum(body)}.{body}"


def unpack(code: str, model_id: str) -> dict[str, Any]:
    """The values in a code by the name of the field, each of its type; their ranges are for the state.

    Raises:
        ValueError: If the code is damaged, belongs to another model, or holds what ``pack`` never writes.
    """
    whose, fields = _read(code)
    if whose != model_id:
        raise ValueError(
            f"this code belongs to another model or other directions ({whose[:40]}, not {model_id}). "
            "Load the same weights, and give the same directions, as where the code was made."
        )
    try:
        values = json.loads(_decoded(fields), parse_constant=_no_number)
    except (ValueError, RecursionError):  # no JSON, no UTF-8, a number of 5,000 digits, 5,000 brackets
        raise ValueError(f"{_FOREIGN}: it holds no list of numbers.") from None
    if not isinstance(values, list) or len(values) not in (len(FIELDS), len(FIELDS) + 1):
        raise ValueError(f"{_FOREIGN}: {', '.join(FIELDS)} were needed.")
    seed, truncation, basis, sliders, moved, choices, count, *more = values
    _need(_is_whole(seed), "seed", "a whole number", seed)
    _need(_is_number(truncation), "truncation", "a number", truncation)
    _need(basis in get_args(Basis), "basis", f"one of {get_args(Basis)}", basis)
    _need(_is_whole(sliders) and 0 <= sliders <= MOST, "number of sliders", f"0 to {MOST}", sliders)
    listed = isinstance(choices, list) and len(choices) <= MOST and all(map(_is_whole, choices))
    _need(listed, "choices", f"a list of at most {MOST} whole numbers", choices)
    _need(_is_whole(count), "count", "a whole number", count)
    return {
        "seed": seed,
        "truncation": float(truncation),
        "basis": basis,
        "offsets": _offsets(moved, sliders),
        "choices": tuple(choices),
        "count": count,
        "names": _names(more[0]) if more else (),
    }


def _read(code: str) -> tuple[str, str]:
    """Model and packed fields of a code that arrived whole."""
    if not isinstance(code, str) or len(code) > LONGEST:
        raise ValueError(_WHOLE)
    found = re.fullmatch(r"SG1\.([0-9a-f]{8})\.(([^.\s]*)\.([A-Za-z0-9_-]*))", code.strip(), re.ASCII)
    if found is None or not code.isascii() or found[1] != _checksum(found[2]):
        raise ValueError(_WHOLE)
    return found[3], found[4]


def _offsets(moved: object, sliders: int) -> tuple[float, ...]:
    _need(isinstance(moved, dict), "sliders", "pairs of number and offset", moved)
    assert isinstance(moved, dict)
    offsets = [0.0] * sliders
    for index, offset in moved.items():
        place = int(index) if re.fullmatch(r"0|[1-9]\d{0,3}", index, re.ASCII) else sliders
        _need(place < sliders, "sliders", f"numbered 0 to {sliders - 1}", index)
        _need(_is_number(offset), f"slider {index}", "at a number", offset)
        offsets[place] = float(offset)
    return tuple(offsets)


def _names(named: object) -> Names:
    """The last field, which a code has only if directions were named."""
    needed = f"a list of 1 to {MOST} triples of basis, slider and name"
    _need(isinstance(named, list) and 0 < len(named) <= MOST, "names", needed, named)
    assert isinstance(named, list)
    for entry in named:
        fine = isinstance(entry, list) and len(entry) == 3 and isinstance(entry[2], str)
        _need(fine and entry[0] in get_args(Basis) and _is_whole(entry[1]), "names", needed, entry)
    return tuple((basis, number, name) for basis, number, name in named)


def _need(fine: bool, name: str, needed: str, value: object) -> None:
    if not fine:
        raise ValueError(f"{_FOREIGN}: {name} must be {needed}, and {reprlib.repr(value)} came.")


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


def _is_number(value: object) -> bool:
    return _is_whole(value) or isinstance(value, float)


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity, which JSON has not and Python reads


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"


def _decoded(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError(str(error)) from None
