"""Claims about the log-losses: their values and gradients, against references computed another way."""

import math

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from jaxtyping import TypeCheckError

from stablegen_lib import log_loss

LOGITS = [float(logit) for logit in torch.linspace(-50, 50, 201)]
REFUSED = (ValueError, TypeCheckError)  # by the library, or earlier by the shape checks of the tests
batches = st.lists(st.floats(-50, 50, width=32), min_size=1, max_size=20).map(torch.tensor)


def softplus(logit: float) -> float:
    """−log(1 − sigmoid), in float64 without torch."""
    return max(logit, 0.0) + math.log1p(math.exp(-abs(logit)))


def sigmoid(logit: float) -> float:
    return 1 / (1 + math.exp(-logit)) if logit >= 0 else math.exp(logit) / (1 + math.exp(logit))


def real_part(logits: torch.Tensor) -> torch.Tensor:
    """What real logits add to the discriminator's loss, when a fake one of −200 adds nothing."""
    return log_loss.discriminator_loss(real_logits=logits, fake_logits=torch.tensor([-200.0]))


def fake_part(logits: torch.Tensor) -> torch.Tensor:
    return log_loss.discriminator_loss(real_logits=torch.tensor([200.0]), fake_logits=logits)


def labelled(label: float):
    return lambda logits: log_loss.cross_entropy(logits, torch.full(logits.shape, label))


# loss, its value, its slope: both from float64 formulas of one logit
REFERENCES = {
    "non_saturating": (log_loss.non_saturating_loss, lambda t: softplus(-t), lambda t: -sigmoid(-t)),
    "minimax": (log_loss.minimax_loss, lambda t: -softplus(t), lambda t: -sigmoid(t)),
    "article": (log_loss.article_loss, lambda t: softplus(-t), lambda t: -sigmoid(-t)),
    "discriminator, real": (real_part, lambda t: softplus(-t), lambda t: -sigmoid(-t)),
    "discriminator, fake": (fake_part, softplus, sigmoid),
    "cross-entropy, label 1": (labelled(1.0), lambda t: softplus(-t), lambda t: -sigmoid(-t)),
    "cross-entropy, label 0": (labelled(0.0), softplus, sigmoid),
    "cross-entropy, label 0.3": (
        labelled(0.3),
        lambda t: 0.3 * softplus(-t) + 0.7 * softplus(t),
        lambda t: sigmoid(t) - 0.3,
    ),
}


def value_and_slope(loss, logit: float, dtype: torch.dtype) -> tuple[float, float]:
    logits = torch.tensor([logit], dtype=dtype, requires_grad=True)
    value = loss(logits)
    value.backward()
    return value.item(), logits.grad.item()


@pytest.mark.parametrize("name", REFERENCES)
def test_value_and_gradient_agree_with_float64_from_logit_minus_50_to_50(name):
    loss, value, slope = REFERENCES[name]
    for logit in LOGITS:
        got_value, got_slope = value_and_slope(loss, logit, torch.float32)
        # Relative, so that exp(−50) counts too; absolute only where two labels cancel near a slope of 0.
        assert got_value == pytest.approx(value(logit), rel=2e-6, abs=0), logit
        absolute = 1e-7 if "0.3" in name else 0
        assert got_slope == pytest.approx(slope(logit), rel=2e-6, abs=absolute), logit


def test_the_formula_with_a_small_number_inside_the_logarithm_would_fail_that_test():
    def patched_up(logits):
        return -(logits.sigmoid() + 1e-8).log().mean()

    assert value_and_slope(patched_up, -30.0, torch.float32)[1] == pytest.approx(-9e-6, rel=0.1)
    assert value_and_slope(log_loss.non_saturating_loss, -30.0, torch.float32)[1] == pytest.approx(-1)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("name", REFERENCES)
