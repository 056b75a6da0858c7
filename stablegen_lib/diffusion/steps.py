"""Adding noise and taking it away, one step at a time.

Noise levels t count from 0 (hardly any noise) to 999 (hardly anything else); -1 means no noise at all.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from stablegen_lib.diffusion.schedule import CLEAN, NoiseSchedule
from stablegen_lib.plumbing.bounds import FREE, at_least
from stablegen_lib.plumbing.doors import door

Predictor = Callable[[Tensor, Tensor], Tensor]  # (x_t, t of each sample) -> predicted noise


@door(t=at_least(CLEAN))
def add_noise(
    schedule: NoiseSchedule,
    x0: Float[Tensor, " batch *shape"],
    *,
    noise: Float[Tensor, " batch *shape"],
    t: int | Int64[Tensor, " batch"],
) -> Float[Tensor, " batch *shape"]:
    """x_t: the sample with so much noise, in one step, whatever the level."""
    kept, added = schedule.factors(t, x0)
    return kept * x0 + added * noise


@door(t=at_least(CLEAN))
def x0_from_noise(
    schedule: NoiseSchedule,
    x_t: Float[Tensor, " batch *shape"],
    *,
    noise: Float[Tensor, " batch *shape"],
    t: int | Int64[Tensor, " batch"],
) -> Float[Tensor, " batch *shape"]:
    """The sample, if this was the noise: `add_noise` solved for x0.

    Near the last level it divides by almost 0, so that a small error in the noise becomes a large one.

    Raises:
        ValueError: If nothing of the sample is left at this level.
    """
    kept, added = schedule.factors(t, x_t)
    if not bool((kept > 0).all()):
        raise ValueError(f"nothing of the sample is left at level {t}: it cannot be found from the noise.")
    return (x_t - added * noise) / kept


@door(t=at_least(0))
def noise_from_x0(
    schedule: NoiseSchedule,
    x_t: Float[Tensor, " batch *shape"],
    *,
    x0: Float[Tensor, " batch *shape"],
    t: int | Int64[Tensor, " batch"],
) -> Float[Tensor, " batch *shape"]:
    """The noise, if this was the sample: `add_noise` solved for the noise.

    Raises:
        ValueError: If there is none at this level.
    """
    kept, added = schedule.factors(t, x_t)
    if not bool((added > 0).all()):
        raise ValueError(f"there is no noise at level {t}: it cannot be found from the sample.")
    return (x_t - kept * x0) / added


@door(t=at_least(CLEAN))
def velocity(
    schedule: NoiseSchedule,
    x0: Float[Tensor, " batch *shape"],
    *,
    noise: Float[Tensor, " batch *shape"],
    t: int | Int64[Tensor, " batch"],
) -> Float[Tensor, " batch *shape"]:
    """A third thing to predict, well behaved at both ends: v = √ᾱ · noise − √(1 − ᾱ) · x0.

    Source:
        Salimans, Ho 2022, arXiv:2202.00512.
    """
    kept, added = schedule.factors(t, x0)
    return kept * noise - added * x0


@door(t=at_least(CLEAN))
def from_velocity(
    schedule: NoiseSchedule,
    x_t: Float[Tensor, " batch *shape"],
    *,
    v: Float[Tensor, " batch *shape"],
    t: int | Int64[Tensor, " batch"],
) -> tuple[Float[Tensor, " batch *shape"], Float[Tensor, " batch *shape"]]:
    """x0 and the noise that belong to a velocity; divides by nothing."""
    kept, added = schedule.factors(t, x_t)
    return kept * x_t - added * v, added * x_t + kept * v


@door(to=at_least(CLEAN))
def ddim_step(
    schedule: NoiseSchedule,
    *,
    x0: Float[Tensor, " batch *shape"],
    noise: Float[Tensor, " batch *shape"],
    to: int,
) -> Float[Tensor, " batch *shape"]:
    """Go to another level along the straight line that x0 and noise span; nothing is random.

    Upwards it turns a sample back into its noise (inversion).

    Source:
        Song, Meng, Ermon 2021, arXiv:2010.02502, with η = 0.
    """
    return add_noise(schedule, x0, noise=noise, t=to)


@door(t=at_least(0), to=at_least(CLEAN))
def ddpm_step(
    schedule: NoiseSchedule,
    x_t: Float[Tensor, " batch *shape"],
    *,
    x0: Float[Tensor, " batch *shape"],
    fresh: Float[Tensor, " batch *shape"],
    t: int,
    to: int,
) -> Float[Tensor, " batch *shape"]:
    """Draw the less noisy sample given x_t and the predicted x0: partly new noise at every step.

    Args:
        schedule: Of the noise.
        x_t: Where we are.
        x0: What the network believes the sample to be.
        fresh: N(0, I), drawn for this step.
        t: The present level.
        to: The next one, lower.

    Raises:
        ValueError: If it is not lower.

    Source:
        Ho, Jain, Abbeel 2020, arXiv:2006.11239: the posterior q(x_{t−1} | x_t, x0).
    """
    if to >= t:
        raise ValueError(f"a level below t={t} was needed to go to, and {to} came.")
    (kept, added), (kept_to, added_to) = schedule.factors(t, x_t), schedule.factors(to, x_t)
    step = kept / kept_to  # √α of the levels in between
    spread = 1 - step**2
    mean = (kept_to * spread * x0 + step * added_to**2 * x_t) / added**2
    return mean + (added_to / added) * spread.sqrt() * fresh


@door(scale=FREE)
def guided(
    *,
    prompted: Float[Tensor, " batch *shape"],
    unprompted: Float[Tensor, " batch *shape"],
    scale: float | int,
) -> Float[Tensor, " batch *shape"]:
    """Classifier-free guidance: go on in the direction in which the prompt changes the prediction.

    0 ignores the prompt, 1 is the plain prediction, more exaggerates. It may be given noise, x0 or
    velocity: all are linear in each other.

    Source:
        Ho, Salimans 2022, arXiv:2207.12598; the scale counts as in diffusers.
    """
    return unprompted + scale * (prompted - unprompted)


@door(steps=FREE)
def visited_levels(schedule: NoiseSchedule, steps: int) -> list[int]:
    """The levels of a sampling run, from the last one downwards, evenly spaced ("trailing")."""
    if not 1 <= steps <= len(schedule):
        raise ValueError(f"1 to {len(schedule)} steps were needed, {steps} came.")
    gap = len(schedule) / steps
    return [round(len(schedule) - number * gap) - 1 for number in range(steps)]


@dataclass(frozen=True, eq=False)
class Denoised:
    """One step of a sampling run.

    Attributes:
        t: The level that was left.
        x: The sample afterwards, one level lower.
        x0: What the network believed the finished sample to be.
    """

    t: int
    x: Float[Tensor, " batch *shape"]
    x0: Float[Tensor, " batch *shape"]


@door()
def denoise(
    schedule: NoiseSchedule,
    predict_noise: Predictor,
    start: Float[Tensor, " batch *shape"],
    *,
    steps: int,
    random: torch.Generator | None = None,
) -> Iterator[Denoised]:
    """From pure noise to samples, step by step: DDIM, or with random numbers DDPM.

    Args:
        schedule: The one that the network was trained with. Its last ᾱ should not be too near to 0, or
            a small error in the noise becomes a large one in x0: `stable_diffusion` will do, `cosine` not.
        predict_noise: The network: (x_t, t for each sample) to noise.
        start: N(0, I).
        steps: How many of the levels are visited.
        random: Source of fresh noise; without it nothing is random after the start.
    """
    x, visited = start, visited_levels(schedule, steps)
    for t, to in zip(visited, [*visited[1:], CLEAN], strict=True):
        with torch.no_grad():
            noise = predict_noise(x, torch.full((len(x),), t))
        x0 = x0_from_noise(schedule, x, noise=noise, t=t)
        if random is None:
            x = ddim_step(schedule, x0=x0, noise=noise, to=to)
        else:
            fresh = torch.randn(x.shape, generator=random)
            x = ddpm_step(schedule, x, x0=x0, fresh=fresh, t=t, to=to)
        yield Denoised(t, x, x0)
