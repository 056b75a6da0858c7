"""From a state of the LatentExplorer to pictures: which x, which z, which directions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import Any, Protocol, runtime_checkable

import torch
from jaxtyping import Float
from torch import Tensor

from stablegen_lib import data, latent
from stablegen_lib.widgets.choices import chosen
from stablegen_lib.widgets.explorer.code import Basis, Names
from stablegen_lib.widgets.explorer.fingerprint import Fingerprint
from stablegen_lib.widgets.explorer.state import ExplorerState

SAMPLES = 1000  # pictures that the PCA looks at


@runtime_checkable
class PictureModel(Protocol):
    """What can be explored: any generator with latent vectors, for instance a ``StableGen``."""

    latent_dim: int
    condition_names: tuple[str, ...]

    def sample(self, *, conditions: Tensor | None, z: Tensor) -> Tensor: ...


class Scene:
    """A model, its attributes, and the directions that sliders can move along.

    Args:
        model: Makes pictures; nothing of it is changed.
        own: Directions of your own by name, each of shape (latent_dim,).
        sliders: How many directions of each other basis.

    Raises:
        TypeError: If this is no model.
        ValueError: If the model makes no pictures, or a direction does not fit it.
    """

    def __init__(self, model: PictureModel, own: Mapping[str, Tensor], sliders: int) -> None:
        if not isinstance(model, PictureModel):
            raise TypeError(
                "a model with sample, latent_dim and condition_names was needed, for instance a StableGen; "
                f"{type(model).__name__} came."
            )
        if not 1 <= sliders <= model.latent_dim:
            raise ValueError(f"1 to {model.latent_dim} sliders were needed, and {sliders} came.")
        self.model, self.own = model, {name: _fitting(name, row, model) for name, row in own.items()}
        self.sliders = sliders
        self.groups = data.condition_groups(model.condition_names)
        self.values = data.condition_values(model.condition_names)
        self._bases: dict[Basis, Tensor] = {}
        self._based_on: object = None
        self._known = Fingerprint(model, self.own)
        start = self.start()
        picture = self._pictures(self.conditions(start), self.latents(start))
        if picture.ndim != 4:
            raise ValueError(
                f"a model that makes pictures was needed; this one makes {tuple(picture.shape)}."
            )

    @property
    def model_id(self) -> str:
        """Says which weights, attributes and directions of your own these are, at this moment."""
        return self._known.of(lambda: self.images(self.start()))

    @property
    def bases(self) -> list[Basis]:
        """What sliders can move here; the first is the one to begin with."""
        sefa: list[Basis] = ["sefa"] if _latent_weight(self.model) is not None else []
        return [*(["own"] if self.own else []), *sefa, "pca", "raw"]  # type: ignore[list-item]

    def start(self, *, count: int = 1, seed: int = 0) -> ExplorerState:
        """All sliders in the middle, the first value of each attribute."""
        state = ExplorerState(seed, 1.0, self.bases[0], (), (0,) * len(self.groups), count)
        return self.with_basis(state, self.bases[0])

    def with_basis(self, state: ExplorerState, basis: Basis) -> ExplorerState:
        """Other sliders, all of them in the middle."""
        if basis not in self.bases:
            raise ValueError(f"the sliders of this model can move {self.bases}, and {basis!r} came.")
        return replace(state, basis=basis, offsets=(0.0,) * len(self.labels(basis)))

    def labels(self, basis: Basis, names: Names = ()) -> list[str]:
        """What stands beside each slider: its name, or its number where nobody has named it."""
        if basis == "own":
            labels = list(self.own)
        else:
            labels = [f"z[{i}]" if basis == "raw" else f"direction {i + 1}" for i in range(self.sliders)]
        known = {number: name for whose, number, name in names if whose == basis}
        return [known.get(number, label) for number, label in enumerate(labels)]

    def with_choices(self, state: ExplorerState, values: Mapping[str, str]) -> ExplorerState:
        """With other attributes asked for.

        Raises:
            ValueError: If an attribute or value is unknown; the message lists the known ones.
        """
        return replace(state, choices=chosen(self.values, state.choices, values))

    def changed(self, state: ExplorerState, what: str, value: Any) -> ExplorerState:
        """With one thing changed: a field of the state, "offset 3", "choice 0" or "name 2"."""
        field, _, number = what.partition(" ")
        if field == "offset":
            return state.moved(int(number), float(value))
        if field == "choice":
            choices = list(state.choices)
            choices[int(number)] = value
            return replace(state, choices=tuple(choices))
        if field == "name":
            return self._renamed(state, int(number), value)
        if field == "basis":
            return self.with_basis(state, value)
        values: dict[str, Any] = {field: float(value) if field == "truncation" else value}
        return replace(state, **values)

    def _renamed(self, state: ExplorerState, slider: int, name: str) -> ExplorerState:
        labels = self.labels(state.basis, state.names)
        if name.strip() in (*labels[:slider], *labels[slider + 1 :]):
            raise ValueError(f"each slider needs a name of its own, and {name.strip()!r} is taken.")
        return state.named(slider, name)

    def checked(self, state: ExplorerState) -> ExplorerState:
        """The state itself, if it fits this model; else a ValueError."""
        if state.basis not in self.bases or len(state.offsets) != len(self.labels(state.basis)):
            raise ValueError(
                f"this state needs {len(state.offsets)} sliders of the kind {state.basis!r}, which this "
                f"explorer has not. Make one with sliders={len(state.offsets)}."
            )
        if len(state.choices) != len(self.groups):
            raise ValueError(
                f"this model has {len(self.groups)} attributes, and the state chooses {len(state.choices)}."
            )
        return state

    def words(self, state: ExplorerState) -> str:
        """A state in words, for readers who cannot see it."""
        chosen = [
            f"{attribute} {values[choice]}"
            for (attribute, values), choice in zip(self.values.items(), state.choices, strict=True)
        ]
        moved = [
            f"{label} at {offset:+g}"
            for label, offset in zip(self.labels(state.basis, state.names), state.offsets, strict=True)
            if offset
        ]
        what = "One picture" if state.count == 1 else f"{state.count} pictures"
        parts = [f"{what}, seed {state.seed}, truncation {state.truncation:g}", *chosen, *moved]
        return "; ".join(parts) + "."

    def directions(self, basis: Basis) -> Float[Tensor, "direction latent"]:
        """One row for each slider; computed once for the same weights."""
        weights = self._known.weights_now()
        if self._based_on != weights:
            self._bases, self._based_on = {}, weights
        if basis not in self._bases:
            self._bases[basis] = self._compute(basis)
        return self._bases[basis]

    def conditions(self, state: ExplorerState) -> Float[Tensor, "count condition"]:
        """x: one-hot within each attribute, the same for every picture.

        Raises:
            ValueError: If a choice does not fit the model.
        """
        x = torch.zeros(len(self.model.condition_names))
        for (attribute, columns), choice in zip(self.groups.items(), state.choices, strict=True):
            if not 0 <= choice < columns.stop - columns.start:
                listed = ", ".join(self.values[attribute])
                raise ValueError(f"{attribute} can be {listed}; number {choice} was asked for.")
            x[columns.start + choice] = 1
        return x.repeat(state.count, 1)

    def latents(self, state: ExplorerState) -> Float[Tensor, "count latent"]:
        """z: drawn by seed, truncated, then moved along the directions."""
        drawn = _drawn(state.seed, state.count, self.model.latent_dim)
        z = latent.truncate(drawn, state.truncation)
        if any(state.offsets):
            z = z + torch.tensor(state.offsets) @ self.directions(state.basis)
        return z

    def images(self, state: ExplorerState) -> Float[Tensor, "count channel height width"]:
        """The pictures of a state."""
        return self._pictures(self.conditions(state), self.latents(state))

    def film(self, states: Sequence[ExplorerState], frames: int) -> list[Tensor]:
        """Pictures on the way through several states: z turns (slerp), x fades from one to the next.

        Raises:
            ValueError: If there are fewer than two states, or fewer frames than states.
        """
        if len(states) < 2 or frames < len(states):
            raise ValueError(
                "two favourites or more, and at least as many frames, were needed; "
                f"{len(states)} and {frames} came."
            )
        count = min(state.count for state in states)
        states = [replace(state, count=count) for state in states]
        pieces = [_share(frames - 1, len(states) - 1, piece) for piece in range(len(states) - 1)]
        film: list[Tensor] = []
        for (start, end), steps in zip(pairwise(states), pieces, strict=True):
            ways = torch.arange(steps) / steps
            xs = latent.lerp(self.conditions(start), self.conditions(end), ways)
            zs = latent.slerp(self.latents(start), self.latents(end), ways)
            film += [self._pictures(x, z) for x, z in zip(xs, zs, strict=True)]
        return [*film, self.images(states[-1])]

    def _pictures(self, x: Tensor, z: Tensor) -> Tensor:
        return self.model.sample(conditions=x if self.groups else None, z=z)

    def _compute(self, basis: Basis) -> Tensor:
        size = self.model.latent_dim
        if basis == "own":
            return torch.stack(list(self.own.values()))
        if basis == "raw":
            return torch.eye(size)[: self.sliders]
        if basis == "sefa":
            return latent.factorised_directions(_latent_weight(self.model), self.sliders)
        x = self.conditions(self.start())[:1]
        pictures = lambda z: self._pictures(x.expand(len(z), -1), z).flatten(1)  # noqa: E731
        return latent.pca_directions(pictures, size, count=self.sliders, samples=SAMPLES)


@lru_cache(maxsize=1)
def _drawn(seed: int, count: int, size: int) -> Tensor:
    """Each picture has a seed of its own; kept, because a dragged slider asks again and again."""
    return torch.cat([latent.draw(1, size, seed=seed + number) for number in range(count)])


def _latent_weight(model: Any) -> Any:
    return getattr(getattr(model, "averaged_generator", None), "latent_weight", None)


def _fitting(name: str, direction: Tensor, model: PictureModel) -> Tensor:
    if tuple(direction.shape) != (model.latent_dim,) or not bool(direction.isfinite().all()):
        raise ValueError(
            f"direction {name!r} must hold {model.latent_dim} finite numbers; its shape is "
            f"{tuple(direction.shape)}."
        )
    return direction.detach().float().cpu()


def _share(steps: int, pieces: int, piece: int) -> int:
    return steps // pieces + (piece < steps % pieces)
