"""The README says what is so: its code runs, its links lead somewhere, its figures are those of the cards."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
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
