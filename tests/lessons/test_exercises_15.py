"""Claims about the exercises of lesson 15: stubs wait, solutions pass, typical mistakes get their hint."""

import math

import pytest
import torch
from folded import solved, verdict

NUMBERS = ["15.1", "15.2", "15.3"]


def both(groups, held):
    inside = torch.isin(groups, held)
    return (~inside).nonzero().flatten(), inside.nonzero().flatten()


@pytest.mark.parametrize("number", NUMBERS)
def test_the_folded_solution_is_right(number):
    assert verdict(number, solved("15", number, torch=torch)).state == "right"


@pytest.mark.parametrize("stub", [lambda *_: ..., lambda *_: (..., ...), lambda *_: None])
def test_a_stub_is_not_yet(stub):
    assert verdict("15.1", stub).state == "not yet"


def test_the_usual_way_to_round_up_is_right_too():
    assert verdict("15.2", lambda v, p, b: math.ceil(v * p / b)).state == "right"


@pytest.mark.parametrize(
    ("number", "mistake", "hint"),
    [
        ("15.1", lambda g, h: both(g, h)[::-1], "changed places"),
        ("15.1", lambda g, h: (g[~torch.isin(g, h)], g[torch.isin(g, h)]), "those are the groups"),
        ("15.1", lambda g, h: (both(g, h)[0], h), "the held-out pictures"),
        ("15.1", lambda g, h: (torch.arange(len(g)), both(g, h)[1]), "the training pictures"),
        ("15.1", lambda g, h: torch.isin(g, h), "two tensors"),
        ("15.2", lambda v, p, b: v * b / p, "upside down"),
        ("15.2", lambda v, p, b: v * p / b, "round up"),
        ("15.2", lambda v, p, b: v * p // b, "not down"),
        ("15.2", lambda v, p, b: 12_500, "too large"),
        ("15.3", "fine", "0.10"),
        ("15.3", "collapse", "0.97"),
        ("15.3", "cats", "one of"),
    ],
)
def test_mistakes_get_their_hint(number, mistake, hint):
    assert verdict(number, mistake).state == "wrong"
    assert hint in verdict(number, mistake).message


@pytest.mark.parametrize("junk", ["", 3, [1, "a"], {}, torch.zeros(2), object(), float("nan"), True])
@pytest.mark.parametrize("number", NUMBERS)
def test_nonsense_is_wrong_with_a_message_and_never_raises(number, junk):
    for answer in (junk, lambda *_: junk):
        given = verdict(number, answer)
        assert given.state == "wrong"
        assert given.message
