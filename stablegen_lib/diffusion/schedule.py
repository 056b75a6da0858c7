"""How fast a sample drowns in noise: the schedule of a diffusion model."""

import math
from dataclasses import dataclass
from itertools import pairwise

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from stablegen_lib.plumbing.bounds import FREE, at_least, share
from stablegen_lib.plumbing.checks import require_floats
from stablegen_lib.plumbing.doors import door

LEVELS = 1000
CLEAN = -1  # the level below all others: the sample itself


@door(alpha_bar=share())
@dataclass(frozen=True, eq=False)
class NoiseSchedule:
    """How much of the sample is left at each noise level.

    x_t = √ᾱ_t · x0 + √(1 − ᾱ_t) · noise. The squares of both factors add up to 1, so that a sample of
    variance 1 keeps it at every level.

    Attributes:
        alpha_bar: ᾱ_t for each level t, falling; diffusers calls it `alphas_cumprod`.

    Raises:
        ValueError: If the numbers do not fall from at most 1 to at least 0.
    """

    alpha_bar: Float[Tensor, " level"]

    def __post_init__(self) -> None:
        falls = bool((self.alpha_bar.diff() < 0).all())
        if len(self.alpha_bar) < 2 or not falls:
            raise ValueError("two or more numbers that fall, all of them from 0 to 1, were needed.")

    def __len__(self) -> int:
        return len(self.alpha_bar)

    def __repr__(self) -> str:
        return (
            f"NoiseSchedule({len(self)} levels, ᾱ from {self.alpha_bar[0]:.4f} to {self.alpha_bar[-1]:.1e})"
        )

    @classmethod
    @door(first=share(), last=share(), levels=at_least(2))
    def linear(
        cls, first: float | int = 1e-4, last: float | int = 0.02, levels: int = LEVELS
    ) -> "NoiseSchedule":
        """The share of noise added per level grows evenly (Ho et al. 2020, arXiv:2006.11239)."""
        return cls((1 - torch.linspace(first, last, levels)).cumprod(dim=0))

    @classmethod
    def stable_diffusion(cls) -> "NoiseSchedule":
        """Stable Diffusion v1's own: the *root* of the share grows evenly, from 0.00085 to 0.012."""
        return cls((1 - torch.linspace(0.00085**0.5, 0.012**0.5, LEVELS) ** 2).cumprod(dim=0))

    @classmethod
    @door(levels=at_least(2))
    def cosine(cls, levels: int = LEVELS) -> "NoiseSchedule":
        """ᾱ falls like a squared cosine, for small pictures (Nichol, Dhariwal 2021, arXiv:2102.09672)."""
        wanted = [math.cos((t / levels + 0.008) / 1.008 * math.pi / 2) ** 2 for t in range(levels + 1)]
        kept = [max(after / before, 1 - 0.999) for before, after in pairwise(wanted)]
        return cls(torch.tensor(kept).cumprod(dim=0))

    @door(t=FREE)
    def factors(self, t: int | Int64[Tensor, " batch"], like: Tensor) -> tuple[Tensor, Tensor]:
        """√ᾱ_t and √(1 − ᾱ_t), shaped to multiply a batch like this one.

        Raises:
            ValueError: If a level is outside -1 (clean) to the last one.
        """
        require_floats(like=like)
        levels = torch.as_tensor(t)
        if bool((levels < CLEAN).any() or (levels >= len(self)).any()):
            raise ValueError(f"noise levels from -1 to {len(self) - 1} were needed, {t} came.")
        known = self.alpha_bar.to(like.device, like.dtype)
        kept = torch.cat([known, known.new_ones(1)])[levels.to(like.device)]  # [-1] is the clean one
        kept = kept.reshape(-1, *[1] * (like.ndim - 1)) if kept.ndim else kept
        return kept.sqrt(), (1 - kept).sqrt()
