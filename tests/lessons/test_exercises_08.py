"""Claims about the exercises of lesson 08: stubs wait, solutions pass, typical mistakes get their hint."""

import pytest
import torch
from folded import solved, verdict

NUMBERS = ["08.1", "08.2", "08.3"]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_folded_solution_is_right(number):
    assert verdict(number, solved("08", number, torch=torch)).state == "right"


@pytest.mark.parametrize("number", ["08.1", "08.2"])
def test_a_function_stub_is_not_yet(number):
    assert verdict(number, lambda *_: ...).state == "not yet"


@pytest.mark.parametrize(
    ("number", "mistake", "hint"),
    [
        ("08.1", lambda r, g, d: (torch.cdist(r, g) < d).any(dim=0).float().mean(), "other way"),
        ("08.1", lambda r, g, d: (torch.cdist(r, g) < d).float().mean(), "counts pairs"),
        ("08.1", lambda r, g, d: (torch.cdist(r, g) < d).any(dim=1).sum(), "Divide"),
        ("08.1", lambda r, g, d: (torch.cdist(r, g) < 2 * d).any(dim=1).float().mean(), "torch.cdist"),
        ("08.1", lambda r, g, d: torch.cdist(r, g) < d, "needed"),
        ("08.2", lambda g, h, t: g.mean() / h.mean(), "means"),
        ("08.2", lambda g, h, t: g.median() / h.median(), "medians"),
        ("08.2", lambda g, h, t: g.min() / h.min(), "single nearest"),
        ("08.2", lambda g, h, t: torch.quantile(h, t) / torch.quantile(g, t), "upside down"),
        ("08.2", lambda g, h, t: torch.quantile(g, t) - torch.quantile(h, t), "difference"),
        ("08.2", lambda g, h, t: torch.quantile(g, 0.01) / torch.quantile(h, 0.01), "torch.quantile"),
        ("08.2", lambda g, h, t: torch.quantile(g, 1 - t) / torch.quantile(h, 1 - t), "torch.quantile"),
        ("08.3", "memorises", "ratio near 0"),
        ("08.3", "collapsed", "covers little"),
        ("08.3", "fine", "one of"),
    ],
)
def test_mistakes_get_their_hint(number, mistake, hint):
    assert verdict(number, mistake).state == "wrong"
    assert hint in verdict(number, mistake).message
