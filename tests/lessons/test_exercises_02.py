"""Claims about the exercises of lesson 02: stubs wait, solutions pass, typical mistakes get their hint."""

import functools

import examples
import pytest
import torch
from folded import solved, verdict

from stablegen_lib import data
from stablegen_lib.course import checking, missing_lines
from stablegen_lib.stablegen import StableGen

NUMBERS = ["02.1", "02.2", "02.3"]
LINEAR, TRANSPOSED = 41_984, 16_416
GLASSES = ("none", "light", "dark")


@functools.cache
def model() -> StableGen:
    return StableGen.load(data.data_dir() / "weights" / "faces", device="cpu")


@functools.cache
def faces() -> data.ImageSet:
    return examples.faces("train")


def solution(number: str) -> object:
    return solved("02", number, torch=torch, data=data, model=model())


def test_the_lesson_has_these_exercises():
    assert [item.number for item in checking.of_lesson("02")] == NUMBERS


@pytest.mark.parametrize("number", NUMBERS)
def test_the_folded_solution_is_right(number):
    given = verdict(number, solution(number))
    assert given.state == "right", given.message


def test_stubs_that_hold_something_are_not_yet_either():
    assert verdict("02.1", (..., ...)).state == "not yet"
    assert verdict("02.1", (LINEAR, ...)).state == "not yet"
    assert verdict("02.2", lambda n, kernel, stride, padding: ...).state == "not yet"
    assert verdict("02.3", lambda x, z: ...).state == "not yet"


def test_the_counts_are_those_of_the_layers_that_torch_builds():
    layers = torch.nn.Linear(35 + 128, 256), torch.nn.ConvTranspose2d(32, 32, 4, stride=2, padding=1)
    counts = [sum(p.numel() for p in layer.parameters()) for layer in layers]
    assert counts == [LINEAR, TRANSPOSED]
    assert verdict("02.1", counts).state == "right"


@pytest.mark.parametrize(
    ("mistake", "hint"),
    [
        ((LINEAR - 256, TRANSPOSED), "linear layer: that is the weights alone"),
        ((128 * 256 + 256, TRANSPOSED), "x goes in too"),
        ((99 * 256 + 256, TRANSPOSED), "smaller generator"),
        ((163 * 256 + 163, TRANSPOSED), "not for each input"),
        ((LINEAR + 1, TRANSPOSED), "too large"),
        ((LINEAR, TRANSPOSED - 32), "transposed convolution: that is the weights alone"),
        ((LINEAR, 32 * 32 * 4 + 32), "more than 4"),
        ((LINEAR, 32 * 16 + 32), "a kernel of its own"),
        ((LINEAR, 64 * 32 * 16 + 32), "first transposed"),
        ((LINEAR, 32 * 32 * 16 * 256), "stored once"),
        ((LINEAR, TRANSPOSED - 1), "too small"),
        ((TRANSPOSED, LINEAR), "swapped"),
        (LINEAR, "two numbers"),
    ],
)
def test_mistakes_in_the_counts_get_their_hint(mistake, hint):
    given = verdict("02.1", mistake)
    assert given.state == "wrong"
    assert hint in given.message


def test_a_side_measured_with_torch_is_right():
    def measured(n, kernel, stride, padding):
        layer = torch.nn.ConvTranspose2d(1, 1, kernel, stride=stride, padding=padding)
        return layer(torch.zeros(1, 1, n, n)).shape[-1]

    assert verdict("02.2", measured).state == "right"


