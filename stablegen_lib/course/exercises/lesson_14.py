"""Checks for the exercises of lesson 14, the article checked."""

from stablegen_lib.course.checking import Wrong, call, close, difference, exercise


@exercise("14.1", "the cost of a convolution")
def convolution_cost(answer: object) -> str | None:
    for channels_in, channels_out, kernel, side in ((3, 8, 3, 16), (16, 4, 5, 8), (1, 1, 1, 1)):
        products = channels_in * channels_out * kernel**2 * side**2
        found = call(answer, channels_in, channels_out, kernel, side)
        if products > 1 and close(found, products, 0.0):
            return "those are the multiplications. Each product is also added up: count that too."
        if close(found, 2 * products - channels_out * side**2, 0.0):
            return "right for a layer without a bias. Each number of the result gets one more addition."
        if kernel > 1 and close(found, 2 * products / kernel, 0.0):
            return "a kernel is a square: it has kernel × kernel numbers for each pair of channels."
        if side > 1 and close(found, 2 * products / side, 0.0):
            return "the picture is a square: side × side places."
        if wrong := difference(found, 2 * products, 0.0):
            return f"for {channels_in, channels_out, kernel, side}: {wrong} Products first, then twice."
    return None


# share, how many, chance -> is the whole 95 % interval above chance?
CASES = ((0.90, 2_000, 0.80), (0.82, 2_000, 0.80), (0.82, 1_000, 0.80), (0.90, 20, 0.80), (0.70, 2_000, 0.80),
         (0.805, 20, 0.80), (0.79, 20, 0.80))  # fmt: skip


@exercise("14.2", "beyond chance")
def beyond_chance(answer: object) -> str | None:
    found = [_yes(call(answer, *case)) for case in CASES]
    right = [share - 1.96 * (share * (1 - share) / n) ** 0.5 > chance for share, n, chance in CASES]
    if found == right:
        return None
    if found == [share > chance for share, _, chance in CASES]:
        return "0.9 of twenty faces can be luck where chance is 0.8. Take the interval's lower end."
    if found == [share + 1.96 * (share * (1 - share) / n) ** 0.5 > chance for share, n, chance in CASES]:
        return "that asks whether the *upper* end is above chance. The whole interval should be."
    if found == [share - 1.96 * share * (1 - share) / n > chance for share, n, chance in CASES]:
        return "the standard error is a root: √(share · (1 − share) / n)."
    (share, n, chance), said = next(
        (case, one) for case, one, other in zip(CASES, found, right, strict=True) if one != other
    )
    return f"for a share of {share} of {n} and a chance of {chance} it says {said}. Draw the interval."


def _yes(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if str(value) in ("True", "False", "tensor(True)", "tensor(False)"):  # of NumPy or PyTorch
        return "True" in str(value)
    raise Wrong("True or False was needed: is the whole interval above chance?")


@exercise("14.3", "judge a claim")
def verdict(answer: object) -> str | None:
    hints = {
        "true": "take its parts one by one. By which loss did the U-Net learn, which draws the pictures?",
        "false": "one part of it was trained against a discriminator: lesson 12.",
        "unclear": "it can be decided: lessons 12 and 13 say how each part learnt.",
    }
    if answer == "true in part":
        return None
    if isinstance(answer, str) and answer in hints:
        return f"not quite: {hints[answer]}"
    return 'one of "true", "true in part", "false" and "unclear" was needed.'
