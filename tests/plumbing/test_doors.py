"""Claims about the door of a function: what it lets pass, what it refuses, and what it says."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pytest
import torch
from jaxtyping import Bool, Float, Shaped, UInt8
from torch import Tensor

from stablegen_lib.plumbing.bounds import ANY, FREE, above, at_least, share
from stablegen_lib.plumbing.doors import door


@door(rate=above(0), left=share(whole=False), moved=FREE, drawn=ANY)
def numbers(
    count: int = 1,
    *,
    seed: int = 0,
    rate: float = 0.1,
    left: float | int = 0.5,
    moved: float | int = 0.0,
    drawn: float = 0.0,
    weight: float | int | None = None,
) -> tuple[object, ...]:
    return count, seed, rate, left, moved, drawn, weight


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("count", [1, 10**12]),
        ("seed", [0, 2**63 - 1]),
        ("rate", [1e-9, 5.0]),
        ("left", [0, 0.999]),
        ("moved", [-3, -0.5, 2.5]),
        ("drawn", [float("nan"), float("-inf")]),
        ("weight", [None, 0, 0.0]),
    ],
)
def test_what_is_in_its_bounds_passes_as_it_is(name, good):
    place = ("count", "seed", "rate", "left", "moved", "drawn", "weight").index(name)
    for value in good:
        assert numbers(**{name: value})[place] is value


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("count", [0, -1, 1.0, True, None, "3", float("nan"), torch.tensor(3), np.float64(2), 1j]),
        ("seed", [-1, 2**63, 0.0, False, np.int64(-1)]),
        ("rate", [0.0, -1.0, float("nan"), float("inf"), True, "0.1", None]),
        ("left", [1, 1.0, -0.1, float("nan")]),
        ("moved", [float("nan"), float("-inf"), True, [1.0]]),
        ("weight", [-1, -0.5, float("nan")]),
    ],
)
def test_what_is_out_of_its_bounds_is_refused_by_name(name, bad):
    for value in bad:
        with pytest.raises(ValueError, match=rf"^{name} must be .* came\.$"):
            numbers(**{name: value})


def test_numbers_of_numpy_become_pythons_own():
    count, seed, rate, *_ = numbers(np.int64(3), seed=np.uint8(7), rate=np.float32(0.5))
    assert (type(count), type(seed), type(rate)) == (int, int, float)
    assert (count, seed, rate) == (3, 7, 0.5)


def test_bounds_are_said_as_a_reader_would_say_them():
    with pytest.raises(ValueError, match=r"^count must be a whole number of at least 1, and 0 came\.$"):
        numbers(0)
    with pytest.raises(
        ValueError, match=r"^left must be a finite number of at least 0 and below 1, and 2 came\.$"
    ):
        numbers(left=2)
    with pytest.raises(ValueError, match=r"^moved must be a finite number, and nan came\.$"):
        numbers(moved=float("nan"))


@door(spread=at_least(0, 2))
def tensors(
    images: Float[Tensor, "count channel height width"] | None = None,
    conditions: Float[Tensor, "count condition"] | None = None,
    stored: UInt8[Tensor, "count channel height width"] | None = None,
    which: Bool[Tensor, " count"] | None = None,
    spread: Float[Tensor, "*batch 2"] | None = None,
    shown: Shaped[Tensor, "many channel height width"] | None = None,
) -> None: ...


PICTURES = torch.zeros(4, 3, 8, 8)


@pytest.mark.parametrize(
    "good",
    [
        {"images": PICTURES, "conditions": torch.zeros(4, 0)},  # a model without a condition
        {"images": PICTURES.half(), "which": torch.zeros(4, dtype=torch.bool)},
        {"images": PICTURES + 1, "conditions": 100 * torch.ones(4, 35)},
        {"images": (PICTURES + 1).requires_grad_(True)},
        {"stored": PICTURES.byte() + 255},
        {"spread": torch.full((2,), 2.0)},
        {"spread": torch.zeros(5, 6, 2)},
        {"shown": 3 * torch.ones(2, 1, 4, 4)},  # noise passes 1, and is clamped where it is shown
        {"shown": torch.zeros(2, 1, 4, 4, dtype=torch.uint8)},
    ],
)
def test_tensors_as_annotated_pass(good):
    tensors(**good)


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"images": PICTURES[0]}, r"images must be a tensor of shape \(count, channel, height, width\), and"),
        ({"images": PICTURES[:0]}, "images must not be empty"),
        ({"images": PICTURES[:, :2]}, "images must have 1 channel"),
        ({"images": 255 * (PICTURES + 1)}, "images must be pixels from -1 to 1, and 255 to 255 came"),
        ({"images": PICTURES.byte()}, "data.to_unit_range"),
        ({"images": PICTURES / 0}, "images must be finite pixels"),
        ({"images": PICTURES.numpy()}, "a ndarray came"),
        ({"images": PICTURES.tolist()}, "a list came"),
        ({"images": PICTURES, "conditions": torch.zeros(3, 5)}, r"shape \(4, condition\) to go with images"),
        ({"conditions": torch.full((4, 5), float("inf"))}, "conditions must be finite numbers"),
        ({"stored": PICTURES}, "stored must be bytes from 0 to 255"),
        ({"which": torch.zeros(4)}, "which must be yes or no"),
        ({"spread": torch.full((3, 2), 2.5)}, "spread must be numbers of at least 0 and at most 2"),
        ({"spread": torch.zeros(2, 3)}, r"spread must be a tensor of shape \(\*batch, 2\)"),
        ({"shown": 200 * torch.ones(2, 1, 4, 4)}, "shown must be pixels from -1 to 1"),
    ],
)
def test_tensors_of_another_kind_are_refused_by_name(bad, sentence):
    with pytest.raises(ValueError, match=sentence):
        tensors(**bad)


@door()
def things(
    names: Sequence[str] = (),
    pair: tuple[float, float] = (0.0, 1.0),
    groups: Mapping[str, Float[Tensor, " latent"]] | None = None,
    mode: Literal["fast", "slow"] = "fast",
    flag: bool = False,
    model: torch.nn.Module | None = None,
    anything: object = None,
) -> tuple[object, ...]:
    return names, pair, groups, mode, flag, model, anything


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"names": "hat=no"}, "names must be a list of text"),  # one text is no list of texts
        ({"names": ["hat=no", None]}, r"names\[1\] must be text"),
        ({"pair": (0.0,)}, "pair must have 2 entries, and 1 came"),
        ({"pair": (0.0, float("nan"))}, r"pair\[1\] must be a finite number"),
        ({"groups": {"a": torch.zeros(3), "b": torch.zeros(4)}}, r"groups\['b'\] must be .* shape \(3\)"),
        ({"groups": {"a": torch.full((3,), float("nan"))}}, r"groups\['a'\] must be finite"),
        ({"mode": "quick"}, "mode must be one of 'fast', 'slow', and 'quick' came"),
        ({"flag": 1}, "flag must be one of True, False"),
        ({"model": torch.zeros(3)}, "model must be a Module or one of None"),
    ],
)
def test_texts_lists_and_objects_are_looked_at_too(bad, sentence):
    with pytest.raises(ValueError, match=sentence):
        things(**bad)


def test_a_list_becomes_a_tuple_where_one_is_wanted():
    assert things(names=["a"], pair=[0.5, 1])[:2] == (["a"], (0.5, 1))


def test_what_has_no_annotation_that_says_more_passes():
    assert things(anything=float("nan"))[-1] != things(anything=0)[-1]


def test_what_a_function_gives_back_is_looked_at_each_time():
    @door()
    def doubled(make: Callable[[int], Float[Tensor, " count"]]) -> Tensor:
        return 2 * make(1)

    assert doubled(lambda _: torch.ones(3)).tolist() == [2, 2, 2]
    with pytest.raises(ValueError, match="what make gives must be a tensor"):
        doubled(lambda _: None)
    with pytest.raises(ValueError, match="what make gives must be finite"):
        doubled(lambda _: torch.full((3,), float("nan")))


def test_a_function_that_waits_is_refused_at_its_door_and_not_at_its_first_step():
    @door()
    def counted(steps: int) -> Iterator[int]:
        yield from range(steps)

    assert list(counted(2)) == [0, 1]
    with pytest.raises(ValueError, match="steps"):
        counted(-1)


def test_a_record_is_judged_when_it_is_made():
    @door(rate=above(0))
    @dataclass(frozen=True)
    class Settings:
        rate: float
        name: str = ""

    assert Settings(0.5, name="x").rate == 0.5
    assert Settings(np.float32(0.5)).rate == 0.5
    with pytest.raises(ValueError, match="rate must be"):
        Settings(0.0)


def test_a_function_behind_a_door_is_still_the_function_that_it_was():
    assert list(inspect.signature(numbers).parameters)[:2] == ["count", "seed"]
    assert numbers.__name__ == "numbers"
    with pytest.raises(TypeError, match="unexpected keyword argument 'counts'"):
        numbers(counts=3)


def test_a_door_for_an_argument_that_is_not_there_is_a_mistake_of_ours():
    with pytest.raises(TypeError, match="stepps"):

        @door(stepps=at_least(0))
        def trained(steps: int) -> None: ...