def test_sixteen_bit_logits_give_finite_values_and_gradients(name, dtype):
    loss, value, slope = REFERENCES[name]
    for logit in LOGITS[::10]:
        logit = torch.tensor(logit, dtype=dtype).item()  # what 16 bits make of it
        got_value, got_slope = value_and_slope(loss, logit, dtype)
        assert got_value == pytest.approx(value(logit), rel=2e-6, abs=0)
        assert math.isfinite(got_slope)
        assert got_slope == pytest.approx(slope(logit), rel=0.01, abs=1e-6)  # the gradient has 16 bits too


def test_the_average_of_many_16_bit_logits_keeps_its_digits():
    logits = torch.full((1000,), 0.1, dtype=torch.bfloat16)
    loss = log_loss.non_saturating_loss(logits)
    assert loss.dtype == torch.float32
    assert loss.item() == pytest.approx(softplus(-logits[0].item()), rel=1e-6)


def test_float64_logits_keep_float64():
    loss = log_loss.non_saturating_loss(torch.tensor([0.5], dtype=torch.float64))
    assert loss.item() == pytest.approx(softplus(-0.5), rel=1e-15)


@given(batches, batches)
def test_the_discriminator_loss_is_binary_cross_entropy_with_labels_1_and_0(real, fake):
    expected = F.binary_cross_entropy_with_logits(real, torch.ones_like(real))
    expected = expected + F.binary_cross_entropy_with_logits(fake, torch.zeros_like(fake))
    torch.testing.assert_close(log_loss.discriminator_loss(real_logits=real, fake_logits=fake), expected)


@given(batches)
def test_the_non_saturating_loss_is_binary_cross_entropy_with_label_1(fake):
    expected = F.binary_cross_entropy_with_logits(fake, torch.ones_like(fake))
    torch.testing.assert_close(log_loss.non_saturating_loss(fake), expected)


@given(batches)
def test_the_minimax_loss_is_minus_binary_cross_entropy_with_label_0(fake):
    expected = -F.binary_cross_entropy_with_logits(fake, torch.zeros_like(fake))
    torch.testing.assert_close(log_loss.minimax_loss(fake), expected)


@given(batches, st.data())
def test_cross_entropy_is_torchs_for_every_label(logits, draw):
    label = st.floats(0, 1, width=32)
    labels = torch.tensor(draw.draw(st.lists(label, min_size=len(logits), max_size=len(logits))))
    expected = F.binary_cross_entropy_with_logits(logits, labels)
    torch.testing.assert_close(log_loss.cross_entropy(logits, labels), expected, rtol=1e-5, atol=1e-6)


@given(batches, batches)
def test_cross_entropy_is_another_view_of_the_other_losses(real, fake):
    ones, zeros = log_loss.cross_entropy(real, torch.ones_like(real)), torch.zeros_like(fake)
    total = log_loss.discriminator_loss(real_logits=real, fake_logits=fake)
    torch.testing.assert_close(ones + log_loss.cross_entropy(fake, zeros), total)
    wanted = log_loss.cross_entropy(fake, torch.ones_like(fake))
    torch.testing.assert_close(log_loss.non_saturating_loss(fake), wanted)


@pytest.mark.parametrize("label", [0.1, 0.5, 0.9])
def test_cross_entropy_is_least_where_the_probability_equals_the_label(label):
    best = torch.tensor([label]).logit()
    assert abs(value_and_slope(labelled(label), best.item(), torch.float32)[1]) < 1e-6
    for step in (-0.1, 0.1):
        assert labelled(label)(best + step) > labelled(label)(best)


def test_the_minimax_gradient_vanishes_when_the_fake_is_spotted_and_the_non_saturating_one_is_full():
    assert abs(value_and_slope(log_loss.minimax_loss, -30.0, torch.float32)[1]) < 1e-12
    assert value_and_slope(log_loss.non_saturating_loss, -30.0, torch.float32)[1] == pytest.approx(-1)


def test_it_is_the_other_way_round_when_the_fake_passes_for_real():
    assert value_and_slope(log_loss.minimax_loss, 30.0, torch.float32)[1] == pytest.approx(-1)
    assert abs(value_and_slope(log_loss.non_saturating_loss, 30.0, torch.float32)[1]) < 1e-12


