"""Claims about the exercises of lesson 13: stubs wait, solutions pass, typical mistakes get their hint."""

import pytest
import torch
from folded import solved, verdict

from stablegen_lib.diffusion import NoiseSchedule

NUMBERS = ["13.1", "13.2", "13.3"]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_folded_solution_is_right(number):
    assert verdict(number, solved("13", number, torch=torch)).state == "right"


def test_stubs_are_not_yet():
    assert verdict("13.1", lambda *_: ...).state == "not yet"
    assert verdict("13.2", (..., ..., ..., ...)).state == "not yet"
    assert verdict("13.2", ("U-Net", ..., ..., ...)).state == "not yet"


def test_other_ways_to_find_the_level_are_right_too():
    def by_counting(alpha_bar, share):
        return (alpha_bar > share).sum()

    def by_a_loop(alpha_bar, share):
        return next(level for level, left in enumerate(alpha_bar.tolist()) if left <= share + 1e-6)

    def by_argmax(alpha_bar, share):
        return (alpha_bar <= share).int().argmax()

    for way in (by_counting, by_a_loop, by_argmax):
        assert verdict("13.1", way).state == "right"


@pytest.mark.parametrize(
    ("schedule", "half", "four_fifths"),
    [(NoiseSchedule.stable_diffusion(), 354, 563), (NoiseSchedule.cosine(), 496, 702)],
)
def test_the_levels_that_the_solution_names(schedule, half, four_fifths):
    first_below = solved("13", "13.1")
    assert (first_below(schedule.alpha_bar, 0.5), first_below(schedule.alpha_bar, 0.2)) == (half, four_fifths)


@pytest.mark.parametrize(
    "answer",
    [
        ("U-Net", "autoencoder", "guidance", "text encoder"),
        ["unet", "Autoencoder", " guidance ", "Text Encoder"],
    ],
)
def test_the_culprits_may_be_a_list_and_capitals_do_not_matter(answer):
    assert verdict("13.2", answer).state == "right"


@pytest.mark.parametrize(
    ("number", "mistake", "hint"),
    [
        ("13.1", lambda a, share: a[(a <= share).nonzero()[0]], "At which *level*"),
        ("13.1", lambda a, share: (a <= share).sum(), "the first of them"),
        ("13.1", lambda a, share: (a.sqrt() <= share).int().argmax(), "no root"),
        ("13.1", lambda a, share: (a >= share).sum(), "counts, too"),
        ("13.1", lambda a, share: (a > share).sum() - 1, "next one"),
        ("13.1", lambda a, share: a <= share, "needed"),
        ("13.1", lambda a, share: 700, "too large"),
        ("13.2", ("text encoder", "autoencoder", "guidance", "U-Net"), "A: not this one"),
        ("13.2", ("U-Net", "U-Net", "guidance", "text encoder"), "B: not this one"),
        ("13.2", ("U-Net", "autoencoder", "U-Net", "text encoder"), "C: not this one"),
        ("13.2", ("U-Net", "autoencoder", "guidance", "U-Net"), "D: not this one"),
        ("13.2", ("decoder", "autoencoder", "guidance", "U-Net"), "A: one of"),
        ("13.2", "U-Net", "four words"),
        ("13.3", 20, "twice"),
        ("13.3", 60, "three passes"),
        ("13.3", 80, "once"),
        ("13.3", 1000, "visits"),
        ("13.3", 41, "too large"),
        ("13.3", torch.tensor(20), "twice"),
    ],
)
def test_mistakes_get_their_hint(number, mistake, hint):
    assert verdict(number, mistake).state == "wrong"
    assert hint in verdict(number, mistake).message
