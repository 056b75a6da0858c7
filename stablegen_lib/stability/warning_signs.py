"""What a learner can watch while a run goes: D's accuracy, gradient norms, and a collapse detector."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


def discriminator_accuracy(
    *, real_logits: Float[Tensor, " real"], fake_logits: Float[Tensor, " fake"]
) -> float:
    """Share of samples that D calls rightly, real ones and generated ones counted alike.

    Near 1 for long, D has won and G learns little; 0.5 is the tie, reached by good samples or by a
    D that has not learnt anything. A logit of exactly 0 counts half.

    Raises:
        ValueError: If either batch is empty, or a logit is NaN.
    """
    if len(real_logits) == 0 or len(fake_logits) == 0:
        raise ValueError(f"logits of both kinds were needed; {len(real_logits)} and {len(fake_logits)} came.")
    if bool(real_logits.isnan().any() or fake_logits.isnan().any()):
        raise ValueError("logits were needed, and NaN came. Did training blow up?")
    rights = [(logits.sign().float().mean().item() + 1) / 2 for logits in (real_logits, -fake_logits.float())]
    return sum(rights) / 2


def gradient_norm(network: nn.Module) -> float:
    """Length of the gradient that the last ``backward`` left in this network, over all its weights.

    In ``training.train`` each network's gradient stays until its next turn, so that it can be read
    between two steps. D's last gradient includes the penalties. NaN and infinity are passed on.

    Raises:
        ValueError: If there is no gradient yet.
    """
    gradients = [parameter.grad for parameter in network.parameters() if parameter.grad is not None]
    if not gradients:
        raise ValueError("no gradient is there yet: take a training step first.")
    return float(torch.nn.utils.get_total_norm(gradients))


def spread_ratio(generated: Float[Tensor, "count ..."], *, real: Float[Tensor, "other ..."]) -> float:
    """Spread of generated samples as a share of the spread of real ones: the collapse detector.

    The spread is the mean distance from the average sample. Take the same z every time, so that
    only G's changes show. Near 0, G makes one picture whatever z says; near 1 all is well as far as
    this number can see: it does not see a few missing modes, `modes.mode_scores` does.

    Args:
        generated: At least two samples, with the same conditions mix as the real ones.
        real: At least two.

    Raises:
        ValueError: If there are fewer than two of either, their shapes differ, or all real ones are equal.
    """
    if min(len(generated), len(real)) < 2:
        raise ValueError(f"two samples of each kind were needed; {len(generated)} and {len(real)} came.")
    if generated.shape[1:] != real.shape[1:]:
        came = f"{tuple(generated.shape)} and {tuple(real.shape)} came"
        raise ValueError(f"generated and real samples of one shape were needed; {came}.")
    if bool((real == real[0]).all()):
        raise ValueError("all real samples are equal: there is no spread to compare with.")
    return _spread(generated) / _spread(real)


def _spread(samples: Tensor) -> float:
    rows = samples.reshape(len(samples), -1).float()
    return float((rows - rows.mean(dim=0)).norm(dim=1).mean())
