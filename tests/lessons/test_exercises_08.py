"""Claims about the exercises of lesson 08: stubs wait, solutions pass, typical mistakes get their hint."""

import math

import pytest
import torch
from folded import solved, verdict

NUMBERS = ["08.1", "08.2", "08.3"]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_folded_solution_is_right(number):
    assert verdict(number, solved("08", number, torch=torch)).state == "right"


@pytest.mark.parametrize("number", ["08.1", "08.2"])
def test_a_function_stub_is_not_yet(number):
    assert verdict(number, lambda *_: ...).state == "not yet"


def copies(distances, tail):
    return solved("08", "08.2", torch=torch)(distances, tail)


def test_the_number_of_copies_by_counting_is_right_too():
    assert verdict("08.2", lambda d, t: math.ceil(t * (len(d) - 1)) + 1).state == "right"


def test_six_copies_in_five_hundred_move_the_tail_and_half_the_crowd_moves_the_median():
    distances = 1 + torch.rand(500)
    assert (copies(distances, 0.01), copies(distances, 0.5)) == (6, 251)


@pytest.mark.parametrize(
    ("number", "mistake", "hint"),
    [
        ("08.1", lambda r, g, d: (torch.cdist(r, g) < d).any(dim=0).float().mean(), "other way"),
        ("08.1", lambda r, g, d: (torch.cdist(r, g) < d).float().mean(), "counts pairs"),
        ("08.1", lambda r, g, d: (torch.cdist(r, g) < d).any(dim=1).sum(), "Divide"),
        ("08.1", lambda r, g, d: (torch.cdist(r, g) < 2 * d).any(dim=1).float().mean(), "torch.cdist"),
        ("08.1", lambda r, g, d: torch.cdist(r, g) < d, "needed"),
        ("08.2", lambda d, t: int(t * len(d)), "one too few"),
        ("08.2", lambda d, t: copies(d, t) + 1, "one too many"),
        ("08.2", lambda d, t: copies(d, t) / len(d), "share"),
        ("08.2", lambda d, t: len(d) - copies(d, t), "may stay"),
        ("08.2", lambda d, t: torch.quantile(d, t), "torch.quantile"),
        ("08.2", lambda d, t: 6, "torch.quantile"),
        ("08.3", "memorises", "ratio near 0"),
        ("08.3", "collapsed", "covers little"),
        ("08.3", "fine", "one of"),
    ],
)
def test_mistakes_get_their_hint(number, mistake, hint):
    assert verdict(number, mistake).state == "wrong"
    assert hint in verdict(number, mistake).message
