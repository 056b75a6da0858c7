"""Claims about the generators: sizes, range, and what an image depends on."""

import itertools
import math

import pytest
import torch
from jaxtyping import TypeCheckError

from stablegen_lib.generator import Generator, PointGenerator
from stablegen_lib.plumbing.layers import IMAGE_SIZES

REFUSED = (ValueError, TypeCheckError)  # by the library, or earlier by the shape checks of the tests
EVERY_PAIR = list(itertools.product(IMAGE_SIZES, (1, 3), (0, 35)))


def inputs(batch: int, condition_size: int, latent_dim: int = 5) -> tuple[torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(0)
    x = torch.rand(batch, condition_size, generator=random)
    return x, torch.randn(batch, latent_dim, generator=random)


def small(condition_size: int = 4, image_size: int = 8, channels: int = 3) -> Generator:
    torch.manual_seed(0)
    return Generator(
        condition_size=condition_size, latent_dim=5, image_size=image_size, channels=channels, width=4
    )


def test_the_sizes_are_the_ones_the_course_promises():
    assert {8, 16, 28, 32, 64} == set(IMAGE_SIZES)


@pytest.mark.parametrize(("image_size", "channels", "condition_size"), EVERY_PAIR)
def test_every_size_grey_or_colour_with_or_without_condition(image_size, channels, condition_size):
    generator = small(condition_size, image_size, channels)
    images = generator(*inputs(2, condition_size))
    assert images.shape == (2, channels, image_size, image_size)
    assert images.dtype == torch.float32
    assert not torch.equal(images[0], images[1])
    images.square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in generator.parameters())


@pytest.mark.parametrize("scale", [0, 1, 1e4, -1e8])
def test_images_stay_in_range_however_large_z_is(scale):
    x, z = inputs(3, 4)
    images = small()(x, scale * z)
    assert images.abs().max() <= 1
    assert images.isfinite().all()


@pytest.mark.parametrize("value", [-50.0, -1.0, 0.0, 0.5, 50.0])
def test_tanh_maps_the_last_layer_onto_the_whole_range(value):
    generator = small()
    with torch.no_grad():
        generator.colour[0].weight.zero_()
        generator.colour[0].bias.fill_(value)
        images = generator(*inputs(2, 4))
    torch.testing.assert_close(images, torch.full((2, 3, 8, 8), math.tanh(value)))


@pytest.mark.parametrize("network", [small(), PointGenerator(condition_size=4, latent_dim=5, width=8)])
def test_a_sample_depends_on_every_entry_of_x_and_of_z(network):
    x, z = (tensor.requires_grad_() for tensor in inputs(6, 4))
    network(x, z).square().sum().backward()
    assert (x.grad.abs().sum(dim=0) > 0).all()
    assert (z.grad.abs().sum(dim=0) > 0).all()


@pytest.mark.parametrize("network", [small(), PointGenerator(condition_size=4, latent_dim=5, width=8)])
def test_each_sample_is_made_from_its_own_row_only(network):
    x, z = inputs(6, 4)
    samples, order = network(x, z), torch.tensor([3, 0, 5, 1, 4, 2])
    torch.testing.assert_close(network(x[order], z[order]), samples[order])
    torch.testing.assert_close(network(x[2:3], z[2:3]), samples[2:3])
    z.requires_grad_()
    network(x, z)[0].sum().backward()
    assert z.grad[0].abs().sum() > 0
    assert (z.grad[1:] == 0).all()


def test_without_a_condition_z_alone_decides():
    generator = small(condition_size=0)
    x, z = inputs(4, 0)
    assert torch.equal(generator(x, z), generator(torch.zeros(4, 0), z))
    assert not torch.equal(generator(x, z), generator(x, z + 1))


@pytest.mark.parametrize("image_size", [0, -8, 4, 7, 10, 12, 15, 24, 48, 128])
def test_other_image_sizes_are_refused_by_naming_the_allowed_ones(image_size):
    with pytest.raises(ValueError, match=rf"8, 16, 28, 32, 64.*{image_size} came"):
        small(image_size=image_size)


@pytest.mark.parametrize("channels", [0, 2, 4, -1])
def test_other_numbers_of_channels_are_refused(channels):
    with pytest.raises(ValueError, match=rf"channels must be 1 .grey. or 3 .colour., and {channels} came"):
        small(channels=channels)


@pytest.mark.parametrize("width", [0, 1, -4])
def test_a_width_that_cannot_be_built_is_refused(width):
    with pytest.raises(ValueError, match=rf"width .* {width} came"):
        Generator(condition_size=0, latent_dim=5, image_size=8, width=width)


def test_sizes_cannot_be_mixed_up_by_their_order():
    with pytest.raises(TypeError):
        Generator(0, 5, 8, 3, 4)
    with pytest.raises(TypeError):
        PointGenerator(0, 5, 8)


@pytest.mark.parametrize(("condition_size", "latent_dim"), [(3, 5), (4, 6), (0, 5)])
def test_vectors_of_another_length_are_an_error(condition_size, latent_dim):
    with pytest.raises(REFUSED):
        small()(*inputs(2, condition_size, latent_dim))


def test_x_and_z_of_different_numbers_are_an_error():
    x, z = inputs(3, 4)
    with pytest.raises(REFUSED):
        small()(x[:2], z)


def test_a_wider_generator_has_more_parameters():
    counts = [
        sum(p.numel() for p in Generator(condition_size=4, latent_dim=5, image_size=16, width=w).parameters())
        for w in (4, 8, 16)
    ]
    assert counts == sorted(set(counts))


@pytest.mark.parametrize("condition_size", [0, 35])
def test_points_have_two_coordinates_without_bounds(condition_size):
    generator = PointGenerator(condition_size=condition_size, latent_dim=5, width=8)
    x, z = inputs(7, condition_size)
    assert generator(x, z).shape == (7, 2)
    assert generator(x, 1e4 * z).abs().max() > 1  # no tanh: points may lie anywhere


@pytest.mark.parametrize("condition_size", [0, 3])
def test_the_latent_weight_is_the_slope_of_the_first_layer_along_z(condition_size):
    for generator in (
        Generator(condition_size=condition_size, latent_dim=5, image_size=8, width=4),
        PointGenerator(condition_size=condition_size, latent_dim=5, width=6),
    ):
        first = next(module for module in generator.modules() if isinstance(module, torch.nn.Linear))
        x, z = torch.randn(1, condition_size), torch.randn(1, 5)
        step = torch.eye(5)[:1]
        slope = first(torch.cat([x, z + step], dim=1)) - first(torch.cat([x, z], dim=1))
        torch.testing.assert_close(generator.latent_weight[:, 0], slope[0].detach(), atol=1e-5, rtol=1e-4)
        assert generator.latent_weight.shape[1] == 5
        assert not generator.latent_weight.requires_grad
