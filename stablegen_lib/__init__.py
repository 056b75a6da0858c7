"""StableGen: the code behind the lessons, one room for each idea; `LESSONS` says which.

Import the part you need, as the notebooks do: `from stablegen_lib import data, log_loss`.
"""

__version__ = "0.2.0"

LESSONS: dict[str, tuple[str, ...]] = {
    "00": ("course", "plots"),  # start here
    "01": ("data",),  # pictures as numbers
    "02": ("generator",),  # from random numbers to a picture
    "03": ("discriminator",),  # how real does it look?
    "04": ("log_loss",),  # what both are paid for
    "05": ("training", "stablegen"),  # the game, step by step
    "06": ("latent", "widgets"),  # moving among the pictures that could be
    "07": ("stability",),  # why games run away, and what holds them
    "08": ("metrics", "words"),  # pictures by request, and how good they are
    "09": ("editing",),  # changing a picture that is there
    "10": ("augmentation",),  # more examples than you have
    "11": ("vae",),  # learning without an opponent
    "12": ("autoencoder",),  # a small space to draw in
    "13": ("diffusion", "latent_diffusion"),  # from noise, by words
    "14": ("article",),  # what the article says, checked
    "15": ("sharing",),  # from your own pictures to a generator that others can use
}
