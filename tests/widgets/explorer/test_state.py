"""Claims about the LatentExplorer's state and its share code."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stablegen_lib.widgets.explorer.state import ExplorerState

STATE = ExplorerState(7, 0.7, "sefa", (0.0, 1.5, 0.0), (0, 2), 1)
fields = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 2**31 - 1),
        "truncation": st.floats(0, 2),
        "basis": st.sampled_from(["sefa", "pca", "raw", "own"]),
        "offsets": st.lists(st.floats(-100, 100), max_size=8).map(tuple),
        "choices": st.lists(st.integers(0, 12), max_size=8).map(tuple),
        "count": st.sampled_from([1, 16]),
    }
)


@given(fields)
def test_a_code_restores_the_state_to_the_last_bit(values):
    state = ExplorerState(**values)
    assert ExplorerState.decode(state.encode("abc123"), "abc123") == state


@given(fields, fields)
def test_different_states_have_different_codes(some, others):
    one, other = ExplorerState(**some), ExplorerState(**others)
    assert (one.encode("m") == other.encode("m")) == (one == other)


def test_a_code_is_short_and_survives_spaces_around_it():
    code = STATE.encode("0badcafe")
    assert len(code) < 120
    assert ExplorerState.decode(f"  {code}\n", "0badcafe") == STATE


def test_every_single_wrong_letter_is_noticed():
    code = STATE.encode("0badcafe")
    for place in range(len(code)):
        wrong = code[:place] + ("x" if code[place] != "x" else "y") + code[place + 1 :]
        with pytest.raises(ValueError, match="not a whole share code"):
            ExplorerState.decode(wrong, "0badcafe")


@pytest.mark.parametrize("code", ["", "SG1", "hello", "SG1..", "SG1.00000000.m.e30", STATE.encode("m")[:-1]])
def test_what_is_no_code_is_refused_with_a_cure(code):
    with pytest.raises(ValueError, match="Copy it once more"):
        ExplorerState.decode(code, "m")


def test_a_code_of_another_model_is_refused_and_both_are_named():
    with pytest.raises(ValueError, match=r"another model .*\(aaaa, not bbbb\)"):
        ExplorerState.decode(STATE.encode("aaaa"), "bbbb")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("seed", -1),
        ("seed", 2**31),
        ("seed", 0.5),
        ("seed", "1"),
        ("truncation", -0.1),
        ("truncation", 2.1),
        ("truncation", math.nan),
        ("basis", "fourier"),
        ("count", 2),
        ("offsets", (math.nan,)),
        ("offsets", (101.0,)),
    ],
)
def test_values_out_of_range_are_refused_by_name(field, value):
    with pytest.raises((ValueError, TypeError), match=field.removesuffix("s")):
        replace(STATE, **{field: value})


def test_moving_one_slider_leaves_the_others_and_the_original():
    assert STATE.moved(0, -2).offsets == (-2.0, 1.5, 0.0)
    assert STATE.offsets == (0.0, 1.5, 0.0)
