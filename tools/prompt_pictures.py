"""Draws docs/prompts.png, faces from words by the miniature of lesson 13: ``tools/prompt_pictures.py``."""

from pathlib import Path

import torch

from stablegen_lib import data
from stablegen_lib.latent_diffusion.prompted import PromptedGenerator
from stablegen_lib.plots import grid as picture_grid

TO = Path(__file__).resolve().parents[1] / "docs" / "prompts.png"
PROMPTS = (
    "a person with dark glasses and red hair",
    "a person with a hat, a beard and a pink background",
    "a person with long blue hair and no glasses",
)
COUNT = 12


def main() -> None:
    generator = PromptedGenerator.load(data.data_dir() / "weights" / "latent_diffusion")
    rows = [generator.sample(COUNT, prompt=prompt, seed=0) for prompt in PROMPTS]
    TO.write_bytes(picture_grid.to_png(torch.cat(rows), columns=COUNT, scale=3))


if __name__ == "__main__":
    main()
