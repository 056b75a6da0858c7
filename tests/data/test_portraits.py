"""Claims about the portraits: what their conditions say can be seen, and what a twin is."""

from collections.abc import Iterator
from itertools import combinations

import pytest
import torch
from torch import Tensor

from stablegen_lib import data
from stablegen_lib.data.portraits import VALUES

FLAT = {  # column -> pixels of exactly this colour that every portrait has
    "skinColor": 100, "hairColor": 95, "primaryBackgroundColor": 1_100, "clothingColor": 110,
}  # fmt: skip


@pytest.fixture(scope="module")
def portraits() -> data.ImageSet:
    return data.load_portraits("all")


@pytest.fixture(scope="module")
def twins() -> data.Twins:
    return data.load_portrait_twins()


def shows(images: data.ImageSet, column: str) -> Tensor:
    """How many pixels of each picture have the colour that the table names."""
    flat = torch.tensor([[int(code[i : i + 2], 16) for i in (1, 3, 5)] for code in images.attributes[column]])
    return ((images.images.int() - flat[:, :, None, None]).abs().sum(1) <= 12).flatten(1).sum(1)


def of_style(images: data.ImageSet, style: str) -> data.ImageSet:
    return images[torch.tensor([value == style for value in images.attributes["style"]])]


def cramers_v(images: data.ImageSet, one: slice, other: slice) -> float:
    """0: the one attribute tells nothing of the other; 1: it tells it."""
    seen = images.conditions[:, one].T @ images.conditions[:, other]
    seen = seen[seen.sum(1) > 0][:, seen.sum(0) > 0]
    expected = seen.sum(1, keepdim=True) * seen.sum(0) / seen.sum()
    square = ((seen - expected) ** 2 / expected).sum() / seen.sum()
    return float((square / max(min(seen.shape) - 1, 1)).sqrt())


def columns_of(style: data.ImageSet) -> Iterator[tuple[slice, slice]]:
    return combinations([columns for name, columns in style.groups.items() if name != "style"], 2)


def test_splits_have_their_sizes_and_one_order_of_columns(portraits: data.ImageSet) -> None:
    splits = [data.load_portraits(split) for split in data.SPLITS]
    assert [len(split) for split in splits] == [12_000, 2_000, 2_000]
    assert tuple(portraits.images.shape[1:]) == (3, 64, 64)
    names = tuple(f"{attribute}={value}" for attribute, values in VALUES.items() for value in values)
    assert {split.condition_names for split in splits} == {names}
    assert len(names) == 35


def test_no_picture_is_there_twice_not_even_among_the_twins(
    portraits: data.ImageSet, twins: data.Twins
) -> None:
    pictures = [image.numpy().tobytes() for image in torch.cat([portraits.images, twins.edited.images])]
    assert len(set(pictures)) == len(pictures)


@pytest.mark.parametrize("style", VALUES["style"])
def test_a_colour_is_the_same_in_every_style_and_can_be_seen(portraits: data.ImageSet, style: str) -> None:
    drawn = of_style(portraits, style)
    for column, least in FLAT.items():
        if (style, column) != ("adventurer", "clothingColor"):  # heads only
            assert int(shows(drawn, column).min()) >= least, column


def test_a_style_shows_what_it_can_and_the_table_says_so(portraits: data.ImageSet) -> None:
    for style in VALUES["style"]:
        shown = of_style(portraits, style).attributes
        assert set(shown["glasses"]) == ({"no"} if style == "toonHead" else {"no", "yes"})
        assert ("none" in shown["clothingColor"]) == (style == "adventurer")
        assert len(set(shown["clothingColor"])) == (1 if style == "adventurer" else 6)


@pytest.mark.parametrize("style", VALUES["style"])
def test_within_a_style_one_attribute_tells_little_of_another(portraits: data.ImageSet, style: str) -> None:
    drawn = of_style(portraits, style)
    assert max(cramers_v(drawn, *pair) for pair in columns_of(drawn)) < 0.08


def test_a_twin_shows_the_edit_and_nothing_else_is_called_changed(twins: data.Twins) -> None:
    difference = (twins.originals.images.int() - twins.edited.images.int()).abs().sum(1) > 30
    assert int(difference.flatten(1).sum(1).min()) >= 12
    for pair, about in enumerate(twins.about):
        before, after = (
            {name: part.attributes[name][pair] for name in VALUES} for part in (twins.originals, twins.edited)
        )
        changed = {name for name in VALUES if before[name] != after[name]}
        attribute = data.names.raw_attribute(about)
        assert changed == {attribute} or (attribute == "style" and attribute in changed)
        if attribute == "style":
            assert changed <= {"style", "glasses", "clothingColor"}


def test_twins_are_about_every_attribute_and_half_of_them_about_the_style(twins: data.Twins) -> None:
    named = {data.names.raw_attribute(about) for about in twins.about}
    assert named == set(VALUES)
    assert 0.45 < sum(about == "style" for about in twins.about) / len(twins) < 0.55
