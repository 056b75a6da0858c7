"""Checks for the exercises of lesson 04, the log-loss."""

import math
from typing import Any

from stablegen_lib.course.checking import Wrong, call, close, difference, exercise

BATCH = (3 / 4, 1 / 2, 1 / 8)  # the probabilities of the logits log 3, 0 and -log 7
TIES = (0.8, 0.5, 0.1)  # 0.5 not first: there many mistakes give one number; nor 0.75: -log 0.25 = 2 log 2
LOGITS = (-30.0, -2.0, 0.0, 0.5, 8.0)
BY_HAND = 2e-3  # three digits will do


@exercise("04.1", "the article's loss by hand")
def article_loss_by_hand(answer: object) -> str | None:
    loss = -sum(map(math.log, BATCH)) / len(BATCH)
    mistakes = {
        3 * loss: "that is the sum over the batch; the formula divides by N.",
        -loss: "the size is right and the sign is not: look at the minus in front of the sum.",
        loss / math.log(10): "that is with the logarithm to base 10; here log is the natural logarithm.",
        loss / math.log(2): "that is with the logarithm to base 2; here log is the natural logarithm.",
        -math.log(sum(BATCH) / 3): "you took the log of the mean; the formula takes the mean of the logs.",
        -sum(math.log(1 - p) for p in BATCH) / 3: "that is with 1 - p; the generator wants p to be large.",
        sum(BATCH) / 3: "that is the mean probability; the logarithm and the minus are missing.",
    }
    return _problem(answer, loss, mistakes)


@exercise("04.2", "both losses at a tie")
def losses_at_a_tie(answer: object) -> str | None:
    for p in TIES:
        problem = _problem_at_a_tie(call(answer, p), p)
        if problem:
            return f"for p = {p}, {problem}"
    return None


@exercise("04.3", "the slope of the minimax loss")
def minimax_slope(answer: object) -> str | None:
    import torch

    logits = torch.tensor(LOGITS)
    given = call(answer, logits.clone())
    p = torch.sigmoid(logits)
    mistakes = (
        (p, "the size is right and the sign is not: a larger logit makes the minimax loss smaller."),
        (p - 1, "that is the slope of the non-saturating loss; this one must vanish at logit -30."),
        (-p * (1 - p), "that is the slope of 1 - p; the logarithm around it is missing."),
        (p * (1 - p), "that is the slope of p alone; the loss is log(1 - p)."),
        (
            1 - p,
            "the slope of log p would be that; this loss falls with the logit, and fast where p is large.",
        ),
        (
            -1 / (1 - p),
            "that is the slope in p; asked is the slope in the logit: times the sigmoid's own slope.",
        ),
        (-p / len(LOGITS), "each logit is a batch of its own here: do not divide by their number."),
        (torch.nn.functional.logsigmoid(-logits), "that is the loss itself; its slope was asked for."),
    )
    hints = (hint for wrong, hint in mistakes if close(given, wrong))
    return next(hints, None) or difference(given, -p)


def _problem_at_a_tie(given: Any, p: float) -> str | None:
    if not isinstance(given, tuple | list) or len(given) != 2:
        raise Wrong("two numbers were needed: return discriminator_loss, generator_loss.")
    real, fake = -math.log(p), -math.log(1 - p)
    if close(given, (real, real + fake)):
        return "the two losses are swapped: the discriminator's comes first."
    for_discriminator = {
        math.log1p(math.exp(-p)) + math.log1p(math.exp(p)): "p is a probability already, not a logit.",
        real: "D is asked about generated samples too, and there it ought to say 1 - p.",
        fake: "D is asked about real samples too, and there it ought to say p.",
        (real + fake) / 2: "add the two terms, do not average them.",
        -real - fake: "the sign is wrong; this loss is never negative.",
    }
    for_generator = {
        -fake: "that is the minimax loss; the non-saturating one was asked for.",
        fake: "G wants its samples to be called real, and D calls them so with probability p.",
        real + fake: "only generated samples enter it, so it has one term.",
        -real: "the sign is wrong; this loss is never negative.",
    }
    discriminator = _problem(given[0], real + fake, for_discriminator)
    if discriminator:
        return f"the discriminator's loss: {discriminator}"
    generator = _problem(given[1], real, for_generator)
    return f"the generator's loss: {generator}" if generator else None


def _problem(answer: object, right: float, hints: dict[float, str]) -> str | None:
    """None when right; the hint of the typical mistake that gives this number; or what differs."""
    if close(answer, right, BY_HAND):
        return None
    found = (hint for wrong, hint in hints.items() if close(answer, wrong, BY_HAND))
    return next(found, None) or difference(answer, right)
