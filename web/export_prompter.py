"""The miniature latent diffusion for the page: text encoder, U-Net and decoder as ONNX, the rest as JSON.

Nothing here knows the sizes of the shipped networks: whatever pipeline is stored is exported.
"""

import json
from pathlib import Path
from typing import Any

import export_onnx
import torch
from torch import Tensor, nn

from stablegen_lib import data
from stablegen_lib.diffusion import visited_levels
from stablegen_lib.latent_diffusion import PromptedGenerator
from stablegen_lib.words import captions

PROMPT = "a person with dark glasses and red hair"


class TextEncoder(nn.Module):
    """From tokens to one vector for each."""

    def __init__(self, pipeline: Any) -> None:
        super().__init__()
        self.encoder = pipeline.text_encoder

    def forward(self, tokens: Tensor) -> Tensor:
        words: Tensor = self.encoder(tokens)[0]
        return words


class Denoiser(nn.Module):
    """From noisy latent maps, a noise level and words to what the U-Net predicts."""

    def __init__(self, pipeline: Any) -> None:
        super().__init__()
        self.unet = pipeline.unet

    def forward(self, maps: Tensor, t: Tensor, words: Tensor) -> Tensor:
        predicted: Tensor = self.unet(maps, t, encoder_hidden_states=words).sample
        return predicted


class Decoder(nn.Module):
    """From latent maps to pictures in [-1, 1]."""

    def __init__(self, pipeline: Any) -> None:
        super().__init__()
        self.vae, self.scale = pipeline.vae, float(pipeline.vae.config.scaling_factor)

    def forward(self, maps: Tensor) -> Tensor:
        images: Tensor = self.vae.decode(maps / self.scale).sample
        return images.clamp(-1, 1)


def write(folder: Path) -> PromptedGenerator:
    """Writes `words.onnx`, `unet.onnx`, `decoder.onnx` and `prompter.json`; returns the generator."""
    made = PromptedGenerator.load(data.data_dir() / "weights" / "latent_diffusion")
    pipeline = made.pipeline
    tokens = torch.zeros(2, pipeline.tokenizer.model_max_length, dtype=torch.long)
    words = made.read(["", ""])
    maps = torch.zeros(2, *made.latent_shape)
    folder.mkdir(parents=True, exist_ok=True)
    export_onnx.write(
        TextEncoder(pipeline), {"tokens": tokens}, ["words"], folder / "words.onnx", halve=False
    )
    inputs = {"maps": maps, "t": torch.tensor(1), "words": words}
    export_onnx.write(Denoiser(pipeline), inputs, ["predicted"], folder / "unet.onnx")
    export_onnx.write(Decoder(pipeline), {"maps": maps}, ["images"], folder / "decoder.onnx")
    sizes = sum((folder / name).stat().st_size for name in ("words.onnx", "unet.onnx", "decoder.onnx"))
    about = _about(made) | {"bytes": sizes}
    (folder / "prompter.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
    return made


def _about(made: PromptedGenerator) -> dict[str, Any]:
    levels = visited_levels(made.schedule, made.steps)
    return {
        "prompt": PROMPT,
        "latentShape": list(made.latent_shape),
        "guidance": made.guidance_scale,
        "prediction": made.pipeline.scheduler.config.prediction_type,
        "levels": levels,
        "alphaBar": [float(made.schedule.alpha_bar[level]) for level in levels],
        "knownWords": list(captions.known_words()),
        "tokenizer": _tokenizer(made.pipeline.tokenizer),
    }


def _tokenizer(tokenizer: Any) -> dict[str, Any]:
    model = json.loads(tokenizer.backend_tokenizer.to_str())["model"]
    return {
        "vocabulary": model["vocab"],
        "merges": [pair if isinstance(pair, list) else pair.split(" ") for pair in model["merges"]],
        "begin": tokenizer.bos_token_id,
        "end": tokenizer.eos_token_id,
        "pad": tokenizer.pad_token_id,
        "unknown": tokenizer.unk_token_id,
        "length": tokenizer.model_max_length,
    }
