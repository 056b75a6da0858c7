"""The slope penalty: what keeps D from pushing G past the data. Lesson 05 uses it in its recipe."""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

from stablegen_lib.plumbing.checks import came, require_floats


def slope_penalty(
    critic: Callable[[Float[Tensor, "batch ..."]], Float[Tensor, " batch"]],
    samples: Float[Tensor, "batch ..."],
) -> Float[Tensor, ""]:
    """Half the squared slope of the critic at the samples, averaged over the batch.

    At real samples this is the R1 penalty, at generated ones R2. A critic that is steep
    where the data lie keeps pushing the generator past them; charging for the slope makes
    the equilibrium attract.

    Args:
        critic: Maps samples to logits (nats). It must treat samples one by one:
            with batch statistics inside, the slope would mix neighbours.
        samples: Images in [-1, 1] or points. Only read; the slope is taken at a copy.

    Returns:
        Penalty in squared nats per squared unit of the samples; multiply by gamma.

    Raises:
        ValueError: If the batch is empty or of whole numbers, or the critic gives another number of logits.

    Source:
        Mescheder, Geiger, Nowozin 2018, arXiv:1801.04406: R1 and R2, without gamma.
    """
    require_floats(samples=samples)
    if samples.ndim == 0 or len(samples) == 0 or not callable(critic):
        raise ValueError("a critic, which is a function, and samples that are not empty were needed; "
                         f"{came(critic)} and {came(samples)} came.")  # fmt: skip
    with torch.enable_grad():
        samples = samples.detach().requires_grad_(True)
        logits = critic(samples)
        if not isinstance(logits, Tensor) or logits.shape != (len(samples),):
            raise ValueError("a critic with one logit for each sample was needed; "
                             f"{came(logits)} came for {len(samples)} samples.")  # fmt: skip
        (slope,) = torch.autograd.grad(logits.sum(), samples, create_graph=True)
    return 0.5 * slope.float().square().reshape(len(slope), -1).sum(dim=1).mean()


r1_penalty = r2_penalty = slope_penalty
