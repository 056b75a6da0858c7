"""Draws the pictures of README.md and docs/gallery.md: ``python tools/readme_pictures.py``."""

import io
from functools import partial
from pathlib import Path

import torch
from PIL import Image

from stablegen_lib import data, editing, latent
from stablegen_lib.plots import grid as picture_grid
from stablegen_lib.stablegen import StableGen

FOLDER = Path(__file__).resolve().parents[1] / "docs"

CHANGES = {
    "dark glasses": ("glasses", "dark"), "hat": ("hat", "yes"), "long hair": ("hair", "long"),
    "red hair": ("hairColor", "#bd1700"), "pale skin": ("skinColor", "#f5cfa0"),
    "blue background": ("primaryBackgroundColor", "#b6e3f4"),
}  # fmt: skip
"""What changes from column to column: in the gallery's words, then the attribute and its value."""


def main() -> None:
    model = StableGen.load(data.data_dir() / "weights" / "faces")
    faces = data.load_faces("test")
    asked = faces.conditions[:32]
    peeps = StableGen.load(data.data_dir() / "weights" / "peeps")
    portraits = StableGen.load(data.data_dir() / "weights" / "portraits")
    pictures = {
        "styles.png": (in_four_styles(portraits), 10),
        "portraits_generated.png": (portraits.sample(conditions=few_portraits().conditions, seed=0), 10),
        "portraits_real.png": (data.to_unit_range(few_portraits().images), 10),
        "generated_faces.png": (model.sample(conditions=asked, seed=0), 16),
        "real_faces.png": (data.to_unit_range(faces.images[:32]), 16),
        "same_z_other_x.png": (changed_conditions(model, faces), 8),
        "peeps_generated.png": (peeps.sample(conditions=data.load_peeps("test").conditions[:24], seed=0), 12),
        "edits.png": (edits(), 11),
        "colourings.png": (colourings(), 11),
    }
    FOLDER.mkdir(exist_ok=True)
    for name, (images, columns) in pictures.items():
        large = images.shape[-1] == 64
        picture = picture_grid.to_png(images, columns=columns, scale=2 if large else 3)
        FOLDER.joinpath(name).write_bytes(with_few_colours(picture) if large else picture)


def with_few_colours(png: bytes) -> bytes:
    """The same picture in 256 colours: less than half as large."""
    file = io.BytesIO()
    Image.open(io.BytesIO(png)).quantize(256, dither=Image.Dither.NONE).save(file, "png", optimize=True)
    return file.getvalue()


def few_portraits() -> data.ImageSet:
    """Twenty of the test split, not chosen by hand."""
    return data.load_portraits("test")[:20]


def in_four_styles(model: StableGen) -> torch.Tensor:
    """One style in each row; down a column only the style changes in x, and z not at all.

    Adventurer draws heads without clothes; people with glasses are left out, since Toon Head has none.
    """
    people = data.load_portraits("test")
    columns = {name: place for place, name in enumerate(people.condition_names)}
    dressed = people.conditions[:, columns["clothingColor=none"]] == 0
    plain = people.conditions[dressed & (people.conditions[:, columns["glasses=no"]] == 1)][:10]
    rows = []
    for style in ("micah", "personas", "toonHead", "adventurer"):
        change = partial(data.replace_attribute, condition_names=people.condition_names)
        x = change(plain, attribute="style", value=style)
        rows.append(change(x, attribute="clothingColor", value="none") if style == "adventurer" else x)
    z = latent.draw(len(plain), model.latent_dim, seed=0)
    return model.sample(conditions=torch.cat(rows), z=z.repeat(len(rows), 1))


def changed_conditions(model: StableGen, faces: data.ImageSet) -> torch.Tensor:
    """One z and one person in each row; from left to right one attribute after the other, then all."""
    plain = faces.condition(glasses="none", hat="no", beard="no", hair="short", hairColor="#28150a",
                            primaryBackgroundColor="#ffdfbf").unsqueeze(0)  # fmt: skip
    rows = []
    for row in range(4):
        z = torch.randn(1, model.latent_dim, generator=torch.Generator().manual_seed(row))
        wanted, everything = [plain], plain
        for name, value in CHANGES.values():
            change = partial(data.replace_attribute, condition_names=faces.condition_names, attribute=name)
            wanted.append(change(plain, value=value))
            everything = change(everything, value=value)
        wanted.append(everything)
        rows.append(model.sample(conditions=torch.cat(wanted), z=z.expand(len(wanted), -1)))
    return torch.cat(rows)


def edits() -> torch.Tensor:
    """Three rows: real faces, our edit, the twin. One column for each kind of edit, not chosen by hand."""
    twins, editor = data.load_twins(), editing.FaceEditor.shipped()
    reported = [pair for pair, person in enumerate(twins.persons) if person >= 1000]
    by_kind = [[pair for pair in reported if twins.edits[pair] == kind] for kind in twins.kinds]
    chosen = torch.tensor([pairs[number] for number, pairs in enumerate(by_kind)])  # each another person
    before, after = twins.originals[chosen], twins.edited[chosen]
    y, x = data.to_unit_range(before.images), before.conditions
    edited = editing.edit(editor.generate, y, x=x, new_x=after.conditions, z=editor.encoder(x, y))
    return torch.cat([y, edited, data.to_unit_range(after.images)])


def colourings() -> torch.Tensor:
    """Drawings whose lines are in no training picture, and four z for each."""
    colourer = editing.Colourer.load(data.data_dir() / "weights" / "colouring.safetensors")
    lines, known = (data.to_unit_range(data.load_peeps_lines(split).images) for split in ("test", "train"))
    new = [index for index, before in enumerate(editing.seen_before(lines, known)) if before is None]
    few = lines[new[:11]]
    rows = [few.expand(-1, 3, -1, -1)]
    with torch.no_grad():
        for z in latent.draw(4, colourer.latent_dim, seed=0):
            rows.append(colourer(editing.as_conditions(few), z.expand(len(few), -1)))
    return torch.cat(rows)


if __name__ == "__main__":
    main()