@given(batches)
def test_minimax_and_non_saturating_are_different_losses_with_one_direction(fake):
    assert log_loss.minimax_loss(fake) <= 0 <= log_loss.non_saturating_loss(fake)
    for loss in (log_loss.minimax_loss, log_loss.non_saturating_loss):
        logits = fake.clone().requires_grad_(True)
        loss(logits).backward()
        assert (logits.grad < 0).all()  # both want every logit to rise


@given(batches)
def test_the_articles_loss_is_the_non_saturating_one(logits):
    assert torch.equal(log_loss.article_loss(logits), log_loss.non_saturating_loss(logits))
    by_the_formula = -logits.double().sigmoid().log().mean()
    torch.testing.assert_close(log_loss.article_loss(logits).double(), by_the_formula, rtol=1e-5, atol=1e-7)


@given(st.floats(-50, 50, width=32))
def test_one_minus_sigmoid_is_the_sigmoid_of_the_negative_logit(logit):
    logits = torch.tensor([logit])
    torch.testing.assert_close(log_loss.minimax_loss(logits), -log_loss.non_saturating_loss(-logits))
    # p and 1 − p, read back from the two losses, add up to 1
    p, rest = (-log_loss.non_saturating_loss(logits)).exp(), log_loss.minimax_loss(logits).exp()
    torch.testing.assert_close(p + rest, torch.tensor(1.0))


@given(st.floats(-50, 50, width=32))
def test_the_log_odds_come_back_as_the_difference_of_the_two_log_losses(logit):
    logits = torch.tensor([logit])
    difference = log_loss.minimax_loss(logits) + log_loss.non_saturating_loss(logits)
    torch.testing.assert_close(difference, -logits[0], rtol=1e-5, atol=1e-6)


def test_at_the_tie_the_losses_are_2_log_2_and_log_2():
    tie = torch.zeros(7)
    loss = log_loss.discriminator_loss(real_logits=tie, fake_logits=tie[:3])
    assert loss.item() == pytest.approx(2 * math.log(2), rel=1e-6)
    assert log_loss.non_saturating_loss(tie).item() == pytest.approx(math.log(2), rel=1e-6)
    assert log_loss.minimax_loss(tie).item() == pytest.approx(-math.log(2), rel=1e-6)


def test_the_best_discriminator_reaches_2_log_2_minus_twice_the_jensen_shannon_distance():
    real, fake = torch.tensor([0.7, 0.2, 0.1]), torch.tensor([0.1, 0.3, 0.6])
    middle = (real + fake) / 2
    jensen_shannon = 0.5 * (real * (real / middle).log() + fake * (fake / middle).log()).sum()
    best = (real / fake).log()
    counts_real, counts_fake = (10 * real).round().int(), (10 * fake).round().int()
    loss = log_loss.discriminator_loss(
        real_logits=best.repeat_interleave(counts_real), fake_logits=best.repeat_interleave(counts_fake)
    )
    assert loss.item() == pytest.approx(2 * math.log(2) - 2 * jensen_shannon.item(), rel=1e-6)


def test_real_and_fake_are_averaged_separately_so_batches_may_differ_in_size():
    real, fake = torch.tensor([1.0, -2.0, 3.0]), torch.tensor([0.5])
    loss = log_loss.discriminator_loss(real_logits=real, fake_logits=fake)
    assert loss.item() == pytest.approx(sum(map(softplus, [-1, 2, -3])) / 3 + softplus(0.5), rel=1e-6)
    doubled = log_loss.discriminator_loss(real_logits=real, fake_logits=fake.repeat(9))
    torch.testing.assert_close(doubled, loss)


@given(batches)
def test_the_gradient_of_an_average_is_shared_out_among_the_batch(fake):
    logits = fake.clone().requires_grad_(True)
    log_loss.non_saturating_loss(logits).backward()
    torch.testing.assert_close(logits.grad, -(-fake).sigmoid() / len(fake))


