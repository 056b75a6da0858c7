"""Checks for the exercises of lesson 13, latent diffusion."""

from stablegen_lib.course.checking import call, close, difference, exercise


@exercise("13.1", "back to the picture")
def back_to_the_picture(answer: object) -> str | None:
    import torch

    for seed, alpha_bar in enumerate(torch.tensor([0.81, 0.36, 0.04])):  # tensors, as a schedule gives them
        x0, noise = torch.randn(2, 5, 3, generator=torch.Generator().manual_seed(seed))
        kept, added = alpha_bar**0.5, (1 - alpha_bar) ** 0.5
        x_t = kept * x0 + added * noise
        found = call(answer, x_t, noise, alpha_bar)
        if close(found, x_t - noise):
            return "the noise was not added as a whole, but times √(1 − ᾱ); and x0 was made smaller, too."
        if close(found, x_t - added * noise):
            return "the noise is gone. What is left is √ᾱ · x0: what remains to be done?"
        if close(found, (x_t - (1 - alpha_bar) * noise) / alpha_bar):
            return "the factors are the *roots* of ᾱ and 1 − ᾱ."
        if close(found, kept * x_t + added * noise):
            return "that adds noise once more. Solve the equation for x0."
        if wrong := difference(found, x0, tolerance=1e-3):
            return f"{wrong} Solve x_t = √ᾱ · x0 + √(1 − ᾱ) · noise for x0."
    return None


@exercise("13.2", "a step down")
def step_down(answer: object) -> str | None:
    import torch

    for seed, (now, then) in enumerate(torch.tensor([[0.2, 0.5], [0.5, 0.9], [0.9, 1.0]])):
        x0, noise = torch.randn(2, 5, 3, generator=torch.Generator().manual_seed(seed))
        x_t = now**0.5 * x0 + (1 - now) ** 0.5 * noise
        found = call(answer, x_t, noise, now, then)
        if close(found, x0) and then < 1:
            return "that goes the whole way to x0. Add noise again, as much as belongs to the next level."
        if close(found, x_t):
            return "that is where we came from: the second time, use alpha_bar_next."
        if wrong := difference(found, then**0.5 * x0 + (1 - then) ** 0.5 * noise, tolerance=1e-3):
            return f"{wrong} First find x0 with alpha_bar, then add the same noise with alpha_bar_next."
    return None


@exercise("13.3", "what a picture costs")
def passes(answer: object) -> str | None:
    hints = {
        20: "with guidance each step asks the U-Net twice: with the prompt and without it.",
        80: "guidance doubles the passes once. Its scale does not matter.",
        60: "a guidance scale of 3 does not mean three passes.",
        1000: "1,000 levels were trained; sampling visits only some of them.",
    }
    for number, hint in hints.items():
        if close(answer, number, tolerance=0.0):
            return hint
    return difference(answer, 40, tolerance=0.0)
