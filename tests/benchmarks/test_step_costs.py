"""Claims about the scripts that measure a step: they change what they say, and only while they say it."""

import sys

import examples
import pytest
import tiny
import torch
from places import ROOT

from stablegen_lib import data
from stablegen_lib.stablegen import StableGen
from stablegen_lib.training import losses as recipe_loss

sys.path.insert(0, str(ROOT / "benchmarks"))
import scaling
import step_costs
import stopwatch


def test_the_fit_recovers_a_power_law():
    law = 2e-4, 1.5, 1.2
    seconds = {size: scaling.predicted(size, *law) for size in scaling.FITTED}
    assert scaling.fit(seconds) == pytest.approx(law)
    assert scaling.predicted((32, 128), *law) == pytest.approx(2e-4 * 2**1.5 * 2**1.2)


def test_sizes_that_check_the_fit_took_no_part_in_it():
    assert not set(scaling.FITTED) & set(scaling.CHECKED)


@pytest.mark.parametrize("side", [8, 28, 64])
def test_faces_come_in_every_side_and_keep_their_conditions(side):
    images = scaling.faces_of(side, count=3)
    assert images.images.shape == (3, 3, side, side)
    assert torch.equal(images.conditions, examples.faces("validation").conditions[:3])


def test_a_patch_holds_only_while_its_run_has_its_turn():
    seen, usual = [], recipe_loss._judge

    def steps():
        while True:
            seen.append(recipe_loss._judge)
            yield

    run = step_costs.patched(steps(), (recipe_loss, "_judge", step_costs.one_pass_each))
    next(run)
    assert recipe_loss._judge is usual
    next(run)
    assert seen == [step_costs.one_pass_each] * 2


@pytest.mark.parametrize("same", [False, True])
def test_every_way_of_judging_gives_the_same_logits(same):
    images = tiny.pictures(6, size=16, kinds=3)
    model, pixels = (
        StableGen.for_images(images, width=4, seed=0, device="cpu"),
        data.to_unit_range(images.images),
    )
    x, others = images.conditions, images.conditions.roll(1, dims=1)
    own = slice(None, 4) if same else slice(None)  # some conditions may be alike: fewer mismatched pairs
    asked, shown = [x, x, others[own]], [pixels, pixels.flip(3), pixels[own]]
    usual = recipe_loss._judge(model.discriminator, asked, shown)
    for way in (step_costs.one_pass_each, step_costs.shared_features):
        for one, other in zip(usual, way(model.discriminator, asked, shown), strict=True):
            torch.testing.assert_close(one, other)


def test_half_of_a_batch_has_half_of_the_slopes():
    images = tiny.pictures(6, size=16, kinds=3)
    model, pixels = (
        StableGen.for_images(images, width=4, seed=0, device="cpu"),
        data.to_unit_range(images.images),
    )
    judge = step_costs.partial(model.discriminator, images.conditions)
    halves = [
        step_costs.partial(model.discriminator, images.conditions[part]) for part in (slice(3), slice(3, 6))
    ]
    first, second = (step_costs.WHOLE_PENALTY(half, pixels[part])
                     for half, part in zip(halves, (slice(3), slice(3, 6)), strict=True))  # fmt: skip
    torch.testing.assert_close(step_costs.slope_of_half(judge, pixels), first)
    torch.testing.assert_close(step_costs.WHOLE_PENALTY(judge, pixels), (first + second) / 2)


def test_runs_in_turns_are_all_measured_in_every_round_but_the_first():
    counts = {"one": 0, "other": 0}

    def steps(name):
        while True:
            counts[name] += 1
            yield

    seconds = stopwatch.in_turns({name: steps(name) for name in counts}, steps=3, rounds=2)
    assert counts == {"one": 9, "other": 9}
    assert {name: len(rounds) for name, rounds in seconds.items()} == {"one": 2, "other": 2}
    assert stopwatch.ratio([2.0, 3.0, 8.0], [1.0, 1.0, 2.0]) == "3.00 (2.00 to 4.00)"
