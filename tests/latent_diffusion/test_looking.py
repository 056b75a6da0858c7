"""Claims about cross-attention made visible: what the U-Net computes, and only while we look."""

import pytest
import torch
from torch.testing import assert_close

from stablegen_lib import latent, latent_diffusion
from stablegen_lib.latent_diffusion import looking
from stablegen_lib.latent_diffusion.prompted import PromptedGenerator

PROMPT = "a person with a hat"


@pytest.fixture(scope="module")
def generator():
    return PromptedGenerator(latent_diffusion.untrained(), steps=2)


def test_every_word_gets_a_map_and_all_tokens_together_share_one(generator):
    z = latent.draw(2, generator.latent_dim, seed=0)
    maps = looking.looks(generator, PROMPT, z)
    assert list(maps) == ["a", "person", "with", "hat"]
    assert all(shares.shape == (2, 8, 8) for shares in maps.values())
    together = torch.stack(list(maps.values())).sum(dim=0)
    assert 0 < together.min() < together.max() < 1  # beginning and end of the prompt get the rest


def test_the_weights_are_those_that_the_layer_uses():
    from diffusers.models.attention_processor import Attention  # optional, so not at the top

    layer = Attention(query_dim=8, cross_attention_dim=6, heads=1, dim_head=4)
    places, words = torch.randn(2, 9, 8), torch.randn(2, 5, 6)
    with torch.no_grad(), looking._watched(torch.nn.ModuleDict({"attn2": layer})) as seen:
        expected = layer(places, encoder_hidden_states=words)
        (weights,) = seen
        assert_close(layer.to_out[0](weights @ layer.to_v(words)), expected)
    assert weights.std(dim=2).min() > 1e-4  # not all alike, or any weights would pass


def test_nobody_is_watched_afterwards(generator):
    z = latent.draw(1, generator.latent_dim, seed=0)
    looking.looks(generator, PROMPT, z)
    hooks = [layer._forward_hooks for layer in generator.pipeline.unet.modules()]
    assert not any(hooks)
