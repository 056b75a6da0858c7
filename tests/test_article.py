"""The table of the article's claims is whole, and says where its evidence stands."""

import re
from dataclasses import replace

import pytest
from places import NOTEBOOKS

from stablegen_lib import article

CLAIMS = article.load_claims()


def test_claims_are_numbered_in_order():
    assert [claim.number for claim in CLAIMS] == list(range(1, len(CLAIMS) + 1))


def test_no_claim_stands_twice():
    assert len({(claim.section, claim.quote) for claim in CLAIMS}) == len(CLAIMS)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: str(claim.number))
def test_every_claim_is_quoted_translated_and_judged_with_evidence(claim):
    assert claim.quote
    assert claim.translation
    assert len(claim.evidence) > 20
    assert claim.evidence.endswith(".")


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: str(claim.number))
def test_a_lesson_that_is_named_exists(claim):
    assert not claim.lesson or list(NOTEBOOKS.glob(f"{claim.lesson}_*.ipynb")), claim.lesson


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: str(claim.number))
def test_what_is_false_names_a_lesson_or_a_source(claim):
    source = re.search(
        r"https://|arXiv:\d{4}\.\d{5}|\(README\)|\.py|\.yaml|model card|README", claim.evidence
    )
    assert claim.verdict != "false" or claim.lesson or source


def test_verdicts_are_counted_with_the_rare_ones():
    one = replace(CLAIMS[0], verdict="unclear")
    assert article.count([one]) == {"true": 0, "true in part": 0, "false": 0, "unclear": 1}
    assert sum(article.count(CLAIMS).values()) == len(CLAIMS)


def test_an_unknown_verdict_is_refused():
    with pytest.raises(ValueError, match=r"claim 1: a verdict is one of .*; got 'maybe'"):
        replace(CLAIMS[0], verdict="maybe")


def test_the_table_shows_every_claim_and_no_code_of_it():
    risky = replace(CLAIMS[0], quote="<script>", lesson="07")
    shown = article.table([risky]).data
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown
    assert "Lesson 07" in shown
    assert article.table(CLAIMS).data.count("<tr>") == len(CLAIMS) + 1


def test_the_readme_counts_as_the_table_does():
    text = (NOTEBOOKS.parent / "README.md").read_text(encoding="utf-8")
    counts = article.count(CLAIMS)
    assert counts["unclear"] == 2
    true, part, false = (counts[verdict] for verdict in ("true", "true in part", "false"))
    sentence = f"of {len(CLAIMS)} that can be checked, {true} are simply true, {part} in part, {false} false"
    assert f"{sentence}, and two unclear" in text
