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


def test_names_of_directions_travel_in_the_code_and_codes_without_names_stay_as_they_were():
    named = STATE.named(1, " hat ").named(0, "smile").named(0, "grin")
    assert named.names == (("sefa", 0, "grin"), ("sefa", 1, "hat"))
    assert ExplorerState.decode(named.encode("m"), "m") == named
    assert named.named(0, "").named(1, " ") == STATE
    old = "SG1.83875124.m.WzcsMC43LCJzZWZhIiwzLHsiMSI6MS41fSxbMCwyXSwxXQ"
    assert STATE.encode("m") == old, "made before directions had names"


def test_own_names_stay_where_others_come():
    mine, yours = STATE.named(0, "mine"), STATE.named(0, "yours").named(2, "more")
    assert mine.with_names(yours.names).names == (("sefa", 0, "mine"), ("sefa", 2, "more"))


@pytest.mark.parametrize("name", ["x" * 25])
def test_a_name_that_no_label_could_hold_is_refused(name):
    with pytest.raises(ValueError, match="1 to 24 letters"):
        STATE.named(0, name)


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
