"""Gaps of lesson 12, the generator meets an autoencoder."""

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from stablegen_lib import log_loss
from stablegen_lib.course.missing_lines import fills


@fills(
    "12.a",
    "how many times fewer numbers",
    cases=lambda: [((3, 16, 16), (4, 4, 4)), ((3, 512, 512), (4, 64, 64)), ((1, 28, 28), (2, 7, 14))],
    mistakes=(
        (lambda picture, latent: math.prod(latent) / math.prod(picture), "that is the share that is left."),
        (
            lambda picture, latent: math.prod(picture[1:]) / math.prod(latent[1:]),
            "that counts places. A pixel has some numbers too, and a place of the map has others.",
        ),
        (lambda picture, latent: picture[1] / latent[1], "that is one side only."),
        (lambda picture, latent: sum(picture) / sum(latent), "multiply the three sizes, do not add them."),
    ),
)
def fewer(picture: tuple[int, ...], latent: tuple[int, ...]) -> float:
    return math.prod(picture) / math.prod(latent)


@fills(
    "12.b",
    "what the patches say",
    cases=lambda: [(torch.randn(3, 4, 4),), (2 * torch.randn(2, 8, 8) + 1,)],
    mistakes=(
        (lambda logits: F.logsigmoid(logits).mean(), "a loss is to become small: where is the minus?"),
        (
            lambda logits: -F.logsigmoid(-logits).mean(),
            "that is the discriminator's wish. The decoder wants `real`.",
        ),
        (
            lambda logits: F.logsigmoid(-logits).mean(),
            "that is the minimax loss of lesson 04: no pull where D is sure.",
        ),
        (lambda logits: -torch.sigmoid(logits).mean(), "the logarithm is missing."),
        (lambda logits: -F.logsigmoid(logits).sum(), "take the mean over all patches of all pictures."),
        (lambda logits: -F.logsigmoid(logits.mean()), "first the log-loss of each verdict, then the mean."),
    ),
)
def opinion(logits: Tensor) -> Tensor:
    return -F.logsigmoid(logits).mean()


def _limited(ratio: Tensor) -> Tensor:
    return ratio.clamp(max=1e4)


@fills(
    "12.c",
    "the adaptive weight",
    cases=lambda: [(torch.randn(3, 4), scale * torch.randn(3, 4)) for scale in (3.0, 0.1, 0.0)],
    tolerance=1e-3,
    mistakes=(
        (
            lambda pull, push: pull.norm() / (push.norm() + 1e-9),
            "where the judge hardly pushes, that is millions. At most 10,000.",
        ),
        (
            lambda pull, push: pull.norm() / push.norm(),
            "where the judge does not push at all, that divides by 0. At most 10,000.",
        ),
        (
            lambda pull, push: _limited(push.norm() / pull.norm()),
            "upside down: multiplied by it, push must become as long as pull.",
        ),
        (
            lambda pull, push: _limited((pull**2).sum() / (push**2).sum()),
            "those are squared lengths. `.norm()` takes the root.",
        ),
        (
            lambda pull, push: _limited(pull.abs().mean() / push.abs().mean()),
            "a mean of absolute values is another length.",
        ),
        (
            lambda pull, push: _limited(pull / push),
            "one number is needed: the ratio of the lengths, not of the entries.",
        ),
        (lambda pull, push: _limited(pull.norm() - push.norm()), "a ratio is needed: by which factor?"),
    ),
)
def weight(pull: Tensor, push: Tensor) -> Any:
    return _limited(pull.norm() / (push.norm() + 1e-6))


