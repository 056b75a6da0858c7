"""Claims about the exercises of lesson 05: stubs wait, solutions pass, typical mistakes get their hint."""

import pytest
import torch
from folded import solved, verdict

from stablegen_lib import log_loss


@pytest.mark.parametrize("number", ["05.1", "05.2", "05.3"])
def test_the_folded_solution_is_right(number):
    assert verdict(number, solved("05", number, log_loss=log_loss)).state == "right"


def test_a_function_stub_is_not_yet():
    assert verdict("05.1", lambda discriminator, x, real, fake: ...).state == "not yet"


def turn(*, detach=True, swap=False, factor=1.0, logits=False, deaf=False):
    """D's turn with one mistake; `deaf`: D's answer to the fakes is cut off, and D learns nothing of them."""

    def discriminator_turn(discriminator, x, real, fake):
        shown = fake.detach() if detach else fake
        pair = (shown, real) if swap else (real, shown)
        answers = [discriminator(x, y).detach() if logits else discriminator(x, y) for y in pair]
        if deaf:
            answers[1] = answers[1].detach()
        return factor * log_loss.discriminator_loss(real_logits=answers[0], fake_logits=answers[1])

    return discriminator_turn


@pytest.mark.parametrize(
    ("mistake", "hint"),
    [
        (turn(detach=False), "fake.detach()"),
        (turn(swap=True), "changed places"),
        (turn(factor=0.5), "half of it"),
        (turn(factor=-1.0), "too small"),
        (turn(logits=True), "no gradient"),
        (turn(deaf=True), "not learn from all"),
        (lambda *inputs: turn()(*inputs).item(), "return the tensor itself"),
        (lambda discriminator, x: 0.0, "raised TypeError"),
    ],
)
def test_mistakes_in_the_discriminators_turn_get_their_hint(mistake, hint):
    assert verdict("05.1", mistake).state == "wrong"
    assert hint in verdict("05.1", mistake).message


@pytest.mark.parametrize(("mistake", "hint"), [(200, "average age"), (100, "same share"), (60, "too small")])
def test_mistakes_about_the_memory_of_the_average_get_their_hint(mistake, hint):
    assert verdict("05.2", mistake).state == "wrong"
    assert hint in verdict("05.2", mistake).message


@pytest.mark.parametrize("answer", [138, 138.3, 139, torch.tensor(138)])
def test_the_half_life_may_be_rounded_either_way(answer):
    assert verdict("05.2", answer).state == "right"


@pytest.mark.parametrize(
    ("mistake", "hint"), [("tie", "2 log 2"), ("collapse of D", "at least 1.39"), ("win", "one of")]
)
def test_a_wrong_diagnosis_gets_its_hint(mistake, hint):
    assert verdict("05.3", mistake).state == "wrong"
    assert hint in verdict("05.3", mistake).message


@pytest.mark.parametrize("answer", ["Discriminator wins", " discriminator wins "])
def test_a_diagnosis_may_have_capital_letters_and_spaces(answer):
    assert verdict("05.3", answer).state == "right"
