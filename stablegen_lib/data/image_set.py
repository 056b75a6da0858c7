"""A set of images with their conditions: what every lesson hands to training."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from stablegen_lib.data.names import ByAttribute, find_attribute, find_value, value_words
from stablegen_lib.plumbing.doors import door


@dataclass(frozen=True)
class Skipped:
    """A file that `load_folder` could not use: its name inside the folder, and why."""

    name: str
    reason: str


@door()
@dataclass(frozen=True, eq=False)
class ImageSet:
    """Images of one size, each with its condition x and what else is known about it.

    A slice or a tensor of indices selects images: `faces[:16]` is an ImageSet too.

    Attributes:
        images: The pixels as stored, 0 to 255. Networks see `to_unit_range(images)`.
        conditions: One-hot groups side by side. No columns when nothing is known.
        condition_names: One "attribute=value" for each column; the columns of
            one attribute stand together.
        name: What reports call this set.
        attributes: Column of the CSV file -> one value for each image.
        skipped: Files that `load_folder` could not use.

    Raises:
        ValueError: If there are no images, or the parts do not belong together.
    """

    images: UInt8[Tensor, "count channel height width"]
    conditions: Float[Tensor, "count condition"]
    condition_names: tuple[str, ...]
    name: str
    attributes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    skipped: tuple[Skipped, ...] = ()

    def __post_init__(self) -> None:
        _check_images(self.images)
        _check_conditions(self.conditions, self.condition_names, len(self.images))
        for column, values in self.attributes.items():
            if len(values) != len(self.images):
                raise ValueError(
                    f"attribute {column!r} needs one value for each of the {len(self.images)} images; "
                    f"it has {len(values)}"
                )

    def __len__(self) -> int:
        return len(self.images)

    def __repr__(self) -> str:
        channels, height, width = self.images.shape[1:]
        return (
            f"ImageSet({self.name!r}, {len(self)} images of {channels}x{height}x{width}, "
            f"{len(self.condition_names)} conditions)"
        )

    def __getitem__(self, index: slice | Tensor) -> "ImageSet":
        if not isinstance(index, slice | Tensor) or (isinstance(index, Tensor) and index.ndim != 1):
            raise TypeError("select images with a slice or a tensor of indices: images[3:4], not images[3]")
        kept = torch.arange(len(self))[index.cpu() if isinstance(index, Tensor) else index].tolist()
        return ImageSet(
            self.images[index],
            self.conditions[index],
            self.condition_names,
            self.name,
            {column: tuple(values[i] for i in kept) for column, values in self.attributes.items()},
            self.skipped,
        )

    @property
    def samples(self) -> UInt8[Tensor, "count channel height width"]:
        """What training learns to imitate: the images."""
        return self.images

    @property
    def image_size(self) -> int:
        """Height of every image in pixels."""
        return self.images.shape[2]

    @property
    def channels(self) -> int:
        """1 for grey, 3 for colour."""
        return self.images.shape[1]

    @property
    def groups(self) -> ByAttribute[slice]:
        """Attribute -> its columns in `conditions`; raw names and words find the same entry."""
        return condition_groups(self.condition_names)

    def condition(self, **attributes: object) -> Float[Tensor, " condition"]:
        """Build one condition vector: `faces.condition(glasses="dark", hair_colour="red")`.

        Args:
            **attributes: Attribute -> value, as words or raw. An attribute not named gets the
                value that is most frequent in this set.

        Raises:
            ValueError: If an attribute or value is unknown; the allowed ones are listed.
        """
        x = torch.zeros_like(self.conditions[0])
        for columns in self.groups.values():
            x[columns.start + int(self.conditions[:, columns].sum(0).argmax())] = 1
        for attribute, value in attributes.items():
            x = replace_attribute(x, self.condition_names, attribute=attribute, value=str(value))
        return x


@door()
def replace_attribute(
    conditions: Float[Tensor, "*batch condition"],
    condition_names: Sequence[str],
    *,
    attribute: str,
    value: str,
) -> Float[Tensor, "*batch condition"]:
    """Copy conditions with one attribute set to another value: the same person, now with glasses.

    >>> names = ("hat=no", "hat=yes", "hair=short", "hair=long")
    >>> replace_attribute(torch.tensor([1.0, 0, 0, 1]), names, attribute="hat", value="yes")
    tensor([0., 1., 0., 1.])

    Args:
        conditions: One vector or a batch. It is not changed.
        condition_names: "attribute=value" for each column, as in an ImageSet.
        attribute: For example "glasses", "hair colour", or the raw name "hairColor".
        value: For example "dark", "red", "red (#bd1700)", or the raw value "#bd1700".

    Raises:
        ValueError: If the attribute or value is unknown; the allowed ones are listed.
    """
    groups = condition_groups(condition_names)
    if conditions.shape[-1] != len(condition_names):
        raise ValueError(f"{len(condition_names)} names do not fit {conditions.shape[-1]} condition columns")
    columns = groups[find_attribute(attribute, groups)]
    values = [name.partition("=")[2] for name in condition_names[columns]]
    place = find_value(value, attribute, values)
    changed = conditions.clone()
    changed[..., columns] = 0
    changed[..., columns.start + place] = 1
    return changed


@door()
def condition_groups(condition_names: Sequence[str]) -> ByAttribute[slice]:
    """Attribute -> its columns, from names such as "glasses=dark".

    >>> condition_groups(("hat=no", "hat=yes", "hairColor=#bd1700"))
    {'hat': slice(0, 2, None), 'hair colour': slice(2, 3, None)}
    """
    groups: dict[str, slice] = {}
    for column, name in enumerate(condition_names):
        attribute = name.partition("=")[0]
        start = groups[attribute].start if attribute in groups else column
        groups[attribute] = slice(start, column + 1)
    return ByAttribute(groups)


@door()
def condition_values(condition_names: Sequence[str]) -> ByAttribute[list[str]]:
    """Attribute -> its values, in the order of their columns, as people read both.

    >>> condition_values(("hat=no", "hat=yes", "hairColor=#bd1700"))
    {'hat': ['no', 'yes'], 'hair colour': ['red (#bd1700)']}
    """
    return ByAttribute(
        {
            attribute: [value_words(attribute, name.partition("=")[2]) for name in condition_names[columns]]
            for attribute, columns in condition_groups(condition_names).items()
        }
    )


def _check_images(images: Tensor) -> None:
    shape = tuple(images.shape)
    if shape[1] not in (1, 3) or shape[2] != shape[3]:
        raise ValueError(
            "images must be squares, grey or in colour, of shape (count, 1 or 3, height, width); "
            f"the shape is {shape}"
        )


def _check_conditions(conditions: Tensor, names: tuple[str, ...], count: int) -> None:
    if tuple(conditions.shape) != (count, len(names)):
        raise ValueError(
            f"conditions must have shape {(count, len(names))}: {count} images, {len(names)} names; "
            f"they have {tuple(conditions.shape)}"
        )
    together = sum(columns.stop - columns.start for columns in condition_groups(names).values()) == len(names)
    if not together or len(set(names)) != len(names) or not all("=" in name for name in names):
        raise ValueError('condition names must be unique "attribute=value", one attribute after the other')
