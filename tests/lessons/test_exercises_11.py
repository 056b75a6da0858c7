"""Claims about the exercises of lesson 11: stubs wait, solutions pass, typical mistakes get their hint."""

import pytest
import torch
from folded import solved, verdict

from stablegen_lib import vae

NUMBERS = ["11.1", "11.2", "11.3"]


def entries(mean, log_variance):
    return vae.kl_per_entry(mean=mean, log_variance=log_variance)


def count(mask):
    return int(mask.sum())


@pytest.mark.parametrize("number", NUMBERS)
def test_the_folded_solution_is_right(number):
    assert verdict(number, solved("11", number, torch=torch)).state == "right"


@pytest.mark.parametrize("number", ["11.1", "11.3"])
def test_a_function_stub_is_not_yet(number):
    assert verdict(number, lambda *_: ...).state == "not yet"


def test_the_librarys_own_draw_and_a_count_in_a_tensor_are_right_too():
    def of_the_library(mean, log_variance, noise, width):
        return vae.reparameterise(mean=mean, log_variance=log_variance, noise=width * noise)

    assert verdict("11.1", of_the_library).state == "right"
    assert verdict("11.3", lambda m, v: (entries(m, v).mean(dim=0) > 0.05).sum()).state == "right"
    assert verdict("11.2", torch.tensor(1536.0)).state == "right"


@pytest.mark.parametrize(
    ("number", "mistake", "hint"),
    [
        ("11.1", lambda m, v, n, w: m + w * v.exp() * n, "root of the variance"),
        ("11.1", lambda m, v, n, w: m + w * v * n, "logarithm"),
        ("11.1", lambda m, v, n, w: m + w**0.5 * (v / 2).exp() * n, "variance `width` times"),
        ("11.1", lambda m, v, n, w: w * (m + (v / 2).exp() * n), "noise alone"),
        ("11.1", lambda m, v, n, w: m + (v / 2).exp() * n, "changes nothing"),
        ("11.1", lambda m, v, n, w: m - w * (v / 2).exp() * n, "vae.reparameterise"),
        ("11.1", lambda m, v, n, w: m[:1], "needed"),
        ("11.2", 768, "deviation"),
        ("11.2", 384.0, "doubles"),
        ("11.2", 3072, "halves"),
        ("11.2", 2, "768"),
        ("11.2", 1, "768"),
        ("11.2", 1 / 1536, "upside down"),
        ("11.2", 10, "first term"),
        ("11.2", True, "number"),
        ("11.3", lambda m, v: count((m**2 / 2).mean(dim=0) > 0.05), "whole KL"),
        ("11.3", lambda m, v: count((v != 0).any(dim=0)), "whole KL"),
        ("11.3", lambda m, v: count((m**2).mean(dim=0) > 0.05), "size of the mean"),
        ("11.3", lambda m, v: count(m.abs().mean(dim=0) > 0.05), "size of the mean"),
        ("11.3", lambda m, v: count(2 * entries(m, v).mean(dim=0) > 0.05), "½"),
        ("11.3", lambda m, v: count((entries(m, v) > 0.05).any(dim=0)), "mean over the pictures"),
        ("11.3", lambda m, v: count(entries(m, v) > 0.05), "average"),
        ("11.3", lambda m, v: 8, "average"),
        ("11.3", lambda m, v: entries(m, v), "whole number"),
    ],
)
def test_mistakes_get_their_hint(number, mistake, hint):
    assert verdict(number, mistake).state == "wrong"
    assert hint in verdict(number, mistake).message