class _Judge(nn.Module):
    """One convolution that gives logits."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(1, 1, 3)

    def forward(self, y: Tensor) -> Tensor:
        logits: Tensor = 3 * self.layer(y)
        return logits


def _both_pictures() -> tuple[Any, ...]:
    return _Judge(), torch.randn(2, 1, 5, 5), torch.randn(2, 1, 5, 5, requires_grad=True)


def _taught(loss: Any, arguments: tuple[Any, ...]) -> tuple[Any, float]:
    """The loss, and how strongly the discriminator's turn would pull at the decoder's pictures."""
    if isinstance(loss, Tensor) and loss.numel() == 1 and loss.requires_grad:
        loss.backward()  # type: ignore[no-untyped-call]
    grad = arguments[2].grad
    return loss, 0.0 if grad is None else grad.norm().item()


def _terms(D: Any, real: Tensor, fake: Tensor) -> Tensor:
    return log_loss.discriminator_loss(real_logits=D(real), fake_logits=D(fake))


@fills(
    "12.d",
    "the discriminator's turn",
    cases=lambda: [_both_pictures(), _both_pictures()],
    outcome=_taught,
    mistakes=(
        (
            lambda D, y, redrawn: _terms(D, y, redrawn),
            "the decoder would be taught as well: cut its pictures off (`detach`).",
        ),
        (lambda D, y, redrawn: _terms(D, redrawn.detach(), y), "real and redrawn are swapped."),
        (lambda D, y, redrawn: -F.logsigmoid(D(y)).mean(), "D is asked about the redrawn pictures, too."),
        (
            lambda D, y, redrawn: -F.logsigmoid(-D(redrawn.detach())).mean(),
            "D is asked about the real pictures, too.",
        ),
        (
            lambda D, y, redrawn: log_loss.non_saturating_loss(D(redrawn.detach())),
            "that is the decoder's wish.",
        ),
    ),
)
def discriminators_turn(D: Any, y: Tensor, redrawn: Tensor) -> Tensor:
    return _terms(D, y, redrawn.detach())


@fills(
    "12.e",
    "whether detail is the right one",
    cases=lambda: [_bands(0.5, 3.0), _bands(-1.0, 0.2), _bands(2.0, 1.0)],
    mistakes=(
        (lambda redrawn, real: (redrawn * real).mean(), "`3 * real` would get more than `real`: divide."),
        (
            lambda redrawn, real: (redrawn * real).mean() / real.square().mean(),
            "`3 * real` would get 3: divide by the strength of the redrawn ones, too.",
        ),
        (
            lambda redrawn, real: (redrawn * real).mean() / redrawn.square().mean(),
            "`3 * real` would get a third: divide by the strength of the real ones, too.",
        ),
        (
            lambda redrawn, real: (redrawn * real).mean() / (redrawn.square().mean() * real.square().mean()),
            "you divide by squares: the root is missing.",
        ),
        (
            lambda redrawn, real: redrawn.square().mean() / real.square().mean(),
            "that is the strength again. Noise can have it, too: multiply the two pictures.",
        ),
        (lambda redrawn, real: (redrawn - real).square().mean(), "an error: `3 * real` would have one."),
    ),
)
def agreement(redrawn: Tensor, real: Tensor) -> Tensor:
    return (redrawn * real).mean() / (redrawn.square().mean() * real.square().mean()).sqrt()


def _bands(same: float, loud: float) -> tuple[Tensor, Tensor]:
    """Waves of mean 0, and others that go partly with them."""
    real, other = (torch.randn(2, 3, 8, 8) for _ in range(2))
    real, other = (part - part.mean(dim=(2, 3), keepdim=True) for part in (real, other))
    return loud * (same * real + other), real


@fills(
    "12.f",
    "random maps with the right spread",
    cases=lambda: [(_maps(), torch.randn(5, 4, 2, 2)), (_maps(), torch.randn(3, 4, 2, 2))],
    tolerance=0.02,  # a deviation that divides by the number of values, and not by one less, will do
    mistakes=(
        (lambda maps, noise: noise, "those have mean 0 and spread 1: stretch and move them."),
        (
            lambda maps, noise: maps.mean() + maps.std() * noise,
            "that is one mean and one spread for all channels. Each channel gets its own.",
        ),
        (lambda maps, noise: _spread(maps, (0, 2, 3))[1] * noise, "the mean of each channel is missing."),
        (
            lambda maps, noise: _spread(maps, (0, 2, 3))[0] + _spread(maps, (0, 2, 3))[1] ** 2 * noise,
            "noise is stretched by the deviation, not by the variance.",
        ),
        (
            lambda maps, noise: _spread(maps, (0,))[0] + _spread(maps, (0,))[1] * noise,
            "that is a mean for every place. Each channel gets one, over all pictures and places.",
        ),
    ),
)
def random_maps(maps: Tensor, noise: Tensor) -> Tensor:
    middle, deviation = _spread(maps, (0, 2, 3))
    return middle + deviation * noise


def _maps() -> Tensor:
    random = torch.randn(200, 4, 2, 2)
    return random * torch.tensor([0.5, 1.0, 2.0, 3.0])[:, None, None] + torch.arange(4.0)[:, None, None]


def _spread(maps: Tensor, over: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    return maps.mean(dim=over, keepdim=True), maps.std(dim=over, keepdim=True)


@fills(
    "12.g",
    "two halves",
    cases=lambda: [
        (torch.randn(1, 4, 6, 4), torch.randn(1, 4, 6, 4)),
        (torch.randn(2, 3, 8, 8), torch.randn(2, 3, 8, 8)),
    ],
    mistakes=(
        (lambda upper, lower: _pasted(lower, upper, 2), "upper and lower are swapped."),
        (
            lambda upper, lower: _pasted(upper, lower, 3),
            "that cuts from top to bottom: rows are the third dimension.",
        ),
        (
            lambda upper, lower: torch.cat([upper, lower], dim=2),
            "that is twice as high: take half of the rows of each.",
        ),
        (lambda upper, lower: (upper + lower) / 2, "that mixes both. Each row comes from one of them."),
    ),
)
def paste(upper: Tensor, lower: Tensor) -> Tensor:
    return _pasted(upper, lower, 2)


def _pasted(first: Tensor, second: Tensor, dim: int) -> Tensor:
    half = first.shape[dim] // 2
    rest = second.shape[dim] - half
    return torch.cat([first.narrow(dim, 0, half), second.narrow(dim, half, rest)], dim=dim)
