"""Where a LatentExplorer stands, in numbers, and as a short code that travels."""

import base64
import json
import math
import zlib
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

Basis = Literal["sefa", "pca", "raw", "own"]
PREFIX = "SG1"
COUNTS = (1, 16)  # pictures: one, or a grid
LONGEST_NAME = 24  # letters of a direction's name
Names = tuple[tuple[str, int, str], ...]


@dataclass(frozen=True)
class ExplorerState:
    """Everything that decides the picture, apart from the model.

    Attributes:
        seed: The first picture's z is drawn with it, the next ones' with seed + 1, and so on.
        truncation: Factor on z, from 0 (the mean latent) over 1 (as drawn) to 2.
        basis: What the sliders move: "sefa" or "pca" directions, "raw" coordinates, or your "own".
        offsets: How far each slider stands from its middle.
        choices: For each attribute of x the index of the value asked for.
        count: How many pictures: 1 or 16.
        names: What somebody calls directions: basis, number of the slider, name.

    Raises:
        ValueError: If a value is out of its range; the message names it.
    """

    seed: int
    truncation: float
    basis: Basis
    offsets: tuple[float, ...]
    choices: tuple[int, ...]
    count: int
    names: Names = ()

    def __post_init__(self) -> None:
        whole = isinstance(self.seed, int) and not isinstance(self.seed, bool)
        _require(whole and 0 <= self.seed < 2**31, "seed", "0 to 2147483647", self.seed)
        _require(0 <= self.truncation <= 2, "truncation", "0 to 2", self.truncation)
        _require(self.basis in get_args(Basis), "basis", f"one of {get_args(Basis)}", self.basis)
        _require(self.count in COUNTS, "count", f"one of {COUNTS}", self.count)
        for offset in self.offsets:
            _require(math.isfinite(offset) and abs(offset) <= 100, "an offset", "-100 to 100", offset)
        for _, _, name in self.names:
            _require(0 < len(name) <= LONGEST_NAME, "a name", f"1 to {LONGEST_NAME} letters", name)

    def moved(self, index: int, offset: float | int) -> "ExplorerState":
        """With one slider at another place."""
        offsets = list(self.offsets)
        offsets[index] = float(offset)
        return replace(self, offsets=tuple(offsets))

    def named(self, index: int, name: str) -> "ExplorerState":
        """With another name for a slider of the present basis; an empty one takes the name away."""
        others = [entry for entry in self.names if entry[:2] != (self.basis, index)]
        own: Names = ((self.basis, index, name.strip()),) if name.strip() else ()
        return replace(self, names=tuple(sorted((*others, *own))))

    def with_names(self, names: Names) -> "ExplorerState":
        """With these names too; where there are two, the own one stays."""
        merged = {entry[:2]: entry for entry in (*names, *self.names)}
        return replace(self, names=tuple(sorted(merged.values())))

    def encode(self, model_id: str) -> str:
        """A code that ``decode`` turns back into exactly this state.

        Args:
            model_id: Says which model it belongs to; letters and digits.
        """
        moved = {index: offset for index, offset in enumerate(self.offsets) if offset}
        fields: list[Any] = [
            self.seed,
            self.truncation,
            self.basis,
            len(self.offsets),
            moved,
            self.choices,
            self.count,
        ]
        fields += [self.names] if self.names else []  # codes from before there were names end here
        body = base64.urlsafe_b64encode(json.dumps(fields, separators=(",", ":")).encode()).decode()
        body = f"{model_id}.{body.rstrip('=')}"
        return f"{PREFIX}.{_checksum(body)}.{body}"

    @classmethod
    def decode(cls, code: str, model_id: str) -> "ExplorerState":
        """The state of a code.

        Raises:
            ValueError: If the code is damaged, or belongs to another model.
        """
        prefix, _, rest = code.strip().partition(".")
        checksum, _, body = rest.partition(".")
        if prefix != PREFIX or checksum != _checksum(body):
            raise ValueError(
                "this is not a whole share code. Copy it once more, from the first SG1 to the last letter."
            )
        whose, _, fields = body.partition(".")
        if whose != model_id:
            raise ValueError(
                f"this code belongs to another model or other directions ({whose}, not {model_id}). "
                "Load the same weights, and give the same directions, as where the code was made."
            )
        seed, truncation, basis, sliders, moved, choices, count, *more = json.loads(_decoded(fields))
        offsets = tuple(float(moved.get(str(index), 0.0)) for index in range(sliders))
        names = tuple((basis, number, name) for basis, number, name in more[0]) if more else ()
        return cls(seed, float(truncation), basis, offsets, tuple(choices), count, names)


def _require(fine: bool, name: str, needed: str, value: Any) -> None:
    if not fine:  # NaN lands here too
        raise ValueError(f"{name} must be {needed}, and {value!r} came.")


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
