"""Claims about the picture sets, their conditions, and the range of their numbers."""

import csv
import inspect
import math
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from jaxtyping import TypeCheckError
from PIL import Image

import stablegen_lib
from stablegen_lib import data

REFUSED = (
    ValueError,
    TypeError,
    TypeCheckError,
)  # by the library, or earlier by the shape checks of the tests
SETS = {"faces": data.load_faces, "digits": data.load_digits, "peeps": data.load_peeps}
SIZES = {
    "faces": {"train": 16_000, "validation": 2_000, "test": 2_000, "all": 20_000},
    "digits": {"train": 1_437, "validation": 180, "test": 180, "all": 1_797},
    "peeps": {"train": 8_000, "validation": 1_000, "test": 1_000, "all": 10_000},
}


FACES_TEST = data.load_faces("test")  # hypothesis calls a test many times and takes no module fixture


@pytest.fixture(scope="module")
def faces() -> data.ImageSet:
    return data.load_faces("all")


@pytest.fixture(scope="module")
def digits() -> data.ImageSet:
    return data.load_digits("all")


@pytest.fixture(scope="module")
def peeps() -> data.ImageSet:
    return data.load_peeps("all")


@pytest.fixture
def copied_digits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "digits"
    shutil.copytree(data.data_dir() / "digits", folder)
    monkeypatch.setenv("STABLEGEN_DATA", str(tmp_path))
    return folder


def a_set(**changes: object) -> data.ImageSet:
    return data.ImageSet(**(parts_of_a_set() | changes))  # type: ignore[arg-type]


def parts_of_a_set() -> dict[str, object]:
    return {
        "images": torch.arange(4 * 3 * 8 * 8, dtype=torch.int64)
        .remainder(256)
        .to(torch.uint8)
        .view(4, 3, 8, 8),
        "conditions": torch.tensor([[1.0, 0, 1, 0], [1, 0, 0, 1], [0, 1, 0, 1], [1, 0, 0, 1]]),
        "condition_names": ("hat=no", "hat=yes", "hair=short", "hair=long"),
        "name": "four",
        "attributes": {"file": ("a", "b", "c", "d")},
    }


# The range of the numbers


def test_every_byte_survives_the_way_to_the_unit_range_and_back() -> None:
    every = torch.arange(256).to(torch.uint8)
    assert torch.equal(data.to_bytes(data.to_unit_range(every)), every)


def test_the_unit_range_is_used_from_end_to_end() -> None:
    assert data.to_unit_range(torch.tensor([0, 255], dtype=torch.uint8)).tolist() == [-1.0, 1.0]


@given(st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=30))
def test_to_bytes_chooses_the_nearest_byte(values: list[float]) -> None:
    images = torch.tensor(values)
    assert (data.to_unit_range(data.to_bytes(images)) - images).abs().max() <= 1 / 255 + 1e-6


@given(st.floats(-10, 10, width=32))
def test_to_bytes_clamps_what_lies_a_little_outside(value: float) -> None:
    inside = min(max(value, -1.0), 1.0)
    assert torch.equal(data.to_bytes(torch.tensor([value])), data.to_bytes(torch.tensor([inside])))


def test_to_bytes_accepts_the_bfloat16_output_of_a_network_that_is_being_trained() -> None:
    images = torch.tensor([-1.0, 1.0], dtype=torch.bfloat16, requires_grad=True)
    assert data.to_bytes(images).tolist() == [0, 255]


def test_nan_has_no_brightness() -> None:
    with pytest.raises(ValueError, match="NaN"):
        data.to_bytes(torch.tensor([0.0, math.nan]))


def test_bytes_that_became_floats_are_not_taken_for_pixels() -> None:
    with pytest.raises(ValueError, match="0 to 255 came"):
        data.to_bytes(torch.tensor([0.0, 255.0]))


