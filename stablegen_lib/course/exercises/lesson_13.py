"""Checks for the exercises of lesson 13, latent diffusion."""

from stablegen_lib.course.checking import call, close, difference, exercise


@exercise("13.1", "when half of it is gone")
def first_below(answer: object) -> str | None:
    import torch

    schedules = (torch.tensor([0.9, 0.8, 0.5, 0.3, 0.1, 0.05, 0.01]), torch.linspace(0.99, 0.01, 50) ** 2)
    for schedule in schedules:
        for share in (0.5, 0.2):
            found = call(answer, schedule, share)
            right = int((schedule <= share).nonzero()[0])
            rooted = (schedule**0.5 <= share).nonzero()
            if close(found, schedule[right], tolerance=1e-6):
                return "that is the share that is left. At which *level* is it?"
            if close(found, int((schedule <= share).sum()), tolerance=0.0):
                return "so many levels are below. Which is the first of them?"
            if len(rooted) and close(found, int(rooted[0]), tolerance=0.0):
                return "alpha_bar is a share of the variance already: no root is needed."
            if schedule[right] == share and close(found, right + 1, tolerance=0.0):
                return "at most this share: exactly this share counts, too."
            if close(found, right - 1, tolerance=0.0):
                return "that is the last level with more. The next one is wanted."
            if wrong := difference(found, right, tolerance=0.0):
                return f"{wrong} Levels count from 0; (alpha_bar <= share).nonzero() lists those below."
    return None


CULPRITS = {
    "A": ("U-Net", "the vectors differ, so the word arrives. Who does not mind the lie?"),
    "B": (
        "autoencoder",
        "a lie costs something: the word is heard. But half of the hats never come back.",
    ),
    "C": ("guidance", "a lie costs much, so the word is heard well. What does a scale of 0 make of it?"),
    "D": ("text encoder", "the lie costs nothing, as in A. But here the vectors do not even differ."),
}


@exercise("13.2", "who is to blame?")
def culprits(answer: object) -> str | None:
    names = {name.lower() for name, _ in CULPRITS.values()} | {"unet"}
    if not isinstance(answer, list | tuple) or len(answer) != len(CULPRITS):
        return "four words were needed, one for each model, separated by commas."
    for given, (model, (right, hint)) in zip(answer, CULPRITS.items(), strict=True):
        said = given.strip().lower() if isinstance(given, str) else ""
        if said not in names:
            return f"{model}: one of 'autoencoder', 'text encoder', 'U-Net' and 'guidance' was needed."
        if said.replace("-", "") != right.lower().replace("-", ""):
            return f"{model}: not this one. {hint[0].upper()}{hint[1:]}"
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
