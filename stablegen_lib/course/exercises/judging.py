"""What a gap's result is judged by where comparing numbers is not enough."""

from itertools import combinations
from typing import Any

from torch import Tensor

from stablegen_lib.course.checking import Wrong

NO_WAY_BACK = "no gradient runs back from this number to D's weights: create_graph=True keeps the way."
NOTHING_STAYS, ALL_STAYS, ROWS_STAY, SORTED, ROLLED = range(5)


def one_way_round(direction: object) -> object:
    """An eigenvector may as well point the other way; the signs inside it count."""
    if not isinstance(direction, Tensor) or direction.ndim != 1 or not direction.is_floating_point():
        return direction
    return direction * direction[direction.abs().argmax()].sign()


def yes_or_no(result: object, given: object) -> object:
    """What is true or false as a number, so that answers can be compared."""
    return float(result) if isinstance(result, bool) else result


def trainable(penalty: object) -> object:
    if isinstance(penalty, Tensor) and penalty.numel() == 1 and not penalty.requires_grad:
        raise Wrong(NO_WAY_BACK)
    return penalty


def what_is_shuffled(result: Any, arguments: tuple[Any, ...]) -> tuple[Any, int]:
    """Each column must keep its numbers, and nothing else may stay as it was."""
    z = arguments[0]
    if not isinstance(result, Tensor) or result.shape != z.shape:
        return result, NOTHING_STAYS
    return result.sort(dim=0).values, _what_stays(result, z)


def _what_stays(result: Tensor, z: Tensor) -> int:
    """Half of the pairs of neighbours, in a row or in a column, never stay by chance."""
    if result.equal(z):
        return ALL_STAYS
    for one, other in combinations(range(z.shape[1]), 2):
        if _half(_pairs(result[:, one], result[:, other]), _pairs(z[:, one], z[:, other])):
            return ROWS_STAY
    for ours, column in zip(result.T, z.T, strict=True):
        rising, below = column.sort().values, _pairs(ours[:-1], ours[1:])
        for order, kind in ((rising, SORTED), (column, ROLLED)):
            if _half(below, _pairs(order[:-1], order[1:])) or _half(below, _pairs(order[1:], order[:-1])):
                return kind
    return NOTHING_STAYS


def _pairs(first: Tensor, second: Tensor) -> set[tuple[float, float]]:
    return set(zip(first.tolist(), second.tolist(), strict=True))


def _half(ours: set[tuple[float, float]], theirs: set[tuple[float, float]]) -> bool:
    return 2 * len(ours & theirs) > len(theirs)
