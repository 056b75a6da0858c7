"""Claims about share codes that no explorer wrote: each is answered in a sentence, at once."""

import json
import subprocess
import sys

import code_attack
import ipywidgets
import pytest
import tiny

from stablegen_lib.widgets import LatentExplorer
from stablegen_lib.widgets.explorer.code import unpack
from stablegen_lib.widgets.explorer.state import ExplorerState

SOUND = [7, 1.0, "raw", 3, {"1": 1.5}, [0], 1]


@pytest.fixture(scope="module")
def counted() -> dict[str, list[str]]:
    return code_attack.attack()


def test_hostile_codes_are_answered_and_change_nothing(
    counted: dict[str, list[str]],
) -> None:
    assert sum(map(len, counted.values())) >= 395
    assert set(counted) == {"own words", "accepted"}


def test_only_what_a_state_can_be_is_accepted(counted: dict[str, list[str]]) -> None:
    for code in counted["accepted"]:
        state = ExplorerState.decode(code, code.split(".")[2])
        assert ExplorerState.decode(state.encode("m"), "m") == state
    assert len(counted["accepted"]) == 3


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (0, True, "seed must be a whole number, and True came"),
        (1, "1", "truncation must be a number"),
        (1, 3.0, "truncation must be 0 to 2"),
        (2, 7, "basis must be one of"),
        (2, "fourier", "basis must be one of"),
        (3, 10**11, "number of sliders must be 0 to 1000, and 100000000000 came"),
        (4, [], "sliders must be pairs of number and offset"),
        (4, {"3": 1.0}, "sliders must be numbered 0 to 2, and '3' came"),
        (4, {"1": "far"}, "slider 1 must be at a number"),
        (4, {"1": 101}, "an offset must be -100 to 100"),
        (5, 0, "choices must be a list"),
        (5, [-1], "a choice must be 0 or more"),
        (6, 2, r"count must be one of \(1, 16\)"),
        (6, True, "count must be a whole number"),
    ],
)
def test_each_field_is_named_when_it_is_wrong(place: int, value: object, said: str) -> None:
    fields = json.dumps([*SOUND[:place], value, *SOUND[place + 1 :]])
    with pytest.raises(ValueError, match=said):
        ExplorerState.decode(code_attack.signed(fields, "m"), "m")


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ("smile", "names must be a list"),
        ([], "names must be a list"),
        ([["raw", 0]], "names must be a list"),
        ([["fourier", 0, "smile"]], "names must be a list"),
        ([["raw", "0", "smile"]], "names must be a list"),
        ([["raw", 0, 7]], "names must be a list"),
        ([["raw", [], "smile"]], "names must be a list"),
        ([[{}, 0, "smile"]], "names must be a list"),
        ([["raw", 0, ""]], "a name must be 1 to 24 letters"),
        ([["raw", 0, "x" * 25]], "a name must be 1 to 24 letters"),
        ([["raw", number, "x"] for number in range(1001)], "names must be a list"),
    ],
)
def test_names_are_judged_one_by_one(names: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ExplorerState.decode(code_attack.signed(json.dumps([*SOUND, names]), "m"), "m")


def test_names_in_a_code_cannot_smuggle_html_into_the_page() -> None:
    explorer = LatentExplorer(tiny.model(tiny.pictures()), sliders=3)
    model_id, bold = explorer.code.split(".")[2], [["raw", 1, "<b>smile</b>"]]
    explorer.code = code_attack.signed(json.dumps([*SOUND, bold]), model_id)
    slider = explorer.controls.offsets[1]
    assert explorer.controls.which.options[1][0] == "<b>smile</b>"
    if ipywidgets.__version__.startswith("7."):  # its page takes every description for HTML
        assert slider.description == "&lt;b&gt;smile&lt;/b&gt;"
    else:
        assert slider.description == "<b>smile</b>"
        assert not slider.description_allow_html
    assert "<b>" not in explorer.status.value


@pytest.mark.parametrize("choices", [[], [0, 0], [3]])
def test_choices_that_the_model_does_not_offer_are_refused(choices: list[int]) -> None:
    explorer = LatentExplorer(tiny.model(tiny.pictures()), sliders=3)
    code = code_attack.signed(json.dumps([7, 1.0, "raw", 3, {}, choices, 1]), explorer.code.split(".")[2])
    with pytest.raises(ValueError, match=r"this model has 1 attributes|kind can be"):
        explorer.code = code


def test_a_thousand_sliders_fit_into_a_code() -> None:
    state = ExplorerState(0, 1.0, "own", tuple(-99.123456789012345 + i / 7 for i in range(1_000)), (0,), 1)
    assert ExplorerState.decode(state.encode("m"), "m") == state


@pytest.mark.slow
def test_what_is_no_text_is_no_code() -> None:
    """In a process of its own, where no test checks types before the library does."""
    lines = (
        "from stablegen_lib.widgets.explorer.code import unpack\nfor code in (None, 7, b'SG1', ['SG1']):\n"
    )
    lines += " try: unpack(code, 'm')\n except ValueError as error: print(error)"
    command = [sys.executable, "-c", lines]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    assert told.stdout.count("this is not a whole share code.") == 4


def test_a_very_long_text_is_not_even_looked_at() -> None:
    with pytest.raises(ValueError, match="not a whole share code"):
        unpack("SG1." * 20_000, "m")
