"""Claims about the exercises of lesson 00: stubs wait, solutions pass, typical mistakes get their hint."""

import examples
import pytest
import torch
from folded import solved, verdict

from stablegen_lib import data

FACES = examples.faces("test")
ROW = FACES.condition(hat="yes", glasses="dark")


@pytest.mark.parametrize("number", ["00.1", "00.2"])
def test_the_folded_solution_is_right(number):
    assert verdict(number, solved("00", number, faces=FACES)).state == "right"


def test_a_function_stub_is_not_yet():
    assert verdict("00.2", lambda count: ...).state == "not yet"


@pytest.mark.parametrize(
    ("number", "mistake", "hint"),
    [
        ("00.1", 256, "pixels"),
        ("00.1", 48, "one row"),
        ("00.1", 4096, "last factor"),
        ("00.1", 769, "too large"),
        ("00.2", lambda count: ROW, "one person"),
        ("00.2", lambda count: ROW.repeat(3, 1), "shape"),
        ("00.2", lambda count: ROW.repeat(count, 2), "shape"),
        ("00.2", lambda count: FACES.condition(hat="yes").repeat(count, 1), "glasses=dark"),
        ("00.2", lambda count: FACES.condition(glasses="dark").repeat(count, 1), "hat=yes"),
        ("00.2", lambda count: torch.ones(count, 35), "exactly one"),
        ("00.2", lambda count: [ROW] * count, "tensor"),
        ("00.2", lambda: ROW, "raised TypeError"),
    ],
)
def test_mistakes_get_their_hint(number, mistake, hint):
    assert verdict(number, mistake).state == "wrong"
    assert hint in verdict(number, mistake).message


def test_a_crowd_of_different_people_is_not_what_was_asked_for():
    moods = [
        data.replace_attribute(ROW, FACES.condition_names, attribute="mouth", value=mouth)
        for mouth in ("sad", "happy")
    ]
    assert "differ" in verdict("00.2", lambda count: torch.stack(moods * count)[:count]).message
