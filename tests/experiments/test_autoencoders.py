"""The stored comparison of lesson 12: complete, true where measured again, and it says what is claimed."""

import pytest
import torch
from places import DATA

from stablegen_experiments import autoencoders as trials
from stablegen_experiments.records import read_records
from stablegen_lib.autoencoder import Autoencoder

RUNS = read_records(DATA / "experiments" / "autoencoder.jsonl")
COMMANDS = (
    "python data/weights/train/autoencoder.py",
    "python data/weights/train_autoencoder.py",
)
STORED = {"with": "faces_autoencoder", "without": "faces_autoencoder_plain"}


def test_every_variant_has_every_seed_once_and_says_how_it_was_made():
    found = [(run["variant"], run["seed"]) for run in RUNS]
    seeds = {seed for _, seed in found}
    assert len(seeds) >= 3
    assert sorted(found) == sorted((variant, seed) for variant in trials.VARIANTS for seed in seeds)
    for run in RUNS:
        assert run["about"]["command"].startswith(COMMANDS)
        assert run["about"]["torch"]
        assert run["steps"] == trials.STEPS
        assert run["key"] == trials.Trial(run["variant"], run["seed"]).key
        assert (run["end"]["weight"] > 0) == (run["variant"] == "with")


@pytest.mark.parametrize("variant", STORED)
def test_the_stored_autoencoders_measure_as_written(variant):
    model = Autoencoder.load(DATA / "weights" / f"{STORED[variant]}.safetensors")
    (run,) = [run for run in RUNS if (run["variant"], run["seed"]) == (variant, 0)]
    measured = trials.scores(model, trials.faces("validation"))
    assert measured == pytest.approx({name: run[name] for name in trials.SCORES}, rel=0.02)


def test_a_changed_trial_has_another_key():
    trial = trials.Trial("with", 1)
    assert len({trial.key, trials.Trial("without", 1).key, trials.Trial("with", 2).key}) == 3
    assert trials.Trial("with", 1, steps=10).key != trial.key


def test_the_discriminator_sharpens_in_every_seed_and_pixels_pay_for_it():
    found = trials.table(RUNS)
    without, with_it = found["without"], found["with"]
    assert all(ours > theirs for ours, theirs in zip(with_it["sharpness"], without["sharpness"], strict=True))
    assert all(ours < theirs for ours, theirs in zip(with_it["distance"], without["distance"], strict=True))
    assert all(ours > theirs for ours, theirs in zip(with_it["error"], without["error"], strict=True))


def test_random_maps_are_far_from_faces_in_every_run():
    assert all(run["random_distance"] > 3 * run["distance"] for run in RUNS)


def test_random_maps_have_the_spread_of_real_ones_channel_by_channel():
    model = Autoencoder(width=8)
    real, drawn = model.maps(trials.faces("train")[:2_000]), trials.random_maps(model, 2_000)
    for measure in (torch.mean, torch.std):
        torch.testing.assert_close(
            measure(drawn, dim=(0, 2, 3)), measure(real, dim=(0, 2, 3)), atol=0.02, rtol=0.02
        )
    assert not torch.equal(drawn, trials.random_maps(model, 2_000, seed=1))


def test_a_perfect_autoencoder_would_score_perfectly():
    class Perfect(Autoencoder):
        def reconstruct(self, y):
            return y

    found = trials.scores(Perfect(width=4), trials.faces("validation")[:300])
    assert (found["error"], found["sharpness"]) == (0, 1)
    assert found["distance"] == pytest.approx(0, abs=0.1)
    assert found["random_distance"] > 100
