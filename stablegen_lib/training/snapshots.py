"""One training run as a film: what the same z looked like, step by step, and the losses.

Beside the loop of your own:

    snapshots = Snapshots(conditions=faces.conditions[:16], seed=0)
    for step in training.train(model, faces, steps=1000):
        snapshots.record(model, step)
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from stablegen_lib.data.pixels import to_bytes
from stablegen_lib.plumbing.bounds import above
from stablegen_lib.plumbing.doors import door
from stablegen_lib.plumbing.files import FileProblem, named
from stablegen_lib.plumbing.header import Header
from stablegen_lib.plumbing.tensors import read_tensors, write_tensors

FORMAT = "stablegen-snapshots-1"


@runtime_checkable
class _Model(Protocol):
    def sample(self, *, conditions: Tensor, seed: int) -> Tensor: ...


@runtime_checkable
class _Step(Protocol):
    @property
    def number(self) -> int: ...
    @property
    def discriminator_loss(self) -> float: ...
    @property
    def generator_loss(self) -> float: ...


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The pictures after one step."""

    number: int
    images: UInt8[Tensor, "count channel height width"]


class Snapshots:
    """Keeps pictures of a run at growing distances, and every step's losses.

    Early steps change much and late ones little, so the distance grows with the step number.

    Args:
        conditions: x, one row per picture; pictures without a condition need rows of length 0.
        seed: Decides z, which stays the same throughout.
        growth: The next picture is kept when the step number has grown by this factor.
    """

    @door(growth=above(1))
    def __init__(
        self, *, conditions: Float[Tensor, "count condition"], seed: int = 0, growth: float = 1.1
    ) -> None:
        self.conditions, self.seed, self.growth = conditions, seed, growth
        self.snapshots: list[Snapshot] = []
        self.losses: list[tuple[int, float, float]] = []  # step number, D's, G's

    def __len__(self) -> int:
        return len(self.snapshots)

    def __repr__(self) -> str:
        last = self.snapshots[-1].number if self.snapshots else 0
        return f"Snapshots({len(self)} of {len(self.conditions)} pictures each, up to step {last})"

    @door()
    def record(self, model: _Model, step: _Step) -> None:
        """Call it with every step; most calls only note the losses.

        Raises:
            ValueError: If the step does not come after the ones before.
        """
        if self.losses and step.number <= self.losses[-1][0]:
            raise ValueError(
                f"a step after {self.losses[-1][0]} was needed, and {step.number} came. "
                "Begin new Snapshots for a new run."
            )
        self.losses.append((step.number, step.discriminator_loss, step.generator_loss))
        due = math.ceil(self.snapshots[-1].number * self.growth) if self.snapshots else 0
        if step.number >= due:
            self._keep(model, step.number)

    @door()
    def finish(self, model: _Model) -> "Snapshots":
        """Keeps the last step's pictures too, if they are not kept yet."""
        if self.losses and self.losses[-1][0] != self.snapshots[-1].number:
            self._keep(model, self.losses[-1][0])
        return self

    def save(self, path: str | Path) -> None:
        """Writes one safetensors file that ``load`` reads back."""
        self._require_some()
        tensors = {
            "images": torch.stack([shot.images for shot in self.snapshots]),
            "numbers": torch.tensor([shot.number for shot in self.snapshots]),
            "losses": torch.tensor(self.losses, dtype=torch.float64),
            "conditions": self.conditions,
        }
        write_tensors(named(path), tensors, {"format": FORMAT, "seed": self.seed, "growth": self.growth})

    @classmethod
    def load(cls, path: str | Path) -> "Snapshots":
        """What ``save`` wrote.

        Raises:
            FileNotFoundError: If there is no such file.
            ValueError: If the file is truncated, changed, or holds something else.
        """
        tensors, description = read_tensors(named(path), kind="snapshots", format=FORMAT, needed=_needed)
        loaded = cls(
            conditions=tensors["conditions"], seed=description["seed"], growth=float(description["growth"])
        )
        pairs = zip(tensors["numbers"].tolist(), tensors["images"], strict=True)
        loaded.snapshots = [Snapshot(number, images) for number, images in pairs]
        loaded.losses = [(int(number), d, g) for number, d, g in tensors["losses"].tolist()]
        return loaded

    def _keep(self, model: _Model, number: int) -> None:
        images = model.sample(conditions=self.conditions, seed=self.seed)
        if images.ndim != 4:
            raise ValueError(f"a model that makes pictures was needed; this one makes {tuple(images.shape)}.")
        self.snapshots.append(Snapshot(number, to_bytes(images)))

    def _require_some(self) -> None:
        if not self.snapshots:
            raise ValueError("no step has been recorded yet: call record(model, step) in the training loop.")


def _needed(header: Header) -> dict[str, Tensor]:
    """Shapes that agree with each other: as many pictures as numbers and conditions."""
    description, shapes = header.description, {name: it.shape for name, it in header.tensors.items()}
    sizes = (("images", 5), ("numbers", 1), ("losses", 2), ("conditions", 2))
    seed, growth = description.get("seed"), description.get("growth")
    numbers = type(seed) is int and isinstance(growth, int | float) and 1 < growth <= 1e6
    if not numbers or any(len(shapes.get(name, ())) != length for name, length in sizes):
        raise FileProblem(f"{header.path} holds no whole snapshots. Restore it, or record them again.")
    shots, rows = len(header.tensors["numbers"]), len(header.tensors["conditions"])
    needed = {
        "images": ((shots, rows, *shapes["images"][2:]), torch.uint8),
        "numbers": ((shots,), torch.int64),
        "losses": ((len(header.tensors["losses"]), 3), torch.float64),
        "conditions": (shapes["conditions"], torch.float32),
    }
    return {name: torch.empty(shape, dtype=kind, device="meta") for name, (shape, kind) in needed.items()}
