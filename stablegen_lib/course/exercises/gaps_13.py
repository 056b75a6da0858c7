"""Gaps of lesson 13, latent diffusion."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from stablegen_lib import diffusion
from stablegen_lib.course.missing_lines import fills

SCHEDULE = diffusion.NoiseSchedule.stable_diffusion()


@fills(
    "13.a",
    "adding noise",
    cases=lambda: [(torch.randn(5, 2), torch.randn(5, 2), torch.tensor(a)) for a in (0.8, 0.3)],
    mistakes=(
        (lambda x0, noise, a: a * x0 + (1 - a) * noise,
         "ᾱ is a share of the *variance*. A factor f makes the variance f² times as large: which f gives ᾱ?"),
        (lambda x0, noise, a: a.square() * x0 + (1 - a).square() * noise,
         "the other way round: the factor squared must be the share of the variance."),
        (lambda x0, noise, a: a.sqrt() * x0 + noise,
         "the sample is right. But with all of the noise the variance is ᾱ + 1: only 1 − ᾱ is the noise's."),
        (lambda x0, noise, a: a.sqrt() * x0 + (1 - a) * noise,
         "the sample is right. The noise needs a factor whose *square* is its share."),
        (lambda x0, noise, a: a.sqrt() * x0 + (1 - a.sqrt()) * noise,
         "the sample is right. Not the factors add up to 1, but their squares."),
        (lambda x0, noise, a: (1 - a).sqrt() * x0 + a.sqrt() * noise,
         "the two are exchanged: ᾱ near 1 means hardly any noise."),
    ),
)  # fmt: skip
def noised(x0: Tensor, noise: Tensor, alpha_bar: Tensor) -> Tensor:
    return alpha_bar.sqrt() * x0 + (1 - alpha_bar).sqrt() * noise


def _case(level: int) -> tuple[Callable[[Tensor, Tensor], Tensor], Tensor, Tensor, Tensor, Tensor]:
    x0, noise, t = torch.randn(6, 2), torch.randn(6, 2), torch.full((6,), level)
    return diffusion.PointDenoiser(8), diffusion.add_noise(SCHEDULE, x0, noise=noise, t=t), x0, noise, t


@fills(
    "13.b",
    "what the network is paid for",
    cases=lambda: [_case(100), _case(800)],
    mistakes=(
        (lambda network, x_t, x0, noise, t: (network(x_t, t) - x0).square().mean(),
         "that asks for the sample. Here the network has to say which *noise* was added."),
        (lambda network, x_t, x0, noise, t: (network(x_t, t) - noise).mean(),
         "errors of both signs cancel each other: square them first."),
        (lambda network, x_t, x0, noise, t: (network(x_t, t) - noise).square().sum(),
         "the mean of the squares, so that the loss does not grow with the batch."),
        (lambda network, x_t, x0, noise, t: (network(x0, t) - noise).square().mean(),
         "the network must see the noisy points, x_t: in x0 there is no noise to be found."),
    ),
)  # fmt: skip
def noise_loss(
    network: Callable[[Tensor, Tensor], Tensor], x_t: Tensor, x0: Tensor, noise: Tensor, t: Tensor
) -> Tensor:
    return (network(x_t, t) - noise).square().mean()


@fills(
    "13.c",
    "guidance",
    cases=lambda: [(torch.randn(2, 3), torch.randn(2, 3), scale) for scale in (1.5, 7.0, 0.0)],
    mistakes=(
        (lambda without, told, s: told + s * (told - without),
         "at 0 the words must not count, and here they count in full. Where does the line begin?"),
        (lambda without, told, s: without + s * told,
         "at 1 that is both predictions, one on top of the other. What do the words *change*?"),
        (lambda without, told, s: s * told,
         "at 0 nothing is left. A network without words still predicts something."),
        (lambda without, told, s: without + s * (without - told),
         "that goes away from the words: at 1 the prediction with them was wanted."),
        (lambda without, told, s: s * without + (1 - s) * told,
         "at 0 this is the prediction with the words, at 1 the one without: exchanged."),
    ),
)  # fmt: skip
def guide(without: Tensor, told: Tensor, s: float | int) -> Tensor:
    return without + s * (told - without)


def _curve(*points: tuple[float, float]) -> list[dict[str, Any]]:
    return [{"guidance": scale, "distance": distance, "coverage": 0.9} for scale, distance in points]


@fills(
    "13.d",
    "choosing a guidance scale",
    cases=lambda: [
        (_curve((1.0, 100.0), (1.5, 150.0), (2.0, 300.0), (4.0, 900.0)), 200),
        (
            _curve((4.0, 900.0), (1.0, 100.0), (2.0, 300.0), (3.0, 500.0)),
            500,
        ),  # exactly the limit, in no order
        (_curve((0.0, 700.0), (1.0, 90.0), (2.0, 120.0), (3.0, 80.0)), 130),  # the distance need not rise
    ],
    mistakes=(
        (
            lambda curve, most: max(row["distance"] for row in curve if row["distance"] <= most),
            "that is a distance. Which *scale* has it?",
        ),
        (
            lambda curve, most: max(row["guidance"] for row in curve),
            "that is the largest of all: those whose distance is above the limit do not count.",
        ),
        (
            lambda curve, most: min(row["guidance"] for row in curve if row["distance"] <= most),
            "those are near enough. Of them the *largest* scale is wanted.",
        ),
        (
            lambda curve, most: max(row["guidance"] for row in curve if row["distance"] < most),
            "a distance of exactly the limit is allowed: at most.",
        ),
        (
            lambda curve, most: min(row["guidance"] for row in curve if row["distance"] > most),
            "that is the first scale that is too far. The last one before it is wanted.",
        ),
    ),
)
def choose(curve: Sequence[dict[str, Any]], most: float | int) -> float:
    return float(max(row["guidance"] for row in curve if row["distance"] <= most))


def _errors(predicted: Tensor, v: Tensor) -> Tensor:
    """The mean squared error of each face."""
    return (predicted - v).square().mean(dim=(1, 2, 3))


class _Says:
    """Predictions for two captions, as a network gives them."""

    def __init__(self, **answers: Tensor) -> None:
        self.answers = answers

    def __call__(self, texts: Sequence[str]) -> Tensor:
        return torch.stack([self.answers[text] for text in texts])


def _predictions(truth: float, lie: float) -> tuple[_Says, list[str], list[str], Tensor]:
    """The errors of the two predictions have these sizes."""
    v = torch.randn(3, 4, 2, 2)
    right, wrong = v[0] + truth * torch.randn(4, 2, 2), v[0] + lie * torch.randn(4, 2, 2)
    return _Says(true=right, false=wrong), ["true"] * 3, ["false"] * 3, v


@fills(
    "13.e",
    "what a lie costs",
    cases=lambda: [_predictions(0.3, 1.0), _predictions(0.5, 0.5), _predictions(1.0, 0.2)],
    mistakes=(
        (
            lambda says, truth, lie, v: _errors(says(truth), v) - _errors(says(lie), v),
            "the other way round: a lie that makes the error larger has a cost above 0.",
        ),
        (
            lambda says, truth, lie, v: _errors(says(lie), says(truth)),
            "that is how far the two predictions are apart. Which of them is *worse*? Compare both with v.",
        ),
        (
            lambda says, truth, lie, v: _errors(says(lie), v),
            "part of this error is there without any lie: the truth has an error, too.",
        ),
        (
            lambda says, truth, lie, v: (says(lie) - says(truth)).mean(dim=(1, 2, 3)),
            "errors of both signs cancel each other: square them first.",
        ),
        (
            lambda says, truth, lie, v: (says(lie) - v).square().mean() - (says(truth) - v).square().mean(),
            "that is one number for all faces. Average over the map of each face: dim=(1, 2, 3).",
        ),
        (
            lambda says, truth, lie, v: ((says(lie) - v).square() - (says(truth) - v).square()).sum(
                dim=(1, 2, 3)
            ),
            "the mean of the squares, so that the cost does not grow with the size of the map.",
        ),
    ),
)
def lie_costs(
    says: Callable[[Sequence[str]], Tensor], truth: Sequence[str], lie: Sequence[str], v: Tensor
) -> Tensor:
    return _errors(says(lie), v) - _errors(says(truth), v)


def _drawings(size: float) -> tuple[Tensor, Tensor, Tensor]:
    return tuple((size * torch.randn(2, 3, 4, 4)).clamp(-1, 1) for _ in range(3))  # type: ignore[return-value]


@fills(
    "13.f",
    "an edit put onto the real picture",
    cases=lambda: [_drawings(0.2), _drawings(0.9)],
    mistakes=(
        (
            lambda real, old_drawing, new_drawing: new_drawing,
            "that is the drawing. What the autoencoder loses is lost from it: change the *real* picture.",
        ),
        (
            lambda real, old_drawing, new_drawing: (real + old_drawing - new_drawing).clamp(-1, 1),
            "that takes the glasses off: the change runs from the old drawing to the new one.",
        ),
        (
            lambda real, old_drawing, new_drawing: (real + new_drawing).clamp(-1, 1),
            "that lays a whole drawing over the picture. Only what the words have changed is wanted.",
        ),
        (
            lambda real, old_drawing, new_drawing: (real + new_drawing) / 2,
            "that is a ghost of both. Only what the words have changed is wanted, and that in full.",
        ),
        (
            lambda real, old_drawing, new_drawing: real + new_drawing - old_drawing,
            "right so far, but pixels beyond -1 and 1 do not exist: clamp.",
        ),
    ),
)
def put_onto(real: Tensor, old_drawing: Tensor, new_drawing: Tensor) -> Tensor:
    return (real + new_drawing - old_drawing).clamp(-1, 1)
