"""Claims about the exercises of lesson 14: stubs wait, solutions pass, typical mistakes get their hint."""

import pytest
import torch
from folded import solved, verdict

NUMBERS = ["14.1", "14.2", "14.3"]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_folded_solution_is_right(number):
    assert verdict(number, solved("14", number, torch=torch)).state == "right"


def test_a_function_stub_is_not_yet():
    assert verdict("14.1", lambda *_: ...).state == "not yet"


@pytest.mark.parametrize(
    ("number", "mistake", "hint"),
    [
        ("14.1", lambda i, o, k, s: i * o * k * k * s * s, "added up"),
        ("14.1", lambda i, o, k, s: 2 * i * o * k * s * s, "kernel"),
        ("14.1", lambda i, o, k, s: 2 * i * o * k * k * s, "side"),
        ("14.1", lambda i, o, k, s: 7, "was needed"),
        ("14.1", lambda i, o, k, s: True, "one number"),
        ("14.2", 30, "without guidance"),
        ("14.2", 31, "every step"),
        ("14.2", 1, "GAN"),
        ("14.2", 2, "one step"),
        ("14.2", 61, "not it"),
        ("14.2", True, "whole number"),
        ("14.3", "true", "components"),
        ("14.3", "false", "lesson 12"),
        ("14.3", "unclear", "decided"),
        ("14.3", "maybe", "one of"),
    ],
)
def test_mistakes_get_their_hint(number, mistake, hint):
    assert verdict(number, mistake).state == "wrong"
    assert hint in verdict(number, mistake).message
