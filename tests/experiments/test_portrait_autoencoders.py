"""The two autoencoders of portraits differ in one thing, and measure as written."""

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
    assert set(RUNS) == set(trials.VARIANTS)
    for run in RUNS.values():
        assert (run["together"], run["apart"], run["batch"]) == (trials.TOGETHER, trials.APART, trials.BATCH)
        assert run["about"]["command"] == "python data/weights/train/portrait_autoencoders.py"
        assert (run["end"]["weight"] > 0) == (run["variant"] == "with")
    assert stored("with").blueprint == stored("without").blueprint == trials.untrained().blueprint


@pytest.mark.parametrize("variant", STORED)
def test_the_stored_autoencoders_measure_as_written(variant):
    assert f"{STORED[variant]}.safetensors" in read_sums(DATA / "weights")
    found = trials.scores(stored(variant), trials.portraits("validation"))
    for name in ("error", "sharpness", "detail"):
        assert found[name] == pytest.approx(RUNS[variant][name], rel=0.02), name


def test_the_judge_brings_fine_detail_and_pixels_pay_for_it():
    judged, plain = RUNS["with"], RUNS["without"]
    assert plain["sharpness"] < judged["sharpness"] < 1.1
    assert plain["detail"][0] < judged["detail"][0] < 1.2
    assert judged["error"] > plain["error"]


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
    start, steps = trials.together(steps=2)
    assert len(steps) == 2
    before = {name: value.clone() for name, value in start.state_dict().items()}
    (one, _), (other, judged) = (trials.apart(start, variant, steps=1) for variant in trials.VARIANTS)
    for name, value in start.state_dict().items():
        torch.testing.assert_close(value, before[name])
    assert judged[0].weight > 0
    assert any(not torch.equal(one.state_dict()[name], value) for name, value in other.state_dict().items())
