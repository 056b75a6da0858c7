"""Claims about faces in words: every value has words, and words lead back to the values."""

import examples
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from stablegen_lib.words import byte_pairs, captions, phrases
from stablegen_lib.words.vocabulary import FACES


@pytest.fixture(scope="module")
def faces():
    return examples.faces("test")


def test_every_attribute_and_value_of_the_faces_has_words_and_no_other_has(faces):
    named = {f"{attribute}={value}" for attribute, words in FACES.phrases.items() for value in words}
    assert named == set(faces.condition_names)


@pytest.mark.slow
def test_a_full_caption_asks_for_the_values_it_was_made_from(faces):
    rows = captions.values_of(faces.conditions, faces.condition_names)
    for values, text in zip(rows, captions.captions(faces.conditions, faces.condition_names), strict=True):
        meant = phrases.meant(text, strict=False)
        assert meant.keys() == values.keys()
        assert all(value in meant[attribute] for attribute, value in values.items())


PARTS = {name: st.sampled_from(sorted(words)) for name, words in FACES.phrases.items()}


@given(st.fixed_dictionaries({}, optional=PARTS), st.integers(0, 10_000))
def test_whatever_a_random_caption_mentions_is_true_and_it_mentions_no_more(values, seed):
    text = captions.random_caption(values, torch.Generator().manual_seed(seed))
    meant = phrases.meant(text, strict=False)
    assert meant.keys() <= values.keys()
    assert all(values[attribute] in meant[attribute] for attribute in meant)
    assert not captions.unknown_words(text)


def test_random_captions_differ_in_order_and_choice_but_not_for_the_same_seed(faces):
    (values,) = captions.values_of(faces.conditions[:1], faces.condition_names)
    texts = [captions.random_caption(values, torch.Generator().manual_seed(seed)) for seed in range(20)]
    assert len(set(texts)) > 15
    assert texts[3] == captions.random_caption(values, torch.Generator().manual_seed(3))
    everything = captions.random_caption(values, torch.Generator().manual_seed(0), kept=1.0)
    assert phrases.meant(everything, strict=False).keys() == values.keys()


@pytest.mark.parametrize(
    ("prompt", "meant"),
    [
        ("no hat", {"hat": ("no",)}),
        ("a HAT, please", {"hat": ("yes",)}),
        ("without anything", {}),
        ("red hair", {"hair colour": ("red (#bd1700)",)}),
        ("a person with long hair", {"hair": ("long",)}),
        ("blue background", {"background": ("blue (#b6e3f4)",)}),
        ("that hats", {}),
    ],
)
def test_prompts_in_free_words_are_understood_where_they_use_our_phrases(prompt, meant):
    assert captions.asked(prompt) == meant


def test_unknown_words_are_named():
    assert captions.unknown_words("a person with a moustache and red hair") == ("moustache",)


def test_an_unknown_value_is_refused_and_the_known_ones_are_listed():
    with pytest.raises(ValueError, match="unknown value 'maybe' for hat; choose from no, yes"):
        captions.caption({"hat": "maybe"})
    with pytest.raises(ValueError, match=r"unknown attribute 'shoes'; choose from glasses, .*hair colour"):
        captions.caption({"shoes": "yes"})


def test_obedience_counts_any_value_of_the_word_and_only_what_was_asked():
    names = tuple(f"{attribute}={value}" for attribute, words in FACES.phrases.items() for value in words)
    logits = torch.zeros(2, len(names))
    logits[:, names.index("hairColor=#611c17")] = 1
    verdict = captions.obeys(["brown hair", "red hair"], logits, names)
    assert verdict.keys() == {"hair colour"}
    assert verdict["hairColor"].tolist() == [True, False]


@pytest.mark.slow
@given(st.lists(st.text("abcdeh,", min_size=1, max_size=8), min_size=1, max_size=12))
def test_after_learning_every_word_is_one_token(words):
    merges = byte_pairs.learn_merges(words)
    for word in words:
        assert byte_pairs.split(word, merges) == [word + byte_pairs.END]


def test_a_new_word_falls_into_pieces_that_spell_it():
    merges = byte_pairs.learn_merges(FACES.words)
    pieces = byte_pairs.split("moustache", merges)
    assert len(pieces) > 1
    assert "".join(pieces) == "moustache" + byte_pairs.END
    assert set(pieces) <= set(byte_pairs.vocabulary(merges))


def test_the_vocabulary_numbers_each_token_once():
    merges = byte_pairs.learn_merges(FACES.words)
    numbers = byte_pairs.vocabulary(merges)
    assert sorted(numbers.values()) == list(range(len(numbers)))
    assert len(numbers) == 2 * 27 + len(merges) + 2
