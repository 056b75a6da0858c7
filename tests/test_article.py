"""The table of the article's claims is whole, and says where its evidence stands."""

import json
import re
from dataclasses import replace

import pytest
from places import NOTEBOOKS

from stablegen_lib import article, data

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


def test_a_folded_table_shows_one_line_that_counts_and_holds_the_same_rows():
    few = [claim for claim in CLAIMS if claim.section == "1"]
    line, rest = article.table(few, folded=True).data.split("</summary>")
    counts = {verdict: number for verdict, number in article.count(few).items() if number}
    assert line.startswith(f"<details><summary>{len(few)} claims: ")
    assert [f"{number} {verdict}" in line for verdict, number in counts.items()] == [True] * len(counts)
    assert "unclear" not in line
    assert rest == article.table(few).data + "</details>"


def test_a_folded_table_without_rows_says_so():
    assert "<summary>no such claim</summary>" in article.table([], folded=True).data


def test_the_verdicts_before_the_second_reading_agree_with_it_as_often_as_the_card_says():
    card = " ".join((data.data_dir() / "article" / "README.md").read_text(encoding="utf-8").split())
    blind = [claim for claim in CLAIMS if claim.blind]
    same = sum(claim.first_verdict == claim.blind for claim in blind)
    assert f"Blind, {same} of {len(blind)} verdicts were the same" in card
    changed = {claim.number for claim in CLAIMS if claim.first_verdict != claim.verdict}
    assert changed == {4, 11, 12, 15, 16, 34, 43, 49}
    assert "five verdicts were taken over (rows 4, 12, 16, 34, 49)" in card
    assert "Two further verdicts (rows 11 and 15) follow from the rule" in card


def test_the_card_and_the_lesson_say_the_same_of_the_four_verdicts():
    card = " ".join((data.data_dir() / "article" / "README.md").read_text(encoding="utf-8").split())
    cells = json.loads((NOTEBOOKS / "14_the_article_checked.ipynb").read_text(encoding="utf-8"))["cells"]
    text = [" ".join("".join(cell["source"]).split()) for cell in cells]
    (rule,) = (number for number, cell in enumerate(text) if "## The rule" in cell)
    shown = next(number for number, cell in enumerate(text) if "article.count(" in cell or "rows(" in cell)
    assert rule < shown  # before any verdict is to be seen
    for verdict in article.VERDICTS:
        (row,) = re.findall(rf"\| \*\*{verdict}\*\* \| [^|]+ \|", text[rule])
        assert row in card


def test_the_readme_counts_as_the_table_does():
    text = (NOTEBOOKS.parent / "README.md").read_text(encoding="utf-8")
    counts = article.count(CLAIMS)
    assert counts["unclear"] == 0
    true, part, false = (counts[verdict] for verdict in ("true", "true in part", "false"))
    sentence = f"of {len(CLAIMS)} that can be checked, {true} are simply true, {part} in part, {false} false"
    assert f"{sentence}, and none is left open" in text


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: str(claim.number))
def test_every_verdict_was_read_by_a_second_reader(claim):
    assert claim.second_reader.startswith(("agree", "disagree, ", "added: "))
    assert bool(claim.blind) != claim.second_reader.startswith("added")


def numbers_of(answer: str) -> list[int]:
    return [claim.number for claim in CLAIMS if claim.second_reader.startswith(answer)]


def test_the_card_counts_the_second_readers_answers():
    card = " ".join((data.data_dir() / "article" / "README.md").read_text(encoding="utf-8").split())
    mended = numbers_of("agree; ")
    assert f"for each of the {sum(bool(claim.blind) for claim in CLAIMS)} rows" in card
    assert f"agreed with {len(numbers_of('agree'))} and disagreed with {len(numbers_of('disagree'))}" in card
    assert f"(rows {', '.join(map(str, numbers_of('added')))})" in card
    assert f"In {len(mended)} other rows" in card


def test_the_card_names_the_rows_in_which_the_rule_speaks():
    card = (data.data_dir() / "article" / "README.md").read_text(encoding="utf-8")
    leads = {
        claim.number: claim.section
        for claim in CLAIMS
        if claim.verdict == "false" and claim.section in ("3", "4", "code")
    }
    assert list(leads.values()) == ["3", "4", "code", "code"]
    third, fourth, *code = leads
    assert f"once in section 3 (row {third}), once in section 4 (row {fourth})" in card
    assert f"twice in the code (rows {code[0]} and {code[1]})" in card
    pair, diffusion = (
        claim.number for claim in CLAIMS if "无监督学习方法训练生成模型和判别模型" in claim.quote
    )
    assert f"article's pair (row {pair})" in card
    assert f"no such pair (row {diffusion})" in card
