"""The walk through the public API with hostile arguments, and that the walk itself can see.

What takes longer is in test_slow_doors.py, what needs diffusers in tests/latent_diffusion.
"""

import fnmatch

import pytest
import torch
import walk
from walk_calls import CALLS
from walk_exceptions import EXCEPTIONS
from walk_mutations import EITHER, EQUAL, REFUSED, Argument, Mutation, mutations
from walked import PROMPTED, SLOW, run_walk

from stablegen_lib import latent


@pytest.fixture(scope="module")
def walked():
    return run_walk("--without", *PROMPTED, *SLOW)


def test_every_public_function_has_a_good_call():
    assert sorted(walk.public()) == sorted(CALLS)


def test_hostile_arguments_end_in_a_right_result_or_in_a_sentence_of_ours(walked):
    assert not walked["failed"]
    assert sum(walked["counts"].values()) > 4_000


def test_no_exception_is_there_for_nothing(walked):
    assert not walked["needless"]
    for places, _, _ in EXCEPTIONS:
        for place in places:
            assert fnmatch.filter(CALLS, place.partition("(")[0]), f"{place} is no call"


def test_every_exception_has_a_reason():
    assert all(len(reason.split()) >= 4 for _, _, reason in EXCEPTIONS)


@pytest.mark.parametrize(
    ("call", "deserves", "verdict"),
    [
        (lambda: torch.zeros(2, 3) @ torch.zeros(2, 3), REFUSED, "raw"),  # an error of torch
        (lambda: latent.draw(1.5, 3), REFUSED, "own words"),
        (lambda: torch.zeros(3), REFUSED, "wrong"),  # a number for nonsense
        (lambda: torch.zeros(3), EITHER, "right"),
        (lambda: torch.tensor([0.0, float("nan")]), EITHER, "wrong"),
        (lambda: [1.0, {"a": float("inf")}], EITHER, "wrong"),
        (lambda: torch.ones(3), EQUAL, "right"),
        (lambda: torch.zeros(3), EQUAL, "wrong"),
        (lambda: latent.draw(1.5, 3), EQUAL, "raw"),  # NumPy's numbers must not be refused
    ],
)
def test_the_walk_tells_what_became_of_a_try(call, deserves, verdict):
    result = walk._called(call, {})
    assert walk._verdict(result, Mutation("any", None, deserves), torch.ones(3))[0] == verdict


def test_an_error_that_only_passes_through_the_library_is_no_sentence_of_ours():
    def broken(_):
        return torch.zeros(2, 3) @ torch.zeros(2, 3)

    result = walk._called(latent.pca_directions, {"activations": broken, "latent_dim": 2})
    assert isinstance(result, RuntimeError)
    assert not walk._own_words(result)


def test_pictures_are_tried_as_bytes_from_0_to_255():
    hint = walk.typing.get_type_hints(walk.public()["metrics.gradient_energy"])["images"]
    tried = {
        each.name: each for each in mutations(Argument("images", torch.zeros(2, 3, 4, 4), hint, frozenset()))
    }
    assert tried["0 to 255"].deserves == REFUSED
    assert float(tried["0 to 255"].value.max()) == 127.5
    assert tried["one NaN"].value.isnan().sum() == 1
    assert tried["one axis more"].value.ndim == 5
