"""Claims about the exercises of lesson 10: stubs wait, solutions pass, typical mistakes get their hint."""

import pytest
import torch
from folded import solved, verdict

NUMBERS = ["10.1", "10.2", "10.3"]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_folded_solution_is_right(number):
    assert verdict(number, solved("10", number, torch=torch)).state == "right"


@pytest.mark.parametrize("number", ["10.1", "10.2"])
def test_a_function_stub_is_not_yet(number):
    assert verdict(number, lambda *_: ...).state == "not yet"


@pytest.mark.parametrize(
    "answer",
    [
        lambda g: 7.0 / torch.bincount(g)[g],
        lambda g: (1.0 / torch.bincount(g)[g]).tolist(),
        lambda g: (0.01 / torch.bincount(g)[g]).numpy(),
        lambda g: [3, 3, 3, 12, 6, 6, 3],
    ],
    ids=["another sum", "a list", "an array", "whole numbers"],
)
def test_weights_need_no_particular_sum_and_no_particular_kind(answer):
    assert verdict("10.2", answer).state == "right"


@pytest.mark.parametrize("answer", ["Cannot tell", " cannot tell. "])
def test_the_verdict_may_be_written_with_other_capitals(answer):
    assert verdict("10.3", answer).state == "right"


@pytest.mark.parametrize(
    ("number", "mistake", "hint"),
    [
        ("10.1", lambda image, right: image.roll(right, dims=2), "left column"),
        ("10.1", lambda image, right: image[:, :, (torch.arange(5) + right).clamp(max=4)], "to the left"),
        ("10.1", lambda image, right: image[:, (torch.arange(3) - right).clamp(min=0)], "last dimension"),
        ("10.1", lambda image, right: torch.nn.functional.pad(image, (right, 0))[:, :, :5], "zeros"),
        ("10.1", lambda image, right: image[:, :, : 5 - right], "narrower"),
        ("10.1", lambda image, right: image, "off"),
        ("10.1", lambda image, right: image[0], "needed"),
        ("10.2", lambda g: torch.bincount(g)[g].float(), "Divide"),
        ("10.2", lambda g: torch.ones(len(g)), "equal weights"),
        ("10.2", lambda g: [0.2] * len(g), "equal weights"),
        ("10.2", lambda g: 1.0 / torch.bincount(g), "Every example"),
        ("10.2", lambda g: [0.5, 1.0], "needed"),
        ("10.2", lambda g: (g + 1).float(), "off"),
        ("10.3", "it helps", "chance"),
        ("10.3", "it does not help", "exclude"),
        ("10.3", "perhaps", "one of"),
    ],
)
def test_mistakes_get_their_hint(number, mistake, hint):
    assert verdict(number, mistake).state == "wrong"
    assert hint in verdict(number, mistake).message
