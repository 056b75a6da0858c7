"""Claims about the exercises of lesson 06: stubs wait, solutions pass, typical mistakes get their hint."""

import pytest
import torch
from folded import solved, verdict

from stablegen_lib import latent
from stablegen_lib.course import checking, missing_lines

NUMBERS = ["06.1", "06.2", "06.3"]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_folded_solution_is_right(number):
    assert verdict(number, solved("06", number, torch=torch)).state == "right"


@pytest.mark.parametrize("number", ["06.1", "06.2"])
def test_a_function_stub_is_not_yet(number):
    assert verdict(number, lambda *_: ...).state == "not yet"


def test_the_librarys_own_turn_is_right_too():
    assert verdict("06.1", lambda start, end: latent.slerp(start, end, 0.5)).state == "right"


@pytest.mark.parametrize(
    ("number", "mistake", "hint"),
    [
        ("06.1", lambda a, b: (a + b) / 2, "straight line"),
        ("06.1", lambda a, b: a / a.norm() + b / b.norm(), "mean length"),
        ("06.1", lambda a, b: (d := a / a.norm() + b / b.norm()) / d.norm(), "Multiply"),
        ("06.1", lambda a, b: a, "latent.slerp"),
        ("06.1", lambda a, b: (d := a + b) / d.norm() * (a.norm() + b.norm()) / 2, "before you add them"),
        ("06.1", lambda a, b: a.norm(), "needed"),
        ("06.2", lambda z, h: z[h].mean(0) - z[~h].mean(0), "1 long"),
        ("06.2", lambda z, h: z[~h].mean(0) - z[h].mean(0), "wrong way"),
        (
            "06.2",
            lambda z, h: (d := z[~h].mean(0) - z[h].mean(0)) / d.norm(),
            "wrong way",
        ),
        ("06.2", lambda z, h: z[h].mean(0), "off"),
        ("06.2", lambda z, h: z[h], "needed"),
        ("06.3", "new", "distance to a training face is 0"),
        ("06.3", "cannot tell", "768"),
        ("06.3", "copied", "one of"),
    ],
)
def test_mistakes_get_their_hint(number, mistake, hint):
    assert verdict(number, mistake).state == "wrong"
    assert hint in verdict(number, mistake).message


@pytest.mark.parametrize("answer", ["memorized", "Memorised"])
def test_a_verdict_may_be_spelt_either_way(answer):
    assert verdict("06.3", answer).state == "right"


def gap_verdict(number, answer):
    return checking.judge(missing_lines.find(number).exercise, answer)


def test_plain_halves_will_do_for_the_spread():
    def spread(images):
        one, other = images[: len(images) // 2], images[len(images) // 2 :]
        return (one - other).flatten(1).norm(dim=1).mean()

    assert gap_verdict("06.c", spread).state == "right"


@pytest.mark.parametrize(
    ("way", "state"), [([1] * 6, "right"), ([-1] * 6, "right"), ([1, -1, 1, 1, 1, 1], "wrong")]
)
def test_the_most_stretched_direction_may_point_either_way_and_keeps_its_signs(way, state):
    def most_stretched(A):
        direction = torch.linalg.eigh(A.T @ A).eigenvectors[:, -1]
        return direction * torch.tensor(way)[: len(direction)]

    assert gap_verdict("06.e", most_stretched).state == state