def test_images_mapped_already_are_not_mapped_again() -> None:
    with pytest.raises(ValueError, match=r"uint8.*float32"):
        data.to_unit_range(torch.zeros(2))
    with pytest.raises(ValueError, match=r"floating-point.*uint8"):
        data.to_bytes(torch.zeros(2, dtype=torch.uint8))


# The sets of the repository


@pytest.mark.parametrize("name", SETS)
def test_splits_share_no_picture_and_together_make_the_whole(name: str) -> None:
    splits = {split: SETS[name](split) for split in (*data.SPLITS, "all")}
    assert {split: len(images) for split, images in splits.items()} == SIZES[name]
    pixels = {split: {image.numpy().tobytes() for image in part.images} for split, part in splits.items()}
    assert sum(len(pixels[split]) for split in data.SPLITS) == len(pixels["all"]) == SIZES[name]["all"]
    assert pixels["all"] == set.union(*(pixels[split] for split in data.SPLITS))
    for split in data.SPLITS:
        assert set(splits[split].attributes["split"]) == {split}


@pytest.mark.parametrize(
    ("name", "place"),
    [("faces", (0, 0)), ("faces", (7, 93)), ("digits", (35, 46)), ("peeps", (0, 0)), ("peeps", (99, 99))],
)
def test_picture_number_n_is_the_nth_of_the_contact_sheet(
    name: str, place: tuple[int, int], request: pytest.FixtureRequest
) -> None:
    images = request.getfixturevalue(name)
    file = "images.png" if name == "digits" else "images.webp"
    with Image.open(data.data_dir() / name / file) as sheet:
        row, column, size = *place, images.image_size
        tile = sheet.crop((column * size, row * size, (column + 1) * size, (row + 1) * size))
        number = row * (sheet.width // size) + column
    channels = [torch.tensor(list(band.tobytes())).view(size, size) for band in tile.split()]
    assert torch.equal(images.images[number].long(), torch.stack(channels))


def expected_names(row: dict[str, str]) -> set[str]:
    kind = {key: row[key][:-2] for key in ("hair", "mouth")}
    kind["glasses"] = row["glasses"] if row["glasses"] == "none" else row["glasses"][:-2]
    kind |= {key: "no" if row[key] == "none" else "yes" for key in ("hat", "beard")}
    kind |= {key: row[key] for key in ("hairColor", "skinColor", "primaryBackgroundColor")}
    return {f"{key}={value}" for key, value in kind.items()}


def test_conditions_of_faces_say_what_the_table_says(faces: data.ImageSet) -> None:
    with (data.data_dir() / "faces" / "attributes.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    names = faces.condition_names
    for number in range(0, len(rows), 97):
        ones = {name for name, value in zip(names, faces.conditions[number].tolist(), strict=True) if value}
        assert ones == expected_names(rows[number])


def test_the_groups_of_faces_stand_in_the_order_the_course_relies_on(faces: data.ImageSet) -> None:
    sizes = {group: columns.stop - columns.start for group, columns in faces.groups.items()}
    assert list(sizes.items()) == [
        ("glasses", 3), ("hat", 2), ("beard", 2), ("hair", 2), ("mouth", 2),
        ("hair colour", 11), ("skin", 8), ("background", 5),
    ]  # fmt: skip
    assert faces.condition_names[:7] == (
        "glasses=none", "glasses=light", "glasses=dark", "hat=no", "hat=yes", "beard=no", "beard=yes",
    )  # fmt: skip
    assert data.load_faces("test").condition_names == faces.condition_names


@pytest.mark.parametrize("name", SETS)
def test_every_group_of_every_picture_holds_exactly_one_one(
    name: str, request: pytest.FixtureRequest
) -> None:
    images = request.getfixturevalue(name)
    assert set(images.conditions.unique().tolist()) == {0.0, 1.0}
    for columns in images.groups.values():
        assert images.conditions[:, columns].sum(1).eq(1).all()
        assert images.conditions[:, columns].any(0).all(), "a value that no picture has"


def test_the_grey_levels_of_the_digits_can_be_counted_back(digits: data.ImageSet) -> None:
    stored = digits.images.unique().tolist()
    assert [(value * 16 + 127) // 255 for value in stored] == list(range(17))
    assert stored == [round(255 * level / 16 + 1e-9) for level in range(17)]


def test_an_unknown_split_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"'val'.*train, validation, test or all"):
        data.load_digits("val")


# Files that are not what was published


def test_an_untouched_copy_of_the_data_loads(copied_digits: Path) -> None:
    assert len(data.load_digits("all")) == 1_797


@pytest.mark.parametrize("file", ["images.png", "attributes.csv"])
def test_a_changed_file_is_named_with_both_checksums_and_the_way_back(copied_digits: Path, file: str) -> None:
    published = dict(line.split()[::-1] for line in (copied_digits / "SHA256SUMS").read_text().splitlines())
    with (copied_digits / file).open("ab") as content:
        content.write(b"\n")
    with pytest.raises(ValueError, match="sha256") as error:
        data.load_digits()
    message = str(error.value)
    assert str(copied_digits / file) in message
    assert published[file] in message
    assert f"git checkout -- data/digits/{file}" in message
    assert "python prepare.py" in message


@pytest.mark.parametrize("file", ["images.png", "attributes.csv", "SHA256SUMS"])
def test_a_missing_file_is_named_with_the_way_back(copied_digits: Path, file: str) -> None:
    (copied_digits / file).unlink()
    with pytest.raises(FileNotFoundError, match=rf"{file} is missing.*git checkout -- data/digits/{file}"):
        data.load_digits()


def test_a_file_without_a_checksum_is_not_trusted(copied_digits: Path) -> None:
    (copied_digits / "SHA256SUMS").write_text("not a checksum\n")
    with pytest.raises(ValueError, match="SHA256SUMS: line 1 is damaged"):
        data.load_digits()
    (copied_digits / "SHA256SUMS").write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match="SHA256SUMS cannot be read"):
        data.load_digits()
    (copied_digits / "SHA256SUMS").write_text("")
    with pytest.raises(ValueError, match="not the published file"):
        data.load_digits()


def test_a_missing_data_folder_is_answered_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STABLEGEN_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError, match=r"nowhere.*Clone the whole repository"):
        data.load_faces()


