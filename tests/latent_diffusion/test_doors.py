"""The walk with hostile arguments through what needs diffusers; the rest is in tests/repository."""

import pytest
from walked import PROMPTED, run_walk


@pytest.fixture(scope="module")
def walked():
    pytest.importorskip("diffusers", reason="the extra [diffusion] is not installed")
    return run_walk(*PROMPTED)


def test_hostile_arguments_end_in_a_right_result_or_in_a_sentence_of_ours(walked):
    assert not walked["failed"]
    assert sum(walked["counts"].values()) > 1_000


def test_no_exception_is_there_for_nothing(walked):
    assert not walked["needless"]