@pytest.mark.parametrize(
    ("mistake", "hint"),
    [
        (lambda n, k, s, p: 2 * n, "kernel 4, stride 2 and padding 1 only"),
        (lambda n, k, s, p: n * s, "Follow the stamps"),
        (lambda n, k, s, p: (n - 1) * s + k, "before the border"),
        (lambda n, k, s, p: (n - 1) * s + k - p, "both sides"),
        (lambda n, k, s, p: (n - 1) * s + k + 2 * p, "cut off here, not added"),
        (lambda n, k, s, p: n * s + k - 2 * p, "first stamp begins at pixel 0"),
        (lambda n, k, s, p: n * k - 2 * p, "overlap"),
        (lambda n, k, s, p: (n + 2 * p - k) // s + 1, "ordinary convolution"),
        (lambda n, k, s, p: 1000, "too large"),
        (lambda n: 2 * n, "raised TypeError"),
        (lambda n, k, s, p: (n, n), "single number"),
    ],
)
def test_mistakes_in_the_side_get_their_hint(mistake, hint):
    given = verdict("02.2", mistake)
    assert given.state == "wrong"
    assert hint in given.message


def drawn(x: torch.Tensor, z: torch.Tensor, *, values: tuple[str, ...] = GLASSES, **options) -> torch.Tensor:
    names = model().condition_names
    wishes = [data.replace_attribute(x, names, attribute="glasses", value=value) for value in values]
    return model().sample(conditions=torch.stack(wishes), z=z.expand(len(values), -1), **options)


def test_the_pictures_may_be_drawn_one_by_one():
    def one_by_one(x, z):
        return torch.cat([drawn(x, z, values=(value,)) for value in GLASSES])

    assert verdict("02.3", one_by_one).state == "right"


@pytest.mark.parametrize(
    ("mistake", "hint"),
    [
        (lambda x, z: model().sample(conditions=x.expand(3, -1), z=z.expand(3, -1)), "all three are"),
        (lambda x, z: drawn(x, z, values=("none",) * 3), "all three are without glasses"),
        (lambda x, z: drawn(x, z, values=("dark", "light", "none")), "order"),
        (lambda x, z: drawn(faces().condition(), z), "start from the x that came"),
        (lambda x, z: data.to_bytes(drawn(x, z)), "bytes"),
        (lambda x, z: drawn(x, torch.zeros(64)), "the z that came"),
        (lambda x, z: drawn(x, z, values=("none", "light", "light")), "wrong picture for glasses=dark"),
        (lambda x, z: drawn(x, z)[0], "shape (3, 3, 16, 16) was needed, (3, 16, 16) came"),
        (lambda x, z: list(drawn(x, z)), "a tensor of three pictures"),
        (lambda x, z: model().sample(conditions=x, z=z), "your function raised"),
        (lambda x: x, "raised TypeError"),
    ],
)
def test_mistakes_with_the_glasses_get_their_hint(mistake, hint):
    given = verdict("02.3", mistake)
    assert given.state == "wrong"
    assert hint in given.message


def drawn_weights(answer) -> checking.Verdict:
    return checking.judge(missing_lines.find("02.e").exercise, answer)


@pytest.mark.parametrize(
    "way",
    [
        lambda outputs, inputs: torch.empty(outputs, inputs).uniform_(-(inputs**-0.5), inputs**-0.5),
        lambda outputs, inputs: torch.nn.Linear(inputs, outputs).weight.detach(),
        lambda outputs, inputs: (2 * torch.rand(inputs, outputs).T - 1) / inputs**0.5,
        lambda outputs, inputs: (1 - 2 * torch.rand(outputs, inputs)) * inputs**-0.5,
    ],
)
def test_the_first_weights_may_be_drawn_in_any_way(way):
    assert drawn_weights(way).state == "right"


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        (lambda outputs, inputs: torch.randn(outputs, inputs) / inputs**0.5, "too small"),
        (
            lambda outputs, inputs: (2 * torch.rand(inputs, outputs) - 1) / inputs**0.5,
            "shape (outputs, inputs)",
        ),
        (lambda outputs, inputs: torch.full((outputs, inputs), 0.1), "too large"),
        (lambda outputs, inputs: [[0.1] * inputs] * outputs, "a tensor"),
        (lambda outputs, inputs: 0.5, "a tensor"),
    ],
)
def test_other_first_weights_are_wrong(mistake, message):
    given = drawn_weights(mistake)
    assert given.state == "wrong"
    assert message in given.message


NAN = float("nan")
JUNK = [
    "41984",
    NAN,
    torch.zeros(2, 3),
    torch.full((3, 3, 16, 16), NAN),
    torch.zeros(3, 3, 16, 16),
    {"linear": 1},
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
