"""The two autoencoders of portraits differ in one thing, and measure as written."""

import math

import pytest
import torch
from places import DATA

from stablegen_experiments import portrait_autoencoders as trials
from stablegen_experiments.records import read_records
from stablegen_lib.autoencoder import Autoencoder
from stablegen_lib.plumbing.sums import read_sums

RUNS = {run["variant"]: run for run in read_records(DATA / "experiments" / "autoencoder_portraits.jsonl")}
STORED = {"with": "portraits_autoencoder", "without": "portraits_autoencoder_plain"}


def stored(variant: str) -> Autoencoder:
    return Autoencoder.load(DATA / "weights" / f"{STORED[variant]}.safetensors")


def test_both_runs_are_there_and_differ_in_the_discriminator_alone():
    assert set(RUNS) == {*trials.VARIANTS, "untaught"}
    together = sum(steps for steps, _ in trials.TOGETHER)
    for variant, run in RUNS.items():
        assert run["about"]["command"] == "python data/weights/train/portrait_autoencoders.py"
        assert (run["end"]["weight"] > 0) == (variant != "without")
        assert (run["alone"] > 0) == (variant == "with")
        if variant in trials.VARIANTS:
            assert (run["together"], run["apart"], run["batch"]) == (together, trials.APART, trials.BATCH)
    assert RUNS["untaught"]["about"]["commit"]  # the one that made it; the script has changed since
    assert stored("with").blueprint == stored("without").blueprint == trials.untrained().blueprint


@pytest.mark.parametrize("variant", STORED)
def test_the_stored_autoencoders_measure_as_written(variant):
    assert f"{STORED[variant]}.safetensors" in read_sums(DATA / "weights")
    found = trials.scores(stored(variant), trials.portraits("validation"))
    for name in ("error", "sharpness", "detail", "agreement"):
        assert found[name] == pytest.approx(RUNS[variant][name], rel=0.02), name


def test_the_judge_brings_more_fine_detail_that_does_not_agree_more_and_pixels_pay_for_it():
    judged, plain = RUNS["with"], RUNS["without"]
    assert plain["sharpness"] < judged["sharpness"] < 1
    assert plain["detail"][0] + 0.1 < judged["detail"][0] < 1
    assert plain["agreement"][0] - 0.05 < judged["agreement"][0] <= plain["agreement"][0]
    assert judged["error"] > plain["error"]


def test_the_judge_that_learnt_alone_stays_in_the_game_and_the_untaught_one_gives_up():
    taught, untaught = RUNS["with"], RUNS["untaught"]
    nothing = 2 * math.log(2)
    assert untaught["end"]["discriminator_loss"] == pytest.approx(nothing, abs=0.001)
    assert taught["alone"] < taught["end"]["discriminator_loss"] < nothing - 0.2
    assert taught["end"]["weight"] < 1 < 100 < untaught["end"]["weight"]
    assert untaught["detail"][0] == pytest.approx(1, abs=0.05)
    assert untaught["agreement"][0] < taught["agreement"][0] - 0.1


def test_bands_share_a_picture_out_and_agreement_ignores_strength():
    real = torch.randn(40, 1, 64, 64, generator=torch.Generator().manual_seed(0))
    noise = torch.randn(40, 1, 64, 64, generator=torch.Generator().manual_seed(1))
    wave = torch.cos(torch.arange(64) * 2 * torch.pi / 8).expand(1, 1, 64, 64)
    kept = [trials.band(wave, waves).square().mean().item() for waves in trials.WAVES]
    assert kept == pytest.approx([0, 0, 0.5, 0], abs=1e-5)  # "from 8 on": the shortest is included
    assert trials.agreement(3 * real, real) == pytest.approx([1] * 4, abs=1e-4)
    assert trials.agreement(-real, real) == pytest.approx([-1] * 4, abs=1e-4)
    assert trials.agreement(noise, real) == pytest.approx([0] * 4, abs=0.05)
    assert trials.agreement(real + noise, real) == pytest.approx([0.5**0.5] * 4, abs=0.05)


def test_the_filter_gives_strength_and_leaves_agreement():
    real = torch.randn(40, 1, 64, 64, generator=torch.Generator().manual_seed(0)).mul(0.1)
    soft = torch.nn.functional.avg_pool2d(real, 3, stride=1, padding=1)
    new = trials.sharpened(soft, like=real)
    assert trials.detail(new, real) == pytest.approx([1] * 4, rel=0.02)
    assert trials.agreement(new, real) == pytest.approx(trials.agreement(soft, real), abs=0.02)


def test_detail_is_sorted_by_size():
    real = torch.randn(40, 1, 64, 64, generator=torch.Generator().manual_seed(0))
    assert trials.detail(real, real) == [1, 1, 1, 1]
    blurred = torch.nn.functional.avg_pool2d(real, 5, stride=1, padding=2)
    found = trials.detail(blurred, real)
    assert found == sorted(found)
    assert found[0] < 0.05
    assert found[-1] > 0.5
    coarse = torch.cos(torch.arange(64) * 2 * torch.pi / 32).expand(1, 1, 64, 64)
    stronger = trials.detail(real + 3 * coarse, real)
    assert stronger[:3] == pytest.approx([1, 1, 1], abs=1e-3)
    assert stronger[3] > 2


def test_a_short_run_shares_its_past_and_parts():
    start = trials.together(stages=((1, 2e-3), (1, 1e-3)))
    before = {name: value.clone() for name, value in start.state_dict().items()}
    runs = (trials.apart(start, variant, steps=1, alone=2) for variant in trials.VARIANTS)
    (one, _, unknown), (other, judged, known) = runs
    for name, value in start.state_dict().items():
        torch.testing.assert_close(value, before[name])
    assert judged[0].weight > 0
    assert (unknown, known > 0) == (0, True)
    assert any(not torch.equal(one.state_dict()[name], value) for name, value in other.state_dict().items())


def test_a_judge_alone_learns_to_tell_real_from_grey():
    judge, grey = trials.untaught(), torch.zeros(20, 3, 64, 64)
    first = trials.taught(judge, grey, steps=20)
    assert trials.taught(judge, grey, steps=20) < first < 1.5
