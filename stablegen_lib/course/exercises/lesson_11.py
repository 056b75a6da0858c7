"""Checks for the exercises of lesson 11, the variational autoencoder."""

from typing import Any

from stablegen_lib.course.checking import call, close, difference, exercise

BETA = 1536.0  # 768 numbers, divided by 2 · 0.5²


@exercise("11.1", "a draw as wide as you like")
def drawn(answer: object) -> str | None:
    import torch

    random = torch.Generator().manual_seed(11)
    mean, log_variance, noise = torch.randn(3, 6, 4, generator=random)
    deviation = (log_variance / 2).exp()
    for width in (1.0, 0.0, 0.5):
        found = call(answer, mean, log_variance, noise, width)
        wrong = difference(found, mean + width * deviation * noise, tolerance=1e-3)
        if not wrong:
            continue  # with width 0 mistakes are right, too
        if close(found, mean + width * log_variance.exp() * noise):
            return "noise is stretched by the deviation, the root of the variance: exp(log_variance / 2)."
        if close(found, mean + width * log_variance * noise):
            return "log_variance is a logarithm. Undo it: exp(log_variance / 2) is the deviation."
        if close(found, mean + width**0.5 * deviation * noise):
            return "that makes the variance `width` times as large. The deviation was asked for."
        if close(found, width * (mean + deviation * noise)):
            return "the middle must stay where it is: stretch the noise alone."
        if close(found, mean + deviation * noise):
            return "`width` changes nothing. With 0, every draw must be the mean."
        return f"{wrong} With width = 1 it is vae.reparameterise."
    return None


@exercise("11.2", "a hidden beta")
def beta(answer: object) -> str | None:
    hints = {
        768.0: "that undoes the mean over 768 numbers. Now the division by 2 · deviation².",
        384.0: "2 · 0.5² is 0.5. Dividing by it doubles; it does not halve.",
        3072.0: "dividing by 0.5² makes it four times as large, and the 2 below it halves that again.",
        2.0: "that is 1 / (2 · 0.5²). The program also takes the mean over 768 numbers.",
        1.0: "then it would be the bound. But its first term is at least 768 times smaller than ours.",
    }
    value = _number(answer)
    if value is None:
        return "a number was needed."
    if abs(value - BETA) < 0.5:
        return None
    if abs(value * BETA - 1) < 1e-3:
        return "upside down: multiply its loss until its first term is ours. What stands before the KL?"
    hint = [text for wrong, text in hints.items() if abs(value - wrong) < 1e-6]
    return f"not {value:g}: {hint[0] if hint else 'by what is its first term smaller than ours?'}"


@exercise("11.3", "entries that are used")
def used_entries(answer: object) -> str | None:
    hints = {
        5: "",
        3: "an entry says something by its mean and by its variance. Take its whole KL.",
        7: "the size of the mean is not the KL, and an entry also speaks by its variance. Take its whole KL.",
        9: "twice too much: where is the ½ of the formula?",
        10: "one entry is loud for a few pictures only. Take the mean over the pictures before you compare.",
    }
    for seed in (12, 13):
        count = _number(call(answer, *_thirteen_entries(seed)))
        if count is None:
            return "one whole number was needed."
        if hint := hints.get(int(count), "average each entry's KL over the pictures, then count."):
            return f"{count:g} came: {hint}"
    return None


def _thirteen_entries(seed: int) -> tuple[Any, Any]:
    """Mean and log-variance for 200 pictures: 5 of 13 entries are used, and each mistake counts others."""
    import torch

    random = torch.Generator().manual_seed(seed)
    strength = torch.tensor([1.0] * 3 + [0.03] * 2 + [0.265] * 4 + [0.03] * 4)  # of the means
    mean = torch.randn(200, 13, generator=random)
    mean = strength * mean / mean.square().mean(dim=0).sqrt()
    log_variance = torch.zeros(200, 13)
    log_variance[:, 2:5] = -1.3  # two entries say something by their width alone
    mean[:3, 9] = 1.2  # loud for three pictures, silent on average
    order = torch.randperm(13, generator=random)
    return mean[:, order], log_variance[:, order]


def _number(answer: object) -> float | None:
    """The answer as a finite number, or None if it is none."""
    import math

    import torch

    if isinstance(answer, torch.Tensor) and answer.numel() == 1:
        answer = answer.item()
    if isinstance(answer, bool) or not isinstance(answer, int | float) or not math.isfinite(answer):
        return None
    return float(answer)