# Data cards


@pytest.mark.parametrize("name", SETS)
def test_the_card_shows_the_checksums_and_sizes_of_the_files(name: str) -> None:
    folder = data.data_dir() / name
    card = (folder / "README.md").read_text(encoding="utf-8")
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        checksum, file = line.split()
        assert f"`{checksum}`" in next(row for row in card.splitlines() if row.startswith(f"| `{file}`"))
    for split in data.SPLITS:
        assert f"| `{split}` | {SIZES[name][split]:,} |" in card


def test_the_card_of_faces_says_how_much_hair_the_hats_hide(faces: data.ImageSet) -> None:
    table = faces.attributes
    shown = torch.tensor([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in table["hairColor"]])
    hair_visible = (faces.images == shown[:, :, None, None]).all(1).flatten(1).any(1)
    hat = torch.tensor([value != "none" for value in table["hat"]])
    beard = torch.tensor([value != "none" for value in table["beard"]])
    card = " ".join((data.data_dir() / "faces" / "README.md").read_text(encoding="utf-8").split())
    assert f"{int(hat.sum()):,} faces wear a hat. In {int((hat & ~hair_visible).sum())} of them" in card
    assert f"In {int((hat & ~hair_visible & ~beard).sum())} of these there is no beard" in card
    assert hair_visible[~hat].all()


# ImageSet


def test_a_selection_keeps_pictures_conditions_and_attributes_together() -> None:
    whole = a_set()
    for index in (slice(1, 3), torch.tensor([1, 2]), torch.tensor([False, True, True, False])):
        part = whole[index]
        assert torch.equal(part.images, whole.images[1:3])
        assert torch.equal(part.conditions, whole.conditions[1:3])
        assert part.attributes == {"file": ("b", "c")}
    assert whole[torch.tensor([2, 0])].attributes == {"file": ("c", "a")}


