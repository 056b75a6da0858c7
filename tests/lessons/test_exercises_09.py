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


def test_with_the_threshold_of_the_first_exercise_the_mask_stays_shut_in_that_share():
    low_for = solved("09", "09.1")
    before, after = torch.rand(1, 3, 40, 50), torch.rand(1, 3, 40, 50)
    low = float(low_for(before[0].flatten(1), after[0].flatten(1), 0.9))
    mask = editing.soft_mask(after - before, low, 1.0)
    assert abs(float((mask == 0).float().mean()) - 0.9) < 0.01


def test_pairs_of_persons_may_come_in_any_order_and_as_a_list():
    pairs_of = solved("09", "09.2", torch=torch)
    assert verdict("09.2", lambda who, drawn: pairs_of(who, drawn).flip(0)).state == "right"
    assert verdict("09.2", lambda who, drawn: pairs_of(who, drawn).tolist()).state == "right"


def apart(before, after):
    return (after - before).abs()


def once(who, drawn):
    return torch.isin(who, drawn).nonzero().flatten()


def all_pairs(who, drawn):
    return torch.cat([(who == one).nonzero().flatten() for one in drawn])


@pytest.mark.parametrize(
    ("number", "mistake", "hint"),
    [
        ("09.1", lambda b, a, s: torch.quantile(apart(b, a), s), "each colour for itself"),
        ("09.1", lambda b, a, s: torch.quantile(apart(b, a).mean(dim=0), s), "mean of the three"),
        ("09.1", lambda b, a, s: torch.quantile((a - b).amax(dim=0), s), "darker"),
        ("09.1", lambda b, a, s: torch.quantile(apart(b, a).amax(dim=0), 1 - s), "open in that share"),
        ("09.1", lambda b, a, s: apart(b, a).max(), "everywhere"),
        ("09.1", lambda b, a, s: s * apart(b, a).max(), "share of the largest"),
        ("09.1", lambda b, a, s: apart(b, a).amax(dim=0).mean(), "torch.quantile"),
        ("09.1", lambda b, a, s: 0.2, "torch.quantile"),
        ("09.1", lambda b, a, s: apart(b, a), "needed"),
        ("09.2", once, "counts twice"),
        ("09.2", lambda who, drawn: drawn, "numbers of persons"),
        ("09.2", lambda who, drawn: who[all_pairs(who, drawn)], "those are the persons"),
        (
            "09.2",
            lambda who, drawn: torch.stack([(who == one).nonzero()[0, 0] for one in drawn]),
            "not the first only",
        ),
        ("09.2", lambda who, drawn: all_pairs(who, drawn)[1:], "one drawn person after the other"),
        ("09.2", lambda who, drawn: "all", "needed"),
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
