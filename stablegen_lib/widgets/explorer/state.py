"""Where a LatentExplorer stands, in numbers, and as a short code that travels."""

from dataclasses import dataclass, replace
from typing import Any, get_args

from stablegen_lib.widgets.explorer import code as codes
from stablegen_lib.widgets.explorer.code import Basis, Names

COUNTS = (1, 16)  # pictures: one, or a grid
LONGEST_NAME = 24  # letters of a direction's name


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
        _require(_is_whole(self.seed) and 0 <= self.seed < 2**31, "seed", "0 to 2147483647", self.seed)
        _require(0 <= self.truncation <= 2, "truncation", "0 to 2", self.truncation)
        _require(self.basis in get_args(Basis), "basis", f"one of {get_args(Basis)}", self.basis)
        _require(_is_whole(self.count) and self.count in COUNTS, "count", f"one of {COUNTS}", self.count)
        most = max(len(self.offsets), len(self.choices))
        _require(most <= codes.MOST, "sliders and attributes", f"at most {codes.MOST}", most)
        for offset in self.offsets:
            _require(-100 <= offset <= 100, "an offset", "-100 to 100", offset)
        for choice in self.choices:
            _require(_is_whole(choice) and 0 <= choice < 2**31, "a choice", "0 or more", choice)
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
        numbers = self.seed, self.truncation, self.basis, self.offsets, self.choices, self.count
        return codes.pack(model_id, *numbers, self.names)

    @classmethod
    def decode(cls, code: str, model_id: str) -> "ExplorerState":
        """The state of a code.

        Raises:
            ValueError: If the code is damaged, belongs to another model, or holds what no state can be.
        """
        return cls(**codes.unpack(code, model_id))


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _require(fine: bool, name: str, needed: str, value: Any) -> None:
    if not fine:  # NaN lands here too
        huge = isinstance(value, int) and abs(value) >= 2**63  # Python may refuse to print it
        raise ValueError(f"{name} must be {needed}, and {'a larger number' if huge else repr(value)} came.")