def test_one_number_is_not_a_selection() -> None:
    with pytest.raises(REFUSED):
        a_set()[1]  # type: ignore[index]
    with pytest.raises(TypeError, match=r"images\[3:4\]"):
        inspect.unwrap(data.ImageSet.__getitem__)(a_set(), 1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"images": torch.zeros(4, 3, 8, 8)}, "uint8"),
        ({"images": torch.zeros(4, 8, 8, 3, dtype=torch.uint8)}, "1 channel"),
        ({"images": torch.zeros(4, 3, 8, 9, dtype=torch.uint8)}, "squares"),
        ({"images": torch.zeros(3, 8, 8, dtype=torch.uint8)}, "count"),
        ({"images": torch.zeros(0, 3, 8, 8, dtype=torch.uint8)}, "empty"),
        ({"images": torch.zeros(5, 3, 8, 8, dtype=torch.uint8)}, r"shape \(5, condition\) to go with images"),
        ({"conditions": torch.zeros(4, 3)}, "4 names"),
        ({"conditions": torch.full((4, 4), math.nan)}, "finite"),
        ({"conditions": torch.zeros(4, 4, dtype=torch.int64)}, "floating-point"),
        ({"condition_names": ("hat=no", "hair=short", "hat=yes", "hair=long")}, "one attribute after"),
        ({"condition_names": ("hat=no", "hat=no", "hair=short", "hair=long")}, "unique"),
        ({"condition_names": ("hat=no", "hat=yes", "short", "long")}, "attribute=value"),
        ({"attributes": {"file": ("a", "b")}}, "'file'.*4 images.*2"),
    ],
)
def test_parts_that_do_not_belong_together_are_refused_with_the_reason(
    changes: dict[str, object], reason: str
) -> None:
    data.ImageSet(**parts_of_a_set())  # the other side: unchanged they are accepted
    with pytest.raises(ValueError, match=reason):
        data.ImageSet(**parts_of_a_set() | changes)


def test_an_empty_selection_is_refused() -> None:
    with pytest.raises(ValueError, match="images must not be empty"):
        a_set()[0:0]


def test_sets_print_the_same_on_every_machine() -> None:
    assert repr(a_set()) == "ImageSet('four', 4 images of 3x8x8, 4 conditions)"
    assert repr(data.ring(samples=5)) == "PointSet('ring of 8', 5 points, 8 modes)"


# Conditions


def test_a_condition_holds_what_was_asked_and_else_the_most_frequent() -> None:
    assert a_set().condition().tolist() == [1, 0, 0, 1]
    assert a_set().condition(hat="yes").tolist() == [0, 1, 0, 1]
    assert a_set().condition(hat="yes", hair="short").tolist() == [0, 1, 1, 0]


def test_a_digit_may_be_asked_for_by_number(digits: data.ImageSet) -> None:
    assert digits.condition(digit=3).tolist() == [float(n == 3) for n in range(10)]


def test_an_unknown_attribute_or_value_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"'hatt'.*hat, hair"):
        a_set().condition(hatt="yes")
    with pytest.raises(ValueError, match=r"'maybe'.*no, yes"):
        a_set().condition(hat="maybe")


def test_a_set_without_conditions_has_an_empty_condition() -> None:
    bare = a_set(conditions=torch.zeros(4, 0), condition_names=())
    assert bare.groups == {}
    assert bare.condition().shape == (0,)


