"""Checks for the exercises of lesson 05, the training loop."""

import math

from stablegen_lib.course.checking import call, close, difference, exercise, picked


@exercise("05.1", "the discriminator's turn")
def discriminator_turn(answer: object) -> str | None:
    import torch
    from torch import nn

    from stablegen_lib import log_loss
    from stablegen_lib.discriminator import PointDiscriminator

    random = torch.Generator().manual_seed(5)
    x, real, z = torch.randn(6, 1, generator=random), *torch.randn(2, 6, 2, generator=random)
    judge, generator = PointDiscriminator(condition_size=1, width=4), nn.Linear(2, 2)
    fake = generator(z)
    loss = call(answer, judge, x, real, fake)
    expected = log_loss.discriminator_loss(real_logits=judge(x, real), fake_logits=judge(x, fake.detach()))
    swapped = log_loss.discriminator_loss(real_logits=judge(x, fake.detach()), fake_logits=judge(x, real))
    if close(loss, swapped):
        return "real and fake have changed places. real_logits come from the real samples."
    if close(loss, expected / 2):
        return "this is half of it. The two terms are averaged separately and then added."
    if wrong := difference(loss, expected):
        return f"{wrong} Use log_loss.discriminator_loss with real_logits and fake_logits."
    if not (isinstance(loss, torch.Tensor) and loss.requires_grad):
        return "the value is right, but it carries no gradient: return the tensor itself, not a number."
    mine = list(judge.parameters())
    wanted = torch.autograd.grad(expected, mine, allow_unused=True)
    loss.backward()  # type: ignore[no-untyped-call]
    if any(parameter.grad is not None for parameter in generator.parameters()):
        return (
            "the value is right, but backward() reaches the generator. Show D fake.detach() instead of fake."
        )
    pairs = [
        (p.grad if p.grad is not None else 0 * p, w if w is not None else 0 * p)
        for p, w in zip(mine, wanted, strict=True)
    ]
    if not all(close(given, right) for given, right in pairs):
        return (
            "the value is right, but D gets another gradient: it does not learn from all that it saw. "
            "Detach the fakes, not D's answers to them."
        )
    return None


@exercise("05.2", "how long the average remembers")
def steps_to_half(answer: object) -> str | None:
    half = math.log(0.5) / math.log(0.995)
    if close(answer, 200.0):
        return "that is 1 / (1 − 0.995), the average age. Asked is the n with 0.995 to the power n = 0.5."
    if close(answer, 100.0):
        return "0.5 / 0.005 would be right if each step took away the same amount. Each takes the same share."
    if close(answer, half, tolerance=0.01):  # 137 to 139
        return None
    return difference(answer, float(round(half))) or None


@exercise("05.3", "reading the losses")
def diagnosis(answer: object) -> str | None:
    hints = {
        "tie": "at the tie D's loss is 2 log 2 = 1.39, since it can only guess. What does 0.01 say?",
        "collapse of D": "a D that answers the same everywhere has a loss of at least 1.39.",
    }
    return picked(answer, "discriminator wins", hints)
