"""Lesson 13, second half: Stable Diffusion in miniature, from the components of `diffusers`.

Open `components.py` first: autoencoder, text encoder, U-Net, scheduler. `prompted.py` draws from words,
`editing.py` edits by words, `first_stage.py` and `training.py` train, `precision.py` is about float16 and
bfloat16. Needs diffusers and transformers; all lessons but 13 and 14 work without them.
"""

from stablegen_lib.latent_diffusion.components import (
    TEXT_WIDTH,
    TOKENS,
    MissingPackages,
    assemble,
    autoencoder,
    forget_origin,
    load,
    package,
    quiet,
    save,
    scheduler,
    text_encoder,
    tokenizer,
    unet,
    untrained,
)
from stablegen_lib.latent_diffusion.first_stage import set_scale, train_autoencoder
from stablegen_lib.latent_diffusion.prompted import PromptedGenerator
from stablegen_lib.latent_diffusion.training import PromptRun, train_prompts

__all__ = [
    "TEXT_WIDTH",
    "TOKENS",
    "MissingPackages",
    "PromptRun",
    "PromptedGenerator",
    "assemble",
    "autoencoder",
    "forget_origin",
    "load",
    "package",
    "quiet",
    "save",
    "scheduler",
    "set_scale",
    "text_encoder",
    "tokenizer",
    "train_autoencoder",
    "train_prompts",
    "unet",
    "untrained",
]
