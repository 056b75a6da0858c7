"""Claims about prompts: words become conditions, and unknown words are answered with near ones."""

import examples
import pytest
import torch

from stablegen_lib.data import value_words
from stablegen_lib.words import prompts
from stablegen_lib.words.captions import caption, captions
from stablegen_lib.words.phrases import meant
from stablegen_lib.words.vocabulary import FACES


@pytest.fixture(scope="module")
def faces():
    return examples.faces("test")


def test_the_example_of_the_issue_is_understood():
    assert prompts.wishes("dark glasses, red hair, happy") == {
        "glasses": ("dark",),
        "hair colour": ("red (#bd1700)",),
        "mouth": ("happy",),
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dark Glasses!", "a person with dark glasses"),
        ("short red hair", "red hair, short hair"),
        ("a hat and a beard", "hat, beard"),
        ("sunglasses", "dark glasses"),
    ],
)
def test_different_wording_of_one_wish_means_the_same(one, other):
    assert prompts.wishes(one) == prompts.wishes(other) != {}


@pytest.mark.parametrize("attribute", FACES.phrases)
def test_every_caption_is_a_prompt_too(attribute):
    for value in FACES.phrases[attribute]:
        written = caption({attribute: value})
        assert value_words(attribute, value) in prompts.wishes(written)[attribute], written


def test_no_hat_is_not_a_hat():
    assert prompts.wishes("no hat") == {"hat": ("no",)}
    assert prompts.wishes("hat") == {"hat": ("yes",)}


def test_every_row_fulfils_the_wishes_and_stays_one_hot(faces):
    rows = prompts.conditions("brown hair, dark glasses", faces, 200, seed=1)
    groups, names = faces.groups, faces.condition_names
    for columns in groups.values():
        assert torch.equal(rows[:, columns].sum(dim=1), torch.ones(200))
    shown = {names[groups["hairColor"]][i].partition("=")[2] for i in rows[:, groups["hairColor"]].argmax(1)}
    assert shown == {value for value, word in FACES.phrases["hairColor"].items() if word == "brown"}
    assert bool((rows[:, names.index("glasses=dark")] == 1).all())


def test_what_is_not_mentioned_comes_from_the_set(faces):
    rows = prompts.conditions("dark glasses", faces, 2_000, seed=2)
    for attribute, columns in faces.groups.items():
        if attribute != "glasses":
            gap = (rows[:, columns].mean(dim=0) - faces.conditions[:, columns].mean(dim=0)).abs().max()
            assert gap < 0.05, attribute


def test_the_same_seed_draws_the_same_persons_and_another_seed_others(faces):
    first, again, other = (prompts.conditions("hat", faces, 20, seed=seed) for seed in (3, 3, 4))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.parametrize(
    ("prompt", "nearest"),
    [
        ("dark glases", "dark glasses"),
        ("rad hair", "red hair"),
        ("hapy", "happy"),
        ("purple hair", "red hair"),
    ],
)
def test_an_unknown_word_is_answered_with_known_ones(prompt, nearest):
    with pytest.raises(ValueError, match=nearest):
        prompts.wishes(prompt)


def test_a_word_from_nowhere_gets_the_whole_list():
    with pytest.raises(ValueError, match="xyzzy") as error:
        prompts.wishes("xyzzy")
    assert all(phrase in str(error.value) for phrase in FACES.table)


def test_wishes_that_contradict_each_other_are_refused():
    with pytest.raises(ValueError, match="contradicts"):
        prompts.wishes("a hat, no hat")


def test_the_empty_prompt_asks_for_nothing(faces):
    assert prompts.wishes("") == {}
    assert prompts.conditions("", faces, 3).shape == (3, len(faces.condition_names))


@pytest.mark.slow
def test_the_lenient_and_the_strict_reading_of_a_caption_are_one(faces):
    for text in captions(faces.conditions[:800], faces.condition_names):
        assert meant(text, strict=True) == meant(text, strict=False)


def test_only_the_lenient_reading_passes_over_unknown_words():
    assert meant("a hat please, with short purple hair", strict=False) == {
        "hat": ("yes",),
        "hair": ("short",),
    }
    for prompt in ("a hat please", "short purple hair", "hair"):
        with pytest.raises(ValueError, match="means nothing here"):
            meant(prompt, strict=True)
