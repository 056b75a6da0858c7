"""Exercises whose answer is a number, with other numbers for each seed: for grading that cannot be copied.

Each kind carries the numbers of the lesson too. A test puts them in, and the lesson's own checker must accept
what comes out: so a variant is judged by the same rule as the exercise that it varies.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from torch import nn

from stablegen_class.grading import metadata
from stablegen_lib import log_loss
from stablegen_lib.vae import objective


@dataclass(frozen=True)
class Kind:
    """An exercise whose numbers can change.

    Args:
        number: Of the exercise that it varies, such as "04.1".
        text: What is asked, with the names of the numbers in braces.
        stored: The numbers as they stand in the lesson.
        drawn: Other numbers.
        answer: The right answer for any numbers, computed.
        tolerance: As for `checking.close`; that of the lesson's checker.
    """

    number: str
    text: str
    stored: dict[str, float]
    drawn: Callable[[random.Random], dict[str, float]]
    answer: Callable[..., Any]
    tolerance: float = 0.0


@dataclass(frozen=True)
class Variant:
    """One exercise with its own numbers, and the right answer."""

    number: str
    text: str
    answer: Any
    tolerance: float


def variant(kind: Kind, seed: int) -> Variant:
    """The same seed gives the same numbers; they are never those of the lesson."""
    source = random.Random(f"{kind.number} {seed}")
    numbers = kind.stored
    while numbers == kind.stored:
        numbers = kind.drawn(source)
    return Variant(kind.number, kind.text.format(**numbers), kind.answer(**numbers), kind.tolerance)


def _parameters(layer: nn.Module) -> int:
    return sum(weights.numel() for weights in layer.parameters())


def _article_loss(a: float, b: float) -> float:
    return float(log_loss.article_loss(torch.tensor([math.log(a), 0.0, -math.log(b)])))


def _layers(x: int, z: int, maps: int, kernel: int) -> tuple[int, int]:
    return _parameters(nn.Linear(x + z, 256)), _parameters(nn.ConvTranspose2d(maps, maps, kernel))


def _hidden_beta(numbers: int, deviation: float) -> float:
    """By how much the bound falls where the mean squared error grows by 1."""
    drawn = torch.zeros(1, 1, 1, numbers)
    same, one_off = (
        objective.log_likelihood(y, reconstruction=drawn, deviation=deviation) for y in (drawn, drawn + 1)
    )
    return round(float(same - one_off), 1)


KINDS = (
    Kind(
        "00.1",
        "How many numbers are in a picture of {side}×{side} pixels with {colours} colours?",
        {"side": 16, "colours": 3},
        lambda r: {"side": r.randrange(10, 41, 2), "colours": r.choice([1, 3, 4])},
        lambda side, colours: torch.zeros(colours, side, side).numel(),
    ),
    Kind(
        "02.1",
        "A linear layer makes 256 numbers from {x} entries of x and {z} entries of z. A transposed "
        "convolution makes {maps} maps from {maps} maps, with kernels of {kernel}×{kernel}. Both have "
        "biases. How many parameters has each? Give the pair (linear, transposed).",
        {"x": 35, "z": 128, "maps": 32, "kernel": 4},
        lambda r: {
            "x": r.randint(5, 40), "z": r.choice([16, 32, 64, 96]), "maps": r.choice([8, 12, 24, 48]),
            "kernel": r.choice([3, 4, 5]),
        },
        _layers,
    ),
    Kind(
        "03.1",
        "D answers with the logit {logit}. What is the probability, according to D, that the picture was "
        "*generated*?",
        {"logit": 2.0},
        lambda r: {"logit": r.choice([-1, 1]) * r.randint(5, 30) / 10},
        lambda logit: torch.sigmoid(torch.tensor(-logit)).item(),
        0.003,
    ),
    Kind(
        "04.1",
        "D answers log {a}, 0 and −log {b} to three generated samples. What is the article's loss "
        "L(G), in nats?",
        {"a": 3, "b": 7},
        lambda r: {"a": r.randint(2, 9), "b": r.randint(2, 15)},
        _article_loss,
        2e-3,
    ),
    Kind(
        "05.2",
        "An averaged generator keeps the share {kept} of its old weights in each step. After how many steps "
        "has the influence of the first weights fallen to one half? A whole number.",
        {"kept": 0.995},
        lambda r: {"kept": round(1 - r.randint(2, 20) / 1000, 3)},
        lambda kept: round(math.log(0.5) / math.log(kept)),
        0.01,
    ),
    Kind(
        "11.2",
        "A program minimises `mse_loss(redrawn, y) + kl`. Its `mse_loss` takes the mean over the {numbers} "
        "numbers of a picture. The decoder's deviation is {deviation}. Which beta is hidden in it?",
        {"numbers": 768, "deviation": 0.5},
        lambda r: {"numbers": r.choice([192, 300, 1024, 3072]), "deviation": r.choice([0.1, 0.2, 0.25, 1.0])},
        _hidden_beta,
        3e-4,
    ),
    Kind(
        "13.3",
        "A sampler takes {steps} steps with guidance of scale {scale}. How often does the denoiser run "
        "for one picture?",
        {"steps": 20, "scale": 3},
        lambda r: {"steps": r.randint(8, 60), "scale": r.randint(2, 8)},
        lambda steps, scale: 2 * steps,
    ),
)  # fmt: skip


def notebook(seed: int) -> Any:
    """All kinds with the numbers of one seed, as a source notebook for nbgrader; a point for each."""
    cells = [new_markdown_cell(f"# Exercises, set {seed}\n\nReplace the dots.", id="title")]  # type: ignore[no-untyped-call]
    for kind in KINDS:
        cells += _cells(variant(kind, seed))
    return new_notebook(cells=cells)  # type: ignore[no-untyped-call]


def _cells(one: Variant) -> list[Any]:
    name, identity = f"answer_{one.number.replace('.', '_')}", one.number.replace(".", "-")
    answer = f"{name} = ...\n### BEGIN SOLUTION\n{name} = {one.answer!r}\n### END SOLUTION"
    test = (
        f"# One point\n### BEGIN HIDDEN TESTS\nfrom stablegen_lib.course.checking import difference\n\n"
        f"assert difference({name}, {one.answer!r}, {one.tolerance}) is None\n### END HIDDEN TESTS"
    )
    asked = new_markdown_cell(f"**{one.number}** {one.text}", id=f"asked-{identity}")  # type: ignore[no-untyped-call]
    answered = new_code_cell(answer, id=f"answer-{identity}")  # type: ignore[no-untyped-call]
    tested = new_code_cell(test, id=f"test-{identity}")  # type: ignore[no-untyped-call]
    answered.metadata["nbgrader"] = metadata(f"answer-{identity}", solution=True)
    tested.metadata["nbgrader"] = metadata(f"test-{identity}", solution=False) | {"points": 1}
    return [asked, answered, tested]
