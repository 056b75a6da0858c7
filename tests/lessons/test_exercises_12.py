"""Claims about the exercises of lesson 12: stubs wait, solutions pass, typical mistakes get their hint."""

import pytest
import torch
from folded import solved, verdict

NUMBERS = ["12.1", "12.2", "12.3"]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_folded_solution_is_right(number):
    assert verdict(number, solved("12", number, torch=torch)).state == "right"


def test_a_function_stub_is_not_yet():
    assert verdict("12.1", lambda *_: ...).state == "not yet"


@pytest.mark.parametrize("answer", ["decoder", ["decoder"], ("decoder",), frozenset({"decoder"})])
def test_the_decoder_may_be_named_in_any_way(answer):
    assert verdict("12.3", answer).state == "right"


@pytest.mark.parametrize(
    ("number", "mistake", "hint"),
    [
        ("12.1", lambda p, o: o.norm() / p.norm(), "upside down"),
        ("12.1", lambda p, o: (p**2).sum() / (o**2).sum(), "squared"),
        ("12.1", lambda p, o: p.abs().mean() / o.abs().mean(), "norm"),
        ("12.1", lambda p, o: p / o, "one number"),
        ("12.1", lambda p, o: p.norm(), "adaptive_weight"),
        ("12.1", lambda p, o: 1.0, "adaptive_weight"),
        ("12.2", 64, "places"),
        ("12.2", 8, "one side"),
        ("12.2", 64 * 4 / 3, "smaller: 3 / 4"),
        ("12.2", 64 * 64 * 4, "size of the map"),
        ("12.2", 1 / 48, "share"),
        ("12.2", 12, "divide"),
        ("12.3", {"encoder", "decoder"}, "no picture to encode"),
        ("12.3", {"decoder", "discriminator"}, "training only"),
        ("12.3", set(), "something has to"),
        ("12.3", {"prior"}, "out of"),
        ("12.3", 3, "a set of names"),
    ],
)
def test_mistakes_get_their_hint(number, mistake, hint):
    assert verdict(number, mistake).state == "wrong"
    assert hint in verdict(number, mistake).message
