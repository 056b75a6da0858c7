"""Claims about the tables and pictures of stored runs: they say what the runs say, and no more."""

import pytest
from stored_runs import record

from stablegen_experiments.survival import standings


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


NAMES = (
    "article",
    "article + R1",
    "article + betas",
    "stable",
    "stable - R1",
    "stable + rate decay",
    "article, trunk",
    "annealed",
    "annealed - rate",
    "annealed, gamma 10, rate 0.001",
)


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("the three", {"article", "stable", "annealed"}),
        ("the article's, one change", {"article", "article + R1", "article + betas"}),
        (
            "STABLE, one change",
            {"stable", "stable - R1", "stable + rate decay", "article + betas", "annealed"},
        ),
        ("STABLE_POINTS, one part less", {"annealed", "annealed - rate"}),
        ("fused", {"article", "article, trunk"}),
        ("all", set(NAMES) - {"annealed, gamma 10, rate 0.001"}),
    ],
)
def test_a_family_is_what_belongs_into_one_picture(name, members):
    rows = [standings.Standing(each, "grid", ()) for each in NAMES]
    assert {row.recipe for row in standings.family(rows, name)} == members
    with pytest.raises(ValueError, match="unknown family"):
        standings.family(rows, "cousins")


def test_the_best_comes_first_and_for_distances_that_is_the_lowest(records):
    rows = standings.standings(records, "grid")
    assert [row.recipe for row in standings.ranked(rows, "survived")] == ["annealed", "article"]
    assert [row.recipe for row in standings.ranked(rows, "on_mode_mass", "raw")] == ["annealed", "article"]
    runs = [record(name, 1, 25, 0.9, dataset="faces") for name in ("article", "stable")]
    for run, distance in zip(runs, (300.0, 200.0), strict=True):
        run["averaged"]["last"] = {"distance": distance, "as_asked": 0.5}
    faces = standings.standings(runs, "faces")
    assert [row.recipe for row in standings.ranked(faces, "distance")] == ["stable", "article"]
    with pytest.raises(ValueError, match="unknown score 'beauty'"):
        standings.ranked(rows, "beauty")


def test_a_curve_has_every_run_at_every_time():
    runs = [record("article", seed, 20 + seed, 0.1 * seed) for seed in (1, 2)]
    (row,) = standings.standings(runs, "grid")
    assert standings.curve(row, "captured") == [(5_000, [21.0, 22.0])]


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
