"""Who draws a beard unasked: the stored counts belong to the shipped models."""

import pytest
from places import DATA

from stablegen_experiments.contest import beards
from stablegen_experiments.records import read_records

STORED = {run["key"]: run for run in read_records(DATA / "experiments" / "beards.jsonl")}


def test_every_model_was_asked_for_as_many_faces_with_a_beard_as_without():
    trials = [beards.Trial(model, seed) for model, seeds in beards.SEEDS.items() for seed in seeds]
    assert list(STORED) == [trial.key for trial in trials]
    for run in STORED.values():
        _, count = beards.wishes(beards.MOST.get(run["model"]))
        assert run["wishes of each kind"] == count
        assert count in (200, 369)


@pytest.mark.parametrize("most", [None, 7])
def test_the_first_wishes_are_those_with_a_beard(most):
    asked, count = beards.wishes(most)
    bearded = asked.conditions[:, asked.condition_names.index("beard=yes")] > 0.5
    assert bool(bearded[:count].all())
    assert not bool(bearded[count:].any())
    assert len(asked) == 2 * count


@pytest.mark.parametrize("model", ["real", "GAN", "VAE"])
def test_a_model_draws_as_many_beards_as_written(model):
    found = beards.measured(beards.Trial(model, 0))
    for kind in ("asked", "not asked"):
        assert found[kind] == pytest.approx(STORED[found["key"]][kind], abs=6), kind
