"""Claims about the signs to watch while a run goes."""

import math

import pytest
import tiny
import torch
from torch import nn

from stablegen_lib import data, stability, training
from stablegen_lib.stability.warning_signs import discriminator_accuracy, gradient_norm, spread_ratio


def accuracy(real, fake):
    return discriminator_accuracy(real_logits=torch.tensor(real), fake_logits=torch.tensor(fake))


def test_accuracy_is_the_share_called_rightly():
    assert accuracy([3.0, 0.1], [-2.0]) == 1
    assert accuracy([-3.0], [2.0, 0.1]) == 0
    assert accuracy([1.0, -1.0], [-1.0, -1.0, 1.0, -1.0]) == pytest.approx((0.5 + 0.75) / 2)


def test_a_discriminator_that_always_answers_the_same_is_half_right():
    assert accuracy([5.0] * 3, [5.0] * 7) == accuracy([0.0] * 3, [0.0]) == 0.5


def test_the_gradient_norm_is_that_of_all_weights_together():
    network = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
    network(torch.ones(4, 2)).sum().backward()
    by_hand = math.sqrt(sum(float(p.grad.square().sum()) for p in network.parameters()))
    assert by_hand > 0
    assert gradient_norm(network) == pytest.approx(by_hand, rel=1e-6)
    next(network.parameters()).grad[0] = math.nan
    assert math.isnan(gradient_norm(network))


def test_between_two_steps_both_networks_still_have_their_gradients():
    model, points = tiny.point_model(), data.ring(samples=50)
    for _ in training.train(model, points, steps=2, recipe=tiny.recipe()):
        assert gradient_norm(model.generator) > 0
        assert gradient_norm(model.discriminator) > 0


def test_a_collapsed_generator_has_no_spread_and_a_perfect_one_the_datas():
    points = data.ring()
    real, other = points.points[:2000], points.points[2000:4000]
    assert spread_ratio(real[:1].repeat(50, 1), real=real) == pytest.approx(0, abs=1e-6)
    assert spread_ratio(other, real=real) == pytest.approx(1, abs=0.02)
    assert spread_ratio(3 * real, real=real) == pytest.approx(3)
    assert spread_ratio(real + 100, real=real) == pytest.approx(1, abs=1e-3)


def test_two_opposite_modes_of_eight_have_the_whole_spread_so_modes_must_be_counted_too():
    points = data.ring()
    two = points.points[(points.points[:, 1].abs() < 0.2)]
    assert spread_ratio(two, real=points.points) == pytest.approx(1, abs=0.02)
    scores = stability.mode_scores(two, centres=points.centres, standard_deviation=points.standard_deviation)
    assert scores.captured == 2


def test_pictures_have_a_spread_too():
    images = tiny.pictures().images.float()
    assert spread_ratio(images[:6] * 0.5, real=images[:6]) == pytest.approx(0.5)


def test_what_cannot_be_measured_is_refused():
    with pytest.raises(ValueError, match="both kinds"):
        accuracy([], [1.0])
    with pytest.raises(ValueError, match="take a training step first"):
        gradient_norm(nn.Linear(1, 1))
    with pytest.raises(ValueError, match="two samples"):
        spread_ratio(torch.zeros(1, 2), real=torch.zeros(5, 2))
    with pytest.raises(ValueError, match="all real samples are equal"):
        spread_ratio(torch.zeros(7, 3), real=torch.full((7, 3), 0.1))  # whose mean is not quite 0.1
    with pytest.raises(ValueError, match="one shape"):
        spread_ratio(torch.randn(5, 2), real=torch.randn(5, 7))
    with pytest.raises(ValueError, match="NaN came"):
        accuracy([math.nan, 1.0], [-1.0])
