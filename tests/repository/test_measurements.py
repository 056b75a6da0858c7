"""The figures of docs/measurements.md, and those that the README repeats, are those of the stored runs."""

import json
import re
from statistics import mean

import pytest
from places import ROOT

from stablegen_experiments.survival import standings

TEXT = (ROOT / "docs" / "measurements.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("row", "attribute"),
    [
        ("glasses", "glasses"),
        ("hat", "hat"),
        ("skin", "skin"),
        ("background", "background"),
        ("hair colour", "hair colour"),
    ],
)
def test_it_quotes_the_figures_of_the_weights_card(row, attribute):
    card = (ROOT / "data" / "weights" / "README.md").read_text(encoding="utf-8")
    quoted = re.search(rf"^\| {row} \([^|]*\| [\d.]+ \| ([\d.]+) \| ([\d.]+) \|$", TEXT, re.MULTILINE)
    measured = re.search(rf"^\| {attribute} \| ([\d.]+) \| ([\d.]+) \| [\d.]+ \|$", card, re.MULTILINE)
    assert quoted is not None
    assert measured is not None
    assert quoted.groups() == measured.groups()


@pytest.mark.parametrize("name", ["real", "GAN", "VAE", "latent diffusion"])
def test_it_quotes_the_comparison_of_the_three_generators(name):
    path = ROOT / "data" / "experiments" / "contest.json"
    row = json.loads(path.read_text(encoding="utf-8"))["marks"][name]
    shares = [row["obeyed"][attribute] for attribute in ("glasses", "hat", "hair colour", "mouth")]
    shares.append(sum(row["obeyed"].values()) / len(row["obeyed"]))
    quoted = re.search(rf"^\| {name}[^|]*\| (\d+) \| (.*?) \| [^|]*\|$", TEXT, re.MULTILINE)
    assert quoted is not None
    assert int(quoted[1]) == round(row["distance"])
    assert quoted[2].split(" | ") == [f"{share:.3f}" for share in shares]


SURVIVAL = {  # data set and steps -> the name of each recipe here, and among the contestants
    ("ring", 3_000): {"the article's": "article", "`STABLE`": "stable", "`STABLE_POINTS`": "annealed"},
    ("ring", 16_000): {"the article's": "article", "`STABLE`": "stable"},
    ("grid", 5_000): {"the article's": "article", "`STABLE`": "stable", "`STABLE_POINTS`": "annealed"},
    ("grid", 12_000): {"`STABLE_POINTS`": "annealed"},
    ("grid", 32_000): {"the article's": "article", "`STABLE`": "stable"},
    ("faces", 600): {"the article's": "article", "`STABLE`": "stable", "annealed": "annealed pictures"},
    ("stacked_digits", 2_000): {"annealed": "annealed pictures"},
    ("stacked_digits", 8_000): {"annealed": "annealed pictures"},
    ("stacked_digits", 32_000): {"annealed": "annealed pictures"},
}
ENDS = {
    "ring": "{captured:.1f} of 8 modes, {on_mode_mass:.0%} of the points on one",
    "grid": "{captured:.1f} of 25 modes, {on_mode_mass:.0%} of the points on one",
    "faces": "Fréchet distance {distance:,.0f}, {as_asked:.0%} as asked",
    "stacked_digits": "{captured:,.0f} of 1,000 modes, KL {kl:.3f}",
}


def survived(row, version):
    rate = row.survival(version)
    return f"{rate.survived} of {rate.runs} ({rate.low:.2f}–{rate.high:.2f})"


def survival_rows():
    records = standings.load_records()
    for (dataset, steps), names in SURVIVAL.items():
        rows = {row.recipe: row for row in standings.standings(records, dataset, steps)}
        for name, recipe in names.items():
            row = rows[recipe]
            end = {score: mean(row.scores(score)) for score in row.records[0]["averaged"]["last"]}
            cells = (dataset.replace("_", " "), f"{steps:,}", name, survived(row, "raw"),
                     survived(row, "averaged"), ENDS[dataset].format(**end).replace("%", " %"))  # fmt: skip
            yield f"| {' | '.join(cells)} |"


@pytest.mark.parametrize("row", list(survival_rows()))
def test_its_table_of_survival_is_that_of_the_stored_runs(row):
    assert row in TEXT.splitlines()


@pytest.mark.parametrize(
    ("readme", "measurements"),
    [
        (r"0\.997 have the glasses", r"^\| glasses \(3 values\) \| [\d.]+ \| 0\.997 \| 0\.999 \|$"),
        (r"0\.820 the exact hair colour", r"^\| hair colour [^|]*\| [\d.]+ \| 0\.820 \| 0\.926 \|$"),
        (r"real faces get 0\.999 and 0\.926", r"0\.999 \|$"),
        (r"was 10\.0 times as fast", r"\*\*10\.0 times\*\* as fast"),
        (r"5\.7 times on one without", r"\*\*5\.7 times\*\* as fast"),
        (r"recipe for faces failed in none of 20", r"^\| faces \| 600 \| `STABLE` \| [^|]*\| 20 of 20 "),
        (r"recipe for points in none", r"^\| grid \| 5,000 \| `STABLE_POINTS` \| 20 of 20 [^|]*\| 20 of 20 "),
    ],
)
def test_the_readme_repeats_what_was_measured(readme, measurements):
    assert re.search(readme, README)
    assert re.search(measurements, TEXT, re.MULTILINE)
