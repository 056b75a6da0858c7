"""Claims about CLIP in miniature: several answers may be right, and words come to mean what they show."""

import math

import examples
import pytest
import torch
import torch.nn.functional as F
from torch.testing import assert_close

from stablegen_lib import data, latent_diffusion
from stablegen_lib.latent_diffusion.caption_bank import CaptionBank, tokens
from stablegen_lib.latent_diffusion.clip import Clip, contrastive_loss, train_clip
from stablegen_lib.plumbing.stopping import TrainingStopped
from stablegen_lib.words import captions


def small_clip(seed: int = 0) -> Clip:
    torch.manual_seed(seed)
    return Clip(latent_diffusion.text_encoder(layers=1), image_size=16, width=16)


@pytest.fixture(scope="module")
def pictures():
    faces = examples.faces("test")
    values = captions.values_of(faces.conditions[:256], faces.condition_names)
    told = [{name: row[name] for name in ("glasses", "hat", "primaryBackgroundColor")} for row in values]
    return data.to_unit_range(faces.images[:256]), CaptionBank(told, latent_diffusion.tokenizer(), each=4)


def test_with_one_right_answer_each_it_is_the_loss_of_clip():
    logits, right = torch.randn(6, 6, generator=torch.Generator().manual_seed(0)), torch.arange(6)
    known = (F.cross_entropy(logits, right) + F.cross_entropy(logits.T, right)) / 2
    assert_close(contrastive_loss(logits, torch.eye(6, dtype=torch.bool)), known)


def test_it_is_the_logarithm_of_how_many_come_into_question():
    fits = torch.block_diag(torch.ones(2, 2), torch.ones(2, 2)).bool()
    assert contrastive_loss(torch.zeros(4, 4), fits).item() == pytest.approx(math.log(4))
    assert contrastive_loss(50 * fits.float(), fits).item() == pytest.approx(math.log(2))
    assert contrastive_loss(-50 * fits.float(), fits).item() == pytest.approx(50 + math.log(2))


def test_the_loss_pulls_what_fits_together_pushes_the_rest_apart_and_then_rests():
    fits = torch.tensor([[True, True, False], [True, True, False], [False, False, True]])
    for scale, moves in ((0.0, True), (50.0, False)):
        logits = (scale * fits).requires_grad_()
        (slope,) = torch.autograd.grad(contrastive_loss(logits, fits), logits)
        if moves:
            assert (slope[fits] < 0).all()
            assert (slope[~fits] > 0).all()
        else:
            assert slope.abs().max() < 1e-6


def test_neither_network_sees_the_other_and_the_agreement_is_a_cosine_times_the_scale(pictures):
    clip, ids = small_clip().eval(), tokens(latent_diffusion.tokenizer(), ["a person with a hat", "a person"])
    with torch.no_grad():
        logits = clip(pictures[0][:5], ids)
        assert_close(logits[:, 2:3], clip(pictures[0][2:3], ids))
        assert_close(logits[1:], clip(pictures[0][:5], ids[1:]))
        assert logits.abs().max() <= 10
        clip.log_scale.fill_(math.log(1e6))
        assert clip(pictures[0][:5], ids).abs().max() <= 100


def test_the_prompt_is_read_at_its_first_end_whatever_fills_it_up(pictures):
    clip, ids = small_clip().eval(), tokens(latent_diffusion.tokenizer(), ["a person with a hat"])
    with torch.no_grad():
        whole = clip.text_encoder(ids)
        end = (ids[0] == clip.text_encoder.config.eos_token_id).int().argmax()
        assert end == 6
        assert_close(whole.pooler_output[0], whole.last_hidden_state[0, end])
        assert_close(clip(pictures[0][:3], ids), clip(pictures[0][:3], ids[:, : end + 1]))


def test_in_16_bits_neighbours_stay_apart(pictures):
    clip, ids = small_clip().eval(), tokens(latent_diffusion.tokenizer(), ["a person with a hat"])
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        clip.log_scale.fill_(math.log(100))
        logits = clip(pictures[0][:64], ids)
    assert logits.dtype == torch.float32
    assert len(logits.unique()) == 64


def test_words_come_to_mean_what_they_show(pictures):
    clip, (images, bank) = small_clip(), pictures
    before = clip.text_encoder.get_input_embeddings().weight.clone()
    training = train_clip(clip, bank, images, steps=60, batch_size=32, learning_rate=5e-3, seed=1)
    losses, found = zip(*training, strict=True)
    assert sum(losses[-10:]) < 0.8 * sum(losses[:10])
    assert sum(found[-10:]) > 2 * sum(found[:10])
    assert not clip.training
    assert not torch.equal(clip.text_encoder.get_input_embeddings().weight, before)
    words = tokens(latent_diffusion.tokenizer(), ["a person with a hat", "a person with no hat"])
    wears = examples.faces("test").attributes["hat"]
    with torch.no_grad():
        fits = clip(images, words).argmax(dim=0) == 0
    right = [fit == (value == "yes") for fit, value in zip(fits.tolist(), wears[:256], strict=True)]
    assert sum(right) / len(right) > 0.8


def test_the_seed_decides_batches_and_captions(pictures):
    images, bank = pictures
    first, again, other = (
        list(train_clip(small_clip(), bank, images, steps=3, batch_size=8, seed=seed)) for seed in (0, 0, 1)
    )
    assert first == again
    assert first != other


def test_the_loss_is_computed_in_full_precision_even_if_the_networks_are_not(pictures):
    images, bank = pictures
    exact, half = (
        [loss for loss, _ in train_clip(small_clip(), bank, images, steps=3, batch_size=16, bfloat16=short)]
        for short in (False, True)
    )
    assert exact != half
    assert half == pytest.approx(exact, rel=0.01)
    assert any(loss != torch.tensor(loss).bfloat16().item() for loss in half)


def test_a_loss_that_is_no_number_ends_the_training(pictures):
    clip, (images, bank) = small_clip(), pictures
    clip.log_scale.data.fill_(math.nan)
    with pytest.raises(TrainingStopped, match="step 1: the CLIP's loss is nan"):
        list(train_clip(clip, bank, images, steps=2, batch_size=8))
    assert not any(weight.isnan().any() for weight in clip.text_encoder.parameters())
