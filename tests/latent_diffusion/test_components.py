"""Claims about the parts: the packages are optional, words are tokens, and sizes fit together."""

import sys

import pytest
import torch

from stablegen_lib import data, latent_diffusion
from stablegen_lib.words import captions
from stablegen_lib.words.vocabulary import FACES, PORTRAITS


def test_without_the_packages_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "diffusers", None)
    with pytest.raises(latent_diffusion.MissingPackages, match=r"Lessons 13 and 14 need .* pip install"):
        latent_diffusion.unet()


@pytest.mark.parametrize("vocabulary", [FACES, PORTRAITS], ids=["faces", "portraits"])
def test_every_word_of_the_captions_is_one_token_between_two_ends(vocabulary):
    tokenizer = latent_diffusion.tokenizer(vocabulary)
    for word in vocabulary.words:
        begin, token, end = tokenizer(word).input_ids
        assert (begin, end) == (tokenizer.bos_token_id, tokenizer.eos_token_id)
        assert tokenizer.convert_ids_to_tokens(token) == f"{word}</w>"
    assert len(tokenizer("spaghetti").input_ids) > 3


@pytest.mark.parametrize(
    ("load", "vocabulary"),
    [(data.load_faces, FACES), (data.load_portraits, PORTRAITS)],
    ids=["faces", "portraits"],
)
def test_there_is_room_for_the_longest_caption(load, vocabulary):
    pictures = load("test")
    texts = captions.captions(pictures.conditions, pictures.condition_names)
    lengths = [len(ids) for ids in latent_diffusion.tokenizer(vocabulary)(texts).input_ids]
    assert vocabulary.tokens - 10 <= max(lengths) <= vocabulary.tokens


@pytest.mark.parametrize(("side", "small"), [(16, 8), (64, 16)])
def test_the_autoencoder_makes_pictures_smaller_and_back(side, small):
    autoencoder = latent_diffusion.autoencoder(width=8, side=side)
    images = torch.zeros(2, 3, side, side)
    with torch.no_grad():
        maps = autoencoder.encode(images).latent_dist.mode()
        assert maps.shape == (2, 4, small, small)
        assert autoencoder.decode(maps).sample.shape == images.shape


def test_an_autoencoder_for_other_pictures_is_refused():
    with pytest.raises(ValueError, match="side 16 or 64 were needed, and 32 came"):
        latent_diffusion.autoencoder(side=32)


def test_the_summary_of_the_words_reaches_the_network_past_the_attention():
    torch.manual_seed(0)
    words, maps = torch.randn(2, 32, latent_diffusion.TEXT_WIDTH), torch.zeros(1, 4, 8, 8).expand(2, 4, 8, 8)
    for pooled in (True, False):
        unet = latent_diffusion.unet(width=16, pooled=pooled).eval()
        for name, parameter in unet.named_parameters():
            if "attn2.to_out" in name:
                torch.nn.init.zeros_(parameter)  # the words' attention says nothing any more
        with torch.no_grad():
            one, other = unet(maps, 500, encoder_hidden_states=words).sample
        assert torch.allclose(one, other, atol=1e-6) is not pooled
