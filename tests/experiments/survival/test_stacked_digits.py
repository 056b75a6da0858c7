"""Claims about stacked digits: the set, its stored judge, and the floor that real pictures set."""

import hashlib
import re

import pytest
import torch
from places import ROOT

from stablegen_experiments.survival.stacked_digits import (
    SAMPLES,
    load_digit_classifier,
    read_numbers,
    stacked_digits,
    stacked_scores,
    true_shares,
)
from stablegen_lib import data
from stablegen_lib.metrics import obeyed

WEIGHTS = ROOT / "data" / "weights"


@pytest.fixture(scope="module")
def classifier():
    return load_digit_classifier()


@pytest.fixture(scope="module")
def real():
    return stacked_digits(SAMPLES, seed=1)


def test_each_colour_of_a_picture_is_a_real_digit_and_the_name_says_which():
    digits, stacked = data.load_digits("train"), stacked_digits(20)
    for image, number in zip(stacked.images, stacked.attributes["number"], strict=True):
        for channel, label in zip(image, number, strict=True):
            same = (digits.images[:, 0] == channel).flatten(1).all(dim=1)
            assert label in {digits.attributes["digit"][i] for i in same.nonzero().flatten().tolist()}


def test_the_same_seed_gives_the_same_pictures_and_another_seed_others():
    assert torch.equal(stacked_digits(9, seed=3).images, stacked_digits(9, seed=3).images)
    assert not torch.equal(stacked_digits(9, seed=3).images, stacked_digits(9, seed=4).images)


def test_colours_are_drawn_independently(real):
    numbers = torch.tensor(
        [[int(digit) for digit in number] for number in real.attributes["number"]]
    ).double()
    correlation = torch.corrcoef(numbers.T)
    assert (correlation - torch.eye(3)).abs().max() < 0.03  # 26,000 pictures: 5 standard errors


def test_the_judge_reads_held_out_digits_as_well_as_its_card_says(classifier):
    card = (WEIGHTS / "README.md").read_text(encoding="utf-8")
    quoted = re.search(r"digits_classifier.*?(0\.\d+) of the validation and (0\.\d+) of the test", card, re.S)
    for split, share in zip(("validation", "test"), map(float, quoted.groups()), strict=True):
        digits = data.load_digits(split)
        right = obeyed(classifier, data.to_unit_range(digits.images), digits.conditions)["digit"]
        assert right.float().mean().item() == pytest.approx(share, abs=0.006), split  # one digit of 180
        assert share >= 0.98


def test_the_judge_is_the_file_whose_hash_the_card_holds():
    digest = hashlib.sha256((WEIGHTS / "digits_classifier.safetensors").read_bytes()).hexdigest()
    assert digest in (WEIGHTS / "README.md").read_text(encoding="utf-8")


def test_numbers_are_read_with_red_as_the_hundreds(classifier, real):
    read = read_numbers(classifier, data.to_unit_range(real.images[:2000]))
    true = torch.tensor([int(number) for number in real.attributes["number"][:2000]])
    assert (read == true).float().mean() > 0.97


def test_true_shares_are_the_products_of_the_digits_frequencies():
    shares, digits = true_shares(), data.load_digits("train").conditions.mean(dim=0)
    assert shares.shape == (1000,)
    assert shares.sum().item() == pytest.approx(1)
    assert shares[427].item() == pytest.approx((digits[4] * digits[2] * digits[7]).item(), rel=1e-5)


@pytest.mark.slow
def test_real_pictures_show_all_numbers_and_their_divergence_is_that_of_chance(classifier, real):
    scores = stacked_scores(classifier, data.to_unit_range(real.images))
    assert (scores.captured, scores.modes) == (1000, 1000)
    assert scores.kl == pytest.approx(999 / (2 * SAMPLES), rel=0.15)


def test_one_picture_again_and_again_is_one_mode(classifier, real):
    same = data.to_unit_range(real.images[:1]).repeat(50, 1, 1, 1)
    scores = stacked_scores(classifier, same)
    assert scores.captured == 1
    assert scores.kl == pytest.approx(-true_shares()[read_numbers(classifier, same[:1])].log().item())


def test_grey_pictures_show_ten_numbers_only(classifier):
    digits = data.to_unit_range(data.load_digits("train").images)
    assert stacked_scores(classifier, digits.repeat(1, 3, 1, 1)).captured == 10


def test_no_pictures_are_refused():
    with pytest.raises(ValueError, match="count"):
        stacked_digits(0)
