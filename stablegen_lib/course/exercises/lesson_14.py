"""Checks for the exercises of lesson 14, the article checked."""

from stablegen_lib.course.checking import call, exercise


@exercise("14.1", "the cost of a convolution")
def convolution_cost(answer: object) -> str | None:
    for channels_in, channels_out, kernel, side in ((3, 8, 3, 16), (16, 4, 5, 8), (1, 1, 1, 1)):
        products = channels_in * channels_out * kernel**2 * side**2
        found = call(answer, channels_in, channels_out, kernel, side)
        if not isinstance(found, int | float) or isinstance(found, bool):
            return f"one number was needed, and {type(found).__name__} came."
        if products > 1 and found == products:
            return "those are the multiplications. Each product is also added up: count that too."
        if found == 2 * channels_in * channels_out * kernel * side**2 != 2 * products:
            return "a kernel is a square: it has kernel × kernel numbers for each pair of channels."
        if found == 2 * channels_in * channels_out * kernel**2 * side != 2 * products:
            return "the picture is a square: side × side places."
        if found != 2 * products:
            return (
                f"for {channels_in, channels_out, kernel, side} it gave {found}; {2 * products} was needed."
            )
    return None


@exercise("14.2", "passes with guidance")
def guided_passes(answer: object) -> str | None:
    hints = {
        30: "that is without guidance. With it, each step looks twice: with the words and without them.",
        31: "the empty prompt is needed at every step, not once.",
        1: "a GAN needs one pass. Here every step takes the U-Net again.",
        2: "that is one step.",
    }
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        return "one whole number was needed."
    if answer == 60:
        return None
    return hints.get(
        int(answer) if answer == answer and abs(answer) < 1e9 else 0,
        f"{answer} is not it. Steps times looks.",
    )


@exercise("14.3", "judge a claim")
def verdict(answer: object) -> str | None:
    hints = {
        "true": "who draws a picture with it never meets a discriminator: look at its components.",
        "false": "one part of it was trained against a discriminator: lesson 12.",
        "unclear": "it can be decided: lesson 12 and the list of components above say how.",
    }
    if answer == "true in part":
        return None
    if isinstance(answer, str) and answer in hints:
        return f"not quite: {hints[answer]}"
    return 'one of "true", "true in part", "false" and "unclear" was needed.'
