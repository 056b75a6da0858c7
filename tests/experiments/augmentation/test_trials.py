"""The experiments of lesson 10: fair ways, resumable runs, and stored results that can be recomputed."""

from dataclasses import asdict

import pytest
import torch

from stablegen_experiments.augmentation import reasons as reasons
from stablegen_experiments.augmentation import trials as trials
from stablegen_experiments.augmentation import ways as ways
from stablegen_experiments.augmentation.trials import Trial
from stablegen_experiments.records import read_records
from stablegen_experiments.runs import run_all
from stablegen_lib import augmentation
from stablegen_lib.metrics import AttributeClassifier

STORED = read_records(trials.RESULTS)


def test_the_biased_set_has_ten_exceptions():
    biased = ways.biased_set(300, seed=1)
    usual, rare = ways.combinations(biased)
    assert [len(part) for part in (*usual, *rare)] == [145, 145, 5, 5]
    shares = ways.even_weights(biased)
    assert [shares[part].sum().item() for part in (*usual, *rare)] == pytest.approx([1, 1, 1, 1])


def test_a_classifier_of_backgrounds_fails_where_the_bias_is_broken():
    class ByBackground(AttributeClassifier):
        def forward(self, images):
            blue = torch.tensor([0xB6, 0xE3, 0xF4]) / 127.5 - 1
            happy = ((images[:, :, 0, 0] - blue).abs().amax(dim=1) < 0.02).float()
            return torch.stack([happy, 1 - happy], dim=1)

    scores = ways.by_group(ByBackground(("mouth=happy", "mouth=sad"), image_size=16))
    assert scores["usual"] > 0.99
    assert scores["rare"] < 0.01
    assert scores["worst"] <= scores["rare"]


def test_what_is_taken_from_the_exceptions_is_gone_and_nothing_else():
    faces = augmentation.with_only(ways.biased_set(40, seed=0), "mouth")
    rows, columns = reasons.MOUTH
    covered, dealt = reasons.covered(faces), reasons.dealt_out(faces, seed=0)
    patches = covered.images[:, :, rows, columns]
    assert (patches == patches[:1]).all()
    changed = (covered.images != faces.images).flatten(2).any(dim=(0, 1))
    assert changed.sum() <= patches[0, 0].numel()
    assert torch.equal(covered.conditions, faces.conditions)
    assert torch.equal(dealt.images, faces.images)
    assert torch.equal(dealt.conditions.mean(dim=0), faces.conditions.mean(dim=0))
    assert not torch.equal(dealt.conditions, faces.conditions)


def test_the_squares_have_the_backgrounds_of_the_exceptions():
    biased = ways.biased_set(40, seed=0)
    _, rare = ways.combinations(biased)
    squares = reasons.squares(biased)
    for number, members in enumerate(rare):  # happy, then sad
        corners = biased.images[members][:, :, 0, 0]
        assert (corners == squares.images[number, :, 0, 0]).all()
        assert squares.conditions[number].argmax() == number


def test_labels_of_few_faces_are_right_and_of_one_attribute_only():
    few = ways.few_labelled(20, seed=0)
    assert few.condition_names == ("glasses=none", "glasses=light", "glasses=dark")
    assert len(few) == 20


def test_generated_labels_hold_for_most_pictures():
    made = ways.from_all_labels(seed=0)
    reads = augmentation.train_classifier(
        augmentation.with_only(ways.faces("train")[:4_000], "glasses"), steps=200
    )
    assert augmentation.accuracy(reads, made, "glasses") > 0.95


def test_trials_take_turns_by_seed_and_small_sets_are_tried_with_diff_augment():
    found = trials.trials(["gap", "pictures"], range(2))
    assert [trial.seed for trial in found] == sorted(trial.seed for trial in found)
    assert {trial.size for trial in found if trial.augmented} == {100, 400}
    assert len({trial.key for trial in found}) == len(found)


@pytest.mark.parametrize(("experiment", "size"), [("nothing", 5), ("gap", 0)])
def test_an_impossible_trial_is_refused(experiment, size):
    with pytest.raises(ValueError, match="with at least 1 example was needed"):
        Trial(experiment, size, 0)


def test_a_finished_trial_is_not_run_again(tmp_path):
    ran = []

    def fake(trial):
        ran.append(trial.key)
        scores = {"nothing": {"worst": 0.25 * trial.seed}, "classical": {"worst": 0.5}}
        return {"key": trial.key, "trial": asdict(trial), "scores": scores}

    results = tmp_path / "results.jsonl"
    run_all(trials.trials(["gap"], range(2)), results, fake, command="once")
    records = run_all(trials.trials(["gap"], range(3)), results, fake, command="twice")
    assert ran == ["gap 300, seed 0", "gap 300, seed 1", "gap 300, seed 2"]
    assert [record["about"]["command"] for record in records] == ["once", "once", "twice"]
    table = trials.scores(records, "gap", 300)
    assert table["nothing"]["worst"] == [0, 0.25, 0.5]
    assert trials.gains(table, "worst")["classical"].mean == pytest.approx(0.25)
    assert "classical" in trials.text_table(table, "worst")


@pytest.mark.parametrize(("experiment", "sizes"), trials.SIZES.items())
def test_enough_seeds_are_stored(experiment, sizes):
    least = 3 if experiment in (*trials.OF_GENERATORS, "reasons") else 10
    for size in sizes:
        seeds = {
            r["trial"]["seed"]
            for r in STORED
            if (r["trial"]["experiment"], r["trial"]["size"]) == (experiment, size)
        }
        assert len(seeds) >= least
        assert all(r["steps"] == trials.STEPS[r["trial"]["experiment"]] for r in STORED)


def test_a_part_of_a_stored_result_comes_out_again():
    """Three classifiers of one stored trial; the same within what another processor may round."""
    (stored,) = (record for record in STORED if record["key"] == "labels 50, seed 0")
    few = ways.few_labelled(50, 0)
    again = {
        "nothing": augmentation.train_classifier(few, seed=0),
        "classical": augmentation.train_classifier(few, augment=augmentation.Classical(), seed=0),
        "generated, all labels": augmentation.train_classifier(few, extra=ways.from_all_labels(0), seed=0),
    }
    for way, classifier in again.items():
        assert ways.read(classifier) == pytest.approx(stored["scores"][way]["accuracy"], abs=0.05)
