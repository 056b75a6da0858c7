"""A model card says what the library knows and what only its maker knows, and refuses to stay silent."""

import pytest

from stablegen_lib import sharing
from stablegen_lib.sharing.card import as_html


def test_a_card_holds_every_word_and_every_number_with_its_comparison(trained, card, words):
    model, state = trained
    for answer in words.values():
        assert answer in card
    weights = sum(weight.numel() for weight in model.averaged_generator.parameters())
    assert f"{weights:,} numbers" in card
    assert f"{state.number} steps" in card
    assert "| variety | 0.25 | 1.00 |" in card
    assert card.startswith("# Squares\n")


@pytest.mark.parametrize("name", sharing.QUESTIONS)
@pytest.mark.parametrize("answer", ["", "   ", "short"])
def test_an_answer_that_is_missing_is_asked_for_by_its_question(trained, words, name, answer):
    words[name] = answer
    with pytest.raises(ValueError, match=sharing.QUESTIONS[name].replace("?", r"\?")):
        sharing.model_card(*trained, title="Squares", words=words, measured={"variety": (0.25, 1.0)})


def test_an_answer_to_another_question_is_refused(trained, words):
    with pytest.raises(ValueError, match="'licens' came"):
        sharing.model_card(
            *trained, title="Squares", words=words | {"licens": "x"}, measured={"a": (1.0, 1.0)}
        )


@pytest.mark.parametrize(("title", "measured"), [(" ", {"a": (1.0, 1.0)}), ("Squares", {})])
def test_a_card_without_title_or_numbers_is_refused(trained, words, title, measured):
    with pytest.raises(ValueError, match="a title and at least one measurement"):
        sharing.model_card(*trained, title=title, words=words, measured=measured)


def test_a_bar_in_a_name_does_not_break_the_table(trained, words):
    card = sharing.model_card(*trained, title="A\nB", words=words, measured={"a|b": (1.0, 2.0)})
    assert "| a/b | 1.00 | 2.00 |" in card
    assert card.startswith("# A B\n")


def test_a_page_shows_headings_a_table_and_paragraphs_of_a_card(card, words):
    page = as_html(card)
    assert page.startswith("<h3>Squares</h3>")
    assert "<h4>What it cannot do</h4>" in page
    assert f"<p>{words['limits']}</p>" in page
    assert "<tr><td>variety</td><td>0.25</td><td>1.00</td></tr>" in page
    assert "---" not in page
    assert "# " not in page


def test_what_a_maker_writes_cannot_become_a_part_of_the_page():
    assert as_html("# <b>\n\n<script>\n\n| <i> |\n|---|") == (
        "<h3>&lt;b&gt;</h3>\n<p>&lt;script&gt;</p>\n<table><tr><td>&lt;i&gt;</td></tr></table>"
    )
