"""What a variational autoencoder is trained on: the evidence lower bound, sums and means spelled out.

Everything is in nats per picture: *sums* over pixels and over entries of z. Only the batch is
averaged, by the caller.
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor

from stablegen_lib.plumbing.bounds import above, at_least
from stablegen_lib.plumbing.checks import came, number, require_same_shape


def reparameterise(
    *,
    mean: Float[Tensor, "batch latent"],
    log_variance: Float[Tensor, "batch latent"],
    noise: Float[Tensor, "batch latent"],
) -> Float[Tensor, "batch latent"]:
    """A draw from N(mean, variance) that gradients can pass: noise, stretched and moved.

    The chance sits in the noise alone, so the result hangs on mean and variance by plain arithmetic.

    Args:
        mean: Middle of each normal distribution.
        log_variance: Logarithm of its variance: any number is allowed, none gives a negative variance.
        noise: From N(0, I).

    Source:
        Kingma and Welling 2014, arXiv:1312.6114, section 2.4 (the reparameterization trick).
    """
    require_same_shape(mean=mean, log_variance=log_variance, noise=noise)
    return mean + (log_variance / 2).exp() * noise


def kl_divergence(
    *, mean: Float[Tensor, "batch latent"], log_variance: Float[Tensor, "batch latent"]
) -> Float[Tensor, " batch"]:
    """KL(N(mean, variance) ‖ N(0, I)) in closed form, summed over the entries of z.

    How many nats z says about its picture, on average over pictures, and a bit more: it also
    counts how far the posteriors together are from N(0, I).

    Returns:
        Nats per picture, at least 0; 0 exactly when mean = 0 and variance = 1.

    Source:
        Kingma and Welling 2014, arXiv:1312.6114, appendix B.
    """
    return kl_per_entry(mean=mean, log_variance=log_variance).sum(dim=1)


def kl_per_entry(
    *, mean: Float[Tensor, "batch latent"], log_variance: Float[Tensor, "batch latent"]
) -> Float[Tensor, "batch latent"]:
    """The same before summing: which entries of z are used at all?"""
    require_same_shape(mean=mean, log_variance=log_variance)
    if mean.ndim != 2:
        raise ValueError(f"a row of latent entries for each picture was needed, and {came(mean)} came.")
    return (mean.square() + log_variance.exp() - log_variance - 1) / 2


def gaussian_log_density(
    values: Float[Tensor, " batch *shape"],
    *,
    mean: Float[Tensor, " batch *shape"],
    log_variance: Float[Tensor, " batch *shape"],
) -> Float[Tensor, " batch"]:
    """Density of N(mean, variance) at these values: its log in nats, summed over everything but the batch."""
    require_same_shape(values=values, mean=mean, log_variance=log_variance)
    if values.ndim < 2:
        raise ValueError(f"several values for each sample were needed, and {came(values)} came.")
    squares = (values - mean).square() * (-log_variance).exp()
    return -(squares + log_variance + math.log(2 * math.pi)).flatten(1).sum(dim=1) / 2


def log_likelihood(
    y: Float[Tensor, "batch channel height width"],
    *,
    reconstruction: Float[Tensor, "batch channel height width"],
    deviation: float,
) -> Float[Tensor, " batch"]:
    """The log of p(y | x, z): pixels are normally distributed around the decoder's; *summed* over pixels.

    Up to a constant that is −½ · (sum of squared errors) / deviation². The mean over pixels instead
    of the sum would be the same as multiplying the KL by the number of pixels.

    Args:
        y: Pictures, in [-1, 1].
        reconstruction: What the decoder makes of z.
        deviation: By how much pixels may stray from it; the same units as the pixels.

    Returns:
        Nats per picture. A density, so it may be above 0.

    Raises:
        ValueError: If the deviation is not above 0.
    """
    number("deviation", deviation, above(0))
    require_same_shape(y=y, reconstruction=reconstruction)
    log_variance = torch.full_like(y, 2 * math.log(deviation))
    return gaussian_log_density(y, mean=reconstruction, log_variance=log_variance)


def elbo(
    *,
    log_likelihood: Float[Tensor, " batch"],
    kl: Float[Tensor, " batch"],
    beta: float | int = 1.0,
) -> Float[Tensor, " batch"]:
    """Evidence lower bound: log p(y | x, z) − beta · KL, in nats per picture. To be *maximised*.

    With beta = 1, and on average over the draws of z, it is at most log p(y | x). Another beta
    is another aim: below 1 better reconstructions, above 1 a z that says less.

    Raises:
        ValueError: If beta is below 0.

    Source:
        Kingma and Welling 2014, arXiv:1312.6114, section 2.2; Higgins et al. 2017 (beta-VAE) for beta.
    """
    number("beta", beta, at_least(0))
    require_same_shape(log_likelihood=log_likelihood, kl=kl)
    if kl.ndim != 1:
        raise ValueError(f"one number for each picture was needed, and {came(kl)} came.")
    return log_likelihood - beta * kl
