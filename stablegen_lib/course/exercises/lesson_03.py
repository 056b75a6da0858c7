"""Checks for the exercises of lesson 03, the discriminator."""

import math

from stablegen_lib.course.checking import Wrong, call, close, difference, exercise

GENERATED = 1 - 1 / (1 + math.exp(-2))  # at logit 2


@exercise("03.1", "from a logit to a probability")
def probability_of_generated(answer: object) -> str | None:
    mistakes = {
        1 - GENERATED: "that is the probability that it is real.",
        100 * GENERATED: "the number is right in per cent; a probability lies between 0 and 1.",
        math.exp(-2): "those are the odds, generated to real; a probability is a share of the whole.",
        -2.0: "that is the logit for the opposite question. The sigmoid turns it into a probability.",
    }
    for mistake, hint in mistakes.items():
        if close(answer, mistake, tolerance=0.02 if mistake > 1 else 0.003):  # 12 per cent will do
            return hint
    return difference(answer, GENERATED, tolerance=0.003)


@exercise("03.2", "the best possible discriminator")
def best_probability(answer: object) -> str | None:
    import torch

    near_p, near_q = torch.tensor([0.5, 0.2, 0.1, 0.3]), torch.tensor([0.5, 0.6, 0.4, 0.01])
    best = near_p / (near_p + near_q)
    given = call(answer, near_p.log(), near_q.log())
    for mistake, hint in (
        (1 - best, "that is the probability of generated. Real samples come from p."),
        (near_p.log() - near_q.log(), "that is the best logit. A probability was asked for."),
        (near_p / near_q, "that is the ratio of the densities. What is the share of p in the whole?"),
    ):
        if close(given, mistake):
            return hint
    if wrong := difference(given, best):
        return f"{wrong} The share of real samples at a place is p / (p + q)."
    far = call(answer, torch.tensor([-500.0, -501.0]), torch.tensor([-500.0, -500.0]))
    if not close(far, torch.tensor([0.5, 1 / (1 + math.e)])):
        return "right for ordinary densities, and wrong where both are tiny: do not compute exp(log_p) first."
    return None


@exercise("03.3", "balanced accuracy")
def balanced_accuracy(answer: object) -> str | None:
    import torch

    cases = [
        (torch.tensor([2.0, 1.0, -3.0, 0.5]), torch.tensor([-1.0, 4.0])),
        (torch.tensor([-0.2, 0.3]), torch.tensor([-1.0, -2.0, -0.1, -5.0, 0.4])),
        (torch.tensor([0.2, 0.4]), torch.tensor([-0.3])),
    ]
    for real, fake in cases:
        shares = (real > 0).double().mean(), (fake < 0).double().mean()
        given = call(answer, real, fake)
        right = int((real > 0).sum() + (fake < 0).sum())
        if close(given, (shares[0] + shares[1]) / 2):
            continue
        if close(given, right / (len(real) + len(fake))):
            return "that is the plain accuracy: the larger group counts more. Take each group's share first."
        if close(given, float(right)):
            return "that is a count. A share was asked for."
        if close(given, 1 - (shares[0] + shares[1]) / 2):
            return "that is the share of mistakes. Logits above 0 mean real, below 0 generated."
        if close(given, ((real > 0.5).double().mean() + (fake < 0.5).double().mean()) / 2):
            return "the border lies at logit 0. 0.5 is the border for probabilities."
        if isinstance(given, tuple | list):
            raise Wrong("one number was needed: the mean of the two shares.")
        return difference(given, (shares[0] + shares[1]) / 2) or "not quite."
    return None
