"""Checks for the exercises of lesson 11, the variational autoencoder."""

from stablegen_lib.course.checking import call, close, difference, exercise

BETA = 1536.0  # 768 numbers, divided by 2 · 0.5²


@exercise("11.1", "the KL of each row")
def kl(answer: object) -> str | None:
    import torch

    from stablegen_lib.vae import objective as elbo

    random = torch.Generator().manual_seed(11)
    mean, log_variance = torch.randn(2, 6, 4, generator=random)
    found = call(answer, mean, log_variance)
    entries = elbo.kl_per_entry(mean=mean, log_variance=log_variance)
    if close(found, entries):
        return "that is one number per entry. Sum over the entries of z: `.sum(dim=1)`."
    if close(found, entries.mean(dim=1)):
        return "that is the mean over the entries of z. Their KLs add up: take the sum."
    if close(found, entries.sum()) or close(found, entries.sum(dim=0)):
        return "one number for each row was needed: sum over the entries of z, dim=1, and nothing else."
    if close(found, 2 * entries.sum(dim=1)):
        return "twice too large: where is the ½ of the formula?"
    if close(found, -entries.sum(dim=1)):
        return "the sign is wrong: a KL is never below 0."
    if close(found, entries.sum(dim=1) + 0.5 * entries.shape[1]):
        return "the −1 of each entry is missing: at mean 0 and variance 1 the KL must be 0."
    if wrong := difference(found, entries.sum(dim=1), tolerance=1e-3):
        return f"{wrong} Compare with vae.kl_divergence."
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
    import torch

    random = torch.Generator().manual_seed(12)
    mean = torch.randn(200, 8, generator=random)
    mean[:, 3:] *= 0.05  # three entries say much
    log_variance = torch.full((200, 8), 0.0)
    log_variance[:, :2], log_variance[:, 7] = -1.5, -1.2  # the last says something by its width alone
    mean[:5, 4] = 1.5  # loud for five pictures, silent on average
    count = _number(call(answer, mean, log_variance))
    hints = {
        3: "an entry also says something when its variance differs from 1. Take its whole KL.",
        5: "one entry is loud for a few pictures only. Take the mean over the pictures before you compare.",
        4: "",
    }
    if count is None:
        return "one whole number was needed."
    if count not in hints:
        return f"{count:g} came. Average each entry's KL over the pictures (dim=0); count those above 0.05."
    return hints[int(count)] or None


def _number(answer: object) -> float | None:
    """The answer as a finite number, or None if it is none."""
    import math

    import torch

    if isinstance(answer, torch.Tensor) and answer.numel() == 1:
        answer = answer.item()
    if isinstance(answer, bool) or not isinstance(answer, int | float) or not math.isfinite(answer):
        return None
    return float(answer)
