"""How the learning rate moves in a run: it rises while Adam gets to know the gradients, and then falls."""

from torch.optim import Optimizer
from torch.optim.lr_scheduler import OneCycleLR

RISE = 0.1  # share of the steps in which `one_cycle` rises
WARM_UP = 200  # steps in which `learning_rate_factor` rises
DECAY = 0.2  # share of the run in which it falls to 0


def one_cycle(optimizer: Optimizer, highest: float | int, steps: int) -> OneCycleLR:
    """Along half a cosine up to the highest rate in the first tenth of the steps, then down to nearly 0.

    >>> from torch import nn, optim
    >>> adam = optim.AdamW(nn.Linear(1, 1).parameters())
    >>> rates = one_cycle(adam, highest=0.01, steps=3)
    >>> for _ in range(3):
    ...     print(f"{adam.param_groups[0]['lr']:.4f}")
    ...     adam.step(); rates.step()
    0.0004
    0.0100
    0.0000

    Args:
        optimizer: Adam or a relative: its memory of gradients is shorter while the rate is high.
        highest: The rate at the peak.
        steps: Of the whole run.

    Source:
        Smith and Topin 2017, arXiv:1708.07120.
    """
    steps = max(steps, 3)
    return OneCycleLR(optimizer, highest, total_steps=steps, pct_start=max(RISE, 2 / steps))


def learning_rate_factor(number: int, steps: int) -> float:
    """Rises, stays at 1, and falls to 0 in the last fifth of the run.

    >>> [learning_rate_factor(number, 1000) for number in (0, 200, 800, 900)]
    [0.005, 1.0, 1.0, 0.5]

    Args:
        number: Steps done so far.
        steps: Of the whole run.
    """
    falling = (steps - number) / max(1, round(DECAY * steps))
    return min(1.0, (number + 1) / WARM_UP, falling)
