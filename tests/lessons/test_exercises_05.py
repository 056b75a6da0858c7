"""Claims about the exercises of lesson 05: stubs wait, solutions pass, typical mistakes get their hint."""

import copy

import pytest
import torch
from folded import solved, verdict

from stablegen_lib import log_loss


@pytest.mark.parametrize("number", ["05.1", "05.2", "05.3"])
def test_the_folded_solution_is_right(number):
    assert verdict(number, solved("05", number, log_loss=log_loss, copy=copy)).state == "right"


def test_a_function_stub_is_not_yet():
    assert verdict("05.1", lambda discriminator, x, real, fake: ...).state == "not yet"


def one(*, detach=True, twin=True, swap=False, of_g=log_loss.non_saturating_loss, deaf=False, mute=False):
    """One number for both, with a mistake; `deaf`: D learns nothing of the fakes, `mute`: G nothing of D."""

    def one_number(discriminator, x, real, fake):
        judge = copy.deepcopy(discriminator) if twin else discriminator
        of_real, of_fake = discriminator(x, real), discriminator(x, fake.detach() if detach else fake)
        real_logits, fake_logits = (of_fake, of_real) if swap else (of_real, of_fake)
        if deaf:
            fake_logits = fake_logits.detach()
        d_loss = log_loss.discriminator_loss(real_logits=real_logits, fake_logits=fake_logits)
        return d_loss + of_g(judge(x, fake.detach() if mute else fake))

    return one_number


def frozen(discriminator, x, real, fake):
    """Without a twin: D's weights ask for no gradient while G's loss is computed."""
    d_loss = one(of_g=lambda logits: 0.0)(discriminator, x, real, fake)
    discriminator.requires_grad_(False)
    return d_loss + log_loss.non_saturating_loss(discriminator(x, fake))


def taken_away(discriminator, x, real, fake):
    """Without a twin: what G's loss gives to D is taken away again; another value, the right gradients."""
    g_loss, for_d = (log_loss.non_saturating_loss(discriminator(x, each)) for each in (fake, fake.detach()))
    return one(of_g=lambda logits: 0.0)(discriminator, x, real, fake) + g_loss - for_d


@pytest.mark.parametrize("answer", [one(), frozen, taken_away], ids=["twin", "frozen", "taken away"])
def test_any_number_with_the_right_gradients_is_right(answer):
    assert verdict("05.1", answer).state == "right"


@pytest.mark.parametrize(
    ("mistake", "hint"),
    [
        (one(detach=False, twin=False), "fakes follow D's loss too"),
        (one(detach=False), "fakes follow D's loss too"),
        (one(twin=False), "D follows G's loss too"),
        (one(mute=True), "no gradient reaches the fakes"),
        (one(of_g=log_loss.minimax_loss), "does not saturate"),
        (one(swap=True), "gap 05.a"),
        (one(deaf=True), "gap 05.a"),
        (lambda *inputs: one()(*inputs).item(), "one number that carries a gradient"),
        (lambda discriminator, x, real, fake: discriminator(x, fake), "one number that carries a gradient"),
        (lambda discriminator, x: 0.0, "raised TypeError"),
    ],
)
def test_mistakes_in_the_one_number_get_their_hint(mistake, hint):
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
