"""Claims about the captions made beforehand: true, complete, and known to which other pictures they fit."""

import examples
import pytest
import torch

from stablegen_lib import latent_diffusion
from stablegen_lib.latent_diffusion.caption_bank import CaptionBank, tokens
from stablegen_lib.words import captions
from stablegen_lib.words.phrases import meant
from stablegen_lib.words.vocabulary import FACES, PORTRAITS

BROWNS = [code for code, word in FACES.phrases["hairColor"].items() if word == "brown"]


def face_values():
    faces = examples.faces("test")
    return captions.values_of(faces.conditions[:24], faces.condition_names)


def portrait_values():
    """Every value of every attribute."""
    return [
        {
            name: list(words)[(7 * number + place) % len(words)]
            for place, (name, words) in enumerate(PORTRAITS.phrases.items())
        }
        for number in range(24)
    ]


@pytest.fixture(
    scope="module", params=[(face_values, FACES), (portrait_values, PORTRAITS)], ids=["faces", "portraits"]
)
def banked(request):
    make, vocabulary = request.param
    tokenizer = latent_diffusion.tokenizer(vocabulary)
    return make(), vocabulary, tokenizer, CaptionBank(make(), tokenizer, vocabulary=vocabulary, each=3)


def read(tokenizer, ids, vocabulary):
    return meant(tokenizer.decode(ids, skip_special_tokens=True), strict=True, vocabulary=vocabulary)


def test_a_caption_says_what_is_true_and_exactly_what_the_bank_knows_it_mentions(banked):
    values, vocabulary, tokenizer, bank = banked
    names = list(values[0])
    assert bank.ids.shape == (24, 3, vocabulary.tokens)
    for row, several, masks in zip(values, bank.ids, bank.mentioned.tolist(), strict=True):
        for ids, mask in zip(several, masks, strict=True):
            said = read(tokenizer, ids, vocabulary)
            assert said.keys() == {name for name, told in zip(names, mask, strict=True) if told}
            assert all(row[name] in wished for name, wished in said.items())
    assert 0.6 < bank.mentioned.float().mean() < 0.8


def test_nothing_is_cut_off_when_everything_is_mentioned(banked):
    values, vocabulary, tokenizer, _ = banked
    whole = CaptionBank(values, tokenizer, vocabulary=vocabulary, each=1, kept=1)
    assert whole.mentioned.all()
    assert all(read(tokenizer, ids[0], vocabulary).keys() == values[0].keys() for ids in whole.ids)


def test_a_caption_fits_the_pictures_that_a_reader_would_give_it_to(banked):
    values, vocabulary, tokenizer, bank = banked
    chosen = torch.tensor([5, 0, 5, 17, 3, 9])
    ids, mentioned = bank.draw(chosen, torch.Generator().manual_seed(1), empty=0.3)
    wishes = [read(tokenizer, one, vocabulary) for one in ids]
    expected = torch.tensor([
        [all(values[picture][name] in wished for name, wished in said.items()) for picture in chosen.tolist()]
        for said in wishes
    ])  # fmt: skip
    fits = bank.fits(chosen, mentioned)
    assert torch.equal(fits, expected)
    assert fits.diagonal().all()
    assert not fits.all()


def test_pictures_whose_values_share_their_words_fit_each_others_captions():
    values = [{"hat": "yes", "hairColor": code} for code in BROWNS[:2]]
    bank = CaptionBank(values, latent_diffusion.tokenizer(), each=1, kept=1)
    assert BROWNS[0] != BROWNS[1]
    assert bank.fits(torch.arange(2), bank.mentioned[:, 0]).all()


def test_the_share_that_was_asked_for_is_empty_and_mentions_nothing(banked):
    _, _, tokenizer, bank = banked
    chosen = torch.arange(24).repeat(100)
    for share in (0, 0.1, 1):
        ids, mentioned = bank.draw(chosen, torch.Generator().manual_seed(0), empty=share)
        empty = (ids == bank.nothing).all(dim=1)
        assert empty.float().mean().item() == pytest.approx(share, abs=0.02)
        assert not mentioned[empty].any()
    assert torch.equal(bank.nothing, tokens(tokenizer, [""])[0])


def test_a_drawn_caption_is_one_of_its_picture_and_each_of_them_comes(banked):
    *_, bank = banked
    ids, mentioned = bank.draw(torch.full((60,), 7), torch.Generator().manual_seed(0), empty=0)
    which = (ids[:, None] == bank.ids[7][None]).all(dim=2)
    assert which.any(dim=1).all()
    assert which.any(dim=0).all()
    first = which.int().argmax(dim=1)
    assert torch.equal(mentioned, bank.mentioned[7, first])


def test_the_seed_decides_choice_and_order(banked):
    values, vocabulary, tokenizer, bank = banked
    same, other = (
        CaptionBank(values, tokenizer, vocabulary=vocabulary, each=3, seed=seed) for seed in (0, 1)
    )
    assert torch.equal(bank.ids, same.ids)
    assert not torch.equal(bank.ids, other.ids)


@pytest.mark.parametrize(
    ("values", "came"),
    [([], "0 came"), ([{"hat": "yes"}, {"beard": "no"}], "2 came"), ([{"hat": "yes"}, {}], "2 came")],
)
def test_pictures_with_different_attributes_are_refused(values, came):
    with pytest.raises(ValueError, match=f"one list of attributes.*{came}"):
        CaptionBank(values, latent_diffusion.tokenizer())
