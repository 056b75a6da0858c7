"""Checks for the exercises of lesson 09, image editing."""

from stablegen_lib.course.checking import call, close, difference, exercise
from stablegen_lib.course.picking import picked


@exercise("09.1", "a threshold from the faults")
def threshold(answer: object) -> str | None:
    import torch

    random = torch.Generator().manual_seed(9)
    for count, share in ((401, 0.99), (31, 0.5), (71, 0.9)):  # a pixel lies at each quantile
        before, after = (torch.rand(3, count, generator=random) ** 2 - 0.4 for _ in range(2))
        found = call(answer, before.clone(), after.clone(), share)
        apart = (after - before).abs()
        largest = apart.amax(dim=0)
        right = torch.quantile(largest, share)
        if close(found, right, tolerance=1e-3):
            continue
        hints = {
            "that takes each colour for itself. The mask opens where *one* of the three differs.": (
                torch.quantile(apart, share)
            ),
            "that is the mean of the three colours. The one that differs most counts.": (
                torch.quantile(apart.mean(dim=0), share)
            ),
            "darker is a difference too: take the absolute value.": (
                torch.quantile((after - before).amax(dim=0), share)
            ),
            "at that `low` the mask is open in that share. It should stay shut there.": (
                torch.quantile(largest, 1 - share)
            ),
            "at that `low` the mask stays shut everywhere. A share of the pixels is enough.": largest.max(),
            "that is a share of the largest difference. Which difference is larger than that share of all?": (
                share * largest.max()
            ),
        }
        for hint, mistake in hints.items():
            if close(found, mistake, tolerance=1e-3):
                return hint
        wrong = difference(found, right, tolerance=1e-3)
        return f"{wrong} torch.quantile(numbers, share) says below which number that share lies."
    return None


@exercise("09.2", "draw persons, not pairs")
def pairs_of(answer: object) -> str | None:
    import torch

    for persons, drawn in (
        ((7, 7, 2, 5, 2, 7), (2, 7, 2)),
        ((0, 1, 1, 2, 2, 2), (1, 0, 1, 1)),
        ((4, 4, 9), (9, 9)),
    ):
        who, chosen = torch.tensor(persons), torch.tensor(drawn)
        found = call(answer, who.clone(), chosen.clone())
        right = [pair for one in drawn for pair, person in enumerate(persons) if person == one]
        hints = {
            "somebody who was drawn twice counts twice.": torch.isin(who, chosen).nonzero().flatten(),
            "those are the persons. Which pairs belong to them?": who[torch.tensor(right)],
            "those are numbers of persons. Which pairs belong to them?": chosen,
            "all pairs of a person are needed, not the first only.": [persons.index(one) for one in drawn],
        }
        wrong = difference(found, torch.tensor(right), tolerance=0.0)
        if wrong is None or _same_numbers(found, right):
            continue
        for hint, mistake in hints.items():
            if _same_numbers(found, mistake):
                return hint
        return f"{wrong} Take one drawn person after the other, and collect the pairs of each."
    return None


def _same_numbers(found: object, wanted: object) -> bool:
    """In any order: a mean does not ask for one."""
    import torch

    given = torch.as_tensor(found).flatten().double()
    return close(given.sort().values, torch.as_tensor(wanted).double().sort().values, tolerance=0.0)


@exercise("09.3", "an editor for sale")
def verdict(answer: object) -> str | None:
    hints = {
        "it edits well": "success is the share of wishes that the judge sees fulfilled. It is 0.01.",
        "it draws another person": "then the error outside would be large. It is 0.",
    }
    return picked(answer, "it changes nothing", hints)
