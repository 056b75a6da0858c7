"""Claims about the slope penalty: against an analytic critic, and against finite differences."""

import pytest
import torch
from jaxtyping import TypeCheckError

from stablegen_lib import stability
from stablegen_lib.discriminator import Discriminator, PointDiscriminator


def random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize("shape", [(5, 4), (5, 1, 2, 2)])
def test_for_a_quadratic_critic_the_penalty_and_its_gradient_follow_from_the_formula(shape):
    matrix, offset, samples = random(4, 4).requires_grad_(), random(4, seed=1), random(*shape, seed=2)

    def critic(y):
        rows = y.flatten(1)
        return 0.5 * ((rows @ matrix) * rows).sum(dim=1) + rows @ offset

    penalty = stability.slope_penalty(critic, samples)
    rows = samples.flatten(1)
    # the slope of y·A·y/2 + b·y is (A + Aᵀ)y/2 + b
    slopes = 0.5 * rows @ (matrix + matrix.T) + offset
    expected = 0.5 * slopes.square().sum(dim=1).mean()
    torch.testing.assert_close(penalty.double(), expected, rtol=1e-6, atol=0)
    (gradient,) = torch.autograd.grad(penalty, matrix)
    (expected_gradient,) = torch.autograd.grad(expected, matrix)
    torch.testing.assert_close(gradient, expected_gradient, rtol=1e-6, atol=1e-9)


def test_for_a_network_the_penalty_equals_finite_differences():
    network, samples, step = PointDiscriminator(width=8).double(), random(6, 2), 1e-6

    def critic(y):
        return network.realness(network.features(y)).squeeze(1)  # in float64; the whole answers in float32

    slopes = [
        (critic(samples + step * direction) - critic(samples - step * direction)) / (2 * step)
        for direction in torch.eye(2, dtype=torch.float64)
    ]
    expected = 0.5 * torch.stack(slopes).square().sum(dim=0).mean()
    assert expected > 1e-4
    assert stability.slope_penalty(critic, samples).item() == pytest.approx(expected.item(), rel=1e-5)


def test_the_gradient_for_the_critics_weights_equals_finite_differences():
    weight, samples, step = random(3), random(5, 3, seed=1), 1e-5

    def penalty(w):
        return stability.slope_penalty(lambda y: (y @ w).tanh(), samples)

    moving = weight.clone().requires_grad_(True)
    # slope = (1 − tanh²) w, written out, in float64 throughout
    by_hand = 0.5 * ((1 - (samples @ weight).tanh() ** 2).square() * weight.square().sum()).mean()
    assert penalty(moving).item() == pytest.approx(by_hand.item(), rel=1e-5)
    (gradient,) = torch.autograd.grad(penalty(moving), moving)

    def exact(w):
        return (0.5 * ((1 - (samples @ w).tanh() ** 2).square() * w.square().sum()).mean()).item()

    for index, direction in enumerate(torch.eye(3, dtype=torch.float64)):
        slope = (exact(weight + step * direction) - exact(weight - step * direction)) / (2 * step)
        assert gradient[index].item() == pytest.approx(slope, rel=1e-4)


def test_each_sample_has_its_own_slope_and_the_batch_its_average():
    critic = Discriminator(condition_size=0, image_size=8, channels=1, width=4)
    images, nothing = random(4, 1, 8, 8).float(), torch.zeros(4, 0)
    whole = stability.slope_penalty(lambda y: critic(nothing[: len(y)], y), images)
    single = [stability.slope_penalty(lambda y: critic(nothing[:1], y), image[None]) for image in images]
    torch.testing.assert_close(whole, torch.stack(single).mean())
    # Not one norm over the whole batch: that would grow with the number of samples.
    doubled = stability.slope_penalty(lambda y: critic(torch.zeros(8, 0), y), images.repeat(2, 1, 1, 1))
    torch.testing.assert_close(doubled, whole)


def test_a_flat_critic_costs_nothing_and_a_steeper_one_costs_its_square():
    samples = random(3, 2)
    for factor in (0.0, 1.0, 2.0):
        penalty = stability.slope_penalty(lambda y, slope=factor: slope * y.sum(dim=1), samples)
        assert penalty.item() == pytest.approx(factor**2)  # half of 2 directions with this slope


def test_the_penalty_trains_the_critic_and_leaves_the_samples_alone():
    critic, samples = PointDiscriminator(width=8), random(6, 2).float().requires_grad_()
    before = samples.detach().clone()
    stability.slope_penalty(lambda y: critic(torch.zeros(6, 0), y), samples).backward()
    assert samples.grad is None
    assert torch.equal(samples.detach(), before)
    assert critic.features[0].weight.grad.abs().sum() > 0
    assert critic.realness.weight.grad.abs().sum() > 0


def test_numbers_on_a_line_have_slopes_too():
    penalty = stability.slope_penalty(lambda y: 3 * y, random(4))
    assert penalty.item() == pytest.approx(4.5)


def test_under_bfloat16_the_penalty_is_finite_and_close():
    critic = Discriminator(condition_size=0, image_size=8, channels=1, width=8)
    images, nothing = random(4, 1, 8, 8).float(), torch.zeros(4, 0)
    exact = stability.slope_penalty(lambda y: critic(nothing, y), images)
    with torch.autocast("cpu", torch.bfloat16):
        rough = stability.slope_penalty(lambda y: critic(nothing, y), images)
    assert rough.dtype == torch.float32
    assert rough.item() == pytest.approx(exact.item(), rel=0.1)
    rough.backward()
    assert all(p.grad is None or p.grad.isfinite().all() for p in critic.parameters())


def test_r1_and_r2_are_this_penalty_at_other_samples():
    assert stability.r1_penalty is stability.r2_penalty is stability.slope_penalty


def test_what_has_no_slope_is_refused():
    with pytest.raises((ValueError, TypeCheckError), match="one logit for each sample"):
        stability.slope_penalty(torch.square, torch.randn(8, 2))
    with pytest.raises((ValueError, TypeCheckError), match=r"floating point|samples"):
        stability.slope_penalty(lambda points: points.sum(1), torch.ones(8, 2, dtype=torch.long))
    with pytest.raises((ValueError, TypeCheckError), match="empty"):
        stability.slope_penalty(lambda y: y.sum(dim=1), torch.zeros(0, 2))
