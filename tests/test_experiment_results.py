"""Claims about the stored runs: whole, made by the trials they name, and judged by today's rule."""

from pathlib import Path

import pytest

from stablegen_lib import experiments, trials
from stablegen_lib.recipe import Recipe
from stablegen_lib.survival import failure

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "data" / "experiments" / "survival.jsonl"
pytestmark = pytest.mark.skipif(not RESULTS.exists(), reason="no runs are stored yet")


@pytest.fixture(scope="module")
def records():
    return experiments.read_records(RESULTS)


def stored_trial(record):
    return trials.Trial(**{**record["trial"], "recipe": Recipe.from_dict(record["trial"]["recipe"])})


def test_every_line_is_whole_and_no_run_is_there_twice(records):
    assert len(records) == len(RESULTS.read_text(encoding="utf-8").splitlines()) > 0
    assert len({record["key"] for record in records}) == len(records)


def test_every_line_was_made_by_the_trial_that_it_names(records):
    assert all(stored_trial(record).key == record["key"] for record in records)


def test_verdicts_and_ends_follow_from_the_stored_scores(records):
    for record in records:
        for version in trials.VERSIONS:
            assert record[version]["failure"] == failure(trials.outcome(record, version))
            if record["history"]:
                assert record[version]["last"] == record["history"][-1][version]


def test_scores_were_taken_to_the_end_of_every_run_that_did_not_stop(records):
    for record in records:
        assert record["stopped"] or record["history"][-1]["step"] == record["trial"]["steps"]


def test_the_seed_that_chose_the_recipes_is_not_among_them(records):
    assert min(record["trial"]["seed"] for record in records) >= 1


def test_every_line_says_how_to_repeat_it(records):
    for record in records:
        assert record["about"]["command"].startswith("python -m stablegen_lib.experiments ")
        assert {"torch", "python", "machine"} <= record["about"].keys()
