"""The toy of lessons 00, 02, 03 and 04: a whole GAN on points of the plane, in a few lines."""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.optim import Adam

from stablegen_lib import log_loss
from stablegen_lib.plumbing.bounds import at_least
from stablegen_lib.plumbing.doors import door


@door(steps=at_least(0))
def ring_game(
    points: Float[Tensor, "count 2"],
    *,
    steps: int = 1_500,
    seed: int = 0,
    loss: Callable[[Float[Tensor, " batch"]], Float[Tensor, ""]] = log_loss.non_saturating_loss,
) -> tuple[nn.Sequential, nn.Sequential]:
    """Trains a small G and D on points, as lesson 00 does in its cells.

    G takes z, two standard normal numbers, and gives a point; D takes points and gives a logit for each, in a
    column. Batches of 256, Adam with learning rate 0.001 and half the usual momentum.

    Args:
        points: The samples to imitate.
        steps: Turns of D, each followed by one of G.
        seed: The same seed gives the same game; the global random numbers stay as they are.
        loss: What G pays for D's logits of its points.

    Returns:
        G and D after the last step.
    """
    points = points.float()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        G = nn.Sequential(nn.Linear(2, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 2))
        D = nn.Sequential(nn.Linear(2, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 1))
        move_G, move_D = (Adam(net.parameters(), lr=0.001, betas=(0.5, 0.99)) for net in (G, D))
        for _ in range(steps):
            real, fake = points[torch.randint(len(points), (256,))], G(torch.randn(256, 2))

            move_D.zero_grad()
            logits = {"real_logits": D(real).squeeze(1), "fake_logits": D(fake.detach()).squeeze(1)}
            log_loss.discriminator_loss(**logits).backward()  # type: ignore[no-untyped-call]
            move_D.step()

            move_G.zero_grad()
            loss(D(fake).squeeze(1)).backward()  # type: ignore[no-untyped-call]
            move_G.step()
    return G, D