def test_logits_may_have_any_shape():
    logits = torch.randn(2, 3, 4, generator=torch.Generator().manual_seed(0))
    flat = logits.flatten()
    assert torch.equal(log_loss.non_saturating_loss(logits), log_loss.non_saturating_loss(flat))
    assert log_loss.minimax_loss(torch.tensor(0.0)).shape == ()


def test_real_and_fake_cannot_be_mixed_up_by_their_order():
    high, low = torch.tensor([5.0]), torch.tensor([-5.0])
    with pytest.raises(TypeError):
        log_loss.discriminator_loss(high, low)
    right = log_loss.discriminator_loss(real_logits=high, fake_logits=low)
    wrong = log_loss.discriminator_loss(real_logits=low, fake_logits=high)
    assert right < 0.02
    assert wrong > 10


NOTHING, SOMETHING = torch.zeros(0), torch.zeros(1)


@pytest.mark.parametrize(
    "compute",
    [
        lambda: log_loss.non_saturating_loss(NOTHING),
        lambda: log_loss.minimax_loss(NOTHING),
        lambda: log_loss.article_loss(NOTHING),
        lambda: log_loss.cross_entropy(NOTHING, NOTHING),
        lambda: log_loss.discriminator_loss(real_logits=NOTHING, fake_logits=SOMETHING),
        lambda: log_loss.discriminator_loss(real_logits=SOMETHING, fake_logits=NOTHING),
    ],
)
def test_an_empty_batch_is_refused(compute):
    with pytest.raises(ValueError, match="empty"):
        compute()


@pytest.mark.parametrize("label", [-0.01, 1.01, math.nan, math.inf])
def test_labels_that_are_no_probabilities_are_refused(label):
    with pytest.raises(ValueError, match="between 0 and 1"):
        log_loss.cross_entropy(torch.zeros(2), torch.tensor([0.5, label]))


def test_one_label_for_many_logits_is_refused_instead_of_spread_out():
    with pytest.raises(REFUSED):
        log_loss.cross_entropy(torch.zeros(3, 1), torch.zeros(3))


def test_whole_numbers_are_refused_as_logits():
    with pytest.raises((ValueError, TypeCheckError)):
        log_loss.non_saturating_loss(torch.tensor([1, 2]))


def pair_loss(winner, loser):
    return log_loss.relativistic_loss(winner_logits=winner, loser_logits=loser)


@given(batches)
def test_the_relativistic_loss_is_the_log_loss_of_the_difference(logits):
    others = logits.flip(0) * 0.5
    expected = sum(softplus(b - a) for a, b in zip(logits.tolist(), others.tolist(), strict=True)) / len(
        logits
    )
    assert pair_loss(logits, others).item() == pytest.approx(expected, rel=1e-4, abs=1e-7)


def test_only_differences_count_and_a_tie_costs_log_2():
    winner, loser = torch.tensor([1.0, -2.0]), torch.tensor([0.5, 3.0])
    torch.testing.assert_close(pair_loss(winner + 7, loser + 7), pair_loss(winner, loser))
    assert pair_loss(winner, winner).item() == pytest.approx(math.log(2))
    assert pair_loss(winner + 50, winner).item() < 1e-6
    assert pair_loss(winner, winner + 50).item() == pytest.approx(50)


def test_the_relativistic_gradient_lifts_the_winner_as_much_as_it_lowers_the_loser():
    winner, loser = (
        torch.tensor([0.3, -30.0], requires_grad=True),
        torch.tensor([0.1, 0.0], requires_grad=True),
    )
    pair_loss(winner, loser).backward()
    torch.testing.assert_close(winner.grad, -loser.grad)
    assert winner.grad[1].item() == pytest.approx(
        -0.5
    )  # full strength for a pair that is wrong: -1, averaged
    assert winner.grad[0].item() == pytest.approx(-sigmoid(-0.2) / 2, rel=1e-4)


def test_pairs_need_a_partner_each():
    with pytest.raises(REFUSED):
        pair_loss(torch.zeros(3), torch.zeros(2))
    with pytest.raises(ValueError, match="empty"):
        pair_loss(NOTHING, NOTHING)
