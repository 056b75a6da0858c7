"""Claims about the exercises of lesson 01: stubs wait, solutions pass, typical mistakes get their hint."""

import functools

import examples
import pytest
import torch
from folded import solved, verdict

from stablegen_lib import data
from stablegen_lib.course import checking

NUMBERS = ["01.1", "01.2", "01.3"]


@functools.cache
def faces(split: str = "train") -> data.ImageSet:
    return examples.faces(split)


def solution(number: str) -> object:
    return solved("01", number, torch=torch, data=data, faces=faces())


def test_the_lesson_has_these_exercises():
    assert [item.number for item in checking.of_lesson("01")] == NUMBERS


@pytest.mark.parametrize("number", NUMBERS)
def test_the_folded_solution_is_right(number):
    assert verdict(number, solution(number)).state == "right"


def test_stubs_that_hold_something_are_not_yet_either():
    assert verdict("01.1", lambda pixels, largest: ...).state == "not yet"
    assert verdict("01.3", (..., ...)).state == "not yet"
    assert verdict("01.3", (440, ...)).state == "not yet"


@pytest.mark.parametrize(
    "answer",
    [
        lambda pixels, largest: (pixels - largest / 2) / (largest / 2),
        lambda pixels, largest: (2.0 * pixels.double() / largest - 1).tolist(),
    ],
)
def test_the_range_may_be_reached_on_other_ways(answer):
    assert verdict("01.1", answer).state == "right"


@pytest.mark.parametrize(
    ("mistake", "hint"),
    [
        (lambda pixels, largest: pixels / largest, "from 0 to 1"),
        (lambda pixels, largest: pixels / largest - 1, "from -1 to 0"),
        (lambda pixels, largest: 1 - 2 * (pixels / largest), "changed places"),
        (lambda pixels, largest: pixels / 127.5 - 1, "from 0 to 16: 127.5 fits bytes only"),
        (lambda pixels, largest: 2 * pixels / largest - 1, "wrap around"),
        (lambda pixels, largest: pixels.float() / pixels.max() * 2 - 1, "happens to be there"),
        (lambda pixels, largest: 2 * pixels.float() / (largest + 1) - 1, "below 1"),
        (lambda pixels, largest: 2 * pixels // largest - 1, "no fractions"),
        (lambda pixels, largest: (2 * pixels.float() / largest - 1).clamp(-0.5, 0.5), "are off"),
        (lambda pixels, largest: pixels.float().mean(), "shape"),
        (lambda pixels: pixels, "raised TypeError"),
    ],
)
def test_mistakes_in_the_range_get_their_hint(mistake, hint):
    assert verdict("01.1", mistake).state == "wrong"
    assert hint in verdict("01.1", mistake).message


def replaced(x: torch.Tensor, **attributes: str) -> torch.Tensor:
    for attribute, value in attributes.items():
        x = data.replace_attribute(x, faces().condition_names, attribute=attribute, value=value)
    return x


def test_face_3_needs_both_changes():
    face = faces().conditions[3]
    assert not torch.equal(face, replaced(face, glasses="dark"))
    assert not torch.equal(face, replaced(face, hat="yes"))


@pytest.mark.parametrize(
    ("mistake", "hint"),
    [
        (lambda face: face, "keep its result"),
        (lambda face: replaced(face, glasses="dark"), "hat is missing"),
        (lambda face: replaced(face, hat="yes"), "glasses are missing"),
        (lambda face: faces().condition(glasses="dark", hat="yes"), "not the most frequent"),
        (lambda face: replaced(face[None], glasses="dark", hat="yes"), "batch of one"),
        (lambda face: face.maximum(replaced(face, glasses="dark", hat="yes")), "exactly one 1"),
        (lambda face: replaced(face, glasses="light", hat="yes"), "not as asked: glasses."),
        (lambda face: face * 2, "exactly one 1"),
        (lambda face: face[:-1], "shape"),
    ],
)
def test_mistakes_in_the_condition_get_their_hint(mistake, hint):
    given = verdict("01.2", mistake(faces().conditions[3]))
    assert given.state == "wrong"
    assert hint in given.message


def column(name: str, split: str = "train") -> torch.Tensor:
    return faces(split).conditions[:, faces().condition_names.index(name)]


def test_the_numbers_in_the_folded_solution_are_those_of_the_faces():
    counted, expected = solution("01.3")
    assert counted == 440
    assert round(expected) == 426
    hats, dark = column("hat=yes").mean(), column("glasses=dark").mean()
    assert round((expected * (1 - hats) * (1 - dark)).item() ** 0.5) == 17
    assert round(counted - expected) == 14


@pytest.mark.parametrize("answer", [(440, 426), [440.0, 425.69], (torch.tensor(440), torch.tensor([425.69]))])
def test_the_expected_number_may_be_rounded(answer):
    assert verdict("01.3", answer).state == "right"


@pytest.mark.parametrize(
    ("mistake", "hint"),
    [
        (lambda hat, dark: (425.69, 440), "swapped"),
        (lambda hat, dark: ((hat + dark).clamp(max=1).sum(), 426), "*or*"),
        (lambda hat, dark: ((hat * (1 - column("glasses=none"))).sum(), 426), "not the light ones"),
        (lambda hat, dark: (hat.sum(), 426), "all hats"),
        (lambda hat, dark: (dark.sum(), 426), "all dark glasses"),
        (lambda hat, dark: (column("hat=yes", "all").dot(column("glasses=dark", "all")), 426), "all splits"),
        (lambda hat, dark: ((hat * dark).mean(), 426), "count: that is a share"),
        (lambda hat, dark: (441, 426), "too large"),
        (lambda hat, dark: (440, hat.mean() * dark.mean()), "number: that is a share"),
        (lambda hat, dark: (440, 440), "the count again"),
        (lambda hat, dark: (440, len(hat) * (hat.mean() + dark.mean())), "you added"),
        (lambda hat, dark: (440, hat.sum() * dark.sum()), "those are counts"),
        (lambda hat, dark: (440, 420), "too small"),
        (lambda hat, dark: 440, "two numbers"),
    ],
)  # fmt: skip
def test_mistakes_about_hats_and_dark_glasses_get_their_hint(mistake, hint):
    given = verdict("01.3", mistake(column("hat=yes"), column("glasses=dark")))
    assert given.state == "wrong"
    assert hint in given.message


NAN = float("nan")
JUNK = [
    "1.02",
    NAN,
    torch.zeros(2, 3),
    torch.full((35,), NAN),
    {"x": 1.0},
    object(),
    True,
    print,
    [1, "a"],
    -1e30,
]


@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: type(junk).__name__)
@pytest.mark.parametrize("number", NUMBERS)
def test_junk_gets_a_friendly_answer(number, junk):
    for answer in (junk, lambda *_: junk, (junk, junk)):
        given = verdict(number, answer)
        assert given.state in {"wrong", "not yet"}
        assert given.state == "not yet" or len(given.message) > 15
        assert "stopped the check" not in given.message
