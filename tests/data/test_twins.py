"""Claims about the edited twins: the person stays, what the edit names changes, and nothing else."""

import base64
import json
import shutil
import subprocess

import pytest
import torch
from torch import Tensor

from stablegen_lib import data

KINDS = (
    "beard no->yes", "beard yes->no",
    "glasses dark->light", "glasses dark->none", "glasses light->dark",
    "glasses light->none", "glasses none->dark", "glasses none->light",
    "hair colour", "hat no->yes", "hat yes->no",
)  # fmt: skip
REGIONS = {  # attribute -> rows and columns of the picture that the edit may touch
    "glasses": (slice(4, 9), slice(2, 14)),
    "hat": (slice(0, 5), slice(0, 16)),
    "beard": (slice(6, 14), slice(3, 13)),
}
FOLDER = data.data_dir() / "faces"
NEEDS_NODE = pytest.mark.skipif(
    shutil.which("node") is None or not (FOLDER / "node_modules").is_dir(),
    reason="drawing needs Node and `npm install --no-package-lock` in data/faces",
)


@pytest.fixture(scope="module")
def faces() -> data.ImageSet:
    return data.load_faces("test")


@pytest.fixture(scope="module")
def twins() -> data.Twins:
    return data.load_twins()


def changed(twins: data.Twins) -> Tensor:
    return (twins.originals.images != twins.edited.images).any(1)


@pytest.mark.slow
def test_the_originals_are_the_test_faces_pixel_for_pixel(twins: data.Twins, faces: data.ImageSet) -> None:
    assert torch.equal(twins.originals.images, faces.images[twins.persons])
    assert torch.equal(twins.originals.conditions, faces.conditions[twins.persons])
    seeds = [faces.attributes["seed"][person] for person in twins.persons.tolist()]
    assert list(twins.edited.attributes["seed"]) == seeds
    assert twins.persons.unique().tolist() == list(range(len(faces)))


def test_every_kind_of_edit_that_lesson_09_needs_has_at_least_a_hundred_pairs(twins: data.Twins) -> None:
    assert twins.kinds == KINDS
    counts = {kind: len(twins.of(kind)) for kind in KINDS}
    assert min(counts.values()) >= 100, counts
    assert sum(counts.values()) == len(twins)


def test_the_conditions_differ_in_the_named_attribute_and_nothing_else(twins: data.Twins) -> None:
    names = twins.originals.condition_names
    assert twins.edited.condition_names == names
    for kind in KINDS:
        pairs, (_, _, values) = twins.of(kind), kind.replace("hair colour", "hair").partition(" ")
        (attribute,) = set(pairs.about)
        columns = twins.originals.groups[attribute]
        before, after = pairs.originals.conditions, pairs.edited.conditions
        assert before[:, columns].ne(after[:, columns]).sum(1).eq(2).all()
        rest = torch.ones(len(names), dtype=torch.bool)
        rest[columns] = False
        assert torch.equal(before[:, rest], after[:, rest])
        if values:
            old, new = values.split("->")
            assert before[:, names.index(f"{attribute}={old}")].all()
            assert after[:, names.index(f"{attribute}={new}")].all()


def test_the_table_of_the_twins_differs_in_the_named_column_and_nothing_else(twins: data.Twins) -> None:
    for column, before in twins.originals.attributes.items():
        differs = [old != new for old, new in zip(before, twins.edited.attributes[column], strict=True)]
        named = data.attribute_words(column)
        assert differs == [about == named for about in twins.about], column


def test_every_edit_can_be_seen(twins: data.Twins) -> None:
    assert changed(twins).flatten(1).any(1).all()


@pytest.mark.parametrize("attribute", REGIONS)
def test_outside_the_region_of_the_edit_no_pixel_changes(twins: data.Twins, attribute: str) -> None:
    ours = torch.tensor([about == attribute for about in twins.about])
    touched = changed(twins)[ours]
    inside = torch.zeros(16, 16, dtype=torch.bool)
    inside[REGIONS[attribute]] = True
    assert not touched[:, ~inside].any()
    assert touched.any(0)[REGIONS[attribute]].float().mean() > 0.5, "the region is drawn too large"


def test_another_hair_colour_changes_the_pixels_of_the_hair_and_the_beard_only(twins: data.Twins) -> None:
    pairs = twins.of("hairColor")
    before, after = (colours(part.attributes["hairColor"]) for part in (pairs.originals, pairs.edited))
    hair = (pairs.originals.images == before[:, :, None, None]).all(1)
    assert torch.equal(hair, (pairs.edited.images == after[:, :, None, None]).all(1))
    shaved = torch.tensor([beard == "none" for beard in pairs.originals.attributes["beard"]])
    assert torch.equal(changed(pairs)[shaved], hair[shaved])
    beyond = changed(pairs) & ~hair
    assert beyond.any()  # beards, painted in a shade of the hair colour
    inside = torch.zeros(16, 16, dtype=torch.bool)
    inside[REGIONS["beard"]] = True
    assert not beyond[:, ~inside].any()


def colours(values: tuple[str, ...]) -> Tensor:
    return torch.tensor([[int(value[i : i + 2], 16) for i in (1, 3, 5)] for value in values]).to(torch.uint8)


