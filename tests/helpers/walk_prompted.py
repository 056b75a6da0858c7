"""The rows of `walk_calls.py` that need diffusers: latent diffusion and the Prompter."""

from functools import cache
from pathlib import Path
from typing import Any

import torch
from walk_parts import Rows, a_file

from stablegen_lib import data, diffusion, latent_diffusion
from stablegen_lib.latent_diffusion import PromptedGenerator, PromptRun
from stablegen_lib.words import vocabulary

NAMES = ("hat=no", "hat=yes")
SHOWN = torch.linspace(-0.9, 0.9, 2 * 3 * 256).reshape(2, 3, 16, 16)
MAPS = torch.linspace(-1, 1, 2 * 4 * 64).reshape(2, 4, 8, 8)
Z = MAPS.flatten(1)
SAID = ["a hat", "no hat"]
PATCHES = torch.linspace(-1, 1, 8).reshape(2, 4)
WORDS = torch.linspace(-1, 1, 2 * 3 * 8).reshape(2, 3, 8)


@cache
def pipeline() -> Any:
    return latent_diffusion.untrained()


@cache
def generator() -> PromptedGenerator:
    return PromptedGenerator(pipeline(), condition_names=NAMES, steps=2)


@cache
def _small() -> tuple[Any, Any]:
    return latent_diffusion.unet(16), latent_diffusion.text_encoder(1)


def patch() -> latent_diffusion.PatchDenoiser:
    torch.manual_seed(0)
    return latent_diffusion.PatchDenoiser(4, 8, 8)


@cache
def _run() -> PromptRun:
    return PromptRun(*_small())


def run() -> PromptRun:
    """Made once, since that takes longest; at its first step again."""
    _run().number = 0
    return _run()


def _pictures() -> data.ImageSet:
    return data.ImageSet(data.to_bytes(SHOWN), torch.eye(2), NAMES, "two")


PROMPTED: Rows = {
    "latent_diffusion.PromptRun": lambda: {"unet": _small()[0], "text_encoder": _small()[1],
                                           "learning_rate": 1e-3, "number": 0},
    "latent_diffusion.PromptRun.save": lambda: {"self": run(), "path": Path(a_file("run.safetensors"))},
    "latent_diffusion.PromptedGenerator": lambda: {"pipeline": pipeline(), "condition_names": NAMES,
                                                   "steps": 2, "guidance_scale": 1.5},
    "latent_diffusion.PromptedGenerator.decode": lambda: {"self": generator(), "maps": MAPS},
    "latent_diffusion.PromptedGenerator.denoise": lambda: {
        "self": generator(), "prompts": SAID, "maps": MAPS, "steps": 2, "guidance_scale": 1.5, "begin": 1,
        "keep": MAPS, "where": torch.eye(8) > 0},
    "latent_diffusion.PromptedGenerator.encode": lambda: {"self": generator(), "images": SHOWN},
    "latent_diffusion.PromptedGenerator.film": lambda: {"self": generator(), "prompts": SAID, "z": Z},
    "latent_diffusion.PromptedGenerator.predict": lambda: {
        "self": generator(), "x_t": MAPS, "t": 500, "words": generator().read(SAID), "scale": 1.5},
    "latent_diffusion.PromptedGenerator.read": lambda: {"self": generator(), "prompts": SAID},
    "latent_diffusion.PromptedGenerator.sample": lambda: {
        "self": generator(), "count": 2, "conditions": None, "prompt": SAID, "z": Z, "seed": 1, "steps": 1,
        "guidance_scale": 1.5},
    "latent_diffusion.PatchDenoiser": lambda: {"numbers": 4, "text_width": 8, "width": 8},
    "latent_diffusion.PatchDenoiser.forward": lambda: {
        "self": patch(), "x_t": PATCHES, "t": torch.tensor([3, 900]), "words": WORDS},
    "latent_diffusion.cost_of_a_lie": lambda: {
        "generator": generator(), "maps": MAPS, "truth": SAID, "lie": SAID[::-1], "levels": (100, 900),
        "seed": 1},
    "latent_diffusion.draw_patch": lambda: {
        "model": patch(), "schedule": diffusion.NoiseSchedule.cosine(), "words": WORDS, "steps": 2,
        "seed": 1},
    "latent_diffusion.looks": lambda: {"generator": generator(), "prompt": "a hat", "z": Z, "steps": 1},
    "latent_diffusion.places_of": lambda: {"region": torch.eye(16) > 0, "side": 8},
    "latent_diffusion.train_patch": lambda: {
        "model": patch(), "schedule": diffusion.NoiseSchedule.cosine(), "patches": PATCHES, "words": WORDS,
        "steps": 1, "batch_size": 2, "learning_rate": 1e-3, "seed": 1},
    "latent_diffusion.assemble": lambda: {"autoencoder": pipeline().vae, "unet": pipeline().unet,
                                          "text_encoder": pipeline().text_encoder},
    "latent_diffusion.autoencoder": lambda: {"width": 8},
    "latent_diffusion.package": lambda: {"name": "diffusers"},
    "latent_diffusion.tokenizer": lambda: {"vocabulary": vocabulary.FACES},
    "latent_diffusion.quiet": lambda: {"pipeline": pipeline()},
    "latent_diffusion.save": lambda: {"pipeline": pipeline(), "folder": a_file("pipeline")},
    "latent_diffusion.set_scale": lambda: {"autoencoder": latent_diffusion.autoencoder(8), "images": SHOWN},
    "latent_diffusion.text_encoder": lambda: {"layers": 1},
    "latent_diffusion.train_autoencoder": lambda: {
        "autoencoder": latent_diffusion.autoencoder(8), "images": SHOWN, "steps": 1, "batch_size": 2,
        "learning_rate": 1e-3, "kl_weight": 1e-4, "bfloat16": False, "seed": 1},
    "latent_diffusion.train_prompts": lambda: {
        "run": run(), "schedule": diffusion.NoiseSchedule.cosine(), "tokenizer": pipeline().tokenizer,
        "maps": MAPS, "values": [{"hat": "yes"}, {"hat": "no"}], "steps": 1, "batch_size": 2, "decay": 0.9,
        "bfloat16": False, "seed": 1},
    "latent_diffusion.unet": lambda: {"width": 16},
    "latent_diffusion.untrained": lambda: {"seed": 1},
    "latent_diffusion.editing.find_noise": lambda: {"generator": generator(), "images": SHOWN,
                                                    "prompts": SAID},
    "latent_diffusion.editing.image_to_image": lambda: {
        "generator": generator(), "images": SHOWN, "prompts": SAID, "strength": 0.5, "seed": 1},
    "latent_diffusion.editing.inpaint": lambda: {"generator": generator(), "images": SHOWN, "prompts": SAID,
                                                 "region": torch.eye(16) > 0, "seed": 1},
    "latent_diffusion.editing.redraw": lambda: {"generator": generator(), "images": SHOWN, "before": SAID,
                                                "after": SAID[::-1], "guidance_scale": 1.5},
    "latent_diffusion.editing.region_of": lambda: {"faces": _pictures(), "attribute": "hat", "share": 0.1},
    "widgets.Prompter": lambda: {"generator": generator(), "prompt": "a hat", "judge": None, "count": 1,
                                 "seed": 1, "scale": 2},
}  # fmt: skip
