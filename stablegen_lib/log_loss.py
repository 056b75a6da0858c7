"""The log-loss between the generator and the discriminator, always from logits.

A logit is the discriminator's raw answer: any real number, in nats. Its sigmoid is the
probability that the sample is real. Every function here keeps to logits and to
``logsigmoid``, because ``log(sigmoid(logit))`` loses its gradient where it matters most:
when the discriminator is sure.

Lesson 04 derives each of these by hand.
"""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from stablegen_lib.plumbing.checks import require_floats, require_same_shape


def discriminator_loss(
    *, real_logits: Float[Tensor, "..."], fake_logits: Float[Tensor, "..."]
) -> Float[Tensor, ""]:
    """Cross-entropy of the discriminator: real samples have label 1, generated ones 0.

    The two terms are averaged separately and added, so the batches may differ in size.

    Args:
        real_logits: D's answers to real samples, in nats.
        fake_logits: D's answers to generated samples, in nats. Compute them from
            ``fake.detach()``: this loss must not move the generator.

    Returns:
        Loss in nats, at least 0; 2 log 2 = 1.386 when D answers 0 everywhere (it cannot tell).

    Raises:
        ValueError: If either batch is empty.

    Source:
        Goodfellow et al. 2014, arXiv:1406.2661, equation 1 (its negative, as a loss).
    """
    return -_log_probability(real_logits).mean() - _log_probability(-_checked(fake_logits)).mean()


def non_saturating_loss(fake_logits: Float[Tensor, "..."]) -> Float[Tensor, ""]:
    """−log p averaged over the batch: the generator wants its samples to be called real.

    The gradient is strongest (−1 per logit) where a fake has been spotted.

    Args:
        fake_logits: D's answers to generated samples, in nats, *not* detached.

    Returns:
        Loss in nats, at least 0; log 2 = 0.693 when D answers 0 everywhere.

    Raises:
        ValueError: If the batch is empty.

    Source:
        Goodfellow et al. 2014, arXiv:1406.2661, section 3: "maximize log D(G(z))".
    """
    return -_log_probability(fake_logits).mean()


def minimax_loss(fake_logits: Float[Tensor, "..."]) -> Float[Tensor, ""]:
    """log(1 − p) averaged over the batch: the generator minimises what D maximises.

    The gradient vanishes where a fake has been spotted (logit far below 0), which is why
    the non-saturating loss is used in practice.

    Args:
        fake_logits: D's answers to generated samples, in nats, *not* detached.

    Returns:
        Loss in nats, at most 0; −log 2 = −0.693 when D answers 0 everywhere.

    Raises:
        ValueError: If the batch is empty.

    Source:
        Goodfellow et al. 2014, arXiv:1406.2661, equation 1 (the term with G in it).
    """
    return _log_probability(-_checked(fake_logits)).mean()


def relativistic_loss(
    *, winner_logits: Float[Tensor, " pair"], loser_logits: Float[Tensor, " pair"]
) -> Float[Tensor, ""]:
    """−log sigmoid(winner − loser), averaged over pairs: which of the two is the real one?

    For D, real samples should win. For G the roles are exchanged: generated samples should. Only
    differences count, so D cannot tell every fake "no" at once: each is compared with a real sample.

    Args:
        winner_logits: D's answers, in nats, to the samples that should look more real.
        loser_logits: D's answers to as many others. For D, detach what is generated; for G, do not.

    Returns:
        Loss in nats, at least 0; log 2 = 0.693 when D rates both alike.

    Raises:
        ValueError: If a batch is empty, or they differ in size.

    Source:
        Jolicoeur-Martineau 2018, arXiv:1807.00734 (RpGAN); Huang et al. 2025, arXiv:2501.05441 (R3GAN).
    """
    require_same_shape(winner_logits=winner_logits, loser_logits=loser_logits)
    return -_log_probability(_checked(winner_logits) - _checked(loser_logits)).mean()


def article_loss(logits: Float[Tensor, "..."]) -> Float[Tensor, ""]:
    """The article's L(G) = −(1/N) Σ log p(D(x, G(x))), read with p = sigmoid.

    The article does not say what p is. Read as the sigmoid of D's logit, this is the
    non-saturating loss under another name; lesson 04 asserts that they agree.

    Args:
        logits: D(x, G(x, z)) for the N samples of the batch, in nats.

    Returns:
        Loss in nats, at least 0.

    Raises:
        ValueError: If the batch is empty.

    Source:
        The article, section 4.3.
    """
    return non_saturating_loss(logits)


GENERATOR_LOSSES = {"non_saturating": non_saturating_loss, "minimax": minimax_loss}
"""Those of the fake logits alone; the relativistic loss compares them with real ones."""


def cross_entropy(logits: Float[Tensor, "*batch"], labels: Float[Tensor, "*batch"]) -> Float[Tensor, ""]:
    """The same loss seen as two-class cross-entropy, averaged over the batch.

    The arguments stand in the order of torch's ``binary_cross_entropy_with_logits``.
    ``discriminator_loss`` is this with label 1 for real plus this with label 0 for fake;
    ``non_saturating_loss`` is this with label 1 for fake.

    Args:
        logits: D's answers, in nats.
        labels: Wanted probability of "real", each in [0, 1].

    Returns:
        −mean(label log p + (1 − label) log(1 − p)) in nats, with p = sigmoid(logit).

    Raises:
        ValueError: If the batch is empty, a label lies outside [0, 1], or the shapes differ.
    """
    require_same_shape(logits=logits, labels=labels)
    if not bool(((labels >= 0) & (labels <= 1)).all()):
        raise ValueError("labels are probabilities: each must lie between 0 and 1.")
    logits = _checked(logits)
    return -(labels * _log_probability(logits) + (1 - labels) * _log_probability(-logits)).mean()


def _log_probability(logits: Tensor) -> Tensor:
    return F.logsigmoid(_checked(logits))


def _checked(logits: Tensor) -> Tensor:
    """16-bit logits become float32: their average would lose all but three digits."""
    require_floats(logits=logits)
    if logits.numel() == 0:
        raise ValueError("a batch of logits was needed, and an empty one came: its average does not exist.")
    return logits.float() if logits.dtype in (torch.bfloat16, torch.float16) else logits
