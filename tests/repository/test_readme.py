"""The README says what is so: its code runs, its links lead somewhere, its figures are those of the cards."""

import json
import re
from statistics import mean

import pytest
from places import ROOT

from stablegen_experiments.survival import standings

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
LINKS = [link for link in re.findall(r"\]\(([^)#]+)\)", TEXT) if "://" not in link]


def test_its_python_code_runs_and_gives_what_the_comment_says():
    (source,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    names: dict[str, object] = {}
    exec(source, names)
    assert names["images"].shape == (16, 3, 16, 16)
    assert names["images"].abs().max() <= 1


@pytest.mark.parametrize("link", LINKS)
def test_its_links_lead_to_files(link):
    assert (ROOT / link).is_file()


@pytest.mark.parametrize(
    ("row", "attribute"),
    [
        ("glasses", "glasses"),
        ("hat", "hat"),
        ("skin", "skinColor"),
        ("background", "primaryBackgroundColor"),
        ("hair colour", "hairColor"),
    ],
)
def test_it_quotes_the_figures_of_the_weights_card(row, attribute):
    card = (ROOT / "data" / "weights" / "README.md").read_text(encoding="utf-8")
    quoted = re.search(rf"^\| {row} \([^|]*\| [\d.]+ \| ([\d.]+) \| ([\d.]+) \|$", TEXT, re.MULTILINE)
    measured = re.search(rf"^\| {attribute} \| ([\d.]+) \| ([\d.]+) \|$", card, re.MULTILINE)
    assert quoted is not None
    assert measured is not None
    assert quoted.groups() == measured.groups()


@pytest.mark.parametrize("name", ["real", "GAN", "VAE", "latent diffusion"])
def test_it_quotes_the_comparison_of_the_three_generators(name):
    path = ROOT / "data" / "experiments" / "contest.json"
    row = json.loads(path.read_text(encoding="utf-8"))["marks"][name]
    shares = [row["obeyed"][attribute] for attribute in ("glasses", "hat", "hairColor", "mouth")]
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