def test_the_new_hair_colour_is_clearly_another(twins: data.Twins) -> None:
    pairs = twins.of("hairColor")
    before, after = (colours(part.attributes["hairColor"]).long() for part in (pairs.originals, pairs.edited))
    assert (before - after).abs().sum(1).min() >= 100
    assert len(set(pairs.edited.attributes["hairColor"])) == 11


def test_changing_the_lenses_keeps_the_frame(twins: data.Twins) -> None:
    for kind in ("glasses light->dark", "glasses dark->light"):
        pairs = twins.of(kind)
        worn = zip(pairs.originals.attributes["glasses"], pairs.edited.attributes["glasses"], strict=True)
        assert all(old[-2:] == new[-2:] for old, new in worn)


def test_no_twin_was_seen_in_training(twins: data.Twins) -> None:
    seen = {image.numpy().tobytes() for image in data.load_faces("train").images}
    edited = {image.numpy().tobytes() for image in twins.edited.images}
    assert not edited & seen
    assert len(edited) == len(twins)


def test_the_card_counts_the_twins_of_each_kind(twins: data.Twins) -> None:
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    for kind in KINDS:
        assert f"| `{kind.replace('hair colour', 'hairColor')}` | {len(twins.of(kind)):,} |" in card
    unseen = 5 * 2_000 - len(twins)
    assert f"{len(twins):,} twins" in card
    assert f"{unseen} edits" in card


def test_only_hair_that_a_hat_hides_has_no_twin(twins: data.Twins, faces: data.ImageSet) -> None:
    missing = set(range(len(faces))) - set(twins.of("hairColor").persons.tolist())
    assert len(missing) == 5 * len(faces) - len(twins) > 0
    for person in missing:
        assert faces.attributes["hat"][person] != "none"
        assert faces.attributes["beard"][person] == "none"


@NEEDS_NODE
def test_drawing_the_unedited_faces_and_their_twins_again_gives_the_stored_pixels(
    twins: data.Twins, faces: data.ImageSet
) -> None:
    people = range(0, len(faces), 40)
    seeds = [int(faces.attributes["seed"][person]) for person in people]
    program = """
        import { draw } from "./draw.mjs";
        import { twinsOf } from "./twins.mjs";
        const text = (pixels) => Buffer.from(pixels).toString("base64");
        console.log(JSON.stringify(JSON.parse(process.argv[1]).map((seed) => {
          const { pixels, attributes } = draw(seed);
          const twins = twinsOf(seed, attributes, pixels);
          return [text(pixels), twins.map((twin) => [twin.edit, twin.value, text(twin.pixels)])];
        })));
    """
    command = ["node", "--input-type=module", "--eval", program, json.dumps(seeds)]
    drawn = json.loads(subprocess.run(command, cwd=FOLDER, capture_output=True, check=True).stdout)
    for person, (original, edited) in zip(people, drawn, strict=True):
        assert torch.equal(picture(original), faces.images[person])
        pairs = torch.nonzero(twins.persons == person).flatten().tolist()
        assert [twins.edits[pair] for pair in pairs] == [data.attribute_words(edit) for edit, _, _ in edited]
        for pair, (edit, value, pixels) in zip(pairs, edited, strict=True):
            assert twins.edited.attributes[edit.split(" ")[0]][pair] == value
            assert torch.equal(picture(pixels), twins.edited.images[pair])


def picture(text: str) -> Tensor:
    return (
        torch.tensor(list(base64.b64decode(text)), dtype=torch.uint8)
        .view(16, 16, 4)[..., :3]
        .permute(2, 0, 1)
    )


# The object


def test_one_kind_of_edit_can_be_selected_and_an_unknown_one_lists_the_known(twins: data.Twins) -> None:
    hats = twins.of("hat no->yes")
    assert set(hats.edits) == {"hat no->yes"}
    chosen = torch.tensor([edit == "hat no->yes" for edit in twins.edits])
    assert torch.equal(hats.edited.images, twins.edited.images[chosen])
    assert torch.equal(hats.persons, twins.persons[chosen])
    with pytest.raises(ValueError, match=r"'hats'.*glasses dark->light.*hat yes->no"):
        twins.of("hats")


def test_twins_print_the_same_on_every_machine(twins: data.Twins) -> None:
    assert repr(twins.of("hat no->yes")).endswith("1 kinds of edit)")
    assert repr(twins) == f"Twins({len(twins)} pairs, 11 kinds of edit)"


def test_parts_that_do_not_belong_together_are_refused(twins: data.Twins) -> None:
    parts = {"originals": twins.originals[:3], "edited": twins.edited[:3], "edits": twins.edits[:3]}
    data.Twins(**parts, persons=twins.persons[:3])
    with pytest.raises(ValueError, match=r"one length.*3, 3, 3, 2"):
        data.Twins(**parts, persons=twins.persons[:2])
    digits = data.load_digits("test")[:3]
    with pytest.raises(ValueError, match="same condition names"):
        data.Twins(**parts | {"edited": digits}, persons=twins.persons[:3])
