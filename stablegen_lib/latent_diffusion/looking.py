"""Which place of the picture looks at which word: the cross-attention of a U-Net, made visible."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from stablegen_lib.latent_diffusion.prompted import PromptedGenerator
from stablegen_lib.plumbing.checks import require_rows
from stablegen_lib.plumbing.doors import door


@contextmanager
def _watched(unet: Any) -> Iterator[list[Tensor]]:
    """What the places ask and the words offer while the block runs, as weights: (count, place, token)."""
    seen: list[Tensor] = []
    asked: dict[str, Tensor] = {}
    hooks = []
    for name, layer in unet.named_modules():
        if name.endswith("attn2"):  # attn1 looks at other places, attn2 at the words
            hooks += [
                layer.to_q.register_forward_hook(partial(_remember, asked, name)),
                layer.to_k.register_forward_hook(partial(_weigh, asked, name, seen, layer.heads)),
            ]
    try:
        yield seen
    finally:
        for hook in hooks:
            hook.remove()


def _remember(asked: dict[str, Tensor], name: str, _layer: Any, _inputs: Any, questions: Tensor) -> None:
    asked[name] = questions


def _weigh(
    asked: dict[str, Tensor],
    name: str,
    seen: list[Tensor],
    heads: int,
    _layer: Any,
    _inputs: Any,
    keys: Tensor,
) -> None:
    parts = (part.reshape(*part.shape[:2], heads, -1) for part in (asked[name], keys))
    q, k = (part.transpose(1, 2) for part in parts)
    weights = (q @ k.transpose(2, 3) / q.shape[-1] ** 0.5).softmax(dim=3)
    seen.append(weights.mean(dim=1))


@torch.no_grad()
@door()
def looks(
    generator: PromptedGenerator,
    prompt: str,
    z: Float[Tensor, "count latent"],
    *,
    steps: int | None = None,
) -> dict[str, Float[Tensor, "count side side"]]:
    """How much each place of the latent map looks at each word, averaged over heads, layers and steps.

    The shares of all tokens add up to 1 at each place; those of beginning and end of the prompt are left
    out, and a word that occurs twice has both. Only layers at the size of the map are counted.

    Args:
        generator: Draws while we watch, without guidance.
        prompt: Of words that the tokenizer knows as one token each.
        z: The noise to start from.
        steps: Instead of the generator's own.

    Source:
        Tang et al. 2022, arXiv:2210.04885, who read Stable Diffusion's attention in this way.
    """
    require_rows("z", z, generator.latent_dim)
    side = generator.latent_shape[1]
    maps = z.reshape(-1, *generator.latent_shape)
    with _watched(generator.pipeline.unet) as seen:
        for _ in generator.denoise([prompt] * len(z), maps, steps=steps, guidance_scale=1):
            pass
    whole = torch.stack([weights for weights in seen if weights.shape[1] == side**2]).mean(dim=0).cpu()
    ids = generator.pipeline.tokenizer(prompt).input_ids[1:-1]
    words = [word.removesuffix("</w>") for word in generator.pipeline.tokenizer.convert_ids_to_tokens(ids)]
    shares: dict[str, Tensor] = {}
    for place, word in enumerate(words, start=1):
        shares[word] = shares.get(word, torch.zeros(())) + whole[:, :, place].reshape(-1, side, side)
    return shares
