"""Directions in a latent space, found three ways, and what they do, measured."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from stablegen_lib.plumbing.bounds import FREE, at_least
from stablegen_lib.plumbing.doors import door

Measure = Callable[[Tensor], dict[str, Tensor]]
CHUNK = 500
USUAL = 8  # directions, where z has so many


@dataclass(frozen=True)
class Effect:
    """What a step along a direction changes.

    Attributes:
        changes: For each attribute: its mean score after a step forward minus that after a step
            back, in standard deviations of that score among random samples.
        target: The attribute that changes most.
        purity: The target's share of all changes, above 0 and up to 1 (nothing else moves).
    """

    changes: dict[str, float]
    target: str
    purity: float


@torch.no_grad()
@door(count=FREE)
def pca_directions(
    activations: Callable[[Float[Tensor, "count latent"]], Float[Tensor, "count feature"]],
    latent_dim: int,
    *,
    count: int | None = None,
    samples: int = 2000,
    seed: int = 0,
) -> Float[Tensor, "direction latent"]:
    """Directions along which the activations of a generator vary most.

    Random z are sent through the generator up to some layer; the principal components of what
    comes out are carried back to z by least squares.

    Args:
        activations: Maps z to features: a layer's output, or the pixels themselves.
        latent_dim: Length of z.
        count: How many directions, strongest first; 8 when left out, or as many as z has entries.
        samples: How many random z.
        seed: For these z.

    Returns:
        Unit vectors as rows. The entry largest in size is positive, so that machines agree.

    Raises:
        ValueError: If there are not enough samples, or no more than ``latent_dim`` directions fit.

    Source:
        Härkönen et al. 2020, arXiv:2004.02546 (GANSpace).
    """
    count = min(USUAL, latent_dim) if count is None else count
    if not 1 <= count <= latent_dim or samples <= latent_dim:
        raise ValueError(
            f"1 to {latent_dim} directions and more samples than that were needed; "
            f"count={count} and samples={samples} came."
        )
    z = torch.randn(samples, latent_dim, generator=torch.Generator().manual_seed(seed))
    network = inspect.unwrap(activations)
    weights = network.parameters() if isinstance(network, nn.Module) else ()
    device = next(iter(weights), z).device  # a layer cut out of a network does not bring its input along
    features = torch.cat([activations(part.to(device)).flatten(1).cpu() for part in torch.split(z, CHUNK)])
    features = features.double()
    features = features - features.mean(dim=0)
    _, _, components = torch.linalg.svd(features, full_matrices=False)
    coordinates = features @ components[:count].T
    back = torch.linalg.lstsq(coordinates, z.double() - z.double().mean(dim=0)).solution
    return _signed(nn.functional.normalize(back, dim=1)).float()


@door(count=FREE)
def factorised_directions(
    weight: Float[Tensor, "hidden latent"], count: int | None = None
) -> Float[Tensor, "direction latent"]:
    """Directions that the first layer stretches most: no sample and no label is needed.

    Args:
        weight: The layer's weight, only the columns that meet z (``Generator.latent_weight``).
        count: How many directions, strongest first; 8 when left out, or as many as z has entries.

    Returns:
        Orthonormal rows: eigenvectors of the weight's Gram matrix, largest eigenvalue first. The
        entry largest in size is positive.

    Raises:
        ValueError: If fewer than one or more than ``latent`` directions are asked for.

    Source:
        Shen and Zhou 2021, arXiv:2007.06600 (SeFa).
    """
    count = min(USUAL, weight.shape[1]) if count is None else count
    if not 1 <= count <= weight.shape[1]:
        raise ValueError(f"1 to {weight.shape[1]} directions were needed, and {count} came.")
    exact = weight.detach().cpu().double()
    _, vectors = torch.linalg.eigh(exact.T @ exact)  # eigenvalues come in rising order
    return _signed(vectors.flip(1)[:, :count].T).float()


@torch.enable_grad()
@door()
def attribute_direction(
    z: Float[Tensor, "count latent"], labels: Bool[Tensor, " count"]
) -> Float[Tensor, " latent"]:
    """The direction that leads from samples without an attribute to samples with it.

    A logistic regression tells the two kinds apart from z alone; its boundary is a plane, and
    the direction is that plane's normal.

    Args:
        z: Latent vectors whose samples were labelled.
        labels: Whether the sample has the attribute.

    Returns:
        A unit vector; it points towards the samples with the attribute.

    Raises:
        ValueError: If one of the two kinds is missing.

    Source:
        Shen et al. 2020, arXiv:1907.10786 (InterFaceGAN), with a logistic regression for their
        support vector machine.
    """
    if bool(labels.all()) or not bool(labels.any()):
        raise ValueError(
            f"samples of both kinds were needed, and all {len(labels)} are {bool(labels.all())}. Draw more."
        )
    slope = torch.zeros(z.shape[1], dtype=torch.float64, requires_grad=True)
    offset = torch.zeros((), dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([slope, offset], max_iter=100, line_search_fn="strong_wolfe")
    inputs, targets = z.detach().cpu().double(), labels.cpu().double()

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = nn.functional.binary_cross_entropy_with_logits(inputs @ slope + offset, targets)
        loss = loss + 1e-3 * slope.square().sum()  # keeps the slope finite when the kinds separate fully
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    return nn.functional.normalize(slope.detach(), dim=0).float()


@torch.no_grad()
@door(distance=FREE, count=at_least(2))
def effect(
    generate: Callable[[Float[Tensor, "count latent"]], Float[Tensor, "count ..."]],
    direction: Float[Tensor, " latent"],
    measure: Measure,
    *,
    distance: float | int = 2.0,
    count: int = 256,
    seed: int = 0,
) -> Effect:
    """What changes along a direction, and what else moves along with it.

    Args:
        generate: Maps z to samples.
        direction: Is used at length 1.
        measure: Maps samples to one score per sample and attribute, for instance a classifier's
            probabilities.
        distance: Length of the step forward, and of the step back; z itself is about
            sqrt(latent) long.
        count: How many random z are moved.
        seed: For these z.

    Raises:
        ValueError: If the direction is zero, or nothing changes along it.
    """
    if not bool(direction.norm() > 0):
        raise ValueError("a direction other than zero was needed.")
    z = torch.randn(count, len(direction), generator=torch.Generator().manual_seed(seed))
    step = distance * direction / direction.norm()
    here, forward, back = (measure(generate(moved)) for moved in (z, z + step, z - step))
    changes = {
        name: float((forward[name].mean() - back[name].mean()) / here[name].std().clamp(min=1e-6))
        for name in here
    }
    total = sum(abs(change) for change in changes.values())
    if not total > 0:
        raise ValueError("nothing changes along this direction: a longer distance, or another measure?")
    target = max(changes, key=lambda name: abs(changes[name]))
    return Effect(changes, target, abs(changes[target]) / total)


@door()
def arithmetic(
    plus: Sequence[Float[Tensor, "_ latent"]], minus: Sequence[Float[Tensor, "_ latent"]] = ()
) -> Float[Tensor, " latent"]:
    """Sum and difference of the mean latents of groups: "smiling woman − woman + man".

    Args:
        plus: Groups whose means are added; average several z per group, one alone is too noisy.
        minus: Groups whose means are taken away.

    Raises:
        ValueError: If no group is given to add, or one is empty.

    Source:
        Radford et al. 2015, arXiv:1511.06434, who average three vectors per group.
    """
    if not plus:
        raise ValueError("at least one group to add was needed, and none came.")
    total = sum((group.mean(dim=0) for group in plus), torch.zeros_like(plus[0][0]))
    return total - sum((group.mean(dim=0) for group in minus), torch.zeros_like(total))


def _signed(rows: Tensor) -> Tensor:
    largest = rows.gather(1, rows.abs().argmax(dim=1, keepdim=True))
    return rows * largest.sign()