@given(person=st.integers(0, 1_999), column=st.integers(0, 34))
def test_replacing_an_attribute_changes_its_group_and_nothing_else(person: int, column: int) -> None:
    names, before = FACES_TEST.condition_names, FACES_TEST.conditions[person]
    attribute, value = names[column].split("=")
    kept = before.clone()
    after = data.replace_attribute(before, names, attribute=attribute, value=value)
    group = FACES_TEST.groups[attribute]
    assert after[column] == 1
    assert after[group].sum() == 1
    outside = torch.ones(len(names), dtype=torch.bool)
    outside[group] = False
    assert torch.equal(after[outside], before[outside])
    assert torch.equal(before, kept), "the original was changed"


def test_a_batch_is_replaced_row_by_row() -> None:
    rows, names = a_set().conditions, a_set().condition_names
    batch = data.replace_attribute(rows, names, attribute="hat", value="yes")
    single = [data.replace_attribute(row, names, attribute="hat", value="yes") for row in rows]
    assert torch.equal(batch, torch.stack(single))


def test_names_of_another_set_do_not_fit() -> None:
    with pytest.raises(ValueError, match="4 names do not fit 3"):
        data.replace_attribute(torch.zeros(3), a_set().condition_names, attribute="hat", value="yes")


# Gaussians


@pytest.mark.parametrize(("draw", "modes"), [(data.ring, 8), (data.grid, 25)])
def test_every_mode_gets_its_share_and_its_width(draw, modes: int) -> None:  # type: ignore[no-untyped-def]
    drawn = draw(samples=20_000, seed=3)
    distance, nearest = torch.cdist(drawn.points, drawn.centres).min(1)
    shares = torch.bincount(nearest, minlength=modes) / len(drawn)
    assert len(drawn.centres) == modes
    assert shares.sub(1 / modes).abs().max() < 5 * math.sqrt(1 / modes / len(drawn))
    spread = (drawn.points - drawn.centres[nearest]).std(0)
    assert spread.sub(drawn.standard_deviation).abs().max() < 0.03 * drawn.standard_deviation
    on_mode = (distance < 3 * drawn.standard_deviation).float().mean()
    assert abs(on_mode - (1 - math.exp(-4.5))) < 0.004  # the perfect score that the data card gives


def test_centres_stand_where_the_card_says() -> None:
    assert data.ring().centres.norm(dim=1).sub(2).abs().max() < 1e-6
    assert data.ring().centres[2].tolist() == [0.0, 2.0]
    assert data.grid().centres.unique().tolist() == [-4.0, -2.0, 0.0, 2.0, 4.0]
    assert (data.ring().standard_deviation, data.grid().standard_deviation) == (0.02, 0.05)


def test_a_seed_fixes_the_points_and_another_seed_moves_them() -> None:
    assert torch.equal(data.ring(samples=50, seed=1).points, data.ring(samples=50, seed=1).points)
    assert not torch.equal(data.ring(samples=50, seed=1).points, data.ring(samples=50, seed=2).points)


def test_drawing_points_leaves_the_global_random_state_alone() -> None:
    before = torch.get_rng_state()
    data.grid(samples=10)
    assert torch.equal(torch.get_rng_state(), before)


def test_points_have_samples_and_no_condition() -> None:
    drawn = data.ring(samples=7)
    assert drawn.samples is drawn.points
    assert drawn.conditions.shape == (7, 0)
    assert drawn.condition_names == ()


@pytest.mark.parametrize(
    ("draw", "reason"),
    [
        (lambda: data.ring(0), "count"),
        (lambda: data.ring(samples=0), "samples"),
        (lambda: data.ring(radius=-1.0), "radius"),
        (lambda: data.grid(0), "side"),
        (lambda: data.grid(spacing=math.inf), "spacing"),
        (lambda: data.grid(standard_deviation=math.nan), "standard_deviation"),
    ],
)
def test_impossible_mixtures_are_refused_by_name(draw, reason: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=reason):
        draw()


# The package


def test_importing_the_package_alone_loads_no_torch() -> None:
    program = "import stablegen_lib, sys; print(stablegen_lib.__version__, 'torch' in sys.modules)"
    output = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert output.split() == [stablegen_lib.__version__, "False"]
