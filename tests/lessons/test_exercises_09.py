"""Claims about the exercises of lesson 09: stubs wait, solutions pass, typical mistakes get their hint."""

import pytest
import torch
from folded import solved, verdict

from stablegen_lib import editing

NUMBERS = ["09.1", "09.2", "09.3"]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_folded_solution_is_right(number):
    assert verdict(number, solved("09", number, torch=torch)).state == "right"


@pytest.mark.parametrize("number", ["09.1", "09.2"])
def test_a_function_stub_is_not_yet(number):
    assert verdict(number, lambda *_: ...).state == "not yet"


def test_the_solution_of_the_first_exercise_is_what_the_library_does():
    paste = solved("09", "09.1")
    original, before, after = (torch.rand(2, 3, 8, 8) * 2 - 1 for _ in range(3))
    mask = editing.soft_mask(after - before)
    torch.testing.assert_close(paste(original, after, mask), editing.blend(original, before, after))


def root(squares):
    return squares.mean().sqrt()


@pytest.mark.parametrize(
    ("number", "mistake", "hint"),
    [
        ("09.1", lambda y, after, m: (1 - m) * after + m * y, "wrong way round"),
        ("09.1", lambda y, after, m: y + m * after, "share"),
        ("09.1", lambda y, after, m: y + after, "share"),
        ("09.1", lambda y, after, m: torch.where(m > 0.5, after, y), "hard mask"),
        ("09.1", lambda y, after, m: y, "off"),
        ("09.1", lambda y, after, m: m, "needed"),
        ("09.2", lambda e, o, t: (e - t)[:, (t == o).all(dim=0)].square().mean(), "root"),
        ("09.2", lambda e, o, t: root((e - t).square()), "whole picture"),
        ("09.2", lambda e, o, t: root((e - t)[:, ~(t == o).all(dim=0)].square()), "inside"),
        ("09.2", lambda e, o, t: root((e - t)[t == o].square()), "all three colours"),
        ("09.2", lambda e, o, t: root((e - t).square() * (t == o).all(dim=0)), "divided"),
        ("09.2", lambda e, o, t: root((e - o).square()), "with the twin"),
        ("09.2", lambda e, o, t: torch.tensor(3.0), "too large"),
        ("09.3", "it edits well", "0.01"),
        ("09.3", "it draws another person", "outside"),
        ("09.3", "it sings", "one of"),
    ],
)
def test_mistakes_get_their_hint(number, mistake, hint):
    assert verdict(number, mistake).state == "wrong"
    assert hint in verdict(number, mistake).message


def test_a_verdict_may_have_capital_letters():
    assert verdict("09.3", "It changes nothing").state == "right"
