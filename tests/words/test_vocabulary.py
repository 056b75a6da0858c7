"""Claims about the portraits in words: every value has its own words, and words lead back to the values."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from stablegen_lib.data.portraits import VALUES
from stablegen_lib.words import captions, phrases
from stablegen_lib.words.vocabulary import FACES, PORTRAITS, vocabulary_of

NAMES = tuple(f"{attribute}={value}" for attribute, values in VALUES.items() for value in values)
PARTS = {name: st.sampled_from(values) for name, values in VALUES.items()}


def test_every_attribute_and_value_of_the_portraits_has_words_of_its_own() -> None:
    assert {name: tuple(words) for name, words in PORTRAITS.phrases.items()} == {
        name: VALUES[name] for name in PORTRAITS.phrases
    }
    assert set(PORTRAITS.phrases) == set(VALUES)
    asked_for = [tuple(wish.items()) for wish in PORTRAITS.table.values()]
    assert all(len(wish) == 1 and len(wish[0][1]) == 1 for wish in asked_for)


def test_the_vocabulary_follows_from_the_conditions() -> None:
    assert vocabulary_of(NAMES) is PORTRAITS
    assert vocabulary_of(("hat=no", "hat=yes")) is FACES


@given(st.fixed_dictionaries({}, optional=PARTS), st.integers(0, 10_000))
def test_whatever_a_random_caption_of_a_portrait_mentions_is_true(values: dict[str, str], seed: int) -> None:
    random = torch.Generator().manual_seed(seed)
    text = captions.random_caption(values, random, kept=1.0, vocabulary=PORTRAITS)
    meant = phrases.meant(text, strict=True, vocabulary=PORTRAITS)
    assert meant == {attribute: (value,) for attribute, value in values.items()}
    assert not captions.unknown_words(text, PORTRAITS)


@pytest.mark.parametrize(
    ("prompt", "meant"),
    [
        (
            "a portrait in the style of Micah, red clothes",
            {"style": ("micah",), "clothingColor": ("#d64545",)},
        ),
        ("toon head with a moustache", {"style": ("toonHead",), "facialHair": ("yes",)}),
        ("brown skin and brown hair", {"skinColor": ("#a5683f",), "hairColor": ("#7e4d2d",)}),
        ("no glasses, surprised", {"glasses": ("no",), "expression": ("surprised",)}),
        ("only the head", {"clothingColor": ("none",)}),
    ],
)
def test_prompts_about_portraits_mean(prompt: str, meant: dict[str, tuple[str, ...]]) -> None:
    assert phrases.meant(prompt, strict=True, vocabulary=PORTRAITS) == meant


def test_words_of_another_set_are_refused() -> None:
    with pytest.raises(ValueError, match="hat"):
        phrases.meant("a hat", strict=True, vocabulary=PORTRAITS)
    with pytest.raises(ValueError, match="micah"):
        phrases.meant("in the style of micah", strict=True, vocabulary=FACES)
