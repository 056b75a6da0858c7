"""Lesson 13, second half: Stable Diffusion in miniature, from the components of `diffusers`.

Open `components.py` first: autoencoder, text encoder, U-Net, scheduler. `prompted.py` draws from words,
`editing.py` edits by words, `folders.py` saves and loads, `precision.py` is about float16 and bfloat16.
`first_stage.py` trains the autoencoder, `clip.py` the text encoder, `training.py` the U-Net; behind them
stand `caption_bank.py` and `learning_rates.py`. `hearing.py` finds out which words a model hears,
`looking.py` where it looks while it reads them. Needs the packages diffusers and transformers; all lessons
but 13 and 14 work without them.
"""

from stablegen_lib.latent_diffusion.components import (
    TEXT_WIDTH,
    MissingPackages,
    assemble,
    autoencoder,
    package,
    quiet,
    scheduler,
    text_encoder,
    tokenizer,
    unet,
    untrained,
)
from stablegen_lib.latent_diffusion.first_stage import set_scale, train_autoencoder
from stablegen_lib.latent_diffusion.folders import forget_origin, load, save
from stablegen_lib.latent_diffusion.hearing import (
    PatchDenoiser,
    cost_of_a_lie,
    deaf_text_encoder,
    draw_patch,
    places_of,
    train_patch,
)
from stablegen_lib.latent_diffusion.looking import looks
from stablegen_lib.latent_diffusion.prompted import PromptedGenerator
from stablegen_lib.latent_diffusion.training import PromptRun, train_prompts

__all__ = [
    "TEXT_WIDTH",
    "MissingPackages",
    "PatchDenoiser",
    "PromptRun",
    "PromptedGenerator",
    "assemble",
    "autoencoder",
    "cost_of_a_lie",
    "deaf_text_encoder",
    "draw_patch",
    "forget_origin",
    "load",
    "looks",
    "package",
    "places_of",
    "quiet",
    "save",
    "scheduler",
    "set_scale",
    "text_encoder",
    "tokenizer",
    "train_autoencoder",
    "train_patch",
    "train_prompts",
    "unet",
    "untrained",
]
