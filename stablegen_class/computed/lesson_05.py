"""Keys and pictures for the questions about the training loop."""

import math

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from stablegen_class.computed import answer, picture
from stablegen_class.computed.drawing import plane
from stablegen_lib import data, log_loss
from stablegen_lib.stablegen import StableGen
from stablegen_lib.training.averaging import update_ema


@answer("05-no-gradient")
def detached_in_the_turn_of_g() -> str:
    pair = StableGen.for_points(width=16, device="cpu")
    x, z = torch.zeros(8, 0), torch.randn(8, pair.latent_dim)
    fake = pair.generator(x, z).detach()
    torch.autograd.backward(log_loss.non_saturating_loss(pair.discriminator(x, fake)))
    reached = any(parameter.grad is not None for parameter in pair.generator.parameters())
    return (
        "It learns as before, because detach does not change the numbers." if reached else "It never moves."
    )


@answer("05-moved-zero-grad")
def gradients_of_both_turns() -> str:
    pair = StableGen.for_points(width=16, device="cpu")
    x, z = torch.zeros(8, 0), torch.randn(8, pair.latent_dim, generator=torch.Generator().manual_seed(0))
    weight = next(pair.generator.parameters())

    def loss(turn: str) -> Tensor:
        logits = pair.discriminator(x, pair.generator(x, z))  # nothing is detached
        if turn == "D":
            return log_loss.discriminator_loss(real_logits=torch.zeros(1), fake_logits=logits)
        return log_loss.non_saturating_loss(logits)

    of_d, of_g = (torch.autograd.grad(loss(turn), weight)[0] for turn in "DG")
    for turn in "DG":  # and nobody wipes in between
        torch.autograd.backward(loss(turn))
    is_sum = weight.grad is not None and torch.allclose(weight.grad, of_d + of_g, atol=1e-6)
    return "The sum of its own gradient and that of D's loss." if is_sum else "Its own loss only."


@answer("05-average-after-ten")
def average_after_ten_steps() -> float:
    average, weights = nn.Linear(1, 1, bias=False), nn.Linear(1, 1, bias=False)
    nn.init.zeros_(average.weight)
    nn.init.ones_(weights.weight)
    for _ in range(10):
        update_ema(average, weights, 0.9)
    return average.weight.item()


@answer("05-all-at-once")
def all_eight_at_once() -> float:
    return float(torch.full((8,), 0.95).prod())


@answer("05-half-the-places")
def best_loss_when_four_of_eight_are_drawn() -> float:
    real, fake = torch.full((8,), 1 / 8), torch.tensor([1 / 4] * 4 + [0.0] * 4)
    best = real.log() - fake.log()  # infinite where nothing is generated
    return float(
        log_loss.discriminator_loss(
            real_logits=best.clamp(max=100), fake_logits=best[:4]
        )  # all weigh the same
    )


def _push(logit: float) -> float:
    value = torch.tensor(logit, requires_grad=True)
    return float(torch.autograd.grad(log_loss.non_saturating_loss(value), value)[0].abs())


@answer("05-sure-discriminator")
def gradient_under_a_sure_discriminator() -> str:
    return "It grows." if _push(-8.0) > _push(0.0) else "It falls to 0."


@answer("05-sum-of-both")
def lowest_sum_of_both_losses() -> float:
    logits = torch.linspace(-4, 4, 801)
    of_d = torch.stack(
        [log_loss.discriminator_loss(real_logits=one[None] * 0, fake_logits=one[None]) for one in logits]
    )
    of_g = torch.stack([log_loss.non_saturating_loss(one[None]) for one in logits])
    return round(float(logits[(of_d + of_g).argmin()]), 2)


def _around(angles: Tensor) -> Tensor:
    noise = 0.06 * torch.randn(len(angles), 2, generator=torch.Generator().manual_seed(1))
    return 2 * torch.stack([angles.cos(), angles.sin()], dim=1) + noise


def _angles() -> Tensor:
    return 2 * math.pi * torch.rand(400, generator=torch.Generator().manual_seed(0))


@picture("05-ring-clean", "Eight separate round heaps of points on a circle, and nothing between them.")
def clean() -> Figure:
    return plane(generated=data.ring(samples=400, standard_deviation=0.1).points)


@picture("05-ring-even", "Points spread evenly along a circle.")
def even() -> Figure:
    return plane(generated=_around(_angles()))


@picture(
    "05-ring-threads", "Eight heaps of points on a circle, and some points along the circle between them."
)
def threads() -> Figure:
    angles = _angles()
    for _ in range(3):  # continuous, and slow at eight places
        angles = angles - 0.9 * torch.sin(8 * angles) / 8
    return plane(generated=_around(angles))


@picture("05-ring-one", "One heap of points at one place of a circle.")
def one() -> Figure:
    angles = _angles()
    return plane(generated=_around(0.02 * angles))
