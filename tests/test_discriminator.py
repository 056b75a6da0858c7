"""Claims about the discriminators: logits, one per sample, each judged by itself under its condition."""

import itertools

import pytest
import torch
from jaxtyping import TypeCheckError
from torch import nn

from stablegen_lib import log_loss
from stablegen_lib.discriminator import Discriminator, PointDiscriminator
from stablegen_lib.plumbing.layers import IMAGE_SIZES

REFUSED = (ValueError, TypeCheckError)  # by the library, or earlier by the shape checks of the tests
EVERY_PAIR = list(itertools.product(IMAGE_SIZES, (1, 3), (0, 35)))


def small(condition_size: int = 4, image_size: int = 8, channels: int = 3) -> Discriminator:
    torch.manual_seed(0)
    return Discriminator(condition_size=condition_size, image_size=image_size, channels=channels, width=4)


def inputs(
    batch: int, condition_size: int = 4, shape: tuple[int, ...] = (3, 8, 8)
) -> tuple[torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(0)
    x = torch.rand(batch, condition_size, generator=random)
    return x, torch.rand(batch, *shape, generator=random) * 2 - 1


def both() -> list:
    """(network, shape of a sample), for images and for points."""
    torch.manual_seed(0)
    points = PointDiscriminator(condition_size=4, width=8)
    return [pytest.param(small(), (3, 8, 8), id="images"), pytest.param(points, (2,), id="points")]


@pytest.mark.parametrize(("image_size", "channels", "condition_size"), EVERY_PAIR)
def test_every_size_grey_or_colour_with_or_without_condition(image_size, channels, condition_size):
    critic = small(condition_size, image_size, channels)
    x, y = inputs(3, condition_size, (channels, image_size, image_size))
    logits = critic(x, y)
    assert logits.shape == (3,)
    assert logits.dtype == torch.float32
    log_loss.discriminator_loss(real_logits=logits[:1], fake_logits=logits[1:]).backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in critic.parameters())


@pytest.mark.parametrize(("critic", "shape"), both())
def test_one_pass_over_real_and_fake_equals_two_passes_in_value_and_gradient(critic, shape):
    x, y = inputs(6, 4, shape)
    gradients = []
    for answers in (lambda: critic(x, y), lambda: torch.cat([critic(x[:2], y[:2]), critic(x[2:], y[2:])])):
        logits = answers()
        critic.zero_grad()
        log_loss.discriminator_loss(real_logits=logits[:2], fake_logits=logits[2:]).backward()
        gradients.append((logits.detach(), [p.grad.clone() for p in critic.parameters()]))
    torch.testing.assert_close(*gradients, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("critic", "shape"), both())
def test_permuting_the_batch_permutes_the_logits(critic, shape):
    x, y = inputs(6, 4, shape)
    order = torch.tensor([3, 0, 5, 1, 4, 2])
    logits = critic(x, y)
    torch.testing.assert_close(critic(x[order], y[order]), logits[order])
    assert len(logits.unique()) == 6


@pytest.mark.parametrize(("critic", "shape"), both())
def test_a_logit_does_not_feel_the_other_samples(critic, shape):
    x, y = inputs(5, 4, shape)
    y.requires_grad_()
    critic(x, y)[1].backward()
    felt = y.grad.flatten(1).abs().sum(dim=1) > 0
    assert felt.tolist() == [False, True, False, False, False]


@pytest.mark.parametrize(("critic", "shape"), both())
def test_there_are_no_batch_statistics(critic, shape):
    x, y = inputs(4, 4, shape)
    assert not list(critic.buffers())
    assert not any(isinstance(part, nn.modules.batchnorm._NormBase) for part in critic.modules())
    trained, tested = critic.train()(x, y), critic.eval()(x, y)
    critic.train()
    assert torch.equal(trained, tested)


@pytest.mark.parametrize(("critic", "shape"), both())
def test_a_logit_depends_on_every_entry_of_x_and_on_y(critic, shape):
    x, y = (tensor.requires_grad_() for tensor in inputs(6, 4, shape))
    critic(x, y).square().sum().backward()
    assert (x.grad.abs().sum(dim=0) > 0).all()
    assert (y.grad.abs().sum(dim=0) > 0).all()


@pytest.mark.parametrize(("critic", "shape"), both())
def test_the_same_sample_is_judged_differently_under_another_condition(critic, shape):
    _, y = inputs(1, 4, shape)
    logits = [critic(x[None], y).item() for x in torch.eye(4)]
    assert len(set(logits)) == 4


def test_without_a_condition_there_is_nothing_to_match():
    critic, points = small(condition_size=0), PointDiscriminator(width=8)
    assert critic.match is None
    assert points.match is None
    assert critic(*inputs(2, 0)).shape == (2,)


@pytest.mark.parametrize(("critic", "shape"), both())
def test_answers_are_logits_without_bounds_and_not_probabilities(critic, shape):
    x, y = inputs(20, 4, shape)
    logits = critic(x, 1e4 * y)
    assert logits.abs().max() > 1
    assert logits.isfinite().all()
    logits = critic(x, y)
    with torch.no_grad():
        critic.realness.bias -= 100
        moved = critic(x, y)
        critic.realness.bias += 100
    torch.testing.assert_close(moved, logits - 100, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize(("critic", "shape"), both())
def test_under_bfloat16_logits_come_back_as_float32(critic, shape):
    x, y = inputs(4, 4, shape)
    exact = critic(x, y)
    with torch.autocast("cpu", torch.bfloat16):
        rough = critic(x, y)
    assert rough.dtype == torch.float32
    torch.testing.assert_close(rough, exact, rtol=0.05, atol=0.02)
    assert not torch.equal(rough, exact)


@pytest.mark.parametrize("image_size", [0, -8, 4, 7, 12, 24, 128])
def test_other_image_sizes_are_refused_by_naming_the_allowed_ones(image_size):
    with pytest.raises(ValueError, match=rf"8, 16, 28, 32, 64.*{image_size} came"):
        small(image_size=image_size)


@pytest.mark.parametrize("channels", [0, 2, 4])
def test_other_numbers_of_channels_are_refused(channels):
    with pytest.raises(ValueError, match=rf"channels must be 1 .grey. or 3 .colour., and {channels} came"):
        small(channels=channels)


@pytest.mark.parametrize("width", [0, 1, -4])
def test_a_width_that_cannot_be_built_is_refused(width):
    with pytest.raises(ValueError, match=rf"width .* {width} came"):
        Discriminator(condition_size=0, image_size=8, width=width)


def test_sizes_cannot_be_mixed_up_by_their_order():
    with pytest.raises(TypeError):
        Discriminator(0, 8, 3, 4)
    with pytest.raises(TypeError):
        PointDiscriminator(0, 8)


@pytest.mark.parametrize(
    ("condition_size", "shape"), [(3, (3, 8, 8)), (4, (1, 8, 8)), (4, (3, 16, 16)), (4, (3, 4, 4))]
)
def test_images_or_conditions_of_another_size_are_an_error(condition_size, shape):
    with pytest.raises(REFUSED):
        small()(*inputs(2, condition_size, shape))


def test_different_numbers_of_conditions_and_images_are_an_error():
    x, y = inputs(3)
    with pytest.raises(REFUSED):
        small()(x[:2], y)
