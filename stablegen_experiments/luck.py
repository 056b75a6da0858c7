"""Do two groups of runs differ, or is it luck? One exact test, for counts and for scores alike."""

from collections import Counter
from collections.abc import Sequence
from math import comb, isfinite

LEVEL = 0.01
"""A difference is called clear if its p-value is at most this."""


def p_value(ours: Sequence[float | int], theirs: Sequence[float | int]) -> float:
    """In what share of all deals do the groups differ at least as much as they do?

    If the names of the groups meant nothing, every way to deal the same scores out to groups of
    these sizes would be equally likely. The scores count as ranks, equal ones sharing theirs, and
    two groups differ by how far the sum of the ranks of the first is from its mean over all deals.
    All deals are counted, none is drawn by chance, so the value is exact, ties or not.

    With 1 for a survivor and 0 for a failure ranks say no more than the count of survivors: this is
    Fisher's exact test, and with scores the rank-sum test of Wilcoxon, Mann and Whitney. (For groups
    of unequal sizes some programs count the deals that are no likelier, instead of those that differ
    no less.)

    Args:
        ours: One score for each run. Runs must not depend on one another.
        theirs: The scores of the other group; it may have another size.

    Returns:
        In (0, 1], for a difference in either direction.

    Raises:
        ValueError: If a group is empty, or a score is not finite.

    Source:
        Fisher 1935, "The design of experiments"; Wilcoxon 1945, "Individual comparisons by ranking
        methods", Biometrics Bulletin 1.
    """
    scores = [*ours, *theirs]
    if not (ours and theirs and all(isfinite(score) for score in scores)):
        raise ValueError(f"two groups of finite scores were needed; {ours} and {theirs} came.")
    ranks = _doubled_ranks(scores)
    centre = len(ours) * (len(scores) + 1)  # the mean over all deals of the doubled rank sum
    far = abs(sum(ranks[: len(ours)]) - centre)
    ways = _ways(ranks, len(ours))
    return sum(count for total, count in ways.items() if abs(total - centre) >= far) / comb(
        len(scores), len(ours)
    )


def verdict(ours: Sequence[float | int], theirs: Sequence[float | int]) -> str:
    """The answer in words: "clear, p 0.003", or "cannot tell, p 0.20"."""
    p = p_value(ours, theirs)
    return f"{'clear' if p <= LEVEL else 'cannot tell'}, {in_words(p)}"


def in_words(p: float) -> str:
    """A p-value with two digits."""
    return "p < 0.001" if p < 0.001 else f"p {p:.3f}" if p < 0.0995 else f"p {p:.2f}"


def _doubled_ranks(scores: Sequence[float | int]) -> list[int]:
    """Twice the rank of each score, 1 the smallest; equal scores share the mean of their ranks."""
    below = {each: sum(other < each for other in scores) for each in set(scores)}
    return [2 * below[each] + scores.count(each) + 1 for each in scores]


def _ways(ranks: Sequence[int], size: int) -> Counter[int]:
    """Sum of the ranks -> in how many ways so many of them can have that sum."""
    ways: list[Counter[int]] = [Counter({0: 1}), *(Counter[int]() for _ in range(size))]
    for rank in ranks:
        for taken in range(size, 0, -1):
            for total, count in ways[taken - 1].items():
                ways[taken][total + rank] += count
    return ways[size]
