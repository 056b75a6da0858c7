"""Claims about deafness: a lie costs what hearing it is worth, and a patch learns what the words carry."""

import pytest
import torch
from torch.testing import assert_close

from stablegen_lib import data, latent_diffusion
from stablegen_lib.diffusion import NoiseSchedule, add_noise, velocity
from stablegen_lib.latent_diffusion.hearing import (
    PatchDenoiser,
    cost_of_a_lie,
    draw_patch,
    places_of,
    train_patch,
)
from stablegen_lib.latent_diffusion.prompted import PromptedGenerator

SCHEDULE = NoiseSchedule.cosine()
SAD, HAPPY = "a person with a sad mouth", "a person with a happy mouth"


@pytest.fixture(scope="module")
def generator():
    return PromptedGenerator(latent_diffusion.untrained(), steps=2)


def test_a_lie_costs_the_rise_of_the_training_loss(generator):
    maps = torch.randn(3, 4, 8, 8, generator=torch.Generator().manual_seed(1))
    noise = torch.randn(maps.shape, generator=torch.Generator().manual_seed(5))
    x_t = add_noise(generator.schedule, maps, noise=noise, t=300)
    target = velocity(generator.schedule, maps, noise=noise, t=300)
    unet, errors = generator.pipeline.unet, []
    for text in (SAD, HAPPY):
        with torch.no_grad():
            predicted = unet(x_t, 300, encoder_hidden_states=generator.read([text] * 3)).sample
        errors.append((predicted - target).square().mean())
    (found,) = cost_of_a_lie(generator, maps, truth=[SAD] * 3, lie=[HAPPY] * 3, levels=(300,), seed=5)
    assert_close(found, errors[1] - errors[0], atol=1e-5, rtol=0)
    assert found != 0


def test_the_truth_told_twice_costs_nothing(generator):
    maps = torch.randn(2, 4, 8, 8)
    assert cost_of_a_lie(generator, maps, truth=[SAD] * 2, lie=[SAD] * 2).tolist() == [0] * 5


def drawn(words, steps=150):
    """Patches of two numbers, near (1, 1) or (-1, -1) as the words say; the share that obeys."""
    says = torch.arange(400) % 2
    patches = 2.0 * says[:, None] - 1 + 0.1 * torch.randn(400, 2, generator=torch.Generator().manual_seed(0))
    torch.manual_seed(0)
    model = PatchDenoiser(2, words.shape[2], width=64)
    losses = list(train_patch(model, SCHEDULE, patches, words[says], steps=steps, batch_size=128))
    assert sum(losses[-10:]) < 0.95 * sum(losses[:10])
    made = draw_patch(model, SCHEDULE, words[says], seed=1)
    return ((made > 0) == (says[:, None] > 0)).float().mean().item()


def test_a_patch_obeys_words_whose_vectors_differ_and_no_others():
    vectors = torch.randn(2, 3, 8, generator=torch.Generator().manual_seed(0))
    assert drawn(vectors) > 0.9
    assert 0.3 < drawn(vectors[:1].expand(2, -1, -1)) < 0.7


def test_a_region_of_the_picture_has_its_places_in_the_map():
    region = torch.zeros(16, 16, dtype=torch.bool)
    region[5, 8] = True
    places = places_of(region, 8)
    assert places.nonzero().tolist() == [[2, 4]]


def test_the_shipped_miniature_hears_every_attribute_and_the_deaf_text_encoder_not_the_mouth():
    shipped = PromptedGenerator.load(data.data_dir() / "weights" / "latent_diffusion")
    deaf = PromptedGenerator(latent_diffusion.untrained())
    deaf.pipeline.text_encoder = latent_diffusion.deaf_text_encoder()
    pairs = {"mouth": (SAD, HAPPY), "hat": ("a person with a hat", "a person with no hat")}

    def distance(generator, name):
        one, other = generator.read(pairs[name])
        return (one - other).norm(dim=1).max().item()

    assert distance(deaf, "mouth") < 0.1 * distance(deaf, "hat")
    assert distance(shipped, "mouth") > 0.5 * distance(shipped, "hat")
