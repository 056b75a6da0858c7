"""Claims about the exercises of lesson 14: stubs wait, solutions pass, typical mistakes get their hint."""

import numpy as np
import pytest
import torch
from folded import solved, verdict

NUMBERS = ["14.1", "14.2", "14.3"]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_folded_solution_is_right(number):
    assert verdict(number, solved("14", number, torch=torch)).state == "right"


@pytest.mark.parametrize("number", ["14.1", "14.2"])
def test_a_function_stub_is_not_yet(number):
    assert verdict(number, lambda *_: ...).state == "not yet"


@pytest.mark.parametrize("kind", [float, np.int64, torch.tensor])
def test_a_count_may_be_any_kind_of_number(kind):
    assert verdict("14.1", lambda i, o, k, s: kind(2 * i * o * k * k * s * s)).state == "right"


@pytest.mark.parametrize("kind", [np.bool_, torch.tensor])
def test_a_verdict_may_be_any_kind_of_boolean(kind):
    right = solved("14", "14.2")
    assert verdict("14.2", lambda *case: kind(right(*case))).state == "right"


def spread(p, n, z=1.96):
    return z * (p * (1 - p) / n) ** 0.5


@pytest.mark.parametrize(
    ("number", "mistake", "hint"),
    [
        ("14.1", lambda i, o, k, s: i * o * k * k * s * s, "added up"),
        ("14.1", lambda i, o, k, s: 2 * i * o * k * s * s, "kernel"),
        ("14.1", lambda i, o, k, s: 2 * i * o * k * k * s, "side"),
        ("14.1", lambda i, o, k, s: 2 * i * o * k * k * s * s - o * s * s, "bias"),
        ("14.1", lambda i, o, k, s: 7, "too small"),
        ("14.1", lambda i, o, k, s: True, "a number"),
        ("14.2", lambda p, n, c: p > c, "luck"),
        ("14.2", lambda p, n, c: p + spread(p, n) > c, "upper"),
        ("14.2", lambda p, n, c: p - 1.96 * p * (1 - p) / n > c, "root"),
        ("14.2", lambda p, n, c: True, "it says True"),
        ("14.2", lambda p, n, c: False, "it says False"),
        ("14.2", lambda p, n, c: p - spread(p, n), "True or False"),
        ("14.3", "true", "U-Net"),
        ("14.3", "false", "lesson 12"),
        ("14.3", "unclear", "decided"),
        ("14.3", "maybe", "one of"),
    ],
)
def test_mistakes_get_their_hint(number, mistake, hint):
    found = verdict(number, mistake)
    assert found.state == "wrong"
    assert hint in found.message


def test_a_hint_does_not_print_the_number_that_was_asked_for():
    assert "110592" not in verdict("14.1", lambda i, o, k, s: 7).message.replace(",", "")
