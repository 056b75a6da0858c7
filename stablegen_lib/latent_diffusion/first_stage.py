"""The first stage of latent diffusion: an autoencoder that makes pictures smaller, trained on them alone."""

from collections.abc import Iterator
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from stablegen_lib.latent_diffusion.learning_rates import one_cycle
from stablegen_lib.plumbing.bounds import above
from stablegen_lib.plumbing.checks import require_parts
from stablegen_lib.plumbing.doors import door
from stablegen_lib.plumbing.stopping import require_finite_loss


@door(learning_rate=above(0))
def train_autoencoder(
    autoencoder: Any,
    images: Float[Tensor, "count 3 side side"],
    *,
    steps: int,
    batch_size: int = 32,
    learning_rate: float | int = 2e-3,
    kl_weight: float | int = 5e-4,
    bfloat16: bool = False,
    seed: int = 0,
) -> Iterator[tuple[float, float]]:
    """Yields, after each step, the mean squared error of a pixel and the KL of a latent number (nats).

    Args:
        autoencoder: diffusers' `AutoencoderKL`; changed in place.
        images: In [-1, 1].
        steps: How many; the learning rate rises and falls once.
        batch_size: Pictures per step.
        learning_rate: Of AdamW, at its highest.
        kl_weight: Small, so that the latent numbers keep what the picture needs.
        bfloat16: Compute in 16 bits; saves time where the processor has them in hardware.
        seed: Decides batches and latent samples.

    Raises:
        TrainingStopped: If the loss is not finite; then the autoencoder has not moved.
    """
    require_parts("autoencoder", autoencoder, "encode", "decode", "config")
    random = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(autoencoder.parameters(), lr=learning_rate)
    rates = one_cycle(optimizer, learning_rate, steps)
    device = next(autoencoder.parameters()).device
    images = images.to(device, torch.float32)
    autoencoder.train()
    for number in range(1, steps + 1):
        x = images[torch.randint(len(images), (batch_size,), generator=random).to(device)]
        with torch.autocast(device.type, torch.bfloat16, enabled=bfloat16):
            posterior = autoencoder.encode(x).latent_dist
            redrawn = autoencoder.decode(posterior.sample(generator=random)).sample
        error = (redrawn.float() - x).square().mean()
        kl = posterior.kl().float().mean() / posterior.mean[0].numel()
        loss = error + kl_weight * kl
        require_finite_loss(number, "autoencoder", loss.item())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(autoencoder.parameters(), 1.0)
        optimizer.step()
        rates.step()
        yield error.item(), kl.item()
    autoencoder.eval()


@torch.no_grad()
@door()
def set_scale(autoencoder: Any, images: Float[Tensor, "count 3 side side"]) -> float:
    """Measures the latent numbers, and stores the factor that gives them variance 1; returns it.

    Args:
        autoencoder: diffusers' `AutoencoderKL`; its configuration is changed.
        images: In [-1, 1]; enough to stand for all.

    Source:
        Rombach et al. 2022, arXiv:2112.10752.
    """
    require_parts("autoencoder", autoencoder, "encode", "decode", "config")
    device = next(autoencoder.parameters()).device
    parts = torch.split(images.float(), 250)
    maps = torch.cat([autoencoder.encode(part.to(device)).latent_dist.mode().cpu() for part in parts])
    factor = 1 / maps.std().item()
    autoencoder.register_to_config(scaling_factor=factor)
    return factor
