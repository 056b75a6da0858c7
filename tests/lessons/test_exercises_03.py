"""Claims about the exercises of lesson 03: stubs wait, solutions pass, typical mistakes get their hint."""

import math

import pytest
import torch
from folded import solved, verdict

NUMBERS = ["03.1", "03.2", "03.3"]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_folded_solution_is_right(number):
    assert verdict(number, solved("03", number, math=math, torch=torch)).state == "right"


@pytest.mark.parametrize("number", ["03.2", "03.3"])
def test_a_function_stub_is_not_yet(number):
    assert verdict(number, lambda *_: ...).state == "not yet"


@pytest.mark.parametrize("answer", [0.119, 0.12, torch.tensor(0.1192)])
def test_two_digits_of_the_probability_are_enough(answer):
    assert verdict("03.1", answer).state == "right"


@pytest.mark.parametrize(
    ("number", "mistake", "hint"),
    [
        ("03.1", 0.88, "is real"),
        ("03.1", 11.9, "per cent"),
        ("03.1", 12, "per cent"),
        ("03.1", 0.135, "odds"),
        ("03.1", -2, "opposite question"),
        ("03.1", 0.5, "too large"),
        ("03.2", lambda p, q: torch.sigmoid(q - p), "probability of generated"),
        ("03.2", lambda p, q: p - q, "best logit"),
        ("03.2", lambda p, q: (p - q).exp(), "ratio"),
        ("03.2", lambda p, q: p.exp() / (p.exp() + q.exp()), "tiny"),
        ("03.2", lambda p, q: torch.zeros(4), "p / (p + q)"),
        ("03.2", lambda p: p, "raised TypeError"),
        ("03.3", lambda r, f: torch.cat([r > 0, f < 0]).float().mean(), "plain accuracy"),
        ("03.3", lambda r, f: torch.cat([r > 0, f < 0]).sum(), "count"),
        ("03.3", lambda r, f: ((r < 0).float().mean() + (f > 0).float().mean()) / 2, "mistakes"),
        ("03.3", lambda r, f: ((r > 0.5).float().mean() + (f < 0.5).float().mean()) / 2, "logit 0"),
        ("03.3", lambda r, f: ((r > 0).float().mean(), (f < 0).float().mean()), "needed"),
        ("03.3", lambda r, f: 0.625, "too"),
    ],
)
def test_mistakes_get_their_hint(number, mistake, hint):
    assert verdict(number, mistake).state == "wrong"
    assert hint in verdict(number, mistake).message
