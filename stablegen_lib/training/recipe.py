"""A recipe is data: every number that decides how a training run goes, in one frozen place."""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from stablegen_lib.plumbing.bounds import above, at_least
from stablegen_lib.plumbing.checks import number, whole
from stablegen_lib.plumbing.doors import door

Loss = Literal["non_saturating", "minimax", "relativistic"]
Precision = Literal["auto", "float32", "bfloat16"]
MemoryFormat = Literal["contiguous", "channels_last"]
CHANGES = ("colour", "translation", "cutout")  # those that `diff_augment` knows


@dataclass(frozen=True)
class Recipe:
    """How to train: pass one to ``training.train``; change it with ``dataclasses.replace``.

    Args:
        name: Shown in errors and stored beside the weights.
        generator_learning_rate: Adam's step size for G.
        discriminator_learning_rate: Adam's step size for D.
        betas: Adam's memory of gradients and of their squares, each in [0, 1).
        loss: What G minimises, "non_saturating" or "minimax"; "relativistic" compares pairs, for D too.
        mismatch: Also show D real samples under conditions that differ from their own, and call
            those fake (no effect without a condition). Reed et al. 2016, arXiv:1605.05396 (GAN-CLS).
        r1_gamma: Weight of the slope penalty at real samples; 0 switches it off.
        r2_gamma: Weight of the slope penalty at generated samples; 0 switches it off.
        penalty_every: Charge the penalty every so many steps (times that weight, so that the sum stays).
        label_smoothing: D's label for real samples is 1 minus this (generated ones stay at 0); 0 is off.
            Not for the relativistic loss, which has no labels. Salimans et al. 2016, arXiv:1606.03498.
        instance_noise: Standard deviation of the noise on every sample that D sees, at the first step, in
            the units of the samples; 0 switches it off. Sønderby et al. 2016, arXiv:1610.04490.
        instance_noise_steps: The noise falls in a straight line to 0 over so many steps.
        diff_augment: Which random changes every sample undergoes before D sees it, out of "colour",
            "translation" and "cutout"; none switches it off. For pictures only; see ``diff_augment``.
        decay_steps: Over so many steps learning rates and penalties fall by the two factors below, by
            the same share at each step, and stay there; 0 keeps them as they are.
        learning_rate_decay: What is left of both learning rates then, as a factor above 0, at most 1.
        penalty_decay: What is left of both gammas then, likewise.
        averaging_decay: How slowly the averaged generator follows, in [0, 1); 0 makes it a copy.
        batch_size: Real samples per step (and as many generated ones).
        precision: "auto" takes bfloat16 where the processor computes it in hardware.
        memory_format: How pixels lie in memory: "contiguous" (channel by channel) or "channels_last".

    Raises:
        ValueError: If a number is out of its range; the message names it.
    """

    name: str
    generator_learning_rate: float = 1e-3
    discriminator_learning_rate: float = 1e-3
    betas: tuple[float, float] = (0.9, 0.999)
    loss: Loss = "non_saturating"
    mismatch: bool = False
    r1_gamma: float = 0.0
    r2_gamma: float = 0.0
    penalty_every: int = 1
    label_smoothing: float = 0.0
    instance_noise: float = 0.0
    instance_noise_steps: int = 1_000
    diff_augment: tuple[str, ...] = ()
    decay_steps: int = 0
    learning_rate_decay: float = 1.0
    penalty_decay: float = 1.0
    averaging_decay: float = 0.0
    batch_size: int = 64
    precision: Precision = "auto"
    memory_format: MemoryFormat = "contiguous"

    def __post_init__(self) -> None:
        for field in ("generator_learning_rate", "discriminator_learning_rate"):
            self._require(field, lambda rate: _is_number(rate) and rate > 0, "a number above 0")
        for field in ("r1_gamma", "r2_gamma", "instance_noise"):
            self._require(field, lambda gamma: _is_number(gamma) and gamma >= 0, "a number of at least 0")
        for field, least in (("batch_size", 1), ("penalty_every", 1), ("instance_noise_steps", 1),
                             ("decay_steps", 0)):  # fmt: skip
            count = whole(f"Recipe.{field}", getattr(self, field), at_least(least))
            object.__setattr__(self, field, count)  # NumPy's would not fit into JSON
        for field in ("learning_rate_decay", "penalty_decay"):
            self._require(
                field, lambda factor: _is_number(factor) and 0 < factor <= 1, "above 0 and at most 1"
            )
        self._require("name", lambda name: isinstance(name, str), "text")
        self._require("diff_augment", _are_changes, f"a tuple of names out of {CHANGES}")
        self._require("betas", _are_betas, "two numbers, each at least 0 and below 1")
        for field in ("averaging_decay", "label_smoothing"):
            self._require(field, _is_share, "a number of at least 0 and below 1")
        self._require("mismatch", lambda flag: isinstance(flag, bool), "True or False")
        for field, choice in (("loss", Loss), ("precision", Precision), ("memory_format", MemoryFormat)):
            allowed = get_args(choice)
            self._require(field, allowed.__contains__, f"one of {allowed}")
        if self.loss == "relativistic":
            self._require("label_smoothing", lambda share: share == 0, "0 with the relativistic loss")

    def _require(self, field: str, fine: Callable[[Any], bool], needed: str) -> None:
        value = getattr(self, field)
        if not fine(value):
            raise ValueError(f"Recipe.{field} must be {needed}, and {value!r} came.")

    def decayed(self, factor: float, number: int) -> float:
        """The share that is left after so many steps of something that falls to ``factor`` of itself."""
        _require_step(number, factor)
        return float(factor ** min(number / self.decay_steps, 1.0)) if self.decay_steps else 1.0

    def learning_rates(self, number: int) -> tuple[float, float]:
        """G's and D's step size after so many steps."""
        left = self.decayed(self.learning_rate_decay, number)
        return self.generator_learning_rate * left, self.discriminator_learning_rate * left

    def noise_left(self, number: int) -> float:
        """Standard deviation of the instance noise after so many steps."""
        _require_step(number)
        return self.instance_noise * max(0.0, 1 - number / self.instance_noise_steps)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON. ``diff_augment`` stands there only where it is used.

        So runs that were stored before it existed keep their names.
        """
        values = asdict(self)
        return values if self.diff_augment else {k: v for k, v in values.items() if k != "diff_augment"}

    @classmethod
    @door()
    def from_dict(cls, values: dict[str, Any]) -> "Recipe":
        """The inverse of ``as_dict``."""
        if unknown := values.keys() - cls.__dataclass_fields__.keys():
            raise ValueError(f"a recipe has no {sorted(map(str, unknown))}; it has "
                             f"{', '.join(cls.__dataclass_fields__)}.")  # fmt: skip
        if "name" not in values:
            raise ValueError("a recipe needs a name, and none came.")
        pairs: dict[str, Any] = {
            name: tuple(values[name])
            for name in ("betas", "diff_augment")
            if isinstance(values.get(name), list)
        }
        return cls(**{**values, **pairs})


def _require_step(at: object, factor: object = 1.0) -> None:
    """Quick where all is well: the loop asks at every step."""
    if type(at) is not int or at < 0 or type(factor) not in (int, float) or not 0 < factor <= 1:  # type: ignore[operator]
        whole("number", at, at_least(0))
        number("factor", factor, above(0, 1))


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False  # numpy's float32 would not fit into JSON
    return math.isfinite(value)


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and 0 <= value < 1


def _are_changes(value: Any) -> bool:
    known = isinstance(value, tuple) and all(change in CHANGES for change in value)
    return known and len(set(value)) == len(value)


def _are_betas(value: object) -> bool:
    return isinstance(value, tuple | list) and len(value) == 2 and all(map(_is_share, value))


ARTICLE = Recipe(name="article", batch_size=128)
"""The article's own: Adam with its default betas, learning rate 0.001 for both, plain log-loss."""

STABLE = Recipe(
    name="stable",
    betas=(0.0, 0.99),
    mismatch=True,
    r1_gamma=0.5,
    penalty_every=4,
    averaging_decay=0.995,
    batch_size=128,
)
"""Ours for pictures, and the default. Lesson 05 compares the two; lesson 07 takes it apart."""

STABLE_POINTS = Recipe(
    name="annealed",
    generator_learning_rate=3e-3,
    discriminator_learning_rate=3e-3,
    betas=(0.0, 0.99),
    loss="relativistic",
    r1_gamma=1.0,
    r2_gamma=1.0,
    decay_steps=12_000,
    learning_rate_decay=0.05,
    penalty_decay=0.002,
    averaging_decay=0.995,
    batch_size=256,
    precision="float32",
)
"""Ours for points in the plane, for networks with ``depth=4, waves=32``. The penalties keep G from
collapsing, the falling learning rate lets it come to rest; that the penalties fall too makes no difference
that we could measure (lesson 07). Set ``decay_steps`` to the length of your run. In bfloat16, numbers near
2 are 0.016 apart: too coarse for narrow modes."""
