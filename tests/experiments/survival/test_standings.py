"""Claims about the tables and pictures of stored runs: they say what the runs say, and no more."""

import matplotlib.pyplot as plt
import pytest

from stablegen_experiments.survival import standings
from stablegen_experiments.survival.contestants import CONTESTANTS
from stablegen_experiments.survival.rule import failure
from stablegen_experiments.survival.trials import VERSIONS, outcome


def record(recipe, seed, captured, mass, *, dataset="grid", steps=None):
    """A run as `trials.run` gives it, without training: its scores are the arguments."""
    trial = CONTESTANTS[recipe].trial(dataset, seed, steps)
    scores = {"captured": captured, "modes": 25, "on_mode_mass": mass, "kl": 0.1}
    history = [{"step": trial.steps, **dict.fromkeys(VERSIONS, scores)}]
    made = {"history": history, "stopped": "", "real": scores,
            "trial": {"dataset": dataset, "steps": trial.steps, "recipe": {"name": recipe}}}  # fmt: skip
    ends = {"best": scores, "last": scores}
    return made | {version: {"failure": failure(outcome(made, version)), **ends} for version in VERSIONS}


@pytest.fixture
def records():
    return [record("annealed", 1, 25, 0.9), record("article", 1, 6, 0.1), record("article", 2, 25, 0.6),
            record("annealed", 1, 25, 0.99, steps=12_000)]  # fmt: skip


def test_runs_are_grouped_by_recipe_in_the_order_of_the_contestants(records):
    rows = standings.standings(records, "grid")
    assert [(row.recipe, len(row.records)) for row in rows] == [("article", 2), ("annealed", 1)]
    assert standings.standings(records, "ring") == []


def test_runs_of_another_length_are_only_there_when_asked_for(records):
    (row,) = standings.standings(records, "grid", 12_000)
    assert row.scores("on_mode_mass") == [0.99]


def test_a_standing_counts_survivors(records):
    article, annealed = standings.standings(records, "grid")
    assert [(each.survival("raw").survived, each.survival("raw").runs) for each in (article, annealed)] == [
        (1, 2),
        (1, 1),
    ]


def test_the_text_table_shows_survivors_intervals_and_means(records):
    header, raw, averaged, *_ = standings.text_table(standings.standings(records, "grid")).splitlines()
    assert "last: captured, on_mode_mass" in header
    assert "1 of 2 " in raw
    assert "0.09–0.91" in raw  # Wilson's interval for one of two
    assert "15.5, 0.35" in averaged


def test_what_is_fused_on_a_curve_or_without_a_part_is_not_a_recipe_of_its_own():
    names = (
        "article + R1",
        "annealed",
        "article, trunk",
        "annealed - rate",
        "annealed, gamma 10, rate 0.001",
    )
    rows = [standings.Standing(name, "grid", ()) for name in names]
    assert [standings.is_single(row) for row in rows] == [True, True, False, False, False]


def test_without_one_part_stands_ours_and_its_parts(records):
    records += [record("annealed - rate", 1, 24, 0.6), record("annealed, gamma 10, rate 0.001", 1, 24, 0.6)]
    rows = standings.without_one_part(records, "grid")
    assert [row.recipe for row in rows] == ["annealed", "annealed - rate"]


def test_every_run_is_drawn_raw_and_averaged_at_its_own_score(records):
    ax = plt.figure().subplots()
    standings.draw_runs(ax, standings.standings(records, "grid"), "captured")
    assert [list(line.get_xdata()) for line in ax.lines] == [[6, 25], [25], [6, 25], [25]]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["article (2)", "annealed (1)"]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first on top


def test_rows_of_two_data_sets_are_not_one_table():
    with pytest.raises(ValueError, match="one data set"):
        standings.text_table([standings.Standing("article", name, ()) for name in ("ring", "grid")])


def test_a_table_of_nothing_and_an_unknown_data_set_are_refused():
    with pytest.raises(ValueError, match="no runs of that kind"):
        standings.text_table([])
    with pytest.raises(ValueError, match="unknown data set 'moon'"):
        standings.standings([], "moon")


def test_stored_runs_that_are_missing_are_named(tmp_path, monkeypatch):
    monkeypatch.setenv("STABLEGEN_DATA", str(tmp_path))
    (tmp_path / "experiments").mkdir()
    with pytest.raises(FileNotFoundError, match=r"survival\.jsonl is missing"):
        standings.load_records()


def test_the_trade_off_has_a_point_for_each_penalty_and_a_line_for_each_rate(records):
    names = (
        "annealed, gamma 1, rate 0.003",
        "annealed, gamma 0.1, rate 0.003",
        "annealed, gamma 1, rate 0.001",
    )
    runs = [record(name, seed, 20 + seed, 0.5) for name in names for seed in (1, 3)]
    curves = standings.trade_off(records + runs)
    assert curves == {0.001: [(1.0, 22, 0.5)], 0.003: [(0.1, 22, 0.5), (1.0, 22, 0.5)]}
    ax = standings.draw_trade_off(plt.figure().subplots(), curves)
    assert [line.get_label() for line in ax.lines] == ["learning rate 0.001", "learning rate 0.003"]
    assert sorted(text.get_text() for text in ax.texts) == ["γ 0.1", "γ 1", "γ 1"]


def test_the_picture_of_survival_has_a_row_for_each_recipe_with_its_number_of_runs(records):
    ax = standings.draw_survival(plt.figure().subplots(), standings.standings(records, "grid"))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["article (2)", "annealed (1)"]
    assert ax.yaxis_inverted()
