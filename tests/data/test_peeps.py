"""Claims about the peeps: what their conditions say can be seen, and their line drawings are theirs."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest
import torch
from torch import Tensor

from stablegen_lib import data
from stablegen_lib.data import names
from stablegen_lib.data.peeps import COLOURED, HEADS, OPEN_MOUTHS

FOLDER = data.data_dir() / "peeps"


@pytest.fixture(scope="module")
def peeps() -> data.ImageSet:
    return data.load_peeps("all")


@pytest.fixture(scope="module")
def lines() -> data.ImageSet:
    return data.load_peeps_lines("all")


def shows(images: data.ImageSet, column: str) -> Tensor:
    """How many pixels of each picture have the flat colour that the table names."""
    values = images.attributes[column]
    flat = torch.tensor([[int(value[i : i + 2], 16) for i in (1, 3, 5)] for value in values])
    return ((images.images.int() - flat[:, :, None, None]).abs() <= 3).all(1).flatten(1).sum(1)


# Conditions


def test_the_groups_of_peeps_stand_in_the_order_the_course_relies_on(peeps: data.ImageSet) -> None:
    sizes = {group: columns.stop - columns.start for group, columns in peeps.groups.items()}
    assert list(sizes.items()) == [
        ("head", 6), ("accessories", 4), ("facial hair", 2), ("mask", 2), ("mouth", 2), ("hair colour", 10),
        ("skin", 5), ("clothes' colour", 7), ("background", 5),
    ]  # fmt: skip
    assert data.load_peeps("test").condition_names == peeps.condition_names


def expected_names(row: dict[str, str]) -> set[str]:
    (silhouette,) = [kind for kind, drawings in HEADS.items() if row["head"] in drawings]
    coloured = row["head"] in COLOURED or row["facialHair"] in COLOURED
    kind = {
        "head": silhouette,
        "accessories": row["accessories"].strip("0123456789"),
        "facialHair": "no" if row["facialHair"] == "none" else "yes",
        "mask": "no" if row["mask"] == "none" else "yes",
        "mouth": "open" if row["face"] in OPEN_MOUTHS else "closed",
        "hairColor": row["headContrastColor"] if coloured else "ink",
    }
    kind |= {key: row[key] for key in ("skinColor", "clothingColor", "primaryBackgroundColor")}
    return {f"{key}={value}" for key, value in kind.items()}


def test_conditions_of_peeps_say_what_the_table_says(peeps: data.ImageSet) -> None:
    with (FOLDER / "attributes.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    for number in range(0, len(rows), 29):
        row = peeps.conditions[number].tolist()
        ones = {name for name, value in zip(peeps.condition_names, row, strict=True) if value}
        assert ones == expected_names(rows[number])


def test_every_drawing_belongs_to_one_kind_and_every_kind_is_drawn(peeps: data.ImageSet) -> None:
    sorted_heads = [drawing for drawings in HEADS.values() for drawing in drawings]
    assert len(set(sorted_heads)) == len(sorted_heads)
    assert set(sorted_heads) == set(peeps.attributes["head"])
    assert set(COLOURED) <= set(peeps.attributes["head"]) | set(peeps.attributes["facialHair"])
    assert set(OPEN_MOUTHS) < set(peeps.attributes["face"])


def test_the_hair_colour_is_in_the_picture_unless_it_is_called_ink(peeps: data.ImageSet) -> None:
    areas = set(COLOURED) - {"cornrows"}  # which show it only in stripes between lines, mixed with ink
    coloured = torch.tensor([head in areas for head in peeps.attributes["head"]])
    ink = peeps.conditions[:, peeps.condition_names.index("hairColor=ink")].bool()
    seen = shows(peeps, "headContrastColor") > 0
    assert not (coloured & ink).any()
    assert seen[coloured].all()
    mixed = {"#a55728", "#4a312c"}  # skin beside a line may have these, too
    clear = torch.tensor([colour not in mixed for colour in peeps.attributes["headContrastColor"]])
    assert not seen[ink & clear].any()


@pytest.mark.parametrize("column", ["skinColor", "primaryBackgroundColor"])
def test_every_peep_shows_its_skin_and_its_background(peeps: data.ImageSet, column: str) -> None:
    assert shows(peeps, column).min() >= 10
    strangers = peeps.attributes[column][1:] + peeps.attributes[column][:1]
    other = torch.tensor([a != b for a, b in zip(peeps.attributes[column], strangers, strict=True)])
    wrong = data.ImageSet(peeps.images, peeps.conditions, peeps.condition_names, "wrong", {column: strangers})
    assert shows(wrong, column)[other].float().mean() < 5, "the colours of another peep are found as well"


# Line drawings


def test_line_drawings_are_grey_and_stand_in_the_order_of_the_peeps(
    peeps: data.ImageSet, lines: data.ImageSet
) -> None:
    assert lines.images.shape == (10_000, 1, 32, 32)
    assert lines.attributes == peeps.attributes
    assert torch.equal(lines.conditions, peeps.conditions)
    assert torch.equal(data.load_peeps_lines("test").images, lines.images[-1_000:])


def test_a_peep_is_nowhere_brighter_than_its_own_lines_and_somewhere_than_those_of_others(
    peeps: data.ImageSet, lines: data.ImageSet
) -> None:
    assert (peeps.images <= lines.images).all()
    others = lines.images.roll(1, 0)
    assert (peeps.images > others).flatten(1).any(1).float().mean() > 0.99


def test_black_lines_are_black_in_the_peep_and_white_areas_hold_flat_colours() -> None:
    peeps, lines = data.load_peeps("test"), data.load_peeps_lines("test")
    ink = (lines.images == 0).expand_as(peeps.images)
    assert peeps.images[ink].max() == 0
    clear = (lines.images == 255)[:, 0]
    flat = peeps.images.permute(0, 2, 3, 1)[clear]
    colours, counts = flat.unique(dim=0, return_counts=True)
    assert counts.sort(descending=True).values[:30].sum() / counts.sum() > 0.95
    assert len(colours) > 30


def test_one_drawing_in_other_colours_has_the_same_lines(peeps: data.ImageSet, lines: data.ImageSet) -> None:
    columns = [peeps.attributes[name] for name in ("head", "face", "facialHair", "mask", "accessories")]
    drawings = defaultdict(list)
    for number, drawing in enumerate(zip(*columns, strict=True)):
        drawings[drawing].append(number)
    repeated = [torch.tensor(numbers) for numbers in drawings.values() if len(numbers) > 1]
    assert len(repeated) > 500
    for numbers in repeated:
        assert (lines.images[numbers] == lines.images[numbers[0]]).all()
        assert (peeps.images[numbers[1:]] != peeps.images[numbers[0]]).flatten(1).any(1).all()


def test_the_pixels_keep_sixty_four_levels(peeps: data.ImageSet, lines: data.ImageSet) -> None:
    levels = [round(step * 255 / 63) for step in range(64)]
    assert lines.images.unique().tolist() == levels
    assert peeps.images.unique().tolist() == levels


# Card and size


def test_the_card_counts_every_value_of_every_condition(peeps: data.ImageSet) -> None:
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    counts = peeps.conditions.sum(0).int().tolist()
    for group, columns in peeps.groups.items():
        values = [name.partition("=")[2] for name in peeps.condition_names[columns]]
        shares = ", ".join(f"`{v}` {n:,}" for v, n in zip(values, counts[columns], strict=True))
        assert f"| `{names.raw_attribute(group)}` | {shares} |" in card


def test_the_card_counts_what_a_mask_hides(peeps: data.ImageSet) -> None:
    card = " ".join((FOLDER / "README.md").read_text(encoding="utf-8").split())
    masked = peeps.conditions[:, peeps.condition_names.index("mask=yes")].bool()
    bearded = peeps.conditions[:, peeps.condition_names.index("facialHair=yes")].bool()
    assert f"{int(masked.sum())} peeps wear a mask. {int((masked & bearded).sum())} of them" in card


def test_the_card_counts_the_test_lines_that_training_has_seen() -> None:
    card = " ".join((FOLDER / "README.md").read_text(encoding="utf-8").split())
    train = {image.numpy().tobytes() for image in data.load_peeps_lines("train").images}
    seen = sum(image.numpy().tobytes() in train for image in data.load_peeps_lines("test").images)
    assert f"the line drawings of {seen} peeps of `test`" in card


def test_the_set_stays_below_ten_megabytes() -> None:
    files: list[Path] = [path for path in FOLDER.iterdir() if path.is_file()]
    assert 4e6 < sum(path.stat().st_size for path in files) < 10e6
