"""The sets that this course learns from, as shipped in the folder data."""

import torch
from jaxtyping import UInt8
from torch import Tensor

from stablegen_lib.data.contact_sheet import SPLITS, read_contact_sheet
from stablegen_lib.data.image_set import ImageSet
from stablegen_lib.data.names import attribute_words
from stablegen_lib.data.peeps import Groups, is_there, peep_groups
from stablegen_lib.data.portraits import portrait_groups
from stablegen_lib.data.twins import Twins
from stablegen_lib.plumbing.doors import door

REDRAW = "node prepare.mjs && python ../../tools/pack_sheets.py"  # and the names of folder and sheets


@door()
def load_faces(split: str = "train") -> ImageSet:
    """Load the pixel-art faces, 16x16 in colour; 20,000 in all.

    The condition has 35 columns: glasses, hat, beard, hair, mouth, hair colour,
    skin, background; in the files hairColor, skinColor, primaryBackgroundColor. See data/faces/README.md.

    Args:
        split: "train" (16,000), "validation" (2,000), "test" (2,000) or "all".

    Raises:
        ValueError: If the split is unknown, or a file is not the one that was published.
        FileNotFoundError: If a file is missing. Both errors say how to restore it.
    """
    _require_split(split)
    images, attributes = read_contact_sheet(
        "faces", size=16, rebuild=f"{REDRAW} faces images twins", images="images.webp"
    )
    return _image_set("faces", split, images, _face_groups(attributes), attributes)


def load_twins() -> Twins:
    """Load the edited twins of the faces' test split: each person with one attribute changed.

    Glasses become none, light and dark; hat and beard are put on or taken off;
    the hair gets a clearly different colour. Drawn by the tool that drew the
    faces, so this is what a perfect edit looks like. See data/faces/README.md.

    Raises:
        ValueError: If a file is not the one that was published.
        FileNotFoundError: If a file is missing. Both errors say how to restore it.
    """
    test = load_faces("test")
    images, table = read_contact_sheet(
        "faces", size=16, rebuild=f"{REDRAW} faces images twins", images="twins.webp", table="twins.csv"
    )
    persons = torch.tensor([int(row) for row in table["index"]])
    originals = test[persons]
    attributes = {column: list(values) for column, values in originals.attributes.items()}
    for pair, (edit, value) in enumerate(zip(table["edit"], table["value"], strict=True)):
        attributes[edit.split(" ")[0]][pair] = value  # "hat no->yes" changes the column "hat"
    after = {column: tuple(values) for column, values in attributes.items()}
    edited = _image_set("faces twins", "all", images, _face_groups(after), after)
    return Twins(originals, edited, tuple(map(attribute_words, table["edit"])), persons)


@door()
def load_digits(split: str = "train") -> ImageSet:
    """Load real handwritten digits, 8x8 in grey; 1,797 in all.

    The condition has 10 columns, digit=0 to digit=9. The 17 grey levels of the
    source stand spread over 0 to 255. See data/digits/README.md.

    Args:
        split: "train" (1,437), "validation" (180), "test" (180) or "all".

    Raises:
        ValueError: If the split is unknown, or a file is not the one that was published.
        FileNotFoundError: If a file is missing. Both errors say how to restore it.
    """
    _require_split(split)
    images, attributes = read_contact_sheet("digits", size=8, rebuild="python prepare.py")
    groups = {"digit": (tuple("0123456789"), attributes["digit"])}
    return _image_set("digits", split, images, groups, attributes)


@door()
def load_peeps(split: str = "train") -> ImageSet:
    """Load the peeps: hand-drawn people, 32x32 in colour; 10,000 in all.

    The condition has 43 columns: head, accessories, facial hair, mask, mouth,
    hair colour, skin, clothes' colour, background. The value "ink" of the hair colour
    means that no hair is coloured. See data/peeps/README.md.

    Args:
        split: "train" (8,000), "validation" (1,000), "test" (1,000) or "all".

    Raises:
        ValueError: If the split is unknown, or a file is not the one that was published.
        FileNotFoundError: If a file is missing. Both errors say how to restore it.
    """
    _require_split(split)
    images, attributes = read_contact_sheet(
        "peeps", size=32, rebuild=f"{REDRAW} peeps images lines", images="images.webp"
    )
    return _image_set("peeps", split, images, peep_groups(attributes), attributes)


