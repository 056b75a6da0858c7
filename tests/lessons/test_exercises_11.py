"""Claims about the exercises of lesson 11: stubs wait, solutions pass, typical mistakes get their hint."""

import pytest
import torch
from folded import solved, verdict

from stablegen_lib import vae
from stablegen_lib.course import checking, missing_lines

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


def columnwise(change):
    return lambda z: torch.stack([change(number, column) for number, column in enumerate(z.T, 1)], dim=1)


@pytest.mark.parametrize("seed", range(20))
def test_entries_may_be_shuffled_with_any_random_numbers(seed):
    random = torch.Generator().manual_seed(seed)
    answer = columnwise(lambda _, column: column[torch.randperm(len(column), generator=random)])
    assert checking.judge(missing_lines.find("11.g").exercise, answer).state == "right"
    by_sorting = columnwise(lambda _, column: column[torch.rand(len(column), generator=random).argsort()])
    assert checking.judge(missing_lines.find("11.g").exercise, by_sorting).state == "right"


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (columnwise(lambda number, column: column.sort(descending=number % 2 == 0).values), "small stands"),
        (columnwise(lambda number, column: column.flip(0).roll(3 * number)), "keep their order"),
        (lambda z: torch.cat([z[torch.randperm(len(z)), :1], z[:, 1:]], dim=1), "stay together"),
        (lambda z: torch.cat([z[torch.randperm(len(z)), :2], z[:, 2:]], dim=1), "stay together"),
        (lambda z: z.flip(0), "stay together"),
    ],
    ids=["sorted", "turned and rolled", "one column", "two columns", "turned around"],
)
def test_what_is_not_shuffled_entry_by_entry_is_told(answer, hint):
    given = checking.judge(missing_lines.find("11.g").exercise, answer)
    assert given.state == "wrong"
    assert hint in given.message
