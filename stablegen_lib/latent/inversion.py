"""From a picture back to its z."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from stablegen_lib.plumbing.bounds import above
from stablegen_lib.plumbing.checks import require_pictures
from stablegen_lib.plumbing.doors import door


@dataclass(frozen=True, eq=False)
class Inversion:
    """What ``invert`` found.

    Attributes:
        z: The best latent vector.
        sample: What the generator makes of it.
        error: Root of the mean squared difference to the target; pixels run from -1 to 1.
        start_errors: The same for the end of each search.
        random_error: The best of as many random z, without any search: what luck alone gives.
        history: The errors of all searches, step by step.
    """

    z: Float[Tensor, " latent"]
    sample: Float[Tensor, "..."]
    error: float
    start_errors: tuple[float, ...]
    random_error: float
    history: Float[Tensor, "step start"]

    def __repr__(self) -> str:
        return f"Inversion(error={self.error:.3f}, random_error={self.random_error:.3f})"


@door(learning_rate=above(0))
def invert(
    generate: Callable[[Float[Tensor, "count latent"]], Float[Tensor, "count ..."]],
    target: Float[Tensor, "..."],
    latent_dim: int,
    *,
    starts: int = 8,
    steps: int = 200,
    learning_rate: float = 0.05,
    prior_weight: float | int = 1e-4,
    seed: int = 0,
    progress: Callable[[Iterable[int]], Iterable[int]] | None = None,
) -> Inversion:
    """Searches the z whose sample is nearest to a target, by gradient descent from several starts.

    Args:
        generate: Maps z to samples and lets gradients through: call the network itself, not
            ``StableGen.sample``.
        target: One sample, in [-1, 1] for pictures.
        latent_dim: Length of z. To search x along with z, let ``generate`` split a longer vector,
            and turn its first part into conditions with ``soft_conditions``.
        starts: Searches side by side, each from another random z; the best one counts.
        steps: Steps of Adam.
        learning_rate: Of Adam, in units of z.
        prior_weight: How much a long z costs, per unit of its mean square; keeps z where a
            normal distribution has its samples.
        seed: For the random starts.
        progress: Wraps the steps, for instance ``tqdm``.

    Raises:
        ValueError: If no gradient comes through, or the target does not look like a sample.

    Source:
        Zhu et al. 2016, arXiv:1609.03552, for the idea to project a photograph onto a GAN.
    """
    if target.ndim > 2:
        require_pictures("target", target)
    first = torch.randn(starts, latent_dim, generator=torch.Generator().manual_seed(seed))
    z, found = descend(
        lambda moved: _errors(generate(moved), target),
        first.to(target.device),
        steps=steps,
        learning_rate=learning_rate,
        prior_weight=prior_weight,
        progress=progress,
    )
    history = [errors.sqrt() for errors in found]
    with torch.no_grad():
        samples = generate(z)
        ends = _errors(samples, target).sqrt()
    best = int(ends.argmin())
    return Inversion(
        z=z[best],
        sample=samples[best],
        error=float(ends[best]),
        start_errors=tuple(ends.tolist()),
        random_error=float(history[0].min()),
        history=torch.stack([*history, ends]),
    )


@torch.enable_grad()
def descend(
    errors_of: Callable[[Float[Tensor, "count latent"]], Float[Tensor, " count"]],
    z: Float[Tensor, "count latent"],
    *,
    steps: int,
    learning_rate: float,
    prior_weight: float | int,
    progress: Callable[[Iterable[int]], Iterable[int]] | None = None,
) -> tuple[Float[Tensor, "count latent"], list[Float[Tensor, " count"]]]:
    """Moves each z by itself to where its error is smaller, with Adam; the search behind ``invert``.

    Args:
        errors_of: Maps z to one error for each, and lets gradients through.
        z: Where to start; stays as it is.
        steps: Steps of Adam.
        learning_rate: Of Adam, in units of z.
        prior_weight: How much a long z costs, per unit of its mean square.
        progress: Wraps the steps, for instance ``tqdm``.

    Returns:
        The moved z, and the errors before each step.

    Raises:
        ValueError: If no gradient comes through.
    """
    moved = z.detach().clone().requires_grad_(True)
    optimizer, history = torch.optim.Adam([moved], lr=learning_rate), []
    for _ in (progress or iter)(range(steps)):
        errors = errors_of(moved)
        if not errors.requires_grad:
            raise ValueError(
                "no gradient comes through generate. Call the network itself, for instance "
                "lambda z: model.averaged_generator(x.expand(len(z), -1), z), not model.sample."
            )
        history.append(errors.detach())
        optimizer.zero_grad()
        (errors + prior_weight * moved.square().mean(dim=1)).sum().backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return moved.detach(), history


@door()
def soft_conditions(
    logits: Float[Tensor, "count condition"], groups: dict[str, slice]
) -> Float[Tensor, "count condition"]:
    """Conditions that a gradient can move: shares that add up to 1 within each attribute.

    Args:
        logits: Any numbers.
        groups: Attribute -> its columns, as in ``ImageSet.groups``; together all columns, in order.

    Raises:
        ValueError: If they are not.
    """
    ends = [0, *(columns.stop for columns in groups.values())]
    if [columns.start for columns in groups.values()] != ends[:-1] or ends[-1] != logits.shape[1]:
        raise ValueError(f"groups must hold the {logits.shape[1]} columns one after the other, and "
                         f"{groups} came.")  # fmt: skip
    return torch.cat([logits[:, columns].softmax(dim=1) for columns in groups.values()], dim=1)


def _errors(samples: Tensor, target: Tensor) -> Tensor:
    """Mean squared difference, one number per sample."""
    if samples.shape[1:] != target.shape:
        raise ValueError(
            f"a target of shape {tuple(samples.shape[1:])} was needed, and {tuple(target.shape)} came."
        )
    return (samples - target.to(samples.device)).flatten(1).square().mean(dim=1)
