"""Checks for the exercises of lesson 12, the generator meets an autoencoder."""

from stablegen_lib.course.checking import call, close, difference, exercise

NETWORKS = {"encoder", "decoder", "discriminator"}


@exercise("12.1", "the adaptive weight")
def weight(answer: object) -> str | None:
    import torch

    for seed in (0, 1):
        random = torch.Generator().manual_seed(seed)
        pixels, opinion = torch.randn(2, 3, 4, generator=random)
        opinion = opinion * (0.1 if seed else 3.0)
        found = call(answer, pixels, opinion)
        ratio = pixels.norm() / opinion.norm()
        if close(found, 1 / ratio, 1e-3):
            return "upside down: multiplied by it, the adversarial gradient must become as long as the other."
        if close(found, ratio**2, 1e-3):
            return "those are squared lengths. Take the root: `.norm()` does it."
        if close(found, pixels.abs().mean() / opinion.abs().mean(), 1e-3):
            return "a mean of absolute values is another length. Take `.norm()`."
        if close(found, pixels / opinion, 1e-3):
            return "one number was needed: the ratio of the two lengths, not of the entries."
        if wrong := difference(found, ratio, 1e-3):
            return f"{wrong} Compare with autoencoder.adaptive_weight."
    return None


@exercise("12.2", "how much smaller")
def times_fewer(answer: object) -> str | None:
    hints = {
        64: "that counts the places. A pixel has 3 numbers, and a place of the map has 4.",
        8: "that is one side. The map has two, and its places hold 4 numbers instead of 3.",
        256 / 3: "more numbers at a place make the map larger, so the factor gets smaller: 3 / 4.",
        16384: "that is the size of the map. By how much is it smaller than the picture?",
    }
    if close(answer, 48, 0.01):
        return None
    if close(answer, 1 / 48, 0.001):
        return "that is the share that is left. How many times smaller is it?"
    hint = [text for wrong, text in hints.items() if close(answer, wrong, 0.01)]
    return hint[0] if hint else "divide 512 · 512 · 3 by 64 · 64 · 4."


@exercise("12.3", "what is needed in the end")
def needed(answer: object) -> str | None:
    given = {answer} if isinstance(answer, str) else answer
    if not isinstance(given, set | frozenset | list | tuple) or not all(each in NETWORKS for each in given):
        return 'a set of names was needed, out of "encoder", "decoder" and "discriminator".'
    if "discriminator" in given:
        return "nobody is judged any more: the discriminator was needed for training only."
    if "encoder" in given:
        return "there is no picture to encode: the map comes out of the prior."
    return None if set(given) == {"decoder"} else "something has to turn the map into a picture."
