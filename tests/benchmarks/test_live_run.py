"""Claims about the race of lesson 05's run: stored runs are those of the recipes that the script names."""

import json
import re
import statistics
import sys

import pytest
from places import ROOT

from stablegen_experiments.records import read_records

sys.path.insert(0, str(ROOT / "benchmarks"))
import live_run

RECORDS = read_records(live_run.RESULTS)
DOCUMENT = (ROOT / "docs" / "measurements.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["key"])
def test_a_stored_run_is_of_the_recipe_that_its_name_has_now(record):
    steps, recipe = live_run.VARIANTS[record["variant"]]
    assert record["recipe"] == json.loads(json.dumps(recipe.as_dict()))
    assert record["curve"][-1]["steps"] == steps


@pytest.mark.parametrize(
    ("variant", "row"), [("now", "as in lesson 05"), (live_run.NEAREST, "every 8th step")]
)
def test_the_document_quotes_means_and_ranges_of_the_first_five_seeds(variant, row):
    ends = [r["curve"][-1] for r in RECORDS if r["variant"] == variant and r["seed"] <= 5]
    (line,) = [
        line for line in DOCUMENT.splitlines() if line.startswith("|") and row in line and "| 5 |" in line
    ]
    *_, seconds, distance, every = (part.strip() for part in line.strip("| ").split("|"))
    assert float(seconds) == round(statistics.mean(end["seconds"] for end in ends))
    for told, name, digits in ((distance, "distance", 0), (every, "all", 3)):
        values = [end[name] for end in ends]
        wanted = statistics.mean(values), min(values), max(values)
        assert [float(one) for one in re.findall(r"[\d.]+", told)] == [round(one, digits) for one in wanted]


def test_the_document_quotes_the_means_of_all_seeds_of_the_nearest():
    ends = [record["curve"][-1] for record in RECORDS if record["variant"] == live_run.NEAREST]
    distance, every = (statistics.mean(end[name] for end in ends) for name in ("distance", "all"))
    assert f"bring its means to {distance:.0f} and {every:.3f}" in DOCUMENT


def test_a_run_fails_when_it_ends_far_from_its_best():
    def curve(*distances):
        return {"curve": [{"distance": distance} for distance in distances]}

    assert live_run.failed(curve(900, 100, 151))
    assert not live_run.failed(curve(900, 100, 149))
