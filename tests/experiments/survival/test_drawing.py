"""Claims about the pictures of stored runs: every run is there, the best recipe on top, chance beside it."""

import matplotlib.pyplot as plt
import pytest
from stored_runs import record

from stablegen_experiments.survival import drawing, standings


@pytest.fixture
def records():
    return [record("annealed", 1, 25, 0.9), record("article", 1, 6, 0.1), record("article", 2, 25, 0.6)]


def names(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def test_every_run_is_drawn_raw_and_averaged_at_its_own_score(records):
    ax = plt.figure().subplots()
    drawing.draw_runs(ax, standings.standings(records, "grid"), "captured")
    assert [list(line.get_xdata()) for line in ax.lines] == [[6, 25], [25], [6, 25], [25]]
    assert names(ax) == ["the article's (2)", "STABLE_POINTS (1)"]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first on top


def test_the_picture_of_survival_has_a_row_for_each_recipe_with_its_number_of_runs(records):
    ax = drawing.draw_survival(plt.figure().subplots(), standings.standings(records, "grid"))
    assert names(ax) == ["the article's (2)", "STABLE_POINTS (1)"]
    assert ax.yaxis_inverted()


def test_the_board_has_a_panel_for_each_score_is_sorted_and_shows_chance(records):
    figure = drawing.draw_board(standings.standings(records, "grid"), "captured", chance={"captured": 3.0})
    assert [ax.get_xlabel() for ax in figure.axes] == [
        "share of runs that survived", "modes found", "share of points on a mode",
    ]  # fmt: skip
    assert names(figure.axes[0]) == ["STABLE_POINTS (1)", "the article's (2)"]
    assert [ax.get_title() for ax in figure.axes] == ["", "sorted by this, averaged", ""]
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["raw", "averaged", "real", "chance"]


def test_what_the_menus_choose_is_drawn_and_said_in_words(records):
    menus = {name.replace(" ", "_"): words[0] for name, words in drawing.MENUS.items()}
    figure, words = drawing.draw_chosen(records, **menus | {"data": "grid"})
    assert names(figure.axes[0]) == ["STABLE_POINTS (1)", "the article's (2)"]
    assert words.startswith(
        "2 recipes on grid, sorted by share of runs that survived, averaged weights: first "
    )
    assert "STABLE_POINTS (1 of 1 survived" in words
    for sort_by, title in zip(drawing.PANELS, range(3), strict=True):
        figure, _ = drawing.draw_chosen(records, **menus | {"data": "grid", "sort_by": sort_by})
        assert figure.axes[title].get_title()


def test_a_choice_without_runs_says_so(records):
    menus = {name.replace(" ", "_"): words[0] for name, words in drawing.MENUS.items()}
    _, words = drawing.draw_chosen(records, **menus | {"data": "faces"})
    assert words == "There are no stored runs of the three on faces."


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        ("article", "the article's"),
        ("article, one step", "the article's, one step"),
        ("stable - R1", "STABLE − R1"),
        ("annealed - rate decay", "STABLE_POINTS − rate decay"),
        ("annealed pictures", "STABLE_POINTS for pictures"),
        ("mine - R1", "mine − R1"),
    ],
)
def test_lessons_call_a_recipe_by_the_name_that_learners_type(recipe, words):
    assert drawing.spoken(recipe) == words


def test_on_points_stable_without_its_penalty_goes_by_that_name():
    runs = [record(name, 1, 8, 0.5, dataset="ring") for name in ("stable", "article + betas")]
    chosen = {"recipes": "STABLE, one change", "data": "ring", "sort_by": "left panel", "weights": "averaged"}
    figure, _ = drawing.draw_chosen(runs, **chosen)
    assert set(names(figure.axes[0])) == {"STABLE (1)", "STABLE − R1 (1)"}


def test_a_line_and_a_moment_decide_who_passes():
    runs = [record("article", 1, 8, 0.6, dataset="ring"), record("article", 2, 6, 0.9, dataset="ring"),
            record("article", 3, 7, 0.4, dataset="ring")]  # fmt: skip
    rows = standings.standings(runs, "ring")
    for line, passed in (("0.50", 1), ("0.40", 2), ("0.70", 0)):
        figure, words = drawing.draw_verdict(rows, line=line, step="3,000")
        assert names(figure.axes[0]) == [f"the article's: {passed} of 3"]
        assert words == f"At step 3,000 these pass a line at {line}: the article's: {passed} of 3."
