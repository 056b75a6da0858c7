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
    assert names(ax) == ["article (2)", "annealed (1)"]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first on top


def test_the_picture_of_survival_has_a_row_for_each_recipe_with_its_number_of_runs(records):
    ax = drawing.draw_survival(plt.figure().subplots(), standings.standings(records, "grid"))
    assert names(ax) == ["article (2)", "annealed (1)"]
    assert ax.yaxis_inverted()


def test_the_board_has_a_panel_for_each_score_is_sorted_and_shows_chance(records):
    figure = drawing.draw_board(standings.standings(records, "grid"), "captured", chance={"captured": 3.0})
    assert [ax.get_xlabel() for ax in figure.axes] == [
        "share of runs that survived", "modes found", "share of points on a mode",
    ]  # fmt: skip
    assert names(figure.axes[0]) == ["annealed (1)", "article (2)"]
    assert [ax.get_title() for ax in figure.axes] == ["", "sorted by this, averaged", ""]
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["raw", "averaged", "real", "chance"]


def test_what_the_menus_choose_is_drawn_and_said_in_words(records):
    menus = {name.replace(" ", "_"): words[0] for name, words in drawing.MENUS.items()}
    figure, words = drawing.draw_chosen(records, **menus | {"data": "grid"})
    assert names(figure.axes[0]) == ["annealed (1)", "article (2)"]
    assert words.startswith(
        "2 recipes on grid, sorted by share of runs that survived, averaged weights: first "
    )
    assert "annealed (1 of 1 survived" in words
    for sort_by, title in zip(drawing.PANELS, range(3), strict=True):
        figure, _ = drawing.draw_chosen(records, **menus | {"data": "grid", "sort_by": sort_by})
        assert figure.axes[title].get_title()


def test_a_choice_without_runs_says_so(records):
    menus = {name.replace(" ", "_"): words[0] for name, words in drawing.MENUS.items()}
    _, words = drawing.draw_chosen(records, **menus | {"data": "faces"})
    assert words == "There are no stored runs of the three on faces."


def test_the_trade_off_has_a_marker_for_each_penalty_and_a_line_for_each_rate():
    curves = {0.001: [(1.0, 22.0, 0.5)], 0.003: [(0.1, 22.0, 0.5), (1.0, 23.0, 0.6)]}
    ax = drawing.draw_trade_off(plt.figure().subplots(), curves)
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["rate 0.001, γ 1", "rate 0.003, γ 0.1", "rate 0.003, γ 1"]
    sizes = [line.get_markersize() for line in ax.lines if line.get_marker() not in ("", "None")]
    assert sizes[1] < sizes[2], "the stronger the penalty, the larger"
