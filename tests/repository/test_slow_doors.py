"""The walk of test_doors.py through the functions whose calls take longer."""

import pytest
from walk_calls import CALLS
from walked import SLOW, run_walk


@pytest.fixture(scope="module")
def walked():
    return run_walk(*SLOW)


def test_hostile_arguments_end_in_a_right_result_or_in_a_sentence_of_ours(walked):
    assert not walked["failed"]
    assert sum(walked["counts"].values()) > 500


def test_no_exception_is_there_for_nothing(walked):
    assert not walked["needless"]


def test_what_is_walked_here_is_there():
    assert all(any(call.startswith(name) for call in CALLS) for name in SLOW)
