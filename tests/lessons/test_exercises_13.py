"""Claims about the exercises of lesson 13: stubs wait, solutions pass, typical mistakes get their hint."""

import pytest
import torch
from folded import solved, verdict

NUMBERS = ["13.1", "13.2", "13.3"]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_folded_solution_is_right(number):
    assert verdict(number, solved("13", number, torch=torch)).state == "right"


@pytest.mark.parametrize("number", ["13.1", "13.2"])
def test_a_function_stub_is_not_yet(number):
    assert verdict(number, lambda *_: ...).state == "not yet"


def test_alpha_bar_may_be_used_as_the_tensor_that_a_schedule_gives():
    def back(x_t, noise, alpha_bar):
        return (x_t - (1 - alpha_bar).sqrt() * noise) / alpha_bar.sqrt()

    def down(x_t, noise, alpha_bar, alpha_bar_next):
        x0 = back(x_t, noise, alpha_bar)
        return alpha_bar_next.sqrt() * x0 + (1 - alpha_bar_next).sqrt() * noise

    assert verdict("13.1", back).state == verdict("13.2", down).state == "right"


@pytest.mark.parametrize(
    ("number", "mistake", "hint"),
    [
        ("13.1", lambda x, n, a: x - n, "not added as a whole"),
        ("13.1", lambda x, n, a: x - (1 - a) ** 0.5 * n, "what remains"),
        ("13.1", lambda x, n, a: (x - (1 - a) * n) / a, "roots"),
        ("13.1", lambda x, n, a: a**0.5 * x + (1 - a) ** 0.5 * n, "once more"),
        ("13.1", lambda x, n, a: x, "Solve"),
        ("13.1", lambda x, n, a: x.sum(), "needed"),
        ("13.2", lambda x, n, a, b: (x - (1 - a) ** 0.5 * n) / a**0.5, "whole way"),
        ("13.2", lambda x, n, a, b: x, "came from"),
        ("13.2", lambda x, n, a, b: (x - (1 - a) ** 0.5 * n) / a**0.5 * b**0.5, "First find x0"),
        ("13.2", lambda x, n, a, b: 1.0, "needed"),
        ("13.3", 20, "twice"),
        ("13.3", 60, "three passes"),
        ("13.3", 80, "once"),
        ("13.3", 1000, "visits"),
        ("13.3", 41, "too large"),
        ("13.3", torch.tensor(20), "twice"),
    ],
)
def test_mistakes_get_their_hint(number, mistake, hint):
    assert verdict(number, mistake).state == "wrong"
    assert hint in verdict(number, mistake).message
