"""How much of a mixture of Gaussians did a generator learn? Modes found, and samples on a mode.

The two belong together: a cloud over everything finds every mode with hardly a sample on one,
and a collapsed generator puts every sample on a single mode.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from stablegen_lib.plumbing.bounds import above
from stablegen_lib.plumbing.doors import door

NEAR = 3.0  # standard deviations


@dataclass(frozen=True)
class ModeScores:
    """What ``mode_scores`` found.

    Attributes:
        captured: Modes with enough samples near them.
        modes: All modes.
        on_mode_mass: Share of the samples that lie near a mode, in [0, 1].
    """

    captured: int
    modes: int
    on_mode_mass: float

    @property
    def coverage(self) -> float:
        """Captured modes as a share of all, in [0, 1]."""
        return self.captured / self.modes


@door(standard_deviation=above(0))
def mode_scores(
    samples: Float[Tensor, "count 2"],
    *,
    centres: Float[Tensor, "mode 2"],
    standard_deviation: float | int,
    least: int = 1,
) -> ModeScores:
    """Counts the modes that have samples, and the samples that have a mode.

    A sample is near a mode within three standard deviations of the nearest centre. Of a round
    Gaussian in the plane itself, 1 − exp(−4.5) = 98.9 % lie that near: no generator needs more.

    Args:
        samples: Generated points. The paper takes 2,500: with fewer, rare modes look lost.
        centres: The mean of every Gaussian.
        standard_deviation: Of every Gaussian, along each axis, in the units of the plane.
        least: How many samples near it a mode needs to count; 1 in the paper.

    Raises:
        ValueError: If there is no sample or no centre, a number is not finite, or the standard deviation
            is not above 0.

    Source:
        Srivastava et al. 2017, arXiv:1705.07761 (VEEGAN), the measures for the synthetic sets.
    """
    distance, nearest = _distances(samples, centres).min(dim=1)
    near = distance <= NEAR * standard_deviation
    found = torch.bincount(nearest[near], minlength=len(centres))
    return ModeScores(int((found >= least).sum()), len(centres), float(near.float().mean()))


@door()
def reverse_kl(
    samples: Float[Tensor, "count 2"],
    *,
    centres: Float[Tensor, "mode 2"],
    shares: Float[Tensor, " mode"] | None = None,
) -> float:
    """How unevenly the samples use the modes: KL(generated || true) over the nearest modes, in nats.

    0 when every mode gets its share; log(modes) when one mode gets everything. With n samples even
    perfect ones have about (modes − 1) / (2n). It sees a mode that is too rare but not lost, and it
    does not see how far from its mode a sample lies: print `mode_scores` with it.

    Args:
        samples: Generated points; each counts for the centre that is nearest, however far.
        centres: The mean of every Gaussian.
        shares: True probability of each mode; equal ones when left out.

    Raises:
        ValueError: If there is no sample or no centre, a number is not finite, or the shares do not fit.

    Source:
        Lin et al. 2018, arXiv:1712.04086 (PacGAN), their measure for the ring and the grid.
    """
    counts = torch.bincount(_distances(samples, centres).argmin(dim=1), minlength=len(centres))
    return divergence(counts, shares)


@door()
def divergence(counts: Int[Tensor, " mode"], shares: Float[Tensor, " mode"] | None = None) -> float:
    """KL(counted || true) in nats, from the number of samples in each mode.

    Raises:
        ValueError: If nothing was counted, a count is below 0, or the shares are no probabilities above 0
            that add up to 1.
    """
    if not (float(counts.sum()) > 0 and bool((counts >= 0).all())):
        raise ValueError(f"counts of at least 0, not all of them 0, were needed; {counts.tolist()} came.")
    true = (
        torch.full((len(counts),), 1 / len(counts), dtype=torch.float64)
        if shares is None
        else shares.double()
    )
    fits = true.shape == counts.shape and bool((true > 0).all()) and abs(float(true.sum()) - 1) < 1e-4
    if not fits:
        raise ValueError("one true share above 0 for each mode was needed, adding up to 1.")
    found = counts.double() / counts.sum()
    return float(torch.special.xlogy(found, found / true).sum())


def _distances(
    samples: Float[Tensor, "count 2"], centres: Float[Tensor, "mode 2"]
) -> Float[Tensor, "count mode"]:
    """From every sample to every centre; the fast way over a matrix product would lose digits."""
    exact = "donot_use_mm_for_euclid_dist"
    return torch.cdist(samples.double(), centres.double(), compute_mode=exact)
