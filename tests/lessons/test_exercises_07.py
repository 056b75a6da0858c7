"""Claims about the exercises of lesson 07: stubs wait, solutions pass, typical mistakes get their hint."""

import pytest
import torch
from folded import solved, verdict

from stablegen_experiments.luck import LEVEL, p_value
from stablegen_lib.course import checking, missing_lines

NUMBERS = ["07.1", "07.2", "07.3"]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_folded_solution_is_right(number):
    names = {"torch": torch, "p_value": p_value, "LEVEL": LEVEL}
    assert verdict(number, solved("07", number, **names)).state == "right"


def test_a_function_stub_is_not_yet():
    assert verdict("07.2", lambda *_: ...).state == "not yet"


@pytest.mark.parametrize(
    ("number", "mistake", "hint"),
    [
        ("07.1", 0, "circles"),
        ("07.1", 0.5, "grows"),
        ("07.1", 1, "equally fast"),
        ("07.1", 2, "too strong"),
        ("07.1", -1, "at least 0"),
        ("07.1", True, "a number or a tensor"),
        ("07.1", float("nan"), "one finite number"),
        ("07.1", torch.tensor([1.0, 1.0]), "one finite number"),
        ("07.1", 1j, "one finite number"),
        ("07.2", lambda p, c, r: (torch.cdist(c, p) <= r).any(dim=0).sum(), "Count centres"),
        ("07.2", lambda p, c, r: (torch.cdist(c, p) <= r).sum(), "pairs"),
        ("07.2", lambda p, c, r: len(c), "with radius"),
        ("07.2", lambda p, c, r: int((torch.cdist(c, p) < r).any(dim=1).sum()), "exactly at the radius"),
        ("07.2", lambda p, c, r: True, "one number"),
        ("07.3", 5, "often enough"),
        ("07.3", 10, "often enough"),
        ("07.3", 15, "nearly"),
        ("07.3", 25, "fewer"),
        ("07.3", 18, "a whole number"),
        ("07.3", 20.0, "a whole number"),
        ("07.3", "cannot tell", "a whole number"),
        ("07.3", True, "a whole number"),
    ],
)
def test_mistakes_get_their_hint(number, mistake, hint):
    assert verdict(number, mistake).state == "wrong"
    assert hint in verdict(number, mistake).message


@pytest.mark.parametrize("answer", [0.7, 0.71, torch.tensor(0.7071), torch.tensor([0.7071])])
def test_the_strongest_pull_may_be_any_kind_of_number(answer):
    assert verdict("07.1", answer).state == "right"


def test_a_slope_penalty_that_cannot_be_trained_through_is_not_enough():
    def slope_penalty(critic, samples):
        samples = samples.detach().requires_grad_(True)
        (slope,) = torch.autograd.grad(critic(samples).sum(), samples)
        return 0.5 * slope.square().sum(dim=1).mean()

    given = checking.judge(missing_lines.find("07.h").exercise, slope_penalty)
    assert given.state == "wrong"
    assert "create_graph=True" in given.message


def test_twenty_runs_are_the_first_multiple_of_five_that_make_all_against_three_fifths_clear():
    def luck(runs):
        return p_value([1] * runs, [1] * (3 * runs // 5) + [0] * (2 * runs // 5))

    assert [runs for runs in range(5, 45, 5) if luck(runs) <= LEVEL] == list(range(20, 45, 5))
    assert LEVEL < luck(15) < 0.05  # what the hint for 15 says
