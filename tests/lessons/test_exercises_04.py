"""Claims about the exercises of lesson 04: stubs wait, solutions pass, typical mistakes get their hint."""

import math
import re

import nbformat
import pytest
import torch
import torch.nn.functional as F
from places import ROOT

from stablegen_lib import course
from stablegen_lib.course import checking

LESSON = ROOT / "notebooks" / "04_log_loss.ipynb"
NUMBERS = ["04.1", "04.2", "04.3"]
LOSS = 1.0201  # of the probabilities 3/4, 1/2 and 1/8


def cells(kind: str) -> list[str]:
    return [cell.source for cell in nbformat.read(LESSON, as_version=4).cells if cell.cell_type == kind]


def stub(number: str) -> str:
    (source,) = [source for source in cells("code") if f'course.check("{number}"' in source]
    return source


def solution(number: str) -> str:
    folded = [source for source in cells("markdown") if source.startswith("<details><summary>Solution")]
    blocks = [block for text in folded for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL)]
    (source,) = [block for block in blocks if f'course.check("{number}"' in block]
    return source


def verdict(number: str, answer: object) -> checking.Verdict:
    return checking.judge(checking.find(number), answer)


def printed(source: str, capsys: pytest.CaptureFixture[str]) -> str:
    exec(source, {"math": math, "torch": torch, "course": course})
    return capsys.readouterr().out


def test_the_lesson_has_these_exercises():
    assert [item.number for item in checking.of_lesson("04")] == NUMBERS


@pytest.mark.parametrize("number", NUMBERS)
def test_the_stub_is_not_yet_and_the_folded_solution_is_right(number, capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("STABLEGEN_PROGRESS", str(tmp_path))
    assert printed(stub(number), capsys).startswith(f"{number} not yet")
    assert printed(solution(number), capsys).startswith(f"{number} ✓ right")


@pytest.mark.parametrize("answer", [LOSS, 1.02, torch.tensor(LOSS), torch.tensor([LOSS])])
def test_the_loss_by_hand_may_be_a_number_or_a_tensor(answer):
    assert verdict("04.1", answer).state == "right"


@pytest.mark.parametrize(
    ("mistake", "hint"),
    [
        (3 * LOSS, "sum over the batch"),
        (-LOSS, "sign"),
        (LOSS / math.log(10), "base 10"),
        (LOSS / math.log(2), "base 2"),
        (-math.log((3 / 4 + 1 / 2 + 1 / 8) / 3), "log of the mean"),
        (-math.log(1 / 4 * 1 / 2 * 7 / 8) / 3, "1 - p"),
        ((3 / 4 + 1 / 2 + 1 / 8) / 3, "mean probability"),
        (1.0, "too small"),
    ],
)
def test_mistakes_in_the_loss_by_hand_get_their_hint(mistake, hint):
    assert verdict("04.1", mistake).state == "wrong"
    assert hint in verdict("04.1", mistake).message


def entropy(p: float) -> float:
    return -math.log(p) - math.log(1 - p)


@pytest.mark.parametrize(
    ("mistake", "hint"),
    [
        (lambda p: (-math.log(p), entropy(p)), "swapped"),
        (lambda p: (-math.log(p), -math.log(p)), "generated samples too"),
        (lambda p: (-math.log(1 - p), -math.log(p)), "real samples too"),
        (lambda p: (entropy(p) / 2, -math.log(p)), "do not average"),
        (lambda p: (-entropy(p), math.log(p)), "never negative"),
        (lambda p: (F.softplus(torch.tensor(-p)) + F.softplus(torch.tensor(p)), -math.log(p)), "not a logit"),
        (lambda p: (entropy(p), math.log(1 - p)), "minimax"),
        (lambda p: (entropy(p), -math.log(1 - p)), "G wants"),
        (lambda p: (entropy(p), entropy(p)), "one term"),
        (lambda p: (entropy(p), math.log(p)), "never negative"),
        (
            lambda p: (2 * math.log(2), math.log(2)),
            "for p = 0.8, the discriminator's loss: 1.38629 came, which is too small",
        ),
        (lambda p: entropy(p), "two numbers"),
    ],
)
def test_mistakes_in_the_losses_at_a_tie_get_their_hint(mistake, hint):
    assert verdict("04.2", mistake).state == "wrong"
    assert hint in verdict("04.2", mistake).message


def test_the_losses_at_a_tie_may_come_as_tensors():
    answer = verdict("04.2", lambda p: [torch.tensor(entropy(p)), torch.tensor([-math.log(p)])])
    assert answer.state == "right", answer.message


@pytest.mark.parametrize(
    ("mistake", "hint"),
    [
        (lambda logits: torch.sigmoid(logits), "sign"),
        (lambda logits: torch.sigmoid(logits) - 1, "non-saturating"),
        (lambda logits: -torch.sigmoid(logits) * torch.sigmoid(-logits), "logarithm around it"),
        (lambda logits: torch.sigmoid(logits) * torch.sigmoid(-logits), "slope of p alone"),
        (lambda logits: -torch.sigmoid(logits) / len(logits), "do not divide"),
        (lambda logits: F.logsigmoid(-logits), "the loss itself"),
        (lambda logits: torch.sigmoid(-logits), "slope of log p"),
        (lambda logits: -1 / torch.sigmoid(-logits), "slope in p"),
        (lambda logits: torch.full_like(logits, -0.5), "numbers are off"),
        (lambda logits: -torch.sigmoid(logits).mean(), "shape"),
        (lambda logits: -1 / (1 + math.exp(-logits)), "your function raised"),
    ],
)
def test_mistakes_in_the_slope_get_their_hint(mistake, hint):
    assert verdict("04.3", mistake).state == "wrong"
    assert hint in verdict("04.3", mistake).message


def test_a_slope_that_autograd_finds_is_right_too():
    def slope(logits):
        logits = logits.requires_grad_()
        return torch.autograd.grad(F.logsigmoid(-logits).sum(), logits)[0]

    assert verdict("04.3", slope).state == "right"


NAN = float("nan")
JUNK = ["1.02", NAN, torch.zeros(2, 3), torch.full((5,), NAN), {"loss": 1.0}, object(), True, print]


@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: type(junk).__name__)
@pytest.mark.parametrize("number", NUMBERS)
def test_junk_gets_a_friendly_answer(number, junk):
    for answer in (junk, lambda value: junk, lambda value: (junk, junk)):
        given = verdict(number, answer)
        assert given.state in {"wrong", "not yet"}
        assert given.state == "not yet" or len(given.message) > 15
        assert "stopped the check" not in given.message