@door()
def load_portraits(split: str = "train") -> ImageSet:
    """Load the portraits, 64x64 in colour, in the styles of four artists; 16,000 in all.

    The condition has 35 columns: style, hair, hair colour, skin, glasses, facial hair, expression,
    clothes' colour, background. A style shows what it can: toon heads wear no glasses, and an adventurer
    is a head without clothes ("none"). See data/portraits/README.md, and `PORTRAITS_CREDIT` for whom to name.

    Args:
        split: "train" (12,000), "validation" (2,000), "test" (2,000) or "all".

    Raises:
        ValueError: If the split is unknown, or a file is not the one that was published.
        FileNotFoundError: If a file is missing. Both errors say how to restore it.
    """
    _require_split(split)
    images, attributes = read_contact_sheet(
        "portraits",
        size=64,
        rebuild=f"{REDRAW} portraits images_1 images_2 images_3 twins",
        images=tuple(f"images_{number}.webp" for number in (1, 2, 3)),
    )
    return _image_set("portraits", split, images, portrait_groups(attributes), attributes)


def load_portrait_twins() -> Twins:
    """Load the twins of the portraits' test split: one attribute changed, or the style of another artist.

    In another style everything stays that this style can show. See data/portraits/README.md.

    Raises:
        ValueError: If a file is not the one that was published.
        FileNotFoundError: If a file is missing. Both errors say how to restore it.
    """
    images, table = read_contact_sheet(
        "portraits",
        size=64,
        rebuild=f"{REDRAW} portraits images_1 images_2 images_3 twins",
        images="twins.webp",
        table="twins.csv",
    )
    persons = torch.tensor([int(row) for row in table["index"]])
    edited = _image_set("portraits twins", "all", images, portrait_groups(table), table)
    edits = tuple(map(attribute_words, table["edit"]))
    return Twins(load_portraits("test")[persons], edited, edits, persons)


@door()
def load_peeps_lines(split: str = "train") -> ImageSet:
    """Load the line drawing of each peep: black ink on white, in the order of `load_peeps`.

    Ink is all that is black, hair too. Where the line drawing is white, no ink
    lies on the colours; a peep is nowhere brighter than its line drawing. A drawing
    may stand in two splits, in other colours; data/peeps/README.md counts them.

    Args:
        split: As for `load_peeps`.

    Returns:
        Grey images with the peeps' conditions, which the lines alone tell only in part.

    Raises:
        ValueError: If the split is unknown, or a file is not the one that was published.
        FileNotFoundError: If a file is missing. Both errors say how to restore it.
    """
    lines, attributes = read_contact_sheet(
        "peeps", size=32, rebuild=f"{REDRAW} peeps images lines", images="lines.webp", grey=True
    )
    return _image_set("peeps lines", split, lines, peep_groups(attributes), attributes)


def _require_split(split: str) -> None:
    if split not in (*SPLITS, "all"):
        raise ValueError(f"unknown split {split!r}; choose from {', '.join(SPLITS)} or all")


def _image_set(
    name: str,
    split: str,
    images: UInt8[Tensor, "count channel height width"],
    groups: Groups,
    attributes: dict[str, tuple[str, ...]],
) -> ImageSet:
    """Attach one-hot conditions (attribute -> possible values, value of each image); keep one split."""
    names = tuple(f"{attribute}={value}" for attribute, (possible, _) in groups.items() for value in possible)
    one_hot = []
    for possible, values in groups.values():
        number = {value: index for index, value in enumerate(possible)}
        one_hot.append(
            torch.tensor([number[value] for value in values])[:, None] == torch.arange(len(possible))
        )
    whole = ImageSet(images, torch.cat(one_hot, dim=1).float(), names, f"{name}/{split}", attributes)
    if split == "all":
        return whole
    return whole[torch.tensor([value == split for value in attributes["split"]])]


def _face_groups(attributes: dict[str, tuple[str, ...]]) -> Groups:
    groups: Groups = {
        "glasses": (("none", "light", "dark"), _without_digits(attributes["glasses"])),
        "hat": (("no", "yes"), is_there(attributes["hat"])),
        "beard": (("no", "yes"), is_there(attributes["beard"])),
        "hair": (("short", "long"), _without_digits(attributes["hair"])),
        "mouth": (("happy", "sad"), _without_digits(attributes["mouth"])),
    }
    for colour in ("hairColor", "skinColor", "primaryBackgroundColor"):
        groups[colour] = (tuple(sorted(set(attributes[colour]))), attributes[colour])
    return groups


def _without_digits(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value.rstrip("0123456789") for value in values)  # "dark02" -> "dark"
