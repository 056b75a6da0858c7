"""Claims about the one test of lesson 07: exact, two-sided, and for counts the test of Fisher."""

from itertools import combinations
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stablegen_experiments.luck import LEVEL, in_words, p_value, verdict

FEW = st.lists(st.integers(0, 5), min_size=1, max_size=5)


def marks(survived, runs):
    return [1] * survived + [0] * (runs - survived)


def rank(score, scores):
    return sum(other < score for other in scores) + (scores.count(score) + 1) / 2


def all_deals(ours, theirs):
    """Every deal is listed, which the code never does."""
    scores = [*ours, *theirs]
    middle = len(ours) * (len(scores) + 1) / 2
    ranks = [rank(each, scores) for each in scores]
    seen = abs(sum(ranks[: len(ours)]) - middle)
    deals = [abs(sum(hand) - middle) for hand in combinations(ranks, len(ours))]
    return sum(far >= seen for far in deals) / len(deals)


@given(FEW, FEW)
@settings(max_examples=60, deadline=None)
def test_it_is_the_share_of_all_deals_that_differ_at_least_as_much(ours, theirs):
    assert p_value(ours, theirs) == pytest.approx(all_deals(ours, theirs), abs=1e-12)


@pytest.mark.parametrize(("one", "other", "runs"), [(13, 3, 20), (3, 1, 4), (10, 1, 20), (5, 0, 5)])
def test_for_counts_it_is_the_test_of_fisher(one, other, runs):
    both = one + other
    ways = {k: comb(runs, k) * comb(runs, both - k) for k in range(both + 1) if max(k, both - k) <= runs}
    right = sum(way for k, way in ways.items() if abs(2 * k - both) >= one - other) / sum(ways.values())
    assert p_value(marks(one, runs), marks(other, runs)) == pytest.approx(right, abs=1e-12)


def test_the_lady_who_tasted_tea_named_three_of_four_cups_by_luck_in_34_of_70_cases():
    assert p_value(marks(3, 4), marks(1, 4)) == pytest.approx(34 / 70)


def test_groups_that_are_apart_leave_two_deals():
    assert p_value([0.7, 0.8, 0.9], [0.1, 0.2]) == p_value([0.1, 0.2, 0.3], [0.8, 0.9]) == 2 / comb(5, 2)
    assert p_value(range(20, 40), range(20)) == pytest.approx(2 / comb(40, 20))


def test_one_run_against_twenty_can_never_be_clear_and_five_against_five_only_when_apart():
    assert p_value([100.0], range(20)) == 2 / 21 > LEVEL
    assert p_value(marks(5, 5), marks(0, 5)) == 2 / 252 <= LEVEL < p_value(marks(5, 5), marks(1, 5))


def test_equal_scores_are_no_difference_and_only_the_order_counts():
    assert p_value([0.5] * 4, [0.5] * 3) == 1
    assert p_value([1, 2, 5], [3, 4]) == p_value([-10.0, 0.0, 1e6], [1.0, 2.0])


def test_the_verdict_names_the_level_and_keeps_two_digits():
    assert verdict(marks(13, 20), marks(3, 20)) == "clear, p 0.003"
    assert verdict(marks(5, 5), marks(4, 5)) == "cannot tell, p 1.00"
    assert in_words(2 / comb(40, 20)) == "p < 0.001"
    assert [in_words(p) for p in (0.0099, 0.0952, 0.0999)] == ["p 0.010", "p 0.095", "p 0.10"]


@pytest.mark.parametrize(
    ("ours", "theirs"), [([], [1]), ([1], []), ([float("nan")], [1]), ([1], [float("inf")])]
)
def test_empty_groups_and_numbers_that_are_none_are_refused(ours, theirs):
    with pytest.raises(ValueError, match="two groups of finite scores"):
        p_value(ours, theirs)
